"""Figures of measured sizes against true ones: errors, coverage, refusals, false accusations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.contents.goods import DeclaredGoods
from greenpack.measure.contents.ratios import NO_WALLS, void_ratio
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement
from greenpack.measure.several_sizes import SIDES, size_seen
from greenpack.training.evaluation.closed_truth import Size

LIMIT = 0.5
"""The void ratio's limit of the screening profile."""


@dataclass(frozen=True, slots=True)
class Sized:
    """One picture measured with one source of scale: its true size, and what was measured.

    Attributes:
        name: of the picture.
        source: of the scale.
        true: outer length, width and height in mm, length >= width; None for a bag.
        measurement: by the product's own code.
        faces: how many faces of the box are in view.
        listed: whether the label that gives the scale has a format that is known; True without.
        number_read: whether that label's number can be read in the picture; None without a label.
    """

    name: str
    source: str
    true: Size | None
    measurement: Measurement
    faces: int = 3
    listed: bool = True
    number_read: bool | None = None

    def sides(self) -> Iterator[tuple[float, Interval]]:
        """True side and measured interval of every side that has a best value."""
        for side, true in zip(SIDES, self.true or (), strict=False):
            found = self.measurement.quantities.get(side)
            if found is not None and found.value is not None:
                yield true, found

    @property
    def worst(self) -> float:
        """Largest relative error of a side, 0 where none was measured."""
        return max((abs((found.value or 0) / true - 1) for true, found in self.sides()), default=0)

    def accused(self, limit: float = LIMIT) -> bool | None:
        """Whether goods that leave exactly the limit void would be called a violation.

        They are declared without error, by outer size: nothing but the measured size may be wrong.
        None where the size was not measured in full.
        """
        if self.true is None:
            return None
        try:
            size = size_seen([self.measurement])
        except UnmeasurableError:
            return None
        parcel = None if size is None else size.as_parcel()
        if parcel is None or not parcel.measured:
            return None
        edge = (prod(self.true) * (1 - limit)) ** (1 / 3)
        found = void_ratio(parcel, [DeclaredGoods((edge, edge, edge), 1)], 0.0, NO_WALLS)
        return found is not None and found.low > limit


def figures(trials: Sequence[Sized]) -> dict[str, Any]:
    """All boxes, then those with three faces in view and, of labels, those of known formats."""
    boxes = [trial for trial in trials if trial.true is not None]
    soft = [trial for trial in trials if trial.true is None]
    told = {"all": _figures(boxes), "three_faces": _figures([t for t in boxes if t.faces == 3])}
    if not all(trial.listed for trial in boxes):
        known = [trial for trial in boxes if trial.listed]
        told["listed_format"] = _figures(known)
        told["listed_format_three_faces"] = _figures([t for t in known if t.faces == 3])
    numbers = [trial.number_read for trial in boxes if trial.number_read is not None]
    if numbers:
        told["number_read"] = {"count": sum(numbers), "of": len(numbers)}
    if soft:
        told["soft"] = {
            "pictures": len(soft),
            "given_sizes": sum(trial.measurement.reason is None for trial in soft),
            "refused": _reasons(soft),
        }
    return told


def _figures(trials: Sequence[Sized]) -> dict[str, Any]:
    """How many were measured, how far off they are, and how often the intervals hold."""
    sides = [pair for trial in trials for pair in trial.sides()]
    true = np.array([each for each, _ in sides])
    value = np.array([found.value or 0.0 for _, found in sides])
    off, signed = np.abs(value - true), value / true - 1 if sides else np.array([])
    relative = np.abs(signed)
    holds = sum(found.low <= each <= found.high for each, found in sides)
    wide = np.array([(found.high - found.low) / 2 / each for each, found in sides])
    accused = [found for trial in trials if (found := trial.accused()) is not None]

    def at(values: Any, share: float, digits: int) -> float | None:
        return round(float(np.quantile(values, share)), digits) if len(values) else None

    return {
        "boxes": len(trials),
        "measured": sum(trial.measurement.reason is None for trial in trials),
        "bounds_only": sum(
            trial.measurement.reason is None and not any(True for _ in trial.sides())
            for trial in trials
        ),
        "refused": _reasons(trials),
        "sides": len(sides),
        "error_mm": {"median": at(off, 0.5, 2), "p95": at(off, 0.95, 2)},
        "error_relative": {"median": at(relative, 0.5, 4), "p95": at(relative, 0.95, 4)},
        "bias_relative": {"median": at(signed, 0.5, 4)},
        # A side that is off by less than either limit counts as within.
        "within_5_mm_or_2_percent": _share(np.minimum(off / 5, relative / 0.02) <= 1),
        "within_15_mm_or_5_percent": _share(np.minimum(off / 15, relative / 0.05) <= 1),
        "interval_holds": {"count": int(holds), "of": len(sides)},
        "half_width_relative": {"median": at(wide, 0.5, 4)},
        "complying_called_violation": {"count": sum(accused), "of": len(accused)},
    }


def _share(holds: Any) -> float | None:
    return round(float(np.mean(holds)), 4) if len(holds) else None


def _reasons(trials: Sequence[Sized]) -> dict[str, int]:
    return dict(Counter(t.measurement.reason for t in trials if t.measurement.reason).most_common())


def worst(trials: Sequence[Sized], count: int) -> list[dict[str, Any]]:
    """The boxes whose sizes are farthest off, worst first."""
    ordered = sorted(trials, key=lambda trial: -trial.worst)[:count]
    return [
        {
            "picture": trial.name,
            "true_mm": [round(side, 1) for side in trial.true or ()],
            "found_mm": [
                [round(v or 0.0, 1) for v in (found.value, found.low, found.high)]
                for side in SIDES
                if (found := trial.measurement.quantities.get(side)) is not None
            ],
            "off": round(trial.worst, 4),
            "faces": trial.faces,
        }
        for trial in ordered
        if trial.worst > 0
    ]
