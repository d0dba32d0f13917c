"""Shares of points or calls, ready to show: in words, and as a strip with its interval."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.core.finding import Tally
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.scoring import CATEGORIES, Interval


class Strip(Value, frozen=True, kw_only=True):
    """A share on a line of 100: where it lies, its interval, and where the middle half of others lies."""

    at: float
    low: float | None = None
    high: float | None = None
    others: tuple[float, float] | None = None

    @property
    def width(self) -> float:
        """Width of the interval, never too narrow to be seen."""
        return max(0.6, round((self.high or 0.0) - (self.low or 0.0), 1))

    @property
    def others_width(self) -> float:
        """Width of the others' middle half, never too narrow to be seen."""
        low, high = self.others or (0.0, 0.0)
        return max(1.0, round(high - low, 1))


class ShareView(Value, frozen=True, kw_only=True):
    """A share.

    Attributes
    ----------
    percent, counted, between : str
        The share, what it is made of (`31/35`), and its 95 % interval in words; empty where there is none.
    withheld : str
        Why there is no share; empty where there is one.
    """

    percent: str = ""
    counted: str = ""
    between: str = ""
    strip: Strip | None = None
    withheld: str = ""


def share_view(
    counted: tuple[int, int],
    interval: Interval | None,
    language: Language,
    *,
    others: tuple[float, float] | None = None,
) -> ShareView:
    """So many of so many as a share; a dash where there are none."""
    part, whole = counted
    if not whole:
        return ShareView(percent="–")
    rate = part / whole
    return ShareView(
        percent=f"{100 * rate:.0f}%",
        counted=f"{part}/{whole}",
        between="" if interval is None else between(interval, language),
        strip=Strip(
            at=_hundredths(rate),
            low=None if interval is None else _hundredths(interval.low),
            high=None if interval is None else _hundredths(interval.high),
            others=None if others is None else (_hundredths(others[0]), _hundredths(others[1])),
        ),
    )


def too_few(counted: tuple[int, int], language: Language) -> ShareView:
    """So many of so many where they are too few for a share."""
    return ShareView(
        counted=f"{counted[0]}/{counted[1]}", withheld=language.say("too few calls for a figure")
    )


def points_view(tally: Tally | None, interval: Interval | None, language: Language) -> ShareView:
    """Points earned of points possible as a share."""
    return share_view((0, 0) if tally is None else (tally.earned, tally.possible), interval, language)


def shares_view(
    tallies: Mapping[str, Tally], intervals: Mapping[str, Interval | None], say: Language
) -> tuple[ShareView, ...]:
    """A share a category; empty ones where there are no points."""
    if not tallies:
        return tuple(ShareView() for _ in CATEGORIES)
    return tuple(points_view(tallies.get(name), intervals.get(name), say) for name in CATEGORIES)


def between(interval: Interval, language: Language) -> str:
    """An interval in words."""
    return language.say("{low} to {high}%", low=round(100 * interval.low), high=round(100 * interval.high))


def _hundredths(rate: float) -> float:
    return round(100 * rate, 1)
