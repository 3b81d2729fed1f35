"""What filler is made of: paper, film, foam, board, pulp."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenpack.training.drawing.material import Material, within
from greenpack.training.drawing.noise import Floats
from greenpack.training.filler import textures
from greenpack.training.scene import Colour

KRAFT = np.array([0.50, 0.325, 0.175])
WORDS = ("", "", "AIR|CUSHION", "PLEASE|REUSE", "RECYCLE|LDPE 4", "SOFT|LANDING", "POP ME")
TINTS = {  # sRGB
    "peanuts": (
        [236, 236, 230],
        [186, 228, 196],
        [240, 190, 198],
        [240, 230, 176],
        [178, 208, 234],
    ),
    "shred_white": ([238, 237, 232], [226, 226, 224]),
    "shred_kraft": ([186, 148, 106], [172, 134, 94], [200, 164, 122], [160, 122, 84]),
    "wood_wool": ([226, 196, 142], [214, 182, 126], [232, 208, 160], [198, 164, 110]),
}


def filler_look(kind: str, seed: int) -> Material:
    """The surface of a kind of filler; `seed` is the piece's."""
    rng = np.random.default_rng(seed + 2)
    shade = float(rng.uniform(0.8, 1.15))
    if kind in _LOOK:
        return _LOOK[kind](rng, kind)
    if "kraft" in kind:
        return _creased(rng, (0.46 * shade, 0.30 * shade, 0.16 * shade), 3.0)
    if "white" in kind:
        return _creased(rng, (0.8, 0.8, 0.78), 3.0)
    if kind == "peanuts":
        tints = ((0.85, 0.85, 0.82), (0.6, 0.78, 0.6), (0.85, 0.6, 0.6))
        return Material(tints[rng.integers(3)], roughness=0.6)
    return Material((0.75, 0.8, 0.85), roughness=0.12, clear=0.62 if kind == "pillows" else 0.5)


def _colour(values: Floats) -> Colour:
    return within(values, 0.01)


def _creased(rng: np.random.Generator, colour: Colour, repeat: float) -> Material:
    relief = textures.creased(rng)
    picture = textures.paper(rng, relief, False)
    return Material(
        colour, picture, (repeat, repeat), 0.8, sheen=0.1, relief=relief, relief_mm=1.1 / repeat
    )


def _paper(rng: np.random.Generator, kind: str) -> Material:
    """Paper whose texture coordinates are in tiles."""
    relief = textures.creased(rng, straight=int(rng.integers(8, 18)))
    printed = kind == "crumple_news"
    picture = textures.paper(rng, relief, printed)
    if "kraft" in kind:
        colour = _colour(KRAFT * rng.uniform(0.75, 1.35) + rng.normal(0, 0.012, 3))
    elif printed:
        colour = _colour(np.array([0.66, 0.65, 0.6]) * rng.uniform(0.85, 1.1))
    elif kind == "crumple_colour":
        colour = _colour(rng.uniform(0.03, 0.85, 3))
    else:
        colour = _colour(np.array([0.87, 0.87, 0.85]) * rng.uniform(0.88, 1.05))
    rise = float(rng.uniform(0.5, 1.2))
    return Material(colour, picture, roughness=0.75, relief=relief, relief_mm=rise)


def _bubble(rng: np.random.Generator, kind: str) -> Material:
    picture, relief = textures.bubbles(rng)
    tint = np.array([0.92, 0.92, 0.92])
    if rng.random() < 0.15:
        tint = np.array([(0.9, 0.45, 0.55), (0.45, 0.8, 0.5), (0.5, 0.65, 0.9)][rng.integers(3)])
    rise = 0.9 if kind == "bubble_small" else 0.6
    clear = float(rng.uniform(0.0, 0.2))
    return Material(
        _colour(tint), picture, roughness=0.14, clear=clear, relief=relief, relief_mm=rise
    )


def _pillows(rng: np.random.Generator, kind: str) -> Material:
    milky = kind == "pillows_milky"
    body = float(rng.uniform(0.5, 0.7) if milky else rng.uniform(0.2, 0.36))
    picture, relief = textures.cushion(rng, body, str(rng.choice(WORDS)))
    tint = np.array([0.9, 0.92, 0.92])
    if milky and rng.random() < 0.35:
        tint = np.array([(0.62, 0.85, 0.62), (0.55, 0.72, 0.9)][rng.integers(2)])
    return Material(_colour(tint), picture, roughness=0.12, relief=relief, relief_mm=0.6)


