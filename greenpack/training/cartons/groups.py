"""Draws groups of closed parcels: alone, side by side, piled up, leaning, in heaps and rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from greenpack.training.cartons.closed import box, extent, mailer, parcel
from greenpack.training.cartons.leaning import against, at_wall
from greenpack.training.cartons.pile import Pile, carries, footprint
from greenpack.training.scene import Carton

KINDS = {
    "one": 0.29,
    "beside": 0.11,
    "piled": 0.36,
    "leaning": 0.07,
    "wall": 0.04,
    "soft": 0.04,
    "heap": 0.09,
}
"""Kinds of groups and how often they come."""


_BEDS = {"pallet": (1200.0, 800.0), "cage": (800.0, 680.0)}


@dataclass(frozen=True)
class Group:
    """Parcels about the origin and the ground they ask for.

    `place` is pallet, cage or lane where they need one of `size` mm along and across, wall where
    one stands `size[0]` mm from the origin in the direction of x, else empty.
    """

    cartons: tuple[Carton, ...]
    place: str = ""
    size: tuple[float, float] = (0.0, 0.0)


def group(rng: np.random.Generator, kind: str = "") -> Group:
    """A group of a kind of `KINDS`, by default any."""
    kind = kind or str(rng.choice(list(KINDS), p=list(KINDS.values())))
    if kind == "beside":
        return Group(_middled(_beside(rng)))
    if kind == "piled":
        return Group(_middled(_piled(rng)))
    if kind in ("leaning", "soft"):
        return Group(_middled(_leaning(rng, soft=kind == "soft")))
    if kind == "wall":
        return _at_wall(rng)
    if kind == "heap":
        return _heap(rng)
    return Group((parcel(rng),))


def turned(cartons: tuple[Carton, ...], angle: float) -> tuple[Carton, ...]:
    """Parcels turned about the origin by an angle in degrees."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return tuple(
        replace(k, x=float(c * k.x - s * k.y), y=float(s * k.x + c * k.y), yaw=k.yaw + angle)
        for k in cartons
    )


def _middled(cartons: tuple[Carton, ...]) -> tuple[Carton, ...]:
    """Parcels moved so that what they cover lies about the origin."""
    corners = np.concatenate([footprint(c) for c in cartons])
    x, y = (float(v) for v in (corners.min(axis=0) + corners.max(axis=0)) / 2)
    return tuple(replace(c, x=c.x - x, y=c.y - y) for c in cartons)


def _add_beside(rng: np.random.Generator, pile: Pile, new: Carton, gap: float) -> None:
    """Sets a parcel down on the ground beside the others, `gap` mm away."""
    way = float(rng.uniform(0, 2 * np.pi))
    if rng.random() < 0.6:  # set down parallel
        new = replace(new, yaw=pile.cartons[0].yaw + float(rng.choice([0, 90]) + rng.normal(0, 5)))
    about, far, trial = pile.cartons[0], 0.0, Pile()
    for far in np.arange(0.0, 3000.0, 8.0):
        x, y = about.x + far * np.cos(way), about.y + far * np.sin(way)
        trial = Pile(None, list(pile.cartons), list(pile.under))
        if trial.put(replace(new, x=float(x), y=float(y)), ground_only=True):
            break
    x, y = (
        about.x + (far + gap) * np.cos(way),
        about.y + (far + gap) * np.sin(way),
    )
    if not pile.put(replace(new, x=float(x), y=float(y)), ground_only=True):
        pile.put(trial.cartons[-1], ground_only=True)


def _beside(rng: np.random.Generator) -> tuple[Carton, ...]:
    pile = Pile()
    pile.put(parcel(rng))
    for _ in range(int(rng.choice([1, 2], p=[0.7, 0.3]))):
        _add_beside(rng, pile, parcel(rng), 2 + float(rng.exponential(35)))
    return tuple(pile.cartons)


def _piled(rng: np.random.Generator) -> tuple[Carton, ...]:
    """Two or three on one another, large ones below mostly; often more close beside them."""
    count = int(rng.choice([2, 3, 4], p=[0.6, 0.32, 0.08]))
    drawn = [box(rng) for _ in range(count - 1)] + [parcel(rng)]
    if drawn[-1].style == "tube":
        drawn[-1] = box(rng)
    drawn = [replace(c, raised=0.0) for c in drawn]
    drawn[:-1] = sorted(drawn[:-1], key=lambda c: -c.length * c.width)
    first, top = drawn[0], extent(drawn[-1])
    if drawn[-1].style != "box" and max(top) > 1.6 * first.length:
        drawn[-1] = replace(box(rng), raised=0.0)
    if extent(drawn[-1])[0] > first.length and rng.random() < 0.7:
        drawn = [drawn[-1], *drawn[:-1]] if carries(drawn[-1]) else drawn
    pile = Pile()
    pile.put(drawn[0])
    askew = rng.random() < 0.4  # a careless pile
    for new in drawn[1:]:
        _on_top(rng, pile, new, askew)
    for _ in range(int(rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1]))):
        # Close in front of or behind one another, so that they overlap in the picture.
        _add_beside(rng, pile, parcel(rng), 2 + float(rng.exponential(60)))
    return tuple(pile.cartons)


