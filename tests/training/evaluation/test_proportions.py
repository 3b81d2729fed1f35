"""The proportions of a cuboid from its eight corners in a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from greenpack.training.evaluation.proportions import proportions_of
from greenpack.training.evaluation.truth import TruthError

CENTRE = (1999.5, 1499.5)
FOCAL = 3000.0


def corners(sides: tuple[float, float, float], turn: tuple[float, float, float]) -> np.ndarray:
    """The corners of a cuboid two metres away, as a phone sees them."""
    cube = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], np.float64) - 0.5
    solid = cube * sides @ cv2.Rodrigues(np.array(turn))[0].T + (30.0, -20.0, 2000.0)
    return FOCAL * solid[:, :2] / solid[:, 2:] + CENTRE


@settings(max_examples=8)
@given(
    st.tuples(st.floats(200, 600), st.floats(120, 400), st.floats(60, 300)),
    st.tuples(st.floats(0.4, 1.0), st.floats(0.3, 0.9), st.floats(-0.5, 0.5)),
    st.permutations(range(8)),
)
def test_exact_corners_in_any_order_give_the_proportions(
    sides: tuple[float, float, float], turn: tuple[float, float, float], order: list[int]
) -> None:
    long, middle, short = sorted(sides, reverse=True)
    assume(long > 1.05 * middle and middle > 1.05 * short)
    seen = corners(sides, turn)[order]
    for focal in (FOCAL, None):
        found = proportions_of(seen, focal, CENTRE)
        assert found.sides == pytest.approx((1.0, middle / long, short / long), rel=1e-3)
        assert found.off < 1e-4


def test_corners_marked_two_pixels_off_are_said_to_be() -> None:
    rng = np.random.default_rng(4)
    seen = corners((400, 300, 150), (0.7, 0.5, 0.2))
    found = proportions_of(seen + rng.normal(0, 2, seen.shape), FOCAL, CENTRE)
    assert found.sides == pytest.approx((1.0, 0.75, 0.375), rel=0.03)
    assert 0.0005 < found.off < 0.01


def test_eight_points_of_no_cuboid_are_refused() -> None:
    angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    star = np.c_[np.cos(angle), np.sin(angle)] * (1 + 0.5 * (np.arange(8) % 2))[:, None]
    star[3] = (0.1, 0.05)
    with pytest.raises(TruthError, match="no cuboid"):
        proportions_of(star * 500 + CENTRE, FOCAL, CENTRE)
