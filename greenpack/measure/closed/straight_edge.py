"""Straight edges in a picture, found to a fraction of a pixel near where a coarse outline has them.

Along a side that is roughly known the picture is sampled on normals. The line is first searched
as a whole, over its offsets at both ends, so that single strong edges (print, a neighbour's rim)
do not pull it; then each normal's steepest point near that line is taken, by a parabola through
the gradient, and a line is fitted to those points robustly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.projective import Array

Polarity = Literal[-1, 0, 1]
_LIGHT = (255.0 * (np.arange(256) / 255.0) ** 2.2).astype(np.float32)
"""Light by grey value, scaled alike: about how cameras encode it (IEC 61966-2-1)."""
_STEPS = 16
_TAPER = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A part of a picture, ready for searching edges.

    Attributes:
        gray: shape (h, w), 0 to 255; noise damped a little. Not more: smoothing mixes an edge with
            print close to it and so moves it.
        origin: shape (2,), pixels of the picture where the window's first pixel is.
    """

    gray: NDArray[np.float32]
    origin: Array

    @classmethod
    def around(
        cls, gray: NDArray[np.uint8], points: Array, margin: float, light: bool = False
    ) -> Window:
        """The window that holds points, shape (n, 2), and a margin, both in pixels.

        Lens and motion blur light, not the values it is encoded by. Where the contrast is high, as
        of toner on paper, a blurred edge is steepest beside its middle in those, on the dark side
        by up to the blur's standard deviation; in ``light`` it is steepest in its middle.
        """
        height, width = gray.shape
        left, top = np.clip(np.floor(points.min(axis=0) - margin), 0, [width - 2, height - 2])
        right, bottom = np.ceil(points.max(axis=0) + margin) + 1
        part = gray[
            int(top) : max(int(bottom), int(top) + 2), int(left) : int(max(right, left + 2))
        ]
        values = _LIGHT[part] if light else part.astype(np.float32)
        soft = cv2.GaussianBlur(values, (0, 0), 0.4)
        return cls(np.asarray(soft, np.float32), np.array([left, top], float))


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A straight edge.

    Attributes:
        points: shape (n, 2), pixels; where the edge was seen.
        start: shape (2,), pixels; the fitted line over the first end of the side searched from.
        end: shape (2,), pixels; over the second end.
        error: standard deviation of the line's place at its ends, from the points' scatter, pixels.
        support: share of the normals that saw the edge on the line, darkening the same way, 0 to 1.
        ends: the same of the first and of the last fifth of the side, for each the lesser of its
            tenths (a larger part of a short side). A side that is bent, covered or torn near
            one end has a part without; what is missing between, where a tape or a sticker of the
            same shade adjoins, leaves the corners where they are.
        width: how far the edge is spread: its outer half, as a Gaussian's standard deviation,
            pixels. The lens's and the motion's blur together, and the picture's resolution.
        contrast: median steepness of the edge, grey levels per pixel.
    """

    points: Array
    start: Array
    end: Array
    error: float
    support: float
    ends: tuple[float, float]
    width: float
    contrast: float


def find_edge(
    window: Window,
    side: tuple[Array, Array],
    outward: Array,
    reach: float,
    polarity: Polarity = 0,
    outermost: float = 0.0,
    trim: float = 0.05,
) -> Edge | None:
    """Find the straight edge along a side.

    Args:
        window: the part of the picture that holds the side and ``reach`` about it.
        side: start and end of the side where the coarse outline has it, pixels.
        outward: unit vector, normal to the side.
        reach: how far to both sides of it to look, pixels, >= 1.
        polarity: 1 where it must be darker outward, -1 where it must be brighter, 0 for either.
        outermost: take the outermost of the lines that are so strong, as a share of the strongest;
            0 takes the strongest.
        trim: share of the side left out at either end, where corners are rounded.

    Returns:
        The edge, or None where no line is seen at all.
    """
    start, end = np.asarray(side[0], float), np.asarray(side[1], float)
    length = float(np.hypot(*(end - start)))
    if length < 8.0:
        return None
    count = int(np.clip(length, 16, 64))
    at: Array = np.linspace(trim, 1.0 - trim, count, dtype=np.float64)
    step = max(0.5, reach / _STEPS)
    # One step more at either end: the parabola needs neighbours.
    steps = int(np.ceil(reach / step)) + 1
    offsets: Array = np.arange(-steps, steps + 1, dtype=np.float64) * step
    steep = _steepness(
        window.gray, start - window.origin, end - window.origin, outward, at, offsets
    )
    darker = steep
    steep = np.abs(steep) if polarity == 0 else np.maximum(polarity * steep, 0.0)
    level = _median(steep.max(axis=1))
    if level < 0.5:
        return None
    line = _whole_line(np.minimum(steep / level, 1.0), at, offsets, reach, outermost)
    # A frame printed just inside the outermost line is often steeper.
    near_line = max(1.0, 1.5 * step) if outermost > 0 else max(1.5, 1.5 * step)
    seen = _steepest_near(steep, at, offsets, line, near_line, 0.3 * level)
    if len(seen) < max(8, count // 4):
        return None
    place, off, rise = at[seen[:, 0].astype(int)], seen[:, 1], seen[:, 2]
    fit = line
    scatter = 1.0
    weights = np.ones(len(off))
    for _ in range(4):
        fit = _fitted(place, off, weights)
        rest = np.abs(off - fit[0] - fit[1] * place)
        scatter = max(1.4826 * _median(rest), 0.02)
        # Tukey's biweight: print that runs into the edge has no say.
        weights = np.maximum(1.0 - (rest / (4.685 * scatter)) ** 2, 0.0) ** 2
        if np.count_nonzero(weights) < 6:
            return None
    # Noise has steep points too, but anywhere and both ways.
    near = np.abs(off - fit[0] - fit[1] * place) < np.clip(
        3.0 * scatter, 0.75, 1.2 * max(1.0, step)
    )
    column = np.rint((off - offsets[0]) / step).astype(np.intp)
    ways = np.sign(darker[seen[:, 0].astype(np.intp), column])
    near &= ways == (1.0 if ways[near].sum() >= 0 else -1.0)
    if near.sum() < 4:
        return None
    # Neighbouring normals share pixels: about one free reading in two pixels of length. A line's
    # end is known half as well as its middle.
    free = max(4.0, min(float(near.sum()), length / 2))
    return Edge(
        points=start + place[near, None] * (end - start) + off[near, None] * outward,
        start=start + fit[0] * outward,
        end=end + (fit[0] + fit[1]) * outward,
        error=2.0 * scatter / float(np.sqrt(free)),
        support=float(near.sum()) / count,
        ends=_at_ends(seen[near, 0], count),
        width=_width(steep, at, offsets, fit),
        contrast=_median(rise[near]),
    )


def crossings(lines: Sequence[tuple[Array, Array]]) -> Array | None:
    """Where each line of a ring, given by two points, meets the one before it, shape (n, 2); None
    where two of them are nearly parallel."""
    found = []
    for (a, b), (c, d) in zip([lines[-1], *lines[:-1]], lines, strict=True):
        system = np.column_stack([b - a, c - d])
        sizes = np.hypot(*(b - a)) * np.hypot(*(c - d))
        if sizes < 1e-9 or abs(np.linalg.det(system)) < 0.05 * sizes:
            return None
        found.append(a + np.linalg.solve(system, c - a)[0] * (b - a))
    return np.array(found)


def _steepness(
    gray: NDArray[np.float32], start: Array, end: Array, outward: Array, at: Array, offsets: Array
) -> Array:
    """How fast the picture darkens on each normal, grey levels per pixel, shape (at, offsets)."""
    step = float(offsets[1] - offsets[0])
    wider = np.r_[offsets[0] - step, offsets, offsets[-1] + step]
    places = (start + at[:, None] * (end - start))[:, None, :] + wider[None, :, None] * outward
    grid = places.astype(np.float32)
    profile = cv2.remap(
        gray, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float64)
    # Three neighbouring normals together: a straight edge stays, noise and fine print fade.
    profile = cv2.blur(profile, (1, 3), borderType=cv2.BORDER_REPLICATE).astype(np.float64)
    darker: Array = (profile[:, :-2] - profile[:, 2:]) / (2 * step)
    return darker


def _whole_line(
    share: Array, at: Array, offsets: Array, reach: float, outermost: float
) -> tuple[float, float]:
    """Offsets over both ends of the line that most normals agree on, pixels."""
    inner = np.flatnonzero(np.abs(offsets) <= reach + 1e-9)
    first, size = int(inner[0]), len(inner)
    column = _lines(len(at), size, round(float(at[0]), 6)) + first
    rows = np.arange(len(at)) * share.shape[1]
    score = share.ravel()[column + rows].mean(axis=1).reshape(size, size)
    near, far = np.meshgrid(inner, inner, indexing="ij")
    middle = (offsets[near] + offsets[far]) / 2
    score *= 1.0 - _TAPER * np.abs(middle) / reach
    best = _where_largest(score)
    if outermost > 0:
        best = _where_largest(np.where(score >= outermost * score.max(), middle, -np.inf))
        while True:  # from the outermost strong line's foot up to its peak
            top, left = max(best[0] - 1, 0), max(best[1] - 1, 0)
            row, column_up = _where_largest(score[top : best[0] + 2, left : best[1] + 2])
            higher = (top + row, left + column_up)
            if score[higher] <= score[best]:
                break
            best = higher
    return float(offsets[inner[best[0]]]), float(offsets[inner[best[1]]])


@lru_cache(maxsize=32)
def _lines(rows: int, size: int, trim: float) -> NDArray[np.intp]:
    """Every line from one of ``size`` offsets to another: its offset's index in each row."""
    at = np.linspace(trim, 1.0 - trim, rows)
    near, far = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    column = np.rint(near.reshape(-1, 1) + (far - near).reshape(-1, 1) * at)
    return np.asarray(column, np.intp)


