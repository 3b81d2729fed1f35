"""Draws closed parcels one by one: boxes, mailers, bags, tubes."""

from __future__ import annotations

from dataclasses import replace

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
from greenpack.training.scene import Carton, Colour, Label

KINDS = {"box": 0.66, "poly": 0.11, "bubble": 0.12, "sack": 0.04, "envelope": 0.04, "tube": 0.03}

_SOFT: dict[str, list[Colour]] = {
    "bubble": [
        (0.75, 0.42, 0.06),
        (0.82, 0.55, 0.12),
        (0.88, 0.6, 0.03),
        (0.5, 0.32, 0.16),
        (0.85, 0.84, 0.8),
        (0.8, 0.82, 0.85),
        (0.25, 0.5, 0.78),
    ],
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

_PRINTS = {"": 0.34, "brand": 0.26, "repeat": 0.16, "solid": 0.08, "postal": 0.16}
"""What is printed on soft mailers, and how often."""

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
    return box(rng) if kind == "box" else mailer(rng, kind)


def extent(carton: Carton) -> tuple[float, float, float]:
    """Outer length, width and height in mm of a closed parcel, bulges left out."""
    if carton.style in mailers.KINDS:
        return carton.length, carton.width, carton.depth
    length, width, height = (float(v) for v in 2 * closed_box.half(carton))
    return length, width, height


BARE = 0.15
"""Share of boxes with neither print nor label nor tape; nearly half of them are small."""


def box(rng: np.random.Generator, flat: bool = False) -> Carton:
    """A box as it comes, or one of the `flat` ones lying on its largest face."""
    if rng.random() < BARE:
        return _bare(rng, flat)
    made = _printed(rng, flat)
    return replace(made, labels=_labels(rng, made))


def _bare(rng: np.random.Generator, flat: bool) -> Carton:
    """A box with nothing on it but its seams."""
    made = replace(_printed(rng, flat), printing="bare", tape_layout="none", strapping=None)
    made = replace(made, handles=False)
    if rng.random() < 0.55:
        return made
    # A small white or grey one, as watches, soap or spare parts come in.
    size = np.sort(rng.uniform(30, 150) * rng.uniform((1, 0.5, 0.25), (1, 1, 1)))[::-1]
    size = size if flat else rng.permutation(size)
    length, width = max(size[0], size[1]), min(size[0], size[1])
    tone = rng.uniform(0.7, 0.9) if rng.random() < 0.7 else rng.uniform(0.2, 0.6)
    colour = within(tone * (1 + rng.normal(0, 0.02, 3)))
    if rng.random() < 0.15:
        colour = made.colour
    return replace(
        made,
        length=float(length),
        width=float(width),
        depth=float(size[2]),
        wall=float(rng.uniform(0.8, 2)),
        colour=colour,
        inside=colour,
        wear=made.wear * 0.5,
        raised=0.0,
    )


def _printed(rng: np.random.Generator, flat: bool) -> Carton:
    size = np.array(proportions(rng))
    axis = 2
    if flat:
        size = np.sort(size)[::-1]
    elif rng.random() < 0.36:  # lies on one of its sides, or stands on end
        order = rng.permutation(3)
        size, axis = size[order], int(np.flatnonzero(order == 2)[0])
    if size[0] < size[1]:
        size, axis = size[[1, 0, 2]], {0: 1, 1: 0, 2: 2}[axis]
    length, width, depth = (float(v) for v in size)
    colour = board_colour(rng)
    if not is_kraft(colour) and rng.random() < 0.25:  # a bright brand colour
        bright: list[Colour] = [(0.85, 0.5, 0.03), (0.9, 0.72, 0.05), (0.1, 0.5, 0.15)]
        colour = bright[rng.integers(3)]
    print_ = printing(rng, colour)
    if rng.random() < (0.3 if min(colour) > 0.6 else 0.04):
        print_ = "postal"
        white = np.array([0.86, 0.86, 0.84]) * rng.uniform(0.9, 1.03)
        colour = within(white) if rng.random() < 0.85 else colour
    kind, shade = tape_of(rng)
    raised = float(rng.uniform(1.5, 12)) if axis == 2 and rng.random() < 0.06 else 0.0
    layouts = ["seam", "h", "girth", "cross", "none"]
    layout = str(rng.choice(layouts, p=[0.6, 0.14, 0.08, 0.08, 0.1]))
    return Carton(
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
        printing=print_,
        wear=float(rng.beta(1.3, 2.6)),
        tape_kind=kind,
        tape_layout="none" if raised else layout,
        strapping=_STRAPS[rng.integers(5)] if rng.random() < 0.09 and not raised else None,
        handles=bool(rng.random() < 0.07),
        raised=raised,
        lid_axis=axis,
    )


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


def mailer(rng: np.random.Generator, style: str) -> Carton:
    """A soft mailer or a tube, lying."""
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
        printing=str(rng.choice(list(_PRINTS), p=list(_PRINTS.values()))),
        wear=float(rng.beta(1.3, 2.6)),
    )
    if style == "tube" and mailers.sides(made) == 3:
        return made
    label = fitting(rng, "top", length * 0.85, width * (0.9 if style == "tube" else 0.8))
    return replace(made, labels=(label,)) if label is not None and rng.random() < 0.9 else made
