"""Draws closed parcels: boxes, mailers, tubes, alone, beside one another or stacked."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from greenpack.training.cartons import closed_box, mailers
from greenpack.training.cartons.opened import (
    board_colour,
    fitting,
    is_kraft,
    printing,
    proportions,
    tape_of,
)
from greenpack.training.drawing.material import within
from greenpack.training.drawing.meshes import rectangle
from greenpack.training.drawing.noise import Floats
from greenpack.training.scene import Carton, Colour, Label

KINDS = {"box": 0.7, "poly": 0.1, "bubble": 0.08, "sack": 0.04, "envelope": 0.04, "tube": 0.04}

_SOFT: dict[str, list[Colour]] = {
    "bubble": [(0.75, 0.42, 0.06), (0.82, 0.55, 0.12), (0.5, 0.32, 0.16), (0.85, 0.84, 0.8)],
    "poly": [
        (0.85, 0.85, 0.86),
        (0.8, 0.8, 0.82),
        (0.35, 0.36, 0.38),
        (0.02, 0.02, 0.024),
        (0.2, 0.45, 0.75),
        (0.75, 0.25, 0.4),
        (0.9, 0.7, 0.1),
    ],
    "sack": [(0.82, 0.82, 0.83), (0.04, 0.04, 0.045), (0.3, 0.3, 0.33), (0.45, 0.29, 0.16)],
    "envelope": [(0.84, 0.83, 0.79), (0.5, 0.33, 0.18), (0.72, 0.55, 0.28)],
    "tube": [(0.48, 0.31, 0.17), (0.84, 0.83, 0.8), (0.05, 0.05, 0.06)],
}

_STRAPS: tuple[Colour, ...] = (
    (0.85, 0.85, 0.83),
    (0.02, 0.02, 0.02),
    (0.05, 0.2, 0.6),
    (0.8, 0.65, 0.05),
    (0.05, 0.4, 0.15),
)


def parcel(rng: np.random.Generator) -> Carton:
    """One closed parcel at the origin."""
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    return _box(rng) if kind == "box" else _mailer(rng, kind)


def extent(carton: Carton) -> tuple[float, float, float]:
    """Outer length, width and height in mm of a closed parcel, bulges left out."""
    if carton.style in mailers.KINDS:
        return carton.length, carton.width, carton.depth
    length, width, height = (float(v) for v in 2 * closed_box.half(carton))
    return length, width, height


def _box(rng: np.random.Generator) -> Carton:
    size = np.array(proportions(rng))
    axis = 2
    if rng.random() < 0.3:  # lies on one of its sides, or stands on end
        order = rng.permutation(3)
        size, axis = size[order], int(np.flatnonzero(order == 2)[0])
    if size[0] < size[1]:
        size, axis = size[[1, 0, 2]], {0: 1, 1: 0, 2: 2}[axis]
    length, width, depth = (float(v) for v in size)
    colour = board_colour(rng)
    if not is_kraft(colour) and rng.random() < 0.25:  # a bright brand colour
        bright: list[Colour] = [(0.85, 0.5, 0.03), (0.9, 0.72, 0.05), (0.1, 0.5, 0.15)]
        colour = bright[rng.integers(3)]
    kind, shade = tape_of(rng)
    raised = float(rng.uniform(1.5, 12)) if axis == 2 and rng.random() < 0.06 else 0.0
    layouts = ["seam", "h", "girth", "cross", "none"]
    layout = str(rng.choice(layouts, p=[0.6, 0.14, 0.08, 0.08, 0.1]))
    made = Carton(
        length,
        width,
        depth,
        float(rng.uniform(2, 6)),
        0,
        0,
        float(rng.uniform(0, 360)),
        False,
        colour,
        colour,
        False,
        tape_width=float(rng.choice([36, 45, 48, 50, 60, 72])),
        tape_colour=shade,
        seed=int(rng.integers(2**31)),
        style="box",
        printing=printing(rng, colour),
        wear=float(rng.beta(1.3, 2.6)),
        tape_kind=kind,
        tape_layout="none" if raised else layout,
        strapping=_STRAPS[rng.integers(5)] if rng.random() < 0.09 and not raised else None,
        handles=bool(rng.random() < 0.07),
        raised=raised,
        lid_axis=axis,
    )
    return replace(made, labels=_labels(rng, made))


def _labels(rng: np.random.Generator, made: Carton) -> tuple[Label, ...]:
    """One waybill most times, now and then a second label on another face."""
    length, width, height = extent(made)
    rooms = {f"side{k}": (width if k % 2 == 0 else length, height) for k in range(4)}
    if not made.raised:
        rooms["top"] = (length, width)
    found: list[Label] = []
    for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.14, 0.58, 0.2, 0.08]))):
        on_top = "top" in rooms and rng.random() < 0.6
        surface = "top" if on_top else str(rng.choice(sorted(rooms)))
        label = fitting(rng, surface, *rooms.pop(surface))
        if label is not None:
            found.append(label)
    return tuple(found)


def _mailer(rng: np.random.Generator, style: str) -> Carton:
    length = float(rng.uniform(300, 800) if style == "tube" else rng.uniform(160, 460))
    width = float(rng.uniform(45, 110) if style == "tube" else length * rng.uniform(0.55, 0.95))
    share = {"bubble": (0.06, 0.2), "poly": (0.06, 0.3), "sack": (0.2, 0.5)}.get(style, (0.0, 0.0))
    depth = float(np.clip(width * rng.uniform(*share), 8, 160))
    if style == "envelope":
        depth = float(rng.uniform(3, 25))
    elif style == "tube":
        depth = width
    pool = _SOFT[style]
    base = np.array(pool[rng.integers(len(pool))]) * rng.uniform(0.85, 1.1)
    colour = within(base)
    made = Carton(
        length,
        width,
        depth,
        1.0,
        0,
        0,
        float(rng.uniform(0, 360)),
        False,
        colour,
        colour,
        False,
        bag=style != "tube",
        seed=int(rng.integers(2**31)),
        style=style,
        printing=str(rng.choice(["", "brand", "repeat", "solid"], p=[0.42, 0.3, 0.2, 0.08])),
        wear=float(rng.beta(1.3, 2.6)),
    )
    if style == "tube" and mailers.sides(made) == 3:
        return made
    label = fitting(rng, "top", length * 0.85, width * (0.9 if style == "tube" else 0.8))
    return replace(made, labels=(label,)) if label is not None and rng.random() < 0.9 else made


def group(rng: np.random.Generator) -> tuple[Carton, ...]:
    """One parcel, or two or three beside or on top of one another; none cuts another."""
    first = parcel(rng)
    kind = rng.random()
    count = int(rng.choice([2, 3], p=[0.7, 0.3]))
    if kind < 0.5:
        return (first,)
    if kind < 0.75:
        return _beside(rng, first, count)
    return _stacked(rng, count)


def footprint(carton: Carton) -> Floats:
    """World corners (4, 2) of a parcel's outline on the ground, bulges included by a margin."""
    length, width, _ = extent(carton)
    grow = 2 * closed_box.BULGE if carton.style == "box" else 0.0
    return rectangle(length + grow, width + grow, carton.x, carton.y, carton.yaw)


