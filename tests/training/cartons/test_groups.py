"""Groups of closed parcels: none cuts another, floats or topples; what leans rests on something."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.cartons import closed_box, groups
from greenpack.training.cartons.closed import box, extent
from greenpack.training.cartons.leaning import against, at_wall
from greenpack.training.cartons.pile import Pile, points, top
from greenpack.training.scene import Carton


def drawn(kind: str, seed: int) -> groups.Group:
    return groups.group(np.random.default_rng(seed), kind)


def plain(length: float, width: float, depth: float) -> Carton:
    colour = (0.5, 0.3, 0.2)
    return Carton(
        length, width, depth, 3, 0, 0, 0, False, colour, colour, False, style="box", seed=5
    )


def depth_inside(a: Carton, b: Carton) -> float:
    """How deep in mm a point of one parcel is inside the other, bulges of the other left out."""
    back = np.linalg.inv(closed_box.placed(b))
    local = points(a) @ back[:3, :3].T + back[:3, 3]
    length, width, height = extent(b)
    room = np.array([length, width]) / 2 - np.abs(local[:, :2])
    inside = np.minimum(room.min(axis=1), np.minimum(local[:, 2], height - local[:, 2]))
    return float(inside.max())


@pytest.mark.parametrize("kind", list(groups.KINDS))
def test_a_seed_gives_one_group(kind: str) -> None:
    assert drawn(kind, 3) == drawn(kind, 3)
    assert drawn(kind, 3) != drawn(kind, 4)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**31), kind=st.sampled_from(list(groups.KINDS)))
def test_no_parcel_cuts_another_and_all_stand_on_something(seed: int, kind: str) -> None:
    made = drawn(kind, seed).cartons
    assert 1 <= len(made) <= 8
    for a, b in permutations(made, 2):
        # Board may swell into what stands close by; its corners lie in no other box.
        assert b.style != "box" or depth_inside(a, b) < closed_box.BULGE
        if b.tilt > 0:
            assert depth_inside(a, b) < 0.5
    for one in made:
        lowest = points(one)[:, 2].min()
        assert lowest >= -0.01
        tops = [c.z + top(c) for c in made if c is not one and c.tilt == 0]
        resting = lowest < 3 or any(-0.1 < one.z - t < 1 for t in tops)
        assert resting, "floats in the air"


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31), far=st.floats(0.55, 1.3))
def test_what_leans_touches_what_it_leans_at(seed: int, far: float) -> None:
    rng = np.random.default_rng(seed)
    lower, new = replace(box(rng), yaw=0.0, raised=0.0), replace(box(rng, flat=True), raised=0.0)
    away = (extent(lower)[0] + extent(new)[0]) * far / 2
    found = against(replace(new, x=-away, y=0.0, yaw=0.0), (lower,))
    if found is None:
        return
    assert 2 <= found.tilt < 90
    assert depth_inside(lower, found) < 0.01
    lowered = replace(found, tilt=found.tilt - 3)
    # What it touches may be a swollen end, which the flat-faced box leaves out.
    assert depth_inside(lower, lowered) > -closed_box.BULGE, "rests on nothing"


@pytest.mark.parametrize("tilt", [62.0, 72.0, 80.0])
def test_a_parcel_at_a_wall_touches_it_and_stands_on_the_ground(tilt: float) -> None:
    found = at_wall(plain(300, 240, 25), tilt)
    assert found is not None
    made, wall = found
    seen = points(made)
    assert seen[:, 2].min() == pytest.approx(0, abs=1e-6)
    assert wall == pytest.approx(seen[:, 0].max(), abs=1)
    assert at_wall(plain(200, 150, 190), tilt) is None, "would fall over backwards"


def test_a_parcel_hangs_over_only_as_far_as_it_stands() -> None:
    pile = Pile()
    assert pile.put(plain(300, 200, 100))
    upper = plain(200, 150, 80)
    assert not pile.put(replace(upper, x=155.0))
    assert pile.put(replace(upper, x=100.0))
    assert pile.under == [[], [0]]
    # A third one far out would tip the second over.
    assert not pile.put(replace(plain(200, 150, 300), x=185.0))


def test_heaps_are_large_and_find_their_ground() -> None:
    heaps = [drawn("heap", seed) for seed in range(30)]
    assert {h.place for h in heaps} == {"", "pallet", "cage", "lane"}
    assert np.mean([len(h.cartons) for h in heaps]) > 4
    for heap in heaps:
        if heap.place in ("pallet", "cage"):
            reach = np.abs(np.concatenate([points(c)[:, :2] for c in heap.cartons])).max(axis=0)
            assert (reach <= np.array(heap.size) / 2 + 1).all()


def test_nearly_half_of_the_groups_are_piles() -> None:
    made = [drawn("", seed).cartons for seed in range(300)]
    piled = np.mean([any(c.z > 1 and c.tilt == 0 for c in m) for m in made])
    assert 0.38 < piled < 0.56
    assert np.mean([any(c.tilt > 0 for c in m) for m in made]) > 0.06
