"""The scale that a waybill label gives: which formats its proportions allow."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, log, sqrt

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.label_formats import SIZE_ERROR, LabelFormat, formats_for
from greenpack.measure.closed.label_outline import LabelOutline, label_outline
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.closed.sheet_sides import side_lengths
from greenpack.measure.interval import IN_95
from greenpack.measure.projective import Array, square_to_quadrilateral

_MOST_ERROR = 0.15
"""Standard deviation of the proportions, by the label alone, from which on it is too small to tell
anything. On the parcel's face they are known better, and ``label_choice`` narrows the formats."""
_KEPT = 3.0
"""Standard deviations within which a format's proportions must lie. The true one is then lost once
in 370 times, little beside the 5 % that the interval itself allows."""
_LEAST_PIXELS = 100.0
"""Shorter side of a label, pixels, below which a pixel turns its proportions by a percent and more:
then a sheet of a format that is on no list passes for one that is. A label whose number can be read
at twice the resolution is larger: the narrowest bar, 0.25 mm, is a pixel wide there."""
_NO_RECTANGLE = 3.5
_MOST_LABELS = 2


@dataclass(frozen=True, slots=True)
class Proportions:
    """A rectangle's proportions as seen in perspective.

    Attributes:
        aspect: length of side 0 to 1 over that of side 1 to 2.
        error: standard deviation, relative to it.
        skew: how far from a right angle the sides are, in standard deviations, >= 0.
    """

    aspect: float
    error: float
    skew: float


def proportions(corners: Array, corner_error: float, camera: CameraModel) -> Proportions:
    """A rectangle's true proportions from its four corners and the camera's focal length.

    With K the camera matrix and H the homography from the unit square, K^-1 H is, up to scale,
    [a r1, b r2, t], a and b the sides and r1, r2 unit vectors at right angles (Zhang and He,
    Whiteboard scanning and image enhancement, 2007, section 3). So |first| / |second| is the
    aspect, and the cosine between both is 0 if corners and focal length are true. That is a
    condition on what was observed: the aspect is corrected by its share of the cosine found, as
    in the adjustment of observations with condition equations, and its variance reduced by it.

    Args:
        corners: shape (4, 2), pixels without lens distortion, in order round the rectangle.
        corner_error: standard deviation of each coordinate, pixels.
        camera: focal length with its error, and centre.
    """
    deviations = np.r_[np.full(8, corner_error), max(camera.focal_error / IN_95, 1e-6)]

    def shape(moved: Array) -> Array:
        (fx, fy), (cx, cy) = camera.focal, camera.centre
        seen = (corners + moved[:8].reshape(4, 2) - (cx, cy)) / (fx, fy) / np.exp(moved[8])
        # K^-1 does away with focal length and centre here, so the columns are already K^-1 H's.
        first, second, _ = square_to_quadrilateral(seen).T
        sizes = float(np.linalg.norm(first)), float(np.linalg.norm(second))
        return np.array([log(sizes[0] / sizes[1]), float(first @ second) / (sizes[0] * sizes[1])])

    steps = np.diag(np.maximum(0.3 * deviations, 1e-4))
    slopes = np.array([(shape(step) - shape(-step)) / (2 * step.sum()) for step in steps])
    found = shape(np.zeros(9))
    spread = (slopes * (deviations**2)[:, None]).T @ slopes
    share = spread[0, 1] / spread[1, 1] if spread[1, 1] > 1e-18 else 0.0
    return Proportions(
        aspect=float(np.exp(found[0] - share * found[1])),
        error=sqrt(max(spread[0, 0] - share * spread[0, 1], 1e-12)),
        skew=abs(float(found[1])) / sqrt(max(spread[1, 1], 1e-18)),
    )


