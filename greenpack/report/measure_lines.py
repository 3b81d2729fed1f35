"""The lines of `greenpack measure`: the JSON contract, and the same for people."""

from __future__ import annotations

import hashlib
from typing import Any

from greenpack.examination import examine
from greenpack.intake.source import Refused, Source
from greenpack.measure.measurement import Outcome, Quantity
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.several_sizes import SIDES
from greenpack.reasons import REASONS, GreenPackError
from greenpack.settings import Settings
from greenpack.vision.detector import Detector


def measure_line(
    source: Source | Refused, detector: Detector, settings: Settings, using: MeasureSettings
) -> dict[str, Any]:
    """One photo's line, with the keys and types that other programs rely on.

    ``photo``, ``sha256``, ``outcome`` (measured or unmeasurable), ``reason``, ``advice``,
    ``width``, ``height``, ``objects`` (label, confidence, polygon in pixels of the upright
    original), ``area_ratio`` and ``void_ratio`` (value, low, high, or null), ``model``,
    ``milliseconds``; of closed parcels ``length_mm``, ``width_mm``, ``height_mm`` and ``scale``,
    what the millimetres come from. What is not known is null; more keys may follow these.
    """
    line: dict[str, Any] = {
        "photo": source.name,
        "sha256": None,
        "outcome": Outcome.UNMEASURABLE.value,
        "reason": None,
        "advice": None,
        "width": None,
        "height": None,
        "objects": [],
        "area_ratio": None,
        "void_ratio": None,
        "model": detector.weights.sha256,
        "milliseconds": 0,
        "filler_ratio": None,
        **dict.fromkeys(SIDES),
        "scale": None,
        "assumptions": [],
    }
    if isinstance(source, Refused):
        return line | {"reason": source.reason, "advice": REASONS[source.reason].advice}
    try:
        examined = examine(source.name, source.data, detector, settings, using, attributing=False)
    except GreenPackError as error:
        return line | {
            "sha256": hashlib.sha256(source.data).hexdigest(),
            "reason": error.code,
            "advice": error.advice,
        }
    measurement = examined.measurement
    reason = measurement.reason
    return line | {
        "sha256": examined.photo.sha256,
        "outcome": measurement.outcome.value,
        "reason": reason,
        "advice": None if reason is None else REASONS[reason].advice,
        "width": examined.photo.width,
        "height": examined.photo.height,
        "objects": [shape.as_dict() for shape in examined.shapes],
        **{
            quantity.value: interval.as_dict()
            for quantity, interval in measurement.quantities.items()
            if quantity in {Quantity.AREA_RATIO, Quantity.VOID_RATIO, Quantity.FILLER_RATIO, *SIDES}
        },
        "scale": measurement.scale,
        "assumptions": list(measurement.assumptions),
        "milliseconds": examined.milliseconds,
    }


def readable_line(line: dict[str, Any]) -> str:
    """A line for people: the numbers with their intervals, or why there are none."""
    if line["outcome"] == Outcome.UNMEASURABLE:
        return f"{line['photo']}: unmeasurable ({line['reason']}). {line['advice']}"
    if line["scale"] is not None:
        sizes = " x ".join(_millimetres(line[side]) for side in SIDES)
        return f"{line['photo']}: closed, {sizes} mm, scale by {line['scale'].replace('_', ' ')}"
    area, void, filler = line["area_ratio"], line["void_ratio"], line["filler_ratio"]
    return (
        f"{line['photo']}: area ratio {area['value']:.2f} ({area['low']:.2f} to "
        f"{area['high']:.2f}), filler {filler['value']:.2f}, void ratio at least {void['low']:.2f}"
    )


def _millimetres(interval: dict[str, Any] | None) -> str:
    if interval is None:
        return "?"
    ends = f"{interval['low']:.0f} to {interval['high']:.0f}"
    return ends if interval["value"] is None else f"{interval['value']:.0f} ({ends})"
