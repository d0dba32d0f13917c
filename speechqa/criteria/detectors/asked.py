"""Whether a line asks about the customer's need, by its words or by its shape and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import Token
from speechqa.criteria.word_tables import word_set

NOT_THE_NEED = (
    "identity",
    "small_talk",
    "request_more",
    "hold",
    "repeat",
    "dismissal",
    "indifference",
    "insult",
    "label",
    "ask_satisfied",
    "ask_satisfied_answered",
)
_QUESTION_REACH = 12
_CHOICE_WORDS = 14
_FRAGMENT_WORDS = 6
_STATEMENT_WORDS = 18
_ANSWER_CONTENT = 2
_STANDS_APART = 3
_ASKED_FOR = 4
_YES = frozenset({"yes", "correct", "exactly", "כנ", "נכונ", "בדיוק"})
_NO = frozenset({"no", "not", "לא"})
_OBJECTS = frozenset({"but", "well", "אבל", "או", "or"})
_OR = frozenset({"or", "או"})
# What a line may begin with before it says anything.
_LEADS = word_set(
    "okay so and right well now all sure great but then oh sorry please just lovely perfect good "
    "אז אוקיי אוקי טוב רק רגע תגיד תגידי בסדר סבבה הבנתי ו מעולה אחלה יופי"
)
# A line with one of these is a sentence; without them a few words asked back ("the small one").
_SENTENCE = word_set(
    "is are am was were will would shall have has had do does did can could should might may must i we you "
    "he she they it that there let lets please not thanks thank welcome hold go going "
    "אני אנחנו אינ תודה בבקשה זה אפשר תנסה תנסי"
)
_PREPOSITIONS = word_set("to from at in on with under by about of until since for")
_SPOKEN_BEFORE, _SPOKEN_AFTER = 3, 2
_ASKED_BACK = 4
_OWN = word_set("i we let אני אנחנו אנו")
_REPLACED = frozenset({"i", "we", "you", "he", "she", "they", "it", "a", "that"})
_DONE = (
    "outcome",
    "pending",
    "vow",
    "refuse",
    "apologise",
    "empathise",
    "blame",
    "blames",
    "contradict",
    "thank",
)


def questions(text: CallText, line: Line) -> Iterator[Span]:
    """Questions of a line that are about neither identity nor anything but the matter."""
    spans: list[Span] = []
    for span in sorted(line.hits.get("question", ()) + line.hits.get("need_prompt", ())):
        if spans and span.overlaps(spans[-1]):
            spans[-1] = Span(spans[-1].first, max(spans[-1].last, span.last))
        else:
            spans.append(span)
    for number, span in enumerate(spans):
        following = spans[number + 1].first - 1 if number + 1 < len(spans) else len(line.tokens) - 1
        reach = Span(span.first, max(span.last, min(following, span.last + _QUESTION_REACH)))
        other = [s for name in NOT_THE_NEED for s in line.hits.get(name, ())]
        if any(reach.overlaps(s) for s in other):
            continue
        if span.first == span.last or any(span.overlaps(s) for s in line.hits.get("blame", ())):
            # "right?", "okay?": asks for assent, not for the need.
            continue
        if _told(text, line, span):
            continue
        yield span


def _told(text: CallText, line: Line, span: Span) -> bool:
    """Whether the words of a question stand within a statement ("I only see what is on my screen")."""
    first = line.tokens[span.first]
    if first.text in _PREPOSITIONS:
        # "it has nothing to do with what she said", but "from which account" and "and that is for what".
        return span.first >= _SPOKEN_BEFORE and len(line.tokens) - 1 - span.last >= _SPOKEN_AFTER
    if span.first == 0 or not text.lexicon.in_class(first, "asking"):
        return False
    if (
        first.text == "which"
        and span.first >= _SPOKEN_BEFORE
        and line.tokens[span.first + 1].text in _SENTENCE
    ):
        return True
    if span.first >= _SPOKEN_BEFORE and line.tokens[span.first - 1].text == "is":
        # "which is what happened"
        return True
    return any(
        text.lexicon.in_class(token, "embeds") for token in line.tokens[max(0, span.first - 2) : span.first]
    )


def asks_for_matter(text: CallText, line: Line, first: int) -> bool:
    """Whether the line asks what the call is about, which the customer has said already."""
    if not line.has("asks_matter"):
        return False
    said = {key for other in text.of("customer", first, line.position) for key in other.content}
    return len(said) >= _ASKED_FOR


def by_shape(text: CallText, line: Line, reply: Line) -> str | None:
    """How a line asks without words of a question, told by its shape and the answer; None if it does not."""
    if line.has(*NOT_THE_NEED, *_DONE) or dictated(line, reply):
        return None
    words = _bare(line)
    if not words or reply.has("goodbye", "no_more"):
        return None
    if _asks_first(text, words, reply):
        return "The agent asks about the need, and is answered"
    if _takes_one(line, reply):
        return "The agent asks which it is to be, and is answered"
    if _fragment(text, line, words, reply):
        return "The agent asks back in a few words, and is answered"
    if _confirmed(text, line, words, reply):
        return "The agent says how it is understood, and the customer confirms or corrects it"
    return None


def _bare(line: Line) -> list[Token]:
    """The words of a line without what it leads in with."""
    tokens = list(line.tokens)
    while tokens and (tokens[0].text in _LEADS or (tokens[0].text in _YES and len(tokens) == 1)):
        tokens.pop(0)
    return tokens


def dictated(line: Line, reply: Line) -> bool:
    """Whether numbers or letters are being read out or read back: no need is told by them."""
    return any(_letters(one) >= 0.5 for one in (line, reply)) and _letters(line) != 0.0


def _letters(line: Line) -> float:
    counted = [t for t in line.tokens if t.text not in _LEADS and t.text not in _YES | _NO]
    if not counted:
        return 0.0
    if all(t.number for t in counted):
        return 1.0
    # "the corded one" dictates nothing.
    read_out = [
        t
        for t in counted
        if (t.number and t.text != "one") or (len(t.text) == 1 and t.text not in ("i", "a"))
    ]
    return len(read_out) / len(counted)


def _asks_first(text: CallText, words: list[Token], reply: Line) -> bool:
    """Whether the line begins with the word of a question ("which branch"), and that is answered."""
    if len(words) < 2 or len(words) > _STATEMENT_WORDS or not text.lexicon.in_class(words[0], "asking"):
        return False
    return words[1].text not in _REPLACED and _answers(reply)


def _choices(line: Line) -> frozenset[str]:
    return frozenset(token.text for token in line.tokens[1:] if token.text in _OR)


def _takes_one(line: Line, reply: Line) -> bool:
    """Whether two things are put side by side and the answer takes one, both, or neither."""
    if not _choices(line) or len(line.tokens) > _CHOICE_WORDS:
        return False
    return bool(line.content & reply.content) or (line.tokens[-1].text in _OR and _answers(reply))


def _fragment(text: CallText, line: Line, words: list[Token], reply: Line) -> bool:
    """Whether a few words without a verb are asked back; after a question they may be the answer to it."""
    if len(words) > _FRAGMENT_WORDS or any(
        token.text in _SENTENCE or token.text in _YES or token.text in _NO for token in words
    ):
        return False
    before = _before(text, line)
    replied = _first(reply)
    if not line.content and (len(words) == 1 or replied not in _YES | _NO):
        return False
    if replied in _YES | _NO:
        return before is None or not _questions_back(before) or len(reply.tokens) >= _STANDS_APART
    if before is None or _questions_back(before) or not _answers(reply):
        return False
    hebrew = any(token.text >= "א" for token in words)
    return bool(reply.content & line.content) if hebrew else bool(reply.content)


def _confirmed(text: CallText, line: Line, words: list[Token], reply: Line) -> bool:
    """Whether what the agent takes to be so is confirmed or corrected at once."""
    if len(words) > _STATEMENT_WORDS or words[0].text in _OWN or words[0].text in _YES | _NO:
        return False
    replied = _first(reply)
    if replied not in _YES | _NO:
        return False
    if objects(reply):
        return False
    before = _before(text, line)
    if before is not None and _questions_back(before):
        # What answers a question is acknowledged, not confirmed.
        return False
    said = text.said_before("customer", line.content, line.position)
    if any(not key.isdigit() for key in said) or line.content & reply.content:
        return True
    return len(reply.content) >= _ANSWER_CONTENT


def _first(reply: Line) -> str:
    bare = [token.text for token in reply.tokens if token.text not in ("oh", "well", "and", "so", "אה", "אז")]
    if not bare:
        return ""
    return "yes" if bare[:2] in (["that", "is"], ["it", "is"], ["i", "do"], ["all", "of"]) else bare[0]


def _before(text: CallText, line: Line) -> Line | None:
    for other in reversed(text.lines[: line.position]):
        if other.role == "customer":
            return other
        if line.position - other.position > 1:
            return None
    return None


def follows_question(text: CallText, line: Line) -> bool:
    """Whether the line comes right after a question of the customer, and so may be the answer to it."""
    before = _before(text, line)
    return before is not None and _questions_back(before)


def _questions_back(line: Line) -> bool:
    return line.has("question", "information")


def objects(reply: Line) -> bool:
    """Whether the reply takes back what it grants ("yes but")."""
    return len(reply.tokens) > 1 and reply.tokens[0].text in _YES | _NO and reply.tokens[1].text in _OBJECTS


def asks_back(reply: Line) -> bool:
    """Whether the reply is nothing but a short question back ("have I what"): nothing was answered."""
    return len(reply.tokens) <= _ASKED_BACK and reply.has("question", "repeat")


def _answers(reply: Line) -> bool:
    """Whether a reply answers rather than asks back or objects."""
    if _first(reply) in _YES | _NO:
        return True
    return bool(reply.content) and not reply.has("question") and _first(reply) not in _OBJECTS
