"""Masking of people's numbers and addresses in transcripts and texts.

Recall comes before precision: what passes a check digit, or has the shape of a telephone number or an e-mail
address, is masked without further signs; what a cue announces is masked even where the recogniser got a digit
wrong. Prices, dates, times, quantities, order numbers and short numbers that nothing announces are left. What
was masked is said; the number itself is nowhere in the result.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from speechqa.core.masks import MaskKind
from speechqa.core.transcript import RejectedText, Transcript, Turn, Word
from speechqa.core.value import Value
from speechqa.privacy.detecting import find_masks
from speechqa.privacy.masks import Mask
from speechqa.privacy.number_keys import NumberKey


class MaskedSpan(Value, frozen=True, kw_only=True):
    """One masked number, or one turn's part of it.

    Attributes
    ----------
    kind : str
        As in `core.masks`; the text now holds the kind in square brackets.
    turn : int or None
        Index of the turn; None for text outside the turns.
    start, end : float or None
        Seconds in which it is said, as far as the words have times.
    """

    kind: MaskKind
    turn: int | None = None
    start: float | None = None
    end: float | None = None


class Redaction(Value, frozen=True, kw_only=True):
    """A transcript without the numbers that must not be kept, and what was masked."""

    transcript: Transcript
    masked: tuple[MaskedSpan, ...] = ()


def redact(transcript: Transcript, *, key: NumberKey | None = None) -> Redaction:
    """Mask numbers in all turns, their words and speakers, and the rejected text of a transcript.

    Numbers dictated in groups are followed across the turns of a party while the other party only echoes
    them or says a few words. The words that carried a number become one word with the mask as its text, the
    time of all of them and the mean of their confidences. Nothing else changes.

    Parameters
    ----------
    transcript : Transcript
        In English, Hebrew or a mixture; the language need not be known.
    key : NumberKey, optional
        With it the transcript keeps a keyed digest of each number that was masked, codes apart.

    Returns
    -------
    Redaction
        Masking it again changes nothing.
    """
    masked: list[MaskedSpan] = []
    numbers: list[tuple[MaskKind, str]] = []
    # A mask is shorter than the number it hides, which brings others within reach of what announced them.
    while True:
        result, read = _redact_once(transcript)
        transcript = result.transcript
        masked.extend(result.masked)
        numbers.extend(read)
        if not result.masked:
            break
    if key is not None and numbers:
        digests = {digest for kind, number in numbers for digest in key.digests(kind, number)}
        known = tuple(sorted(digests.union(transcript.number_digests)))
        transcript = msgspec.structs.replace(transcript, number_digests=known)
    return Redaction(transcript=transcript, masked=tuple(sorted(masked, key=_place)))


def _place(span: MaskedSpan) -> tuple[bool, int, float]:
    return span.turn is None, span.turn or 0, span.start or 0.0


def _redact_once(transcript: Transcript) -> tuple[Redaction, list[tuple[MaskKind, str]]]:
    parties = [_party(turn) for turn in transcript.turns]
    turns = _with_masked_names(transcript.turns)
    first = find_masks(zip(parties, (turn.text for turn in turns), strict=True))
    numbers = list(first.numbers)
    by_turn = _by_turn(first.spans)
    places = [_places(turn) for turn in turns]
    spoken = [" ".join(word.text for word in turn.words) for turn in turns]
    lost = [bool(turn.words) and found is None for turn, found in zip(turns, places, strict=True)]
    # Words that are not the text's own are masked by what they say themselves.
    by_words: dict[int, list[Mask]] = {}
    if any(lost):
        texts = (words if odd else turn.text for turn, words, odd in zip(turns, spoken, lost, strict=True))
        second = find_masks(zip(parties, texts, strict=True))
        numbers.extend(second.numbers)
        by_words = _by_turn(second.spans)
    masked: list[MaskedSpan] = []
    changed: list[Turn] = []
    for index, turn in enumerate(turns):
        masks = by_turn.get(index, [])
        word_masks = by_words.get(index, []) if lost[index] else masks
        if not masks and not word_masks:
            changed.append(turn)
            continue
        words = turn.words
        found = places[index]
        if lost[index]:
            found = _joined_places(turn.words)
        if found is not None:
            words = _masked_words(turn.words, found, word_masks)
        if lost[index] and bool(masks) != bool(word_masks):
            words = ()  # the two do not say the same: better no words than a number
        for mask in masks:
            start, end = _time(turn.words, places[index], mask)
            masked.append(MaskedSpan(kind=mask.kind, turn=index, start=start, end=end))
        if not masks:
            masked.extend(MaskedSpan(kind=mask.kind, turn=index) for mask in word_masks)
        changed.append(msgspec.structs.replace(turn, text=_masked_text(turn.text, masks), words=words))
    rejected = _rejected(transcript.rejected, masked, numbers)
    if turns == transcript.turns and not masked:
        return Redaction(transcript=transcript), numbers
    changed_one = msgspec.structs.replace(transcript, turns=tuple(changed), rejected=rejected)
    return Redaction(transcript=changed_one, masked=tuple(masked)), numbers


def redact_text(text: str) -> str:
    """A single text with its numbers masked, in English, Hebrew or a mixture.

    Examples
    --------
    >>> redact_text("my card is 4111 1111 1111 1111, and it costs 250 dollars")
    'my card is [card], and it costs 250 dollars'
    >>> redact_text("תעודת זהות אחת שתיים שלוש ארבע חמש שש שבע שמונה שתיים")
    'תעודת זהות [id]'
    """
    while masks := find_masks([("", text)]).spans:
        text = _masked_text(text, masks)
    return text


def _with_masked_names(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """A speaker's name is outside text too; who is who stays, for that is the party's letter."""
    names = {turn.speaker for turn in turns}
    masked = {name: new for name in names if (new := redact_text(name)) != name}
    if not masked:
        return turns
    return tuple(
        msgspec.structs.replace(turn, speaker=masked.get(turn.speaker, turn.speaker)) for turn in turns
    )


def _party(turn: Turn) -> str:
    return turn.party if turn.party is not None else f"?{turn.speaker}"


def _by_turn(masks: Sequence[Mask]) -> dict[int, list[Mask]]:
    grouped: dict[int, list[Mask]] = {}
    for mask in masks:
        grouped.setdefault(mask.turn, []).append(mask)
    return grouped


def _masked_text(text: str, masks: Sequence[Mask]) -> str:
    pieces = []
    position = 0
    for mask in masks:
        pieces.append(text[position : mask.start])
        pieces.append(f"[{mask.kind}]")
        position = mask.end
    pieces.append(text[position:])
    return "".join(pieces)


def _places(turn: Turn) -> list[tuple[int, int]] | None:
    """Where each word stands in the turn's text; None unless the words are all of the text."""
    found = []
    position = 0
    for word in turn.words:
        start = turn.text.find(word.text, position, position + len(word.text) + 64)
        if start < 0 or any(char.isalnum() for char in turn.text[position:start]):
            return None
        position = start + len(word.text)
        found.append((start, position))
    return None if any(char.isalnum() for char in turn.text[position:]) else found


