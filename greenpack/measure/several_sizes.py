"""The size of a parcel from several photos: combined where they agree, reported where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import exp, hypot, inf, log, sqrt

import numpy as np

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.contents.goods import Size, sized
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.interval import IN_95, Interval
from greenpack.measure.measurement import Measurement, Quantity

# Budget lines of the sizes with this source state what all sides of a photo have in common.
SCALE = "scale"
SIDES = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)

Sides = tuple[Interval | None, Interval | None, Interval | None]


@dataclass(frozen=True, slots=True)
class SizeSeen:
    """What photos tell of a parcel's outer size.

    Attributes:
        sides: length, width and height in mm, each measured (with a value), bounded (without) or
            None where no photo tells anything of it.
        own: relative standard uncertainty of each measured side by itself, 0 for the others.
        shared: relative standard uncertainty that the measured sides have in common.
    """

    sides: Sides
    own: tuple[float, float, float]
    shared: float

    def as_parcel(self) -> ParcelSize | None:
        """The parcel's size, or None where nothing is known of a side."""
        low, high, own = [], [], []
        for side, error in zip(self.sides, self.own, strict=True):
            if side is None:
                return None
            value = side.value
            low.append(max(1.0, side.low) if value is None else value)
            high.append(max(1.0, side.high) if value is None else value)
            own.append(0.0 if value is None else error * value)
        return ParcelSize(sized(low), sized(high), sized(own), self.shared, "photo")


def size_seen(photos: Sequence[Measurement]) -> SizeSeen | None:
    """What the photos of one closed parcel tell of its size; None where none was measured.

    Photos are compared side by side, length and width in order of length and the height by
    itself; a parcel that was turned onto another side between photos is compared by its three
    sides in order of length. Two 95 % intervals without a common point contradict each other.

    Where they agree, measured sides are combined by generalised least squares on logarithms: each
    photo has errors of its own for each side, and one of scale that moves all its sides alike.
    Scale errors of photos with the same kind of scale are taken to be the same, so more photos do
    not make them smaller; others are independent. Bounds are intersected.

    Raises:
        UnmeasurableError: ``photos_disagree``.
    """
    seen = [(photo.scale, _of_photo(photo)) for photo in photos if _shows_size(photo)]
    if not seen:
        return None
    if not _agree([one.sides for _, one in seen]):
        seen = [(scale, _by_length(one)) for scale, one in seen]
        if not _agree([one.sides for _, one in seen]):
            raise UnmeasurableError("photos_disagree")
    if len(seen) == 1:
        return seen[0][1]
    groups: dict[str | None, list[SizeSeen]] = {}
    for scale, one in seen:
        groups.setdefault(scale, []).append(one)
    return _combined([one for _, one in seen], [_of_one_scale(group) for group in groups.values()])


def contradicts(sides: Sides, declared: Size, tolerance: float) -> bool:
    """Whether a declared size, its sides in any order, cannot be the one seen."""
    return not any(
        all(
            side is None or side.low - tolerance <= length <= side.high + tolerance
            for side, length in zip(sides, order, strict=True)
        )
        for order in permutations(declared)
    )


def _shows_size(photo: Measurement) -> bool:
    return any(
        side in photo.quantities and photo.quantities[side].value is not None for side in SIDES
    )


def _of_photo(photo: Measurement) -> SizeSeen:
    length, width, height = (photo.quantities.get(side) for side in SIDES)
    sides = (length, width, height)
    errors = [_relative(side) for side in sides]
    least = min(error for error in errors if error is not None)
    stated = [
        line.half_width / IN_95 / value
        for line in photo.budget
        if line.source == SCALE
        and line.quantity in SIDES
        and line.quantity in photo.quantities
        and (value := photo.quantities[line.quantity].value) is not None
    ]
    # Without a word on it all of the least error may be common, which widens a volume most.
    shared = min(least, max(stated, default=inf))
    own = [0.0 if error is None else sqrt(error**2 - shared**2) for error in errors]
    return SizeSeen(sides, (own[0], own[1], own[2]), shared)