def apart(a: Carton, b: Carton) -> bool:
    """Whether two parcels' outlines do not meet."""
    first, second = (footprint(c).astype(np.float32) for c in (a, b))
    area, _ = cv2.intersectConvexConvex(first, second)
    return float(area) <= 0


def _beside(rng: np.random.Generator, first: Carton, count: int) -> tuple[Carton, ...]:
    found = [first]
    for _ in range(count - 1):
        other, way = parcel(rng), rng.uniform(0, 2 * np.pi)
        if rng.random() < 0.6:  # set down parallel
            other = replace(other, yaw=first.yaw + float(rng.choice([0, 90]) + rng.normal(0, 5)))
        gap = float(rng.exponential(35)) + 2
        far = 0.0
        while not all(apart(other, c) for c in found):
            far += 8
            other = replace(other, x=float(far * np.cos(way)), y=float(far * np.sin(way)))
        away = far + gap
        moved = replace(other, x=float(away * np.cos(way)), y=float(away * np.sin(way)))
        found.append(moved if all(apart(moved, c) for c in found) else other)
    return tuple(found)


def _stacked(rng: np.random.Generator, count: int) -> tuple[Carton, ...]:
    """A pile: each one's middle lies well within the one below; soft and round ones only on top."""
    found: list[Carton] = []
    drawn = [_box(rng) for _ in range(count - 1)] + [parcel(rng)]
    drawn = [replace(c, raised=0.0) for c in drawn]
    if drawn[-1].style == "tube":
        drawn[-1] = _box(rng)
    drawn[:-1] = sorted(drawn[:-1], key=lambda c: -c.length * c.width)
    for upper in drawn:
        if not found:
            found.append(upper)
            continue
        below = found[-1]
        length, width, _ = extent(below)
        up = extent(upper)
        # Both halves of the upper one are carried: it hangs over by a third at most.
        spare = np.maximum(np.array([length - up[0], width - up[1]]) / 2, 0) + 0.1 * min(
            length, up[0], width, up[1]
        )
        if up[0] > 1.5 * length or up[1] > 1.5 * width:
            break
        shift = rng.uniform(-1, 1, 2) * spare * 0.9
        c, s = np.cos(np.radians(below.yaw)), np.sin(np.radians(below.yaw))
        turn = float(rng.normal(0, 9) if rng.random() < 0.8 else rng.uniform(0, 360))
        z = below.z + float(closed_box.body(below, 12).vertices[:, 2].max()) + 0.3
        # Nothing lies under what stands on it but its own top's label.
        labels = tuple(one for one in below.labels if one.surface != "top" or rng.random() < 0.3)
        found[-1] = replace(below, labels=labels)
        found.append(
            replace(
                upper,
                x=below.x + float(c * shift[0] - s * shift[1]),
                y=below.y + float(s * shift[0] + c * shift[1]),
                yaw=below.yaw + turn,
                z=z,
            )
        )
    return tuple(found)
