"""Can the declared goods go into the parcel at all? A check of the declaration, never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import prod

from greenpack.measure.contents.block_packing import packs
from greenpack.measure.contents.conservative_scales import needed_share
from greenpack.measure.contents.goods import PRESSED, DeclaredGoods, Size, require_sound
from greenpack.measure.contents.turning import goes_in


class Packing(StrEnum):
    """What is known of goods and a box."""

    FITS = "fits"  # a packing was constructed
    DOES_NOT_FIT = "does_not_fit"  # there is none
    NOT_SHOWN = "not_shown"  # neither was shown


@dataclass(frozen=True, slots=True)
class PackingCheck:
    """The answer, and what shows it, in a clause for people."""

    answer: Packing
    because: str


def check_packing(goods: Sequence[DeclaredGoods], box: Size) -> PackingCheck:
    """Whether goods go into a box, by sizes that are taken as exact.

    They do not where their volumes sum to more, where one kind goes in at no angle, or where
    conservative scales prove it for goods whose edges lie along the box's. They do where a packing
    was constructed. To judge a declaration, pass the smallest goods and the largest box that the
    tolerances allow: then ``DOES_NOT_FIT`` means that no true sizes within them can be right.
    Soft goods take no fixed form: they count by half their volume and are in no one's way.

    Args:
        goods: at least one; sizes in mm.
        box: inner sides in mm, > 0.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    require_sound(goods)
    if min(box) <= 0:
        raise ValueError("sizes and quantities must be positive")
    return _checked(tuple(sorted(goods, key=_order)), box)


def _order(kind: DeclaredGoods) -> tuple[object, ...]:
    return (-kind.volume, sorted(kind.size), kind.quantity, kind.soft)


@lru_cache(maxsize=512)
def _checked(goods: tuple[DeclaredGoods, ...], box: Size) -> PackingCheck:
    least = sum(kind.volume * (PRESSED if kind.soft else 1.0) for kind in goods)
    if least > prod(box) * (1 + 1e-9):
        return PackingCheck(Packing.DOES_NOT_FIT, "the goods' volumes sum to more than the box's")
    rigid = [kind for kind in goods if not kind.soft]
    askew = False
    for kind in rigid:
        if all(side <= edge for side, edge in zip(sorted(kind.size), sorted(box), strict=True)):
            continue
        if not goes_in(kind.size, box):
            sides = " x ".join(f"{side:.0f}" for side in kind.size)
            return PackingCheck(Packing.DOES_NOT_FIT, f"a piece of {sides} mm goes in at no angle")
        askew = True
    if askew:
        return PackingCheck(Packing.NOT_SHOWN, "a piece goes in only askew")
    if rigid and needed_share(rigid, box) > 1 + 1e-6:
        return PackingCheck(
            Packing.DOES_NOT_FIT, "pieces too large to stand beside each other are too many"
        )
    if packs(rigid, box):
        # What the soft goods have is what the rigid ones leave, in pieces.
        return PackingCheck(Packing.FITS, "a way to pack them was found")
    return PackingCheck(Packing.NOT_SHOWN, "no way to pack them was found, nor that there is none")
