"""Draws closed parcels and soft mailers with their tape and waybill."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.beside import number
from greenpack.training.cartons import carton
from greenpack.training.scene import Carton, Label
from greenpack.training.waybill_label import SIZES


def parcel(rng: np.random.Generator) -> Carton:
    """A closed carton with tape and waybill, or a soft mailer, at the origin."""
    length = float(rng.uniform(150, 480))
    width = float(length * rng.uniform(0.5, 1.0))
    bag = bool(rng.random() < 0.2)
    depth = float(rng.uniform(25, 70) if bag else np.clip(width * rng.uniform(0.25, 1.0), 45, 350))
    base = carton(rng)
    colour = base.colour
    if bag and rng.random() < 0.7:
        colour = (0.8, 0.8, 0.8) if rng.random() < 0.4 else (0.04, 0.04, 0.045)
    labels: tuple[Label, ...] = ()
    if rng.random() < 0.85:
        sizes = [s for s in SIZES if s[0] < width * 0.9 and s[1] < length * 0.9]
        if sizes:
            w, h = sizes[rng.integers(len(sizes))]
            room = np.array([length - h, width - w]) / 2 * (0.35 if bag else 0.9)
            x, y = (float(v) for v in rng.uniform(-room, room))
            turn = float(rng.choice([90.0, 270.0]) + rng.normal(0, 3))
            labels = (Label(number(rng), w, h, "top", x, y, turn, int(rng.integers(2**31))),)
    return replace(
        base,
        length=length,
        width=width,
        depth=depth,
        opened=False,
        flaps=(),
        labels=labels,
        bag=bag,
        colour=colour,
        yaw=float(rng.uniform(0, 360)),
        tape_width=0.0 if bag or rng.random() < 0.1 else base.tape_width,
    )
