"""What lies around a carton: goods and waybills on the floor, clutter, hands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons.frames import outer
from greenpack.training.goods import packing
from greenpack.training.goods.kinds import KINDS
from greenpack.training.printed.waybill_label import SIZES, number
from greenpack.training.scene import Carton, Clutter, Good, Label


def beside(rng: np.random.Generator, made: Carton, count: int) -> tuple[Good, ...]:
    """Goods lying on the floor next to a carton, clear of its flaps."""
    found: list[Good] = []
    reach = outer(made) / 2
    for _ in range(count * 4):
        good = packing.sample(rng, str(rng.choice(list(KINDS))), (240, 180, 120))
        if good is None or len(found) == count:
            continue
        angle = rng.uniform(0, 2 * np.pi)
        away = reach + np.hypot(*good.size[:2]) / 2 + rng.uniform(5, 90)
        good = replace(
            good,
            x=made.x + float(away * np.cos(angle)),
            y=made.y + float(away * np.sin(angle)),
            yaw=float(rng.uniform(0, 360)),
        )
        if not any(packing.overlaps(good, other, 2) for other in found):
            found.append(good)
    return tuple(found)


def label_beside(rng: np.random.Generator, made: Carton) -> Label:
    """A waybill lying on the floor near a carton."""
    width, height = SIZES[rng.integers(len(SIZES))]
    angle, away = (
        rng.uniform(0, 2 * np.pi),
        outer(made) / 2 + np.hypot(width, height) / 2 + rng.uniform(0, 40),
    )
    x, y = made.x + float(away * np.cos(angle)), made.y + float(away * np.sin(angle))
    return Label(
        number(rng),
        width,
        height,
        "floor",
        x,
        y,
        float(rng.uniform(0, 360)),
        int(rng.integers(2**31)),
    )


def clutter(rng: np.random.Generator, reach: float) -> tuple[Clutter, ...]:
    """Tape rolls, pens, cutters, sheets of paper, and sometimes a hand at the rim."""
    found = []
    for _ in range(int(rng.integers(1, 4)) if rng.random() < 0.35 else 0):
        kind = str(rng.choice(["roll", "pen", "sheet", "cutter"]))
        size = float({"roll": rng.uniform(45, 60), "sheet": rng.uniform(70, 150)}.get(kind, 110.0))
        angle, away = rng.uniform(0, 2 * np.pi), reach + size + rng.uniform(20, 150)
        found.append(
            Clutter(
                kind,
                float(away * np.cos(angle)),
                float(away * np.sin(angle)),
                0.3,
                float(rng.uniform(0, 360)),
                size,
                int(rng.integers(2**31)),
            )
        )
    if rng.random() < 0.07:
        angle, size = float(rng.uniform(0, 360)), float(rng.uniform(80, 100))
        away = reach * float(rng.uniform(0.75, 1.0)) + size
        found.append(
            Clutter(
                "hand",
                float(away * np.cos(np.radians(angle))),
                float(away * np.sin(np.radians(angle))),
                float(rng.uniform(5, 220)),
                angle + 180,
                size,
                int(rng.integers(2**31)),
            )
        )
    return tuple(found)
