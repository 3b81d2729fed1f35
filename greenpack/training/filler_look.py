"""What filler is made of: paper, film, foam."""

from __future__ import annotations

import numpy as np

from greenpack.training.material import Material


def filler_look(kind: str, seed: int) -> Material:
    rng = np.random.default_rng(seed + 2)
    shade = float(rng.uniform(0.8, 1.15))
    if "kraft" in kind:
        return Material((0.46 * shade, 0.30 * shade, 0.16 * shade), roughness=0.8, sheen=0.2)
    if "white" in kind:
        return Material((0.8, 0.8, 0.78), roughness=0.75)
    if kind == "peanuts":
        tints = ((0.85, 0.85, 0.82), (0.6, 0.78, 0.6), (0.85, 0.6, 0.6))
        return Material(tints[rng.integers(3)], roughness=0.6)
    return Material((0.75, 0.8, 0.85), roughness=0.12, clear=0.62 if kind == "pillows" else 0.5)
