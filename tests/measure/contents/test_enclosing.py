"""The smallest cuboid around the goods lies between its bound and one that was constructed."""

from __future__ import annotations

from math import prod, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.measure.contents.enclosing import enclosing
from greenpack.measure.contents.goods import DeclaredGoods, Size
from greenpack.measure.contents.packing import Packing, check_packing

side = st.integers(10, 400).map(float)
size = st.tuples(side, side, side)
kinds = st.lists(st.builds(DeclaredGoods, size, st.integers(1, 12)), min_size=1, max_size=4)


@given(size)
def test_one_piece_is_its_own_cuboid(piece: Size) -> None:
    found = enclosing([DeclaredGoods(piece, 1)])
    for interval, exact in (
        (found.linear, sum(piece)),
        (found.diagonal, sqrt(sum(edge**2 for edge in piece))),
        (found.volume, prod(piece)),
    ):
        assert interval.low == pytest.approx(exact)
        assert interval.high == pytest.approx(exact)


def test_eight_cubes_are_a_cube_or_a_row() -> None:
    cubes = [DeclaredGoods((100, 100, 100), 8)]
    found = enclosing(cubes)
    assert (found.linear.low, found.linear.high) == pytest.approx((600, 1000))
    assert found.volume.low == pytest.approx(found.volume.high)
    # In a box of 250 mm there is no room for a row, nor for a plate of 400 x 200 x 100.
    found = enclosing(cubes, (250, 250, 250))
    assert (found.linear.low, found.linear.high) == pytest.approx((600, 600))
    assert found.diagonal.high == pytest.approx(200 * sqrt(3))


def test_a_book_on_a_box_is_put_on_its_large_face() -> None:
    found = enclosing([DeclaredGoods((200, 150, 100), 1), DeclaredGoods((20, 150, 200), 1)])
    assert found.volume.high == pytest.approx(200 * 150 * 120)
    assert found.linear.high == pytest.approx(470)
    # The least: 200 x 150 x 120 by volume.
    assert found.linear.low == pytest.approx(470)


def test_sides_are_raised_from_the_shortest_until_the_volume_is_reached() -> None:
    # Ten plates of 100 x 10 x 10: volume 100,000, so 100 x 31.6 x 31.6 at least.
    found = enclosing([DeclaredGoods((100, 10, 10), 10)])
    assert found.linear.low == pytest.approx(100 + 2 * sqrt(1000))
    assert found.volume.low == pytest.approx(100_000)
    # Two 10 x 10 rows of five: 100 x 50 x 20; equally small are 10 in a row, and more.
    assert found.linear.high >= 170


@settings(deadline=None)
@given(kinds)
def test_the_bounds_are_in_order_and_permutations_change_nothing(
    goods: list[DeclaredGoods],
) -> None:
    found = enclosing(goods)
    assert found.volume.low >= 0.999 * sum(kind.volume for kind in goods)
    again = enclosing([DeclaredGoods(kind.size[::-1], kind.quantity) for kind in reversed(goods)])
    for name in ("linear", "diagonal", "volume"):
        assert getattr(again, name).low == pytest.approx(getattr(found, name).low)
    assert again.volume.high == pytest.approx(found.volume.high)


@settings(deadline=None)
@given(kinds, st.floats(1, 20))
def test_larger_goods_need_no_less(goods: list[DeclaredGoods], more: float) -> None:
    larger = [
        DeclaredGoods(tuple(edge + more for edge in kind.size), kind.quantity)  # type: ignore[arg-type]
        for kind in goods
    ]
    for name in ("linear", "diagonal", "volume"):
        assert getattr(enclosing(larger), name).low > getattr(enclosing(goods), name).low


@settings(deadline=None)
@given(kinds, size)
def test_what_goes_into_a_box_has_a_lower_bound_within_it(
    goods: list[DeclaredGoods], box: Size
) -> None:
    if check_packing(goods, box).answer is not Packing.FITS:
        return
    found = enclosing(goods, box)
    assert found.linear.low <= sum(box) * (1 + 1e-6)
    assert found.diagonal.high <= sqrt(sum(edge**2 for edge in box)) * (1 + 1e-6)
    assert found.volume.high <= prod(box) * (1 + 1e-6)


def test_soft_goods_count_by_half_their_volume_below_and_whole_above() -> None:
    found = enclosing([DeclaredGoods((300, 200, 100), 1, soft=True)])
    assert found.volume.low == pytest.approx(3_000_000)
    assert found.volume.high == pytest.approx(6_000_000)
