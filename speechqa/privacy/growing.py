"""What stands beside a masked number and belongs to it: digits cut off by a slip."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from speechqa.core.masks import MaskKind
from speechqa.privacy.counting import is_counted
from speechqa.privacy.masks import Mask
from speechqa.privacy.runs import PLAIN_WORDS, ReadTurn, is_correction, is_filler
from speechqa.privacy.tokens import Token
from speechqa.privacy.written_numbers import BREAKING

_MOST_UNHEARD = 2
"""Words between that may be misheard digits."""
_MOST_BETWEEN = 5
_MOST_GROWN = 24
_HESITATION = frozenset(
    ("uh", "um", "er", "erm", "and", "then", "let", "me", "see", "hmm", "אה", "אמ", "אממ", "ואז")
)
_GOING_ELSEWHERE = frozenset(
    ("is", "was", "are", "were", "but", "or", "because", "paid", "pay", "אבל", "כי", "או")
)
"""Words after which a correction is over: what is said then is of something else."""
_SPOKEN = ("digit", "tens", "repeat", "quantity")
_KINDS: frozenset[MaskKind] = frozenset(
    {"card", "id", "phone", "account", "passport", "licence", "code", "iban"}
)


def grown(masks: Sequence[Mask], turns: Sequence[ReadTurn]) -> list[Mask]:
    """The masks, in order and without overlaps, with the digits around them that a slip has cut off."""
    by_turn: dict[int, list[Mask]] = {}
    for mask in sorted(masks):
        kept = by_turn.setdefault(mask.turn, [])
        if kept and mask.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, mask.end))
        else:
            kept.append(mask)
    return [mask for turn in sorted(by_turn) for mask in _grown_in(by_turn[turn], turns[turn])]


def _grown_in(masks: list[Mask], turn: ReadTurn) -> list[Mask]:
    starts = [token.start for token in turn.tokens]
    spoken = _spoken(turn)
    found: list[Mask] = []
    for mask in masks:
        if found and mask.end <= found[-1].end:
            continue
        if mask.kind not in _KINDS:
            found.append(mask)
            continue
        low, high = bisect_left(starts, mask.start), bisect_left(starts, mask.end) - 1
        first, last_said = low, high
        while high - last_said < _MOST_GROWN:
            more = _next(turn.tokens, spoken, high, 1, mask.kind)
            if more is None:
                break
            high = more
        while first - low < _MOST_GROWN:
            more = _next(turn.tokens, spoken, low, -1, mask.kind)
            if more is None:
                break
            low = more
        start = min(mask.start, turn.tokens[low].start)
        end = max(mask.end, turn.tokens[high].end)
        last = found[-1] if found else None
        if last is not None and (
            start < last.end
            or (
                last.kind == mask.kind
                and _is_one(turn.tokens[bisect_left(starts, last.end) : bisect_left(starts, start)])
            )
        ):
            found[-1] = last._replace(start=min(last.start, start), end=max(last.end, end))
        else:
            found.append(mask._replace(start=start, end=end))
    return found


def _spoken(turn: ReadTurn) -> dict[int, tuple[int, int]]:
    """The first and last word of the dictated number that each word is in."""
    spoken = {}
    for item in turn.items:
        if is_counted(turn.tokens, item.last):
            continue
        if item.form in _SPOKEN or (item.form not in BREAKING and len(item.digits) == 1):
            for place in range(item.first, item.last + 1):
                spoken[place] = (item.first, item.last)
    for place, token in enumerate(turn.tokens):
        if token.text == "o" and place not in spoken:
            spoken[place] = (place, place)
    return spoken


def _is_one(between: Sequence[Token]) -> bool:
    """Whether no more than a slip stands between two masks of a turn."""
    return bool(between) and _is_slip(between)


def _is_slip(between: Sequence[Token], most_unheard: int = _MOST_UNHEARD) -> bool:
    if len(between) > _MOST_BETWEEN or any(token.kind != "word" for token in between):
        return False
    words = [token.text for token in between if not is_filler(token) or is_correction(token)]
    if any(word in PLAIN_WORDS for word in words):
        return False
    corrections = any(is_correction(token) for token in between)
    unheard = [token for token in between if not is_filler(token)]
    return len(unheard) <= (0 if corrections else most_unheard) and bool(words)


def _is_false_start(between: Sequence[Token]) -> bool:
    """Whether what was said is taken back at once, with an excuse, before it is said anew."""
    return is_correction(between[0]) and all(
        token.kind == "word" and token.text not in _GOING_ELSEWHERE for token in between
    )


def _next(
    tokens: Sequence[Token], spoken: dict[int, tuple[int, int]], edge: int, step: int, kind: MaskKind
) -> int | None:
    """The far end of the next dictated digit on this side, where only a slip is in between."""
    place = edge + step
    between: list[Token] = []
    while 0 <= place < len(tokens) and place not in spoken:
        between.append(tokens[place])
        if len(between) > _MOST_BETWEEN:
            return None
        place += step
    if not 0 <= place < len(tokens):
        return None
    far = spoken[place][1 if step > 0 else 0]
    if between and all(token.text in _HESITATION for token in between):
        return far
    if kind == "code" and step < 0 and between and _is_false_start(between[::-1]):
        return far
    # Beside an account number others are said that are not of it: of the branch, of the bank.
    most_unheard = 0 if kind == "account" else _MOST_UNHEARD
    return (
        far if (not between and tokens[max(place, edge)].tight) or _is_slip(between, most_unheard) else None
    )
