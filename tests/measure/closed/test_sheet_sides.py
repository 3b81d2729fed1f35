"""What markers and labels have in common: four sides, and how sure they make a size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from greenpack.measure.closed.label_outline import label_outline
from greenpack.measure.closed.label_paper import paper_ring
from greenpack.measure.closed.marker_outline import marker_outline
from greenpack.measure.closed.sheet_sides import corner_error, moved_out, outward
from greenpack.measure.projective import Array
from tests.measure.closed import drawn

SQUARE: Array = np.array([[100.0, 100.0], [160.0, 100.0], [160.0, 160.0], [100.0, 160.0]])
UPRIGHT = drawn.Plane(np.eye(3), np.array([0.0, 0.0, 700.0]))


def test_sides_move_outward_whichever_way_round_they_run() -> None:
    for ring in (SQUARE, SQUARE[::-1]):
        grown = moved_out(ring, 2.0)
        assert np.ptp(grown, axis=0) == pytest.approx([64.0, 64.0])
        assert (np.sum(outward(ring) * (ring - 130.0), axis=1) > 0).all()


def test_corners_leave_the_size_as_unsure_as_the_sides_do() -> None:
    rng, own, common = np.random.default_rng(1), 0.3, 0.2
    error = corner_error(own, common)
    by_sides, by_corners = [], []
    for _ in range(4000):
        off = rng.normal(0, own, 4) + rng.normal(0, common)
        # Two sides make the width, two the height.
        by_sides.append((off.sum()) / 2)
        moved = SQUARE + rng.normal(0, error, (4, 2))
        by_corners.append(np.linalg.norm(np.roll(moved, -1, axis=0) - moved, axis=1).mean() - 60.0)
    assert np.std(by_corners) == pytest.approx(np.std(by_sides), rel=0.05)


@pytest.mark.parametrize("brightness", [0.6, 1.0, 1.8])
def test_a_markers_size_holds_whether_its_paper_is_burnt_out_or_not(brightness: float) -> None:
    light = np.full((260, 260), 0.9 * brightness, np.float32)
    light[100:160, 100:160] = 0.02 * brightness
    blurred = np.minimum(cv2.GaussianBlur(light, (0, 0), 1.3), 1.0)
    gray = np.rint(255 * blurred ** (1 / 2.2)).astype(np.uint8)
    true = SQUARE - 0.5  # pixels' middles lie at whole numbers
    start = true + np.array([[0.8, 0.8], [-0.8, 0.8], [-0.8, -0.8], [0.8, -0.8]])
    found = marker_outline(gray, start)
    assert found is not None
    corners, error = found
    assert corners == pytest.approx(true, abs=2 * error)
    assert error == pytest.approx(0.3, abs=0.1) if brightness < 1.2 else error > 0.6


def chamfered(corners: Array, share: float) -> Array:
    """An outline that cuts corners off, as a mask of large cells does."""
    ahead, behind = np.roll(corners, -1, axis=0), np.roll(corners, 1, axis=0)
    ends = np.stack([corners + share * (behind - corners), corners + share * (ahead - corners)], 1)
    return np.asarray(ends.reshape(-1, 2), np.float64)


def test_a_mask_that_cuts_corners_and_is_a_cell_off_still_leads_to_the_paper() -> None:
    by, rng = drawn.camera(), np.random.default_rng(5)
    lean, _ = cv2.Rodrigues(np.array([0.5, 0.4, 0.0]))
    on = drawn.Plane(lean, np.array([0.0, 0.0, 1100.0]))
    picture = drawn.carton(rng)
    extent = drawn.rectangle(100, 150)
    drawn.paint(picture, drawn.label_texture(rng, 100, 150), extent, on, by)
    corners = on.seen(extent, by)
    photo = drawn.photographed(picture, rng)
    for shift in ((7.0, 4.0), (-6.0, 6.0), (0.0, -8.0)):
        mask = chamfered(corners, 0.22) + shift
        found = label_outline(mask, photo, by)
        assert found is not None, shift
        order = min(
            (np.roll(ring, k, axis=0) for ring in (found.corners, found.corners[::-1])
             for k in range(4)),
            key=lambda ring: float(np.abs(ring - corners).max()),
        )  # fmt: skip
        assert order == pytest.approx(corners, abs=1.0)


def test_paper_no_brighter_than_what_it_lies_on_is_not_told_by_brightness() -> None:
    picture = np.full((300, 300), 150, np.uint8)
    assert paper_ring(picture, SQUARE, 12.8) is None
    picture[95:165, 95:165] = 230
    ring = paper_ring(picture, SQUARE, 12.8)
    assert ring is not None
    assert ring.min(axis=0) == pytest.approx([95.0, 95.0], abs=1.0)
    assert ring.max(axis=0) == pytest.approx([164.0, 164.0], abs=1.0)
