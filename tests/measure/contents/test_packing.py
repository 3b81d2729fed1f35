"""Whether declared goods can go in: proofs either way, and nothing claimed in between."""

from __future__ import annotations

import time
from itertools import permutations
from math import cos, prod, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.measure.contents.block_packing import packs
from greenpack.measure.contents.conservative_scales import needed_share
from greenpack.measure.contents.goods import DeclaredGoods, Size
from greenpack.measure.contents.packing import Packing, check_packing
from greenpack.measure.contents.turning import goes_in

side = st.integers(10, 400).map(float)
size = st.tuples(side, side, side)
BOX = (300.0, 200.0, 150.0)


def goods(*kinds: tuple[Size, int]) -> list[DeclaredGoods]:
    return [DeclaredGoods(sides, quantity) for sides, quantity in kinds]


@st.composite
def cut_boxes(draw: st.DrawFn) -> tuple[Size, list[DeclaredGoods]]:
    """A box cut apart by planes, each through one whole piece."""
    box = draw(st.tuples(*[st.integers(100, 400)] * 3))
    pieces = [box]
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(0, len(pieces) - 1))
        axis = draw(st.integers(0, 2))
        piece = pieces[place]
        if piece[axis] < 20:
            continue
        at = draw(st.integers(10, piece[axis] - 10))
        first, second = list(piece), list(piece)
        first[axis], second[axis] = at, piece[axis] - at
        pieces[place : place + 1] = [tuple(first), tuple(second)]
    turns = [draw(st.sampled_from(list(permutations(range(3))))) for _ in pieces]
    kinds = [
        DeclaredGoods(tuple(float(piece[axis]) for axis in turn), 1)  # type: ignore[arg-type]
        for piece, turn in zip(pieces, turns, strict=True)
    ]
    return tuple(float(edge) for edge in box), kinds  # type: ignore[return-value]


@settings(deadline=None, max_examples=60)
@given(cut_boxes())
def test_what_a_box_was_cut_into_is_never_said_not_to_fit(
    case: tuple[Size, list[DeclaredGoods]],
) -> None:
    box, pieces = case
    assert check_packing(pieces, box).answer is not Packing.DOES_NOT_FIT
    assert needed_share(pieces, box) <= 1 + 1e-6


@given(st.tuples(*[st.integers(1, 6)] * 3), size, st.permutations(range(3)))
def test_a_grid_of_equal_pieces_is_packed(counts: tuple, piece: Size, turn: list[int]) -> None:
    box = tuple(count * edge for count, edge in zip(counts, piece, strict=True))
    turned = (piece[turn[0]], piece[turn[1]], piece[turn[2]])
    assert check_packing(goods((turned, prod(counts))), box).answer is Packing.FITS  # type: ignore[arg-type]


def test_layers_of_different_goods_are_packed() -> None:
    layers = goods(((100, 100, 50), 6), ((300, 50, 50), 4), ((75, 40, 50), 20))
    assert sum(kind.volume for kind in layers) == prod(BOX)
    assert check_packing(layers, BOX).answer is Packing.FITS


@pytest.mark.parametrize(
    ("kinds", "box", "because"),
    [
        ([((200, 150, 100), 4)], BOX, "volumes"),
        ([((310, 100, 100), 1)], BOX, "no angle"),
        ([((110, 105, 101), 2)], (200, 190, 180), "too many"),
        ([((160, 120, 90), 3), ((20, 10, 10), 5)], (200, 190, 180), "too many"),
    ],
)
def test_what_cannot_go_in_is_shown(kinds: list, box: Size, because: str) -> None:
    check = check_packing(goods(*kinds), box)
    assert check.answer is Packing.DOES_NOT_FIT
    assert because in check.because


def test_large_and_small_pieces_together_need_more_than_their_volumes() -> None:
    # Eight cubes just above half fill no more than 8/8 of a box of eight times their volume: only
    # one goes in, and beside it nothing thicker than 140 mm.
    box = (300.0, 300.0, 300.0)
    assert needed_share(goods(((160, 160, 160), 2)), box) >= 2 - 1e-6
    assert check_packing(goods(((160, 160, 160), 1), ((140, 140, 140), 7)), box).answer is (
        Packing.FITS
    )
    assert check_packing(goods(((160, 160, 160), 1), ((141, 141, 141), 1)), box).answer is (
        Packing.DOES_NOT_FIT
    )


def test_a_rod_goes_in_askew() -> None:
    assert goes_in((350, 10, 10), BOX)  # along a face's diagonal of 360.6
    assert goes_in((370, 5, 5), BOX)  # along the space's diagonal of 390.5
    assert not goes_in((391, 1, 1), BOX)
    assert goes_in((350, 100, 10), BOX)
    assert not goes_in((340, 140, 60), BOX)
    assert check_packing(goods(((350, 10, 10), 1)), BOX).answer is Packing.NOT_SHOWN


@given(size, st.floats(0.01, 1.57))
def test_a_turned_plate_goes_in_where_its_shadow_does(piece: Size, angle: float) -> None:
    long, wide, high = piece
    shadow = (
        long * cos(angle) + wide * sin(angle),
        long * sin(angle) + wide * cos(angle),
        high,
    )
    assert goes_in(piece, tuple(edge * 1.01 for edge in shadow))  # type: ignore[arg-type]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(size, st.integers(1, 6)), min_size=1, max_size=4), size)
def test_order_and_turning_do_not_matter_and_a_found_packing_breaks_no_bound(
    kinds: list[tuple[Size, int]], box: Size
) -> None:
    given_, turned = goods(*kinds), goods(*((sides[::-1], n) for sides, n in reversed(kinds)))
    answer = check_packing(given_, box).answer
    assert (answer is Packing.DOES_NOT_FIT) == (
        check_packing(turned, box).answer is Packing.DOES_NOT_FIT
    )
    if packs(given_, box):
        assert answer is Packing.FITS


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(size, st.integers(1, 6)), min_size=1, max_size=4), size, side)
def test_what_a_larger_box_refuses_a_smaller_one_refuses(
    kinds: list, box: Size, more: float
) -> None:
    larger = (box[0] + more, box[1], box[2] + 2 * more)
    if check_packing(goods(*kinds), larger).answer is Packing.DOES_NOT_FIT:
        assert check_packing(goods(*kinds), box).answer is not Packing.FITS


def test_soft_goods_are_pressed_and_in_no_ones_way() -> None:
    coat = DeclaredGoods((500, 300, 60), 1, soft=True)  # as much as the box holds
    assert check_packing([coat], BOX).answer is Packing.FITS
    assert check_packing([DeclaredGoods((500, 300, 60), 1)], BOX).answer is Packing.DOES_NOT_FIT
    assert check_packing([coat, *goods(((300, 200, 60), 1))], BOX).answer is Packing.FITS
    assert check_packing([coat, *goods(((300, 200, 80), 1))], BOX).answer is Packing.DOES_NOT_FIT


def test_hundreds_of_pieces_cost_little_time() -> None:
    many = goods(*(((11.0 + n, 17.0 + 2 * n, 23.0 + 3 * n), 40 - n) for n in range(25)))
    begin = time.perf_counter()
    assert check_packing(many, (420, 400, 380)).answer is not Packing.DOES_NOT_FIT
    assert time.perf_counter() - begin < 3


def test_no_goods_and_no_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        check_packing([], BOX)
    with pytest.raises(ValueError, match="positive"):
        check_packing(goods(((1, 1, 1), 1)), (1, 0, 1))
