"""The strongest straight edges of a picture in bands along segments, to a part of a pixel.

All bands of one reading are sampled and searched together: one look-up in the picture, one sum over
the table of lines, and a fit of all lines at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.projective import Array

POSITIONS = 40  # along the segment
OFFSETS = 15  # steps to either side of it
FLOOR = 0.25  # pixels; no edge point is known better, whatever its scatter
# A mask's corners are rounded and another edge starts there: the ends are left out.
_AT: Array = np.linspace(0.1, 0.9, POSITIONS)
# Two steps more to either side, for the differences.
_REACH = OFFSETS + 2
_STEPS: Array = np.arange(-_REACH, _REACH + 1, dtype=np.float64) / _REACH
# The parabola through a normal's first, middle and last point, at each step.
_PARABOLA = np.array(
    [_STEPS * (_STEPS - 1) / 2, 1 - _STEPS**2, _STEPS * (_STEPS + 1) / 2], np.float32
)


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Bands along segments.

    Attributes:
        start: where each segment starts, shape (n, 2), pixels.
        along: from its start to its end, shape (n, 2).
        normal: unit normals, shape (n, 2).
        band: half widths, shape (n,), pixels.
        expected: offset of the line that is expected, over the segment's start and end along its
            normal, shape (n, 2), pixels.
        spread: how far from it the edge may well be, shape (n,), pixels; infinite where nothing
            is expected.
    """

    start: Array
    along: Array
    normal: Array
    band: Array
    expected: Array
    spread: Array


