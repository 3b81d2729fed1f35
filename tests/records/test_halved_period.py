"""Periods cut into weeks, days and halves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, literal, select

from greenpack.records.halved_period import halved
from greenpack.records.week_of import monday_of, week_of

DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def _stretch(first: date, last: date) -> list[date]:
    return [first + DAY * number for number in range((last - first).days + 1)]


@given(days, st.integers(0, 120))
def test_weeks_and_days_are_the_whole_period_once(first: date, length: int) -> None:
    period = halved(first, first + DAY * length)
    counted = [day for ends in period.days for day in _stretch(*ends)]
    if period.weeks is not None:
        assert {monday.weekday() for monday in period.weeks} == {0}
        counted += _stretch(period.weeks[0], period.weeks[1] + DAY * 6)
        assert period.later.weekday() == 0
    assert sorted(counted) == _stretch(period.first, period.last)
    assert period.first < period.later <= period.last + DAY


@given(days, st.integers(28, 400))
def test_halves_are_halves_to_half_a_week(first: date, length: int) -> None:
    period = halved(first, first + DAY * length)
    before, later = period.later - period.first, period.last + DAY - period.later
    assert abs(before - later) <= timedelta(days=8)


def test_a_season_is_weeks_and_a_few_days() -> None:
    # 1 November 2026 is a Sunday, 31 January 2027 too.
    period = halved(date(2026, 11, 1), date(2027, 1, 31))
    assert period.weeks == (date(2026, 11, 2), date(2027, 1, 25))
    assert period.days == ((date(2026, 11, 1), date(2026, 11, 1)),)
    assert period.later == date(2026, 12, 14)
    one_day = halved(date(2026, 11, 1), date(2026, 11, 1))
    assert (one_day.weeks, one_day.later) == (None, date(2026, 11, 2))
    with pytest.raises(ValueError, match="is before"):
        halved(date(2026, 11, 2), date(2026, 11, 1))


def test_the_database_knows_the_same_mondays(engine: Engine) -> None:
    with engine.connect() as connection:
        for number in range(-9, 20):
            day = date(2026, 12, 28) + DAY * number
            assert connection.execute(select(week_of(literal(day)))).scalar() == monday_of(day)
