"""Taking a change of a rate apart leaves no remainder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.report.evenness import evenness
from greenpack.report.rate_shift import rate_shift

counts = st.integers(0, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
periods = st.dictionaries(st.sampled_from("abcdef"), counts, max_size=6)


def rate(period: dict[str, tuple[int, int]]) -> float:
    return sum(hits for hits, _ in period.values()) / sum(of for _, of in period.values())


@given(periods, periods)
def test_the_parts_add_up_to_the_change(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    parts = rate_shift(before, after)
    if not sum(of for _, of in before.values()) or not sum(of for _, of in after.values()):
        assert parts == []
        return
    assert sum(part.total for part in parts) == pytest.approx(rate(after) - rate(before), abs=1e-12)
    assert [abs(part.total) for part in parts] == sorted(
        (abs(part.total) for part in parts), reverse=True
    )


@given(periods)
def test_nothing_moved_where_nothing_changed(period: dict[str, tuple[int, int]]) -> None:
    assert all(part.within == part.mix == 0 for part in rate_shift(period, period))


def test_a_rate_that_rises_in_one_group_is_that_groups() -> None:
    first, second = rate_shift({"a": (10, 100), "b": (10, 100)}, {"a": (30, 100), "b": (10, 100)})
    assert (first.key, first.within, first.mix) == ("a", pytest.approx(0.1), 0)
    assert (second.key, second.within, second.mix) == ("b", 0, 0)


def test_a_bad_group_that_grows_adds_by_the_mix_alone() -> None:
    parts = rate_shift({"bad": (50, 100), "good": (0, 100)}, {"bad": (150, 300), "good": (0, 100)})
    assert {part.key: (part.within, part.mix) for part in parts} == {
        "bad": (0, pytest.approx(0.25 * (0.5 - 0.3125))),
        "good": (0, pytest.approx(-0.25 * (0 - 0.3125))),
    }


def test_a_group_of_one_period_only_is_mix() -> None:
    parts = rate_shift({"old": (1, 10)}, {"new": (9, 10)})
    assert [part.within for part in parts] == [0, 0]
    assert sum(part.mix for part in parts) == pytest.approx(0.8)


def test_more_hits_than_parcels_are_refused() -> None:
    with pytest.raises(ValueError, match="none and all"):
        rate_shift({"a": (2, 1)}, {"a": (0, 1)})


def test_evenness_of_days_alike_of_one_peak_and_of_nothing() -> None:
    alike = evenness([7] * 5)
    assert alike is not None
    assert (alike.peak_over_mean, alike.variation) == (1, 0)
    peak = evenness([0, 0, 0, 8])
    assert peak is not None
    assert (peak.mean, peak.peak, peak.peak_over_mean) == (2, 8, 4)
    assert peak.variation == pytest.approx(3**0.5)
    assert evenness([0, 0]) is None
    assert evenness([]) is None
