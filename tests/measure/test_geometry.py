"""Corners from outlines, the camera's pose from corners, sharpness and brightness."""

from __future__ import annotations

from math import pi

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from greenpack.measure.box_fit import box_fit
from greenpack.measure.interval import Interval
from greenpack.measure.opening import fit_opening
from greenpack.measure.photo_quality import blur_effect, brightness
from greenpack.measure.pose import camera_pose
from greenpack.measure.projective import (
    UNIT_SQUARE,
    is_convex,
    rectified,
    region,
    square_to_quadrilateral,
    transform,
)
from tests.measure.simulated_carton import Camera

CORNERS = np.array([[210.0, 130], [1300, 160], [1210, 940], [190, 880]])


def mask_outline(corners: np.ndarray, radius: int) -> np.ndarray:
    """The outline of a mask with rounded corners, as a model draws it."""
    mask = np.zeros((1200, 1600), np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(contours, key=cv2.contourArea).reshape(-1, 2).astype(np.float64)


@pytest.mark.parametrize("radius", [1, 20, 60])
def test_rounded_corners_are_found_where_the_sides_meet(radius: int) -> None:
    opening = fit_opening(mask_outline(CORNERS, radius))
    assert opening is not None
    assert np.abs(opening.corners - CORNERS).max() < 3.0
    assert opening.fit > 0.98
    assert opening.residual < 2.0


def test_a_bite_out_of_one_side_does_not_move_the_corners() -> None:
    outline = region([CORNERS]).difference(box(600, 100, 700, 190))
    opening = fit_opening(np.asarray(outline.exterior.coords))
    assert opening is not None
    assert np.abs(opening.corners - CORNERS).max() < 15.0


def test_corners_run_clockwise_from_the_top_left() -> None:
    opening = fit_opening(CORNERS[::-1])
    assert opening is not None
    assert np.allclose(opening.corners, CORNERS, atol=1.0)


@pytest.mark.parametrize(
    "outline",
    [
        np.array([[0.0, 0], [10, 0], [20, 0]]),
        np.array([[5.0, 5], [5, 5], [5, 5]]),
    ],
)
def test_an_outline_without_area_has_no_opening(outline: np.ndarray) -> None:
    assert fit_opening(outline) is None


def test_the_homography_meets_the_corners() -> None:
    homography = square_to_quadrilateral(CORNERS)
    assert np.allclose(transform(UNIT_SQUARE, homography), CORNERS, atol=1e-3)


def test_convexity() -> None:
    assert is_convex(CORNERS)
    assert not is_convex(CORNERS[[0, 2, 1, 3]])


def test_a_whole_opening_rectifies_to_the_unit_square() -> None:
    assert rectified(region([CORNERS]), CORNERS).area == pytest.approx(1.0, abs=1e-6)
    assert rectified(box(-500, -500, -400, -400), CORNERS).is_empty


def test_a_self_crossing_outline_keeps_both_its_lobes() -> None:
    bow_tie = np.array([[0.0, 0], [10, 10], [10, 0], [0, 10]])
    assert region([bow_tie]).area == pytest.approx(50.0)
    assert region([bow_tie[:2]]).is_empty


@settings(max_examples=60)
@given(
    st.floats(-100, 400),
    st.floats(-100, 300),
    st.floats(300, 1500),
    st.floats(-pi, pi),
    st.floats(0.4, 1.0),
)
def test_the_pose_is_recovered(x: float, y: float, z: float, roll: float, aspect: float) -> None:
    length, width = 300.0, 300.0 * aspect
    position = np.array([x, y, z])
    target = np.array([length / 2, width / 2, 0.0])
    camera = Camera(position, target, roll, 1400.0, (1600, 1200))
    rim = np.array([[0, 0, 0], [length, 0, 0], [length, width, 0], [0, width, 0.0]])
    pose = camera_pose(camera.project(rim), 1400.0, (800.0, 600.0))
    assert pose.aspect == pytest.approx(aspect, rel=1e-3)
    assert pose.height == pytest.approx(z / width, rel=1e-3)
    assert pose.foot == pytest.approx((x / length, y / width), abs=5e-3)
    tilt = np.degrees(np.arccos(z / np.linalg.norm(target - position)))
    assert pose.tilt == pytest.approx(tilt, abs=0.2)


def test_box_fit_of_a_turned_rectangle() -> None:
    # 0.4 x 0.2 of an opening 1 x 0.5, at any angle: (1.5 / 0.6) and sqrt(1.25 / 0.2).
    turned = Polygon([(0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6)])
    linear, diagonal = box_fit(turned, aspect=0.5)
    assert linear == pytest.approx(1.5 / 0.6)
    assert diagonal == pytest.approx(np.sqrt(1.25 / 0.2))
    with pytest.raises(ValueError, match="area"):
        box_fit(Polygon(), aspect=0.5)


def test_blurring_raises_the_blur_effect() -> None:
    sharp = np.random.default_rng(1).integers(0, 255, (480, 640)).astype(np.uint8)
    sharp = cv2.resize(sharp[::8, ::8], (640, 480), interpolation=cv2.INTER_NEAREST)
    figures = [blur_effect(sharp)]
    figures += [blur_effect(cv2.GaussianBlur(sharp, (0, 0), sigma)) for sigma in (1, 2, 5)]
    assert figures == sorted(figures)
    assert figures[0] < 0.35
    assert figures[-1] > 0.6
    assert blur_effect(np.zeros((100, 100), np.uint8)) == 1.0


def test_resolution_does_not_change_the_blur_effect_much() -> None:
    picture = np.random.default_rng(2).integers(0, 255, (60, 80)).astype(np.uint8)
    large = cv2.resize(picture, (2560, 1920), interpolation=cv2.INTER_NEAREST)
    medium = cv2.resize(picture, (1280, 960), interpolation=cv2.INTER_NEAREST)
    assert blur_effect(large) == pytest.approx(blur_effect(medium), abs=0.05)


@pytest.mark.parametrize("shape", [(480, 640), (90, 61), (9, 12)])
def test_the_blur_effect_is_what_a_long_box_filter_leaves_of_the_differences(
    shape: tuple[int, int],
) -> None:
    picture = np.random.default_rng(5).integers(0, 256, shape).astype(np.uint8)
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)
    kept = []
    for axis, box_size in ((0, (1, 9)), (1, (9, 1))):
        again = cv2.blur(picture.astype(np.float64), box_size)
        sharp = np.abs(np.diff(picture.astype(np.float64), axis=axis))
        lost = np.maximum(0.0, sharp - np.abs(np.diff(again, axis=axis)))
        kept.append(1 - lost.sum() / sharp.sum())
    assert blur_effect(picture) == pytest.approx(max(kept), rel=1e-9)


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 1001])
def test_brightness_is_the_90th_percentile_and_the_share_of_254_and_more(count: int) -> None:
    gray = np.random.default_rng(count).integers(0, 256, (1, count)).astype(np.uint8)
    bright, burnt = brightness(gray, np.ones(gray.shape, bool))
    assert bright == pytest.approx(float(np.percentile(gray, 90)))
    assert burnt == pytest.approx(float(np.mean(gray >= 254)))


def test_brightness_is_that_of_the_mask() -> None:
    gray = np.zeros((10, 10), np.uint8)
    gray[:5] = 255
    mask = np.zeros((10, 10), bool)
    mask[:5] = True
    assert brightness(gray, mask) == (255.0, 1.0)
    assert brightness(gray, ~mask) == (0.0, 0.0)
    with pytest.raises(ValueError, match="empty mask"):
        brightness(gray, np.zeros((10, 10), bool))


@pytest.mark.parametrize(
    ("value", "low", "high", "problem"),
    [
        (None, 1.0, 0.0, "upside down"),
        (2.0, 0.0, 1.0, "outside"),
        (None, 0.0, float("nan"), "finite"),
    ],
)
def test_an_interval_that_makes_no_sense_is_refused(
    value: float | None, low: float, high: float, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Interval(value, low, high)
