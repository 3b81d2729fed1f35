"""The footprint's arithmetic, by hand for single parcels and in ranges for many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.contents.goods import DeclaredGoods
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.interval import Interval
from greenpack.records.sized import SizedParcel
from greenpack.report.assumptions import TITLES, load_assumptions
from greenpack.report.footprint import (
    FACTORS,
    LIMITS,
    Figure,
    air_amount,
    filler_m3,
    lorries,
    material_amounts,
    material_co2e,
    saved_amounts,
    tape_m,
    transport_kg,
)
from greenpack.report.right_size import blank_m2, right_size

SHIPPED = load_assumptions()
EXACT = ParcelSize((400.0, 300.0, 200.0), (400.0, 300.0, 200.0), (0.0, 0.0, 0.0))


def parcel(
    number: int = 1, filler: Interval | None = None, packed_in: str | None = None
) -> SizedParcel:
    goods = (DeclaredGoods((100.0, 60.0, 40.0), 1),)
    return SizedParcel(number, EXACT, goods, filler, packed_in)


def test_every_figure_names_its_factors_and_its_limits() -> None:
    assert list(FACTORS) == list(LIMITS) == list(Figure)
    assert {key for keys in FACTORS.values() for key in keys} | {"lorry_m3"} == set(TITLES)


def test_air_by_hand() -> None:
    amount = air_amount(Interval(100.0, 80.0, 120.0), 40, SHIPPED)
    assert amount.co2e_kg is not None
    # 100 m3 x 183 kg/m3 = 18.3 t; over 1,000 km at 0.1 kg/(t km): 1,830 kg.
    assert amount.co2e_kg.value == pytest.approx(1830.0)
    assert amount.co2e_kg.low == pytest.approx(80 * 166.6 / 1000 * 1000 * 0.07)
    assert amount.co2e_kg.high == pytest.approx(120 * 200 / 1000 * 1000 * 0.13)
    assert lorries(Interval(116.0, 58.0, 580.0), SHIPPED).as_dict() == {
        "value": 2.0,
        "low": 1.0,
        "high": 10.0,
    }
    assert air_amount(Interval(0.0, 0.0, 0.0), 0, SHIPPED).amount is None


def test_tape_and_filler_of_one_parcel_by_hand() -> None:
    # Two to six strips along 300 (if 400 is the height) to 400 mm, 30 to 70 mm over each edge.
    tape = tape_m(parcel(), SHIPPED)
    assert (tape.low, tape.high) == (pytest.approx(2 * 0.36), pytest.approx(6 * 0.54))
    assert filler_m3(parcel(), SHIPPED) is None
    filler = filler_m3(parcel(filler=Interval(0.4, 0.3, 0.5)), SHIPPED)
    assert filler is not None
    # 24 L x 0.4 x half the depth.
    assert filler.value == pytest.approx(0.024 * 0.4 * 0.5)
    assert filler.low == pytest.approx(0.024 * 0.3 * 0.1)
    assert filler.high == pytest.approx(0.024 * 0.5)


def test_materials_of_a_few_parcels_by_hand() -> None:
    drawn = [parcel(1, Interval(0.4, 0.3, 0.5)), parcel(2), parcel(3, packed_in="reusable")]
    board, filler, tape = material_amounts(drawn, 3, SHIPPED)
    blank = blank_m2(EXACT)
    assert board.amount is not None
    assert board.co2e_kg is not None
    # The reusable one takes no board; 0.4 to 1.0 kg/m2, 490 to 920 kg CO2e/t.
    assert (board.amount.low, board.amount.high) == (
        pytest.approx(2 * blank.low * 0.4),
        pytest.approx(2 * blank.high * 1.0),
    )
    assert board.co2e_kg.high == pytest.approx(2 * blank.high * 0.92)
    assert (board.rests_on, board.of, board.projected_from) == (2, 3, 3)
    assert filler.amount is not None
    assert filler.amount.high == pytest.approx(0.024 * 0.5 * 25)
    assert filler.rests_on == 1
    assert tape.amount is not None
    assert tape.amount.low == pytest.approx(2 * 2 * 0.36 * 1.8 / 1000)
    together = material_co2e([board, filler, tape])
    assert together is not None
    assert together.low == pytest.approx(
        sum(one.co2e_kg.low for one in (board, filler, tape) if one.co2e_kg)
    )


def test_what_no_parcel_tells_is_not_told() -> None:
    _, filler, _ = material_amounts([parcel(1), parcel(2)], 2, SHIPPED)
    assert filler.amount is None
    assert filler.co2e_kg is None
    assert filler.rests_on == 0
    board, _, tape = material_amounts([parcel(number) for number in range(5)], 900, SHIPPED)
    assert board.amount is None
    assert tape.amount is None
    air, saved = saved_amounts([None, None], 2, SHIPPED)
    assert air.amount is None
    assert saved.amount is None
    assert material_co2e([]) is None


def test_savings_are_those_of_the_parcels_together() -> None:
    one = right_size(EXACT, parcel().goods, SHIPPED)
    assert one.box is not None
    air, board = saved_amounts([one, None, one], 3, SHIPPED)
    assert air.amount is not None
    assert air.amount.low == pytest.approx(2 * one.volume_m3.low)
    assert air.co2e_kg == transport_kg(air.amount, SHIPPED)
    assert board.amount is not None
    assert board.amount.low == pytest.approx(2 * one.board_m2.low * 0.4)
    assert (air.rests_on, air.of, air.projected_from) == (2, 3, 3)


def test_a_projection_grows_with_the_parcels_it_stands_for() -> None:
    drawn = [parcel(number) for number in range(40)]
    small, large = (material_amounts(drawn, of, SHIPPED)[0].amount for of in (400, 4000))
    assert small is not None
    assert large is not None
    assert large.low == pytest.approx(10 * small.low)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1))
def test_any_choice_of_assumptions_within_their_ranges_stays_within_the_range(
    first: float, second: float, share: float
) -> None:
    air = Interval(None, *sorted((first, second)))
    moved = transport_kg(air, SHIPPED)
    chosen = [
        SHIPPED[key].low + share * (SHIPPED[key].high - SHIPPED[key].low)
        for key in FACTORS[Figure.AIR]
    ]
    kg = (air.low + share * (air.high - air.low)) * chosen[0] / 1000 * chosen[1] * chosen[2]
    assert moved.low - 1e-6 <= kg <= moved.high * (1 + 1e-9) + 1e-6
