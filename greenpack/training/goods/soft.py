"""Shapes of soft goods and shoes: clothes, polybags, snack bags, plush toys."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh
from greenpack.training.goods.product_meshes import (
    Piece,
    blob,
    block,
    moved,
    pillow,
    revolve,
    rounded,
    segment,
)
from greenpack.training.goods.soft_meshes import folded, shoe

Rng = np.random.Generator


def clothes(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    return [Piece(folded(rng, (length, width, height)), "cloth")]


def roll(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    r = length / 2
    soft = rng.uniform(0.03, 0.12) * r
    ends = [(0.5 * r, soft), (0.8 * r, 0), (r - soft, 0), (r, soft)]
    back = [(a, height - z) for a, z in ends[::-1]]
    return [Piece(revolve([(0.0, soft), *ends, *back, (0.0, height - soft)]), "cloth")]


def polybag(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """Cloth in clear film; the film's flap stands out at one end."""
    film = pillow(rng, (length, width, height), 0.03, 0.45, 0.7)
    share = rng.uniform(0.66, 0.8)
    cloth = folded(rng, (length * share, width * 0.84, height * 0.72))
    return [
        Piece(film, "film"),
        Piece(moved(cloth, rng.uniform(-0.04, 0.04) * length, 0, -0.42 * height), "cloth", True),
    ]


def polybag_print(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    return [Piece(pillow(rng, (length, width, height), 0.04, 0.4, 1.1), "wrap")]


def snack(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    return [Piece(pillow(rng, (length, width, height), 0.07, 0.48, 0.6), "foil")]


def plush(rng: Rng, _length: float, _width: float, _height: float) -> list[Piece]:
    """A toy animal on its back: body, head, ears, limbs, eyes."""
    pieces = [
        Piece(blob((110, 95, 80), -15, 0, 0), "fur"),
        Piece(blob((78, 84, 76), 66, 0, 2), "fur"),
        Piece(blob((34, 40, 26), 80, 0, 34), "fur2"),
    ]
    long = rng.uniform(20, 70) if rng.random() < 0.4 else 26
    for side in (-1, 1):
        pieces += [
            Piece(blob((long, 30, 18), 95 + long / 3, side * 34, 0, 10), "fur"),
            Piece(blob((34, 60, 32), 20, side * 58, -4, 10), "fur"),
            Piece(blob((66, 36, 36), -72, side * 32, -6, 10), "fur"),
            Piece(blob((12, 32, 30), -104, side * 34, -6, 8), "fur2"),
            Piece(blob((7, 7, 6), 88, side * 17, 35, 8), "rubber"),
        ]
    return pieces


def shoes_pair(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A left and a right shoe side by side, each on its sole, now and then head to tail."""
    pieces = []
    turn = rng.random() < 0.4
    high = height * rng.uniform(0.82, 0.95)
    sole = height - high
    for side in (-1, 1):
        upper = moved(shoe(length, width * 0.46, high, side < 0), 0, 0, sole)
        base = rounded((length * 0.97, width * 0.42, sole * 1.3), width * 0.2, sole * 0.3)
        opening = blob((length * 0.3, width * 0.24, 7), -0.27 * length, 0, height * 0.97, 8)
        flip = -1 if side > 0 and turn else 1
        for mesh, surface, inner in (
            (upper, "leather", False),
            (base, "sole", False),
            (opening, "rubber", True),
        ):
            placed = Mesh(
                mesh.vertices * (flip, flip, 1) + (0, side * width * 0.26, 0),
                mesh.faces,
                mesh.uv,
                True,
            )
            pieces.append(Piece(placed, surface, inner))
    for side in (-1, 1):
        for k in range(4):
            x = (0.0 + 0.045 * k) * length * (-1 if side > 0 and turn else 1)
            z = height * (0.80 - 0.055 * k)
            y = side * width * 0.26
            pieces.append(
                Piece(
                    segment((x, y - 0.1 * width, z), (x, y + 0.1 * width, z), 2.2, 6), "lace", True
                )
            )
    return pieces


def box_gift(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A box under a lid that stands over it, as shoe and gift boxes have."""
    lid = rng.uniform(0.22, 0.5) * height
    over = rng.uniform(0.8, 2.0)
    return [
        Piece(block((length - 2 * over, width - 2 * over, height - lid)), "print"),
        Piece(block((length, width, lid), z=height - lid), "lid"),
    ]


SHAPES = {
    "clothes": clothes,
    "roll": roll,
    "polybag": polybag,
    "polybag_print": polybag_print,
    "snack": snack,
    "plush": plush,
    "shoes_pair": shoes_pair,
    "box_gift": box_gift,
    "box_shoe": box_gift,
}
