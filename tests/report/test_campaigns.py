"""A campaign's days, and the days they go beside."""

from __future__ import annotations

from datetime import date

import pytest

from greenpack.report.campaigns import Window, campaign, campaign_before, chosen_days, last_days

STARTS = (11, 1)


def test_a_campaign_that_runs_is_held_against_as_many_days_of_the_last() -> None:
    assert campaign(date(2026, 11, 24), STARTS, 92) == Window(
        date(2026, 11, 1), date(2026, 11, 24), date(2025, 11, 1), date(2025, 11, 24)
    )


def test_it_ends_after_its_days_and_is_the_last_one_until_the_next_begins() -> None:
    whole = Window(date(2026, 11, 1), date(2027, 1, 31), date(2025, 11, 1), date(2026, 1, 31))
    assert whole.days == 92
    for today in (date(2027, 1, 31), date(2027, 6, 1), date(2027, 10, 31)):
        assert campaign(today, STARTS, 92) == whole
    assert campaign(date(2027, 11, 1), STARTS, 92).days == 1


def test_the_one_before_is_whole() -> None:
    assert campaign_before(date(2026, 11, 2), STARTS, 92) == Window(
        date(2025, 11, 1), date(2026, 1, 31), date(2024, 11, 1), date(2025, 1, 31)
    )


def test_other_days_go_beside_as_many_right_before() -> None:
    assert last_days(date(2026, 3, 1), 30) == chosen_days(date(2026, 1, 31), date(2026, 3, 1))
    window = chosen_days(date(2026, 1, 31), date(2026, 3, 1))
    assert (window.days, window.before_first, window.before_last) == (
        30,
        date(2026, 1, 1),
        date(2026, 1, 30),
    )
    with pytest.raises(ValueError, match="before the first"):
        chosen_days(date(2026, 3, 1), date(2026, 2, 1))
