"""Arranged goods and paper slips: inside the carton, below the rim, resting on something."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.goods import arranging, sheets
from greenpack.training.goods.kinds import KINDS
from greenpack.training.goods.packing import footprint, overlaps
from greenpack.training.goods.shapes import volume_of
from greenpack.training.scene import Carton, Good
from greenpack.training.scenes import contents

Inner = tuple[float, float, float]


def carton(size: Inner, goods: tuple[Good, ...] = ()) -> Carton:
    board = (0.4, 0.3, 0.2)
    return Carton(*size, 4, 0, 0, 0, True, board, board, False, goods=goods)


def check(goods: tuple[Good, ...], size: Inner) -> None:
    length, width, depth = size
    for good in goods:
        assert (np.abs(footprint(good)) <= (length / 2 + 1e-9, width / 2 + 1e-9)).all()
        assert good.z + good.size[2] <= depth
        below = [g for g in goods if abs(g.z + g.size[2] - good.z) < 1e-6]
        assert good.z == 0 or any(overlaps(replace(g, z=good.z), good) for g in below)
    for a, b in combinations(goods, 2):
        assert not overlaps(a, b), f"{a.kind} in {b.kind}"
    # What is in a carton is no larger than the carton.
    assert sum(volume_of(g) for g in goods) <= length * width * depth


inner = st.builds(
    lambda length, share, depth: (length, length * share, depth),
    st.floats(140, 520),
    st.floats(0.45, 1.0),
    st.floats(45, 350),
)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**31), size=inner, how=st.sampled_from(list(contents.SHARES)))
def test_goods_of_every_arrangement_are_physically_possible(
    seed: int, size: Inner, how: str
) -> None:
    goods = contents.arranged(np.random.default_rng(seed), carton(size), how)
    assert how != "empty" or not goods
    check(goods, size)


@pytest.mark.parametrize("how", [h for h in contents.SHARES if h != "empty"])
def test_no_arrangement_is_empty_as_a_rule(how: str) -> None:
    made = carton((380, 280, 180))
    drawn = [contents.arranged(np.random.default_rng(s), made, how) for s in range(20)]
    assert sum(bool(goods) for goods in drawn) >= 15


def test_rows_hold_goods_of_one_size_in_numbers() -> None:
    counts = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        goods = arranging.rows(rng, 400, 300, 200, ["box_small"], True)
        assert len({g.size for g in goods}) == 1
        counts.append(len(goods))
    assert max(counts) <= arranging.MOST
    assert np.median(counts) >= 12


def test_books_on_a_shelf_stand() -> None:
    goods = arranging.shelf(np.random.default_rng(2), 350, 260, 200)
    assert len(goods) > 4
    assert all(g.size[2] > g.size[1] and g.z == 0 for g in goods)


def test_themes_name_kinds_that_exist() -> None:
    named = {k for theme in contents.THEMES.values() for k in theme}
    named |= {*contents.LARGE, *contents.ROWS, *contents.PILES}
    assert named <= set(KINDS)
    assert sum(contents.SHARES.values()) == pytest.approx(1)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31), size=inner)
def test_slips_lie_above_the_goods_and_within_the_walls(seed: int, size: Inner) -> None:
    rng = np.random.default_rng(seed)
    made = carton(size, contents.arranged(rng, carton(size), "few"))
    made = replace(made, sheets=sheets.sample(rng, made))
    drawn = sheets.parts(made, np.eye(4))
    assert len(drawn) == len(made.sheets)
    for part in drawn:
        assert (part.label, part.instance) == (None, 0)
        points = part.mesh.vertices
        assert (np.abs(points[:, :2]) <= (size[0] / 2, size[1] / 2)).all()
        assert points[:, 2].min() > 0
        for good in made.goods:
            quad = footprint(replace(good, size=(good.size[0] * 0.9, good.size[1] * 0.9, 1)))
            edges = np.roll(quad, -1, axis=0) - quad
            away = points[:, None, :2] - quad
            over = (edges[:, 0] * away[:, :, 1] - edges[:, 1] * away[:, :, 0] > 0).all(axis=1)
            assert (points[over, 2] > good.z + good.size[2]).all()


def test_a_sheet_has_print_on_paper() -> None:
    made = carton((420, 330, 150))
    for seed in range(30):
        for sheet in sheets.sample(np.random.default_rng(seed), made):
            picture = sheets.picture(sheet)
            assert np.array_equal(picture, sheets.picture(sheet))
            assert picture.std() > 3
