"""A cuboid's visible edges looked for where a first fit expects them, and fitted again.

A mask is coarse: it tells about where the cuboid is, not where its sides bend. So the fit to the
mask says which edges there should be and between which corners, and the picture says where they
are. Edges between two visible faces are looked for as well: they tell readings apart.
(Harris, Tracking with rigid models, 1992, is the same idea from frame to frame.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.cuboid_fit import Fit, fit_cuboid
from greenpack.measure.closed.cuboid_pose import edges_seen
from greenpack.measure.closed.evidence import EdgeSeen
from greenpack.measure.closed.hypotheses import Known, consistent, evidence_of
from greenpack.measure.closed.outline import Mapping2D, Side, seek_sides

# What an edge that is found where it was expected speaks for a reading, as chi-square.
FOUND = 12.0
# Pixels to either side in the last search: the first has come closer than that.
CLOSE = 12.0
# How far from the mask's line an edge may well be, in cells: on rendered hub scenes nine sides in
# ten of the shipped model's masks are within 0.42.
MASK_SPREAD = 1.0
# Standard deviations from which on a line is doubted to be the edge.
DOUBTFUL = 2.5
# Least standard deviation of an inner edge, in cells of the mask.
INNER_FLOOR = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A fit with the edges found for it.

    Attributes:
        fit: the cuboid.
        up: axis and sign of its top.
        score: chi-square less what speaks for it; less is better.
        found: how many edges were found in the picture.
    """

    fit: Fit
    up: tuple[int, int]
    score: float
    found: int


def tracked(
    fit: Fit,
    up: tuple[int, int],
    mask: Sequence[EdgeSeen],
    known: Known,
    cell: float,
    gray: NDArray[np.uint8] | None,
    to_picture: Mapping2D,
) -> Seen:
    """Look for all edges of a fitted cuboid in the picture, twice, and fit it to them.

    Args:
        fit: to the mask's outline.
        up: axis and sign of its top.
        mask: the silhouette's edges in the mask; they stand in for those that are not found.
        known: what else is known.
        cell: how coarse the mask is, pixels.
        gray: the picture, shape (h, w), or None.
        to_picture: maps ideal pixels to those of ``gray``.
    """
    best = Seen(fit, up, fit.chi_square, 0)
    if gray is None:
        return best
    # The silhouette first: inside it print and tape have edges too, and the fit is still coarse.
    for band, inside in ((1.5 * cell, False), (min(0.6 * cell, CLOSE), True)):
        edges, found = _edges(best.fit, mask, known, cell, band, inside, gray, to_picture)
        again = _robust(best.fit, edges, known, up)
        if again is None or not consistent(again[0]):
            break
        best = Seen(again[0], up, again[0].chi_square - FOUND * (found - again[1]), found)
    return best


def _robust(
    fit: Fit, edges: list[EdgeSeen], known: Known, up: tuple[int, int]
) -> tuple[Fit, int] | None:
    """The cuboid fitted to lines of which some are others' edges, and how many such there were.

    A line that is off by more than it may be counts less, by iteration (Huber's weights, squared).
    """
    evidence = evidence_of(fit.pose, edges, known, up)
    if evidence is None:
        return None
    doubted = np.ones(len(edges))
    for _ in range(3):
        again = fit_cuboid(fit.pose, evidence)
        if again is None:
            return None
        fit = again
        off = fit.edge_residuals * doubted
        if off.max() < DOUBTFUL or np.abs(np.maximum(1.0, off / DOUBTFUL) - doubted).max() < 0.1:
            break
        doubted = np.maximum(1.0, off / DOUBTFUL) ** 1.5
        evidence = replace(
            evidence,
            edges=[
                replace(edge, line=_widened(edge.line, float(doubt)))
                for edge, doubt in zip(edges, doubted, strict=True)
            ],
        )
    return fit, int((doubted > 4).sum())


def _widened(line: Side, by: float) -> Side:
    return replace(line, offset_sd=line.offset_sd * by, angle_sd=line.angle_sd * by)


def _edges(
    fit: Fit,
    mask: Sequence[EdgeSeen],
    known: Known,
    cell: float,
    band: float,
    inside: bool,
    gray: NDArray[np.uint8],
    to_picture: Mapping2D,
) -> tuple[list[EdgeSeen], int]:
    """Every edge that is seen, and how many of them were found in the picture."""
    corners = fit.corners(known.centre)
    inner = edges_seen(fit.pose.seen).inner if inside else ()
    pairs = [(edge.first, edge.second) for edge in mask] + list(inner)
    ends = corners[np.array(pairs)]
    along = ends[:, 1] - ends[:, 0]
    lengths = np.hypot(along[:, 0], along[:, 1])
    lines: list[Side | None] = [edge.line for edge in mask]
    lines += [None] * len(inner)
    looked = np.flatnonzero(lengths >= 1.5 * cell)
    # A short edge may not turn far: its neighbours would be taken for it.
    bands = np.minimum(band, 0.4 * lengths[looked])
    found = seek_sides(
        ends[looked, 0], ends[looked, 1], bands, gray, to_picture,
        [lines[at] for at in looked], MASK_SPREAD * cell,
    )  # fmt: skip
    for at, line in zip(looked, found, strict=True):
        lines[at] = line or lines[at]
    edges = [
        EdgeSeen(first, second, line if at < len(mask) else _doubted(line, cell, lengths[at]))
        for at, ((first, second), line) in enumerate(zip(pairs, lines, strict=True))
        if line is not None
    ]
    return edges, sum(edge.line.found for edge in edges)


def _doubted(line: Side, cell: float, length: float) -> Side:
    """An inner edge: tape and print run beside these, and what was found may be theirs."""
    floor = INNER_FLOOR * cell
    return replace(
        line,
        offset_sd=max(line.offset_sd, floor),
        angle_sd=max(line.angle_sd, 2 * floor / length),
    )
