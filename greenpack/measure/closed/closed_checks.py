"""Whether a photo of a closed parcel may be measured: each refusal has its reason code."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from greenpack.measure.acceptance import UnmeasurableError, exceeds_at_border, has_rival
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.photo_quality import blur_effect, brightness
from greenpack.measure.projective import Array, region
from greenpack.vision.shapes import Label, Shape

_SIDE = 400  # pixels; light and focus of a parcel are judged at this size


def the_parcel(shapes: Sequence[Shape], settings: ClosedSettings) -> Array:
    """The outline of the one closed parcel in the picture, shape (n, 2), pixels.

    Raises:
        UnmeasurableError: ``no_parcel``, or ``several_parcels`` where another one of comparable
            size is seen.
    """
    parcels = [
        (region([shape.polygon]), shape)
        for shape in shapes
        if shape.label is Label.PARCEL and shape.confidence >= settings.rival_confidence
    ]
    sure = [
        each for each in parcels if each[1].confidence >= settings.confidence and each[0].area > 0
    ]
    if not sure:
        raise UnmeasurableError("no_parcel")
    whole, largest = max(sure, key=lambda each: each[0].area)
    if has_rival(whole, [area for area, _ in parcels], settings.rival_share):
        raise UnmeasurableError("several_parcels")
    return largest.polygon


def require_whole(outline: Array, view: ClosedView, cell: float, settings: ClosedSettings) -> None:
    """Refuse a parcel that touches the picture's border, or is small against cells and pixels.

    Raises:
        UnmeasurableError: ``parcel_cut_off`` or ``parcel_too_small``.
    """
    if exceeds_at_border(outline, view.width, view.height, 0.01):
        raise UnmeasurableError("parcel_cut_off")
    extent = cv2.minAreaRect(outline.astype(np.float32))[1]
    span = float(region([outline]).area ** 0.5)
    least = max(settings.least_cells * cell, settings.least_pixels)
    if min(extent) < least or span < settings.least_span * cell:
        raise UnmeasurableError("parcel_too_small")


def require_light_and_focus(outline: Array, view: ClosedView, settings: ClosedSettings) -> None:
    """Refuse a parcel that is too dark, burnt out or blurred.

    Raises:
        UnmeasurableError: ``too_dark``, ``too_bright`` or ``too_blurred``.
    """
    if view.gray is None:
        return
    low = np.clip(outline.min(axis=0), 0, None).astype(int)
    high = np.ceil(outline.max(axis=0)).astype(int) + 1
    crop = view.gray[low[1] : high[1], low[0] : high[0]]
    if min(crop.shape) < 8:
        raise UnmeasurableError("parcel_too_small")
    # Every n-th pixel first: averaging twelve megapixels takes longer than all the rest.
    stride = max(1, int(max(crop.shape) / _SIDE / 1.5))
    small = np.ascontiguousarray(crop[::stride, ::stride])
    # Whole steps next: averaging over parts of pixels takes ten times as long.
    step = int(max(small.shape) / _SIDE)
    if step > 1 and min(small.shape) >= step:
        down, across = (extent // step for extent in small.shape)
        small = np.asarray(
            cv2.resize(
                small[: down * step, : across * step],
                (across, down),
                interpolation=cv2.INTER_AREA,
            ),
            np.uint8,
        )
    scale = min(1.0, _SIDE / max(small.shape))
    if scale < 1:
        # Less than by half now, so nothing is skipped between pixels; averaging takes four times
        # as long and moves the blur effect by 0.02.
        small = np.asarray(
            cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR_EXACT),
            np.uint8,
        )
    mask = np.zeros(small.shape, np.uint8)
    ring = (outline - low) * (small.shape[1] / crop.shape[1])
    cv2.fillPoly(mask, [np.round(ring).astype(np.int32)], 1)
    if not mask[::2, ::2].any():
        raise UnmeasurableError("parcel_too_small")
    # A quarter of the pixels has the same percentiles, and sorting them is most of the work.
    bright, burnt = brightness(small[::2, ::2], mask[::2, ::2].astype(bool))
    if bright < settings.darkest:
        raise UnmeasurableError("too_dark")
    if burnt > settings.brightest:
        raise UnmeasurableError("too_bright")
    if blur_effect(small) > settings.blurriest:
        raise UnmeasurableError("too_blurred")
