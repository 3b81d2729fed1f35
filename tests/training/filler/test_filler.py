"""Packing material: the same seed gives the same pieces, and they stay where they can be."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.filler import kinds, stuffing
from greenpack.training.filler.looks import filler_look
from greenpack.training.filler.paper import crumpled
from greenpack.training.goods import packing
from greenpack.training.scene import Carton, Filler

KINDS = list(kinds.KINDS)


def packed(seed: int, kind: str, where: str, amount: float = 0.6, heap: float = 0.0) -> Carton:
    rng = np.random.default_rng(seed)
    length, depth = float(rng.uniform(160, 520)), float(rng.uniform(60, 300))
    size = (length, length * float(rng.uniform(0.5, 1.0)), depth)
    goods = packing.loose(rng, *size, ["box_printed", "book", "bottle"], 4, 0.6)
    piece = Filler(kind, amount, 12.0, -9.0, seed, where, heap)
    brown = (0.46, 0.3, 0.16)
    return Carton(
        *size, 4.0, 0.0, 0.0, 0.0, True, brown, brown, False, goods=goods, filler=(piece,)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_one_filler(kind: str) -> None:
    made = packed(4, kind, "patch")
    one, two = kinds.meshes(made), kinds.meshes(made)
    assert len(one) == len(two)
    for (_, a), (_, b) in zip(one, two, strict=True):
        assert np.array_equal(a.vertices, b.vertices)
        assert np.array_equal(a.uv, b.uv)
    look, again = filler_look(kind, 4), filler_look(kind, 4)
    assert look.colour == again.colour
    assert look.picture is None or np.array_equal(look.picture, again.picture)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["patch", "ring", "over", "wrap"])
def test_filler_stays_between_the_walls_and_on_the_floor(kind: str, where: str) -> None:
    for seed in (1, 2):
        made = packed(seed, kind, where)
        for _, mesh in kinds.meshes(made):
            assert np.isfinite(mesh.vertices).all()
            assert np.isfinite(mesh.uv).all()
            reach = np.abs(mesh.vertices[:, :2]).max(axis=0)
            assert (reach <= np.array([made.length, made.width]) / 2 + 1.0).all()
            assert mesh.vertices[:, 2].min() > -1.0
            tops = [g.z + g.size[2] for g in made.goods]
            assert mesh.vertices[:, 2].max() < max([made.depth, *tops]) + 60
            assert len(mesh.faces) <= 90000


@pytest.mark.parametrize("kind", KINDS)
def test_looks_can_be_drawn(kind: str) -> None:
    for seed in range(3):
        look = filler_look(kind, seed)
        assert all(0 < c <= 1 for c in look.colour)
        if look.relief is not None:
            assert np.abs(look.relief).max() <= 4
            assert abs(float(look.relief.mean())) < 0.6
        if look.picture is not None:
            assert look.picture.dtype == np.uint8
            assert max(look.picture.shape[:2]) <= 512


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31), folds=st.integers(1, 50))
def test_crumpling_never_stretches_paper(seed: int, folds: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-200, 200, (60, 3))
    bent = crumpled(rng, points, np.array([60.0, 45.0, 40.0]), folds)
    before = np.linalg.norm(points[:, None] - points[None], axis=2)
    after = np.linalg.norm(bent[:, None] - bent[None], axis=2)
    assert (after <= before + 1e-6).all()


def test_a_crumpled_sheet_is_no_bigger_than_its_wad() -> None:
    rng = np.random.default_rng(3)
    sheet = rng.uniform(-160, 160, (4000, 3)) * (1, 1, 0)
    bent = crumpled(rng, sheet, np.full(3, 50.0), 40)
    assert np.percentile(np.linalg.norm(bent, axis=1), 95) < 80


def test_foam_is_cut_out_where_goods_stand() -> None:
    for seed in range(12):
        made = packed(seed, "foam_insert", "over")
        for _, mesh in kinds.meshes(made):
            centre = mesh.vertices[mesh.faces].mean(axis=1)
            level = centre[:, 2] > mesh.vertices[:, 2].max() - 1e-6
            for good in made.goods:
                if good.z < 1:
                    away = np.hypot(*(centre[level, :2] - (good.x, good.y)).T)
                    assert away.min() > min(good.size[:2]) / 2


def test_partitions_stand_beside_the_goods() -> None:
    found = 0
    for seed in range(30):
        made = packed(seed, "divider", "over")
        for _, mesh in kinds.meshes(made):
            found += 1
            for good in made.goods:
                low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
                assert high[2] <= made.depth
                assert low[2] >= 0
                quad = packing.footprint(good)
                inside = (mesh.vertices[:, :2] > quad.min(axis=0)) & (
                    mesh.vertices[:, :2] < quad.max(axis=0)
                )
                assert not inside.all(axis=1).any() or good.z >= high[2]
    assert found


def test_covering_filler_hides_nearly_all_of_the_floor() -> None:
    for kind in ("shred_white", "peanuts_s", "sheet_kraft"):
        made = packed(5, kind, "over", 1.0)
        (_, mesh), *_ = kinds.meshes(made)
        span = np.array([made.length, made.width])
        cells = np.floor((mesh.vertices[:, :2] / span + 0.5) * 12).clip(0, 11).astype(int)
        assert len(np.unique(cells, axis=0)) > 0.85 * 144


def test_stuffing_knows_every_kind_and_is_drawn_by_seed() -> None:
    assert set(stuffing.SHARES) == set(KINDS)
    made = packed(2, "divider", "over")
    drawn = [stuffing.stuffing(np.random.default_rng(s), made) for s in range(300)]
    assert drawn[7] == stuffing.stuffing(np.random.default_rng(7), made)
    kinds = {f.kind for pieces in drawn for f in pieces}
    assert len(kinds) > 20
    assert {f.where for pieces in drawn for f in pieces} == {"patch", "ring", "over", "wrap"}
    for pieces in drawn:
        assert 1 <= len(pieces) <= 3
        stiff = [f.kind in stuffing.STIFF for f in pieces]
        assert stiff == sorted(stiff, reverse=True)


def test_filler_is_drawn_fast() -> None:
    made = packed(9, "peanuts_s", "over", 1.0)
    start = time.process_time()
    kinds.meshes(made)
    filler_look("peanuts_s", 9)
    assert time.process_time() - start < 2.5
