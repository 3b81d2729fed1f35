"""Shapes of bottles and cosmetics."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh
from greenpack.training.drawing.noise import Floats
from greenpack.training.goods.product_meshes import (
    Piece,
    block,
    laid,
    loft,
    moved,
    outline,
    revolve,
    rounded,
    segment,
    sweep,
)

Rng = np.random.Generator


def _label_band(radius: float, low: float, high: float) -> Mesh:
    return revolve([(radius * 0.99, low), (radius * 1.006, low + 0.2), (radius * 1.006, high)])


def glass_bottle(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    """A glass bottle with a cap and a paper label."""
    r = length / 2
    neck, shoulder = rng.uniform(0.3, 0.45), rng.uniform(0.5, 0.68)
    turn = np.linspace(0, 1, 7)
    slope = [
        (neck + (1 - neck) * (0.5 + 0.5 * np.cos(np.pi * t)), shoulder + 0.17 * t) for t in turn
    ]
    glass = [(0.9, 0), (1, 0.02), *slope, (neck, 0.9)]
    cap = [(neck * 1.2, 0.88), (neck * 1.2, 0.99), (neck * 1.1, 1)]
    band = (rng.uniform(0.1, 0.2), rng.uniform(0.38, shoulder - 0.04))
    return [
        Piece(revolve([(a * r, z * height) for a, z in glass]), "glass"),
        Piece(revolve([(a * r, z * height) for a, z in cap]), "plastic"),
        Piece(_label_band(r, band[0] * height, band[1] * height), "label", True),
    ]


def _oval(length: float, width: float, levels: list[tuple[float, float]]) -> Mesh:
    """Upright body of oval section: (share of the full outline, height) from bottom to top."""
    rings: list[Floats] = [
        np.column_stack([outline(length * s, width * s, width * s * 0.46), np.full(20, z)])
        for s, z in levels
    ]
    return loft(np.array(rings))


def spray(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A trigger bottle: oval body, neck, head with nozzle and trigger."""
    h = height * 0.68
    wide = width * rng.uniform(0.95, 1.15)
    body = _oval(
        wide,
        width,
        [(0.92, 0), (1, 0.03 * h), (1, 0.6 * h), (0.8, 0.8 * h), (0.4, 0.93 * h), (0.38, h)],
    )
    collar = moved(revolve([(0.24 * width, 0), (0.24 * width, 0.1 * h)]), z=h)
    reach = length * 0.55
    head = block((reach + 16, 0.32 * width, 0.12 * height), reach / 2 - 10, 0, height * 0.86, 4)
    nozzle = block((8, 0.3 * width, 0.09 * height), reach + 4, 0, height * 0.875, 2)
    path = np.array(
        [(reach * 0.5, 0, 0.87), (reach * 0.75, 0, 0.8), (reach * 0.6, 0, 0.7)], float
    ) * (1, 1, height)
    neck = segment((0, 0, h * 1.08), (0, 0, height * 0.87), 0.16 * width)
    return [
        Piece(body, "label"),
        Piece(collar, "plastic"),
        Piece(neck, "plastic"),
        Piece(head, "plastic"),
        Piece(nozzle, "plastic2"),
        Piece(sweep(path, 4.5), "plastic2"),
    ]


def pump(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    h = height * 0.72
    soft = rng.uniform(0.03, 0.2)
    round_ = rng.uniform(0.86, 0.98)
    body = _oval(
        width * 1.1,
        width,
        [(0.9, 0), (1, 0.03 * h), (1, (1 - soft) * h), (round_ * 0.8, 0.97 * h), (0.4, h)],
    )
    collar = moved(revolve([(0.25 * width, 0), (0.25 * width, 0.1 * height)]), z=h)
    stem = segment((0, 0, h * 1.1), (0, 0, height * 0.96), 4)
    head = block((width * 0.3, width * 0.3, height * 0.06), 0, 0, height * 0.94, 2)
    spout = segment(
        (0, 0, height * 0.965), (length - width * 0.55, 0, height * 0.95), 0.03 * height
    )
    return [
        Piece(body, "label"),
        *(Piece(m, "plastic") for m in (collar, stem, head, spout)),
    ]


def perfume(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A block of tinted glass, its scent inside, a collar and a cap."""
    h = height * rng.uniform(0.6, 0.75)
    corner = width * rng.uniform(0.1, 0.5)
    bottle = rounded((length, width, h), corner, width * rng.uniform(0.05, 0.2))
    scent = moved(rounded((length * 0.84, width * 0.78, h * 0.8), corner * 0.8, 3), z=h * 0.08)
    collar = moved(revolve([(0.28 * width, 0), (0.28 * width, 0.05 * height)]), z=h)
    top = h + 0.05 * height
    if rng.random() < 0.5:
        cap = block((length * 0.45, width * 0.7, height - top), z=top, bevel=1.5)
    else:
        cap = moved(revolve([(0.4 * width, 0), (0.4 * width, height - top)]), z=top)
    plate = block((length * 0.5, width + 0.6, h * 0.3), z=h * 0.3, bevel=0.1)
    return [
        Piece(bottle, "glass"),
        Piece(scent, "liquid", True),
        Piece(collar, "steel"),
        Piece(cap, str(rng.choice(["plastic", "steel", "wood"]))),
        Piece(plate, "paper", True),
    ]


def cosmetic_tube(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A lying tube of cream: round at its cap, flat at its crimp."""
    t = np.linspace(0, 1, 10)
    angle = np.arange(24) / 24 * 2 * np.pi
    cap = rng.uniform(0.12, 0.22) * length
    r = height / 2
    wide = np.interp(t, [0, 0.1, 1], [r * 0.9, r, width / 2])
    thick = np.interp(t, [0, 0.1, 1], [r * 0.9, r, 0.8])
    rings = np.stack(
        [
            np.cos(angle) * wide[:, None],
            np.sin(angle) * thick[:, None],
            np.broadcast_to(cap + t[:, None] * (length - cap), (10, 24)),
        ],
        -1,
    )
    body = laid(loft(rings))
    lid = laid(revolve([(r * 0.86, 0), (r * 0.88, cap * 0.1), (r * 0.88, cap)]))
    return [Piece(body, "label"), Piece(lid, "plastic")]


SHAPES = {
    "glass_bottle": glass_bottle,
    "spray": spray,
    "pump": pump,
    "perfume": perfume,
    "cosmetic_tube": cosmetic_tube,
}