def _at_ends(rows: Array, count: int) -> tuple[float, float]:
    """The least share of rows seen in the two outer tenths at each end of ``count`` rows, or in
    as many times six rows if that is more."""
    parts = int(np.clip(count // 6, 2, 10))
    of_part = np.arange(count) * parts // count
    found = np.bincount(of_part[rows.astype(np.intp)], minlength=parts)
    seen = found / np.bincount(of_part, minlength=parts)
    return float(seen[:2].min()), float(seen[-2:].min())


def _fitted(place: Array, off: Array, weights: Array) -> tuple[float, float]:
    """Weighted least squares: offset at 0, and its change to 1."""
    total = float(weights.sum())
    middle, mean = float(weights @ place) / total, float(weights @ off) / total
    spread = float(weights @ (place - middle) ** 2)
    slope = float(weights @ ((place - middle) * (off - mean))) / spread if spread > 0 else 0.0
    return mean - slope * middle, slope


def _median(values: Array) -> float:
    # numpy's own costs several times as much on so few.
    return float(np.partition(values, len(values) // 2)[len(values) // 2])


def _width(steep: Array, at: Array, offsets: Array, fit: tuple[float, float]) -> float:
    """The outer half width of the mean edge at half its height, over a Gaussian's 1.177."""
    step = float(offsets[1] - offsets[0])
    outer = np.arange(0, len(offsets) // 2)
    centre = (fit[0] + fit[1] * at - offsets[0]) / step
    column = np.clip(centre[:, None] + outer, 0, len(offsets) - 1.001)
    whole = column.astype(np.intp)
    rows = np.arange(len(at))[:, None]
    part = column - whole
    mean = ((1 - part) * steep[rows, whole] + part * steep[rows, whole + 1]).mean(axis=0)
    below = np.flatnonzero(mean < 0.5 * mean[0])
    if not len(below) or below[0] == 0:
        return float(outer[-1] * step) / 1.177
    last = int(below[0])
    fell = (mean[last - 1] - 0.5 * mean[0]) / max(float(mean[last - 1] - mean[last]), 1e-9)
    return float((last - 1 + fell) * step) / 1.177


def _where_largest(values: Array) -> tuple[int, int]:
    row, column = divmod(int(values.argmax()), values.shape[1])
    return row, column


def _steepest_near(
    steep: Array, at: Array, offsets: Array, line: tuple[float, float], window: float, least: float
) -> Array:
    """Row, offset and steepness of each normal's steepest point near the line, shape (n, 3)."""
    step = float(offsets[1] - offsets[0])
    expected = line[0] + (line[1] - line[0]) * at
    inside = np.abs(offsets[None, :] - expected[:, None]) <= window
    inside[:, [0, -1]] = False
    column = np.where(inside, steep, -1.0).argmax(axis=1)
    row = np.arange(len(at))
    before, peak, after = steep[row, column - 1], steep[row, column], steep[row, column + 1]
    bend = before - 2 * peak + after
    shift = np.where(bend < -1e-9, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0.0)
    good = (peak >= least) & (np.abs(shift) <= 1.0) & inside[row, column]
    points: Array = np.column_stack([row, offsets[column] + shift * step, peak])
    return np.asarray(points[good], np.float64)
