"""Factors by which the intervals of sizes must be widened."""

from __future__ import annotations

import numpy as np
import pytest

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.training.evaluation.size_figures import Sized
from greenpack.training.evaluation.sizes import (
    BELT,
    LABEL_LENS,
    LABEL_PHOTO,
    MARKER_LENS,
    MARKER_PHOTO,
)
from greenpack.training.fitting.calibrate_sizes import (
    factor_to_clear,
    factors,
    quantile_of_boxes,
    score,
)

SIDES = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)


def boxes(source: str, spread: float, count: int = 60, listed: bool = True) -> list[Sized]:
    """Boxes of 200 mm whose sides are off by so many of their intervals' standard deviations."""
    rng = np.random.default_rng(5)
    found = []
    for k in range(count):
        values = 200 * np.exp(rng.normal(0, spread * 0.02 / 1.96, 3))
        quantities = {
            side: Interval(float(v), float(v * np.exp(-0.02)), float(v * np.exp(0.02)))
            for side, v in zip(SIDES, values, strict=True)
        }
        measurement = Measurement(Outcome.MEASURED, quantities=quantities, scale="x")
        found.append(Sized(str(k), source, (200.0, 200.0, 200.0), measurement, 3, listed))
    return found


def covered(found: list[Sized], factor: float) -> float:
    return float(np.mean([score(t, i) <= factor for one in found for t, i in one.sides()]))


def test_a_score_is_in_arms_of_the_interval() -> None:
    assert score(204.0, Interval(200.0, 190.0, 204.0)) == pytest.approx(1.0)
    assert score(190.0, Interval(200.0, 190.0, 204.0)) == pytest.approx(1.0)
    assert score(200.0, Interval(200.0, 190.0, 204.0)) == 0


def test_narrow_intervals_are_widened_until_they_cover() -> None:
    told = factors([boxes(BELT, 2.0)], 0.95)
    factor = told["size_factors"]["calibrated_camera"]
    assert factor == pytest.approx(2.0, abs=0.35)
    assert covered(boxes(BELT, 2.0), factor) >= 0.95
    assert told["sizes_n"] == {"calibrated_camera": 60}


def test_wide_intervals_stay_and_a_handful_gives_no_factor() -> None:
    assert factors([boxes(BELT, 0.3)], 0.95)["size_factors"] == {"calibrated_camera": 1.0}
    assert factors([boxes(BELT, 2.0, count=6)], 0.95)["size_factors"] == {}


def test_the_label_gets_the_worse_of_both_lenses_and_no_unlisted_format() -> None:
    mixed = boxes(LABEL_LENS, 1.5) + boxes(LABEL_PHOTO, 3.0) + boxes(LABEL_LENS, 40.0, listed=False)
    factor = factors([mixed], 0.95)["size_factors"]["waybill_label"]
    assert factor == pytest.approx(3.0, abs=0.5)


def test_markers_have_a_factor_of_their_own() -> None:
    told = factors([boxes(MARKER_LENS, 1.2) + boxes(MARKER_PHOTO, 2.0)], 0.95)
    assert told["size_factors"]["marker"] == pytest.approx(2.0, abs=0.35)
    assert told["sizes_n"] == {"marker": 60}


def test_a_factor_does_for_every_set_by_itself() -> None:
    easy, hard = boxes(MARKER_PHOTO, 0.5, count=200), boxes(MARKER_PHOTO, 2.5, count=30)
    told = factors([easy, hard], 0.95)
    assert told["size_factors"] == factors([hard], 0.95)["size_factors"]
    assert told["sizes_n"] == {"marker": 30}


def too_large(by: float, arm: float = 0.02) -> Sized:
    """A box of 200 mm measured too large by so much on every side, on a log scale."""
    value = float(200 * np.exp(by))
    interval = Interval(value, float(value * np.exp(-arm)), float(value * np.exp(arm)))
    measurement = Measurement(Outcome.MEASURED, quantities=dict.fromkeys(SIDES, interval))
    return Sized("", BELT, (200.0, 200.0, 200.0), measurement)


def test_what_clears_a_box_is_how_far_its_volume_is_off() -> None:
    # All sides too large by three arms: at three times the arms the lower end is the true size.
    # The void ratio's ends are two standard uncertainties away instead of 1.96.
    assert factor_to_clear(too_large(0.06)) == pytest.approx(3.0, rel=0.05)
    assert not too_large(0.015).accused()


def test_boxes_wrongly_accused_widen_the_intervals_though_the_sides_are_covered() -> None:
    # Three boxes of a hundred are off, nine sides of three hundred: 97 % of the sides are covered.
    found = [too_large(0.0)] * 97 + [too_large(0.06)] * 3
    assert covered(found, 1.0) > 0.95
    told = factors([found], 0.95)["size_factors"]["calibrated_camera"]
    assert told == pytest.approx(3.0, rel=0.05)
    # One of a hundred is within the 2.5 % that are allowed.
    found = [too_large(0.0)] * 99 + [too_large(0.06)]
    assert factors([found], 0.95)["size_factors"]["calibrated_camera"] == 1.0


def test_sides_of_one_box_do_not_count_as_many_boxes() -> None:
    ones = [[float(k)] for k in range(1, 40)]
    # ceil(40 * 0.95) of 39 boxes; three equal sides each tell nothing more.
    assert quantile_of_boxes(ones, 0.95) == 38
    assert quantile_of_boxes([box * 3 for box in ones], 0.95) == 38
    # Of 57 scores the 56th would do, and 18 boxes would seem enough; of 19 boxes it is the last.
    assert quantile_of_boxes([[float(k)] * 3 for k in range(1, 20)], 0.95) == 19
    assert quantile_of_boxes([[float(k)] * 3 for k in range(1, 19)], 0.95) is None


def test_the_quantile_of_boxes_covers_boxes_that_it_has_not_seen() -> None:
    rng = np.random.default_rng(3)
    held = []
    for _ in range(400):
        # A box's sides share most of their error.
        shared = np.abs(rng.normal(0, 1, (80, 1)) + 0.3 * rng.normal(0, 1, (80, 3)))
        limit = quantile_of_boxes(shared[:40].tolist(), 0.95)
        assert limit is not None
        held.append(float(np.mean(shared[40:] <= limit)))
    assert 0.95 <= np.mean(held) < 0.98
