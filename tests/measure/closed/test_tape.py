"""Tape on the visible faces: its width where its edges are seen, its length as a lower bound."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.tape import Face, TapeFound, tape_on_faces
from greenpack.measure.projective import Array
from tests.measure.closed import drawn

FACE = (300.0, 220.0)
UPRIGHT = drawn.Plane(np.eye(3), np.array([0.0, 0.0, 650.0]))


def strip(length: float, width: float, yaw: float = 0.0, y: float = 0.0) -> Array:
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    return drawn.rectangle(length, width) @ turn.T + [0.0, y]


def taped(
    strips: list[tuple[Array, int]],
    on: drawn.Plane = UPRIGHT,
    seed: int = 0,
    error: float = 0.0,
    outlines: list[Array] | None = None,
) -> TapeFound:
    """Measure strips, each with its grey level, on a face of exact size."""
    rng, by = np.random.default_rng(seed), drawn.camera()
    picture = drawn.carton(rng)
    for extent, level in strips:
        drawn.paint(picture, np.full((9, 9), level, np.uint8), extent, on, by)
    polygons = [
        drawn.coarse(on.seen(extent, by), rng, 1.0)
        for extent in (outlines or [extent for extent, _ in strips])
    ]
    face = Face(on.seen(drawn.rectangle(*FACE), by), FACE, error)
    return tape_on_faces(polygons, drawn.photographed(picture, rng), [face])


def test_width_and_length_cover_the_truth_over_many_views() -> None:
    rng = np.random.default_rng(7)
    widths, lengths, halves, seen = [], [], [], 0
    by: CameraModel = drawn.camera()
    while seen < 70:
        on = drawn.plane(rng, rng.uniform(450, 1000), 50)
        corners = on.seen(drawn.rectangle(*FACE), by)
        if corners.min() < 5 or (corners.max(axis=0) > np.array(drawn.SIZE) - 5).any():
            continue
        width = float(rng.choice([36.0, 45.0, 48.0, 60.0, 72.0]))
        extent = strip(290.0, width, rng.uniform(-0.03, 0.03), rng.uniform(-50, 50))
        picture = drawn.carton(rng)
        level = int(rng.choice([70, 185]))
        drawn.paint(picture, np.full((9, 9), level, np.uint8), extent, on, by)
        photo = drawn.photographed(picture, rng, rng.uniform(0.5, 1.5), rng.uniform(1, 5))
        off = 1 + float(rng.normal(0, 0.02 / 1.96))
        face = Face(corners, (FACE[0] * off, FACE[1] * off), 0.02)
        found = tape_on_faces([drawn.coarse(on.seen(extent, by), rng, 1.5)], photo, [face])
        seen += 1
        assert found.length_mm is not None
        lengths.append(found.length_mm.low <= 290.0)
        if found.width is not None:
            widths.append(found.width.low <= width <= found.width.high)
            halves.append((found.width.high - found.width.low) / 2 / width)
    assert len(widths) >= 0.9 * seen
    assert 0.91 <= float(np.mean(widths)) <= 0.995
    assert float(np.median(halves)) < 0.03
    assert float(np.mean(lengths)) >= 0.93


def test_tape_whose_edges_do_not_show_has_a_length_and_no_width() -> None:
    found = taped([], outlines=[strip(280.0, 48.0)])
    assert found.width is None
    assert found.notes == ("tape_edges_unclear",)
    assert found.length_mm is not None
    assert found.length_mm.low <= 280.0 <= found.length_mm.high


def test_two_strips_side_by_side_are_not_taken_for_one_wide_tape() -> None:
    # Two tapes of 48 mm that overlap by 28: together they look 68 mm wide.
    found = taped(
        [
            (strip(280.0, 48.0, y=-10.0), 180),
            (strip(280.0, 48.0, y=10.0), 180),
            (strip(280.0, 28.0), 215),
        ],
        outlines=[strip(280.0, 68.0)],
    )
    assert found.width is None
    assert found.notes == ("tape_may_be_doubled",)


def test_tape_folded_over_the_faces_edge_shows_only_a_part_of_its_width() -> None:
    found = taped([(strip(280.0, 30.0, y=-95.0), 190)])
    assert found.width is None
    assert found.notes == ("tape_over_edge",)


def test_different_tapes_state_the_widest_and_alike_ones_the_surest() -> None:
    different = taped([(strip(280.0, 36.0, y=-60.0), 190), (strip(280.0, 60.0, y=50.0), 190)])
    assert different.width is not None
    assert different.width.value == pytest.approx(60.0, abs=1.0)
    alike = taped([(strip(280.0, 48.0, y=-60.0), 190), (strip(280.0, 48.0, y=50.0), 190)])
    assert alike.width is not None
    widths = [each.width_mm for each in alike.strips if each.width_mm is not None]
    assert len(widths) == 2
    assert alike.width.high - alike.width.low == min(each.high - each.low for each in widths)
    assert alike.length_mm is not None
    assert alike.length_mm.low <= 560.0 <= alike.length_mm.high


def test_the_faces_scale_error_widens_the_width() -> None:
    sure, unsure = (taped([(strip(280.0, 48.0), 190)], error=error) for error in (0.0, 0.05))
    assert sure.width is not None
    assert unsure.width is not None
    assert unsure.width.value == pytest.approx(sure.width.value or 0.0)
    assert (unsure.width.high - unsure.width.low) / 2 >= 0.05 * 47.0


def test_what_is_no_straight_strip_and_what_lies_off_the_faces_is_left_out() -> None:
    blob = taped([(strip(120.0, 100.0), 190)])
    assert blob.strips == ()
    assert blob.width is None
    assert blob.length_mm is None
    beside = taped([], outlines=[strip(280.0, 40.0, y=300.0)])
    assert beside.strips == ()


def test_no_tape_no_faces() -> None:
    photo: NDArray[np.uint8] = np.full((100, 100), 128, np.uint8)
    assert tape_on_faces([], photo, []).length_mm is None
