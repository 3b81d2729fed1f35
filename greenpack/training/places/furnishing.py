"""Puts a place round a scene: chooses its kind, arranges it, turns the light clear of its walls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons.frames import outer
from greenpack.training.places.arrangements import COMPOSE, bay
from greenpack.training.places.ground_and_light import lamp
from greenpack.training.places.layout import Layout, Wall
from greenpack.training.scene import Camera, Clutter, Light, Scene

KINDS = {
    "room": 0.26,
    "table": 0.2,
    "doorstep": 0.18,
    "street": 0.12,
    "hall": 0.1,
    "track": 0.08,
    "bay": 0.06,
}
"""Kinds of places and how often they come."""

NIGHT = 0.14
"""Share of the pictures at doors and in streets that one lamp lights at night."""


def furnish(
    rng: np.random.Generator,
    scene: Scene,
    reach: float | None = None,
    kind: str | None = None,
    against: Wall | None = None,
    bed: tuple[float, float, float] | None = None,
) -> Scene:
    """The scene with a place round it; its camera must be final.

    `reach` is the radius in mm about the origin that stays clear, by default that of the cartons
    and goods. The floor is drawn anew and the light turned so that no wall shuts it out. `against`
    and `bed` are those of `Layout`; the kinds pallet and cage are for parcels that need such a bed.
    """
    reach = around(scene) if reach is None else reach
    kind = kind or str(rng.choice(list(KINDS), p=list(KINDS.values())))
    camera = scene.camera
    if kind == "bay" and not _level(camera, 50.0):
        kind = "table"
    made = Layout(rng, reach, camera, against=against, bed=bed)
    if kind == "bay":
        floor, place = bay(made, _height(scene))
    else:
        floor, place = COMPOSE[kind](made)
    lit = _lit(rng, scene.light, made, kind)
    return replace(scene, floor=floor, light=lit, place=replace(place, props=tuple(made.props)))


def props(
    rng: np.random.Generator, reach: float, camera: Camera, kinds: tuple[str, ...], far: float = 500
) -> tuple[Clutter, ...]:
    """Up to four free-standing things of `layout.AREA` round a clear circle, out of the view."""
    made = Layout(rng, reach, camera)
    for _ in range(int(rng.integers(1, 5))):
        made.free(str(rng.choice(kinds)), far)
    return tuple(made.props)


def around(scene: Scene) -> float:
    """Radius in mm about the origin of all cartons and goods of a scene."""
    found = [float(np.hypot(c.x, c.y)) + outer(c) / 2 for c in scene.cartons]
    found += [float(np.hypot(g.x, g.y) + np.hypot(*g.size[:2]) / 2) for g in scene.goods]
    found += [float(np.hypot(k.x, k.y) + np.hypot(k.width, k.height) / 2)
              for k in scene.labels if k.surface == "floor"]  # fmt: skip
    return max(found, default=100.0) + 5.0


def _height(scene: Scene) -> float:
    tops = [c.rim + 20 + c.length * float(np.sin(np.radians(c.tilt))) for c in scene.cartons]
    tops += [g.z + g.size[2] + g.size[0] * float(np.sin(np.radians(g.tilt))) for g in scene.goods]
    return max(tops, default=100.0)


def _level(camera: Camera, tilt: float) -> bool:
    """Whether the camera looks from the side: at least `tilt` degrees from straight down."""
    flat = np.hypot(camera.x - camera.target_x, camera.y - camera.target_y)
    return bool(np.degrees(np.arctan2(flat, camera.z - camera.target_z)) >= tilt)


def _lit(rng: np.random.Generator, found: Light, made: Layout, kind: str) -> Light:
    """The light where no wall stands before it, and of the kind that the place has."""
    if kind in ("doorstep", "street"):
        if found.kind in ("tubes", "room"):
            found = replace(found, kind="daylight" if rng.random() < 0.7 else "flash")
        low, high = (0.35, 1.0) if found.kind != "flash" else (0.005, 0.12)
        ambient = rng.uniform(low, high)
        found = replace(found, ambient=float(ambient))
        if found.kind == "daylight" and rng.random() < 0.35:
            found = replace(found, kind="sun", elevation=float(rng.uniform(25, 65)))
        if rng.random() < NIGHT:
            found = lamp(rng, found.azimuth)
    elif found.kind == "sun":
        found = replace(found, kind="room" if rng.random() < 0.5 else "daylight")
    if not made.walls:
        return found
    turns = found.azimuth + np.arange(0, 360, 15)
    flat = found.distance * np.cos(np.radians(found.elevation))
    both = (-1, 1) if found.kind == "tubes" else (1,)
    out = 700.0 if found.kind == "tubes" else flat
    room = [
        min(w.room(s * out * np.cos(np.radians(t)), s * out * np.sin(np.radians(t)))
            for w in made.walls for s in both)
        for t in turns
    ]  # fmt: skip
    # The first free direction keeps the draw; else the freest.
    fit = [t for t, r in zip(turns, room, strict=True) if r > 500]
    best = fit[0] if fit else turns[int(np.argmax(room))]
    lifted = found.elevation if fit else max(found.elevation, 75.0)
    return replace(found, azimuth=float(best % 360), elevation=float(lifted))
