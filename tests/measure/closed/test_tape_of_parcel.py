"""Tape on measured parcels, from the picture to its width and to the rule on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.closed.ideal_picture import ideal_gray, to_ideal
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.loading import load_profile
from greenpack.rules.verdict import Judgement, Verdict
from greenpack.vision.shapes import Label, Shape
from tests.measure.closed import drawn
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint, placed

SIZES = (380.0, 270.0, 220.0)
WIDTH = Quantity.TAPE_WIDTH_MM


def taped(
    width: float,
    camera: CameraModel | None = None,
    yaw: float = 30.0,
    seed: int = 0,
    level: int = 90,
    label: tuple[float, float] = (30.0, 20.0),
) -> tuple[Painted, Shape]:
    """A box with a strip of tape along the middle of its top, from edge to edge."""
    camera = camera or camera_over_belt(38.0, 1100.0)
    # A small label vanishes under the strip.
    painted = paint(camera, SIZES, yaw=yaw, seed=seed, label=label)
    rotation, centre = placed(camera, SIZES, (0.0, 0.0), yaw)
    top = drawn.Plane(rotation, centre + rotation @ np.array([0.0, 0.0, SIZES[2] / 2]))
    strip = drawn.rectangle(SIZES[0], width)
    picture = painted.gray.copy()
    drawn.paint(picture, np.full((9, 9), level, np.uint8), strip, top, camera)
    random = np.random.default_rng(seed)
    photo = drawn.photographed(picture, random, 0.7, 2.0)
    outline = drawn.coarse(top.seen(strip, camera), random, 1.5)
    return replace(painted, gray=photo), Shape(Label.TAPE, 0.9, outline)


def measured(painted: Painted, *tapes: Shape) -> Measurement:
    camera = painted.camera
    view = ClosedView(camera.width, camera.height, painted.gray, camera)
    return measure_closed_parcel([*painted.shapes(), *tapes], view)


def on_width(found: Measurement) -> Judgement:
    facts = Facts(taken_at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    judgements = judge(load_profile("cn-gb45186-2024"), found.quantities, found.reason, facts)
    return next(each for each in judgements if each.rule_id == "tape-width")


@pytest.mark.parametrize("width", [36.0, 48.0, 60.0])
def test_the_width_covers_the_truth_and_the_rule_on_it_only_screens(width: float) -> None:
    for seed, (tilt, distance, yaw) in enumerate([(30, 1050, 65), (38, 1100, 30), (46, 1350, 50)]):
        camera = camera_over_belt(tilt, distance)
        if seed == 1:
            camera = replace(camera, distortion=(-0.12, 0.03, 0.0, 0.0))
        painted, tape = taped(width, camera, yaw, seed, level=(80, 90, 230)[seed])
        found = measured(painted, tape)
        assert found.outcome is Outcome.MEASURED, found.reason
        seen = found.quantities[WIDTH]
        assert seen.low <= width <= seen.high
        assert seen.high - seen.low < 0.06 * width
        (line,) = [line for line in found.budget if line.quantity is WIDTH]
        assert line.half_width == pytest.approx((seen.high - seen.low) / 2)
        judgement = on_width(found)
        assert judgement.verdict is Verdict.UNDETERMINED
        assert judgement.reason == "screening_only"
        assert judgement.screening is (Verdict.COMPLIANT if width < 45 else Verdict.VIOLATION)


def test_the_length_is_said_as_what_is_seen_at_least_and_limits_nothing() -> None:
    found = measured(*taped(48.0))
    assert Quantity.TAPE_LENGTH_RATIO not in found.quantities
    said = next(line for line in found.assumptions if line.startswith("At least"))
    assert 350 <= int(said.split()[2]) <= SIZES[0]


def test_without_tape_the_sizes_are_the_same_and_nothing_is_said_of_tape() -> None:
    painted, tape = taped(48.0)
    with_tape, without = measured(painted, tape), measured(painted)
    assert WIDTH not in without.quantities
    assert not [line for line in without.assumptions if "tape" in line.lower()]
    for quantity, interval in without.quantities.items():
        assert with_tape.quantities[quantity] == interval


def test_tape_that_the_model_is_not_sure_of_or_that_lies_elsewhere_is_left_out() -> None:
    painted, tape = taped(48.0)
    unsure = measured(painted, replace(tape, confidence=0.3))
    beside = measured(painted, replace(tape, polygon=tape.polygon * 0.2 + 20.0))
    for found in (unsure, beside):
        assert found.outcome is Outcome.MEASURED
        assert WIDTH not in found.quantities


def test_tape_whose_edges_do_not_show_has_no_width_and_the_result_says_why() -> None:
    _, tape = taped(48.0)
    plain = paint(camera_over_belt(38.0, 1100.0), SIZES, label=(30.0, 20.0))
    found = measured(plain, tape)
    assert found.outcome is Outcome.MEASURED
    assert WIDTH not in found.quantities
    assert any("its edges do not show" in line for line in found.assumptions)


def test_two_formats_of_the_label_widen_the_width_to_cover_both() -> None:
    painted, tape = taped(48.0, label=(100.0, 150.0))
    camera = replace(painted.camera, belt=None)
    larger = replace(painted.label, size=(103.0, 154.5), name="label 103 x 154.5 mm")

    def by(*labels: PlanarPattern) -> Measurement:
        view = ClosedView(
            camera.width, camera.height, painted.gray, camera, patterns=[[each] for each in labels]
        )
        return measure_closed_parcel([*painted.shapes(), tape], view)

    each = [by(painted.label).quantities[WIDTH], by(larger).quantities[WIDTH]]
    both = by(painted.label, larger)
    assert each[1].value == pytest.approx(1.03 * (each[0].value or 0.0), rel=1e-3)
    assert both.quantities[WIDTH].low == pytest.approx(each[0].low, rel=1e-3)
    assert both.quantities[WIDTH].high == pytest.approx(each[1].high, rel=1e-3)
    assert [line.source for line in both.budget if line.quantity is WIDTH] == [
        "tape",
        "other readings",
    ]


def test_a_picture_set_straight_shows_each_thing_where_its_ideal_pixel_is() -> None:
    camera = CameraModel(
        640, 480, (600.0, 590.0), (322.0, 236.0), (-0.2, 0.05, 0.001, 0.0), 0.01, None, "test"
    )
    x, y = np.meshgrid(np.arange(640.0), np.arange(480.0))
    ideal = to_ideal(camera, np.column_stack([x.ravel(), y.ravel()]))
    bands = 128 + 100 * np.sin(ideal[:, 0] / 30) * np.cos(ideal[:, 1] / 25)
    gray = np.rint(bands).reshape(480, 640).astype(np.uint8)
    corners = np.array([[60.0, 50.0], [240.0, 200.0]])
    straight = ideal_gray(gray, camera, corners).astype(float)
    part = straight[50:200, 60:240]
    y, x = np.mgrid[50:200, 60:240]
    assert np.abs(part - (128 + 100 * np.sin(x / 30) * np.cos(y / 25))).max() < 2
    assert not straight[300:, 400:].any()


def test_an_ideal_picture_is_left_as_it_is() -> None:
    painted, _ = taped(48.0)
    assert ideal_gray(painted.gray, painted.camera, painted.mask) is painted.gray
