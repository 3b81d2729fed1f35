"""Draws what lies in an opened carton: goods, then filler, then paper slips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.filler.stuffing import stuffing
from greenpack.training.goods import arranging, packing, sheets
from greenpack.training.goods.kinds import KINDS
from greenpack.training.scene import Carton, Filler, Good

Rng = np.random.Generator

BOXES = [k for k in KINDS if k.startswith("box")]
THEMES: dict[str, list[str]] = {
    "boxes": BOXES,
    "wear": [
        "clothes", "polybag", "polybag_print", "roll", "shoes_pair", "box_shoe", "shoe", "bag",
    ],
    "kitchen": ["plates", "bowls", "mug", "plate", "jar", "tin", "box_gift", "box_picture"],
    "larder": ["can", "snack", "tub", "box_food", "fruit_tray", "glass_bottle", "jar", "tin"],
    "care": [
        "pump", "perfume", "cosmetic_tube", "tube", "candle", "spray", "bottle", "box_small",
        "box_gradient", "box_metallic",
    ],
    "devices": [
        "phone", "tablet", "keyboard", "charger", "cable", "headphones", "blister", "batteries",
        "box_phone", "box_black", "box_white",
    ],
    "toys": ["ball", "blocks", "car", "plush", "box_picture", "blister", "book"],
    "paper": ["book", "magazine", "pens", "frame", "book_standing"],
    "tools": ["hammer", "screwdriver", "spray", "blister", "box_kraft", "tin", "batteries"],
}  # fmt: skip
"""Kinds that are sent together."""

LARGE = ["clothes", "polybag", "frame", "box_picture", "box_shoe", "box_gift", "bag", "tablet"]
LARGE += ["polybag_print", "keyboard", "box_white", "box_black", "box_kraft", "plates", "plush"]
ROWS = [*BOXES, "can", "jar", "tub", "candle", "glass_bottle", "bottle", "tin", "mug", "tube"]
ROWS += ["book", "cosmetic_tube", "pump", "polybag_print", "phone", "car", "snack", "perfume"]
PILES = ["clothes", "polybag", "polybag_print", "book", "magazine", "tablet", "box_gift", "phone"]

SHARES = {
    "empty": 0.07,
    "few": 0.29,
    "many": 0.13,
    "single": 0.10,
    "rows": 0.14,
    "full": 0.04,
    "pile": 0.06,
    "shelf": 0.04,
    "tight": 0.13,
}
"""How often a carton holds what."""


def fill(rng: Rng, made: Carton) -> Carton:
    """Goods, filler and slips: from nothing to full to the rim."""
    goods = arranged(rng, made, str(rng.choice(list(SHARES), p=list(SHARES.values()))))
    made = replace(made, goods=goods)
    made = replace(made, filler=stuffing(rng, made) if rng.random() < 0.5 else ())
    if made.style == "gift" and goods and rng.random() < 0.4:  # goods in their cut-outs
        made = replace(made, filler=(Filler("foam_insert", 1.0, 0, 0, int(rng.integers(2**31))),))
    return replace(made, sheets=sheets.sample(rng, made) if rng.random() < 0.16 else ())


def arranged(rng: Rng, made: Carton, how: str) -> tuple[Good, ...]:
    """Goods put into a carton in one of the ways of `SHARES`; loose where that way does not fit."""
    if how == "empty":
        return ()
    for _ in range(3):
        goods = _once(rng, made, how)
        if goods:
            return goods
    return _once(rng, made, "few")


def _once(rng: Rng, made: Carton, how: str) -> tuple[Good, ...]:
    size = (made.length, made.width, made.depth)
    kinds = _kinds(rng)
    if how in ("few", "many"):
        count = int(rng.integers(2, 7) if how == "few" else rng.integers(8, 21))
        largest = float(rng.uniform(0.45, 0.95) if how == "few" else rng.uniform(0.2, 0.5))
        limit = (made.length * largest, made.width * largest, made.depth * 0.97)
        small = [k for k in kinds if _fits(k, limit)]
        small = small or [k for k in KINDS if _fits(k, limit)] or BOXES[:3]
        return packing.loose(rng, *size, small, count, largest)
    if how == "tight":
        low = float(rng.uniform(0.15, 0.9))
        kept = [k for k in kinds if k in BOXES or k == "book"] or BOXES[:3]
        cells, share = int(rng.integers(1, 13)), float(rng.uniform(0.35, 1.0))
        return packing.tight(rng, *size, kept, cells, share, (low, min(low + 0.3, 0.97)))
    if how == "single":
        return arranging.single(rng, *size, LARGE, float(rng.uniform(0.5, 0.97)))
    if how in ("rows", "full"):
        choice = BOXES if how == "full" or rng.random() < 0.4 else ROWS
        return arranging.rows(rng, *size, choice, how == "full")
    if how == "pile":
        return arranging.pile(rng, *size, PILES)
    return arranging.shelf(rng, *size)


def _fits(kind: str, limit: tuple[float, float, float]) -> bool:
    """Whether the smallest of a kind goes in upright."""
    k = KINDS[kind]
    lows = (k.length[0], k.width[0], k.height[0])
    return all(low <= most for low, most in zip(lows, limit, strict=True))


def _kinds(rng: Rng) -> list[str]:
    """One theme's kinds, or anything; a box among them more often than not."""
    if rng.random() < 0.6:
        theme = THEMES[str(rng.choice(list(THEMES)))]
        kinds = [str(k) for k in rng.choice(theme, int(rng.integers(1, 5)))]
    else:
        kinds = [str(k) for k in rng.choice(list(KINDS), int(rng.integers(1, 4)))]
    if rng.random() < 0.6:
        kinds.append(str(rng.choice(BOXES)))
    return kinds
