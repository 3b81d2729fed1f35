"""Average precision, shares and the power curve: numbers that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.training.evaluation.average_precision import (
    THRESHOLDS,
    average_precision,
    map50_and_map,
    match,
    pooled,
)
from greenpack.training.evaluation.power import Judged, curve, share_of, violations, wilson


def precision(hits: list[int], truths: int) -> float:
    sure = np.linspace(0.9, 0.1, len(hits))
    return average_precision(sure, np.array(hits, bool), truths)


def test_average_precision_of_known_cases() -> None:
    assert precision([1, 1], 2) == pytest.approx(1.0)
    assert precision([0, 0], 2) == 0.0
    assert precision([], 2) == 0.0
    # Recall 0.5 reached at precision 1: the 51 levels 0 to 0.50 count, 50 others do not.
    assert precision([1], 2) == pytest.approx(51 / 101)
    assert precision([1, 0], 2) == pytest.approx(51 / 101)
    # First wrong, then right: precision 1/2 at every recall.
    assert precision([0, 1], 1) == pytest.approx(0.5)
    # Right, wrong, right: 1 up to recall 0.5, then the best that follows, 2/3.
    assert precision([1, 0, 1], 2) == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_the_surest_detection_takes_the_truth_it_overlaps_most() -> None:
    overlaps = np.array([[0.60, 0.80], [0.90, 0.55]])
    found = match([0.9, 0.8], overlaps)
    assert found.hits[THRESHOLDS.index(0.5)].tolist() == [True, True]
    assert found.hits[THRESHOLDS.index(0.8)].tolist() == [True, True]
    assert found.hits[THRESHOLDS.index(0.85)].tolist() == [False, True]
    # A second detection of the same thing is wrong, and the surer one is served first.
    twice = match([0.3, 0.7], np.array([[0.95], [0.6]]))
    assert twice.confidences.tolist() == [0.7, 0.3]
    assert twice.hits[0].tolist() == [True, False]
    assert twice.hits[-1].tolist() == [False, True]


def test_the_mean_over_thresholds() -> None:
    # One thing found at IoU 0.72: right at 0.50 to 0.70, which is 5 of 10 thresholds.
    assert map50_and_map(match([0.9], np.array([[0.72]]))) == (pytest.approx(1), pytest.approx(0.5))
    assert map50_and_map(match([0.9], np.zeros((1, 0)))) is None
    assert map50_and_map(match([], np.zeros((0, 3)))) == (0.0, 0.0)
    assert map50_and_map(pooled([])) is None


def test_pictures_are_pooled_by_confidence() -> None:
    right = match([0.5], np.array([[1.0]]))
    wrong = match([0.9], np.zeros((1, 0)))
    # The wrong one of the other picture is surer, so precision is 1/2 where the recall is reached.
    assert map50_and_map(pooled([right, wrong])) == (pytest.approx(0.5), pytest.approx(0.5))


@given(
    st.lists(st.booleans(), min_size=1, max_size=30),
    st.integers(0, 10),
    st.floats(0.01, 5, allow_nan=False),
)
def test_average_precision_depends_on_the_order_alone(
    hits: list[bool], missed: int, stretch: float
) -> None:
    truths = sum(hits) + missed
    if not truths:
        return
    sure = np.linspace(1, 0.1, len(hits))
    plain = average_precision(sure, np.array(hits), truths)
    shuffled = np.random.default_rng(len(hits)).permutation(len(hits))
    again = average_precision((sure * stretch)[shuffled], np.array(hits)[shuffled], truths)
    assert plain == pytest.approx(again)
    assert 0 <= plain <= sum(hits) / truths + 1 / 101 + 1e-12


def test_wilson_intervals_have_their_published_values() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    for count, of in ((0, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="no share"):
            wilson(count, of)


@given(st.integers(1, 500), st.data())
def test_a_wilson_interval_holds_its_share_and_mirrors(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    assert wilson(of - count, of) == pytest.approx((1 - high, 1 - low))


def test_a_share_of_nothing_is_none() -> None:
    assert share_of([]) == {"count": 0, "of": 0, "share": None, "wilson_95": None}
    assert share_of([True, False])["share"] == 0.5


def parcel(void: float, violation: bool, measured: bool = True, filled: bool = False) -> Judged:
    return Judged(void, measured or violation, violation, filled)


def test_the_power_curve_has_a_bin_edge_at_the_limit() -> None:
    rows = curve(
        [parcel(0.45, False), parcel(0.5, False), parcel(0.6, True), parcel(0.69, False, False)],
        limit=0.5,
    )
    assert [(row["from"], row["to"]) for row in rows] == [(-0.1, 0.0), (0.0, 0.1), (0.1, 0.2)]
    counts = [(row["violation"]["count"], row["violation"]["of"]) for row in rows]
    assert counts == [(0, 1), (0, 1), (1, 2)]
    assert [row["measured"] for row in rows] == [1, 1, 1]
    assert curve([], 0.5) == []


@pytest.mark.parametrize("limit", [0.1, 0.3, 0.4, 0.5, 0.7])
def test_bins_do_not_depend_on_how_tenths_are_written_in_binary(limit: float) -> None:
    for tenths in range(3):
        (row,) = curve([parcel(round(limit + tenths / 10, 10), True)], limit)
        assert row["from"] == pytest.approx(tenths / 10)


def test_who_is_wrongly_called_and_who_is_caught() -> None:
    told = violations(
        [
            parcel(0.50, True),  # complies: the limit itself is allowed
            parcel(0.30, False),
            parcel(0.57, True),
            parcel(0.60, False, measured=False),
            parcel(0.90, True),
        ],
        limit=0.5,
    )
    everyone, measured = told["of_all"], told["of_measured"]
    assert told["measured"] == 4
    assert everyone["complying_called_violation"]["share"] == 0.5
    assert (everyone["beyond_limit_caught"]["count"], everyone["beyond_limit_caught"]["of"]) == (
        2,
        3,
    )
    assert everyone["caught_5_to_15_points_beyond"]["share"] == 0.5
    assert everyone["caught_from_10_points_beyond"]["share"] == 0.5
    assert measured["caught_5_to_15_points_beyond"]["share"] == 1.0
    assert measured["caught_from_10_points_beyond"]["of"] == 1
