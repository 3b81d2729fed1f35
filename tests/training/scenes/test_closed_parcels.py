"""Pictures of closed parcels: walls, beds and products where the parcels need them."""

from __future__ import annotations

import numpy as np
import pytest

from greenpack.training.cartons.closed import extent
from greenpack.training.cartons.pile import points, top
from greenpack.training.goods.packing import footprint
from greenpack.training.places.ground_and_light import light
from greenpack.training.scene import Camera, Finish, Scene
from greenpack.training.scenes import closed_parcels

CAMERA = Camera(0, 0, 900, 0, 0, 0, 0, 55, 448, 448)


def drawn(seed: int) -> Scene:
    rng = np.random.default_rng(seed)
    return closed_parcels.closed(rng, Scene(seed, "concrete", CAMERA, light(rng), Finish()))


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    """Scenes enough for every kind."""
    return [drawn(seed) for seed in range(150)]


def test_what_leans_at_a_wall_has_it_at_its_edge(scenes: list[Scene]) -> None:
    found = 0
    for scene in scenes:
        walls = [p for p in scene.place.props if p.kind.startswith("wall")] if scene.place else []
        if not walls or not scene.cartons[0].tilt:
            continue
        every = np.concatenate([points(c)[:, :2] for c in scene.cartons])
        for wall in walls:
            way = np.array([wall.x, wall.y]) / np.hypot(wall.x, wall.y)
            room = np.hypot(wall.x, wall.y) - every @ way
            assert room.min() > -0.5, "in the wall"
            found += room.min() < 2
    assert found > 0


def test_heaps_lie_on_their_bed(scenes: list[Scene]) -> None:
    beds = [s for s in scenes if s.place and any("bed-" in p.kind for p in s.place.props)]
    assert beds
    for scene in beds:
        assert scene.place is not None
        bed = next(p for p in scene.place.props if "bed-" in p.kind)
        turn = np.radians(bed.yaw)
        along = np.array([np.cos(turn), np.sin(turn)])
        for carton in scene.cartons:
            assert np.abs(points(carton)[:, :2] @ along).max() <= bed.size / 2 + 1


def test_products_on_a_parcel_stand_on_its_top(scenes: list[Scene]) -> None:
    topped = [s for s in scenes if s.goods]
    assert topped
    for scene in topped:
        for good in scene.goods:
            below = [c for c in scene.cartons if good.z == pytest.approx(c.z + top(c) + 0.3)]
            turn = np.radians(below[0].yaw)
            local = (footprint(good) - (below[0].x, below[0].y)) @ np.array(
                [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
            )
            assert (np.abs(local) <= np.array(extent(below[0])[:2]) / 2).all()
