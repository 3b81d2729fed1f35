"""Photos of closed parcels, their sizes, and the declared goods."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from greenpack.measure.contents.goods import Size
from greenpack.measure.declared import Declaration, DeclaredGoods
from greenpack.measure.inspection import inspect
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity
from greenpack.measure.several_sizes import SIDES

BOX = (300.0, 200.0, 150.0)
CUP = DeclaredGoods((200, 150, 100), 1)
VOID = Quantity.VOID_RATIO


def closed(
    sides: Size = BOX,
    own: float = 4.0,
    scale: float = 0.01,
    source: str = "calibrated_camera",
    **bounds: tuple[float, float],
) -> Measurement:
    """Sides measured to ``own`` mm and ``scale`` of themselves, both 95 %; bounds in place."""
    quantities, budget = {}, []
    for quantity, side in zip(SIDES, sides, strict=True):
        half = float(np.hypot(own, scale * side))
        quantities[quantity] = Interval(side, side - half, side + half)
        if quantity.value in bounds:
            quantities[quantity] = Interval(None, *bounds[quantity.value])
        budget.append(BudgetLine(quantity, "scale", scale * side, ""))
    return Measurement(Outcome.MEASURED, None, quantities, tuple(budget), scale=source)


def opened(void: float) -> Measurement:
    return Measurement(
        outcome=Outcome.MEASURED,
        quantities={
            Quantity.AREA_RATIO: Interval(0.3, 0.28, 0.32),
            Quantity.FILLER_RATIO: Interval(0.0, 0.0, 0.0),
            VOID: Interval(None, void, 1.0),
        },
    )


def test_a_measured_size_and_declared_goods_give_a_two_sided_void_and_box_fit() -> None:
    inspection = inspect([closed()], Declaration(None, (CUP,)))
    found = inspection.measurement.quantities
    outer = found[Quantity.VOID_RATIO_OUTER]
    assert outer.value == pytest.approx(2 / 3)
    assert 0.6 < outer.low < outer.high < 0.71
    assert found[VOID].low == found[Quantity.VOID_RATIO_INNER].low < outer.low
    assert found[VOID].high == outer.high > found[Quantity.VOID_RATIO_INNER].high
    assert found[Quantity.BOX_FIT_LINEAR].low < 650 / 450 < found[Quantity.BOX_FIT_LINEAR].high
    assert found[Quantity.BOX_FIT_VOLUME].low < 3 < found[Quantity.BOX_FIT_VOLUME].high
    assert inspection.note is None
    assert inspection.size is not None


def test_an_error_of_scale_counts_three_times_in_the_volume() -> None:
    # 3 % of scale is 9 % of volume, and so 3 points of a share of a third.
    found = inspect([closed(own=0.0, scale=0.03)], Declaration(None, (CUP,)))
    alone = inspect([closed(own=0.001, scale=0.0)], Declaration(None, (CUP,)))
    wide, narrow = (one.measurement.quantities[Quantity.VOID_RATIO_OUTER] for one in (found, alone))
    by_goods = narrow.high - narrow.low
    both = float(np.hypot(by_goods, 2 * 0.09 / 3 * 2 / 1.96))
    assert wide.high - wide.low == pytest.approx(both, rel=0.02)


def test_the_size_alone_gives_no_void() -> None:
    measurement = inspect([closed()]).measurement
    assert measurement.outcome is Outcome.MEASURED
    assert VOID not in measurement.quantities


def test_the_more_precise_of_photo_and_declaration_speaks_and_the_other_confirms() -> None:
    declared = Declaration((200, 150, 302), (CUP,))
    rough = inspect([closed(scale=0.05)], declared)
    assert rough.size is not None
    assert rough.size.origin == "declared"
    exact = inspect([closed(own=1.0, scale=0.002)], declared)
    assert exact.size is not None
    assert exact.size.origin == "photo"


def test_a_declared_size_outside_the_measured_one_is_reported() -> None:
    inspection = inspect([closed()], Declaration((330, 200, 150), (CUP,)))
    assert inspection.measurement.reason == "declared_contradicts_photo"
    assert inspect([closed()], Declaration((150, 307, 200), (CUP,))).measurement.reason is None


def test_photos_that_agree_are_combined_and_their_common_scale_error_stays() -> None:
    one = inspect([closed()]).measurement.quantities[Quantity.LENGTH_MM]
    many = inspect([closed() for _ in range(9)]).measurement.quantities[Quantity.LENGTH_MM]
    assert many.value == pytest.approx(300)
    width = (many.high - many.low) / 2
    assert width == pytest.approx(np.hypot(4 / 3, 3), rel=0.01)
    assert width < (one.high - one.low) / 2
    other = inspect([closed(), closed(source="waybill_label")])
    length = other.measurement.quantities[Quantity.LENGTH_MM]
    assert (length.high - length.low) / 2 == pytest.approx(5 / 2**0.5, rel=0.02)


def test_sizes_without_a_common_point_are_a_contradiction() -> None:
    inspection = inspect([closed(), closed((320, 200, 150))])
    assert inspection.measurement.reason == "photos_disagree"


def test_a_parcel_that_was_turned_between_photos_is_still_the_same() -> None:
    found = inspect([closed(), closed((200, 150, 300))]).measurement.quantities
    assert found[Quantity.HEIGHT_MM].value == pytest.approx(150)


def test_a_top_view_bounds_the_height_and_a_side_view_or_a_declaration_gives_it() -> None:
    top = closed(height_mm=(80.0, 400.0))
    bounded = inspect([top], Declaration(None, (CUP,))).measurement.quantities[VOID]
    assert bounded.value is None
    whole = inspect([closed()], Declaration(None, (CUP,))).measurement.quantities[VOID]
    assert bounded.low < whole.low < whole.high < bounded.high
    both = inspect([top, closed()], Declaration(None, (CUP,))).measurement.quantities[VOID]
    assert both.value is not None
    with_declared = inspect([top], Declaration(BOX, (CUP,)))
    assert with_declared.size is not None
    assert with_declared.size.origin == "declared"


def test_opened_and_closed_photos_of_one_parcel_are_one_inspection() -> None:
    declared = Declaration(None, (CUP,))
    inspection = inspect([closed(), opened(0.64)], declared)
    assert inspection.chosen == 1
    void = inspection.measurement.quantities[VOID]
    assert void.low == 0.64
    assert void.high < 0.71
    assert inspect([closed(), opened(0.8)], declared).measurement.reason == (
        "declared_contradicts_photo"
    )


def test_goods_too_large_for_the_measured_parcel_are_noted_and_not_used() -> None:
    inspection = inspect([closed()], Declaration(None, (DeclaredGoods((330, 200, 100), 1),)))
    assert inspection.note == "declared_contents_do_not_fit"
    assert VOID not in inspection.measurement.quantities
    assert Quantity.LENGTH_MM in inspection.measurement.quantities


def test_the_declared_board_narrows_the_inner_volume() -> None:
    unknown = inspect([closed()], Declaration(None, (CUP,))).measurement.quantities
    known = inspect([closed()], Declaration(None, (CUP,), 1.5)).measurement.quantities
    inner = Quantity.VOID_RATIO_INNER
    assert known[inner].low > unknown[inner].low
    assert known[Quantity.VOID_RATIO_OUTER] == unknown[Quantity.VOID_RATIO_OUTER]


def test_the_intervals_hold_in_95_of_100_parcels() -> None:
    rng = np.random.default_rng(5)
    held = dict.fromkeys((Quantity.VOID_RATIO_OUTER, Quantity.BOX_FIT_DIAGONAL), 0)
    runs = 400
    for _ in range(runs):
        box = rng.uniform((200, 150, 100), (500, 300, 250))
        item = box * rng.uniform(0.5, 0.85, 3)
        scale = 1 + 0.02 / 1.96 * rng.standard_normal()
        sides = box * scale + 3 / 1.96 * rng.standard_normal(3)
        stated = item + rng.uniform(-5, 5, 3)
        photo = closed(tuple(sides), own=3.0, scale=0.02)
        found = inspect([photo], Declaration(None, (DeclaredGoods(tuple(stated), 1),)))
        void, fit = (found.measurement.quantities[quantity] for quantity in held)
        held[Quantity.VOID_RATIO_OUTER] += void.low <= 1 - prod(item) / prod(box) <= void.high
        true_fit = float(np.linalg.norm(box) / np.linalg.norm(item))
        held[Quantity.BOX_FIT_DIAGONAL] += fit.low <= true_fit <= fit.high
    assert 0.93 * runs <= held[Quantity.VOID_RATIO_OUTER] <= 0.99 * runs
    assert held[Quantity.BOX_FIT_DIAGONAL] >= 0.95 * runs