def _joined_places(words: Sequence[Word]) -> list[tuple[int, int]]:
    found = []
    position = 0
    for word in words:
        found.append((position, position + len(word.text)))
        position += len(word.text) + 1
    return found


def _masked_words(
    words: tuple[Word, ...], places: list[tuple[int, int]], masks: Sequence[Mask]
) -> tuple[Word, ...]:
    kept: list[Word] = []
    index = 0
    for mask in masks:
        while index < len(words) and places[index][1] <= mask.start:
            kept.append(words[index])
            index += 1
        first = index
        while index < len(words) and places[index][0] < mask.end:
            index += 1
        if first == index:
            continue
        inside = words[first:index]
        front = inside[0].text[: max(0, mask.start - places[first][0])]
        tail_length = max(0, places[index - 1][1] - mask.end)
        back = inside[-1].text[len(inside[-1].text) - tail_length :] if tail_length else ""
        kept.append(_one_word(inside, f"{front}[{mask.kind}]{back}"))
    kept.extend(words[index:])
    return tuple(kept)


def _one_word(words: Sequence[Word], text: str) -> Word:
    start, end = _span(words)
    known = [word.confidence for word in words if word.confidence is not None]
    return Word(
        text=text, start=start, end=end, confidence=round(sum(known) / len(known), 4) if known else None
    )


def _span(words: Sequence[Word]) -> tuple[float | None, float | None]:
    starts = [word.start for word in words if word.start is not None]
    ends = [word.end for word in words if word.end is not None]
    return (min(starts), max(ends)) if starts and ends else (None, None)


def _time(
    words: Sequence[Word], places: list[tuple[int, int]] | None, mask: Mask
) -> tuple[float | None, float | None]:
    if not places:
        return None, None
    return _span(
        [
            word
            for word, (start, end) in zip(words, places, strict=True)
            if start < mask.end and end > mask.start
        ]
    )


def _rejected(
    texts: tuple[RejectedText, ...], masked: list[MaskedSpan], numbers: list[tuple[MaskKind, str]]
) -> tuple[RejectedText, ...]:
    changed = []
    for item in texts:
        masks, read = find_masks([("", item.text)])
        numbers.extend(read)
        masked.extend(MaskedSpan(kind=mask.kind, start=item.start, end=item.end) for mask in masks)
        changed.append(msgspec.structs.replace(item, text=_masked_text(item.text, masks)) if masks else item)
    return tuple(changed)