def _on_top(rng: np.random.Generator, pile: Pile, new: Carton, askew: bool) -> bool:
    """Sets a parcel on the highest one, offset and turned as far as it stands."""
    below = pile.cartons[-1]
    if not carries(below):
        return False
    a, b = np.array(extent(below)[:2]), np.array(extent(new)[:2])
    for attempt in range(14):
        loose = 0.92**attempt
        turn = float(rng.uniform(-90, 90) if askew else rng.normal(0, 8))
        turn = turn if rng.random() < 0.75 else turn + 90.0
        # Its middle may go nearly to the edge of the lower one.
        spare = np.maximum(a / 2 - 0.12 * b, 0.0) if askew else np.abs(a - b) / 2 + 0.12 * b
        shift = rng.uniform(-1, 1, 2) * spare * loose
        if rng.random() < 0.2 and not askew:  # pushed flush into a corner
            shift = np.sign(shift) * np.maximum(a - b, 0) / 2 * 0.98
        c, s = np.cos(np.radians(below.yaw)), np.sin(np.radians(below.yaw))
        x, y = below.x + c * shift[0] - s * shift[1], below.y + s * shift[0] + c * shift[1]
        put = replace(new, x=float(x), y=float(y), yaw=below.yaw + turn)
        if pile.put(put) and pile.under[-1]:
            # Nothing lies under what stands on it but its own top's label.
            k = pile.under[-1][0]
            under = pile.cartons[k]
            kept = tuple(one for one in under.labels if one.surface != "top" or rng.random() < 0.4)
            pile.cartons[k] = replace(under, labels=kept)
            return True
        if len(pile.cartons) and pile.cartons[-1] is not below and not pile.under[-1]:
            pile.cartons.pop()
            pile.under.pop()
    return False


def _leaning(rng: np.random.Generator, soft: bool) -> tuple[Carton, ...]:
    """One that leans at another or lies half on it; soft mailers lie across one another."""
    for _ in range(12):
        lower = _soft(rng) if soft else replace(box(rng), raised=0.0)
        pile = Pile()
        pile.put(lower)
        if not soft and rng.random() < 0.4:
            _on_top(rng, pile, box(rng), False)
        if soft or rng.random() < 0.25:
            new = _soft(rng)
        else:
            new = replace(box(rng, flat=rng.random() < 0.7), raised=0.0)
        found = None
        length, width, _ = extent(lower)
        reach = extent(new)[0]
        for _ in range(8):
            way = float(rng.uniform(0, 360))
            side = float(rng.normal(0, 0.15)) * width
            # The edge it turns about is this far before the other one's middle.
            half = abs(np.cos(np.radians(way - lower.yaw))) * length
            half = (half + abs(np.sin(np.radians(way - lower.yaw))) * width) / 2
            far = half + float(rng.uniform(0.08, 0.75)) * reach
            a = np.radians(way)
            x = lower.x - np.cos(a) * (far - reach / 2) - np.sin(a) * side
            y = lower.y - np.sin(a) * (far - reach / 2) + np.cos(a) * side
            put = replace(new, x=float(x), y=float(y), yaw=way)
            if (found := against(put, tuple(pile.cartons))) is not None:
                break
        if found is not None and (not soft or found.tilt < 30):
            return (*pile.cartons, found)
    return _beside(rng)


def _soft(rng: np.random.Generator) -> Carton:
    return mailer(rng, str(rng.choice(["poly", "bubble", "bubble", "envelope", "sack"])))


def _at_wall(rng: np.random.Generator) -> Group:
    """One or two parcels leaning at a wall or standing close to it."""
    lean = at_wall(replace(box(rng, flat=True), yaw=0.0, raised=0.0), float(rng.uniform(62, 84)))
    if lean is None:
        # Pushed to the wall, its skirting in between.
        made = replace(parcel(rng), yaw=float(rng.choice([0, 90]) + rng.normal(0, 3)))
        front = float(footprint(made)[:, 0].max()) + float(rng.uniform(18, 60))
    else:
        made, front = lean
    pile = Pile()
    pile.cartons.append(made)
    pile.under.append([])
    if rng.random() < 0.5:
        other = replace(parcel(rng), yaw=float(rng.choice([0, 90]) + rng.normal(0, 6)))
        span = footprint(other)
        side = float(rng.choice([-1, 1])) * (made.width + np.ptp(span[:, 1])) / 2
        x = front - span[:, 0].max() - float(rng.uniform(20, 120))
        side += float(np.sign(side) * rng.uniform(12, 120))
        pile.put(replace(other, x=float(x), y=side), ground_only=True)
    cartons = _middled(tuple(pile.cartons))
    return Group(cartons, "wall", (front + cartons[0].x - made.x, 0.0))


