"""Shapes of products: their meshes and true volumes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from greenpack.training.drawing.meshes import Mesh, box, join, lathe
from greenpack.training.drawing.noise import Floats
from greenpack.training.goods import bottles, devices, kitchen, soft
from greenpack.training.goods.product_meshes import Piece, Size, fitted, laid
from greenpack.training.goods.soft_meshes import cushion, shoe
from greenpack.training.scene import Good

_SHAPES = {**soft.SHAPES, **kitchen.SHAPES, **bottles.SHAPES, **devices.SHAPES}


@lru_cache(maxsize=256)
def _pieces(kind: str, size: Size, lying: bool, seed: int) -> tuple[Piece, ...]:
    rng = np.random.default_rng(seed)
    length, width, height = size
    if kind in _SHAPES:
        # A lying product is drawn upright and tipped over: its height then runs along x.
        upright = (width, height, length) if lying else size
        made = fitted(_SHAPES[kind](rng, *upright), upright)
        if not lying:
            return tuple(made)
        return tuple(fitted([replace(p, mesh=laid(p.mesh)) for p in made], size))
    if kind.startswith(("box", "book")):
        bevel = 0.6 if kind.startswith("book") else min(1.2, height * 0.1)
        return (Piece(box(length, width, height, bevel=bevel), "print"),)
    if kind == "bag":
        return (Piece(cushion(rng, length, width, height), "wrap"),)
    if kind == "shoe":
        return (Piece(shoe(length, width, height, left=bool(seed % 2)), "leather"),)
    tall, across = (length, width) if lying else (height, length)
    mesh = lathe(_profile(kind, rng, across / 2, tall))
    if lying:
        turned = mesh.vertices[:, [2, 0, 1]] - (tall / 2, 0, 0)
        mesh = Mesh(np.add(turned, (0, 0, across / 2)), mesh.faces, mesh.uv, True)
    return (Piece(mesh, "label"),)


def pieces_of(good: Good) -> tuple[Piece, ...]:
    """The surfaces of a product standing at the origin on z = 0 (lying goods already laid along
    x), before its yaw."""
    return _pieces(good.kind, good.size, good.lying, good.seed)


def mesh_of(good: Good) -> Mesh:
    """The outer surface of the product as one mesh, placed as `pieces_of` places it."""
    return join([p.mesh for p in pieces_of(good) if not p.inner])


def volume_of(good: Good) -> float:
    """True volume in mm^3, from the mesh itself so that soft and round goods count as they are."""
    return mesh_of(good).volume()


def _profile(kind: str, rng: np.random.Generator, radius: float, tall: float) -> Floats:
    if kind == "bottle":
        neck, shoulder = rng.uniform(0.28, 0.5), rng.uniform(0.6, 0.75)
        points = [
            (0.92, 0.0),
            (1, 0.02),
            (1, shoulder),
            (0.9, shoulder + 0.06),
            (neck, shoulder + 0.14),
            (neck, 0.86),
            (neck * 1.15, 0.865),
            (neck * 1.15, 0.99),
            (neck * 1.0, 1.0),
        ]
    elif kind == "jar":
        points = [
            (0.94, 0),
            (0.98, 0.03),
            (0.98, 0.72),
            (0.9, 0.78),
            (1, 0.785),
            (1, 0.98),
            (0.95, 1),
        ]
    elif kind == "plate":
        points = [
            (0.55, 0),
            (0.6, 0.05),
            (1, 0.92),
            (0.995, 1),
            (0.93, 0.97),
            (0.6, 0.25),
            (0.3, 0.2),
        ]
    else:
        points = [(0.97, 0), (1, 0.01), (1, 0.99), (0.97, 1)]
    return np.array([(max(r, 0.01) * radius, z * tall) for r, z in points])
