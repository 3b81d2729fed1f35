"""What goods are made of: board, print, glaze, film."""

from __future__ import annotations

import numpy as np

from greenpack.training import board, prints
from greenpack.training.goods import placed
from greenpack.training.material import Material, Part
from greenpack.training.noise import Floats
from greenpack.training.scene import Good


def good_parts(good: Good, frame: Floats, number: int) -> list[Part]:
    mesh, seed = placed(good).moved(frame), good.seed
    rng = np.random.default_rng(seed + 1)
    if good.kind == "box_printed":
        look = Material((1, 1, 1), prints.printed_box(seed), roughness=float(rng.uniform(0.2, 0.6)))
    elif good.kind == "box_white":
        look = Material((1, 1, 1), prints.white_box(seed), roughness=float(rng.uniform(0.3, 0.7)))
    elif good.kind == "box_plain":
        colour = tuple(rng.uniform(0.75, 1.1) * np.array((0.42, 0.27, 0.15)))
        if rng.random() < 0.4:
            colour = tuple(rng.uniform(0.01, 0.7, 3))
        look = Material(colour, board.board(seed, False), (3.0, 2.0), 0.6)
    elif good.kind == "book":
        look = Material((1, 1, 1), prints.book(seed), roughness=0.4)
    elif good.kind == "plate":
        look = Material(
            (0.85, 0.85, 0.83) if rng.random() < 0.6 else tuple(rng.uniform(0.1, 0.8, 3)),
            roughness=0.12,
        )
    else:
        picture = prints.wrapper(seed) if rng.random() < 0.75 and good.kind != "shoe" else None
        colour = (1.0, 1.0, 1.0) if picture is not None else tuple(rng.uniform(0.02, 0.85, 3))
        rough = {"bag": 0.45, "shoe": 0.6}.get(good.kind, 0.18)
        glass = 0.35 if good.kind in ("bottle", "jar") and rng.random() < 0.25 else 0.0
        look = Material(
            colour, picture, roughness=float(rng.uniform(0.6, 1.4) * rough), clear=glass
        )
    return [Part("item", number, mesh, look)]
