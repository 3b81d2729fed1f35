"""Draws opened cartons: size, style, board, print, wear, flaps, waybills; still empty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.drawing.material import within
from greenpack.training.printed.waybill_label import number
from greenpack.training.printed.waybill_layouts import LAYOUTS
from greenpack.training.scene import Carton, Colour, Flap, Label

POSTAL = (
    (530, 290, 370),
    (530, 230, 290),
    (430, 210, 270),
    (350, 190, 230),
    (290, 170, 190),
    (260, 150, 180),
    (230, 130, 160),
    (210, 110, 140),
    (195, 105, 135),
    (175, 95, 115),
    (145, 85, 105),
    (130, 80, 90),
)
"""Length, width, depth in mm of the Chinese postal cartons."""

FLAT = (
    (300, 240, 200),
    (400, 300, 100),
    (320, 250, 60),
    (330, 330, 45),
    (240, 170, 60),
    (600, 400, 150),
)
"""Wide and low ones: mailers for clothes, books, pizzas."""

STYLES = {"slotted": 0.64, "mailer": 0.13, "gift": 0.13, "rollover": 0.05, "plain": 0.05}


def board_colour(rng: np.random.Generator) -> Colour:
    """Kraft brown mostly; white, grey, black or printed colours at times."""
    kind = rng.random()
    shade = float(rng.uniform(0.6, 1.25))
    if kind < 0.72:
        colour = np.array([0.46, 0.29, 0.155]) * shade + rng.normal(0, 0.012, 3)
    elif kind < 0.88:
        colour = np.array([0.85, 0.84, 0.81]) * rng.uniform(0.85, 1.05)
    else:
        colour = rng.uniform(0.02, 0.75, 3)
        colour += rng.uniform(0, 0.8) * (colour.mean() - colour)  # few are bright
    return within(colour)


def is_kraft(colour: Colour) -> bool:
    """Whether a board colour is an unprinted brown."""
    r, g, b = colour
    return 0.2 < r < 0.65 and 1.25 < r / max(g, 1e-3) < 2.0 and g > 1.4 * b


def printing(rng: np.random.Generator, colour: Colour) -> str:
    """What is printed on board of a colour."""
    if is_kraft(colour):
        table = {"": 0.24, "marks": 0.4, "brand": 0.2, "fragile": 0.1, "repeat": 0.06}
    elif min(colour) > 0.6:
        table = {"": 0.35, "marks": 0.17, "brand": 0.22, "stripes": 0.18, "repeat": 0.08}
    else:
        table = {"": 0.25, "solid": 0.35, "brand": 0.22, "repeat": 0.18}
    return str(rng.choice(list(table), p=list(table.values())))


def proportions(rng: np.random.Generator) -> tuple[float, float, float]:
    """Inner length >= width, and depth: postal formats, flat ones, free ones."""
    kind = rng.random()
    if kind < 0.3:
        length, width, depth = np.array(POSTAL[rng.integers(len(POSTAL))]) * rng.normal(1, 0.02, 3)
    elif kind < 0.45:
        length, width, depth = np.array(FLAT[rng.integers(len(FLAT))]) * rng.uniform(0.8, 1.1, 3)
    else:
        length = rng.uniform(140, 540)
        width = length * rng.uniform(0.4, 1.0)
        depth = np.clip(width * np.exp(rng.uniform(np.log(0.22), np.log(1.5))), 45, 420)
    long, short = max(length, width), min(length, width)
    return float(long), float(short), float(depth)


def tape_of(rng: np.random.Generator) -> tuple[str, Colour]:
    """Kind and colour of a packing tape."""
    kind = str(
        rng.choice(["clear", "brown", "paper", "words", "colour"], p=[0.3, 0.2, 0.1, 0.3, 0.1])
    )
    pools: dict[str, list[Colour]] = {
        "clear": [(0.8, 0.74, 0.6)],
        "brown": [(0.45, 0.27, 0.1), (0.3, 0.17, 0.07), (0.55, 0.38, 0.18)],
        "paper": [(0.5, 0.33, 0.18), (0.4, 0.25, 0.13), (0.75, 0.73, 0.68)],
        "words": [
            (0.015, 0.015, 0.018),
            (0.015, 0.015, 0.018),
            (0.02, 0.025, 0.05),
            (0.85, 0.85, 0.83),
            (0.05, 0.45, 0.1),
            (0.25, 0.6, 0.05),
            (0.03, 0.16, 0.5),
            (0.7, 0.04, 0.05),
            (0.85, 0.6, 0.03),
            (0.5, 0.34, 0.17),
        ],
        "colour": [(0.65, 0.04, 0.04), (0.05, 0.4, 0.1), (0.8, 0.6, 0.05), (0.02, 0.02, 0.02)],
    }
    found = pools[kind]
    base = np.array(found[rng.integers(len(found))]) * rng.uniform(0.8, 1.15)
    return kind, within(base, 0.01, 0.9)


def carton(rng: np.random.Generator) -> Carton:
    """An opened, still empty carton at the origin."""
    length, width, depth = proportions(rng)
    style = str(rng.choice(list(STYLES), p=list(STYLES.values())))
    wall = float(rng.choice([rng.uniform(2.5, 4.5), rng.uniform(5, 7)], p=[0.75, 0.25]))
    outside = board_colour(rng)
    if style in ("mailer", "rollover"):
        depth = float(np.clip(depth, 40, 0.5 * width + 20))
        wall = float(rng.uniform(4, 9) if style == "rollover" else rng.uniform(2.5, 5))
    elif style == "gift":
        depth = float(np.clip(depth, 40, 0.7 * width + 20))
        wall = float(rng.uniform(2, 5))
        outside = _gift(rng)
    kraft = rng.uniform(0.75, 1.2) * np.array([0.46, 0.3, 0.165])
    share = rng.random()
    plain = is_kraft(outside) or min(outside) > 0.6 or style == "gift"
    same = 0.7 if plain else 0.2  # print is on the outside mostly
    inside = outside if share < same else within(kraft) if share < 0.92 else _gift(rng)
    kind, colour = tape_of(rng)
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
        tape_colour=colour,
        seed=int(rng.integers(2**31)),
        style=style,
        printing=printing(rng, outside) if style != "gift" or rng.random() < 0.3 else "",
        wear=float(rng.beta(1.3, 3) * (0.3 if style == "gift" else 1)),
        tape_kind="" if style == "plain" else kind,
        tape_layout="seam" if style == "slotted" and rng.random() < 0.45 else "none",
        handles=style == "slotted" and bool(rng.random() < 0.07),
    )
    made = replace(made, flaps=flaps(rng, made))
    return replace(made, labels=waybills(rng, made))


def _gift(rng: np.random.Generator) -> Colour:
    kind = rng.random()
    if kind < 0.3:
        return within(np.full(3, rng.uniform(0.012, 0.05)) + rng.normal(0, 0.003, 3))
    if kind < 0.6:
        return within(np.array([0.84, 0.83, 0.8]) * rng.uniform(0.85, 1.05))
    return within(rng.uniform(0.02, 0.75, 3))


def flaps(rng: np.random.Generator, made: Carton) -> tuple[Flap, ...]:
    """Flaps or lid by the carton's style; none reaches through the floor."""
    if made.style == "gift":
        return _gift_lid(rng, made)
    if made.style in ("mailer", "rollover"):
        if made.style == "rollover" and rng.random() < 0.4:
            return ()
        kind = "mailer" if rng.random() < 0.75 else "lid"
        angle = float(rng.uniform(70, 165) if rng.random() < 0.7 else rng.uniform(5, 70))
        return (_kept(made, Flap(1, made.width + made.wall, angle, kind=kind)),)
    form = str(rng.choice(["four", "none", "long", "lid"], p=[0.84, 0.07, 0.05, 0.04]))
    if form == "none":
        return ()
    sides = {"four": (0, 1, 2, 3), "long": (1, 3), "lid": (1,)}[form]
    reach = made.width * float(rng.uniform(0.92, 1.0)) / (1 if form == "lid" else 2)
    if form == "four" and rng.random() < 0.12:
        reach *= float(rng.uniform(0.3, 0.8))
    pose = str(rng.choice(["out", "down", "up", "mixed"], p=[0.42, 0.2, 0.12, 0.26]))
    mean = {"out": rng.uniform(85, 145), "down": rng.uniform(145, 172), "up": rng.uniform(-6, 35)}
    taped, battered = rng.random() < 0.4, made.style == "slotted" and rng.random() < 0.25
    found = []
    for side in sides:
        angle = float(rng.uniform(-5, 170) if pose == "mixed" else rng.normal(mean[pose], 14))
        if form != "lid" and rng.random() < 0.05:
            angle = float(rng.uniform(-50, -10))
        flap = Flap(side, reach, angle, bool(taped and side in (1, 3) and rng.random() < 0.7))
        if made.style == "slotted":
            if form == "four" and rng.random() < 0.05:
                continue
            flap = _used(rng, flap, battered)
        found.append(_kept(made, flap))
    return tuple(found)