def _loose(rng: np.random.Generator, kind: str) -> Material:
    if kind.startswith("peanuts"):
        found = np.array(TINTS["peanuts"], float)
        first = found[rng.choice(5, p=[0.44, 0.18, 0.14, 0.12, 0.12])]
        mixed = rng.random() < 0.15
        tints = found[rng.integers(5, size=4)] if mixed else first + rng.normal(0, 4, (4, 3))
    elif kind == "shred_colour":
        base = rng.uniform(20, 245, 3)
        mixed = rng.random() < 0.5
        tints = rng.uniform(20, 250, (4, 3)) if mixed else base + rng.normal(0, 12, (4, 3))
    else:
        found = np.array(TINTS[kind], float)
        tints = found[rng.integers(len(found), size=4)] * rng.uniform(0.9, 1.06)
    strips = not kind.startswith("peanuts")
    picture, relief = textures.tangle(rng, np.clip(tints, 5, 252), strips)
    return Material((1.0, 1.0, 1.0), picture, roughness=0.7, relief=relief, relief_mm=0.5)


def _net(rng: np.random.Generator, _: str) -> Material:
    picture, relief = textures.net(rng)
    white = rng.random() < 0.15
    colour = np.array([0.86, 0.85, 0.8]) if white else KRAFT * rng.uniform(0.85, 1.3)
    return Material(_colour(colour), picture, roughness=0.8, relief=relief, relief_mm=1.2)


def _foam(rng: np.random.Generator, _: str) -> Material:
    shades = (0.86, 0.86, 0.3, 0.05, 0.025)
    tint = np.full(3, shades[rng.integers(5)]) * rng.uniform(0.85, 1.05)
    if rng.random() < 0.22:  # the coloured inlays of gift boxes
        tones = ((0.85, 0.45, 0.55), (0.5, 0.02, 0.04), (0.03, 0.08, 0.35), (0.75, 0.6, 0.35),
                 (0.02, 0.2, 0.12), (0.8, 0.72, 0.6), (0.25, 0.1, 0.4))  # fmt: skip
        tint = np.array(tones[rng.integers(len(tones))])
    relief = textures.rough(rng, textures.SIZE, 90, 22) * np.float32(0.9)
    return Material(
        _colour(tint), roughness=0.72, relief=np.clip(relief, -3.9, 3.9), relief_mm=0.25
    )


def _board(rng: np.random.Generator, _: str) -> Material:
    picture, relief = textures.flutes(rng)
    white = rng.random() < 0.15
    colour = np.array([0.85, 0.84, 0.8]) if white else KRAFT * rng.uniform(0.8, 1.2)
    return Material(_colour(colour), picture, (2.0, 1.0), 0.8, relief=relief, relief_mm=0.25)


def _pulp(rng: np.random.Generator, _: str) -> Material:
    grey = np.array([0.42, 0.41, 0.38]) if rng.random() < 0.6 else KRAFT * 0.9
    relief = textures.rough(rng, textures.SIZE, 110, 8)
    picture = textures.paper(rng, np.asarray(relief * 0.05, np.float32), False)
    return Material(
        _colour(grey * rng.uniform(0.8, 1.3)),
        picture,
        roughness=0.95,
        relief=np.clip(relief, -3.9, 3.9),
        relief_mm=0.13,
    )


_LOOK: dict[str, Callable[[np.random.Generator, str], Material]] = {
    "rope_kraft": _paper,
    "rope_white": _paper,
    "crumple_kraft": _paper,
    "crumple_white": _paper,
    "crumple_news": _paper,
    "crumple_colour": _paper,
    "sheet_kraft": _paper,
    "sheet_white": _paper,
    "honeycomb": _net,
    "bubble_small": _bubble,
    "bubble_large": _bubble,
    "pillows_clear": _pillows,
    "pillows_milky": _pillows,
    "peanuts_s": _loose,
    "peanuts_eight": _loose,
    "peanuts_tube": _loose,
    "shred_kraft": _loose,
    "shred_white": _loose,
    "shred_colour": _loose,
    "wood_wool": _loose,
    "foam_sheet": _foam,
    "foam_corners": _foam,
    "foam_insert": _foam,
    "divider": _board,
    "pulp_tray": _pulp,
}
