"""How quantities, limits and intervals are written for a person, and the range of limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from greenpack.language.speaking import mark, tr
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity

_MOST_DECIMALS = 9


class Direction(StrEnum):
    """On which side of its limit a quantity must lie, and whether the limit itself is allowed."""

    AT_MOST = "at_most"
    BELOW = "below"
    AT_LEAST = "at_least"
    ABOVE = "above"

    @property
    def is_upper(self) -> bool:
        """Whether larger values are the worse ones."""
        return self in (Direction.AT_MOST, Direction.BELOW)

    @property
    def words(self) -> str:
        """The direction as it stands before a number: ``at most``."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """How a quantity is named and written, and the limits that make sense for it.

    Attributes:
        name: as it stands in a sentence, with its article.
        unit: percent of a ratio, times another length, millimetres, or a plain count.
        lowest: the smallest limit that makes sense, in the quantity's unit.
        highest: the largest one.
    """

    name: str
    unit: Literal["percent", "times", "mm", "count"]
    lowest: float
    highest: float


QUANTITY_WORDS: dict[Quantity, QuantityWords] = {
    Quantity.AREA_RATIO: QuantityWords(mark("the area ratio"), "percent", 0, 1),
    Quantity.FILLER_RATIO: QuantityWords(mark("the filler ratio"), "percent", 0, 1),
    Quantity.VOID_RATIO: QuantityWords(mark("the void ratio"), "percent", 0, 1),
    # A box cannot be smaller than what is in it, so a limit under 1 would forbid every parcel.
    Quantity.BOX_FIT_LINEAR: QuantityWords(mark("the box fit by edge"), "times", 1, 100),
    Quantity.BOX_FIT_DIAGONAL: QuantityWords(mark("the box fit by diagonal"), "times", 1, 100),
    Quantity.BOX_FIT_VOLUME: QuantityWords(mark("the box fit by volume"), "times", 1, 1000),
    Quantity.LAYERS: QuantityWords(mark("the number of packaging layers"), "count", 1, 20),
    Quantity.TAPE_WIDTH_MM: QuantityWords(mark("the tape width"), "mm", 1, 1000),
    Quantity.TAPE_LENGTH_RATIO: QuantityWords(mark("the tape length ratio"), "times", 0.1, 100),
    Quantity.WEIGHT_RATIO: QuantityWords(mark("the weight ratio"), "percent", 0, 1),
    Quantity.LENGTH_MM: QuantityWords(mark("the parcel's length"), "mm", 1, 10_000),
    Quantity.WIDTH_MM: QuantityWords(mark("the parcel's width"), "mm", 1, 10_000),
    Quantity.HEIGHT_MM: QuantityWords(mark("the parcel's height"), "mm", 1, 10_000),
    Quantity.VOID_RATIO_INNER: QuantityWords(
        mark("the void ratio by inner volume"), "percent", 0, 1
    ),
    Quantity.VOID_RATIO_OUTER: QuantityWords(
        mark("the void ratio by outer volume"), "percent", 0, 1
    ),
}

_UNITS = {"percent": " %", "times": mark(" times"), "mm": " mm", "count": ""}


def number_words(value: float, quantity: Quantity, near: float | None = None) -> str:
    """A value with its unit, for example ``66.0 %``.

    Args:
        value: in the quantity's unit; ratios of 0 to 1 are written in percent.
        quantity: what it is a value of.
        near: a limit the value is compared with; decimals are added until the written number lies
            on the same side of the written limit as the value does of the limit.
    """
    unit = QUANTITY_WORDS[quantity].unit
    scale = 100.0 if unit == "percent" else 1.0
    decimals = 0 if unit == "count" and float(value).is_integer() else 1
    while near is not None and decimals < _MOST_DECIMALS:
        written = round(value * scale, decimals)
        if _side(written, near * scale) == _side(value, near):
            break
        decimals += 1
    return f"{value * scale:.{decimals}f}{tr(_UNITS[unit])}"


def limit_words(value: float, quantity: Quantity) -> str:
    """A limit with its unit as shortly as it can be written, for example ``50 %`` or ``45 mm``."""
    unit = QUANTITY_WORDS[quantity].unit
    return f"{value * (100.0 if unit == 'percent' else 1.0):.6g}{tr(_UNITS[unit])}"


def interval_words(interval: Interval, quantity: Quantity, limits: tuple[float, ...]) -> str:
    """A predicate with the numbers: ``is 70.0 % (95 % interval 66.0 % to 74.0 %)``."""
    low = _beside(interval.low, quantity, limits)
    high = _beside(interval.high, quantity, limits)
    if interval.value is None:
        return f"lies between {low} and {high} (95 % interval)"
    return f"is {_beside(interval.value, quantity, limits)} (95 % interval {low} to {high})"


def join_words(words: list[str], last: str) -> str:
    """Words as in a sentence: ``a, b or c`` with ``last`` = ``or``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def unknown_words(names: list[str]) -> str:
    """That these are unknown: ``a is unknown``, ``a and b are unknown``."""
    distinct = list(dict.fromkeys(names))
    return f"{join_words(distinct, 'and')} {'is' if len(distinct) == 1 else 'are'} unknown"


def _beside(value: float, quantity: Quantity, limits: tuple[float, ...]) -> str:
    nearest = min(limits, key=lambda limit: abs(limit - value), default=None)
    return number_words(value, quantity, nearest)


def _side(value: float, limit: float) -> int:
    # A value of exactly the limit must be written as the limit; 0.07 * 100 is not quite 7.
    if math.isclose(value, limit, rel_tol=1e-12, abs_tol=1e-15):
        return 0
    return 1 if value > limit else -1
