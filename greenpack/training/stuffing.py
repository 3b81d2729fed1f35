"""Draws the filler of an opened carton."""

from __future__ import annotations

import numpy as np

from greenpack.training.scene import Carton, Filler


def stuffing(rng: np.random.Generator, made: Carton) -> tuple[Filler, ...]:
    """One or two kinds of filler, in a corner, around or all over the goods."""
    found = []
    for _ in range(1 if rng.random() < 0.75 else 2):
        kind = str(
            rng.choice(
                ["kraft", "white", "wad_kraft", "wad_white", "bubble", "pillows", "peanuts"],
                p=[0.22, 0.12, 0.22, 0.12, 0.1, 0.14, 0.08],
            )
        )
        amount = float(rng.uniform(0.7, 1.0) if rng.random() < 0.25 else rng.uniform(0.12, 0.6))
        x = float(rng.uniform(-0.35, 0.35) * made.length)
        y = float(rng.uniform(-0.35, 0.35) * made.width)
        found.append(Filler(kind, amount, x, y, int(rng.integers(2**31))))
    return tuple(found)