def _relative(side: Interval | None) -> float | None:
    """Relative standard uncertainty of a measured side; an interval gives it by its longer arm."""
    if side is None or side.value is None:
        return None
    return max(side.high - side.value, side.value - side.low) / (IN_95 * side.value)


def _by_length(seen: SizeSeen) -> SizeSeen:
    """The same with its sides in order of length; as it is where one was not measured."""
    if any(side is None or side.value is None for side in seen.sides):
        return seen
    order = sorted(range(3), key=lambda axis: -(seen.sides[axis].value or 0.0))  # type: ignore[union-attr]
    first, second, third = order
    return SizeSeen(
        (seen.sides[first], seen.sides[second], seen.sides[third]),
        (seen.own[first], seen.own[second], seen.own[third]),
        seen.shared,
    )


def _agree(sizes: Sequence[Sides]) -> bool:
    return all(
        one is None or other is None or (one.low <= other.high and other.low <= one.high)
        for sides in zip(*sizes, strict=True)
        for one, other in combinations(sides, 2)
    )


def _of_one_scale(group: Sequence[SizeSeen]) -> SizeSeen:
    """Photos of one kind of scale: their own errors average out, that of the scale stays."""
    sides: list[Interval | None] = []
    own = []
    shared = max(one.shared for one in group)
    for axis in range(3):
        told = [
            (log(side.value), max(one.own[axis], 1e-6))
            for one in group
            if (side := one.sides[axis]) is not None and side.value is not None
        ]
        if not told:
            sides.append(None)
            own.append(0.0)
            continue
        weight = sum(error**-2 for _, error in told)
        value = exp(sum(length * error**-2 for length, error in told) / weight)
        own.append(1 / sqrt(weight))
        sides.append(_around(value, hypot(own[-1], shared)))
    return SizeSeen((sides[0], sides[1], sides[2]), (own[0], own[1], own[2]), shared)


def _combined(photos: Sequence[SizeSeen], groups: Sequence[SizeSeen]) -> SizeSeen:
    """Groups of independent scales, each with the covariance diag(own^2) + shared^2."""
    known = [axis for axis in range(3) if any(group.sides[axis] is not None for group in groups)]
    information, weighted = np.zeros((3, 3)), np.zeros(3)
    for group in groups:
        told = [axis for axis in range(3) if group.sides[axis] is not None]
        errors = np.array([max(group.own[axis], 1e-6) for axis in told])
        inverse = np.linalg.inv(np.diag(errors**2) + group.shared**2)
        lengths = np.array([log(_value(group.sides[axis])) for axis in told])
        information[np.ix_(told, told)] += inverse
        weighted[told] += inverse @ lengths
    covariance = np.linalg.inv(information[np.ix_(known, known)])
    best = covariance @ weighted[known]
    apart = covariance[~np.eye(len(known), dtype=bool)]
    common = max(0.0, float(apart.min())) if apart.size else 0.0
    sides: list[Interval | None] = [None, None, None]
    own = [0.0, 0.0, 0.0]
    for place, axis in enumerate(known):
        variance = float(covariance[place, place])
        sides[axis] = _around(exp(float(best[place])), sqrt(variance))
        own[axis] = sqrt(max(0.0, variance - common))
    for axis in range(3):
        if sides[axis] is None:
            sides[axis] = _bounds([one.sides[axis] for one in photos])
    return SizeSeen((sides[0], sides[1], sides[2]), (own[0], own[1], own[2]), sqrt(common))


def _around(value: float, relative: float) -> Interval:
    return Interval(value, value * exp(-IN_95 * relative), value * exp(IN_95 * relative))


def _value(side: Interval | None) -> float:
    if side is None or side.value is None:
        raise ValueError("the side was not measured")
    return side.value


def _bounds(sides: Sequence[Interval | None]) -> Interval | None:
    told = [side for side in sides if side is not None]
    if not told:
        return None
    return Interval(None, max(side.low for side in told), min(side.high for side in told))