def strips_between(start: Array, end: Array, band: Array) -> Strips:
    """Bands of half width ``band``, shape (n,), from ``start`` to ``end``, shape (n, 2) each."""
    along = end - start
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    nothing = np.full(len(band), np.inf)
    return Strips(start, along, normal, band, np.zeros((len(band), 2)), nothing)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An edge that was found: a line through its points.

    Attributes:
        middle: the points' weighted mean, shape (2,), pixels.
        normal: the line's unit normal, shape (2,).
        count: sum of the points' weights; each, 0 to 1, says how far it belongs to the line.
        lever: standard deviation of the points along the line, pixels.
        scatter: standard deviation of the points about the line, pixels.
        rival: how far off another line that is nearly as strong would put it, pixels.
    """

    middle: Array
    normal: Array
    count: float
    lever: float
    scatter: float
    rival: float


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Every line through a strip that is gentle enough, m of them.

    Attributes:
        ends: offset at the first and at the last position, steps, shape (m, 2).
        index: offset index at each position, shape (m, POSITIONS).
        paired: offset index at each pair of positions, shape (POSITIONS / 2, m).
        share: what each pair counts, shape (m, 1). They sum to one, or to less: of two edges
            alike, the one nearer to where it is expected is taken.
    """

    ends: NDArray[np.float32]
    index: NDArray[np.intp]
    paired: NDArray[np.intp]
    share: NDArray[np.float32]

    def scores(self, pairs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean along each line of steepnesses of shape (POSITIONS / 2, offsets, n), shape
        (m, n)."""
        total = pairs[0].take(self.paired[0], axis=0)
        for steep, index in zip(pairs[1:], self.paired[1:], strict=True):
            total += steep.take(index, axis=0)
        return np.asarray(total * self.share, np.float32)


@lru_cache(maxsize=1)
def _table() -> _Table:
    steps = np.arange(-OFFSETS, OFFSETS + 1)
    first, last = (grid.ravel() for grid in np.meshgrid(steps, steps))
    # Steep ones are left out, for the segment is about right.
    gentle = np.abs(first - last) <= OFFSETS
    first, last = first[gentle], last[gentle]
    at = np.linspace(0.0, 1.0, POSITIONS)
    index = np.rint(first[:, None] * (1 - at) + last[:, None] * at).astype(np.intp) + OFFSETS
    paired = (at[::2] + at[1::2]) / 2
    middle = np.rint(first * (1 - paired[:, None]) + last * paired[:, None]).astype(np.intp)
    far = (np.abs(first) + np.abs(last)) / (2.0 * OFFSETS)
    share = ((1.0 - 0.25 * far**2) / len(paired))[:, None].astype(np.float32)
    ends = np.column_stack([first, last]).astype(np.float32)
    return _Table(ends, index, middle + OFFSETS, share)


def _medians(values: Array) -> Array:
    """Upper medians along the first axis; numpy's own takes much longer for so few values."""
    middle = values.shape[0] // 2
    return np.asarray(np.partition(values, middle, axis=0)[middle], np.float64)


def search_edges(
    strips: Strips, gray: NDArray[np.uint8], to_picture: Callable[[Array], Array]
) -> list[Found | None]:
    """Search strips for their strongest straight edges.

    Args:
        strips: where to look, n of them.
        gray: shape (h, w), 0 to 255.
        to_picture: maps ideal pixels, shape (n, 2), to pixels of ``gray``.

    Returns:
        For each strip the edge, or None where it leaves the picture or holds no clear edge.
    """
    count = len(strips.band)
    if not count:
        return []
    step = np.maximum(strips.band / OFFSETS, 0.5)
    base = strips.start + _AT[:, None, None] * strips.along
    profile, inside = _sampled(base, strips.normal, step, gray, to_picture)
    # Along the edge neighbours are averaged, across it central differences are taken.
    blurred = cv2.blur(profile, (1, 3), borderType=cv2.BORDER_REPLICATE)
    values = np.asarray(blurred, np.float32).reshape(POSITIONS, count, len(_STEPS))
    size = np.abs(values[..., 3:-1] - values[..., 1:-3])
    typical = _medians(np.moveaxis(size, 1, 2).reshape(-1, count)) + 0.5
    # No single spot, however bright, makes a line.
    capped = np.minimum(size, (6.0 * typical).astype(np.float32)[:, None])
    pairs = (capped[::2] + capped[1::2]).transpose(0, 2, 1) / 2
    table = _table()
    score = table.scores(pairs) * _likely(table.ends, strips, step)
    best = np.argmax(score, axis=0)
    top = score[best, np.arange(count)]
    clear = inside & (top >= 1.6 * capped.mean(axis=(0, 2))) & (top >= 1.5)
    rival = _rivals(score, top, best) * step
    lines = table.index[best].T
    return _lines(lines, size, strips, step, rival, clear)


def _likely(ends: NDArray[np.float32], strips: Strips, step: Array) -> NDArray[np.float32]:
    """How likely the edge is as far off the expected line, relative to being on it, shape (m, n).

    Cauchy's, whose tails leave a mask that is far off for once to the picture. A line at a and b
    from another one over its ends is the root of (a^2 + a b + b^2) / 3 away from it.
    """
    if np.isinf(strips.spread).all():
        return np.ones((1, 1), np.float32)
    first, last = (ends[:, None, end] * step - strips.expected[None, :, end] for end in (0, 1))
    away = (first**2 + first * last + last**2) / 3
    return np.asarray(1.0 / (1.0 + away / strips.spread**2), np.float32)


def _sampled(
    base: Array,
    normal: Array,
    step: Array,
    gray: NDArray[np.uint8],
    to_picture: Callable[[Array], Array],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The picture on the strips' normals, shape (positions, n * offsets), averaged over about a
    step, and which strips lie in it for the most part.

    The lens bends a normal so little that a parabola through its ends and middle follows it.
    """
    count = len(step)
    across = (_REACH * step)[:, None] * normal
    nodes = np.stack([base - across, base, base + across], axis=2)
    seen = np.asarray(to_picture(nodes.reshape(-1, 2)), np.float64)
    height, width = gray.shape
    low, high = seen.min(axis=0), seen.max(axis=0)
    inside = np.ones(count, bool)
    if low.min() < 0 or high[0] > width - 1 or high[1] > height - 1:
        within = (seen >= 0).all(axis=1) & (seen <= [width - 1, height - 1]).all(axis=1)
        inside = within.reshape(POSITIONS, count, 3).mean(axis=(0, 2)) >= 0.75
    shrink = int(step.max())
    if shrink >= 2:
        low = np.clip(low - 2 * shrink, 0, [width, height]).astype(int)
        high = np.clip(high + 2 * shrink + 1, 0, [width, height]).astype(int)
        columns, down = (high - low) // shrink
        if columns < 2 or down < 2:
            return np.zeros((POSITIONS, count * len(_STEPS)), np.float32), np.zeros(count, bool)
        crop = gray[low[1] : low[1] + down * shrink, low[0] : low[0] + columns * shrink]
        gray = np.asarray(
            cv2.resize(crop, (int(columns), int(down)), interpolation=cv2.INTER_AREA), np.uint8
        )
        seen = (seen - low + 0.5) / shrink - 0.5
    mapped = seen.T.astype(np.float32).reshape(2, -1, 3) @ _PARABOLA
    looked = cv2.remap(
        gray, mapped[0], mapped[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(looked, np.float32).reshape(POSITIONS, -1), inside


def _rivals(score: NDArray[np.float32], top: NDArray[np.float32], best: NDArray[np.intp]) -> Array:
    """How far another line that is nearly as strong lies from the best one, steps, shape (n,).

    Lines within two steps are the same edge, blurred.
    """
    ends = _table().ends
    first, last = (ends[:, None, end] - ends[best, end] for end in (0, 1))
    whole = np.abs(first) + np.abs(last)
    # The mean of |a + (b - a) t| over t from 0 to 1, by whether the lines cross.
    crossing = (first**2 + last**2) / np.maximum(2 * whole, 1e-9)
    apart = np.where(first * last >= 0, whole / 2, crossing)
    closeness = (score / np.maximum(top, 1e-9) - 0.8) / 0.2
    worst = np.where((apart > 2.5) & (closeness > 0), apart * closeness, 0.0).max(axis=0)
    return np.asarray(worst / 2.0, np.float64)


def _lines(
    lines: NDArray[np.intp],
    size: NDArray[np.float32],
    strips: Strips,
    step: Array,
    rival: Array,
    clear: NDArray[np.bool_],
) -> list[Found | None]:
    """Edge points to a part of a step near each line, and straight lines fitted to them robustly.

    A line is fitted in its strip's own frame: offset over place along it.
    """
    near = np.clip(lines[:, :, None] + np.arange(-2, 3), 1, size.shape[2] - 2)
    around = np.take_along_axis(size, near, axis=2)
    peak = np.take_along_axis(near, np.argmax(around, axis=2)[:, :, None], axis=2)
    three = np.take_along_axis(size, peak + np.arange(-1, 2), axis=2).astype(np.float64)
    left, top, right = three[:, :, 0], three[:, :, 1], three[:, :, 2]
    bend = np.minimum(left - 2 * top + right, -1e-6)
    shift = np.clip((left - right) / (2 * bend), -0.5, 0.5)
    offsets = (peak[:, :, 0] - OFFSETS + shift) * step
    length = np.hypot(strips.along[:, 0], strips.along[:, 1])
    at = _AT[:, None] * length
    weights = np.minimum(top / (_medians(top) + 1e-9), 1.0)
    scatter = step
    for _ in range(4):  # iteratively reweighted least squares, Tukey's biweight
        total = weights.sum(axis=0) + 1e-12
        along = at - (weights * at).sum(axis=0) / total
        away = offsets - (weights * offsets).sum(axis=0) / total
        leaning = weights * along
        away = away - along * (
            (leaning * away).sum(axis=0) / ((leaning * along).sum(axis=0) + 1e-12)
        )
        scatter = np.maximum(1.4826 * _medians(np.abs(away)), 0.2 * step)
        weights = np.maximum(1.0 - (away / (4.0 * scatter)) ** 2, 0.0) ** 2
    clear = clear & (np.count_nonzero(weights > 0.3, axis=0) >= POSITIONS // 3)
    total = np.maximum(weights.sum(axis=0), 1e-9)
    place, offset = (weights * at).sum(axis=0) / total, (weights * offsets).sum(axis=0) / total
    along, away = at - place, offsets - offset
    var_along, var_away, shared = (
        (weights * each).sum(axis=0) / total for each in (along**2, away**2, along * away)
    )
    turn = 0.5 * np.arctan2(2 * shared, var_along - var_away)
    cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
    direction = strips.along / np.maximum(length, 1e-9)[:, None]
    normals = cosine * strips.normal - sine * direction
    middles = strips.start + place[:, None] * direction + offset[:, None] * strips.normal
    lever = np.sqrt(var_along)
    scatter = np.hypot(scatter, FLOOR)
    return [
        Found(middles[i], normals[i], float(total[i]), float(lever[i]), float(scatter[i]),
              float(rival[i])) if clear[i] else None
        for i in range(len(step))
    ]  # fmt: skip
