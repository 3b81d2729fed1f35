"""Surfaces and meshes as the renderer takes them, and the words the model knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenpack.training.drawing.meshes import Mesh
from greenpack.training.drawing.noise import Floats, Image, Picture
from greenpack.training.scene import Colour

LABELS = ("parcel", "opening", "item", "filler", "waybill", "tape")
"""Class names in the order the model knows them."""


def within(values: Floats, low: float = 0.012, high: float = 0.92) -> Colour:
    """A colour whose parts are kept between two bounds: nothing is wholly black or wholly white."""
    r, g, b = (float(v) for v in np.clip(values, low, high))
    return r, g, b


@dataclass(frozen=True)
class Material:
    """Surface: linear colour times an sRGB picture; `clear` 0 (opaque) to 1 (invisible film).

    A picture's fourth channel, if any, is opacity. `relief` is a height map (rows, columns) of mean
    0 that shades the surface without moving it, `relief_mm` the height of one unit of it. `glow`
    is the light it gives off itself, 1 as much as white paper under the main light. `sharp` print
    is put on after rendering.
    """

    colour: Colour = (0.8, 0.8, 0.8)
    picture: Picture | None = None
    repeat: tuple[float, float] = (1.0, 1.0)
    roughness: float = 0.6
    metal: float = 0.0
    clear: float = 0.0
    sheen: float = 0.0
    relief: Image | None = None
    relief_mm: float = 1.0
    glow: float = 0.0
    sharp: bool = False


@dataclass(frozen=True)
class Part:
    """One mesh in world millimetres; `label` is None for what the model must not report.

    Parts with the same `instance` (>= 1) are one thing in the picture; 0 is background.
    """

    label: str | None
    instance: int
    mesh: Mesh
    material: Material
