"""Amounts for people: rounded outwards to what their interval allows, in a unit that suits."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Final

from greenpack.language.speaking import number_text, tr
from greenpack.measure.interval import Interval

# Units and the next larger ones, with how many of the first make one of the second.
_LARGER: Final = {"g": ("kg", 1000.0), "kg": ("t", 1000.0), "cm3": ("m3", 1e6), "L": ("m3", 1000.0)}
_SMALLER: Final = {"m3": ("L", 1000.0), "t": ("kg", 1000.0), "kg": ("g", 1000.0)}
# Digits that a number without any width is written with.
_DIGITS: Final = 3
# From this ratio of its ends on, each end of a range is rounded for itself.
_FAR_APART: Final = 10


def range_text(amount: Interval, unit: str = "") -> str:
    """An interval for people: ``1,200 to 1,900 m³``.

    Both ends are rounded outwards, so that the range told holds whatever the range meant holds, to
    the leading digit of half its width (two digits where that is 1 or 2): more would be false
    precision. Where one end is more than ten times the other, the low one keeps its leading digit.

    Args:
        amount: any numbers.
        unit: of the amount; kg becomes t or g and m3 becomes L where that reads better.
    """
    amount, unit = _suited(amount, unit)
    step = _step(amount)
    # Where the ends are far apart, the low one would be rounded to nothing.
    far_apart = 0 < _FAR_APART * amount.low < amount.high
    finer = 10.0 ** floor(log10(amount.low)) if far_apart else step
    low, high = floor(amount.low / finer + 1e-9) * finer, ceil(amount.high / step - 1e-9) * step
    if high - low < step / 2:
        told = _number(low, step)
    else:
        told = tr("{low} to {high}", low=_number(low, finer), high=_number(high, step))
    return f"{told} {unit_text(unit)}".strip()


def value_text(amount: Interval, unit: str = "") -> str:
    """The best estimate, rounded as the interval's ends are; the range where there is none."""
    amount, unit = _suited(amount, unit)
    if amount.value is None:
        return range_text(amount, unit)
    step = _step(amount)
    return f"{_number(round(amount.value / step) * step, step)} {unit_text(unit)}".strip()


def unit_text(unit: str) -> str:
    """A unit as it is printed: ``m3`` with its exponent above the line."""
    return unit.replace("m3", "m³").replace("m2", "m²")


def _number(number: float, step: float) -> str:
    return number_text(number, max(0, -floor(log10(step))))


def _step(amount: Interval) -> float:
    """The place that is rounded to: a power of ten."""
    width = amount.high - amount.low
    largest = max(abs(amount.low), abs(amount.high))
    if largest == 0:
        return 1.0
    finest = 10.0 ** (floor(log10(largest)) + 1 - _DIGITS)
    if width <= 0:
        return float(finest)
    place = 10.0 ** floor(log10(width / 2))
    # A leading 1 or 2 is too coarse alone.
    return float(max(finest, place / 10 if width / 2 < 3 * place else place))


def _suited(amount: Interval, unit: str) -> tuple[Interval, str]:
    """The amount in a unit in which its larger end is between 1 and 1000, where there is one."""
    largest = max(abs(amount.low), abs(amount.high))
    if unit in _LARGER and largest >= 1000:
        larger, factor = _LARGER[unit]
        return _suited(_times(amount, 1 / factor), larger)
    if unit in _SMALLER and 0 < largest < 1:
        smaller, factor = _SMALLER[unit]
        return _times(amount, factor), smaller
    return amount, unit


def _times(amount: Interval, factor: float) -> Interval:
    value = None if amount.value is None else amount.value * factor
    return Interval(value, amount.low * factor, amount.high * factor)
