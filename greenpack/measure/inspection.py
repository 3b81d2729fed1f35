"""All photos of one waybill, and what was declared for it, brought to one measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.contents.packing import Packing
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.contents.ratios import (
    Walls,
    box_fits,
    smallest_goods_largest_box,
    void_ratios,
)
from greenpack.measure.declared import TOLERANCE_MM, Declaration
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity
from greenpack.measure.several_sizes import SIDES, SizeSeen, contradicts, size_seen

# Goods on the floor, seen from two depths above the rim, look (2/3)^2 as large as at the rim: so
# far two honest photos of the same goods may differ.
_SAME_GOODS = 4 / 9
_VOIDS = (Quantity.VOID_RATIO, Quantity.VOID_RATIO_INNER, Quantity.VOID_RATIO_OUTER)
_MISFIT = "declared_contents_do_not_fit"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The outcome for one parcel.

    Attributes:
        chosen: index of the photo that is shown: of opened parcels the one that its numbers come
            from, else the one that tells the size best.
        measurement: what all photos and the declaration tell together; or unmeasurable where
            photos, or photo and declaration, contradict each other.
        note: a key of ``REASONS`` where the declaration cannot be right by itself, or against the
            parcel's size; its goods are then not used.
        size: the parcel's size that the numbers rest on, or None.
    """

    chosen: int
    measurement: Measurement
    note: str | None = None
    size: ParcelSize | None = None


def inspect(photos: Sequence[Measurement], declared: Declaration | None = None) -> Inspection:
    """Bring all photos of a parcel, opened and closed, together with what was declared.

    Of photos of the opened parcel the one speaks that hides least (filler and dead ground), not
    the one with the largest ratio: choosing the largest of several uncertain bounds would lend
    chance the inspector's voice. Sizes measured on photos of the closed parcel are combined. Of
    the size by photos and the declared one the more precise is used, and the other confirms it.
    With it and the declared goods the void ratio is two-sided, and within what the opened parcel
    proves. A photo with more filler that nevertheless shows more goods than the chosen one, sizes
    without a common point, and a declaration that the photos rule out are contradictions: they
    are reported, never averaged.

    Args:
        photos: the measurements of all photos of the parcel, at least one.
        declared: what was declared of it.

    Raises:
        ValueError: if there are no photos.
    """
    if not photos:
        raise ValueError("an inspection needs at least one photo")
    declared = declared or Declaration()
    measured = [index for index, photo in enumerate(photos) if photo.outcome is Outcome.MEASURED]
    if not measured:
        size = None if declared.parcel is None else _declared_size(declared.parcel)
        return Inspection(0, photos[0], _misfit(size, declared))
    opened = [index for index in measured if Quantity.AREA_RATIO in photos[index].quantities]
    closed = [index for index in measured if index not in opened]
    if opened:
        chosen = min(opened, key=lambda index: (_hidden(photos[index]), index))
    else:
        chosen = min(closed, key=lambda index: (_vagueness(photos[index]), index))
    try:
        _require_same_goods([photos[index] for index in opened], photos[chosen])
        seen = size_seen([photos[index] for index in closed])
        size = _size(seen, declared.parcel)
        measurement = _joined(photos[chosen], [photos[index] for index in closed], seen)
        note = _misfit(size, declared)
        if size is not None and declared.goods and note is None:
            measurement = _with_contents(measurement, size, declared)
    except UnmeasurableError as contradiction:
        reason = str(contradiction)
        return Inspection(chosen, Measurement(outcome=Outcome.UNMEASURABLE, reason=reason))
    return Inspection(chosen, measurement, note, size)


def _hidden(photo: Measurement) -> float:
    """How much of the parcel a photo leaves unseen: filler, and what the walls hide."""
    walls = sum(line.half_width for line in photo.budget if line.source == "hidden by the wall")
    filler = photo.quantities[Quantity.FILLER_RATIO].value or 0.0
    # Rounded, so that a hair's breadth does not decide between equal photos.
    return round(filler + walls, 2)


def _vagueness(photo: Measurement) -> tuple[int, float]:
    """How many sides a photo leaves unmeasured, and the relative width of the others."""
    sides = [photo.quantities[side] for side in SIDES if side in photo.quantities]
    widths = [(side.high - side.low) / side.value for side in sides if side.value]
    return 3 - len(widths), round(sum(widths), 3)


