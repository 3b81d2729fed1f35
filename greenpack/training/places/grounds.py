"""Grounds and walls that a place is made of, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenpack.training.drawing.patterns import Surface, field, laid, plaster, rubble, tint
from greenpack.training.places import facings
from greenpack.training.places.tones import CLAYS, PAINTS, STONES, WOODS, near, pick

INDOOR = ("boards", "parquet", "tiles", "mosaic", "loop", "pile", "vinyl", "screed")
OUTDOOR = ("bricks", "slabs", "paving", "cobbles", "deck", "cement", "tarmac", "gravel", "lawn")
ROOM_WALLS = ("paint", "paint", "wallpaper", "panelling", "wall_tiles")
HALL_WALLS = ("blocks", "paint", "corrugated", "panelling")
HOUSE_WALLS = ("brickwork", "render", "siding", "stonework", "blocks", "corrugated")


def _wood(rng: np.random.Generator) -> Surface:
    base, wide = pick(rng, WOODS), float(rng.uniform(90, 200))
    rows, columns = 8, int(rng.integers(1, 4))
    return laid(
        rng,
        rows,
        columns,
        (1400.0, wide * rows),
        near(rng, base, 0.05),
        (base[0] * 0.45, base[1] * 0.42, base[2] * 0.4),
        float(rng.uniform(0.5, 4)),
        shift=float(rng.uniform(0.3, 0.5)),
        wear=0.12,
        spread=float(rng.uniform(0.02, 0.12)),
        depth_mm=0.4,
        grain=(4, 90),
        roughness=float(rng.uniform(0.3, 0.65)),
    )


def _parquet(rng: np.random.Generator) -> Surface:
    base, cells = pick(rng, WOODS), int(rng.integers(2, 5)) * 2
    return laid(
        rng,
        cells * 3,
        cells,
        (900.0, 900.0),
        near(rng, base, 0.06),
        (base[0] * 0.5, base[1] * 0.5, base[2] * 0.5),
        0.8,
        wear=0.1,
        spread=0.11,
        depth_mm=0.2,
        grain=(10, 110),
        roughness=0.4,
    )


def _tiles(rng: np.random.Generator) -> Surface:
    cells = int(rng.integers(2, 5)) * 2
    base = pick(rng, (*PAINTS[:5], *STONES, (0.62, 0.4, 0.3)))
    other = base if rng.random() < 0.7 else pick(rng, STONES)
    size = cells * float(rng.uniform(200, 420))
    return laid(
        rng,
        cells,
        cells,
        (size, size),
        (base, base, other),
        pick(rng, ((0.5, 0.5, 0.48), (0.8, 0.8, 0.78), (0.3, 0.3, 0.3))),
        float(rng.uniform(2, 7)),
        shift=0.5 if rng.random() < 0.2 else 0.0,
        wear=float(rng.uniform(0.02, 0.12)),
        spread=0.03,
        depth_mm=1.0,
        grain=(8, 8),
        roughness=float(rng.uniform(0.15, 0.5)),
    )


def _mosaic(rng: np.random.Generator) -> Surface:
    base = pick(rng, (*STONES, *PAINTS))
    return laid(
        rng, 12, 12, (600.0, 600.0), near(rng, base, 0.15, 6), (0.7, 0.69, 0.66), 3.0, shift=0.0,
        wear=0.05, spread=0.08, depth_mm=0.8, roughness=0.35,
    )  # fmt: skip


def _loop(rng: np.random.Generator) -> Surface:
    """Carpet tiles of short dashes in a few near tones, as in corridors."""
    base = pick(rng, ((0.3, 0.3, 0.32), (0.36, 0.33, 0.3), (0.2, 0.24, 0.32), (0.42, 0.4, 0.38)))
    rows, columns = int(rng.integers(5, 14)) * 2, int(rng.integers(2, 7))
    return laid(
        rng, rows, columns, (1000.0, 1000.0), near(rng, base, 0.1, 5), base, 0.0,
        shift=float(rng.uniform(0.2, 0.7)), wear=0.25, spread=float(rng.uniform(0.05, 0.3)),
        depth_mm=1.0, grain=(70, 200), roughness=0.95,
    )  # fmt: skip


def _pile(rng: np.random.Generator) -> Surface:
    base = pick(rng, (*PAINTS[3:], (0.35, 0.3, 0.28), (0.5, 0.48, 0.45), (0.25, 0.1, 0.1)))
    weave, slow = field(rng, 512, 170, 170, 1), field(rng, 512, 3, 3, 3)
    shade = 0.14 * weave + 0.06 * slow
    if rng.random() < 0.5:  # woven stripes or lozenges
        steps = np.arange(512) / 512 * 2 * np.pi
        a, b = float(rng.integers(2, 12)), float(rng.integers(0, 8))
        figure = np.sign(np.sin(a * steps)[None, :] + np.cos(b * steps)[:, None])
        shade = shade + rng.uniform(0.05, 0.35) * figure
    picture = tint(np.asarray(shade, np.float32), base)
    return Surface(picture, 900, 900, np.asarray(np.clip(weave, -3, 3), np.float32), 0.8, 0.95)


def _vinyl(rng: np.random.Generator) -> Surface:
    base = pick(rng, ((0.55, 0.58, 0.6), (0.7, 0.66, 0.58), (0.4, 0.5, 0.48), (0.75, 0.75, 0.72)))
    speck = 0.05 * field(rng, 512, 120, 120, 2) + 0.03 * field(rng, 512, 4, 4, 3)
    picture = tint(np.asarray(speck, np.float32), base)
    return Surface(picture, 1000, 1000, roughness=float(rng.uniform(0.2, 0.45)))


def _screed(rng: np.random.Generator) -> Surface:
    tone = pick(rng, ((0.55, 0.55, 0.54), (0.45, 0.46, 0.46), (0.38, 0.45, 0.42)))
    made = plaster(rng, tone, 160, 0.05, float(rng.uniform(0.02, 0.07)))
    return Surface(made.picture, 1300, 1300, made.relief, 0.04, float(rng.uniform(0.3, 0.8)))


def _bricks(rng: np.random.Generator) -> Surface:
    """Brick paving with moss or dirt in wide joints."""
    joint = pick(rng, ((0.3, 0.28, 0.22), (0.25, 0.32, 0.15), (0.55, 0.5, 0.44)))
    return laid(
        rng, 12, 6, (1260.0, 1260.0), near(rng, pick(rng, CLAYS), 0.12, 6), joint,
        float(rng.uniform(4, 12)), wear=0.18, spread=0.13, depth_mm=4.0, wobble=3.0,
        grain=(40, 40), roughness=float(rng.choice([0.85, 0.85, 0.35])),
    )  # fmt: skip


def _slabs(rng: np.random.Generator) -> Surface:
    return laid(
        rng, 4, int(rng.integers(2, 4)), (1600.0, 1600.0), near(rng, pick(rng, STONES), 0.06, 5),
        pick(rng, ((0.25, 0.24, 0.2), (0.5, 0.48, 0.45))), float(rng.uniform(5, 16)),
        shift=float(rng.choice([0, 0.5])), wear=0.12, depth_mm=3.0, wobble=2.0,
        grain=(70, 70), roughness=float(rng.choice([0.85, 0.85, 0.3])),
    )  # fmt: skip


def _paving(rng: np.random.Generator) -> Surface:
    return laid(
        rng, 10, 10, (1100.0, 1100.0), near(rng, pick(rng, STONES), 0.1, 6), (0.3, 0.29, 0.26),
        6.0, shift=float(rng.choice([0, 0.5])), wear=0.15, spread=0.1, depth_mm=4.0, wobble=2.0,
        roughness=0.85,
    )  # fmt: skip


def _cobbles(rng: np.random.Generator) -> Surface:
    return laid(
        rng, 10, 9, (1000.0, 1000.0), near(rng, pick(rng, STONES), 0.12, 6), (0.26, 0.25, 0.22),
        12.0, wear=0.2, spread=0.15, depth_mm=8.0, wobble=16.0, roughness=0.7,
    )  # fmt: skip


def _deck(rng: np.random.Generator) -> Surface:
    base = pick(rng, WOODS)
    return laid(
        rng, 8, 1, (2000.0, 1080.0), near(rng, base, 0.06), (0.05, 0.05, 0.05), 7.0, shift=0.0,
        wear=0.18, spread=0.08, depth_mm=3.0, grain=(4, 110), roughness=0.8,
    )  # fmt: skip


def _cement(rng: np.random.Generator) -> Surface:
    tone = pick(rng, ((0.62, 0.61, 0.58), (0.52, 0.53, 0.53), (0.68, 0.63, 0.55)))
    made = plaster(rng, tone, 170, 1.0, float(rng.uniform(0.03, 0.09)))
    wet = rng.random() < 0.2
    return Surface(made.picture, 1100, 1100, made.relief, 0.15, 0.25 if wet else 0.85)


def _tarmac(rng: np.random.Generator) -> Surface:
    tone = float(rng.uniform(0.2, 0.42))
    made = rubble(rng, ((tone, tone, tone * 1.03), (tone * 1.25,) * 3, (tone * 0.8,) * 3), 110, 0.9,
                  1.2)  # fmt: skip
    picture = made.picture.copy()
    crack = np.abs(field(rng, 512, 3, 3, 4)) < (0.02 if rng.random() < 0.5 else 0.0)
    picture[crack] = picture[crack] // 3
    return Surface(picture, 1800, 1800, made.relief, 1.0, float(rng.choice([0.9, 0.9, 0.3])))


def _gravel(rng: np.random.Generator) -> Surface:
    return rubble(rng, near(rng, pick(rng, STONES), 0.2, 6), 45, 1.0, 8.0)


def _lawn(rng: np.random.Generator) -> Surface:
    base = pick(rng, ((0.24, 0.36, 0.12), (0.32, 0.38, 0.16), (0.4, 0.4, 0.2), (0.18, 0.32, 0.1)))
    return rubble(rng, (*near(rng, base, 0.2, 5), (0.2, 0.17, 0.1)), 80, 0.7, 8.0)


def _soil(rng: np.random.Generator) -> Surface:
    base = pick(rng, ((0.25, 0.18, 0.12), (0.36, 0.27, 0.18), (0.3, 0.2, 0.14)))
    return rubble(rng, (*near(rng, base, 0.2, 5), (0.4, 0.33, 0.25)), 50, 0.8, 7.0)


_MAKE: dict[str, Callable[[np.random.Generator], Surface]] = {
    "boards": _wood,
    "parquet": _parquet,
    "tiles": _tiles,
    "mosaic": _mosaic,
    "loop": _loop,
    "pile": _pile,
    "vinyl": _vinyl,
    "screed": _screed,
    "bricks": _bricks,
    "slabs": _slabs,
    "paving": _paving,
    "cobbles": _cobbles,
    "deck": _deck,
    "cement": _cement,
    "tarmac": _tarmac,
    "gravel": _gravel,
    "lawn": _lawn,
    "soil": _soil,
    "paint": facings.paint,
    "render": facings.render,
    "wallpaper": facings.wallpaper,
    "panelling": facings.panelling,
    "wall_tiles": facings.wall_tiles,
    "blocks": facings.blocks,
    "brickwork": facings.brickwork,
    "siding": facings.siding,
    "stonework": facings.stonework,
    "corrugated": facings.corrugated,
}
KINDS = tuple(_MAKE)


def surface(kind: str, rng: np.random.Generator) -> Surface:
    """A ground or wall of one of `KINDS`."""
    return _MAKE[kind](rng)
