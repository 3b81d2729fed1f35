"""A camera's pixels, rays and sizes of picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.closed.ideal_picture import picture_of, to_ideal

CAMERA = CameraModel(
    1600, 1200, (1300.0, 1310.0), (805.0, 590.0), (-0.25, 0.08, 0.001, -0.0005), 0.01, None, "test"
)


@given(st.floats(20, 1580), st.floats(20, 1180))
def test_undistorted_pixels_seen_again_are_the_pixels_that_were(x: float, y: float) -> None:
    ideal = CAMERA.undistorted(np.array([[x, y]]))
    assert CAMERA.projected(CAMERA.rays(ideal)) == pytest.approx(np.array([[x, y]]), abs=1e-3)


@given(st.floats(20, 1580), st.floats(20, 1180))
def test_the_ideal_picture_leads_back_to_the_photo(x: float, y: float) -> None:
    points = np.array([[x, y]])
    assert picture_of(CAMERA)(to_ideal(CAMERA, points)) == pytest.approx(points, abs=1e-3)


def test_without_distortion_nothing_moves() -> None:
    plain = CameraModel(1600, 1200, (1300.0, 1300.0), (800.0, 600.0), (), 0.01, None, "test")
    points = np.array([[0.0, 0.0], [1599.0, 1199.0]])
    assert plain.undistorted(points) == pytest.approx(points)


def test_a_smaller_picture_shows_the_same_points_at_the_same_share_of_its_width() -> None:
    points = np.array([[100.0, -50.0, 1000.0], [-300.0, 200.0, 1500.0]])
    half = CAMERA.scaled(800, 600)
    # Pixel centres are whole numbers: the picture's edge is at -0.5.
    assert (half.projected(points) + 0.5) * 2 == pytest.approx(CAMERA.projected(points) + 0.5)


def test_a_belt_that_is_mirrored_is_refused() -> None:
    with pytest.raises(ValueError, match="reflection"):
        BeltPlane(((1, 0, 0), (0, 1, 0), (0, 0, -1)), (0, 0, 1000), 1.0)
    with pytest.raises(ValueError, match="no rotation"):
        BeltPlane(((1, 0, 0), (0, 1, 0), (0, 1, 1)), (0, 0, 1000), 1.0)
