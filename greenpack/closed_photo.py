"""A photo of a closed parcel: its scale looked for, its sizes measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from greenpack.intake.barcode import WaybillCode
from greenpack.intake.photo import Photo
from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_checks import the_parcel
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.closed.ideal_picture import camera_of
from greenpack.measure.closed.label_formats import carrier_of
from greenpack.measure.closed.label_scale import label_patterns
from greenpack.measure.closed.marker_scale import marker_patterns
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.measurement import Measurement, Outcome
from greenpack.measure.projective import Array
from greenpack.measure.settings import MeasureSettings
from greenpack.vision.shapes import Label, Shape

# The flattest parcel that counts as a box, mm, and the tallest as a share of the camera's height.
_FLATTEST = 5.0
_NEAREST = 0.8


def measure_closed_photo(
    photo: Photo,
    gray: NDArray[np.uint8],
    shapes: Sequence[Shape],
    codes: Sequence[WaybillCode],
    using: MeasureSettings,
) -> Measurement:
    """Measure the closed parcel in a photo.

    The scale is the calibrated camera's, else a marker's of a size that was set, else that of a
    waybill label in whose outline a waybill number was read: proportions alone cannot tell a
    waybill from a small sticker.

    Args:
        photo: the decoded photo.
        gray: the grey values of ``photo.pixels``, shape (h, w).
        shapes: what the model saw, in pixels of ``photo.pixels``.
        codes: the waybills' barcodes, in the same pixels.
        using: assumptions and thresholds, with the camera and the markers.

    Returns:
        The measurement, with the cuboid in pixels of the upright original; or the reason why
        there is none.
    """
    if using.camera is not None and not _fits(using.camera, photo):
        return Measurement(Outcome.UNMEASURABLE, reason="camera_mismatch")
    try:
        parcel = the_parcel(shapes, using.closed)
    except UnmeasurableError as refusal:
        return Measurement(Outcome.UNMEASURABLE, reason=str(refusal))
    height, width = gray.shape
    view = ClosedView(
        width=width,
        height=height,
        gray=gray,
        camera=using.camera,
        focal_ratio=photo.focal_ratio,
        parcel_height=_heights(using),
    )
    view = replace(view, patterns=_patterns(gray, view, shapes, codes, parcel, using))
    found = measure_closed_parcel(shapes, view, using.closed, using.calibration, parcel)
    if found.cuboid is None:
        return found
    return replace(found, cuboid=tuple((x / photo.scale, y / photo.scale) for x, y in found.cuboid))


def _heights(using: MeasureSettings) -> tuple[float, float] | None:
    """Between which heights in mm a parcel is whose height is not seen; None where none is known.

    A parcel that fills most of the way up to the camera would not be in the picture whole.
    """
    if using.camera is None or using.camera.belt is None:
        return None
    return _FLATTEST, min(using.tallest_parcel_mm, _NEAREST * using.camera.belt.height)


def _fits(camera: CameraModel, photo: Photo) -> bool:
    """Whether photo and camera have the same proportions: a cropped photo has another centre."""
    skew = abs(camera.width * photo.height - camera.height * photo.width)
    return skew <= max(camera.width, camera.height)


def _patterns(
    gray: NDArray[np.uint8],
    view: ClosedView,
    shapes: Sequence[Shape],
    codes: Sequence[WaybillCode],
    parcel: Array,
    using: MeasureSettings,
) -> list[list[PlanarPattern]]:
    """What of known size is in the picture: alternatives, each of which holds together."""
    found: list[list[PlanarPattern]] = []
    if using.markers:
        marked = marker_patterns(gray, dict(using.markers), parcel)
        found += [marked] if marked else []
    labels = [
        shape.polygon
        for shape in shapes
        if shape.label is Label.WAYBILL and any(shape.holds(code.centre) for code in codes)
    ]
    numbers = {code.number for code in codes}
    if labels and len(numbers) == 1:
        camera, _ = camera_of(view, using.closed)
        found += label_patterns(labels, gray, camera, carrier_of(numbers.pop()), parcel)
    return found
