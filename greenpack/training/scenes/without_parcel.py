"""Pictures with no parcel at all: tables, floors, doors, shelves, belts, totes, people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.goods import packing
from greenpack.training.goods.displays import display
from greenpack.training.goods.kinds import KINDS
from greenpack.training.places.beside import beside
from greenpack.training.places.furnishing import furnish, props
from greenpack.training.places.layout import AREA
from greenpack.training.scene import Camera, Carton, Clutter, Good, Place, Scene
from greenpack.training.scenes.framing import look_at

SUBJECTS = {
    "goods": 0.36,
    "things": 0.15,
    "place": 0.14,
    "wall": 0.16,
    "tote": 0.08,
    "track": 0.05,
    "person": 0.06,
}
"""What such a picture shows, and how often."""

_NOWHERE = Carton(20, 20, 10, 1, 0, 0, 0, False, (0, 0, 0), (0, 0, 0), False)
_THINGS = ("mug", "bowl", "papers", "phone", "tools", "keyboard", "laptop", "toy", "potted",
           "cushion", "handbag", "bin", "scales", "cable")  # fmt: skip


def empty(rng: np.random.Generator, base: Scene) -> Scene:
    """A scene without a parcel made from the size, finish and light of `base`; its goods are
    items."""
    subject = str(rng.choice(list(SUBJECTS), p=list(SUBJECTS.values())))
    kind: str | None = None
    if subject == "goods":
        kind = str(rng.choice(["table", "table", "table", "bay", "bay", "room", "doorstep"]))
        low, goods = 0.0, beside(rng, _NOWHERE, int(rng.integers(1, 9)))
        if rng.random() < 0.7:
            goods = display(rng, int(rng.integers(3, 16)))
        if rng.random() < 0.55 or kind == "bay":
            low = 45.0 if kind != "bay" else 55.0
        tall = max((g.z + g.size[2] for g in goods), default=60.0)
        seen, size = replace(base, goods=goods), max(_spread(goods), tall)
        scene = _shot(rng, seen, size, 80, low, tall / 2, (0.35, 1.15))
    elif subject == "things":
        kind = str(rng.choice(["table", "table", "room", "bay"]))
        scene = _shot(rng, base, float(rng.uniform(250, 700)), 75)
    elif subject == "wall":
        # A door, a window or a panel fills the picture.
        kind = str(rng.choice(["room", "room", "doorstep", "doorstep", "hall", "table"]))
        scene = _shot(
            rng, base, float(rng.uniform(500, 1700)), 92, 66, float(rng.uniform(150, 1200))
        )
        return furnish(rng, scene, float(rng.uniform(30, 200)), kind)
    elif subject == "tote":
        size = float(rng.uniform(350, 620))
        kind = str(rng.choice(["hall", "track", "table", "room"]))
        inside = (size * 0.94, size * 0.64, size * 0.26)
        goods = ()
        if rng.random() < 0.7:
            kinds = [str(k) for k in rng.choice(list(KINDS), 3)]
            loose = packing.loose(rng, *inside, kinds, int(rng.integers(1, 9)), 0.6)
            goods = tuple(replace(g, z=g.z + 8.5) for g in loose)
        scene = _shot(rng, replace(base, goods=goods), size, 60)
        tote = Clutter("tote", 0, 0, 0, 0, size, int(rng.integers(2**31)))
        return _with(furnish(rng, scene, size * 0.65, kind), (tote,))
    elif subject == "person":
        scene = _shot(rng, base, 500.0, 75)
        around = props(rng, 30, scene.camera, ("legs", "legs", "mug", "papers"), 500)
        x, y = (float(v) for v in rng.uniform(-120, 120, 2))
        hand = Clutter("arm", x, y, 0, float(rng.uniform(0, 360)), float(rng.uniform(165, 205)),
                       int(rng.integers(2**31)))  # fmt: skip
        made = furnish(rng, scene, 600, str(rng.choice(["room", "hall", "doorstep"])))
        low = made.place.base if made.place else 0.0
        return _with(made, (hand, *(replace(p, z=-low) for p in around)))
    else:
        kind = (
            "track"
            if subject == "track"
            else str(rng.choice(["room", "doorstep", "street", "hall"]))
        )
        wide = float(rng.uniform(400, 1500))
        scene = _shot(rng, base, wide, 82)
        return furnish(rng, scene, float(rng.uniform(30, 250)), kind)
    if subject == "things":
        return _with(furnish(rng, scene, 300, kind), _strewn(rng, 300))
    return furnish(rng, scene, None, kind)


def _with(scene: Scene, more: tuple[Clutter, ...]) -> Scene:
    place = scene.place or Place("room")
    return replace(scene, place=replace(place, props=(*more, *place.props)))


def _spread(goods: tuple[Good, ...]) -> float:
    return 2 * max((float(np.hypot(g.x, g.y)) + g.size[0] / 2 for g in goods), default=120.0)


def _shot(
    rng: np.random.Generator,
    base: Scene,
    size: float,
    max_tilt: float,
    min_tilt: float = 0.0,
    high: float = 30.0,
    shares: tuple[float, float] = (0.3, 0.85),
) -> Scene:
    """The scene with a camera on the point `high` mm over the origin and nothing lying there."""
    camera: Camera = look_at(rng, base.camera, (0.0, 0.0, high), size, max_tilt, min_tilt, shares)
    return replace(base, cartons=(), labels=(), clutter=(), camera=camera)


def _strewn(rng: np.random.Generator, reach: float) -> tuple[Clutter, ...]:
    """Household things in the clear circle, none in another."""
    found: list[tuple[float, float, float]] = []
    things: list[Clutter] = []
    for _ in range(int(rng.integers(1, 6))):
        kind = str(rng.choice(_THINGS))
        share, low, high = AREA[kind]
        size = float(rng.uniform(low, high))
        radius = share * size
        x, y = (float(v) for v in rng.normal(0, reach * 0.45, 2)) if things else (0.0, 0.0)
        if np.hypot(x, y) + radius > reach:
            continue
        if any(np.hypot(x - a, y - b) < radius + r for a, b, r in found):
            continue
        found.append((x, y, radius))
        things.append(
            Clutter(kind, x, y, 0, float(rng.uniform(0, 360)), size, int(rng.integers(2**31)))
        )
    return tuple(things)
