"""Products set out: none cuts another, none floats, what leans touches what it leans at."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.drawing.meshes import hinged, transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.goods.displays import display
from greenpack.training.goods.shapes import mesh_of
from greenpack.training.scene import Good


def frame(good: Good) -> Floats:
    low = transform(good.x, good.y, good.z, good.yaw)
    return np.asarray(low @ hinged(good.size[0] / 2, good.tilt), np.float64)


def depth_inside(a: Good, b: Good) -> float:
    """How deep in mm a corner of one is inside the block that bounds another."""
    back = np.linalg.inv(frame(b)) @ frame(a)
    local = mesh_of(a).moved(np.asarray(back, np.float64)).vertices
    room = np.array(b.size[:2]) / 2 - np.abs(local[:, :2])
    high = np.minimum(local[:, 2], b.size[2] - local[:, 2])
    return float(np.minimum(room.min(axis=1), high).max())


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31), count=st.integers(1, 14))
def test_products_keep_apart_and_stand_on_something(seed: int, count: int) -> None:
    made = display(np.random.default_rng(seed), count)
    assert made == display(np.random.default_rng(seed), count)
    assert 1 <= len(made) <= count + 3
    for a, b in permutations(made, 2):
        assert depth_inside(a, b) < 0.6
    for one in made:
        low = mesh_of(one).moved(frame(one)).vertices[:, 2].min()
        assert low > -0.01
        tops = [g.z + g.size[2] for g in made if g.tilt == 0]
        assert one.z == 0 or any(abs(one.z - t) < 1e-6 for t in tops), "floats in the air"


def test_many_stand_on_others_and_some_lean() -> None:
    made = [g for seed in range(30) for g in display(np.random.default_rng(seed), 10)]
    assert len(made) > 150
    assert np.mean([g.z > 0 for g in made]) > 0.12
    leaning = [g for g in made if g.tilt > 0]
    assert len(leaning) > 5
    assert all(58 <= g.tilt <= 80 for g in leaning)
