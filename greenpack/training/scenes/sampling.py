"""Draws scenes from seeds: numpy only, the same seed always gives the same scene."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons.closed import extent, parcel
from greenpack.training.cartons.frames import outer
from greenpack.training.cartons.opened import carton
from greenpack.training.places.beside import beside, clutter, label_beside
from greenpack.training.places.furnishing import around, furnish
from greenpack.training.places.ground_and_light import ground, light
from greenpack.training.scene import Camera, Carton, Finish, Scene
from greenpack.training.scenes.closed_parcels import closed
from greenpack.training.scenes.contents import fill
from greenpack.training.scenes.framing import frame
from greenpack.training.scenes.without_parcel import empty

VERSION = "3"
"""Changed whenever the same seed would give another picture."""

CASES = {"one": 0.42, "closed": 0.29, "none": 0.15, "several": 0.07, "cut_off": 0.07}
TILTS = {(0.0, 15.0): 0.45, (15.0, 35.0): 0.27, (35.0, 65.0): 0.28}
"""Degrees from straight down at which opened cartons are seen, and how often."""


def sample(seed: int, width: int = 448, height: int = 448, case: str | None = None) -> Scene:
    """A scene of the training distribution.

    Args:
        seed: of everything that varies.
        width: of the picture, pixels.
        height: of the picture, pixels.
        case: one of `CASES`, for the distribution given that case; default: drawn by its share.
    """
    rng = np.random.default_rng([7, seed])
    drawn = str(rng.choice(list(CASES), p=list(CASES.values())))
    case = case or drawn
    fov = float(rng.uniform(40, 72))
    camera = Camera(0, 0, 900, 0, 0, 0, 0, fov, width, height, distortion(rng))
    base = Scene(seed, ground(rng), camera, light(rng), finish(rng), case=case)
    if case == "none":
        made = empty(rng, base)
    else:
        made = closed(rng, base) if case == "closed" else _opened(rng, base)
    return replace(made, finish=by_night(rng, made.finish)) if made.light.kind == "lamp" else made


def distortion(rng: np.random.Generator) -> float:
    """A lens: most phones correct theirs, wide fixed cameras show barrel distortion."""
    kind = rng.random()
    if kind < 0.6:
        return 0.0
    return float(
        np.clip(rng.normal(0, 0.012), -0.03, 0.03) if kind < 0.9 else rng.uniform(0.02, 0.13)
    )


def finish(rng: np.random.Generator) -> Finish:
    """Camera and file: most pictures good, some soft, noisy, dim or strongly compressed."""
    soft, shaken, dim = rng.random() < 0.2, rng.random() < 0.12, rng.random() < 0.12
    veiled = rng.random() < 0.05  # through a pane, or between leaves
    return Finish(
        exposure=float(rng.uniform(0.22, 0.34) if dim else rng.uniform(0.38, 0.62)),
        warmth=float(rng.normal(0, 0.35)),
        blur=float(rng.uniform(0.6, 1.5) if soft else rng.uniform(0, 0.6)),
        motion=float(rng.uniform(2, 6) if shaken else 0),
        motion_angle=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(0.02, 0.06) if dim else rng.uniform(0.002, 0.022)),
        vignette=float(rng.uniform(0, 0.35)),
        contrast=float(rng.uniform(0.9, 1.15)),
        quality=int(rng.integers(50, 96)),
        tint=float(rng.normal(0, 0.3)),
        sharpen=float(rng.uniform(0.3, 1.4) if rng.random() < 0.35 else 0),
        shrink=float(rng.uniform(1.2, 2.4) if rng.random() < 0.15 else 1),
        haze=float(rng.uniform(0.1, 0.6) if veiled else 0),
        blobs=int(rng.integers(1, 5)) if veiled and rng.random() < 0.5 else 0,
    )


def by_night(rng: np.random.Generator, found: Finish) -> Finish:
    """What a camera makes of one lamp in the dark: bright spots, black ground, noise, odd white."""
    return replace(
        found,
        exposure=float(rng.uniform(0.24, 0.46)),
        noise=float(rng.uniform(0.012, 0.05)),
        warmth=float(rng.normal(0.15, 0.35)),
        tint=float(rng.normal(-0.3, 0.4)),
        contrast=float(rng.uniform(1.0, 1.2)),
    )


def _opened(rng: np.random.Generator, base: Scene) -> Scene:
    """An opened carton, or several, with what lies about it."""
    first = fill(rng, carton(rng))
    cartons = [first]
    if base.case == "several":
        cartons += _others(rng, first)
    if rng.random() < 0.14:
        cartons += [parcel(rng) for _ in range(int(rng.integers(1, 3)))]
    scene = replace(base, cartons=_spread(rng, cartons))
    if len(cartons) == 1 and rng.random() < 0.16:
        scene = replace(scene, goods=beside(rng, first, int(rng.integers(1, 5))))
    if len(cartons) == 1 and rng.random() < 0.15:
        scene = replace(scene, labels=(label_beside(rng, first),))
    tilts = list(TILTS)[rng.choice(len(TILTS), p=list(TILTS.values()))]
    shares = (0.12, 0.6) if len(cartons) > 1 else (0.15, 1.0)
    cut_off = base.case == "cut_off"
    camera = frame(
        rng,
        scene,
        cut_off,
        fill_range=shares,
        tilts=tilts,
        near_share=0.3,
        close_share=0.5,
        room=0.006,
    )
    scene = replace(scene, camera=camera)
    # Straight from above the ground is all there is to see.
    if tilts[1] < 20 and rng.random() < 0.5:
        return replace(scene, clutter=clutter(rng, around(scene)))
    return furnish(rng, scene)


def _others(rng: np.random.Generator, first: Carton) -> list[Carton]:
    """More opened cartons: of their own make, or like the first with other contents."""
    count = int(rng.integers(1, 6)) if rng.random() < 0.4 else 1
    if rng.random() < 0.5:
        return [fill(rng, carton(rng)) for _ in range(count)]
    bare = replace(first, goods=(), filler=(), sheets=(), labels=())
    return [fill(rng, replace(bare, seed=int(rng.integers(2**31)))) for _ in range(count)]


def _spread(rng: np.random.Generator, cartons: list[Carton]) -> tuple[Carton, ...]:
    """The cartons on the ground round the first, apart by their enclosing circles."""
    placed: list[tuple[Carton, float]] = []
    for made in cartons:
        radius = (outer(made) if made.opened else float(np.hypot(*extent(made)[:2]))) / 2 + 10
        way, away = float(rng.uniform(0, 2 * np.pi)), 0.0
        found = made
        while any(np.hypot(found.x - c.x, found.y - c.y) < radius + r for c, r in placed):
            away += 15.0
            found = replace(made, x=float(away * np.cos(way)), y=float(away * np.sin(way)))
        placed.append((found, radius))
    return tuple(c for c, _ in placed)
