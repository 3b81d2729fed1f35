"""From fitted cuboids to length, width and height with their intervals and budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from greenpack.measure.closed.edge_tracking import Seen
from greenpack.measure.interval import IN_95, Interval
from greenpack.measure.measurement import BudgetLine, Quantity
from greenpack.measure.projective import Array

_NAMES = {
    "edges": ("edges", "scatter of the edge points about the parcel's edges"),
    "pattern corners": ("scale corners", "scatter of the corners of what gives the scale"),
    "pattern size": ("scale size", "tolerance of the printed size, the same for all three sizes"),
    "focal length": ("focal length", "uncertainty of the camera's focal length"),
    "belt height": ("belt", "uncertainty of the camera's height over the belt"),
    "lean": ("lean", "a box may lean by a third of a degree"),
    "known size": ("height", "uncertainty of the height given"),
}
ORDER = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Sizes of one parcel.

    Attributes:
        intervals: by quantity, millimetres.
        budget: what each interval is made of.
    """

    intervals: dict[Quantity, Interval]
    budget: tuple[BudgetLine, ...]


def axes_of(seen: Seen) -> tuple[int, int, int]:
    """The cuboid's axes of length, width and height: height is upright, length >= width."""
    up = seen.up[0]
    lying = sorted((a for a in range(3) if a != up), key=lambda a: -seen.fit.pose.sizes[a])
    return lying[0], lying[1], up


def inflation(seen: Seen) -> float:
    """What the errors are multiplied by where the residuals are larger than they say (Birge)."""
    return float(max(1.0, seen.fit.misfit) ** 0.5)


@dataclass(frozen=True, slots=True)
class Form:
    """How a box differs from a cuboid.

    Attributes:
        error: 95 % half width, relative: boxes bulge.
        rounding: mm by which a size is seen too small on average, since edges are rounded; its 95 %
            half width is as large.
    """

    error: float
    rounding: float = 0.0


def relative_error(seen: Seen, axis: int, form: Form) -> float:
    """95 % half width of the logarithm of the size along one of the cuboid's axes.

    Args:
        seen: the fit.
        axis: 0, 1 or 2.
        form: how a box differs from a cuboid.
    """
    spread = inflation(seen) * float(np.sqrt(seen.fit.covariance[axis, axis])) * IN_95
    return float(np.hypot(np.hypot(spread, form.error), form.rounding / _size(seen, axis, form)))


def _size(seen: Seen, axis: int, form: Form) -> float:
    """The size along an axis between its unrounded edges, mm."""
    return float(seen.fit.pose.sizes[axis]) + form.rounding


def sizes_of(fits: Sequence[Seen], form: Form, height_seen: bool) -> Sizes:
    """Sizes that cover all fits that may be right, the best of them as the value.

    Parts add in quadrature within one fit; what the other fits add is a line of its own.

    Args:
        fits: at least one, the best first.
        form: how a box differs from a cuboid.
        height_seen: whether the third size was seen.
    """
    intervals: dict[Quantity, Interval] = {}
    budget: list[BudgetLine] = []
    parts = fits[0].fit.parts
    for place, quantity in enumerate(ORDER if height_seen else ORDER[:2]):
        bounds = []
        for seen in fits:
            axis = axes_of(seen)[place]
            value, relative = _size(seen, axis, form), relative_error(seen, axis, form)
            bounds.append((value, value * np.exp(-relative), value * np.exp(relative)))
        value, low, high = bounds[0]
        budget += _lines(fits[0], parts, axes_of(fits[0])[place], quantity, form)
        wide = (min(b[1] for b in bounds), max(b[2] for b in bounds))
        other = max(low - wide[0], wide[1] - high)
        if other > 0:
            note = f"{len(fits)} readings of the photo fit; the interval covers them all"
            budget.append(BudgetLine(quantity, "other readings", float(other), note))
        intervals[quantity] = Interval(value, float(wide[0]), float(wide[1]))
    return Sizes(intervals, tuple(budget))


def widened(sizes: Sizes, factor: float, note: str) -> Sizes:
    """The same with both arms of every measured interval ``factor`` >= 1 times as long.

    Arms are taken on a logarithmic scale, on which sizes have their errors; a line of the budget
    says what was added. Intervals without a value are bounds and stay.
    """
    intervals, budget = dict(sizes.intervals), list(sizes.budget)
    for quantity, found in sizes.intervals.items():
        if found.value is None or factor <= 1:
            continue
        low = found.value * (found.low / found.value) ** factor
        high = found.value * (found.high / found.value) ** factor
        added = max(found.low - low, high - found.high)
        intervals[quantity] = Interval(found.value, float(low), float(high))
        budget.append(BudgetLine(quantity, "calibration", float(added), note))
    return Sizes(intervals, tuple(budget))


def _lines(
    seen: Seen, parts: Mapping[str, Array], axis: int, quantity: Quantity, form: Form
) -> list[BudgetLine]:
    value = _size(seen, axis, form)
    factor = inflation(seen)
    lines = []
    for group, part in parts.items():
        if group not in _NAMES:
            continue
        source, note = _NAMES[group]
        half = value * factor * IN_95 * float(np.sqrt(max(part[axis, axis], 0.0)))
        if half > 1e-4 * value:
            lines.append(BudgetLine(quantity, source, half, note))
    lines.append(BudgetLine(quantity, "form", value * form.error, "boxes bulge"))
    if form.rounding > 0:
        note = f"rounded edges are seen inside the corners: {form.rounding:.1f} mm were added"
        lines.append(BudgetLine(quantity, "rounded edges", form.rounding, note))
    return lines
