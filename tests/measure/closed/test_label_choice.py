"""Which format a label has, told on the parcel's face that it lies on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.closed.label_choice import loosened
from greenpack.measure.measurement import Measurement
from greenpack.measure.several_sizes import SIDES
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint

SIZES = (380.0, 270.0, 220.0)


@pytest.fixture(scope="module")
def painted() -> Painted:
    return paint(camera_over_belt(42.0, 1300.0), SIZES, yaw=28.0, label=(76.0, 130.0))


def by(painted: Painted, *sizes: tuple[float, float]) -> Measurement:
    formats = [
        [replace(painted.label, size=size, name=f"label {size[0]:g} x {size[1]:g} mm")]
        for size in sizes
    ]
    height, width = painted.gray.shape
    lens = replace(painted.camera, belt=None)
    view = ClosedView(width, height, painted.gray, camera=lens, patterns=formats)
    return measure_closed_parcel(painted.shapes(), view)


def test_formats_five_per_cent_apart_are_told_apart_on_the_parcels_face(painted: Painted) -> None:
    found = by(painted, (100.0, 180.0), (76.0, 130.0))
    assert "label 76 x 130 mm," in found.assumptions[0]
    assert "100 x 180" not in found.assumptions[0]
    for side, true in zip(SIDES, SIZES, strict=True):
        assert found.quantities[side].low <= true <= found.quantities[side].high
        assert found.quantities[side].value == pytest.approx(true, rel=0.02)


def test_a_label_of_the_proportions_of_no_format_gives_no_scale(painted: Painted) -> None:
    assert by(painted, (100.0, 150.0), (100.0, 210.0)).reason == "no_scale"


def test_formats_alike_but_for_their_size_leave_bounds_that_cover_both(painted: Painted) -> None:
    found = by(painted, (76.0, 130.0), (95.0, 162.5))
    for side, true in zip(SIDES, SIZES, strict=True):
        interval = found.quantities[side]
        assert interval.value is None
        assert interval.low < true < 1.25 * true < interval.high


def test_while_the_parcel_is_fitted_no_format_has_a_say_on_its_shape(painted: Painted) -> None:
    sizes = ((100.0, 180.0), (76.0, 130.0))
    (loose,) = loosened([[replace(painted.label, size=size)] for size in sizes])
    assert loose.corner_error > 3 * painted.label.corner_error
    aspects = [np.log(w / h) for w, h in (*sizes, loose.size)]
    assert min(aspects[:2]) < aspects[2] < max(aspects[:2])
