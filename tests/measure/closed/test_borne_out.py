"""Cuboids that mask and picture contradict get no size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.closed.borne_out import farthest_side
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.measurement import Measurement, Outcome
from greenpack.measure.projective import Array
from greenpack.reasons import REASONS
from greenpack.vision.shapes import Label, Shape
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint

SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
FORGIVING = ClosedSettings(farthest_side=1e6, most_edges_missing=9)


@given(
    by=st.floats(0.0, 10.0),
    turn=st.floats(0.0, 6.2),
    move=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
)
def test_sides_moved_out_are_as_far_as_they_were_moved(
    by: float, turn: float, move: tuple[float, float]
) -> None:
    wider = SQUARE + by * np.sign(SQUARE - 50.0)
    around = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved, still = (each @ around.T + move for each in (wider, SQUARE))
    assert farthest_side(moved, still) == pytest.approx(by, abs=1e-6)


def test_a_slanted_side_counts_near_its_end_and_a_corner_cut_off_does_not() -> None:
    slanted = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [-40.0, 100.0]])
    # The left side runs from (-40, 100) to (0, 0): at nine tenths it is 36 away.
    assert farthest_side(slanted, SQUARE) == pytest.approx(36.0)
    rounded = np.vstack([SQUARE[:3], [[9.0, 100.0], [0.0, 91.0]]])
    assert farthest_side(SQUARE, rounded) < 1e-9


def box() -> Painted:
    return paint(camera_over_belt(45.0, 1200.0), (380.0, 270.0, 220.0), yaw=35.0, seed=3)


def measured(painted: Painted, settings: ClosedSettings, mask: Array | None = None) -> Measurement:
    camera = painted.camera
    view = ClosedView(camera.width, camera.height, painted.gray, camera)
    outline = painted.mask if mask is None else mask
    return measure_closed_parcel([Shape(Label.PARCEL, 0.95, outline)], view, settings)


def test_a_mask_that_runs_over_on_one_side_gives_no_size() -> None:
    painted = box()
    assert measured(painted, ClosedSettings()).outcome is Outcome.MEASURED
    # As where a shadow or the next thing is taken in: half of the uppermost side bulges out.
    low = painted.mask.min(axis=0)
    top = painted.mask[np.argmin(painted.mask[:, 1])]
    left = painted.mask[np.argmin(painted.mask[:, 0])]
    middle = (top + left) / 2
    bulge = middle + 0.22 * (low - middle)
    outline = cv2.convexHull(np.vstack([painted.mask, bulge]).astype(np.float32))[:, 0]
    strict = measured(painted, ClosedSettings(), outline.astype(float))
    assert strict.outcome is Outcome.UNMEASURABLE
    assert strict.reason == "edges_unclear"
    assert measured(painted, FORGIVING, outline.astype(float)).outcome is Outcome.MEASURED


def test_a_box_whose_edges_do_not_show_gives_no_size() -> None:
    painted = box()
    # Grey on grey: what there is of edges is the mask's.
    noise = np.random.default_rng(0).normal(0, 12, painted.gray.shape)
    grey = np.clip(120 + noise, 0, 255).astype(np.uint8)
    blank = replace(painted, gray=grey)
    found = measured(blank, ClosedSettings())
    assert found.reason == "edges_unclear"
    assert REASONS["edges_unclear"].advice
