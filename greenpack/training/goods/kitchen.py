"""Shapes of tableware, food packs and candles."""

from __future__ import annotations

import numpy as np

from greenpack.training.goods.product_meshes import (
    Piece,
    blob,
    moved,
    revolve,
    rounded,
    segment,
    sweep,
)

Rng = np.random.Generator


def stacked(rng: Rng, length: float, height: float, flat: float, dish: float) -> list[Piece]:
    """Plates or bowls in one another: a rim for each, an open dish on top.

    `flat` is the foot's share of the radius, `dish` one piece's share of the height.
    """
    count = max(1, int(rng.integers(1, 7) if dish > 0.3 else height / rng.uniform(7, 13)))
    r, one = length / 2, height * max(dish, 1 / count) if count > 1 else height
    rise = (height - one) / max(count - 1, 1)
    profile = [(flat * 0.9 * r, 0.0), (flat * r, 0.04 * one)]
    for k in range(count):
        top = one + k * rise
        lip = min(rise, one) * 0.35 if count > 1 else 0.06 * one
        if k:
            profile.append((0.93 * r, top - lip * 1.5))
        profile += [(0.985 * r, top - lip), (r, top - lip * 0.4), (0.985 * r, top)]
    deep = height - one * 0.8
    steps = np.linspace(0, 1, 6)
    bend = flat + (0.95 - flat) * (1 - steps) ** 0.5
    profile += [
        (float(b) * r, float(height - (height - deep) * s))
        for b, s in zip(bend, steps, strict=True)
    ]
    profile.append((0.0, deep))
    return [Piece(revolve(profile, 44), "ceramic")]


def plates(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    return stacked(rng, length, height, rng.uniform(0.55, 0.7), min(1.0, 24 / height))


def bowls(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    return stacked(rng, length, height, rng.uniform(0.4, 0.5), rng.uniform(0.5, 0.8))


def mug(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    r = width / 2
    low = rng.uniform(0.8, 1.0)
    wall, base = 0.92 * r, 0.07 * height
    cup = revolve(
        [
            (0.9 * low * r, 0),
            (low * r, 0.03 * height),
            (r, 0.97 * height),
            (0.97 * r, height),
            (wall, 0.97 * height),
            (wall * low, base),
            (0, base),
        ],
        40,
    )
    turn = np.linspace(-0.5, 0.5, 12) * np.pi
    reach = length - width
    path = np.stack(
        [
            0.96 * r + reach * np.cos(turn),
            0 * turn,
            height * (0.52 + 0.32 * np.sin(turn)),
        ],
        1,
    )
    surface = "label" if rng.random() < 0.4 else "ceramic"
    return [Piece(cup, surface), Piece(sweep(path, 0.065 * height), "ceramic")]


def can(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    r = length / 2
    rib = min(4.0, 0.06 * height)
    neck = rng.choice([0.9, 0.99])
    body = revolve(
        [
            (0.94 * r, 0),
            (r, rib),
            (r, height - 2.5 * rib),
            (neck * 0.97 * r, height - rib),
            (0, height - rib),
        ]
    )
    lid = revolve(
        [
            (neck * 0.97 * r, height - rib),
            (neck * r, height - 0.3 * rib),
            (neck * 0.97 * r, height),
            (neck * 0.93 * r, height - 0.1 * rib),
            (neck * 0.9 * r, height - 0.8 * rib),
            (0, height - 0.8 * rib),
        ]
    )
    ring = blob((0.34 * r, 0.22 * r, 0.5 * rib), 0.3 * r, 0, height - 0.55 * rib, 8)
    return [Piece(body, "label"), Piece(lid, "steel"), Piece(ring, "steel", True)]


def tin(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A tin with a lid that stands over it."""
    corner = width * rng.uniform(0.08, 0.5)
    lid = min(height * rng.uniform(0.2, 0.45), 22)
    return [
        Piece(rounded((length - 2, width - 2, height - lid), corner, 1.5), "metal"),
        Piece(moved(rounded((length, width, lid), corner, 2.5), z=height - lid), "metal_print"),
    ]


def tub(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    r, low = length / 2, rng.uniform(0.72, 1.0)
    lid = min(0.2 * height, 16)
    body = revolve([(0.93 * low * r, 0), (low * r, 0.03 * height), (0.96 * r, height - lid)])
    cap = [(0.97 * r, 0), (r, 0.15), (r, 0.9), (0.96 * r, 1), (0.9 * r, 1), (0.88 * r, 0.85)]
    top = revolve([(a, height - lid + z * lid) for a, z in [*cap, (0, 0.85)]])
    return [Piece(body, "label"), Piece(top, "plastic")]


def candle(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    """A candle in a glass or a tin, wax below the rim."""
    r, fill = length / 2, rng.uniform(0.7, 0.9)
    glass = [(0.95, 0), (1, 0.03), (1, 0.98), (0.98, 1), (0.94, 0.98), (0.93, fill), (0, fill)]
    wax = revolve([(0.93 * r, fill * height), (0.92 * r, fill * height + 1.0)])
    z = fill * height
    surface = str(rng.choice(["label", "plastic", "glass_dark", "metal"]))
    return [
        Piece(revolve([(a * r, b * height) for a, b in glass], 40), surface),
        Piece(wax, "wax"),
        Piece(segment((0, 0, z), (0.02 * r, 0, z + 0.1 * height), 1.2, 6), "rubber"),
    ]


def fruit_tray(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    low = 0.3 * height
    pieces = [Piece(rounded((length, width, low), 14, 4), "plastic")]
    rows = 2
    side = width * 0.94 / rows
    columns = max(2, int(length * 0.96 / side))
    pitch = length * 0.96 / columns
    for i in range(columns):
        for j in range(rows):
            x, y = (i + 0.5) * pitch - length * 0.48, (j + 0.5) * side - width * 0.47
            across = min(pitch, side) * rng.uniform(0.86, 0.99)
            tall = (height - low) * rng.uniform(0.85, 1.0)
            pieces.append(Piece(blob((across, across, tall), x, y, low + tall / 2, 12), "food"))
    return pieces


SHAPES = {
    "plates": plates,
    "bowls": bowls,
    "mug": mug,
    "can": can,
    "tin": tin,
    "tub": tub,
    "candle": candle,
    "fruit_tray": fruit_tray,
}
