"""Draws scenes from seeds: numpy only, the same seed always gives the same scene."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.beside import beside, clutter, label_beside, outer
from greenpack.training.cartons import carton
from greenpack.training.contents import fill
from greenpack.training.framing import frame, look_at
from greenpack.training.parcels import parcel
from greenpack.training.places import ground, light
from greenpack.training.scene import Camera, Finish, Scene

VERSION = "1"
"""Changed whenever the same seed would give another picture."""

CASES = {"one": 0.70, "closed": 0.14, "none": 0.07, "two": 0.04, "cut_off": 0.05}


def sample(seed: int, width: int = 448, height: int = 448) -> Scene:
    """A scene of the training distribution."""
    rng = np.random.default_rng([7, seed])
    case = str(rng.choice(list(CASES), p=list(CASES.values())))
    camera = Camera(0, 0, 900, 0, 0, 0, 0, float(rng.uniform(45, 65)), width, height)
    base = Scene(seed, ground(rng), camera, light(rng), finish(rng), case=case)
    if case == "none":
        return _nothing(rng, base)
    if case == "closed":
        return _closed(rng, base)
    first = fill(rng, carton(rng))
    cartons = [first]
    if case == "two":
        second = fill(rng, carton(rng))
        away = (outer(first) + outer(second)) / 2 + rng.uniform(10, 120)
        angle = rng.uniform(0, 2 * np.pi)
        cartons.append(replace(second, x=away * np.cos(angle), y=away * np.sin(angle)))
    scene = replace(base, cartons=tuple(cartons))
    if rng.random() < 0.13:
        scene = replace(scene, goods=beside(rng, first, int(rng.integers(1, 5))))
    if rng.random() < 0.22:
        scene = replace(scene, labels=(label_beside(rng, first),))
    scene = replace(scene, clutter=clutter(rng, outer(first) / 2))
    return replace(scene, camera=frame(rng, scene, cut_off=case == "cut_off"))


def finish(rng: np.random.Generator) -> Finish:
    """Camera and file: most pictures good, some soft, noisy, dim or strongly compressed."""
    soft, shaken, dim = rng.random() < 0.2, rng.random() < 0.12, rng.random() < 0.12
    return Finish(
        exposure=float(rng.uniform(0.22, 0.34) if dim else rng.uniform(0.38, 0.62)),
        warmth=float(rng.normal(0, 0.35)),
        blur=float(rng.uniform(0.6, 1.5) if soft else rng.uniform(0, 0.6)),
        motion=float(rng.uniform(2, 6) if shaken else 0),
        motion_angle=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(0.02, 0.06) if dim else rng.uniform(0.002, 0.022)),
        vignette=float(rng.uniform(0, 0.35)),
        contrast=float(rng.uniform(0.9, 1.15)),
        quality=int(rng.integers(55, 96)),
    )


def _closed(rng: np.random.Generator, base: Scene) -> Scene:
    first = parcel(rng)
    cartons = [first]
    for _ in range(int(rng.integers(0, 4)) if rng.random() < 0.35 else 0):
        other, angle = parcel(rng), rng.uniform(0, 2 * np.pi)
        away = (
            max(np.hypot(c.length, c.width) for c in cartons) / 2
            + np.hypot(other.length, other.width) / 2
        )
        if len(cartons) < 2 or rng.random() < 0.7:
            spot = len(cartons) * 2.1 + angle * 0.2
            far = (away + 25) * (1.0 if len(cartons) == 1 else 1.75)
            cartons.append(replace(other, x=float(far * np.cos(spot)), y=float(far * np.sin(spot))))
    size = float(np.hypot(first.length, first.width)) * (1.0 if len(cartons) == 1 else 1.5)
    camera = look_at(
        rng, base.camera, (0, 0, first.depth / 2), size, 65 if rng.random() < 0.5 else 20
    )
    return replace(base, cartons=tuple(cartons), camera=camera, clutter=clutter(rng, size / 2))


def _nothing(rng: np.random.Generator, base: Scene) -> Scene:
    things = tuple(
        replace(c, x=c.x * 0.5, y=c.y * 0.5) for _ in range(4) for c in clutter(rng, 120.0)
    )
    things = things if rng.random() < 0.75 else ()
    if rng.random() < 0.4:
        dot = replace(carton(rng), length=20.0, width=20.0, flaps=())
        base = replace(base, goods=beside(rng, dot, int(rng.integers(1, 4))))
    return replace(base, camera=look_at(rng, base.camera, (0, 0, 0), 400, 55), clutter=things)
