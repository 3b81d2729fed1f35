"""Intervals of sizes: widened by calibration; edges taken where the mask has them."""

from __future__ import annotations

import numpy as np
import pytest

from greenpack.measure.calibration import Calibration, read_calibration
from greenpack.measure.closed.closed_view import ClosedSettings
from greenpack.measure.closed.outline import Side, seek_sides
from greenpack.measure.closed.sizes import Sizes, widened
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity

STARTS, ENDS, BAND = np.array([[40.0, 94.0]]), np.array([[260.0, 94.0]]), np.array([18.0])


def striped() -> np.ndarray:
    """A faint edge at y = 103.5, where the parcel ends, and a strong one at 90.5: a printed bar."""
    rows = np.full(200, 120.0)
    rows[:91] = 40.0
    rows[104:] = 100.0
    noise = np.random.default_rng(4).normal(0, 2, (200, 300))
    return np.asarray(np.clip(rows[:, None] + noise, 0, 255), np.uint8)


def same(points: np.ndarray) -> np.ndarray:
    return points


def height(found: Side | None) -> float:
    assert found is not None
    return float(found.middle[1])


def test_an_edge_near_the_masks_line_beats_a_stronger_one_farther_off() -> None:
    (alone,) = seek_sides(STARTS, ENDS, BAND, striped(), same)
    assert height(alone) == pytest.approx(90.5, abs=0.5)
    line = Side(np.array([0.0, 1.0]), 102.0, np.array([150.0, 102.0]), 6.0, 0.05, False)
    (near,) = seek_sides(STARTS, ENDS, BAND, striped(), same, [line], 4.0)
    assert height(near) == pytest.approx(103.5, abs=0.5)
    (loose,) = seek_sides(STARTS, ENDS, BAND, striped(), same, [line], 1e4)
    assert height(loose) == pytest.approx(90.5, abs=0.5)
    (unsaid,) = seek_sides(STARTS, ENDS, BAND, striped(), same, [None], 4.0)
    assert height(unsaid) == pytest.approx(90.5, abs=0.5)


def test_an_edge_far_from_the_mask_is_found_where_there_is_no_other() -> None:
    picture = striped()
    picture[104:] += 20  # the faint edge is gone
    line = Side(np.array([0.0, -1.0]), -104.0, np.array([150.0, 104.0]), 6.0, 0.05, False)
    (found,) = seek_sides(STARTS, ENDS, BAND, picture, same, [line], 12.0)
    assert height(found) == pytest.approx(90.5, abs=0.5)
    # Too far off to be believed, it leaves the mask's own line to stand in.
    assert seek_sides(STARTS, ENDS, BAND, picture, same, [line], 3.0) == [None]


def test_widening_lengthens_both_arms_and_says_so() -> None:
    sizes = Sizes(
        {
            Quantity.LENGTH_MM: Interval(200.0, 196.0, 204.5),
            Quantity.HEIGHT_MM: Interval(None, 90.0, 120.0),
        },
        (),
    )
    found = widened(sizes, 2.0, "why")
    assert found.intervals[Quantity.LENGTH_MM].low == pytest.approx(200 * 0.98**2)
    assert found.intervals[Quantity.LENGTH_MM].high == pytest.approx(200 * 1.0225**2)
    assert found.intervals[Quantity.HEIGHT_MM] == sizes.intervals[Quantity.HEIGHT_MM]
    (line,) = found.budget
    assert (line.quantity, line.source, line.note) == (Quantity.LENGTH_MM, "calibration", "why")
    assert line.half_width == pytest.approx(200 * 1.0225**2 - 204.5)
    assert widened(sizes, 1.0, "why").budget == ()


def test_a_scale_without_a_factor_of_its_own_gets_the_worst() -> None:
    stated = {"size_factors": {"calibrated_camera": 1.25, "waybill_label": 1.5}, "n": 3}
    known = read_calibration({**stated, "sizes_n": {"waybill_label": 40}, "sizes_source": "x"})
    assert known.size_factor("calibrated_camera") == 1.25
    assert known.size_factor("marker") == 1.5
    assert "1.50 x" in known.size_note("waybill_label")
    assert "40 boxes" in known.size_note("waybill_label")
    assert Calibration().size_factor("marker") == 1.0
    for wrong in ({"marker": 0.9}, {"marker": "wide"}, [1.2]):
        with pytest.raises(ValueError, match="factors"):
            read_calibration({"size_factors": wrong})


def test_rounded_edges_are_allowed_for_by_what_half_of_them_take() -> None:
    assert ClosedSettings().rounding == pytest.approx(3.5 * 0.41421, abs=1e-3)
    assert ClosedSettings(edge_radius=0.0).rounding == 0.0
