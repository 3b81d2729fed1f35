"""Doors with their frames: flush, panelled, glazed, iron, garage.

A wall's front is y = 0 of its frame and faces -y; doors stand out towards -y, feet on z = 0.
"""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.solids import Pairs, board, boxes, cuboid, tube
from greenpack.training.places.walls import (
    BLACK,
    BRASS,
    STEEL,
    WHITE,
    bold,
    glow,
    outdoors,
    paint,
    wood,
)


def door(kind: str, rng: np.random.Generator, size: float) -> Pairs:
    """A closed door with its frame; `kind`: flush, panelled, glazed, iron, garage."""
    if kind == "garage":
        return _garage(rng, size)
    half, tall, wide = size / 2, 2030.0, float(rng.uniform(50, 110))
    leaf = wood(rng)
    if kind == "panelled" and rng.random() < 0.55:
        leaf = Material(bold(rng), roughness=float(rng.uniform(0.2, 0.5)))
    frame = WHITE if rng.random() < 0.45 else Material(paint(rng), roughness=0.45)
    sill = float(rng.uniform(0, 25))
    found: Pairs = [
        (
            boxes(
                [
                    ((-half - wide, -45, 0), (-half, 0, tall + wide)),
                    ((half, -45, 0), (half + wide, 0, tall + wide)),
                    ((-half, -45, tall), (half, 0, tall + wide)),
                ]
            ),
            frame,
        ),
        (cuboid((-half, -60, -1), (half, 0, sill)), Material(paint(rng), roughness=0.5)),
    ]
    body = cuboid((-half, -18, sill + 4), (half, 0, tall))
    if kind == "iron":
        found.append((body, BLACK))
        bars = [((x, -34, 40.0), (x + 14, -20, tall)) for x in np.arange(-half, half, 95.0)]
        bars += [((-half, -38, z), (half, -18, z + 40)) for z in (60.0, 700.0, 1250.0, 1980.0)]
        found.append((boxes(bars), Material((0.02, 0.02, 0.02), roughness=0.5, metal=0.4)))
    else:
        found.append((body, leaf))
    if kind == "panelled":
        found += _panels(rng, size, tall, leaf)
    if kind == "glazed":
        low = float(rng.uniform(0.12, 0.5)) * tall
        pane = Material((1, 1, 1), outdoors(rng), roughness=0.06, glow=glow(rng))
        cut = -half + size * 0.15
        found.append((board((cut, low), (-cut, tall - 130), -20), pane))
        bars = [((cut, -24, z), (-cut, -18, z + 25)) for z in (low, (low + tall) / 2, tall - 155)]
        found.append((boxes([*bars, ((-12, -24, low), (12, -18, tall - 130))]), leaf))
    metal = STEEL if rng.random() < 0.6 else BRASS
    x = (half - 65) * (1 if rng.random() < 0.5 else -1)
    inward = -110 if x > 0 else 110
    found.append((tube([(x, -18, 1020), (x, -62, 1020), (x + inward, -65, 1020)], 10), metal))
    found.append((boxes([((x - 22, -24, 900), (x + 22, -18, 1120))]), metal))
    if rng.random() < 0.4:
        found.append((boxes([((-130, -28, 950), (130, -18, 1010))]), metal))  # letter slot
    if rng.random() < 0.35:
        found.append((boxes([((-half + 15, -22, 20), (half - 15, -18, 240))]), metal))
    return found


def _panels(rng: np.random.Generator, size: float, tall: float, leaf: Material) -> Pairs:
    """Framed panels in rows: one to three columns, two to five rows; a row may be glass."""
    columns, rows = int(rng.choice([1, 2, 3], p=[0.25, 0.6, 0.15])), int(rng.integers(2, 6))
    cuts = np.cumsum(rng.uniform(0.5, 1.5, rows))
    cuts = np.concatenate([[0.0], cuts / cuts[-1]]) * (tall - 220) + 110
    gap, raised, fields, panes = float(rng.uniform(45, 110)), [], [], []
    other = Material(bold(rng), roughness=0.4) if rng.random() < 0.15 else leaf
    glass = rng.random() < 0.25
    wide = (size - gap) / columns
    for c in range(columns):
        x0 = -size / 2 + gap + c * wide
        x1, e = x0 + wide - gap, 18.0
        for r in range(rows):
            z0, z1 = float(cuts[r]) + gap / 2, float(cuts[r + 1]) - gap / 2
            if z1 - z0 < 3 * e:
                continue
            raised += [
                ((x0, -27.0, z0), (x1, -18.0, z0 + e)),
                ((x0, -27.0, z1 - e), (x1, -18.0, z1)),
                ((x0, -27.0, z0), (x0 + e, -18.0, z1)),
                ((x1 - e, -27.0, z0), (x1, -18.0, z1)),
            ]
            if glass and r == rows - 1:
                panes.append(board((x0 + e, z0 + e), (x1 - e, z1 - e), -19))
            elif min(x1 - x0, z1 - z0) > 140:
                fields.append(((x0 + 50, -24.0, z0 + 50), (x1 - 50, -18.0, z1 - 50)))
    found: Pairs = [(boxes(raised), leaf)] if raised else []
    if fields:
        found.append((boxes(fields), other))
    if panes:
        view = Material((1, 1, 1), outdoors(rng), roughness=0.06, glow=glow(rng))
        found += [(pane, view) for pane in panes]
    return found


def _garage(rng: np.random.Generator, size: float) -> Pairs:
    look = Material(paint(rng), roughness=0.45)
    step = float(rng.choice([120.0, 250.0, 500.0]))
    slats = [
        ((-size / 2, -14.0, z + 4), (size / 2, 0.0, z + step - 8)) for z in np.arange(0, 2200, step)
    ]
    side = [((x, -40.0, 0.0), (x + 90, 0.0, 2300.0)) for x in (-size / 2 - 90, size / 2)]
    return [
        (boxes(slats), look),
        (boxes(side), WHITE),
        (cuboid((-size / 2, -4, 0), (size / 2, 0, 2200)), BLACK),
    ]
