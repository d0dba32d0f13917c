"""Israel's holidays, against days that were printed in calendars, and what holds in every year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from speechqa.core.business_days import is_business_day, israeli_holidays

KNOWN = {
    2023: "04-06 04-12 04-26 05-26 09-16 09-17 09-25 09-30 10-07",
    2024: "04-23 04-29 05-14 06-12 10-03 10-04 10-12 10-17 10-24",
    2025: "04-13 04-19 05-01 06-02 09-23 09-24 10-02 10-07 10-14",
    2026: "04-02 04-08 04-22 05-22 09-12 09-13 09-21 09-26 10-03",
    2027: "04-22 04-28 05-12 06-11 10-02 10-03 10-11 10-16 10-23",
}


@pytest.mark.parametrize("year", KNOWN)
def test_holidays_are_those_of_the_calendar(year):
    assert [str(day)[5:] for day in israeli_holidays(year)] == KNOWN[year].split()


def test_the_rules_of_the_calendar_hold_in_every_year():
    for year in range(1949, 2150):
        found = {name: day for day, name in israeli_holidays(year).items()}
        assert len(israeli_holidays(year)) == 9
        second = found["Rosh Hashanah"]
        # Never on Sunday, Wednesday or Friday begins the year; the feasts keep their distances.
        assert (second - timedelta(1)).weekday() not in (6, 2, 4), year
        assert found["Yom Kippur"] - second == timedelta(8)
        assert found["Shavuot"] - found["Passover"] == timedelta(50)
        assert second - found["Passover"] == timedelta(164)
        assert found["Independence Day"].weekday() in (1, 2, 3), year


def test_the_week_of_business_is_another_elsewhere():
    friday, sunday = date(2026, 11, 27), date(2026, 11, 29)
    assert not is_business_day(friday, "israel")
    assert is_business_day(friday, "elsewhere")
    assert is_business_day(sunday, "israel")
    assert not is_business_day(sunday, "elsewhere")
