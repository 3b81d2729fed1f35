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
