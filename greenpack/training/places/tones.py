"""Colours that floors and walls come in, sRGB."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import within
from greenpack.training.drawing.patterns import Rgb

WOODS: tuple[Rgb, ...] = (
    (0.62, 0.44, 0.27),
    (0.48, 0.31, 0.18),
    (0.74, 0.62, 0.46),
    (0.36, 0.24, 0.16),
    (0.56, 0.52, 0.46),
    (0.42, 0.38, 0.35),
    (0.68, 0.36, 0.2),
)
CLAYS: tuple[Rgb, ...] = (
    (0.6, 0.3, 0.22),
    (0.52, 0.25, 0.2),
    (0.68, 0.4, 0.28),
    (0.45, 0.26, 0.22),
)
STONES: tuple[Rgb, ...] = (
    (0.6, 0.58, 0.55),
    (0.5, 0.49, 0.48),
    (0.66, 0.6, 0.5),
    (0.42, 0.43, 0.46),
)
PAINTS: tuple[Rgb, ...] = (
    (0.9, 0.89, 0.86),
    (0.86, 0.85, 0.83),
    (0.93, 0.92, 0.9),
    (0.82, 0.78, 0.7),
    (0.6, 0.66, 0.68),
    (0.78, 0.62, 0.3),
    (0.45, 0.5, 0.44),
    (0.72, 0.8, 0.84),
    (0.36, 0.38, 0.42),
    (0.7, 0.4, 0.35),
    (0.85, 0.8, 0.82),
)


def pick(rng: np.random.Generator, colours: tuple[Rgb, ...]) -> Rgb:
    """One of the colours, a little lighter, darker or off."""
    base = np.asarray(colours[rng.integers(len(colours))])
    return within(base * rng.uniform(0.8, 1.12) + rng.normal(0, 0.02, 3), 0.02, 0.97)


def near(rng: np.random.Generator, colour: Rgb, spread: float, count: int = 4) -> tuple[Rgb, ...]:
    """Colours round a given one, differing by `spread`."""
    made = []
    for _ in range(count):
        lighter = np.asarray(colour) * (1 + rng.normal(0, spread))
        made.append(within(lighter * (1 + rng.normal(0, 0.3 * spread, 3)), 0.02, 0.97))
    return tuple(made)
