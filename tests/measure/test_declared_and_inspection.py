"""Declared sizes, and several photos of one parcel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.declared import Declaration, DeclaredGoods, declared_void_ratio
from greenpack.measure.inspection import inspect
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity
from greenpack.measure.settings import MeasureSettings

side = st.floats(20, 400)
size = st.tuples(side, side, side)


def test_the_worked_example_of_the_propagation() -> None:
    # 300x200x150 mm with an item of 200x150x100 mm, edges to 5 mm: 66.7 %, U = 2 x 1.52 points.
    goods = [DeclaredGoods((200, 150, 100), 1)]
    void = declared_void_ratio((300, 200, 150), goods, 5.0, wall=(0, 0))
    assert void is not None
    assert void.value == pytest.approx(2 / 3)
    assert (void.high - void.low) / 2 == pytest.approx(0.0304, abs=1e-4)


def test_quantities_count() -> None:
    one = declared_void_ratio((300, 200, 150), [DeclaredGoods((100, 100, 100), 1)], wall=(0, 0))
    four = declared_void_ratio((300, 200, 150), [DeclaredGoods((100, 100, 100), 4)], wall=(0, 0))
    assert one is not None
    assert four is not None
    assert one.value == pytest.approx(1 - 1 / 9)
    assert four.value == pytest.approx(1 - 4 / 9)


@given(size, size, st.integers(1, 5), st.floats(0, 10))
def test_the_declared_ratio_is_a_ratio(
    parcel: tuple, item: tuple, quantity: int, tolerance: float
) -> None:
    void = declared_void_ratio(parcel, [DeclaredGoods(item, quantity)], tolerance)
    if void is not None:
        assert 0.0 <= void.low <= void.high <= 1.0


def test_the_interval_covers_outer_and_inner_volumes() -> None:
    # 300x200x150 outside is 286x186x136 within 7 mm walls; sizes taken as exact.
    goods = [DeclaredGoods((200, 150, 100), 1)]
    void = declared_void_ratio((300, 200, 150), goods, tolerance=0.0)
    assert void is not None
    assert void.high == pytest.approx(1 - 3_000_000 / (300 * 200 * 150))
    assert void.low == pytest.approx(1 - 3_000_000 / (286 * 186 * 136))


def test_goods_that_do_not_go_in() -> None:
    assert declared_void_ratio((300, 200, 150), [DeclaredGoods((400, 10, 10), 1)]) is None
    assert declared_void_ratio((300, 200, 150), [DeclaredGoods((200, 150, 100), 9)]) is None


@pytest.mark.parametrize(
    ("parcel", "goods"),
    [
        ((300, 200, 0), [DeclaredGoods((1, 1, 1), 1)]),
        ((300, 200, 150), [DeclaredGoods((1, 1, 1), 0)]),
        ((300, 200, 150), []),
    ],
)
def test_senseless_declarations_are_refused(parcel: tuple, goods: list) -> None:
    with pytest.raises(ValueError, match=r"positive|at least one"):
        declared_void_ratio(parcel, goods)


def photo(area: float, filler: float = 0.0, void: float = 0.5, hidden: float = 0.0) -> Measurement:
    return Measurement(
        outcome=Outcome.MEASURED,
        quantities={
            Quantity.AREA_RATIO: Interval(area, max(0, area - 0.02), min(1, area + 0.02)),
            Quantity.FILLER_RATIO: Interval(filler, filler, filler),
            Quantity.VOID_RATIO: Interval(None, void, 1.0),
        },
        budget=(BudgetLine(Quantity.VOID_RATIO, "hidden by the wall", hidden, ""),),
    )


BLURRED = Measurement(outcome=Outcome.UNMEASURABLE, reason="too_blurred")


def test_the_photo_with_the_filler_taken_out_speaks() -> None:
    inspection = inspect([photo(0.2, filler=0.6, void=0.1), BLURRED, photo(0.3, void=0.65)])
    assert inspection.chosen == 2
    assert inspection.measurement.quantities[Quantity.VOID_RATIO].low == 0.65


def test_between_equal_photos_the_first_speaks_not_the_one_that_accuses_most() -> None:
    inspection = inspect([photo(0.32, void=0.60), photo(0.30, void=0.65)])
    assert inspection.chosen == 0


def test_goods_gone_in_the_second_photo_are_a_contradiction() -> None:
    inspection = inspect([photo(0.6, filler=0.3, void=0.05), photo(0.1, void=0.85)])
    assert inspection.measurement.outcome is Outcome.UNMEASURABLE
    assert inspection.measurement.reason == "photos_disagree"


def test_unmeasurable_photos_stay_so() -> None:
    assert inspect([BLURRED]).measurement.reason == "too_blurred"
    with pytest.raises(ValueError, match="at least one photo"):
        inspect([])


def declared(*sides: float, quantity: int = 1, parcel: bool = True) -> Declaration:
    """A parcel of 300 x 200 x 150 mm with pieces of that size."""
    goods = (DeclaredGoods((sides[0], sides[1], sides[2]), quantity),)
    return Declaration((300, 200, 150) if parcel else None, goods)


def test_declared_sizes_close_the_interval_from_above() -> None:
    inspection = inspect([photo(0.5, void=0.3)], declared(290, 190, 90))
    exact = declared_void_ratio((300, 200, 150), [DeclaredGoods((290, 190, 90), 1)])
    assert exact is not None
    assert exact.low < 0.3 < exact.high
    void = inspection.measurement.quantities[Quantity.VOID_RATIO]
    assert (void.low, void.high) == (0.3, exact.high)
    assert any("declared" in line.source for line in inspection.measurement.budget)
    looser = inspect([photo(0.5, void=0.1)], declared(290, 190, 90))
    assert looser.measurement.quantities[Quantity.VOID_RATIO] == exact


def test_a_declaration_that_the_photo_rules_out_is_reported() -> None:
    inspection = inspect([photo(0.2, void=0.7)], declared(290, 190, 130))
    assert inspection.measurement.reason == "declared_contradicts_photo"


def test_settings_have_a_digest_that_follows_every_change() -> None:
    base = MeasureSettings()
    assert base.sha256() == MeasureSettings().sha256()
    assert base.sha256() != MeasureSettings(camera_height_over_depth=2.0).sha256()
    with pytest.raises(ValueError, match="camera_height"):
        MeasureSettings(camera_height_over_depth=0)
    with pytest.raises(ValueError, match="depth_over"):
        MeasureSettings(depth_over_shorter_side=-1)


def test_a_measurement_without_reason_or_with_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="reason"):
        Measurement(outcome=Outcome.UNMEASURABLE)
    with pytest.raises(ValueError, match="no numbers"):
        Measurement(
            outcome=Outcome.UNMEASURABLE,
            reason="too_dark",
            quantities={Quantity.VOID_RATIO: Interval(None, 0, 1)},
        )
