"""Speech acts of every turn, named after the service-call scheme of Leech & Weisser (SPAAC, 2003) and DAMSL.

Most are phrases, and where in the call they stand. Questions and confirmations are told by a small model that
sees what the other party just said (`act_model`); a listener's token by having nothing else. Of a few acts
the model of turn meanings finds what phrases miss. The confidence says by which of these an act was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np

from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Act, ActName, Transcript
from speechqa.criteria.act_features import batches
from speechqa.criteria.act_model import shipped_act_model
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import Span, lexicon_of
from speechqa.criteria.normalise import content_keys
from speechqa.criteria.turn_reader import shipped_turn_model
from speechqa.protocols import ActModel

_BY_PHRASE: dict[ActName, float] = {
    "greet": 0.95, "identify": 0.9, "thank": 0.97, "apologise": 0.9, "goodbye": 0.95, "hold": 0.9,
    "offer": 0.85, "promise": 0.8, "question": 0.8, "clarify": 0.85, "empathise": 0.85, "request_more": 0.95,
}  # fmt: skip
_BY_ECHO = 0.6
_BY_SHAPE = 0.7
_BY_PLACE = 0.6
_OPENING_LINES = 8
_NEAR_START = 3
_SHORT_ECHO = 12
_ECHO_SHARE = 0.5
_LISTENER_TOKENS = 4
_SAME_QUESTION = 5
_YES_NO = frozenset({"yes", "no", "כנ", "לא"})
_VERY = frozenset({"so", "very", "really", "ever", "terribly", "awfully"})
_BE = frozenset({"am", "are"})
_SORRY = ("מצטער", "מתנצל")
_ASKS = frozenset(
    {"what", "which", "who", "when", "where", "how", "can", "could", "מה", "מי", "איזה", "אפשר"}
)
# What a line goes on to after it has said who speaks.
_AFTER_NAMES = (
    "offer",
    "question",
    "need_prompt",
    "hold",
    "apologise",
    "sorry_for_wait",
    "identity",
    "empathise",
)


_BY_MARKS: Mapping[ActName, tuple[str, float]] = {
    "goodbye": ("farewell", 0.5),
    "reflect": ("reflect", 0.5),
    "empathise": ("empathy", 0.7),
    "request_more": ("else", 0.5),
}
"""Acts of which phrases miss many, with the mark that tells them and the probability from which it does."""


def annotate(transcript: Transcript, rubric: Rubric, model: ActModel | None = None) -> Transcript:
    """The transcript with the acts of every turn set, in a fixed order; nothing else changes.

    Parameters
    ----------
    model : ActModel, optional
        What tells acts that phrases tell badly; the one that comes with speechqa where absent.

    Raises
    ------
    ModelError
        If that one is missing or damaged.
    """
    text = CallText(lexicon_of(rubric), transcript)
    model = shipped_act_model() if model is None else model
    # Of each line and act the best over the rows that belong to it.
    scores = np.zeros((len(text.lines), len(model.thresholds)))
    for rows, lines in batches(text):
        np.maximum.at(scores, lines, model.scores(rows))
    marks = shipped_turn_model().marks(text) if rubric.turn_model else [{} for _ in text.lines]
    acts = {
        line.turn: acts_of(text, line, {**_marked(of), **_told(model, row)})
        for line, row, of in zip(text.lines, scores.tolist(), marks, strict=True)
    }
    turns = tuple(
        msgspec.structs.replace(turn, acts=acts.get(index, ())) for index, turn in enumerate(transcript.turns)
    )
    return msgspec.structs.replace(transcript, turns=turns)


def _marked(marks: Mapping[str, float]) -> dict[ActName, float | None]:
    """Acts that the model of turn meanings finds; what it does not find is left to the phrases."""
    return {act: marks[mark] for act, (mark, least) in _BY_MARKS.items() if marks.get(mark, 0.0) >= least}


def _told(model: ActModel, row: Sequence[float]) -> dict[ActName, float | None]:
    """The score of each act that the model finds, None for those it does not."""
    return {
        act: score if score >= least else None
        for (act, least), score in zip(model.thresholds.items(), row, strict=True)
    }


def acts_of(
    text: CallText, line: Line, told: Mapping[ActName, float | None] | None = None
) -> tuple[Act, ...]:
    """Acts of one line; `told` is what a model says of it, and wins for its acts; without it rules tell."""
    if is_backchannel(text, line):
        return _acts({"backchannel": 0.9})
    found = _by_phrases(text, line)
    if echoes(text, line):
        found["clarify"] = max(found.get("clarify", 0.0), _BY_ECHO)
    elif "clarify" in found and not _confirms(text, line):
        del found["clarify"]
    if reflects(text, line):
        found["reflect"] = _BY_SHAPE
    for act, score in (told or {}).items():
        if score is None:
            found.pop(act, None)
        else:
            found[act] = max(score, found.get(act, 0.0)) if act in _BY_MARKS else score
    if line.has("repeat"):
        found["clarify"] = _BY_PHRASE["clarify"]
    return _acts(found)


def _by_phrases(text: CallText, line: Line) -> dict[ActName, float]:
    """What phrases say, less what they cannot mean where they stand."""
    found = {act: confidence for act, confidence in _BY_PHRASE.items() if line.has(act)}
    first = line.position <= 1
    if "goodbye" in found and first and not _over(text):
        # "Good evening" and "שלום" both greet and take leave; nobody begins with the latter.
        del found["goodbye"]
        found.setdefault("greet", _BY_PHRASE["greet"])
    if "greet" in found and (
        ("goodbye" in found and line.position > _NEAR_START)
        # "Hello" within a later sentence is talk about one, or a check of the line.
        or (line.position >= _OPENING_LINES and line.hits["greet"][0].first > 0)
    ):
        del found["greet"]
    if "identify" in found and not _opening_half(text, line):
        found["identify"] = 0.5
        if line.has("thank", "goodbye"):
            # "thank you for calling ..." of a closing names nobody new.
            del found["identify"]
    if first and "identify" not in found and _names_house(text, line):
        found["identify"] = _BY_PLACE
    if line.has("sorry_for_wait") or _regrets(line):
        found.setdefault("apologise", _BY_PLACE)
    if line.role == "customer":
        # A customer's "anything else?" asks for alternatives.
        found.pop("request_more", None)
    more = [Span(span.first, span.last + _SAME_QUESTION) for span in line.hits.get("request_more", ())]
    if "offer" in found and _within(line.hits["offer"], more):
        # "Anything else I can help with" offers nothing new.
        del found["offer"]
    return found


def _over(text: CallText) -> bool:
    """Whether the call is too short for its first lines not to be its last."""
    return len(text.lines) <= _NEAR_START


def _within(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    return all(any(span.overlaps(other) for other in others) for span in spans)


def _names_house(text: CallText, line: Line) -> bool:
    """Whether the agent's first line says more than a greeting before it asks: the house, or a name."""
    if line.role != "agent" or any(text.of("agent", 0, line.position)):
        return False
    asked = [span.first for name in _AFTER_NAMES for span in line.hits.get(name, ())]
    courtesies = [span for name in ("greet", "thank", "goodbye") for span in line.hits.get(name, ())]
    said = line.tokens[: min(asked, default=len(line.tokens))]
    left = [token for at, token in enumerate(said) if not _within([Span(at, at)], courtesies)]
    return bool(content_keys(left))