def _heap(rng: np.random.Generator) -> Group:
    """Four to eight: thrown together, on a pallet, in a roll cage, on a belt one behind another."""
    place = str(rng.choice(["", "pallet", "cage", "lane"], p=[0.3, 0.27, 0.2, 0.23]))
    count = int(rng.integers(4, 9))
    if place == "lane":
        return _lane(rng, min(count, 6))
    half = {"": (520.0, 420.0), "pallet": (600.0, 400.0), "cage": (370.0, 310.0)}[place]
    drawn = [_large(rng) for _ in range(count)]
    if rng.random() < 0.4:  # a batch of one size
        drawn = [replace(box_, seed=int(rng.integers(2**31))) for box_ in drawn[:1] * count]
        if place and (layered := _layers(rng, half, drawn)) is not None:
            return Group(layered, place, _BEDS[place])
    drawn.sort(key=lambda c: (c.style != "box", -c.length * c.width))
    ground = sum(float(np.prod(extent(c)[:2])) for c in drawn) * float(rng.uniform(0.4, 0.9))
    spread = min(1.0, float(np.sqrt(ground / (4 * half[0] * half[1]))))
    pile, square = Pile(half), place != "" and rng.random() < 0.6
    for new in drawn:
        corners = np.abs(footprint(replace(new, x=0.0, y=0.0, yaw=0.0))).max(axis=0)
        best: Pile | None = None
        for _ in range(24):
            turn = rng.normal(0, 2) if square else rng.normal(0, 14)
            yaw = float(rng.choice([0, 90]) + turn)
            room = np.array(half) - (corners if abs(yaw) < 45 else corners[::-1])
            if (room < 0).any():
                continue
            x, y = rng.uniform(-1, 1, 2) * np.minimum(room, np.array(half) * spread)
            trial = Pile(half, list(pile.cartons), list(pile.under))
            put = trial.put(replace(new, x=float(x), y=float(y), yaw=yaw))
            if put and (best is None or trial.cartons[-1].z < best.cartons[-1].z - 20):
                best = trial
            if put and rng.random() < 0.3:  # not always the lowest place
                break
        pile = best or pile
    if place:
        return Group(tuple(pile.cartons), place, _BEDS[place])
    return Group(_middled(tuple(pile.cartons)))


def _layers(
    rng: np.random.Generator, half: tuple[float, float], drawn: list[Carton]
) -> tuple[Carton, ...] | None:
    """Boxes of one size in rows and layers, some standing a little out of line."""
    gap = float(rng.uniform(2, 12))
    pitch = np.abs(footprint(replace(drawn[0], x=0.0, y=0.0, yaw=0.0))).max(axis=0) * 2 + gap
    counts = np.floor(2 * np.array(half) / pitch).astype(int)
    if (counts < 1).any() or not carries(drawn[0]):
        return None
    counts = np.minimum(counts, (3, 2))
    pile, high = Pile(half), int(1300 // (extent(drawn[0])[2] + 10))
    for k, new in enumerate(drawn[: max(high, 1) * int(counts.prod())]):
        cell = k % int(counts.prod())
        at = (np.array([cell // counts[1], cell % counts[1]]) - (counts - 1) / 2) * pitch
        x, y = at + rng.uniform(-0.45, 0.45, 2) * gap
        pile.put(replace(new, x=float(x), y=float(y), yaw=float(rng.choice([0.0, 180.0]))))
    return tuple(pile.cartons)


def _large(rng: np.random.Generator) -> Carton:
    """A parcel of more than 200 mm mostly: what hubs pile up by the dozen."""
    made = parcel(rng)
    for _ in range(6):
        if max(extent(made)) > 200 or rng.random() < 0.1:
            break
        made = parcel(rng)
    return replace(made, raised=0.0)


def _lane(rng: np.random.Generator, count: int) -> Group:
    """Parcels one behind another along x, as on a belt."""
    pile, x = Pile(), 0.0
    for _ in range(count):
        new = replace(parcel(rng), yaw=float(rng.choice([0, 90]) + rng.normal(0, 14)))
        span = footprint(new)
        x += float(np.ptp(span[:, 0])) / 2 + 3
        pile.put(replace(new, x=x, y=float(rng.normal(0, 25))), ground_only=True)
        x += float(np.ptp(span[:, 0])) / 2 + float(rng.exponential(70))
    cartons = _middled(tuple(pile.cartons))
    wide = float(2 * max(np.abs(footprint(c)[:, 1]).max() for c in cartons))
    return Group(cartons, "lane", (float(x), wide))
