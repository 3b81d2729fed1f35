"""Scenes: the same seed gives the same scene, and what is drawn is physically possible."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.cartons.frames import rim
from greenpack.training.goods import packing
from greenpack.training.goods.kinds import KINDS
from greenpack.training.goods.packing import footprint, overlaps
from greenpack.training.goods.shapes import mesh_of, volume_of
from greenpack.training.pictures.parts import build
from greenpack.training.pictures.projection import project
from greenpack.training.scene import Carton, Good, Scene
from greenpack.training.scenes import sampling

SEEDS = range(16)


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_a_seed_gives_one_scene(seed: int) -> None:
    assert sampling.sample(seed) == sampling.sample(seed)
    assert sampling.sample(seed) != sampling.sample(seed + 1)


def test_a_seed_gives_one_set_of_meshes() -> None:
    scene = sampling.sample(3)
    for a, b in zip(build(scene), build(scene), strict=True):
        assert np.array_equal(a.mesh.vertices, b.mesh.vertices)


def test_a_scene_can_be_written_as_json() -> None:
    assert sampling.sample(5).as_dict()["seed"] == 5


def check(goods: tuple[Good, ...], length: float, width: float, depth: float) -> None:
    """Inside the carton, below the rim, not in one another, each on the floor or on another."""
    for good in goods:
        quad = footprint(good)
        assert (np.abs(quad) <= (length / 2, width / 2)).all()
        assert good.z + good.size[2] <= depth
        below = [g for g in goods if abs(g.z + g.size[2] - good.z) < 1e-6]
        assert good.z == 0 or any(overlaps(replace(g, z=good.z), good) for g in below), (
            "floats in the air"
        )
    for a, b in combinations(goods, 2):
        assert not overlaps(a, b), "two goods in one place"


sizes = st.tuples(st.floats(140, 520), st.floats(0.45, 1.0), st.floats(45, 350))


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), size=sizes, count=st.integers(1, 14))
def test_loose_goods_never_cut_each_other(
    seed: int, size: tuple[float, float, float], count: int
) -> None:
    length, share, depth = size
    rng = np.random.default_rng(seed)
    goods = packing.loose(rng, length, length * share, depth, list(KINDS), count)
    check(goods, length, length * share, depth)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), size=sizes, cells=st.integers(1, 12))
def test_tight_goods_never_cut_each_other(
    seed: int, size: tuple[float, float, float], cells: int
) -> None:
    length, share, depth = size
    rng = np.random.default_rng(seed)
    goods = packing.tight(rng, length, length * share, depth, ["box_white"], cells, 1.0)
    assert goods
    check(goods, length, length * share, depth)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_meshes_fit_the_sizes_they_are_declared_with(kind: str, seed: int) -> None:
    good = packing.sample(np.random.default_rng(seed), kind, (400, 400, 400))
    assert good is not None
    mesh = mesh_of(good)
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    assert low[2] == pytest.approx(0, abs=1e-6)
    assert np.allclose(high - low, good.size, rtol=0.02)
    assert 0 < volume_of(good) <= np.prod(good.size) * 1.001


def opened(scene: Scene) -> list[Carton]:
    return [c for c in scene.cartons if c.opened]


def test_flaps_stay_above_the_floor() -> None:
    for seed in SEEDS:
        for made in opened(sampling.sample(seed)):
            for flap in made.flaps:
                assert made.rim + flap.length * np.cos(np.radians(flap.angle)) > 0


def test_cameras_stand_high_enough_and_see_the_whole_opening() -> None:
    for seed in SEEDS:
        scene = sampling.sample(seed)
        if scene.case != "one":
            continue
        made = scene.cartons[0]
        assert scene.camera.z - made.rim >= 1.15 * made.depth
        pixels = project(scene.camera, rim(made))
        assert ((pixels >= 0) & (pixels <= 448)).all()


def test_the_cases_share_out_the_whole() -> None:
    assert sum(sampling.CASES.values()) == pytest.approx(1)
    assert {sampling.sample(seed).case for seed in SEEDS} >= {"one", "closed"}


def test_pictures_without_parcel_have_none() -> None:
    bare = [s for s in map(sampling.sample, range(60)) if s.case == "none"]
    assert bare
    assert all(not s.cartons for s in bare)


def test_cartons_beside_one_another_stand_apart() -> None:
    groups = [s for s in map(sampling.sample, range(60)) if s.case == "several"]
    assert groups
    for scene in groups:
        for a, b in combinations(scene.cartons, 2):
            halves = (np.hypot(a.length, a.width) + np.hypot(b.length, b.width)) / 2
            assert np.hypot(a.x - b.x, a.y - b.y) > halves


def test_closed_parcels_are_in_the_picture() -> None:
    for seed in range(60):
        scene = sampling.sample(seed)
        if scene.case != "closed":
            continue
        middles = np.array([(c.x, c.y, c.z + c.depth / 2) for c in scene.cartons])
        pixels = project(scene.camera, middles)
        assert ((pixels > 0) & (pixels < 448)).all(axis=1).any()