def _used(rng: np.random.Generator, flap: Flap, battered: bool) -> Flap:
    """A flap as it comes: some cut short, torn, bent or narrower than the wall."""
    chance = rng.random()
    if chance < 0.07:
        flap = replace(flap, length=flap.length * float(rng.uniform(0.12, 0.7)), tape=False)
    if chance < 0.04 or (battered and rng.random() < 0.5):
        torn = min(float(rng.uniform(4, 35)), flap.length * 0.5)
        flap = replace(flap, torn=torn, tape=False)
    if rng.random() < 0.35:
        flap = replace(flap, bend=float(np.clip(rng.normal(4, 14), -25, 45)))
    if rng.random() < 0.3:
        flap = replace(flap, share=float(rng.uniform(0.9, 0.995)))
    return flap


def _kept(made: Carton, flap: Flap) -> Flap:
    """The flap turned back until all of it stays above the ground."""
    # Torn tape hangs on beyond the flap's edge.
    reach = flap.length + (0.7 * made.tape_width + 16 if flap.tape else 0)
    lowest = max((made.wall + made.depth - 4) / reach, 0.0)
    limit = 174.0 if lowest >= 1 else float(np.degrees(np.arccos(-lowest)))
    limit = min(limit, 174.0) - max(flap.bend, 0.0)
    return replace(flap, angle=float(np.clip(flap.angle, -50, limit)))


