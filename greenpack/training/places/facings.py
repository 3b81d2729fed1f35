"""What walls are faced with: paint, paper, boards, tiles, bricks, stone, sheet metal."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.patterns import Surface, field, laid, plaster, tint
from greenpack.training.places.tones import CLAYS, PAINTS, STONES, WOODS, near, pick


def paint(rng: np.random.Generator) -> Surface:
    """Painted plaster."""
    return plaster(rng, pick(rng, PAINTS), 110, 0.25, float(rng.uniform(0.004, 0.03)))


def render(rng: np.random.Generator) -> Surface:
    """Rough render of a house."""
    return plaster(rng, pick(rng, PAINTS), 130, float(rng.uniform(1, 3)), 0.06)


def wallpaper(rng: np.random.Generator) -> Surface:
    """Printed paper."""
    picture = field(rng, 512, 30, 30, 2)
    base, steps = pick(rng, PAINTS), np.arange(512) / 512 * 2 * np.pi
    a, b = float(rng.integers(4, 20)), float(rng.integers(0, 12))
    figure = np.sign(np.sin(a * steps)[None, :] + np.cos(b * steps)[:, None])
    shade = 0.015 * picture + float(rng.uniform(0.02, 0.14)) * figure
    return Surface(tint(np.asarray(shade, np.float32), base), 700, 700, roughness=0.8)


def panelling(rng: np.random.Generator) -> Surface:
    """Upright boards."""
    base = pick(rng, (*WOODS, *PAINTS))
    return laid(
        rng, 1, int(rng.integers(6, 14)), (1200.0, 1200.0), (base,), (base[0] * 0.5,) * 3,
        float(rng.uniform(1, 6)), shift=0.0, wear=0.06, spread=0.02, depth_mm=3.0, grain=(60, 4),
        roughness=0.5,
    )  # fmt: skip


def wall_tiles(rng: np.random.Generator) -> Surface:
    """Glazed tiles."""
    base = pick(rng, PAINTS)
    return laid(
        rng, 10, int(rng.choice([5, 10])), (1000.0, 1000.0), (base,), (0.6, 0.6, 0.58), 3.0,
        shift=float(rng.choice([0, 0.5])), wear=0.02, spread=0.02, depth_mm=1.2, roughness=0.15,
    )  # fmt: skip


def blocks(rng: np.random.Generator) -> Surface:
    """Building blocks, painted or bare."""
    base = pick(rng, (*STONES, *PAINTS[:4]))
    return laid(
        rng, 6, 3, (1230.0, 1230.0), (base,), (base[0] * 0.85, base[1] * 0.85, base[2] * 0.85), 9.0,
        wear=0.07, spread=0.03, depth_mm=3.0, grain=(110, 110), roughness=0.9,
    )  # fmt: skip


def brickwork(rng: np.random.Generator) -> Surface:
    """Bricks in courses."""
    base = pick(rng, (*CLAYS, *CLAYS, (0.7, 0.62, 0.46), (0.8, 0.79, 0.76), (0.35, 0.33, 0.33)))
    return laid(
        rng, 16, 5, (1125.0, 1200.0), near(rng, base, 0.1, 6),
        pick(rng, ((0.62, 0.6, 0.56), (0.4, 0.38, 0.36))), 10.0, wear=0.15, spread=0.1,
        depth_mm=3.5, wobble=1.5, roughness=0.9,
    )  # fmt: skip


def siding(rng: np.random.Generator) -> Surface:
    """Level boards of a house."""
    base = pick(rng, (*PAINTS, (0.5, 0.3, 0.2)))
    return laid(
        rng, 8, 1, (2000.0, 1300.0), (base,), (base[0] * 0.45,) * 3, 7.0, shift=0.0, wear=0.04,
        spread=0.02, depth_mm=6.0, grain=(4, 100), roughness=0.5,
    )  # fmt: skip


def stonework(rng: np.random.Generator) -> Surface:
    """Rubble stone."""
    return laid(
        rng, 8, 4, (1400.0, 1400.0), near(rng, pick(rng, STONES), 0.12, 6), (0.6, 0.57, 0.5),
        14.0, wear=0.2, spread=0.12, depth_mm=8.0, wobble=14.0, roughness=0.9,
    )  # fmt: skip


def corrugated(rng: np.random.Generator) -> Surface:
    """Profiled sheet metal."""
    base = pick(rng, (*PAINTS[:6], (0.6, 0.62, 0.64)))
    wave = np.sin(np.arange(512) / 512 * 2 * np.pi * 12).astype(np.float32)
    relief = np.asarray(
        np.broadcast_to(np.clip(wave * 2.4, -2, 2)[None, :], (512, 512)), np.float32
    )
    stain = np.asarray(0.05 * field(rng, 512, 6, 2, 4), np.float32)
    return Surface(tint(stain, base), 1500, 1500, relief.copy(), 8.0, 0.4)
