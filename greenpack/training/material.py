"""Surfaces and meshes as the renderer takes them, and the words the model knows."""

from __future__ import annotations

from dataclasses import dataclass

from greenpack.training.meshes import Mesh
from greenpack.training.scene import Colour
from greenpack.training.textures import Picture

LABELS = ("parcel", "opening", "item", "filler", "waybill", "tape")
"""Class names in the order the model knows them."""


@dataclass(frozen=True)
class Material:
    """Surface: linear colour times an sRGB picture; `clear` 0 (opaque) to 1 (invisible film)."""

    colour: Colour = (0.8, 0.8, 0.8)
    picture: Picture | None = None
    repeat: tuple[float, float] = (1.0, 1.0)
    roughness: float = 0.6
    metal: float = 0.0
    clear: float = 0.0
    sheen: float = 0.0


@dataclass(frozen=True)
class Part:
    """One mesh in world millimetres; `label` is None for what the model must not report.

    Parts with the same `instance` (>= 1) are one thing in the picture; 0 is background.
    """

    label: str | None
    instance: int
    mesh: Mesh
    material: Material