def _gift_lid(rng: np.random.Generator, made: Carton) -> tuple[Flap, ...]:
    kind = rng.random()
    if kind < 0.3:
        return ()
    if kind < 0.6:
        angle = float(rng.uniform(75, 160))
        return (_kept(made, Flap(1, made.width + 2 * made.wall, angle, kind="book")),)
    side = int(rng.integers(4))
    wide = made.length if side % 2 == 0 else made.width
    return (Flap(side, wide + 2 * made.wall + 4 + float(rng.uniform(12, 90)), 90.0, kind="loose"),)


def waybills(rng: np.random.Generator, made: Carton) -> tuple[Label, ...]:
    """Waybills on the outer faces of flaps and walls; most opened cartons show none."""
    found: list[Label] = []
    tall = made.depth + made.wall
    rooms = [(f"side{k}", made.width if k % 2 == 0 else made.length, tall, 0.0) for k in range(4)]
    for flap in made.flaps:
        if flap.kind == "flap" and flap.bend == 0 and flap.torn == 0:
            run = made.width if flap.side % 2 == 0 else made.length
            under = "under" if rng.random() < 0.85 else "flap"
            rooms.append((f"{under}{flap.side}", flap.length, run * flap.share, flap.length / 2))
    for _ in range(int(rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1]))):
        surface, wide, high, middle = rooms.pop(int(rng.integers(len(rooms))))
        label = fitting(rng, surface, wide, high)
        if label is not None:
            found.append(replace(label, x=label.x + middle))
    return tuple(found)


def fitting(rng: np.random.Generator, surface: str, wide: float, high: float) -> Label | None:
    """A waybill of any layout lying within a space round its middle; None if none fits."""
    names = list(LAYOUTS)
    for _ in range(4):
        layout = names[rng.choice(len(names), p=[0.32, 0.26, 0.12, 0.06, 0.14, 0.10])]
        w, h = LAYOUTS[layout][rng.integers(len(LAYOUTS[layout]))]
        turn = float(rng.choice([0.0, 90.0, 180.0, 270.0], p=[0.4, 0.25, 0.1, 0.25]))
        u, v = (h, w) if turn in (90.0, 270.0) else (w, h)
        if u > wide - 8 or v > high - 8:
            continue
        skew = float(np.clip(rng.normal(0, 3), -8, 8))
        spin = np.sin(np.radians(abs(skew)))
        room = np.array([wide - u - v * spin, high - v - u * spin]) / 2 - 2
        x, y = (float(r) for r in rng.uniform(-1, 1, 2) * np.maximum(room, 0))
        usual = layout == "thermal" and (w, h) == (100, 150) and rng.random() < 0.2
        return Label(
            number(rng),
            float(w),
            float(h),
            surface,
            x,
            y,
            turn + skew,
            int(rng.integers(2**31)),
            layout="" if usual else layout,
            pouch=bool(rng.random() < 0.15),
        )
    return None
