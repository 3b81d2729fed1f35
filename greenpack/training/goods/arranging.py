"""Goods put into a carton in order: alone, in rows and layers, in piles, as books on a shelf.

What is put loosely or packed in columns is in `packing`. All lengths in mm, in the carton's frame.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.drawing.noise import Floats
from greenpack.training.goods.kinds import KINDS
from greenpack.training.goods.packing import GAP, sample
from greenpack.training.scene import Good

Rng = np.random.Generator
MOST = 48
"""No arrangement holds more goods than this, to keep scenes quick to draw."""


def single(
    rng: Rng, length: float, width: float, depth: float, kinds: list[str], share: float
) -> tuple[Good, ...]:
    """One product that takes up to `share` of each side, near the middle or anywhere."""
    for _ in range(12):
        limit = (length * share, width * share, depth * 0.95)
        good = sample(rng, str(rng.choice(kinds)), limit)
        if good is None or min(good.size[0] / limit[0], good.size[1] / limit[1]) < 0.45:
            continue
        room = np.array([length - good.size[0], width - good.size[1]]) / 2 - GAP
        if (room < 0).any():
            continue
        spread = 1.0 if rng.random() < 0.5 else 0.25
        x, y = (float(v) for v in rng.uniform(-room, room) * spread)
        # A turn uses up the room left and right of the good.
        left = room - np.abs((x, y))
        most = float(np.degrees(np.arcsin(min(1.0, 1.6 * left.min() / max(good.size[:2])))))
        return (replace(good, x=x, y=y, yaw=float(rng.uniform(-1, 1) * min(most, 25))),)
    return ()


def rows(
    rng: Rng, length: float, width: float, depth: float, kinds: list[str], full: bool = False
) -> tuple[Good, ...]:
    """Goods of one size in rows and, where they can carry, layers; some places may be empty.

    When `full` the rows fill the floor and the layers reach for the rim.
    """
    good = _row_good(rng, (length, width, depth), str(rng.choice(kinds)))
    if good is None:
        return ()
    inner, gap = np.array([length, width]) - 2 * GAP, float(rng.uniform(1.5, 7.0))
    turned = rng.random() < 0.5
    across = np.array(good.size[:2][::-1] if turned else good.size[:2])
    if (across + gap > inner).any():
        turned, across = not turned, across[::-1]
    if (across + gap > inner).any():
        return ()
    layers = int(depth * 0.97 // good.size[2]) if KINDS[good.kind].flat and not good.lying else 1
    nx, ny, layers = _counts(rng, inner / (across + gap), layers, full)
    pitch = inner / (nx, ny) if rng.random() < 0.45 else across + gap  # spread out or close
    start = -pitch * (nx - 1, ny - 1) / 2
    if rng.random() < 0.4:  # pushed into a corner
        start = -inner / 2 + (across + gap) / 2
    # A good may turn as far as the gap to its neighbour allows.
    most = np.degrees(np.arcsin(min(1.0, 0.9 * gap / max(good.size[:2]))))
    missing = 0.0 if full or rng.random() < 0.5 else rng.uniform(0.05, 0.5)
    several = rng.random() < 0.3  # of one size, yet each with a look of its own
    found = []
    for cell in range(nx * ny):
        x, y = (float(v) for v in start + pitch * (cell // ny, cell % ny))
        yaw = 90.0 * turned + float(np.clip(rng.normal(0, 0.4), -1, 1) * most)
        seed = int(rng.integers(2**31)) if several else good.seed
        high = layers - int(rng.binomial(layers, missing))
        for k in range(high):
            found.append(replace(good, x=x, y=y, z=k * good.size[2], yaw=yaw, seed=seed))
    return tuple(found)


def _row_good(rng: Rng, inner: tuple[float, float, float], kind: str) -> Good | None:
    """One of the goods that stand in rows, anything from large to small against the carton."""
    length, width, depth = inner
    limit = (
        length / rng.uniform(1, 6) - 2 * GAP,
        width / rng.uniform(1, 4) - 2 * GAP,
        depth * 0.97,
    )
    good = sample(rng, kind, limit) or sample(rng, kind, (length * 0.97, width * 0.97, limit[2]))
    if good is not None and kind.startswith("box") and rng.random() < 0.35:  # stood on an edge
        a, b, c = good.size
        return replace(good, size=(a, c, b)) if b <= limit[2] else good
    return good


def _counts(rng: Rng, room: Floats, layers: int, full: bool) -> tuple[int, int, int]:
    """How many goods stand along, across and on one another."""
    count = np.maximum(np.floor(room), 1).astype(int)
    if not full:
        if rng.random() < 0.5:
            count = np.maximum(1, np.ceil(count * rng.uniform(0.4, 1.0, 2))).astype(int)
        layers = int(rng.integers(1, layers + 1))
    while count.prod() * layers > MOST:
        if layers > 1 and not full:
            layers -= 1
        elif count.max() > 1:
            count[int(np.argmax(count))] -= 1
        else:
            layers = MOST
    return int(count[0]), int(count[1]), layers


def pile(rng: Rng, length: float, width: float, depth: float, kinds: list[str]) -> tuple[Good, ...]:
    """One or two piles of flat things of one kind, each no larger than the one below it."""
    kind = str(rng.choice(kinds))
    halves = 2 if rng.random() < 0.4 else 1
    found: list[Good] = []
    for half in range(halves):
        room = length / halves
        limit = (room * 0.9, width * 0.9, depth / 3)
        z, below = 0.0, None
        for _ in range(int(rng.integers(2, 9))):
            good = sample(rng, kind, limit)
            if good is None:
                break
            if below is not None and rng.random() < 0.6:  # of one size, as shirts or plates are
                good = replace(good, size=(*below.size[:2], good.size[2]))
            if z + good.size[2] > depth * 0.97:
                break
            slip = np.array([limit[0] - good.size[0], limit[1] - good.size[1]]) / 2
            shift = rng.uniform(-1, 1, 2) * np.maximum(slip, 0) * 0.6
            x = (half - (halves - 1) / 2) * room if below is None else below.x
            y = 0.0 if below is None else below.y
            good = replace(good, x=float(x + shift[0]), y=float(y + shift[1]), z=z)
            found.append(good)
            limit = (good.size[0], good.size[1], depth / 3)
            z, below = z + good.size[2], good
    return tuple(found)


def shelf(rng: Rng, length: float, width: float, depth: float) -> tuple[Good, ...]:
    """Books standing in rows across the carton, spines or pages up; a row may end early."""
    page = min(float(rng.uniform(105, 190)), depth * 0.93)
    if page < 60:
        return ()
    spine = float(min(rng.uniform(150, 240), width - 4 * GAP))
    lanes = max(1, int((width - 2 * GAP) // (spine + 2)))
    pitch = (width - 2 * GAP) / lanes
    series = rng.random() < 0.5
    thick, seed = float(rng.uniform(10, 30)), int(rng.integers(2**31))
    found: list[Good] = []
    for lane in range(lanes):
        x = -length / 2 + GAP
        end = length / 2 - GAP - float(rng.choice([0.0, rng.uniform(0, 0.6)])) * length
        y = (lane - (lanes - 1) / 2) * pitch
        while len(found) < MOST:
            wide = thick * float(rng.uniform(0.92, 1.08) if series else rng.uniform(0.5, 1.9))
            shrink = float(rng.uniform(0.985, 1.0) if series else rng.uniform(0.8, 1.0))
            if x + wide > end:
                break
            size = (spine * shrink, wide, page * shrink)
            own = seed if series else int(rng.integers(2**31))
            book = Good("book_standing", size, x + wide / 2, float(y), 0.0, 90.0, False, own)
            found.append(book)
            x += wide + float(rng.exponential(0.4)) + 0.2
    return tuple(found)
