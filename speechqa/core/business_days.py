"""Days on which business is done: Sunday to Thursday in Israel, less its holidays; else Monday to Friday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

Calendar = Literal["israel", "elsewhere"]

_WEEKEND: Final[Mapping[Calendar, tuple[int, int]]] = {"israel": (4, 5), "elsewhere": (5, 6)}
_EPOCH: Final = -1_373_427
"""The epoch of the Hebrew calendar, counted as `date.toordinal` counts."""
_TO_HEBREW_YEAR: Final = 3761


def is_business_day(day: date, calendar: Calendar) -> bool:
    """Whether business is done on a day.

    Of other countries than Israel no holidays are known. The eves of holidays count, though many close early.

    Examples
    --------
    >>> [is_business_day(date(2026, 11, day), "israel") for day in (26, 27, 28, 29)]
    [True, False, False, True]
    >>> is_business_day(date(2026, 9, 21), "israel"), is_business_day(date(2026, 9, 21), "elsewhere")
    (False, True)
    """
    if day.weekday() in _WEEKEND[calendar]:
        return False
    return calendar != "israel" or day not in israeli_holidays(day.year)


@lru_cache(maxsize=64)
def israeli_holidays(year: int) -> Mapping[date, str]:
    """The days of rest of a year of the common calendar, besides Saturdays, with their names.

    They are those of the Law and Administration Ordinance, 1948, section 18A, and Independence Day with the
    shifts that its law has had since 2004.

    Notes
    -----
    The Hebrew calendar is reckoned as in E. M. Reingold and N. Dershowitz, Calendrical Calculations, 2018,
    chapter 8: the new moon of Tishri, its delays, and all other dates from the new years before and after.

    Examples
    --------
    >>> [str(day) for day, name in israeli_holidays(2026).items() if name in ("Passover", "Yom Kippur")]
    ['2026-04-02', '2026-09-21']
    """
    autumn = _new_year(year + _TO_HEBREW_YEAR)
    # From the first of Nisan to the new year it is always 177 days.
    nisan = autumn - timedelta(days=177)
    found = {
        nisan + timedelta(days=14): "Passover",
        nisan + timedelta(days=20): "Passover, seventh day",
        _independence(nisan + timedelta(days=34)): "Independence Day",
        nisan + timedelta(days=64): "Shavuot",
        autumn: "Rosh Hashanah",
        autumn + timedelta(days=1): "Rosh Hashanah",
        autumn + timedelta(days=9): "Yom Kippur",
        autumn + timedelta(days=14): "Sukkot",
        autumn + timedelta(days=21): "Simchat Torah",
    }
    return dict(sorted(found.items()))


def _independence(fifth_of_iyar: date) -> date:
    """Moved so that neither it nor the day of remembrance before it touches a Sabbath."""
    return fifth_of_iyar + timedelta(days={4: -1, 5: -2, 0: 1}.get(fifth_of_iyar.weekday(), 0))


def _new_year(hebrew_year: int) -> date:
    before, this, after = (_elapsed(hebrew_year + step) for step in (-1, 0, 1))
    delay = 2 if after - this == 356 else 1 if this - before == 382 else 0
    return date.fromordinal(_EPOCH + this + delay)


def _elapsed(hebrew_year: int) -> int:
    """Days from the first new moon of all to the year's Tishri, which three days of the week delay."""
    months = (235 * hebrew_year - 234) // 19
    parts = 12_084 + 13_753 * months
    day = 29 * months + parts // 25_920
    return day + (3 * (day + 1) % 7 < 3)
