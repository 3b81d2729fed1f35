"""Which ground a photo is taken on, and in which light."""

from __future__ import annotations

import numpy as np

from greenpack.training.places.floors import FLOORS
from greenpack.training.scene import Light


def ground(rng: np.random.Generator) -> str:
    """Kind of floor, a third of them tables."""
    kind = str(rng.choice([*FLOORS, "rollers"]))
    if kind in ("wood", "laminate", "white", "steel", "mat") and rng.random() < 0.5:
        kind += "-table"
    return kind


def lamp(rng: np.random.Generator, azimuth: float) -> Light:
    """One small lamp near by at night: warm to greenish, next to no light from elsewhere."""
    return Light(
        "lamp",
        azimuth,
        float(rng.uniform(20, 60)),
        float(np.exp(rng.uniform(np.log(0.004), np.log(0.03)))),
        float(rng.uniform(-0.1, 0.9)),
        float(rng.uniform(1500, 4000)),
    )


def light(rng: np.random.Generator) -> Light:
    """Light of a room, a hall, a window, a flash or the sun."""
    kind = str(
        rng.choice(["daylight", "tubes", "flash", "sun", "room"], p=[0.32, 0.25, 0.1, 0.13, 0.2])
    )
    low, high = {"flash": (0.03, 0.3), "sun": (0.12, 0.4)}.get(kind, (0.12, 0.9))
    elevation = rng.uniform(30, 65) if kind in ("sun", "daylight") else rng.uniform(55, 90)
    return Light(
        kind,
        float(rng.uniform(0, 360)),
        float(elevation),
        float(rng.uniform(low, high)),
        float(np.clip(rng.normal(0.15, 0.5), -1, 1)),
    )
