"""What the charts of an agent show, in words of their language."""

from __future__ import annotations

from speechqa.core.value import Value
from speechqa.reports.view.shares import Strip


class WeekPoint(Value, frozen=True, kw_only=True):
    """A week: its name, its calls, and a share a series; None where it is withheld or there is none."""

    label: str
    calls: int
    shares: tuple[Strip | None, ...]


class WeeksChart(Value, frozen=True, kw_only=True):
    """An agent's weeks.

    Attributes
    ----------
    weeks : tuple of WeekPoint
        Oldest first, weeks without calls among them left out.
    series : tuple of str
        What the shares are of.
    few : str
        What stands for a week with too few calls.
    description : str
        The chart in words.
    """

    heading: str
    facts: str
    weeks: tuple[WeekPoint, ...]
    series: tuple[str, ...]
    few: str
    axis: str
    description: str

    @property
    def shown(self) -> bool:
        """Whether there is anything to compare: a single week is told better by its figures."""
        return sum(any(week.shares) for week in self.weeks) > 1


class CriterionPoint(Value, frozen=True, kw_only=True):
    """A criterion: its share, or in `without` why there is none, and what it was counted of."""

    title: str
    share: Strip | None
    counted: str
    without: str = ""


class CriteriaChart(Value, frozen=True, kw_only=True):
    """An agent's criteria, by category; `middle_half` is what stands for where others lie."""

    heading: str
    facts: str
    categories: tuple[tuple[str, tuple[CriterionPoint, ...]], ...]
    own: str
    middle_half: str
    axis: str
    description: str

    @property
    def shown(self) -> bool:
        """Whether there is a share to draw."""
        return any(point.share is not None for _, points in self.categories for point in points)

    @property
    def others_known(self) -> bool:
        """Whether it is known for any where others lie."""
        return any(
            point.share is not None and point.share.others is not None
            for _, points in self.categories
            for point in points
        )
