"""The base of all values: frozen, slotted, keyword-only, and readable from JSON."""

from __future__ import annotations

import math

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen value; `msgspec` encodes it to JSON, validates types on decoding and writes its schema."""


def require(condition: bool, message: str) -> None:
    """Raise `ValueError` with `message` unless `condition` holds; for checks on construction."""
    if not condition:
        raise ValueError(message)


def require_probability(name: str, value: float | None) -> None:
    """Require that `value` is None or lies in [0, 1]."""
    require(value is None or 0.0 <= value <= 1.0, f"{name} must lie in [0, 1], found {value}")


def require_interval(start: float | None, end: float | None) -> None:
    """Require that both bounds are unknown, or both finite, not negative and in order."""
    if start is None or end is None:
        require(start is end, f"start and end go together, found {start} and {end}")
        return
    require(math.isfinite(start) and math.isfinite(end), f"times must be finite, found {start} and {end}")
    require(0.0 <= start <= end, f"times must be in order and not negative, found {start} to {end}")
