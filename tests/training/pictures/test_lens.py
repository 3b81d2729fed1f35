"""Lens distortion: points, pictures and masks bend alike."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.training.pictures import lens
from greenpack.training.pictures.projection import project
from greenpack.training.scene import Camera

CAMERA = Camera(100, -200, 900, 0, 0, 0, 30, 55, 320, 240)
coefficients = st.floats(-0.08, 0.2)


def forward(camera: Camera, points: np.ndarray) -> np.ndarray:
    """The definition: photograph to pinhole picture."""
    middle = np.array([camera.width, camera.height]) / 2
    away = points - middle
    r2 = (away**2).sum(axis=1) / (middle @ middle)
    reach = max(1 + camera.distortion, 1)
    return np.asarray(away * ((1 + camera.distortion * r2) / reach)[:, None] + middle)


@given(k=coefficients, x=st.floats(0, 320), y=st.floats(0, 240))
def test_distorting_undoes_the_definition(k: float, x: float, y: float) -> None:
    camera = replace(CAMERA, distortion=k)
    there = forward(camera, np.array([[x, y]]))
    assert lens.distort(camera, there) == pytest.approx(np.array([[x, y]]), abs=1e-3)


def test_without_distortion_nothing_changes() -> None:
    points = np.array([[3.0, 4.0], [300.0, 200.0]])
    assert (lens.distort(CAMERA, points) == points).all()
    assert lens.pinhole(CAMERA).fov == pytest.approx(CAMERA.fov)


@given(k=st.floats(0, 0.2))
def test_the_pinhole_picture_holds_all_the_photograph_shows(k: float) -> None:
    camera = replace(CAMERA, distortion=k)
    corners = np.array([(0, 0), (320, 0), (320, 240), (0, 240)], float)
    flat = forward(camera, corners)
    assert (flat >= -1e-6).all()
    assert (flat <= np.array([320, 240]) + 1e-6).all()


@given(k=coefficients)
def test_the_middle_keeps_its_scale(k: float) -> None:
    # What lies near the axis is as large as the undistorted camera of the same view shows it.
    camera = replace(CAMERA, distortion=k)
    near = np.array([(0.0, 0, 0), (6, 0, 0), (0, 5, 0)])
    bent = lens.distort(camera, project(lens.pinhole(camera), near))
    assert bent == pytest.approx(project(CAMERA, near), abs=0.05)


@pytest.mark.parametrize("k", [-0.05, 0.03, 0.15])
def test_pictures_and_masks_bend_as_points_do(k: float) -> None:
    camera = replace(CAMERA, distortion=k)
    quad = np.array([(60, 40), (270, 60), (250, 200), (70, 190)], float)
    index = np.zeros((240, 320), np.uint16)
    cv2.fillPoly(index, [quad.astype(np.int32)], 7)
    light = np.repeat(index[:, :, None] / np.float32(7), 3, axis=2)
    bent, mask = lens.bend(camera, light, index)
    sides = np.concatenate(
        [np.linspace(a, b, 30) for a, b in zip(quad, np.roll(quad, -1, 0), strict=True)]
    )
    drawn = np.zeros((240, 320), np.uint8)
    cv2.fillPoly(drawn, [np.round(lens.distort(camera, sides + 0.5) - 0.5).astype(np.int32)], 1)
    assert ((mask == 7) != (drawn == 1)).mean() < 0.008
    assert ((bent[:, :, 0] > 0.5) != (drawn == 1)).mean() < 0.008
    assert set(np.unique(mask)) == {0, 7}
