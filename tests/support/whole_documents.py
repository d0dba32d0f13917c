"""A document with something in every field, made from its types, and the same with other texts in it.

A field that is added to the document tomorrow is filled here by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import inspect

from speechqa.core.accommodation import AccommodationFigure
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Tally, Verdict

PARTIES, ROLES = ("A", "B"), ("agent", "customer")
CRITERIA = ("thanks", "expectation_summary")
_MOMENTS = {"start": "2026-11-22T08:00:00+02:00", "end": "2026-11-22T12:00:00+02:00"}
"""Of an incident, which is refused with any other text there."""
# Whoever these fields and keys name, pages join on them.
_NAMES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("party", "by_party", "of_party", "roles", "uncorrected_roles", "speech", "parties"), PARTIES
    ),
    **dict.fromkeys(("speaker", "by", "of", "after", "before", "who", "stress", "turns", "follows"), ROLES),
    **dict.fromkeys(("talk_seconds", "talk_share", "response_latency", "interruptions", "monologues"), ROLES),
    **dict.fromkeys(("interruptions_per_10min", "longest_monologue_seconds", "words_per_minute"), ROLES),
    **dict.fromkeys(("syllables_per_second", "interruption_seconds", "after_falls"), ROLES),
    "scores": ("courtesy", "professionalism"),
    "criterion": CRITERIA,
    "language": ("he",),
    **{name: (moment,) for name, moment in _MOMENTS.items()},
    "started_at": ("2026-11-22T09:00:00+02:00",),
}
JOINED = frozenset(itertools.chain.from_iterable(_NAMES.values()))
"""Texts that fields and keys are joined by: with others in their place a page finds less to show."""
_GIVEN: Mapping[type, Callable[[itertools.count[int]], Any]] = {
    Tally: lambda _: Tally(earned=3, possible=5),
    Verdict: lambda _: Verdict.FAIL,
    AccommodationFigure: lambda count: AccommodationFigure(value=None, reason=f"reason {next(count)}"),
}
_NUMBERS = {"schema_version": 1, "channels": 2, "sample_rate": 8000, "earned": 3, "possible": 5}
_TIMES = {"start": 1.0, "peak": 2.0, "at": 2.0, "time": 2.0, "end": 4.0, "duration": 60.0}
_EACH = 2


def whole_document() -> CallAnalysis:
    """A document in which nothing is missing: two of everything there may be several of."""
    document: CallAnalysis = _made(_whole(), "", 0, itertools.count(1))
    return document


def with_texts(document: CallAnalysis, change: Callable[[str], str]) -> CallAnalysis:
    """The document with every free text changed: fields, keys of mappings, items of lists.

    What is one of a fixed list (`kind`, `role`) or no text is kept. Equal texts change alike, so that what is
    joined by a name stays joined.
    """
    changed: CallAnalysis = _changed(document, _whole(), change)
    return changed


@cache
def _whole() -> inspect.Type:
    return inspect.type_info(CallAnalysis)


def _made(  # noqa: PLR0911 - a return a type
    kind: inspect.Type, name: str, index: int, count: itertools.count[int]
) -> Any:
    if isinstance(kind, inspect.StructType | inspect.EnumType) and kind.cls in _GIVEN:
        return _GIVEN[kind.cls](count)
    match kind:
        case inspect.StructType():
            return kind.cls(**{f.name: _made(f.type, f.name, index, count) for f in kind.fields})
        case inspect.UnionType():
            rich = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            return _made(
                next((t for t in rich if isinstance(t, inspect.StrType)), rich[0]), name, index, count
            )
        case inspect.VarTupleType() | inspect.ListType():
            return tuple(_made(kind.item_type, name, each, count) for each in range(_EACH))
        case inspect.TupleType():
            return tuple(_made(item, name, each, count) for each, item in enumerate(kind.item_types))
        case inspect.DictType():
            keys = [_made(kind.key_type, name, each, count) for each in range(_EACH)]
            return {key: _made(kind.value_type, name, each, count) for each, key in enumerate(keys)}
        case inspect.StrType():
            names = _NAMES.get(name)
            return names[index % len(names)] if names else f"{name.replace('_', ' ')} {next(count)}"
        case inspect.LiteralType():
            known = [value for value in kind.values if value not in ("none", "unknown")]
            return known[index % len(known)]
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return _NUMBERS.get(name, index)
        case inspect.FloatType():
            # One after the other: from 1 to 4 s, from 5 to 8 s.
            if name == "to_value":  # of a fall, then of a rise
                return 0.5 - (-1) ** index
            return _TIMES[name] + 4.0 * index if name in _TIMES else 0.5
    raise NotImplementedError(kind)


def _changed(value: Any, kind: inspect.Type, change: Callable[[str], str]) -> Any:
    if value is None:
        return None
    match kind:
        case inspect.StructType():
            texts = {f.name: _changed(getattr(value, f.name), f.type, change) for f in kind.fields}
            return kind.cls(**texts)
        case inspect.UnionType():
            return next((_changed(value, one, change) for one in kind.types if _is(value, one)), value)
        case inspect.VarTupleType() | inspect.ListType():
            return tuple(_changed(item, kind.item_type, change) for item in value)
        case inspect.TupleType():
            return tuple(_changed(i, k, change) for i, k in zip(value, kind.item_types, strict=True))
        case inspect.DictType():
            return {
                _changed(key, kind.key_type, change): _changed(item, kind.value_type, change)
                for key, item in value.items()
            }
        case inspect.StrType():
            return value if value in _MOMENTS.values() else change(value)
    return value


def _is(value: Any, kind: inspect.Type) -> bool:
    match kind:
        case inspect.StructType():
            return isinstance(value, kind.cls)
        case inspect.StrType():
            return isinstance(value, str)
        case inspect.DictType():
            return isinstance(value, Mapping)
        case inspect.VarTupleType() | inspect.TupleType() | inspect.ListType():
            return isinstance(value, tuple | list)
    return False
