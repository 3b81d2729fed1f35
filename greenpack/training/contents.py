"""Draws what lies in an opened carton: goods, then filler."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training import packing
from greenpack.training.goods import KINDS
from greenpack.training.scene import Carton, Good
from greenpack.training.stuffing import stuffing

BOXES = ["box_printed", "box_white", "box_plain", "book"]


def fill(rng: np.random.Generator, made: Carton) -> Carton:
    """Goods and filler: empty, a few, many, or packed tight; with or without paper, film or
    peanuts."""
    size = (made.length, made.width, made.depth)
    # Boxes are what is sent most, and small cartons hold neither shoes nor plates.
    kinds = [str(k) for k in rng.choice(list(KINDS), int(rng.integers(1, 4)))]
    kinds.append(str(rng.choice(BOXES)))
    level = rng.random()
    goods: tuple[Good, ...] = ()
    if level < 0.4:
        goods = packing.loose(
            rng, *size, kinds, int(rng.integers(2, 7)), float(rng.uniform(0.45, 0.95))
        )
    elif level < 0.66:
        goods = packing.loose(
            rng, *size, kinds, int(rng.integers(8, 30)), float(rng.uniform(0.35, 0.8))
        )
    elif level < 0.93:
        cells = int(rng.integers(1, 13))
        share = float(rng.uniform(0.35, 1.0))
        low = float(rng.uniform(0.15, 0.9))
        goods = packing.tight(
            rng,
            *size,
            [k for k in kinds if k in BOXES] or BOXES[:3],
            cells,
            share,
            (low, min(low + 0.3, 0.97)),
        )
    made = replace(made, goods=goods)
    return replace(made, filler=stuffing(rng, made) if rng.random() < 0.5 else ())