def _regrets(line: Line) -> bool:
    """Whether "sorry" regrets something, be it a refusal, rather than asking to hear again."""
    words = ["", *(token.text for token in line.tokens), ""]
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if word == "sorry" and before in _VERY:
            return True
        bare = (word == "sorry" and before in _BE) or (word.startswith(_SORRY) and before not in _YES_NO)
        if bare and after not in _ASKS and not line.has("repeat"):
            return True
    return False


def _acts(found: Mapping[ActName, float]) -> tuple[Act, ...]:
    return tuple(Act(act=act, confidence=confidence) for act, confidence in sorted(found.items()))


def is_backchannel(text: CallText, line: Line) -> bool:
    """Whether a turn is nothing but a listener's tokens; a yes or no that answers a question is more."""
    if len(line.tokens) > _LISTENER_TOKENS or not all(
        text.lexicon.in_class(token, "listener") for token in line.tokens
    ):
        return False
    before = text.lines[line.position - 1] if line.position else None
    asked = before is not None and before.role != line.role and before.has("question", "request_more")
    return not (asked and any(token.text in _YES_NO for token in line.tokens))


def _opening_half(text: CallText, line: Line) -> bool:
    return line.position <= max(_OPENING_LINES, len(text.lines) // 2)


def previous_of_other(text: CallText, line: Line, *, lines: int = 3) -> Line | None:
    """The other party's latest line, among the few before this one."""
    for position in range(line.position - 1, max(-1, line.position - 1 - lines), -1):
        if text.lines[position].role != line.role:
            return text.lines[position]
    return None


def echoes(text: CallText, line: Line) -> bool:
    """Whether a short turn gives back what the other party just said, numbers included."""
    other = previous_of_other(text, line)
    if other is None or not line.content or len(line.tokens) > _SHORT_ECHO:
        return False
    shared = line.content & other.content
    share = 1.0 if line.has("question", "request", "greet", "goodbye", "request_more") else _ECHO_SHARE
    return bool(shared) and len(shared) >= share * len(line.content)


def _confirms(text: CallText, line: Line) -> bool:
    """Whether what sounds like a confirmation has something to confirm."""
    said: set[str] = set()
    for other in _others(text, line):
        said |= other.content
    return bool(line.content & said)


def reflects(text: CallText, line: Line) -> bool:
    """Whether the turn gives back, in a sentence of its own, content of what the other party said before."""
    if not line.has("reflect"):
        return False
    said: set[str] = set()
    for other in _others(text, line):
        said |= other.content
    return len(line.content & said) >= 1


def _others(text: CallText, line: Line) -> Iterable[Line]:
    return (
        other for other in text.lines[max(0, line.position - 8) : line.position] if other.role != line.role
    )
