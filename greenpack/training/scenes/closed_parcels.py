"""Pictures of closed parcels as a line camera, a courier or someone at the door takes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons.closed import extent
from greenpack.training.cartons.groups import Group, group, turned
from greenpack.training.cartons.pile import apart, carries, top
from greenpack.training.goods import packing
from greenpack.training.goods.kinds import KINDS
from greenpack.training.places.beside import clutter
from greenpack.training.places.furnishing import around, furnish
from greenpack.training.places.layout import Wall
from greenpack.training.scene import Carton, Good, Scene
from greenpack.training.scenes.framing import look_at

SHARES = {(0.05, 0.25): 0.24, (0.25, 0.95): 0.5, (0.9, 1.7): 0.26}
"""How much of the picture's short side the circle round the parcels takes, and how often.

A box is two thirds as wide as that circle, so that the last range fills and overfills a picture.
"""


def closed(rng: np.random.Generator, base: Scene) -> Scene:
    """A scene of closed parcels made from the size, finish and light of `base`."""
    drawn = group(rng)
    scene = replace(base, cartons=drawn.cartons)
    if not drawn.place and rng.random() < 0.1 and (free := _free(drawn.cartons)):
        scene = replace(scene, goods=on_top(rng, free[rng.integers(len(free))]))
    size = max(2 * around(scene) - 10, _height(scene))
    shares = list(SHARES)[rng.choice(len(SHARES), p=list(SHARES.values()))]
    tilts = (0.0, 25.0) if rng.random() < 0.26 else (25.0, 82.0)
    if drawn.place in ("wall", "cage"):
        tilts = (32.0, 82.0)
    middle = np.mean([(c.x, c.y) for c in scene.cartons], axis=0)
    goal = (float(middle[0]), float(middle[1]), _height(scene) / 2)
    camera = look_at(rng, base.camera, goal, size, tilts[1], tilts[0], shares)
    scene = replace(scene, camera=camera)
    if drawn.place:
        return _placed(rng, scene, drawn)
    if tilts[1] < 30 and rng.random() < 0.4:
        return replace(scene, clutter=clutter(rng, around(scene)))
    return furnish(rng, scene)


def _free(cartons: tuple[Carton, ...]) -> list[Carton]:
    """Boxes with nothing on them or leaning over them, large enough to put things on."""
    return [
        c
        for c in cartons
        if carries(c)
        and min(extent(c)[:2]) > 120
        and all(apart(c, d) for d in cartons if d.z > c.z or d.tilt > 0)
    ]


def _height(scene: Scene) -> float:
    tops = [c.z + extent(c)[2] for c in scene.cartons if c.tilt == 0]
    tops += [c.z + extent(c)[0] * float(np.sin(np.radians(c.tilt))) for c in scene.cartons]
    return max([*tops, *(g.z + g.size[2] for g in scene.goods)])


def _placed(rng: np.random.Generator, scene: Scene, drawn: Group) -> Scene:
    """Turned to the camera with what the group needs: its wall, pallet, roll cage or belt."""
    c = scene.camera
    ahead = float(np.degrees(np.arctan2(c.target_y - c.y, c.target_x - c.x)))
    angle = {
        "wall": ahead + float(rng.normal(0, 22)),
        "cage": ahead - 90 + float(rng.normal(0, 12)),
        "lane": ahead + float(rng.normal(0, 26)),
    }.get(drawn.place, float(rng.uniform(0, 360)))
    scene = replace(scene, cartons=turned(scene.cartons, angle))
    if drawn.place == "wall":
        kind = str(rng.choice(["room", "doorstep", "hall"], p=[0.45, 0.45, 0.1]))
        return furnish(rng, scene, None, kind, against=Wall(angle, drawn.size[0]))
    kind = "track" if drawn.place == "lane" else drawn.place
    return furnish(rng, scene, None, kind, bed=(angle, *drawn.size))


def on_top(rng: np.random.Generator, below: Carton) -> tuple[Good, ...]:
    """One to three products standing on a closed box, clear of one another."""
    length, width, _ = extent(below)
    found: list[Good] = []
    for _ in range(int(rng.integers(1, 4)) * 3):
        limit = (length * 0.8, width * 0.8, 300.0)
        good = packing.sample(rng, str(rng.choice(list(KINDS))), limit)
        put = (
            packing.place(rng, found, good, length * 0.94, width * 0.94, 900, False)
            if good
            else None
        )
        if put is not None and put.z == 0 and len(found) < 3:
            found.append(put)
    c, s = np.cos(np.radians(below.yaw)), np.sin(np.radians(below.yaw))
    high = below.z + top(below) + 0.3
    return tuple(
        replace(
            g,
            x=below.x + float(c * g.x - s * g.y),
            y=below.y + float(s * g.x + c * g.y),
            z=high,
            yaw=g.yaw + below.yaw,
        )
        for g in found
    )
