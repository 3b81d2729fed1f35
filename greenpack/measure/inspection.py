"""All photos of one waybill, and what was declared for it, brought to one measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity

# Goods on the floor, seen from two depths above the rim, look (2/3)^2 as large as at the rim: so
# far two honest photos of the same goods may differ.
_SAME_GOODS = 4 / 9


@dataclass(frozen=True, slots=True)
class Inspection:
    """The outcome for one parcel.

    Attributes:
        chosen: index of the photo the numbers come from.
        measurement: its measurement, with what was declared taken in; or unmeasurable where the
            photos, or photo and declaration, contradict each other.
    """

    chosen: int
    measurement: Measurement


def inspect(photos: Sequence[Measurement], declared: Interval | None = None) -> Inspection:
    """Choose the photo that proves most, and take in the declared void ratio.

    The photo is chosen by what it hides (filler and dead ground), not by its ratio: choosing the
    largest of several uncertain bounds would lend chance the inspector's voice. A photo with more
    filler that nevertheless shows more goods than the chosen one is a contradiction, and so is a
    declaration that the photo's bound rules out. Contradictions are reported, never averaged.

    Args:
        photos: the measurements of all photos of the parcel, at least one.
        declared: the void ratio by declared sizes, or None.

    Raises:
        ValueError: if there are no photos.
    """
    if not photos:
        raise ValueError("an inspection needs at least one photo")
    measured = [index for index, photo in enumerate(photos) if photo.outcome is Outcome.MEASURED]
    if not measured:
        return Inspection(0, photos[0])
    chosen = min(measured, key=lambda index: (_hidden(photos[index]), index))
    measurement = photos[chosen]
    area = measurement.quantities[Quantity.AREA_RATIO]
    for index in measured:
        if photos[index].quantities[Quantity.AREA_RATIO].low * _SAME_GOODS > area.high:
            return Inspection(chosen, _contradiction("photos_disagree"))
    if declared is None:
        return Inspection(chosen, measurement)
    proven = measurement.quantities[Quantity.VOID_RATIO]
    low, high = max(proven.low, declared.low), min(proven.high, declared.high)
    if low > high:
        return Inspection(chosen, _contradiction("declared_contradicts_photo"))
    value = None if declared.value is None else min(high, max(low, declared.value))
    void = Interval(value=value, low=low, high=high)
    return Inspection(
        chosen,
        replace(
            measurement,
            quantities={**measurement.quantities, Quantity.VOID_RATIO: void},
            budget=(
                *measurement.budget,
                BudgetLine(
                    Quantity.VOID_RATIO,
                    "declared sizes",
                    (declared.high - declared.low) / 2,
                    "from the declared sizes of parcel and goods",
                ),
            ),
            assumptions=(
                *measurement.assumptions,
                "The declared sizes of the parcel and its goods are true to 5 mm an edge.",
            ),
        ),
    )


def _hidden(photo: Measurement) -> float:
    """How much of the parcel a photo leaves unseen: filler, and what the walls hide."""
    walls = sum(line.half_width for line in photo.budget if line.source == "hidden by the wall")
    filler = photo.quantities[Quantity.FILLER_RATIO].value or 0.0
    # Rounded, so that a hair's breadth does not decide between equal photos.
    return round(filler + walls, 2)


def _contradiction(reason: str) -> Measurement:
    return Measurement(outcome=Outcome.UNMEASURABLE, reason=reason)
