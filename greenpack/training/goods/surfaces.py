"""Materials of products by the name of their surface: ceramic, foil, glass, metal, print."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.noise import Picture, clouds
from greenpack.training.goods import soft_surfaces
from greenpack.training.goods.product_meshes import Size
from greenpack.training.printed import layouts, packs
from greenpack.training.scene import Colour

Rng = np.random.Generator


def _seed(rng: Rng) -> int:
    return int(rng.integers(2**31))


def _wrap(rng: Rng, size: Size) -> Material:
    """Printed or plain opaque bag of film, creased and glossy."""
    plain = rng.random() < 0.4
    picture: Picture | None = None
    if not plain:
        flat = rng.random() < 0.5
        picture = packs.cover(_seed(rng), size) if flat else packs.wrapper(_seed(rng))
    relief = soft_surfaces.wrinkles(rng, rng.uniform(2.5, 6), 192)
    colour = layouts.tint(rng, 0.3) if plain else (1.0, 1.0, 1.0)
    return Material(
        colour, picture, roughness=float(rng.uniform(0.12, 0.45)), relief=relief, relief_mm=1.2
    )


def _foil(rng: Rng, size: Size) -> Material:
    relief = soft_surfaces.wrinkles(rng, rng.uniform(3, 6), 192)
    shine = float(rng.choice([0.0, 0.5, 0.85]))
    return Material(
        (1, 1, 1),
        packs.cover(_seed(rng), size),
        roughness=0.2,
        metal=shine,
        relief=relief,
        relief_mm=1.0,
    )


def _label(rng: Rng) -> Material:
    if rng.random() < 0.2:
        return _plastic(rng)
    rough = float(rng.uniform(0.12, 0.4))
    return Material((1, 1, 1), packs.wrapper(_seed(rng), 192), roughness=rough)


def _ceramic(rng: Rng) -> Material:
    white = rng.random() < 0.55
    shade = float(rng.uniform(0.7, 0.88))
    colour = (shade, shade, shade * 0.97) if white else layouts.tint(rng, 0.4)
    picture: Picture | None = None
    if rng.random() < 0.3:
        canvas = layouts.plain(128, 128, (245, 245, 245))
        for _ in range(int(rng.integers(1, 4))):
            y = int(rng.integers(0, 120))
            canvas[y : y + int(rng.integers(2, 14))] = layouts.hue(rng, 0.7)
        picture = canvas
    return Material(colour, picture, roughness=float(rng.uniform(0.06, 0.35)))


def _plastic(rng: Rng) -> Material:
    return Material(layouts.tint(rng), roughness=float(rng.uniform(0.12, 0.5)))


def _shell(rng: Rng) -> Material:
    """Housings of devices: black and white mostly."""
    shade = float(rng.choice([0.015, 0.04, 0.1, 0.45, 0.8]))
    colour = (shade, shade, shade * 1.03) if rng.random() < 0.8 else layouts.tint(rng)
    return Material(colour, roughness=float(rng.uniform(0.12, 0.5)))


def _bright(rng: Rng) -> Material:
    return Material(layouts.tint(rng, 0.85), roughness=float(rng.uniform(0.12, 0.4)))


def _steel(rng: Rng) -> Material:
    colours: tuple[Colour, ...] = ((0.75, 0.75, 0.77), (0.8, 0.62, 0.3), (0.4, 0.4, 0.42))
    return Material(
        colours[int(rng.choice(3, p=[0.7, 0.15, 0.15]))],
        roughness=float(rng.uniform(0.15, 0.4)),
        metal=1.0,
    )


def _metal(rng: Rng) -> Material:
    return Material(layouts.tint(rng), roughness=float(rng.uniform(0.18, 0.4)), metal=0.85)


def _metal_print(rng: Rng, size: Size) -> Material:
    return Material((1, 1, 1), packs.cover(_seed(rng), size), roughness=0.25, metal=0.5)


def _glass(rng: Rng) -> Material:
    tints: tuple[Colour, ...] = (
        (0.55, 0.6, 0.6),
        (0.05, 0.16, 0.06),
        (0.18, 0.07, 0.015),
        (0.75, 0.78, 0.8),
        (0.3, 0.12, 0.2),
    )
    colour = tints[rng.integers(len(tints))]
    return Material(colour, roughness=0.04, clear=float(rng.uniform(0.25, 0.6)))


def _liquid(rng: Rng) -> Material:
    tints: tuple[Colour, ...] = (
        (0.75, 0.55, 0.15),
        (0.7, 0.65, 0.2),
        (0.75, 0.35, 0.35),
        (0.3, 0.5, 0.65),
        (0.6, 0.7, 0.6),
    )
    return Material(tints[rng.integers(len(tints))], roughness=0.2)


def _screen(rng: Rng) -> Material:
    """Black glass, at times cracked or smeared, seldom lit."""
    pixels = 192
    canvas = layouts.plain(pixels, pixels, (16, 16, 19))
    kind = rng.random()
    if kind < 0.2:
        layouts.photo(rng, canvas)
    else:
        inner = canvas[8:-8, 10:-10]
        inner[:] = int(rng.integers(20, 34))
    if 0.2 < kind < 0.4:
        middle = rng.uniform(0.2, 0.8, 2) * pixels
        for _ in range(int(rng.integers(5, 16))):
            bend = np.cumsum(rng.normal(0, 12, (6, 2)) + rng.normal(0, 18, 2), axis=0)
            path = (middle + bend).astype(np.int32)
            cv2.polylines(canvas, [path], False, (150, 152, 155), 1, cv2.LINE_AA)
    return Material((1, 1, 1), canvas, roughness=float(rng.uniform(0.03, 0.12)))


def _pale(rng: Rng) -> Material:
    white = float(rng.uniform(0.6, 0.85))
    return Material(
        (white, white, white * 0.95) if rng.random() < 0.7 else layouts.tint(rng), roughness=0.6
    )


def _wax(rng: Rng) -> Material:
    return Material(
        (0.8, 0.74, 0.6) if rng.random() < 0.6 else layouts.tint(rng, 0.4), roughness=0.45
    )


def _dark(rng: Rng) -> Material:
    shade = float(rng.uniform(0.012, 0.05))
    return Material((shade, shade, shade), roughness=0.35)


def _wood(rng: Rng) -> Material:
    rows = np.cumsum(rng.normal(0, 1, 128))
    grain = clouds(rng, 128, 128, 3)[:, ::8].repeat(8, axis=1) * 9 + 6 * np.sin(rows)[:, None]
    picture = np.clip(225 + grain[:, :, None] - (0, 3, 6), 0, 255).astype(np.uint8)
    shade = rng.uniform(0.25, 1.0)
    return Material((0.72 * shade, 0.45 * shade, 0.22 * shade), picture, roughness=0.5)


def _food(rng: Rng) -> Material:
    colours: tuple[Colour, ...] = (
        (0.6, 0.03, 0.02),
        (0.75, 0.3, 0.02),
        (0.35, 0.5, 0.05),
        (0.75, 0.6, 0.08),
        (0.2, 0.02, 0.06),
    )
    spots = np.clip(225 + 14 * clouds(rng, 96, 96, 8), 0, 255).astype(np.uint8)
    picture = np.repeat(spots[:, :, None], 3, axis=2)
    return Material(colours[rng.integers(len(colours))], picture, roughness=0.35)


def _panels(rng: Rng) -> Material:
    canvas = layouts.plain(192, 192, layouts.hue(rng, 0.7))
    if rng.random() < 0.8:
        for k in range(0, 192, 48):
            canvas[:, k : k + 24] = layouts.hue(rng, 0.7)
    if rng.random() < 0.3:
        layouts.pattern(rng, canvas, layouts.hue(rng, 0.5))
    return Material((1, 1, 1), canvas, roughness=float(rng.uniform(0.2, 0.6)))


def _flat_print(rng: Rng, size: Size) -> Material:
    rough = float(rng.uniform(0.1, 0.45))
    return Material((1, 1, 1), packs.cover(_seed(rng), size), roughness=rough)


def _bubble(rng: Rng) -> Material:
    return Material((0.9, 0.92, 0.95), roughness=0.05, clear=float(rng.uniform(0.72, 0.86)))


_LOOKS: dict[str, Callable[[Rng], Material]] = {
    "cloth": soft_surfaces.cloth,
    "fur": soft_surfaces.fur,
    "fur2": soft_surfaces.fur,
    "film": soft_surfaces.film,
    "label": _label,
    "ceramic": _ceramic,
    "plastic": _plastic,
    "plastic2": _plastic,
    "shell": _shell,
    "shell2": _shell,
    "plastic3": _bright,
    "steel": _steel,
    "metal": _metal,
    "glass": _glass,
    "glass_dark": _dark,
    "liquid": _liquid,
    "screen": _screen,
    "leather": soft_surfaces.leather,
    "sole": _pale,
    "lace": _pale,
    "paper": _pale,
    "wax": _wax,
    "rubber": _dark,
    "wood": _wood,
    "food": _food,
    "panels": _panels,
    "bubble": _bubble,
}
_PRINTS: dict[str, Callable[[Rng, Size], Material]] = {
    "wrap": _wrap,
    "foil": _foil,
    "metal_print": _metal_print,
    "cover": _flat_print,
    "card": _flat_print,
    "picture": _flat_print,
}


def look(surface: str, rng: Rng, size: Size) -> Material:
    """A material for a surface that shapes of goods name; print is laid out for the good's size."""
    return _PRINTS[surface](rng, size) if surface in _PRINTS else _LOOKS[surface](rng)
