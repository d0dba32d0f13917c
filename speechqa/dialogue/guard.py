"""The guard against invented words: text that the sound does not bear out is refused, with the reason.

A recogniser writes something for every stretch it is given; about one segment in a hundred is invented, most
often on silence, and "thank you" is the most frequent invention (Koenecke et al. 2024).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

import msgspec

from speechqa.core.segment import Timeline
from speechqa.core.transcript import RejectedText, Turn, Word
from speechqa.core.value import Value
from speechqa.dialogue import inventions
from speechqa.dialogue.wording import Phrase, flatten, phrases

WORD_TOLERANCE_S: Final = 0.25
"""Speech this close to a word bears it: recognisers mark words that loosely."""
TURN_TOLERANCE_S: Final = 0.5
"""The same for the turns of an imported transcript."""
RUN_PAUSE_S: Final = 0.7
"""Words closer than this were recognised in one go."""
HARDLY_VOICED: Final = 0.4
"""Below this share of speech under it, a run of words that are often invented is refused."""
MIN_VOICED_PER_WORD_S: Final = 0.06
"""Nobody says a word in less."""
CREDIT_WORDS: Final = 10
"""Credits are no longer than this."""

_FIGURES: Final = frozenset(
    flatten(
        [
            "zero oh one two three four five six seven eight nine double triple",
            "אפס אחת אחד שתיים שניים שלוש ארבע חמש שש שבע שמונה תשע",
        ]
    )
)

NO_SPEECH: Final = "no speech is heard on this channel there"
CREDIT: Final = "the credits of a video, which recognisers write where nobody speaks"
SUSPECT: Final = "often written by recognisers where nobody speaks, and hardly any speech is heard there"
LOOP: Final = "the same words over and over, as a recogniser does when it is stuck"


class Guarded(Value, frozen=True, kw_only=True):
    """Words that the sound bears out, a tuple a channel, and the text that was refused."""

    channels: tuple[tuple[Word, ...], ...]
    rejected: tuple[RejectedText, ...] = ()


def guard_words(channels: Sequence[Sequence[Word]], speech: Sequence[Timeline]) -> Guarded:
    """Take out words without speech under them, credits, inventions on hardly voiced stretches, and loops.

    The lists of both languages are always used, for recognisers mix them.

    Parameters
    ----------
    channels : sequence of sequence of Word
        Words of each channel in order of time. Words without times cannot be checked and stay.
    speech : sequence of Timeline
        Speech found in the sound of each channel, in seconds.

    Returns
    -------
    Guarded
        The same words in the same order but for those in `rejected`; neighbouring ones are refused together.
    """
    kept: list[tuple[Word, ...]] = []
    rejected: list[RejectedText] = []
    for channel, words in enumerate(channels):
        cover = _Cover(speech[channel] if channel < len(speech) else ())
        reasons = _reasons(words, cover)
        kept.append(tuple(w for w, reason in zip(words, reasons, strict=True) if reason is None))
        rejected.extend(_grouped(words, reasons, channel))
    rejected.sort(key=lambda text: (text.start or 0.0, text.channel or 0))
    return Guarded(channels=tuple(kept), rejected=tuple(rejected))


def check_turns(
    turns: Sequence[Turn], speech: Mapping[str, Timeline] | Sequence[Timeline]
) -> tuple[tuple[Turn, ...], tuple[RejectedText, ...]]:
    """Mark the turns of an imported transcript as voiced or not; turns stay one for one, as they came.

    Parameters
    ----------
    turns : sequence of Turn
        The transcript.
    speech : mapping of str to Timeline, or sequence of Timeline
        Speech found in the sound, by party or by channel. A turn whose party or channel is not among them is
        held against the speech of all.

    Returns
    -------
    turns : tuple of Turn
        With `voiced` set; None where a turn has no times.
    rejected : tuple of RejectedText
        The turns with text that are not voiced.
    """
    if isinstance(speech, Mapping):
        covers: dict[str | int, _Cover] = {key: _Cover(line) for key, line in speech.items()}
        key_of: Callable[[Turn], str | int | None] = _party
    else:
        covers = {channel: _Cover(line) for channel, line in enumerate(speech)}
        key_of = _channel
    checked: list[Turn] = []
    rejected: list[RejectedText] = []
    for turn in turns:
        if turn.start is None or turn.end is None:
            checked.append(msgspec.structs.replace(turn, voiced=None))
            continue
        key = key_of(turn)
        own = [covers[key]] if key is not None and key in covers else list(covers.values())
        begin, stop = turn.start - TURN_TOLERANCE_S, turn.end + TURN_TOLERANCE_S
        voiced = any(cover.seconds(begin, stop) > 0 for cover in own)
        checked.append(msgspec.structs.replace(turn, voiced=voiced))
        if not voiced and turn.text.strip():
            rejected.append(
                RejectedText(
                    text=turn.text,
                    reason=NO_SPEECH,
                    start=turn.start,
                    end=turn.end,
                    channel=turn.channel,
                    party=turn.party,
                )
            )
    return tuple(checked), tuple(rejected)


def _party(turn: Turn) -> str | int | None:
    return turn.party


def _channel(turn: Turn) -> str | int | None:
    return turn.channel


class _Cover:
    """Speech of one channel, asked for many stretches."""

    def __init__(self, line: Timeline) -> None:
        self._line = line
        self._ends = [segment.end for segment in line]

    def seconds(self, start: float, end: float) -> float:
        """Seconds of speech in a stretch."""
        total = 0.0
        for i in range(bisect_right(self._ends, start), len(self._line)):
            segment = self._line[i]
            if segment.start >= end:
                break
            total += min(segment.end, end) - max(segment.start, start)
        return total


@cache
def _list(name: str) -> frozenset[Phrase]:
    return phrases(getattr(inventions, name))


def _reasons(words: Sequence[Word], cover: _Cover) -> list[str | None]:
    reasons: list[str | None] = [None] * len(words)
    for i, word in enumerate(words):
        if word.start is None or word.end is None:
            continue
        if cover.seconds(word.start - WORD_TOLERANCE_S, word.end + WORD_TOLERANCE_S) <= 0:
            reasons[i] = NO_SPEECH
    for first, last in _runs(words):
        run = words[first:last]
        reason = _judged_run(run, cover)
        loops = {} if reason else _loops(run)
        for i in range(first, last):
            reasons[i] = reasons[i] or reason or loops.get(i - first)
    return reasons


def _runs(words: Sequence[Word]) -> list[tuple[int, int]]:
    if not words:
        return []
    starts = [0]
    for i in range(1, len(words)):
        end, start = words[i - 1].end, words[i].start
        if end is None or start is None or start - end > RUN_PAUSE_S:
            starts.append(i)
    return list(zip(starts, [*starts[1:], len(words)], strict=True))


def _judged_run(run: Sequence[Word], cover: _Cover) -> str | None:
    said = flatten(word.text for word in run)
    if said in _list("CREDITS"):
        return CREDIT
    start, end = run[0].start, run[-1].end
    if start is None or end is None or not said:
        return None
    voiced = cover.seconds(start - WORD_TOLERANCE_S / 2, end + WORD_TOLERANCE_S / 2)
    length = max(end - start, 0.001)
    hardly = voiced < HARDLY_VOICED * length or voiced < MIN_VOICED_PER_WORD_S * len(said)
    if not hardly:
        return None
    if said in _list("SUSPECTS"):
        return SUSPECT
    opens = any(said[:n] in _list("CREDIT_OPENINGS") for n in (3, 2, 1))
    return CREDIT if opens and len(said) <= CREDIT_WORDS else None


def _loops(run: Sequence[Word]) -> dict[int, str]:
    """Positions of repeats past the first; short units must repeat more often, for people repeat them too."""
    texts = [flatten([word.text]) for word in run]
    found: dict[int, str] = {}
    i = 0
    while i < len(texts):
        for size, times in ((1, 8), (2, 5), (3, 4), (4, 4), (5, 3), (6, 3), (7, 3), (8, 3)):
            count = _repeats(texts, i, size)
            # People read out figures, "zero zero zero" too.
            figures = all(part.isdigit() or part in _FIGURES for text in texts[i : i + size] for part in text)
            if count >= times and not figures:
                found.update(dict.fromkeys(range(i + size, i + size * count), LOOP))
                i += size * count
                break
        else:
            i += 1
    return found


def _repeats(texts: Sequence[Phrase], start: int, size: int) -> int:
    unit = texts[start : start + size]
    if len(unit) < size or not any(unit):
        return 0
    count = 1
    while texts[start + count * size : start + (count + 1) * size] == unit:
        count += 1
    return count


def _grouped(words: Sequence[Word], reasons: Sequence[str | None], channel: int) -> list[RejectedText]:
    groups: list[list[int]] = []
    for i, reason in enumerate(reasons):
        if reason is None:
            continue
        last = groups[-1][-1] if groups else None
        if last == i - 1 and reasons[last] == reason and _close(words[last], words[i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [
        RejectedText(
            text=" ".join(words[i].text.strip() for i in group),
            reason=reasons[group[0]] or "",
            start=words[group[0]].start,
            end=max((words[i].end or 0.0 for i in group), default=None)
            if words[group[0]].start is not None
            else None,
            channel=channel,
        )
        for group in groups
    ]


def _close(left: Word, right: Word) -> bool:
    return left.end is None or right.start is None or right.start - left.end <= RUN_PAUSE_S
