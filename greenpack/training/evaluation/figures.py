"""From the results of all pictures to the figures; every key is explained in docs/evaluation.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from greenpack.measure.measurement import Outcome, Quantity
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.uncertainty import corners_at
from greenpack.training.evaluation.average_precision import map50_and_map, pooled
from greenpack.training.evaluation.picture import FOUND_FROM, Result
from greenpack.training.evaluation.power import Judged, share_of, violations
from greenpack.vision.detector import LEAST_CONFIDENCE
from greenpack.vision.shapes import Label

NO_FILLER = 0.01
"""Below this share of the opening the filler counts as taken out."""

Levels = Mapping[float, float]


def figures(
    results: Sequence[Result], using: MeasureSettings, limit: float, levels: Levels
) -> dict[str, Any]:
    """All figures.

    Args:
        results: of all pictures.
        using: what the product measured with.
        limit: of the void ratio, 0 to 1.
        levels: quantiles of the area ratio by nominal coverage, from the calibration.
    """
    judged = [one for result in results if (one := judge(result, limit)) is not None]
    return {
        "mask_ap": mask_ap(results),
        "opening": openings(results),
        "parcel": parcels(results),
        "parcel_free": parcel_free(results, using),
        "model_alone": {
            "area_ratio": errors(o.area_error for r in results for o in r.openings),
            "filler_ratio": errors(o.filler_error for r in results for o in r.openings),
            "picture_share": errors(o.share_error for r in results for o in r.openings),
        },
        "product": product(results),
        "violation": {
            "limit": limit,
            "all": violations(judged, limit),
            "filler_taken_out": violations([one for one in judged if not one.filled], limit),
        },
        "reliability": reliability(results, using, levels),
    }


def mask_ap(results: Sequence[Result]) -> dict[str, Any]:
    """Average precision of the masks by label, and the mean over labels with a truth."""
    table: dict[str, Any] = {}
    for label in Label:
        matches = pooled([r.matches[label] for r in results if label in r.matches])
        both = map50_and_map(matches)
        if both is not None:
            table[label.value] = {"truths": matches.truths, "map50": both[0], "map50_95": both[1]}
    if table:
        table["mean"] = {
            "truths": sum(row["truths"] for row in table.values()),
            "map50": float(np.mean([row["map50"] for row in table.values()])),
            "map50_95": float(np.mean([row["map50_95"] for row in table.values()])),
        }
    return _rounded(table)


def openings(results: Sequence[Result]) -> dict[str, Any]:
    """How well openings are found: a missed one counts with IoU 0."""
    every = [opening for result in results for opening in result.openings]
    whole = [opening for opening in every if opening.whole]
    masks, sides = [o.iou_mask for o in whole], [o.iou_sides for o in whole]
    return _rounded(
        {
            "whole": len(whole),
            "cut_off": len(every) - len(whole),
            "found": share_of(o.iou_mask >= FOUND_FROM for o in whole),
            "iou_mask_median": _quantile(masks, 0.5),
            "iou_mask_p10": _quantile(masks, 0.1),
            "iou_sides_median": _quantile(sides, 0.5),
            "iou_sides_p10": _quantile(sides, 0.1),
            "found_with_cut_off": share_of(o.iou_mask >= FOUND_FROM for o in every),
            "iou_mask_median_with_cut_off": _quantile([o.iou_mask for o in every], 0.5),
        }
    )


def parcels(results: Sequence[Result]) -> dict[str, Any]:
    """How well closed parcels are found: each by its one best detection, a missed one with 0."""
    best = [iou for result in results for iou in result.parcels]
    return _rounded(
        {
            "closed": len(best),
            "found": share_of(iou >= FOUND_FROM for iou in best),
            "iou_median": _quantile(best, 0.5),
            "iou_median_of_found": _quantile([iou for iou in best if iou >= FOUND_FROM], 0.5),
        }
    )


def parcel_free(results: Sequence[Result], using: MeasureSettings) -> dict[str, Any]:
    """What the product reports where there is no parcel, at its own thresholds."""
    free = [result for result in results if result.parcel_free]
    parcel = [result.surest(Label.PARCEL) >= LEAST_CONFIDENCE for result in free]
    opening = [result.surest(Label.OPENING) >= using.opening_confidence for result in free]
    return {
        "pictures": len(free),
        "parcel_or_opening": share_of(p or o for p, o in zip(parcel, opening, strict=True)),
        "parcel": share_of(parcel),
        "opening": share_of(opening),
        "measured": share_of(r.measurement.outcome is Outcome.MEASURED for r in free),
    }


def product(results: Sequence[Result]) -> dict[str, Any]:
    """What the product accepts and how its numbers hold."""
    meant = [result for result in results if result.only_opening is not None]
    measured = [r for r in results if r.measurement.outcome is Outcome.MEASURED]
    reasons = Counter(r.measurement.reason for r in meant if r.measurement.reason)
    return {
        "single_whole_openings": len(meant),
        "measured": share_of(r.measurement.outcome is Outcome.MEASURED for r in meant),
        "refused": dict(reasons.most_common()),
        "measured_elsewhere": sum(r.only_opening is None for r in measured),
        "measured_where_no_opening_is": sum(r.measured_opening is None for r in measured),
        "area_ratio": _ratio(measured, Quantity.AREA_RATIO),
        "filler_ratio": _ratio(measured, Quantity.FILLER_RATIO),
        "void_bound_holds": share_of(
            void.low <= r.measured_opening.void_ratio
            for r in measured
            if r.measured_opening is not None
            and r.measured_opening.void_ratio is not None
            and (void := r.interval(Quantity.VOID_RATIO)) is not None
        ),
    }


def _ratio(measured: Iterable[Result], quantity: Quantity) -> dict[str, Any]:
    pairs = [pair for result in measured if (pair := true_and_seen(result, quantity)) is not None]
    return {
        **errors(value - true for true, value, _, _ in pairs),
        "interval_holds": share_of(low <= true <= high for true, _, low, high in pairs),
    }


def true_and_seen(result: Result, quantity: Quantity) -> tuple[float, float, float, float] | None:
    """True ratio, measured ratio and its interval; None where either is not known."""
    interval, opening = result.interval(quantity), result.measured_opening
    if interval is None or interval.value is None or opening is None:
        return None
    true = opening.area_ratio if quantity is Quantity.AREA_RATIO else opening.filler_ratio
    return None if true is None else (true, interval.value, interval.low, interval.high)


def judge(result: Result, limit: float) -> Judged | None:
    """What the rule "void ratio at most `limit`" makes of a picture with one whole opening.

    The guarded rule: a violation only where the whole interval lies beyond the limit.
    """
    opening = result.only_opening
    if opening is None or opening.void_ratio is None:
        return None
    void = result.interval(Quantity.VOID_RATIO)
    return Judged(
        void=opening.void_ratio,
        measured=void is not None,
        violation=void is not None and void.low > limit,
        filled=(opening.filler_ratio or 0.0) >= NO_FILLER,
    )


def reliability(
    results: Sequence[Result], using: MeasureSettings, levels: Levels
) -> list[dict[str, Any]]:
    """How often intervals of the area ratio hold at several nominal coverages.

    Each is as wide as the product would make it: the model's part by the picture, scaled by the
    level's quantile over the one measured with, and the corners' part, which is normal, scaled
    to the level.
    """
    rows, own = [], using.calibration.area_ratio.quantile
    for nominal, quantile in sorted(levels.items()):
        scale = {"model": quantile / own if own else 0.0, "corners": corners_at(nominal)}
        holds = []
        for result in results:
            pair = true_and_seen(result, Quantity.AREA_RATIO)
            if pair is None:
                continue
            half = sum(
                scale[line.source] * line.half_width
                for line in result.measurement.budget
                if line.quantity is Quantity.AREA_RATIO
            )
            holds.append(abs(pair[1] - pair[0]) <= half)
        rows.append({"nominal": nominal, "holds": share_of(holds)})
    return rows


def errors(values: Iterable[float | None]) -> dict[str, Any]:
    """Number, mean, median and 90th percentile of the absolute errors, and the mean error."""
    known = np.array([value for value in values if value is not None], np.float64)
    size = np.abs(known)
    return _rounded(
        {
            "n": len(known),
            "mae": float(size.mean()) if len(size) else None,
            "median": _quantile(size, 0.5),
            "p90": _quantile(size, 0.9),
            "bias": float(known.mean()) if len(known) else None,
        }
    )


def _quantile(values: Any, at: float) -> float | None:
    return float(np.quantile(values, at)) if len(values) else None


def _rounded(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: round(value, 4)
        if isinstance(value, float)
        else _rounded(value)
        if isinstance(value, dict)
        else value
        for key, value in table.items()
    }
