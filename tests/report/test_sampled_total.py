"""Sums over parcels, counted whole or projected from some of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.interval import Interval
from greenpack.report.sampled_total import LEAST_DRAWN, added, scaled, total

numbers = st.floats(-1e6, 1e6)
intervals = st.tuples(numbers, numbers, st.booleans()).map(
    lambda ends: Interval(None if ends[2] else sum(ends[:2]) / 2, *sorted(ends[:2]))
)


def test_all_of_them_are_summed_end_by_end() -> None:
    parcels = [Interval(2.0, 1.0, 4.0), Interval(3.0, 3.0, 5.0)]
    whole = total(parcels, 2)
    assert whole.amount == Interval(5.0, 4.0, 9.0)
    assert whole.complete
    assert total([], 0).amount == Interval(0.0, 0.0, 0.0)


def test_a_parcel_without_a_value_leaves_the_sum_without_one() -> None:
    assert total([Interval(None, 1.0, 4.0), Interval(3.0, 3.0, 5.0)], 2).amount == Interval(
        None, 4.0, 9.0
    )


def test_too_few_tell_nothing_of_the_rest() -> None:
    few = [Interval(1.0, 1.0, 1.0)] * (LEAST_DRAWN - 1)
    assert total(few, 1000).amount is None
    assert total(few, len(few)).amount is not None
    with pytest.raises(ValueError, match="were drawn of"):
        total(few, 3)


def test_equal_parcels_are_projected_without_an_error_of_drawing() -> None:
    projected = total([Interval(2.0, 1.5, 3.0)] * 40, 1000)
    assert projected.amount == Interval(2000.0, 1500.0, 3000.0)
    assert (projected.rests_on, projected.of, projected.complete) == (40, 1000, False)


def test_the_projected_range_holds_the_true_sum_as_often_as_it_says() -> None:
    """Drawn again and again from a skewed population, as volumes are."""
    rng = random.Random(7)
    population = [rng.lognormvariate(0.0, 0.8) for _ in range(3000)]
    true, held, tries = sum(population), 0, 400
    for _ in range(tries):
        drawn = rng.sample(population, 200)
        amount = total([Interval(one, one, one) for one in drawn], len(population)).amount
        assert amount is not None
        held += amount.low <= true <= amount.high
    # 95 % nominal; a skewed population costs a little, and 400 tries wander by 2 %.
    assert 0.91 <= held / tries <= 0.985


def test_it_comes_nearer_the_more_are_drawn() -> None:
    rng = random.Random(3)
    population = [Interval(v, v, v) for v in (rng.uniform(0, 10) for _ in range(1000))]
    widths = []
    for drawn in (50, 200, 800, 1000):
        amount = total(population[:drawn], 1000).amount
        assert amount is not None
        widths.append(amount.high - amount.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0


@given(intervals, intervals)
def test_a_product_holds_the_products_of_what_its_factors_hold(
    one: Interval, other: Interval
) -> None:
    product = scaled(one, other)
    for a in (one.low, (one.low + one.high) / 2, one.high):
        for b in (other.low, (other.low + other.high) / 2, other.high):
            slack = 1e-9 * (1 + abs(a * b))
            assert product.low - slack <= a * b <= product.high + slack
    assert (product.value is None) == (one.value is None or other.value is None)


def test_a_sum_of_figures() -> None:
    assert added([Interval(1.0, 0.0, 2.0), Interval(2.0, 2.0, 2.0)]) == Interval(3.0, 2.0, 4.0)
    assert added([Interval(None, 0.0, 2.0), Interval(2.0, 2.0, 2.0)]) == Interval(None, 2.0, 4.0)
    assert added([]) == Interval(0.0, 0.0, 0.0)
