"""Shapes in, measurement out: invariances, the filler rule, and every refusal."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from greenpack.measure.acceptance import View
from greenpack.measure.calibration import Calibration, HalfWidth, read_calibration
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.measure.opened_parcel import measure_opened_parcel
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.void_bound import Goods
from greenpack.reasons import REASONS
from greenpack.vision.shapes import Label, Shape
from tests.measure.simulated_carton import Block, Camera, Carton, photograph

NONE = HalfWidth(0.0)
EXACT = MeasureSettings(calibration=Calibration(NONE, NONE, NONE, n=100, source="exact outlines"))
CARTON = Carton(300.0, 200.0, 100.0, (Block(30, 40, 120, 80, 60), Block(180, 60, 70, 90, 90)))
SIZE = (1600, 1200)


def camera(
    x: float = 150, y: float = 100, z: float = 500, roll: float = 0, look: tuple = (150, 100)
) -> Camera:
    return Camera(
        position=np.array([x, y, z], float),
        target=np.array([*look, 0.0], float),
        roll=roll,
        focal=1400,
        size=SIZE,
    )


def view(**changes: object) -> View:
    return replace(View(width=SIZE[0], height=SIZE[1], focal_ratio=1400 / 1600), **changes)


def measured(shapes: list[Shape], using: MeasureSettings = EXACT) -> Measurement:
    measurement = measure_opened_parcel(shapes, view(), using)
    assert measurement.outcome is Outcome.MEASURED, measurement.reason
    return measurement


def ratio(measurement: Measurement, quantity: Quantity = Quantity.AREA_RATIO) -> float:
    value = measurement.quantities[quantity].value
    assert value is not None
    return value


def refused(shapes: list[Shape], **changes: object) -> str:
    measurement = measure_opened_parcel(shapes, view(**changes), EXACT)
    assert measurement.outcome is Outcome.UNMEASURABLE
    assert measurement.reason in REASONS
    assert REASONS[measurement.reason].advice
    assert not measurement.quantities
    return measurement.reason


def test_the_area_ratio_of_a_known_carton() -> None:
    # A block that reaches the rim is seen true to size: 150 x 100 in 300 x 200 is a quarter.
    carton = Carton(300.0, 200.0, 100.0, (Block(75, 50, 150, 100, 100),))
    measurement = measured(photograph(carton, camera()))
    assert ratio(measurement) == pytest.approx(0.25, abs=1e-6)
    void = measurement.quantities[Quantity.VOID_RATIO]
    assert void.value is None
    assert void.high == 1.0
    assert void.low < carton.void_ratio == 0.75


def test_from_far_above_the_bound_is_one_minus_the_area_ratio() -> None:
    # Only the share of dead ground is left, and it shrinks with the height.
    carton = Carton(300.0, 200.0, 100.0, (Block(75, 50, 150, 100, 100),))
    far = Camera(np.array([150.0, 100, 50_000]), np.array([150.0, 100, 0]), 0, 140_000, SIZE)
    measurement = measure_opened_parcel(
        photograph(carton, far), view(focal_ratio=140_000 / 1600), EXACT
    )
    assert measurement.quantities[Quantity.VOID_RATIO].low == pytest.approx(0.75, abs=4e-3)


@settings(max_examples=40)
@given(st.floats(-pi, pi))
def test_roll_does_not_change_the_ratio(roll: float) -> None:
    still = ratio(measured(photograph(CARTON, camera())))
    assert ratio(measured(photograph(CARTON, camera(roll=roll)))) == pytest.approx(still, abs=1e-6)


@settings(max_examples=40)
@given(st.floats(0.3, 4.0))
def test_scale_does_not_change_the_ratio(scale: float) -> None:
    shapes = photograph(CARTON, camera())
    still = ratio(measured(shapes))
    scaled = [replace(shape, polygon=shape.polygon * scale) for shape in shapes]
    larger = View(width=round(1600 * scale), height=round(1200 * scale), focal_ratio=1400 / 1600)
    measurement = measure_opened_parcel(scaled, larger, EXACT)
    assert ratio(measurement) == pytest.approx(still, abs=1e-6)


@settings(max_examples=60)
@given(st.floats(-250, 550), st.floats(-200, 400), st.floats(500, 900), st.floats(-pi, pi))
def test_the_viewpoint_does_not_change_the_ratio_of_a_flat_scene(
    x: float, y: float, z: float, roll: float
) -> None:
    # Goods painted on the rim's plane look the same from everywhere once rectified.
    flat = Carton(300.0, 200.0, 1e-6, (Block(40, 30, 130, 90, 1e-6),))
    measurement = measure_opened_parcel(photograph(flat, camera(x, y, z, roll)), view(), EXACT)
    if measurement.outcome is Outcome.MEASURED:
        assert ratio(measurement) == pytest.approx(130 * 90 / 60_000, abs=1e-5)
    else:
        assert measurement.reason in {"too_oblique", "opening_cut_off"}


@settings(max_examples=60)
@given(st.floats(20, 280), st.floats(20, 180), st.floats(300, 900))
def test_the_bound_holds_from_every_place_above_the_parcel(x: float, y: float, z: float) -> None:
    measurement = measure_opened_parcel(photograph(CARTON, camera(x, y, z)), view(), EXACT)
    if measurement.outcome is Outcome.MEASURED:
        assert measurement.quantities[Quantity.VOID_RATIO].low <= CARTON.void_ratio


def test_visible_filler_counts_as_possibly_full() -> None:
    paper = box(160, 10, 290, 190)
    goods = Carton(300.0, 200.0, 100.0, (Block(30, 40, 120, 80, 60),))
    bare = measured(photograph(goods, camera()))
    stuffed = measured(photograph(goods, camera(), filler=paper))
    assert ratio(stuffed, Quantity.FILLER_RATIO) == pytest.approx(130 * 180 / 60_000, abs=1e-6)
    assert ratio(stuffed) == pytest.approx(ratio(bare), abs=1e-9)
    low = Quantity.VOID_RATIO
    assert stuffed.quantities[low].low < bare.quantities[low].low - 0.35


def test_a_box_that_shows_only_filler_proves_nothing() -> None:
    empty = Carton(300.0, 200.0, 100.0, ())
    measurement = measured(photograph(empty, camera(), filler=box(1, 1, 299, 199)))
    assert measurement.quantities[Quantity.VOID_RATIO].low == pytest.approx(0.0, abs=0.02)
    assert Quantity.BOX_FIT_LINEAR not in measurement.quantities


def test_goods_under_filler_are_not_counted_twice() -> None:
    paper = box(0, 0, 300, 200)
    measurement = measured(photograph(CARTON, camera(), filler=paper))
    total = ratio(measurement) + ratio(measurement, Quantity.FILLER_RATIO)
    assert total == pytest.approx(1.0, abs=1e-6)


def test_calibration_and_corners_widen_the_interval_and_the_budget_adds_up() -> None:
    stated = {"area_ratio": 0.04, "filler_ratio": 0.05, "missed_ratio": 0.06, "n": 50}
    wide = replace(EXACT, calibration=read_calibration(stated))
    measurement = measured(photograph(CARTON, camera()), wide)
    interval = measurement.quantities[Quantity.AREA_RATIO]
    half = sum(
        line.half_width for line in measurement.budget if line.quantity is Quantity.AREA_RATIO
    )
    assert half >= 0.04
    assert interval.high - interval.low == pytest.approx(2 * half)
    void = measurement.quantities[Quantity.VOID_RATIO]
    lines = [line for line in measurement.budget if line.quantity is Quantity.VOID_RATIO]
    assert 1 - ratio(measurement) - sum(line.half_width for line in lines) == pytest.approx(
        void.low, abs=1e-9
    )


BY_DIFFICULTY = HalfWidth(2.0, floor=0.01, outline=0.05, doubt=0.3, structure=0.02, resolution=0.1)


def test_doubtful_shapes_widen_the_interval_and_lower_the_bound() -> None:
    using = replace(
        EXACT, calibration=Calibration(BY_DIFFICULTY, BY_DIFFICULTY, BY_DIFFICULTY, n=60)
    )
    shapes = photograph(CARTON, camera())
    sure = measured([replace(shape, confidence=0.98) for shape in shapes], using)
    doubted = measured(
        [replace(shapes[0], confidence=0.98)]
        + [replace(shape, confidence=0.4) for shape in shapes[1:]],
        using,
    )
    area, void = Quantity.AREA_RATIO, Quantity.VOID_RATIO
    assert ratio(sure) == ratio(doubted)
    half = [(m.quantities[area].high - m.quantities[area].low) / 2 for m in (sure, doubted)]
    # Twice three tenths of what the confidence of the goods fell by.
    assert half[1] - half[0] == pytest.approx(0.6 * 0.58 * ratio(sure), rel=0.02)
    assert doubted.quantities[void].low < sure.quantities[void].low
    model = next(line for line in doubted.budget if line.source == "model")
    assert "2 x sigma" in model.note
    assert f"doubt {0.6 * ratio(sure):.3f}" in model.note


def test_a_fixed_camera_height_is_used_and_stated() -> None:
    near = measured(photograph(CARTON, camera()), replace(EXACT, camera_height_over_depth=0.8))
    far = measured(photograph(CARTON, camera()), replace(EXACT, camera_height_over_depth=5.0))
    void = Quantity.VOID_RATIO
    assert near.quantities[void].low < far.quantities[void].low
    assert any("as set" in sentence for sentence in near.assumptions)
    derived = measured(photograph(CARTON, camera()))
    assert any("1.3 times as deep" in sentence for sentence in derived.assumptions)


def test_assuming_nothing_of_the_goods_gives_a_lower_bound() -> None:
    nothing = measured(photograph(CARTON, camera()), replace(EXACT, goods=Goods.ANY))
    upright = measured(photograph(CARTON, camera()))
    void = Quantity.VOID_RATIO
    assert nothing.quantities[void].low < upright.quantities[void].low
    assert any("Nothing is assumed" in sentence for sentence in nothing.assumptions)


def test_an_unknown_focal_length_never_makes_the_bound_bolder() -> None:
    shapes = photograph(CARTON, camera(330, 100, 500, look=(200, 100)))
    known = measure_opened_parcel(shapes, view(), EXACT)
    unknown = measure_opened_parcel(shapes, view(focal_ratio=None), EXACT)
    void = Quantity.VOID_RATIO
    assert unknown.quantities[void].low <= known.quantities[void].low


def test_box_fit_lies_between_goods_on_the_floor_and_at_the_rim() -> None:
    carton = Carton(300.0, 200.0, 100.0, (Block(75, 50, 150, 100, 100),))
    measurement = measured(photograph(carton, camera()))
    for quantity in (Quantity.BOX_FIT_LINEAR, Quantity.BOX_FIT_DIAGONAL):
        fit = measurement.quantities[quantity]
        # Half as long and half as wide: the true fit is 2, the goods reach the rim.
        assert fit.low < 2.0 <= fit.high + 1e-6
        assert fit.value is None


# Refusals -------------------------------------------------------------------------------------


def test_nothing_seen() -> None:
    assert refused([]) == "no_parcel"


def test_only_a_closed_parcel_seen() -> None:
    parcel = Shape(Label.PARCEL, 0.9, np.array([[10.0, 10], [500, 10], [500, 400], [10, 400]]))
    assert refused([parcel]) == "closed_parcel"


def test_an_opening_the_model_doubts_is_not_believed() -> None:
    shapes = photograph(CARTON, camera())
    doubtful = [replace(shapes[0], confidence=0.3), *shapes[1:]]
    assert refused(doubtful) == "no_parcel"
    assert refused([replace(shapes[0], confidence=0.7), *shapes[1:]]) == "opening_doubtful"


def test_two_openings() -> None:
    shapes = photograph(CARTON, camera(z=1200))
    other = replace(shapes[0], polygon=shapes[0].polygon + np.array([480.0, 0]))
    assert refused([*shapes, other]) == "several_openings"
    doubtful = replace(other, confidence=0.55)
    assert refused([*shapes, doubtful]) == "several_openings"


def test_the_same_opening_seen_twice_is_one() -> None:
    shapes = photograph(CARTON, camera())
    again = replace(shapes[0], polygon=shapes[0].polygon + 3.0, confidence=0.6)
    assert ratio(measured([*shapes, again])) > 0


def test_an_opening_that_runs_out_of_the_picture() -> None:
    shapes = photograph(CARTON, camera(x=0, look=(0, 100)))
    clipped = [
        replace(shape, polygon=np.clip(shape.polygon, 0, [1600.0, 1200.0])) for shape in shapes
    ]
    assert refused(clipped) == "opening_cut_off"


def test_a_round_opening() -> None:
    angle = np.linspace(0, 2 * pi, 60, endpoint=False)
    ring = np.column_stack([800 + 400 * np.cos(angle), 600 + 400 * np.sin(angle)])
    assert refused([Shape(Label.OPENING, 0.9, ring)]) == "opening_not_rectangular"


def test_an_opening_without_area() -> None:
    line = np.array([[100.0, 100], [500, 100], [900, 100]])
    assert refused([Shape(Label.OPENING, 0.9, line)]) == "no_parcel"


def test_a_distant_parcel() -> None:
    assert refused(photograph(CARTON, camera(z=4000))) == "opening_too_small"


def test_a_view_from_the_side() -> None:
    assert refused(photograph(CARTON, camera(x=1000, z=500))) == "too_oblique"


def test_an_empty_carton_proves_nothing() -> None:
    assert refused(photograph(Carton(300.0, 200.0, 100.0, ()), camera())) == "no_item_seen"


def test_goods_beside_the_parcel() -> None:
    shapes = photograph(CARTON, camera())
    beside = Shape(Label.ITEM, 0.9, np.array([[20.0, 20], [260, 20], [260, 200], [20, 200]]))
    assert refused([*shapes, beside]) == "items_outside_opening"


def test_a_waybill_beside_the_parcel_is_not_goods() -> None:
    shapes = photograph(CARTON, camera())
    paper = np.array([[20.0, 20], [260, 20], [260, 200], [20, 200]])
    both = [Shape(Label.ITEM, 0.6, paper + 4), Shape(Label.WAYBILL, 0.8, paper)]
    assert ratio(measured([*shapes, *both])) == pytest.approx(ratio(measured(shapes)))


@pytest.mark.parametrize(
    ("gray", "reason"),
    [
        (np.full((300, 400), 12, np.uint8), "too_dark"),
        (np.full((300, 400), 255, np.uint8), "too_bright"),
        (np.full((300, 400), 128, np.uint8), "too_blurred"),
    ],
)
def test_bad_light_and_focus(gray: np.ndarray, reason: str) -> None:
    assert refused(photograph(CARTON, camera()), gray=gray) == reason


def test_a_sharp_bright_picture_is_accepted() -> None:
    noise = np.random.default_rng(0).integers(0, 250, (300, 400)).astype(np.uint8)
    measurement = measure_opened_parcel(photograph(CARTON, camera()), view(gray=noise), EXACT)
    assert measurement.outcome is Outcome.MEASURED


@settings(max_examples=150)
@given(st.data())
def test_no_shapes_whatever_break_it(data: st.DataObject) -> None:
    point = st.tuples(st.floats(-50, 1650), st.floats(-50, 1250))
    shapes = data.draw(
        st.lists(
            st.builds(
                Shape,
                st.sampled_from([Label.OPENING, Label.ITEM, Label.FILLER]),
                st.floats(0.5, 1.0),
                st.lists(point, min_size=3, max_size=9).map(np.array),
            ),
            max_size=5,
        )
    )
    measurement = measure_opened_parcel(shapes, view(), EXACT)
    for interval in measurement.quantities.values():
        assert interval.low <= interval.high