def _require_same_goods(opened: Sequence[Measurement], chosen: Measurement) -> None:
    area = Quantity.AREA_RATIO
    for photo in opened:
        if photo.quantities[area].low * _SAME_GOODS > chosen.quantities[area].high:
            raise UnmeasurableError("photos_disagree")


def _declared_size(parcel: tuple[float, float, float]) -> ParcelSize:
    return ParcelSize.declared(parcel, TOLERANCE_MM)


def _size(seen: SizeSeen | None, parcel: tuple[float, float, float] | None) -> ParcelSize | None:
    """The more precise of the size by photos and the declared one, if they can both be right."""
    by_photo = None if seen is None else seen.as_parcel()
    if parcel is None:
        return by_photo
    if seen is not None and contradicts(seen.sides, parcel, TOLERANCE_MM):
        raise UnmeasurableError("declared_contradicts_photo")
    by_declaration = _declared_size(parcel)
    if by_photo is None or not by_photo.measured:
        return by_declaration
    return min(by_photo, by_declaration, key=lambda size: size.volume_error)


def _misfit(size: ParcelSize | None, declared: Declaration) -> str | None:
    """``declared_contents_do_not_fit`` where no sizes within the tolerances can be right."""
    if size is None or not declared.goods:
        return None
    check = smallest_goods_largest_box(size, declared.goods, TOLERANCE_MM)
    voids = void_ratios(size, declared.goods, TOLERANCE_MM, Walls.of(declared.board_mm))
    return _MISFIT if check.answer is Packing.DOES_NOT_FIT or not voids else None


def _joined(
    chosen: Measurement, closed: Sequence[Measurement], seen: SizeSeen | None
) -> Measurement:
    """The chosen photo's numbers, the combined size, and what only other closed photos show."""
    quantities = dict(chosen.quantities)
    proven = quantities.get(Quantity.VOID_RATIO)
    if proven is not None:
        # Seen within the rim the void is that of the inner volume; the outer one is larger.
        for quantity in _VOIDS:
            quantities[quantity] = proven
    for photo in closed:
        for quantity, interval in photo.quantities.items():
            known = quantities.get(quantity)
            if known is None or (quantity not in chosen.quantities and _narrower(interval, known)):
                quantities[quantity] = interval
    if seen is not None and len(closed) > 1:
        quantities.update(
            {name: side for name, side in zip(SIDES, seen.sides, strict=True) if side is not None}
        )
    budget = [*chosen.budget]
    said = dict.fromkeys(chosen.assumptions)
    for photo in closed:
        if photo is not chosen:
            budget += [line for line in photo.budget if line not in budget]
            said.update(dict.fromkeys(photo.assumptions))
    return replace(chosen, quantities=quantities, budget=tuple(budget), assumptions=tuple(said))


def _narrower(interval: Interval, than: Interval) -> bool:
    return interval.high - interval.low < than.high - than.low


def _with_contents(
    measurement: Measurement, size: ParcelSize, declared: Declaration
) -> Measurement:
    """Void ratios and box fit of a known size with the declared goods."""
    walls = Walls.of(declared.board_mm)
    found = void_ratios(size, declared.goods, TOLERANCE_MM, walls)
    source = "declared sizes" if size.origin == "declared" else "size by photo, declared goods"
    budget = [
        BudgetLine(
            quantity,
            source,
            (interval.high - interval.low) / 2,
            f"size of the parcel {size.words()}, sizes of its goods as declared",
        )
        for quantity, interval in found.items()
    ]
    for quantity in _VOIDS:
        proven = measurement.quantities.get(quantity)
        if proven is not None:
            found[quantity] = _common(proven, found[quantity])
    found |= box_fits(size, declared.goods, TOLERANCE_MM, walls)
    parcel = "the parcel and its goods" if size.origin == "declared" else "the goods"
    return replace(
        measurement,
        quantities={**measurement.quantities, **found},
        budget=(*measurement.budget, *budget),
        assumptions=(
            *measurement.assumptions,
            f"The declared sizes of {parcel} are true to {TOLERANCE_MM:g} mm an edge.",
            f"The parcel's walls are {walls.words()}.",
            "The goods' edges lie along those of the cuboid around them.",
        ),
    )


def _common(proven: Interval, declared: Interval) -> Interval:
    low, high = max(proven.low, declared.low), min(proven.high, declared.high)
    if low > high:
        raise UnmeasurableError("declared_contradicts_photo")
    value = None if declared.value is None else min(high, max(low, declared.value))
    return Interval(value=value, low=low, high=high)