def fitting_formats(
    seen: Proportions, formats: Sequence[LabelFormat]
) -> list[tuple[LabelFormat, bool]]:
    """The formats whose proportions the label may have, and whether side 0 to 1 is the longer.

    Every format within the proportions' error is kept; none is chosen for being likelier.
    """
    # Both sides of the paper may be off, each by its own error.
    allowed = _KEPT * hypot(seen.error, sqrt(2.0) * SIZE_ERROR / IN_95)
    kept = []
    for form in formats:
        longer = log(form.size[1] / form.size[0])
        for lying in (False, True) if longer > 0 else (False,):
            if abs(log(seen.aspect) - (longer if lying else -longer)) <= allowed:
                kept.append((form, lying))
    return kept


def label_patterns(
    waybills: Sequence[Array],
    gray: NDArray[np.uint8],
    camera: CameraModel,
    carrier: str | None,
    parcel: Array | None = None,
) -> list[list[PlanarPattern]]:
    """What the waybill labels in the picture may be: alternatives, one of which is true.

    A label counts only if it is a plain quadrilateral (``label_outline``), a rectangle in space
    and of a known format's proportions. Where several formats fit, each makes an alternative, and
    the interval of what is measured must cover all of them. With two labels every pair of
    formats is an alternative; those that contradict each other cannot be true. More labels than
    two are left out, the least sure first.

    Proportions cannot tell a waybill from a sticker of the same proportions: one of 40 x 60 mm
    would be taken for 100 x 150 mm. So a scale from labels holds only for outlines in which a
    waybill number was read.

    Args:
        waybills: the model's outlines, each of shape (n, 2), pixels, of labels on which a waybill
            number was read.
        gray: shape (h, w), 0 to 255, the same picture.
        camera: at the picture's size.
        carrier: as ``carrier_of`` names it; narrows the formats only where its source lists all.
        parcel: shape (n, 2), the silhouette; labels that end at it may be folded over and are
            refused.

    Returns:
        One list of patterns for each alternative, all on ``face``; empty without a usable label.

    Raises:
        ValueError: if the camera is not at the picture's size.
    """
    if (camera.height, camera.width) != gray.shape:
        raise ValueError(f"camera of {camera.width} x {camera.height}, picture of {gray.shape}")
    formats = formats_for(carrier)
    labels: list[tuple[float, list[PlanarPattern]]] = []
    for polygon in waybills:
        outline = label_outline(polygon, gray, camera, parcel)
        if outline is None or _shorter_side(outline.ideal) < _LEAST_PIXELS:
            continue
        # A label that follows a bulging face is no rectangle by about as much as its sides bend.
        seen = proportions(outline.ideal, hypot(outline.error, outline.bow), camera)
        if seen.error > _MOST_ERROR or seen.skew > _NO_RECTANGLE:
            continue
        kept = [_pattern(outline, *fit) for fit in fitting_formats(seen, formats)]
        if kept:
            labels.append((seen.error, kept))
    if not labels:
        return []
    best = sorted(labels, key=lambda label: label[0])[:_MOST_LABELS]
    return [list(chosen) for chosen in itertools.product(*(kept for _, kept in best))]


def _shorter_side(corners: Array) -> float:
    """The shorter one of a label's width and height, pixels."""
    return min(_width_and_height(corners))


def _width_and_height(corners: Array) -> tuple[float, float]:
    """The means of opposite sides, pixels."""
    sides = side_lengths(corners)
    return float(sides[[0, 2]].mean()), float(sides[[1, 3]].mean())


def _pattern(outline: LabelOutline, form: LabelFormat, lying: bool) -> PlanarPattern:
    shorter, longer = form.size
    width, height = _width_and_height(outline.ideal)
    # Its width is off by two of its sides, and so is its height.
    unsure = hypot(outline.error, outline.bow / 2) * sqrt(2.0)
    inverse = hypot(1 / width, 1 / height)
    return PlanarPattern(
        source=ScaleSource.WAYBILL_LABEL,
        corners=outline.corners,
        size=(longer, shorter) if lying else (shorter, longer),
        size_error=SIZE_ERROR,
        corner_error=outline.corner_error,
        on="face",
        name=form.name,
        aspect_error=unsure * inverse,
    )
