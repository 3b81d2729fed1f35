"""Draws opened cartons: size, board, wall, flaps; still empty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.scene import Carton, Colour, Flap


def board_colour(rng: np.random.Generator) -> Colour:
    """Kraft brown mostly; white, grey, black or printed colours at times."""
    kind = rng.random()
    shade = float(rng.uniform(0.7, 1.2))
    if kind < 0.68:
        colour = np.array([0.46, 0.29, 0.155]) * shade + rng.normal(0, 0.012, 3)
    elif kind < 0.84:
        colour = np.array([0.85, 0.84, 0.81]) * rng.uniform(0.85, 1.05)
    else:
        colour = rng.uniform(0.02, 0.75, 3)
    r, g, b = (float(v) for v in np.clip(colour, 0.012, 0.92))
    return r, g, b


def carton(rng: np.random.Generator) -> Carton:
    """An opened, still empty carton of random size, board and flaps, at the origin."""
    length = float(rng.uniform(140, 520))
    width = float(length * rng.uniform(0.45, 1.0))
    depth = float(np.clip(width * rng.uniform(0.22, 1.0), 45, 380))
    wall = float(rng.uniform(2, 6))
    outside = board_colour(rng)
    same = rng.random() < 0.75
    kraft = float(rng.uniform(0.85, 1.15))
    inside = outside if same else (0.46 * kraft, 0.3 * kraft, 0.165 * kraft)
    tape = (
        (0.55, 0.36, 0.16)
        if rng.random() < 0.6
        else tuple(float(v) for v in rng.uniform(0.1, 0.9, 3))
    )
    made = Carton(
        length,
        width,
        depth,
        wall,
        0,
        0,
        0,
        True,
        outside,
        inside,
        bool(rng.random() < 0.5),
        tape_width=float(rng.choice([42, 45, 48, 60, 72])),
        tape_colour=(tape[0], tape[1], tape[2]),
        seed=int(rng.integers(2**31)),
    )
    return replace(made, flaps=flaps(rng, made))


def flaps(rng: np.random.Generator, made: Carton) -> tuple[Flap, ...]:
    """Flaps by the carton's style; none reaches through the floor."""
    style = str(rng.choice(["slotted", "none", "long", "lid"], p=[0.7, 0.12, 0.06, 0.12]))
    if style == "none":
        return ()
    sides = {"slotted": (0, 1, 2, 3), "long": (1, 3), "lid": (1,)}[style]
    reach = made.width * float(rng.uniform(0.92, 1.0)) / (1 if style == "lid" else 2)
    taped = rng.random() < 0.4
    found, mean = [], float(rng.uniform(85, 150))
    for side in sides:
        kind = rng.random()
        angle = float(rng.normal(mean, 18))
        if kind < 0.10:
            angle = float(rng.uniform(8, 70))
        elif kind < 0.13 and style != "lid":
            angle = float(rng.uniform(-50, -10))
        lowest = (made.rim - 4) / reach
        limit = 172.0 if lowest >= 1 else float(np.degrees(np.arccos(-max(lowest, 0.0))))
        angle = float(np.clip(angle, -50, min(limit, 172.0)))
        found.append(
            Flap(side, reach, angle, bool(taped and side in (1, 3) and rng.random() < 0.7))
        )
    return tuple(found)
