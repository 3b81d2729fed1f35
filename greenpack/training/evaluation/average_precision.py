"""Average precision as COCO defines it: masks matched greedily by confidence, 101 recall levels.

Lin et al. 2014; the reference is `COCOeval` of pycocotools, whose numbers these are without crowd
regions and size classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

THRESHOLDS: tuple[float, ...] = tuple(round(0.5 + 0.05 * k, 2) for k in range(10))
"""IoU from which a detection counts: 0.50 to 0.95 in steps of 0.05."""

MOST_DETECTIONS = 100
"""Of a picture and a label only so many detections count, the surest ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What became of the detections of one label in one picture, or in all.

    Attributes:
        confidences: shape (n,).
        hits: shape (len(THRESHOLDS), n): whether each matched a truth of its own.
        truths: number of true things.
    """

    confidences: Floats
    hits: Flags
    truths: int


def match(confidences: Sequence[float], overlaps: Floats) -> Matches:
    """Give each detection, surest first, the free truth that it overlaps most.

    Args:
        confidences: of the detections, in any order.
        overlaps: IoU of all pairs, shape (detections, truths).
    """
    order = np.argsort(-np.asarray(confidences, np.float64), kind="stable")
    hits = np.zeros((len(THRESHOLDS), len(order)), bool)
    for row, threshold in enumerate(THRESHOLDS):
        taken = np.zeros(overlaps.shape[1], bool)
        for column, detection in enumerate(order):
            free = np.where(taken, -1.0, overlaps[detection])
            if len(free) and free.max() >= threshold:
                taken[int(free.argmax())] = True
                hits[row, column] = True
    return Matches(np.asarray(confidences, np.float64)[order], hits, overlaps.shape[1])


def pooled(matches: Sequence[Matches]) -> Matches:
    """The matches of many pictures as one."""
    if not matches:
        return Matches(np.zeros(0), np.zeros((len(THRESHOLDS), 0), bool), 0)
    return Matches(
        np.concatenate([m.confidences for m in matches]),
        np.concatenate([m.hits for m in matches], axis=1),
        sum(m.truths for m in matches),
    )


def average_precision(confidences: Floats, hits: Flags, truths: int) -> float:
    """Mean of the best precision at or beyond each of the recalls 0, 0.01 to 1.

    Args:
        confidences: shape (n,), in any order; of equal ones the first comes first.
        hits: shape (n,), whether each detection is right.
        truths: number of true things, >= 1.
    """
    order = np.argsort(-confidences, kind="stable")
    right = np.cumsum(hits[order])
    if not len(right):
        return 0.0
    precision = right / np.arange(1, len(right) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(right / truths, np.linspace(0, 1, 101), side="left")
    reached = at < len(right)
    return float(np.where(reached, best_from_here[np.minimum(at, len(right) - 1)], 0.0).mean())


def map50_and_map(matches: Matches) -> tuple[float, float] | None:
    """Average precision at IoU 0.5, and its mean over all thresholds; None without a truth."""
    if not matches.truths:
        return None
    each = [average_precision(matches.confidences, row, matches.truths) for row in matches.hits]
    return each[0], float(np.mean(each))
