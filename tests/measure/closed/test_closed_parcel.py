"""Painted boxes measured from end to end, and photos that are refused."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.reasons import REASONS
from greenpack.vision.shapes import Label, Shape
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint

ORDER = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)
SIZES = (380.0, 270.0, 220.0)


def on_belt(painted: Painted, **changes) -> ClosedView:
    camera = painted.camera
    return replace(ClosedView(camera.width, camera.height, painted.gray, camera), **changes)


def by_label(painted: Painted, *formats: PlanarPattern, **changes) -> ClosedView:
    patterns = [[each] for each in formats or (painted.label,)]
    camera = replace(painted.camera, belt=None)
    return on_belt(painted, camera=camera, patterns=patterns, **changes)


def errors(found: Measurement, sizes: tuple[float, float, float]) -> list[float]:
    assert found.outcome is Outcome.MEASURED, found.reason
    return [
        abs((found.quantities[quantity].value or 0.0) / true - 1)
        for quantity, true in zip(ORDER, sizes, strict=True)
    ]


def covered(found: Measurement, sizes: tuple[float, float, float]) -> int:
    return sum(
        found.quantities[quantity].low <= true <= found.quantities[quantity].high
        for quantity, true in zip(ORDER, sizes, strict=True)
    )


@pytest.mark.parametrize("source", [ScaleSource.CALIBRATED_CAMERA, ScaleSource.WAYBILL_LABEL])
def test_painted_boxes_are_measured_to_a_percent(source: ScaleSource) -> None:
    random = np.random.default_rng(4)
    off, inside, total = [], 0, 0
    for seed in range(14):
        camera = camera_over_belt(random.uniform(30, 50), random.uniform(1200, 1500))
        long, short = sorted(random.uniform(200, 420, 2), reverse=True)
        sizes = (float(long), float(short), float(random.uniform(150, 330)))
        painted = paint(camera, sizes, yaw=float(random.uniform(20, 70)), seed=seed)
        if painted.faces != 3:
            continue
        calibrated = source is ScaleSource.CALIBRATED_CAMERA
        view = on_belt(painted) if calibrated else by_label(painted)
        found = measure_closed_parcel(painted.shapes(), view)
        assert found.scale == source.value
        off += errors(found, sizes)
        inside += covered(found, sizes)
        total += 3
    assert total >= 24
    assert float(np.median(off)) < 0.01
    assert inside / total >= 0.85


def test_the_cuboid_is_drawn_bottom_first_and_then_the_top_above_it() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    found = measure_closed_parcel(painted.shapes(), on_belt(painted))
    assert found.cuboid is not None
    corners = np.array(found.cuboid)
    assert corners.shape == (8, 2)
    # Looking down and ahead, what is higher is nearer to the picture's upper border.
    assert (corners[4:, 1] < corners[:4, 1]).all()
    hull = cv2.convexHull(corners.astype(np.float32))
    mask = cv2.convexHull(painted.mask.astype(np.float32))
    shared = cv2.intersectConvexConvex(hull, mask)[0]
    assert shared > 0.95 * cv2.contourArea(hull)


def test_the_first_assumption_names_the_scale_and_its_uncertainty() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    by_camera = measure_closed_parcel(painted.shapes(), on_belt(painted))
    assert "2.0 mm" in by_camera.assumptions[0]
    labelled = measure_closed_parcel(painted.shapes(), by_label(painted))
    assert "label 100 x 150 mm" in labelled.assumptions[0]
    assert "1.0%" in labelled.assumptions[0]


def test_the_budget_has_a_line_for_the_printed_size_that_scales_all_three() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    found = measure_closed_parcel(painted.shapes(), by_label(painted))
    shares = [
        line.half_width / (found.quantities[line.quantity].value or 1.0)
        for line in found.budget
        if line.source == "scale size"
    ]
    assert shares == pytest.approx([painted.label.size_error] * 3, rel=0.2)


def test_two_formats_that_both_fit_widen_the_interval_to_cover_both() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    larger = replace(painted.label, size=(103.0, 154.5), name="label 103 x 154.5 mm")
    one = measure_closed_parcel(painted.shapes(), by_label(painted))
    both = measure_closed_parcel(painted.shapes(), by_label(painted, painted.label, larger))
    length = both.quantities[Quantity.LENGTH_MM]
    assert length.low == pytest.approx(one.quantities[Quantity.LENGTH_MM].low, rel=0.01)
    assert length.high > 1.02 * one.quantities[Quantity.LENGTH_MM].high
    assert "or" in both.assumptions[0]
    assert any(line.source == "other readings" for line in both.budget)


def test_from_above_a_label_gives_length_and_width_and_no_height() -> None:
    painted = paint(camera_over_belt(2, 1400), SIZES)
    assert painted.faces == 1
    found = measure_closed_parcel(painted.shapes(), by_label(painted))
    assert Quantity.HEIGHT_MM not in found.quantities
    assert found.quantities[Quantity.LENGTH_MM].value == pytest.approx(380, rel=0.02)


def test_from_above_a_calibrated_camera_needs_the_height_and_covers_all_it_may_be() -> None:
    painted = paint(camera_over_belt(2, 1400), SIZES)
    refused = measure_closed_parcel(painted.shapes(), on_belt(painted))
    assert refused.reason == "faces_not_seen"
    view = on_belt(painted, parcel_height=(150.0, 260.0))
    found = measure_closed_parcel(painted.shapes(), view)
    height = found.quantities[Quantity.HEIGHT_MM]
    assert (height.value, height.low, height.high) == (None, 150.0, 260.0)
    length = found.quantities[Quantity.LENGTH_MM]
    # Seen from 1400 mm, 110 mm of height are some 9 % of length.
    assert length.low < 380 < length.high
    assert 0.06 < (length.high - length.low) / 380 < 0.15
    assert length.value is None
    exact = on_belt(painted, parcel_height=(217.0, 223.0))
    measured = measure_closed_parcel(painted.shapes(), exact).quantities[Quantity.LENGTH_MM]
    assert measured.value == pytest.approx(380, rel=0.02)
    assert measured.low < 380 < measured.high


def test_a_marker_and_a_camera_that_contradict_each_other_are_refused() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    wrong = replace(painted.label, source=ScaleSource.MARKER, size=(130.0, 195.0), name="marker 7")
    found = measure_closed_parcel(painted.shapes(), on_belt(painted, patterns=[[wrong]]))
    assert found.reason == "scales_disagree"


def test_a_calibrated_camera_goes_before_a_label_that_agrees() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    found = measure_closed_parcel(painted.shapes(), on_belt(painted, patterns=[[painted.label]]))
    assert found.scale == "calibrated_camera"


def test_a_bag_is_not_a_box() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    radius = 260 + 25 * np.sin(3 * angle) + 12 * np.sin(7 * angle)
    blob = np.column_stack([800 + 1.4 * radius * np.cos(angle), 600 + radius * np.sin(angle)])
    found = measure_closed_parcel([Shape(Label.PARCEL, 0.9, blob)], on_belt(painted))
    assert found.reason == "not_a_box"


def test_without_anything_of_known_size_there_is_no_scale() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    view = on_belt(painted, camera=None, focal_ratio=1500 / 1600)
    assert measure_closed_parcel(painted.shapes(), view).reason == "no_scale"


def test_pictures_that_cannot_be_measured_say_why() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    shapes = painted.shapes()
    moved = [Shape(Label.PARCEL, 0.9, painted.mask - [painted.mask[:, 0].min(), 0])]
    small = [Shape(Label.PARCEL, 0.9, painted.mask * 0.15 + 500)]
    twice = [*shapes, Shape(Label.PARCEL, 0.9, painted.mask + np.array([1600.0, 0.0]))]
    dark = (painted.gray * 0.1).astype(np.uint8)
    cases = [
        ([], on_belt(painted), "no_parcel"),
        (moved, on_belt(painted), "parcel_cut_off"),
        (small, on_belt(painted), "parcel_too_small"),
        (twice, on_belt(painted), "several_parcels"),
        (shapes, on_belt(painted, gray=dark), "too_dark"),
        (
            shapes,
            on_belt(painted, gray=cv2.GaussianBlur(painted.gray, (0, 0), 25)),
            "too_blurred",
        ),
    ]
    for seen, view, reason in cases:
        assert measure_closed_parcel(seen, view).reason == reason
        assert reason in REASONS


def test_without_the_picture_the_mask_alone_gives_wider_intervals() -> None:
    painted = paint(camera_over_belt(42, 1300), SIZES)
    sharp = measure_closed_parcel(painted.shapes(), on_belt(painted))
    coarse = measure_closed_parcel(painted.shapes(), on_belt(painted, gray=None))
    for quantity, true in zip(ORDER, SIZES, strict=True):
        wide, narrow = coarse.quantities[quantity], sharp.quantities[quantity]
        assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)
        assert wide.low <= true <= wide.high
