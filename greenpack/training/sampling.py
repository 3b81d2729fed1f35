"""Draws scenes from seeds: numpy only, the same seed always gives the same scene."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training import packing
from greenpack.training.beside import beside, clutter, label_beside, number, outer
from greenpack.training.framing import frame, look_at
from greenpack.training.goods import KINDS
from greenpack.training.scene import (
    Camera,
    Carton,
    Colour,
    Filler,
    Finish,
    Flap,
    Good,
    Label,
    Light,
    Scene,
)
from greenpack.training.textures import FLOORS
from greenpack.training.waybill_label import SIZES

VERSION = "1"
"""Changed whenever the same seed would give another picture."""

CASES = {"one": 0.70, "closed": 0.14, "none": 0.07, "two": 0.04, "cut_off": 0.05}
BOXES = ["box_printed", "box_white", "box_plain", "book"]


def sample(seed: int, width: int = 448, height: int = 448) -> Scene:
    """A scene of the training distribution."""
    rng = np.random.default_rng([7, seed])
    case = str(rng.choice(list(CASES), p=list(CASES.values())))
    camera = Camera(0, 0, 900, 0, 0, 0, 0, float(rng.uniform(45, 65)), width, height)
    base = Scene(seed, ground(rng), camera, light(rng), finish(rng), case=case)
    if case == "none":
        return _nothing(rng, base)
    if case == "closed":
        return _closed(rng, base)
    first = fill(rng, carton(rng))
    cartons = [first]
    if case == "two":
        second = fill(rng, carton(rng))
        away = (outer(first) + outer(second)) / 2 + rng.uniform(10, 120)
        angle = rng.uniform(0, 2 * np.pi)
        cartons.append(replace(second, x=away * np.cos(angle), y=away * np.sin(angle)))
    scene = replace(base, cartons=tuple(cartons))
    if rng.random() < 0.13:
        scene = replace(scene, goods=beside(rng, first, int(rng.integers(1, 5))))
    if rng.random() < 0.22:
        scene = replace(scene, labels=(label_beside(rng, first),))
    scene = replace(scene, clutter=clutter(rng, outer(first) / 2))
    return replace(scene, camera=frame(rng, scene, cut_off=case == "cut_off"))


def ground(rng: np.random.Generator) -> str:
    """Kind of floor, a third of them tables."""
    kind = str(rng.choice([*FLOORS, "rollers"]))
    if kind in ("wood", "laminate", "white", "steel", "mat") and rng.random() < 0.5:
        kind += "-table"
    return kind


def light(rng: np.random.Generator) -> Light:
    """Light of a room, a hall, a window, a flash or the sun."""
    kind = str(
        rng.choice(["daylight", "tubes", "flash", "sun", "room"], p=[0.32, 0.25, 0.1, 0.13, 0.2])
    )
    low, high = {"flash": (0.03, 0.3), "sun": (0.12, 0.4)}.get(kind, (0.12, 0.9))
    elevation = rng.uniform(30, 65) if kind in ("sun", "daylight") else rng.uniform(55, 90)
    return Light(
        kind,
        float(rng.uniform(0, 360)),
        float(elevation),
        float(rng.uniform(low, high)),
        float(np.clip(rng.normal(0.15, 0.5), -1, 1)),
    )


def finish(rng: np.random.Generator) -> Finish:
    """Camera and file: most pictures good, some soft, noisy, dim or strongly compressed."""
    soft, shaken, dim = rng.random() < 0.2, rng.random() < 0.12, rng.random() < 0.12
    return Finish(
        exposure=float(rng.uniform(0.22, 0.34) if dim else rng.uniform(0.38, 0.62)),
        warmth=float(rng.normal(0, 0.35)),
        blur=float(rng.uniform(0.6, 1.5) if soft else rng.uniform(0, 0.6)),
        motion=float(rng.uniform(2, 6) if shaken else 0),
        motion_angle=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(0.02, 0.06) if dim else rng.uniform(0.002, 0.022)),
        vignette=float(rng.uniform(0, 0.35)),
        contrast=float(rng.uniform(0.9, 1.15)),
        quality=int(rng.integers(55, 96)),
    )


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


def fill(rng: np.random.Generator, made: Carton) -> Carton:
    """Goods and filler: empty, a few, many, or packed tight; with or without paper, film or
    peanuts."""
    size = (made.length, made.width, made.depth)
    # Boxes are what is sent most, and small cartons hold neither shoes nor plates.
    kinds = [str(k) for k in rng.choice(list(KINDS), int(rng.integers(1, 4)))]
    kinds.append(str(rng.choice(BOXES)))
    level = rng.random()
    goods: tuple[Good, ...] = ()
    if level < 0.4:
        goods = packing.loose(
            rng, *size, kinds, int(rng.integers(2, 7)), float(rng.uniform(0.45, 0.95))
        )
    elif level < 0.66:
        goods = packing.loose(
            rng, *size, kinds, int(rng.integers(8, 30)), float(rng.uniform(0.35, 0.8))
        )
    elif level < 0.93:
        cells = int(rng.integers(1, 13))
        share = float(rng.uniform(0.35, 1.0))
        low = float(rng.uniform(0.15, 0.9))
        goods = packing.tight(
            rng,
            *size,
            [k for k in kinds if k in BOXES] or BOXES[:3],
            cells,
            share,
            (low, min(low + 0.3, 0.97)),
        )
    made = replace(made, goods=goods)
    return replace(made, filler=stuffing(rng, made) if rng.random() < 0.5 else ())


def stuffing(rng: np.random.Generator, made: Carton) -> tuple[Filler, ...]:
    """One or two kinds of filler, in a corner, around or all over the goods."""
    found = []
    for _ in range(1 if rng.random() < 0.75 else 2):
        kind = str(
            rng.choice(
                ["kraft", "white", "wad_kraft", "wad_white", "bubble", "pillows", "peanuts"],
                p=[0.22, 0.12, 0.22, 0.12, 0.1, 0.14, 0.08],
            )
        )
        amount = float(rng.uniform(0.7, 1.0) if rng.random() < 0.25 else rng.uniform(0.12, 0.6))
        x = float(rng.uniform(-0.35, 0.35) * made.length)
        y = float(rng.uniform(-0.35, 0.35) * made.width)
        found.append(Filler(kind, amount, x, y, int(rng.integers(2**31))))
    return tuple(found)


def parcel(rng: np.random.Generator) -> Carton:
    """A closed carton with tape and waybill, or a soft mailer, at the origin."""
    length = float(rng.uniform(150, 480))
    width = float(length * rng.uniform(0.5, 1.0))
    bag = bool(rng.random() < 0.2)
    depth = float(rng.uniform(25, 70) if bag else np.clip(width * rng.uniform(0.25, 1.0), 45, 350))
    base = carton(rng)
    colour = base.colour
    if bag and rng.random() < 0.7:
        colour = (0.8, 0.8, 0.8) if rng.random() < 0.4 else (0.04, 0.04, 0.045)
    labels: tuple[Label, ...] = ()
    if rng.random() < 0.85:
        sizes = [s for s in SIZES if s[0] < width * 0.9 and s[1] < length * 0.9]
        if sizes:
            w, h = sizes[rng.integers(len(sizes))]
            room = np.array([length - h, width - w]) / 2 * (0.35 if bag else 0.9)
            x, y = (float(v) for v in rng.uniform(-room, room))
            turn = float(rng.choice([90.0, 270.0]) + rng.normal(0, 3))
            labels = (Label(number(rng), w, h, "top", x, y, turn, int(rng.integers(2**31))),)
    return replace(
        base,
        length=length,
        width=width,
        depth=depth,
        opened=False,
        flaps=(),
        labels=labels,
        bag=bag,
        colour=colour,
        yaw=float(rng.uniform(0, 360)),
        tape_width=0.0 if bag or rng.random() < 0.1 else base.tape_width,
    )


def _closed(rng: np.random.Generator, base: Scene) -> Scene:
    first = parcel(rng)
    cartons = [first]
    for _ in range(int(rng.integers(0, 4)) if rng.random() < 0.35 else 0):
        other, angle = parcel(rng), rng.uniform(0, 2 * np.pi)
        away = (
            max(np.hypot(c.length, c.width) for c in cartons) / 2
            + np.hypot(other.length, other.width) / 2
        )
        if len(cartons) < 2 or rng.random() < 0.7:
            spot = len(cartons) * 2.1 + angle * 0.2
            far = (away + 25) * (1.0 if len(cartons) == 1 else 1.75)
            cartons.append(replace(other, x=float(far * np.cos(spot)), y=float(far * np.sin(spot))))
    size = float(np.hypot(first.length, first.width)) * (1.0 if len(cartons) == 1 else 1.5)
    camera = look_at(
        rng, base.camera, (0, 0, first.depth / 2), size, 65 if rng.random() < 0.5 else 20
    )
    return replace(base, cartons=tuple(cartons), camera=camera, clutter=clutter(rng, size / 2))


def _nothing(rng: np.random.Generator, base: Scene) -> Scene:
    things = tuple(
        replace(c, x=c.x * 0.5, y=c.y * 0.5) for _ in range(4) for c in clutter(rng, 120.0)
    )
    things = things if rng.random() < 0.75 else ()
    if rng.random() < 0.4:
        dot = replace(carton(rng), length=20.0, width=20.0, flaps=())
        base = replace(base, goods=beside(rng, dot, int(rng.integers(1, 4))))
    return replace(base, camera=look_at(rng, base.camera, (0, 0, 0), 400, 55), clutter=things)
