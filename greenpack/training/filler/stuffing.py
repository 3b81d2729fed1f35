"""Draws the filler of an opened carton."""

from __future__ import annotations

import numpy as np

from greenpack.training.filler.kinds import KINDS
from greenpack.training.scene import Carton, Filler

SHARES = {
    "rope_kraft": 0.15,
    "rope_white": 0.03,
    "crumple_kraft": 0.09,
    "crumple_white": 0.08,
    "crumple_news": 0.03,
    "crumple_colour": 0.03,
    "sheet_kraft": 0.04,
    "sheet_white": 0.03,
    "honeycomb": 0.05,
    "bubble_small": 0.09,
    "bubble_large": 0.04,
    "pillows_clear": 0.07,
    "pillows_milky": 0.03,
    "peanuts_s": 0.03,
    "peanuts_eight": 0.03,
    "peanuts_tube": 0.02,
    "shred_kraft": 0.03,
    "shred_white": 0.02,
    "shred_colour": 0.02,
    "wood_wool": 0.015,
    "foam_sheet": 0.025,
    "foam_corners": 0.02,
    "foam_insert": 0.03,
    "divider": 0.03,
    "pulp_tray": 0.03,
}
"""How often each kind is met."""

STIFF = ("foam_insert", "divider", "pulp_tray", "foam_corners")
WRAPS = ("bubble_small", "bubble_large", "honeycomb")
POURED = (
    "peanuts_s",
    "peanuts_eight",
    "peanuts_tube",
    "shred_kraft",
    "shred_white",
    "shred_colour",
    "wood_wool",
)


def stuffing(rng: np.random.Generator, made: Carton) -> tuple[Filler, ...]:
    """One to three kinds of filler: in a corner, between, around or all over the goods."""
    kinds, shares = list(KINDS), np.array([SHARES[k] for k in KINDS])
    count = int(rng.choice([1, 2, 3], p=[0.76, 0.2, 0.04]))
    picked = rng.choice(kinds, count, p=shares / shares.sum(), replace=False)
    drawn = [_piece(rng, made, str(kind)) for kind in picked]
    # Stiff parts stand on the floor, so they come first; wrapped goods before what lies on them.
    return tuple(sorted(drawn, key=lambda f: (f.kind not in STIFF, f.where != "wrap")))


def _piece(rng: np.random.Generator, made: Carton, kind: str) -> Filler:
    level = rng.random()
    where, amount = "patch", float(rng.uniform(0.1, 0.6))
    if level < 0.24:
        where, amount = "over", float(rng.uniform(0.8, 1.0))
    elif level < 0.5 and kind not in WRAPS:
        where, amount = "ring", float(rng.uniform(0.4, 0.9))
    elif level < 0.62 and kind in WRAPS and made.goods:
        where = "wrap"
    elif level < 0.6 and kind in POURED:
        where, amount = "over", 1.0
    x, y = rng.uniform(-0.5, 0.5, 2) * (made.length, made.width)
    open_wide = all(f.angle > 60 for f in made.flaps)
    heap = float(rng.uniform(5, 45)) if where == "over" and open_wide and rng.random() < 0.2 else 0
    return Filler(kind, amount, float(x), float(y), int(rng.integers(2**31)), where, float(heap))
