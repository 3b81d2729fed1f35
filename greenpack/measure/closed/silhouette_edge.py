"""The strongest straight edge of a picture in a band along a segment, to a part of a pixel."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A band along a segment.

    Attributes:
        start: where the segment starts, shape (2,), pixels.
        along: from its start to its end, shape (2,).
        normal: unit normal, shape (2,).
        band: half width, pixels.
    """

    start: Array
    along: Array
    normal: Array
    band: float


def strip_between(start: Array, end: Array, band: float) -> Strip:
    """The band of half width ``band`` along the segment from ``start`` to ``end``."""
    direction = end - start
    length = float(np.hypot(*direction)) or 1.0
    return Strip(start, direction, np.array([-direction[1], direction[0]]) / length, band)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An edge that was found.

    Attributes:
        points: shape (n, 2), pixels.
        weights: shape (n,), 0 to 1: how far each point belongs to the line.
        scatter: standard deviation of the points about the line, pixels.
        rival: how far off another line that is nearly as strong would put it, pixels.
        strength: mean gradient along it over the band's, at least 1.
    """

    points: Array
    weights: Array
    scatter: float
    rival: float
    strength: float


@lru_cache(maxsize=4)
def _candidates(positions: int, offsets: int) -> tuple[NDArray[np.intp], Array]:
    """Every line through a strip, as offset indices at its positions, and its penalty.

    Lines run from one offset at the first position to another at the last; steep ones are left
    out, for the segment is about right.
    """
    steps = np.arange(-offsets, offsets + 1)
    first, last = (grid.ravel() for grid in np.meshgrid(steps, steps))
    gentle = np.abs(first - last) <= offsets
    first, last = first[gentle], last[gentle]
    at = np.linspace(0.0, 1.0, positions)
    index = np.rint(first[:, None] * (1 - at) + last[:, None] * at).astype(np.intp) + offsets
    # Of two edges alike, the one nearer to where it is expected.
    far = (np.abs(first) + np.abs(last)) / (2.0 * offsets)
    return index, np.asarray(1.0 - 0.25 * far**2, np.float64)


def _starts_of_rows(width: int) -> NDArray[np.intp]:
    return np.arange(POSITIONS, dtype=np.intp) * width


def _median(values: Array) -> float:
    """The upper median; numpy's own takes ten times as long for so few values."""
    return float(np.partition(values, values.size // 2)[values.size // 2])


def search_edge(
    strip: Strip, gray: NDArray[np.uint8], to_picture: Callable[[Array], Array]
) -> Found | None:
    """Search a strip for its strongest straight edge.

    Args:
        strip: where to look.
        gray: shape (h, w), 0 to 255.
        to_picture: maps the strip's points, shape (n, 2), to pixels of ``gray``.

    Returns:
        The edge, or None where the strip leaves the picture or holds no clear edge.
    """
    return _search(strip, gray, to_picture, max(strip.band / OFFSETS, 0.5))


def _search(
    strip: Strip, gray: NDArray[np.uint8], to_picture: Callable[[Array], Array], step: float
) -> Found | None:
    # A mask's corners are rounded and another edge starts there: the ends are left out.
    at = np.linspace(0.1, 0.9, POSITIONS)
    steps = np.asarray(np.arange(-OFFSETS - 2, OFFSETS + 3) * step, np.float64)
    base = np.asarray(strip.start + at[:, None] * strip.along, np.float64)
    points = base[:, None] + steps[None, :, None] * strip.normal
    values = _sampled(gray, to_picture(points.reshape(-1, 2)), step)
    if values is None:
        return None
    profile = values.reshape(POSITIONS, -1)
    # Along the edge neighbours are averaged, across it central differences are taken.
    blurred = cv2.blur(profile, (1, 3), borderType=cv2.BORDER_REPLICATE)
    profile = np.asarray(blurred, np.float64)
    slope = (profile[:, 2:] - profile[:, :-2])[:, 1:-1]
    size = np.asarray(np.abs(slope), np.float64)
    typical = _median(size.ravel()) + 0.5
    # No single spot, however bright, makes a line.
    capped = np.minimum(size, 6.0 * typical)
    lines, penalty = _candidates(POSITIONS, OFFSETS)
    score = np.take(capped, lines + _starts_of_rows(capped.shape[1])).mean(axis=1) * penalty
    best = int(np.argmax(score))
    strength = float(score[best]) / float(capped.mean())
    if strength < 1.6 or score[best] < 1.5:
        return None
    rival = _rival(score, lines, best) * step
    return _refined(lines[best], size, steps[2:-2], base, strip, step, rival, strength)


def _rival(score: Array, lines: NDArray[np.intp], best: int) -> float:
    """How far another line that is nearly as strong lies from the best one, steps.

    Lines within two steps are the same edge, blurred.
    """
    apart = np.abs(lines - lines[best]).mean(axis=1)
    others = (apart > 2.5) & (score > 0.8 * score[best])
    if not others.any():
        return 0.0
    closeness = (score[others] / score[best] - 0.8) / 0.2
    return float((apart[others] * closeness).max()) / 2.0


def _refined(
    line: NDArray[np.intp],
    size: Array,
    steps: Array,
    base: Array,
    strip: Strip,
    step: float,
    rival: float,
    strength: float,
) -> Found | None:
    """Edge points to a part of a step near the line found, and how far they scatter about it."""
    rows = np.arange(POSITIONS)
    near = np.clip(line[:, None] + np.arange(-2, 3), 1, size.shape[1] - 2)
    peak = near[rows, np.argmax(size[rows[:, None], near], axis=1)]
    left, top, right = (size[rows, peak + shift] for shift in (-1, 0, 1))
    bend = left - 2 * top + right
    shift = np.where(bend < -1e-6, (left - right) / (2 * np.where(bend < -1e-6, bend, 1.0)), 0.0)
    offsets = steps[peak] + np.clip(shift, -0.5, 0.5) * step
    at = np.linspace(0.1, 0.9, POSITIONS)
    weights = np.minimum(top / (_median(top) + 1e-9), 1.0)
    scatter = step
    for _ in range(4):  # iteratively reweighted least squares, Tukey's biweight
        total = weights.sum()
        along = at - weights @ at / total
        away = offsets - weights @ offsets / total
        away = away - along * float((weights * along) @ away / (weights @ along**2 + 1e-12))
        scatter = max(1.4826 * _median(np.abs(away)), 0.2 * step)
        weights = np.clip(1.0 - (away / (4.0 * scatter)) ** 2, 0.0, None) ** 2
        if not weights.any():
            return None
    if np.count_nonzero(weights > 0.3) < POSITIONS // 3:
        return None
    points = base + offsets[:, None] * strip.normal
    return Found(points, weights, float(np.hypot(scatter, FLOOR)), rival, strength)


def _sampled(gray: NDArray[np.uint8], points: Array, step: float) -> Array | None:
    """The picture at points, averaged over about a step; None where most of them lie outside it."""
    height, width = gray.shape
    low, high = points.min(axis=0), points.max(axis=0)
    left, top = (max(0, int(v) - 2 * int(step + 1)) for v in low)
    right = min(width, int(high[0]) + 2 * int(step + 2))
    bottom = min(height, int(high[1]) + 2 * int(step + 2))
    if right - left < 4 or bottom - top < 4:
        return None
    inside = (points >= 0).all(axis=1) & (points <= [width - 1, height - 1]).all(axis=1)
    if inside.mean() < 0.75:
        return None
    crop, at = gray[top:bottom, left:right], points - [left, top]
    if step >= 2.0:
        shrink = int(step)
        resized = cv2.resize(
            crop[: max(shrink, crop.shape[0] // shrink * shrink)],
            (max(1, crop.shape[1] // shrink), max(1, crop.shape[0] // shrink)),
            interpolation=cv2.INTER_AREA,
        )
        crop = np.asarray(resized, np.uint8)
        at = (at + 0.5) / shrink - 0.5
    seen = cv2.remap(
        crop,
        at[:, 0].astype(np.float32),
        at[:, 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(seen, np.float64).ravel()
