"""Shares with their intervals: closed forms, published examples, and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.interval import IN_95
from greenpack.report.proportions import change, wilson

counts = st.integers(1, 10**7).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_three_of_three_do_not_outrank_three_hundred_of_four_hundred() -> None:
    assert wilson(3, 3).low < wilson(300, 400).low
    assert wilson(3, 3).low == pytest.approx(3 / (3 + IN_95**2))
    assert wilson(300, 400).low == pytest.approx(0.7053, abs=2e-4)


def test_a_published_example() -> None:
    # Newcombe 1998 (two-sided intervals for the single proportion), table I: 81 of 263.
    interval = wilson(81, 263)
    assert (interval.low, interval.high) == (
        pytest.approx(0.2553, abs=5e-5),
        pytest.approx(0.3662, abs=5e-5),
    )
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)


@given(counts)
def test_the_ends_solve_the_score_equation(count: tuple[int, int]) -> None:
    hits, of = count
    interval = wilson(hits, of)
    assert interval.value == hits / of
    for end in (interval.low, interval.high):
        if 0 < end < 1:
            distance = (hits / of - end) ** 2
            assert distance == pytest.approx(IN_95**2 * end * (1 - end) / of, rel=1e-5, abs=1e-13)


@given(counts)
def test_it_mirrors_and_more_of_the_same_is_surer(count: tuple[int, int]) -> None:
    hits, of = count
    interval, mirrored = wilson(hits, of), wilson(of - hits, of)
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-12)
    assert wilson(2 * hits, 2 * of).low >= interval.low
    assert 0 <= interval.low <= interval.high <= 1


def test_of_nothing_anything_may_be_true() -> None:
    assert wilson(0, 0).value is None
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)
    for hits, of in ((-1, 3), (4, 3), (1, 0)):
        with pytest.raises(ValueError, match="is no share"):
            wilson(hits, of)


def test_a_published_difference() -> None:
    # Newcombe 1998 (interval estimation for the difference), table II, method 10: 56/70 - 48/80.
    risen = change(48, 80, 56, 70)
    assert risen is not None
    assert risen.value == pytest.approx(0.2)
    assert (risen.low, risen.high) == (
        pytest.approx(0.0524, abs=1e-4),
        pytest.approx(0.3339, abs=1e-4),
    )
    assert change(0, 0, 1, 2) is None
    assert change(1, 2, 0, 0) is None


@given(counts, counts)
def test_a_fall_is_a_rise_backwards(before: tuple[int, int], later: tuple[int, int]) -> None:
    risen, fallen = change(*before, *later), change(*later, *before)
    assert risen is not None
    assert fallen is not None
    assert risen.low == pytest.approx(-fallen.high, abs=1e-12)
    assert -1 <= risen.low <= (risen.value or 0.0) <= risen.high <= 1
