"""Difficulty told from the shapes, half widths by it, and the file that states them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.examination import measure_settings
from greenpack.measure.acceptance import View
from greenpack.measure.calibration import Calibration, Difficulty, HalfWidth, read_calibration
from greenpack.measure.difficulty import difficulty
from greenpack.measure.opening import Opening, fit_opening
from greenpack.reasons import GreenPackError
from greenpack.settings import Settings
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import Weights

VIEW = View(1000, 800)
MOUTH = np.array([[200.0, 100], [800, 100], [800, 700], [200, 700]])


def box(left: float, top: float, wide: float, high: float) -> np.ndarray:
    right, low = left + wide, top + high
    return np.array([[left, top], [right, top], [right, low], [left, low]], float)


def opening() -> Opening:
    found = fit_opening(MOUTH)
    assert found is not None
    return found


def test_the_outline_is_a_band_along_what_is_seen() -> None:
    # 300 x 200 in a mouth of 600 x 600: 1000 pixels long, ten (a hundredth of 1000) wide.
    one = difficulty([Shape(Label.ITEM, 1.0, box(300, 200, 300, 200))], opening(), VIEW)
    assert one.outline == pytest.approx(1000 * 10 / 360_000, rel=1e-3)
    assert one.doubt == pytest.approx(0.0, abs=1e-9)
    assert one.structure == 1.0  # nothing is known of the picture


def test_the_doubt_is_that_of_the_surest_shape_and_whatever_is_taken_for_both() -> None:
    goods = [Shape(Label.ITEM, c, box(300, 200, 300, 200)) for c in (0.5, 0.8)]
    share = 60_000 / 360_000
    assert difficulty(goods, opening(), VIEW).doubt == pytest.approx(0.2 * share, rel=1e-3)
    stuff = Shape(Label.FILLER, 0.6, box(300, 200, 300, 100))
    both = difficulty([*goods, stuff], opening(), VIEW).doubt
    assert both == pytest.approx(0.2 * share + 0.5 * share, rel=1e-3)


def test_what_lies_outside_the_opening_does_not_count() -> None:
    flap = Shape(Label.ITEM, 0.3, box(0, 0, 150, 700))
    paper = Shape(Label.WAYBILL, 0.3, box(300, 200, 300, 200))
    nothing = difficulty([flap, paper], opening(), VIEW)
    assert (nothing.outline, nothing.doubt) == (0.0, 0.0)


def test_things_in_the_bare_part_are_structure_and_seen_goods_are_not() -> None:
    gray = np.full((800, 1000), 150, np.uint8)
    even = difficulty([], opening(), View(1000, 800, None, gray)).structure
    assert even == pytest.approx(0.0, abs=1e-3)
    gray[300:500, 300:500] = 40
    missed = difficulty([], opening(), View(1000, 800, None, gray)).structure
    assert missed > 0.2
    seen = [Shape(Label.ITEM, 0.9, box(300, 300, 200, 200))]
    known = difficulty(seen, opening(), View(1000, 800, None, gray)).structure
    assert known < 0.02
    half = View(1000, 800, None, np.ascontiguousarray(gray[::2, ::2]))
    assert difficulty([], opening(), half).structure == pytest.approx(missed, rel=0.03)


FACTOR = st.floats(0, 5)
HARD = st.builds(Difficulty, st.floats(0, 1), st.floats(0, 1), st.floats(0, 3))


@given(HARD, HARD, FACTOR, st.floats(0.002, 1), FACTOR, FACTOR, FACTOR)
def test_a_harder_picture_never_has_a_narrower_interval(
    one: Difficulty, other: Difficulty, quantile: float, floor: float, a: float, b: float, c: float
) -> None:
    width = HalfWidth(quantile, floor, a, b, c, resolution=0.1)
    worst = Difficulty(
        max(one.outline, other.outline),
        max(one.doubt, other.doubt),
        max(one.structure, other.structure),
    )
    assert min(1.0, 0.1 * one.outline) <= width.at(one) <= width.at(worst) <= 1.0
    assert width.sigma(one) >= 0.002


def test_factors_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="doubt"):
        HalfWidth(1.0, doubt=-0.1)


def test_a_file_without_a_version_holds_one_half_width_for_all() -> None:
    known = read_calibration({"area_ratio": 0.17, "n": 123, "area_ratio_levels": {"0.5": 0.01}})
    assert known.n == 123
    assert known.missed_ratio == Calibration().missed_ratio
    for hard in (Difficulty(0, 0, 0), Difficulty(1, 1, 1)):
        assert known.area_ratio.at(hard) == 0.17
    assert read_calibration(None) == Calibration()


def test_a_file_of_version_2_states_factors() -> None:
    stated = {"quantile": 2.0, "floor": 0.01, "outline": 0.1, "doubt": 0.5, "resolution": 0.1}
    known = read_calibration({"version": 2, "missed_ratio": stated, "folds": 5})
    assert known.missed_ratio.at(Difficulty(0.1, 0.2, 0)) == pytest.approx(0.24)
    assert known.folds == 5


@pytest.mark.parametrize(
    "content",
    [
        {"version": 3},
        {"area_ratio": None},
        {"area_ratio": {"quantile": 1.0, "colour": 2.0}},
        {"area_ratio": {"quantile": "wide"}},
        {"area_ratio": -0.1},
    ],
)
def test_a_file_that_cannot_be_read_says_so(content: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        read_calibration(content)


def test_weights_with_a_calibration_of_another_version_are_unsuitable() -> None:
    weights = Weights(Path("model.pt"), "ab" * 32, True, calibration={"version": 3})
    with pytest.raises(GreenPackError, match="version"):
        measure_settings(Settings(), weights)
    old = replace(weights, calibration={"area_ratio": 0.2})
    assert measure_settings(Settings(), old).calibration.area_ratio == HalfWidth(0.2)
