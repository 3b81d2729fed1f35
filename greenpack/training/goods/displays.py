"""Products set out on a table or a shelf: upright, piled, bridging two others, leaning together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.goods import packing
from greenpack.training.goods.kinds import KINDS
from greenpack.training.scene import Good

Rng = np.random.Generator

BOXES = [k for k in KINDS if k.startswith("box") and k != "box_shoe"]
STANDING = [*BOXES, "book", "book_standing", "tin", "can", "jar", "bottle", "glass_bottle", "mug"]
STANDING += ["tub", "tube", "spray", "pump", "bowls", "box_food", "box_picture", "box_food"]
TOWERS = [*BOXES, "tin", "can", "tub", "jar", "book", "box_food", "box_picture"]
LONG = ["tube", "roll", "can", "glass_bottle", "bottle"]

UNITS = {"one": 0.4, "edge": 0.18, "tower": 0.2, "bridge": 0.07, "leaning": 0.15}
"""What is set down at one spot, and how often."""


def display(rng: Rng, count: int) -> tuple[Good, ...]:
    """About so many products round the origin, none in another, each on the ground or on others."""
    found: list[Good] = []
    reach = float(rng.uniform(60, 110)) * float(np.sqrt(count))
    for _ in range(count * 3):
        if len(found) >= count:
            break
        kind = str(rng.choice(list(UNITS), p=list(UNITS.values())))
        unit = _UNIT[kind](rng)
        for _ in range(10):
            x, y = (float(v) for v in rng.normal(0, reach * 0.6, 2))
            moved = _moved(unit, x, y, float(rng.uniform(0, 360)))
            # Whatever stands higher keeps clear too: the bounds are compared on the ground.
            if not any(packing.overlaps(_bound(a), _bound(b), 4) for a in moved for b in found):
                found += moved
                break
    return tuple(found)


def _moved(unit: list[Good], x: float, y: float, turn: float) -> list[Good]:
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return [
        replace(g, x=x + float(c * g.x - s * g.y), y=y + float(s * g.x + c * g.y), yaw=g.yaw + turn)
        for g in unit
    ]


def _bound(good: Good) -> Good:
    """An upright block from the ground round a product as it leans or stands on others."""
    if good.tilt == 0:
        return replace(good, z=0.0)
    c, s = np.cos(np.radians(good.tilt)), np.sin(np.radians(good.tilt))
    long, wide, high = good.size
    middle, turn = (long * c - high * s) / 2 - long / 2, np.radians(good.yaw)
    return replace(
        good,
        x=good.x + float(middle * np.cos(turn)),
        y=good.y + float(middle * np.sin(turn)),
        z=0.0,
        size=(long * c + high * s, wide, long * s + high * c),
        tilt=0.0,
    )


def _some(rng: Rng, kinds: list[str], limit: tuple[float, float, float]) -> Good:
    for _ in range(20):
        if (good := packing.sample(rng, str(rng.choice(kinds)), limit)) is not None:
            return good
    return Good("box_white", (80.0, 60.0, 40.0), 0, 0, 0, 0, False, int(rng.integers(2**31)))


def _one(rng: Rng) -> list[Good]:
    kinds = STANDING if rng.random() < 0.75 else list(KINDS)
    return [_some(rng, kinds, (280, 240, 300))]


def _edge(rng: Rng) -> list[Good]:
    """A box standing on one of its smaller faces."""
    good = _some(rng, BOXES, (260, 200, 110))
    a, b, c = sorted(good.size, reverse=True)
    return [replace(good, size=(b, c, a) if rng.random() < 0.5 else (a, c, b))]


def _tower(rng: Rng) -> list[Good]:
    """Two to four on one another, each within the one below; the last may be anything."""
    found, z = [_some(rng, TOWERS, (260, 220, 160))], 0.0
    for _ in range(int(rng.integers(1, 4))):
        below = found[-1]
        if not KINDS[below.kind].flat or below.lying:
            break
        z += below.size[2]
        inside = 0.7 if KINDS[below.kind].round else 1.0
        limit = (below.size[0] * inside, below.size[1] * inside, 140.0)
        good = packing.sample(
            rng, str(rng.choice(TOWERS if rng.random() < 0.7 else STANDING)), limit
        )
        if good is None:
            break
        slip = np.array([limit[0] - good.size[0], limit[1] - good.size[1]]) / 2 * 0.7
        x, y = rng.uniform(-1, 1, 2) * np.maximum(slip, 0)
        yaw = float(rng.uniform(0, 360)) if KINDS[good.kind].round else 0.0
        found.append(replace(good, x=below.x + float(x), y=below.y + float(y), z=z, yaw=yaw))
    return found


def _bridge(rng: Rng) -> list[Good]:
    """A long one across two alike."""
    pillar = _some(rng, TOWERS, (120, 110, 200))
    beam = _some(rng, BOXES, (270, 110, 70))
    if rng.random() < 0.5:
        for _ in range(20):
            made = packing.sample(rng, str(rng.choice(LONG)), (280, 90, 90))
            if made is not None and made.lying and made.size[0] > 120:
                beam = made
                break
    if pillar.lying:
        long, *across = pillar.size
        pillar = replace(pillar, size=(across[0], across[1], long), lying=False)
    away = max(beam.size[0] * 0.4, pillar.size[0] / 2 + 3)
    if not KINDS[pillar.kind].flat or beam.size[0] / 2 < away - pillar.size[0] / 2 + 12:
        return [pillar]
    other = replace(pillar, seed=int(rng.integers(2**31)) if rng.random() < 0.4 else pillar.seed)
    return [
        replace(pillar, x=-away),
        replace(other, x=away),
        replace(beam, z=pillar.size[2]),
    ]


def _leaning(rng: Rng) -> list[Good]:
    """A thin box or book standing on edge against an upright one."""
    thin = _some(rng, ["book", *BOXES], (260, 200, 60))
    long, wide, high = thin.size
    rest = _some(rng, ["box_food", "box_printed", "box_white", "book_standing"], (240, 200, 220))
    a, b, c = rest.size
    rest = replace(rest, size=(min(a, b), max(a, b), c)) if rest.kind != "book_standing" else rest
    if rest.size[0] < 0.25 * rest.size[2]:
        return [rest]
    tilt = np.radians(float(rng.uniform(58, 80)))
    if np.tan(tilt) * high > 0.85 * long:
        return [rest]
    # It touches the other one's near upper edge, or its own far edge touches the near face.
    far = rest.size[2] / np.tan(tilt)
    if rest.size[2] > long * np.sin(tilt):
        far = long * np.cos(tilt)
    front = -rest.size[0] / 2 - 0.3
    made = replace(thin, x=float(front - far + long / 2), tilt=float(np.degrees(tilt)))
    return [rest, replace(made, y=float(rng.normal(0, 0.15)) * wide)]


_UNIT = {"one": _one, "edge": _edge, "tower": _tower, "bridge": _bridge, "leaning": _leaning}
