"""The edges between two visible faces: they tell readings apart and sharpen the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.cuboid_fit import Fit, fit_cuboid
from greenpack.measure.closed.cuboid_pose import edges_seen
from greenpack.measure.closed.evidence import EdgeSeen
from greenpack.measure.closed.hypotheses import Known, consistent, evidence_of
from greenpack.measure.closed.outline import Mapping2D, Outline, Side, seek_side

# An inner edge that is predicted and not there speaks against a reading as much as this.
MISSING = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A fit with the inner edges found for it.

    Attributes:
        fit: the cuboid.
        up: axis and sign of its top.
        score: chi-square and what speaks against it for edges that are missing; less is better.
        found: how many inner edges were found.
    """

    fit: Fit
    up: tuple[int, int]
    score: float
    found: int


def with_inner_edges(
    fit: Fit, up: tuple[int, int], outline: Outline, known: Known, cell: float,
    gray: NDArray[np.uint8] | None, to_picture: Mapping2D,
) -> Seen:  # fmt: skip
    """Look for the inner edges where a fit expects them, and fit again with those found."""
    pairs = edges_seen(fit.pose.seen).inner
    if gray is None or not pairs:
        return Seen(fit, up, fit.chi_square, 0)
    corners = fit.corners(known.centre)
    inner = []
    for first, second in pairs:
        start, end = corners[first], corners[second]
        along = end - start
        length = float(np.hypot(*along))
        if length < 4 * cell:
            continue
        normal = np.array([-along[1], along[0]]) / length
        middle = (start + end) / 2
        guess = Side(normal, float(normal @ middle), middle, cell, cell, False)
        line = seek_side(guess, start, end, 0.8 * cell, gray, to_picture)
        if line.found:
            inner.append(EdgeSeen(first, second, line))
    missing = MISSING * (len(pairs) - len(inner))
    if not inner:
        return Seen(fit, up, fit.chi_square + missing, 0)
    evidence = evidence_of(fit.pose, outline, known, up, inner)
    better = None if evidence is None else fit_cuboid(fit.pose, evidence)
    if better is None or not consistent(better) or better.misfit > 3 * fit.misfit + 6:
        # Print or tape was taken for an edge: they count as not found.
        return Seen(fit, up, fit.chi_square + MISSING * len(pairs), 0)
    return Seen(better, up, better.chi_square + missing, len(inner))
