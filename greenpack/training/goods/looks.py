"""What goods are made of: board, print, glaze, cloth, film."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import hinged, join, transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.goods import surfaces
from greenpack.training.goods.product_meshes import Size
from greenpack.training.goods.shapes import pieces_of
from greenpack.training.printed import board, packs
from greenpack.training.scene import Good

STYLE_OF = {
    "box_picture": "photo",
    "box_pattern": "pattern",
    "box_gradient": "gradient",
    "box_metallic": "art",
    "box_phone": "phone",
    "box_food": "food",
    "box_small": "art",
}
# Grey level from, to, and how far the channels may differ: jewellery boxes come in deep colours.
_SHADES = {"box_kraft": (150, 210, 5), "box_black": (14, 60, 8), "box_small": (15, 95, 32)}
PIXELS_PER_MM = 1.3


def good_parts(good: Good, frame: Floats, number: int) -> list[Part]:
    """The parts of a product, one for each surface, all of one instance."""
    matrix = frame @ transform(good.x, good.y, good.z, good.yaw)
    if good.tilt != 0:
        matrix = matrix @ hinged(good.size[0] / 2, good.tilt)
    pieces = pieces_of(good)
    parts = []
    for surface in dict.fromkeys(p.surface for p in pieces):
        mesh = join([p.mesh for p in pieces if p.surface == surface])
        look = _look(good.kind, good.size, good.seed, surface)
        parts.append(Part("item", number, mesh.moved(matrix), look))
    return parts


@lru_cache(maxsize=128)
def _look(kind: str, size: Size, seed: int, surface: str) -> Material:
    if surface == "print" and kind != "box_gift":
        return _box(kind, size, seed)
    if surface in ("print", "lid"):
        return _gift(kind, size, seed, surface == "lid")
    # Pieces of one colour name share it; the salt keeps the names apart.
    salt = sum(surface.encode())
    return surfaces.look(surface, np.random.default_rng([seed, salt]), size)


def _pixels(size: Size) -> int:
    return int(np.clip(max(size) * PIXELS_PER_MM, 64, 224))


def _box(kind: str, size: Size, seed: int) -> Material:
    rng, pixels = np.random.default_rng(seed + 1), _pixels(size)
    rough = float(rng.choice([rng.uniform(0.12, 0.3), rng.uniform(0.3, 0.7)]))
    if kind == "box_plain":
        colour = tuple(rng.uniform(0.75, 1.1) * np.array((0.42, 0.27, 0.15)))
        if rng.random() < 0.4:
            colour = tuple(rng.uniform(0.01, 0.7, 3))
        return Material(colour, board.board(seed, False), (3.0, 2.0), 0.6)
    if kind.startswith("book"):
        # Of a standing book little but the spine is seen.
        fine = 96 if kind == "book_standing" else pixels
        picture = packs.book(seed, fine, size)
    elif kind == "box_white":
        picture = packs.white_box(seed)
    elif kind in _SHADES and not (kind == "box_small" and rng.random() < 0.35):
        low, high, spread = _SHADES[kind]
        tone = np.array([1.0, 0.8, 0.58]) if kind == "box_kraft" else np.ones(3)
        r, g, b = np.clip(rng.integers(low, high) * tone + rng.normal(0, spread, 3), 6, 245)
        picture = packs.sticker_box(seed, (int(r), int(g), int(b)), 96)
    else:
        picture = packs.printed_box(seed, pixels, size, STYLE_OF.get(kind, ""))
    metal = 0.75 if kind == "box_metallic" else 0.0
    rough = 0.75 if kind == "box_kraft" else rough
    return Material((1, 1, 1), picture, roughness=rough, metal=metal)


def _gift(kind: str, size: Size, seed: int, lid: bool) -> Material:
    """Lid and box: alike, or two colours; print mostly on the lid."""
    rng = np.random.default_rng([seed, 17])
    level = rng.integers(150, 250) if rng.random() < 0.5 else rng.integers(10, 80)
    tint = [int(v) for v in level + rng.integers(-25, 25, 3)]
    alike, printed = rng.random() < 0.5, rng.random() < (0.6 if kind == "box_shoe" else 0.35)
    if lid and not alike:
        tint = [int(v) for v in rng.integers(10, 240, 3)]
    r, g, b = np.clip(tint, 6, 248)
    rough = float(rng.uniform(0.25, 0.7))
    if lid and printed:
        return Material((1, 1, 1), packs.printed_box(seed, _pixels(size), size), roughness=rough)
    picture = packs.sticker_box(seed + lid, (int(r), int(g), int(b)))
    return Material((1, 1, 1), picture, roughness=rough)
