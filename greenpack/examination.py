"""One photo from bytes to numbers: decoded, seen, measured; nothing is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.closed_photo import measure_closed_photo
from greenpack.intake.barcode import PrintedCode, different_numbers, read_codes, waybill_codes
from greenpack.intake.label_codes import read_label_codes
from greenpack.intake.photo import Photo, decode_photo
from greenpack.intake.waybill_number import WaybillNumber
from greenpack.measure.acceptance import View
from greenpack.measure.calibration import read_calibration
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.measurement import Measurement
from greenpack.measure.opened_parcel import measure_opened_parcel
from greenpack.measure.photo_quality import GRAY_SIDE
from greenpack.measure.settings import MeasureSettings
from greenpack.reasons import GreenPackError
from greenpack.settings import Settings
from greenpack.vision.detector import Detector, enlarged
from greenpack.vision.shapes import Label, Shape, labels_among_goods
from greenpack.vision.weights import Weights

# Long side in pixels, for a label whose number was not read: twice as fine as for all else.
_FINE = 4000
# A hub camera's picture is hardly finer than what was made of it: reading it again is not worth it.
_REDUCED = 0.7
_MOST_LABELS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """A photo with what was seen in it and measured on it.

    Attributes:
        photo: the decoded photo.
        shapes: polygons in pixels of the upright original.
        measurement: the numbers, or the reason why there are none.
        codes: the barcodes and QR codes in it, in pixels of ``photo.pixels``, in the order found;
            none where not read.
        milliseconds: time for decoding, seeing, reading barcodes and measuring.
    """

    photo: Photo
    shapes: tuple[Shape, ...]
    measurement: Measurement
    codes: tuple[PrintedCode, ...]
    milliseconds: int

    @property
    def numbers(self) -> tuple[WaybillNumber, ...]:
        """The waybill numbers in its codes, each once, in the order found."""
        return tuple(different_numbers(waybill_codes(self.codes)))


def measure_settings(
    settings: Settings, weights: Weights, camera: CameraModel | None = None
) -> MeasureSettings:
    """The settings that shape the numbers, with the calibration that belongs to the weights.

    Args:
        settings: as set from outside.
        weights: the model's.
        camera: the calibrated camera that takes the photos, or None.

    Raises:
        GreenPackError: ``weights_unsuitable`` where the calibration is of another version.
    """
    try:
        calibration = read_calibration(weights.calibration)
    except ValueError as error:
        raise GreenPackError("weights_unsuitable", str(error)) from error
    return MeasureSettings(
        camera_height_over_depth=settings.camera_height_over_depth,
        depth_over_shorter_side=settings.depth_over_shorter_side,
        goods=settings.goods,
        calibration=calibration,
        camera=camera,
        tallest_parcel_mm=settings.tallest_parcel_mm,
        markers=tuple(sorted(settings.markers.items())),
    )


def _small(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture's grey values at the size at which light and sharpness are judged."""
    scale = min(1.0, GRAY_SIDE / max(gray.shape))
    return np.asarray(
        cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )


def examine(
    name: str,
    data: bytes,
    detector: Detector,
    settings: Settings,
    using: MeasureSettings,
    *,
    attributing: bool = True,
) -> Examined:
    """Decode, see and measure one photo.

    A photo in which no opening is seen but a closed parcel is measured as one.

    Args:
        name: the photo's name for people.
        data: its bytes.
        detector: the model.
        settings: limits of intake and the camera's time zone.
        using: assumptions and thresholds of measuring.
        attributing: whether the barcodes are wanted; if not they are read only where something
            hangs on them: the scale of a closed parcel with a waybill's label, or which of what
            lies beside an opening is a label.

    Raises:
        GreenPackError: where the bytes are no usable photo; a photo that cannot be measured is a
            measurement with its reason.
    """
    start = time.perf_counter()
    photo = decode(name, data, settings)
    seen = detector.shapes(photo.pixels)
    spent = time.perf_counter() - start
    finer = partial(decode_finely, name, data, settings)
    return examine_seen(photo, seen, using, attributing=attributing, spent=spent, finer=finer)


def decode(name: str, data: bytes, settings: Settings) -> Photo:
    """The upright photo in the bytes, as it is shown to the model.

    Raises:
        GreenPackError: where the bytes are no usable photo.
    """
    return decode_photo(name, data, limits=settings.limits, camera_timezone=settings.camera_zone)


def decode_finely(name: str, data: bytes, settings: Settings) -> Photo:
    """The same photo, less reduced, for what is small in it; raises what ``decode`` does."""
    zone = settings.camera_zone
    return decode_photo(
        name, data, limits=settings.limits, camera_timezone=zone, longest_side=_FINE
    )


def examine_seen(
    photo: Photo,
    seen: Sequence[Shape],
    using: MeasureSettings,
    *,
    attributing: bool = True,
    spent: float = 0.0,
    finer: Callable[[], Photo] | None = None,
) -> Examined:
    """Measure a photo in which the model has seen what it sees; the rest of ``examine``.

    Args:
        photo: the decoded photo.
        seen: what the model saw, in pixels of ``photo.pixels``.
        using: assumptions and thresholds of measuring.
        attributing: as for ``examine``.
        spent: seconds that decoding and seeing took.
        finer: gives the photo less reduced. It is asked where codes are wanted, labels are seen
            and no waybill number is read: a phone's picture has twice the pixels that ``photo``
            has, and bars half as wide as the reader needs.
    """
    start = time.perf_counter()
    shapes = enlarged(seen, 1 / photo.scale)
    gray = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    printed = read_codes(gray) if attributing else None
    view = View(
        width=photo.width,
        height=photo.height,
        focal_ratio=photo.focal_ratio,
        # Making it takes longer than all else, and nothing but an opening is judged by it.
        gray=_small(gray) if any(shape.label is Label.OPENING for shape in seen) else None,
    )
    measurement = measure_opened_parcel(shapes, view, using)
    closed = measurement.reason == "closed_parcel"
    labels = _surest_labels(seen)
    if printed is None and closed and labels:
        # A number elsewhere in the picture says nothing of a label's format.
        printed = read_label_codes(photo, photo, labels)
    elif printed is None and measurement.reason == "items_outside_opening":
        printed = read_codes(gray)
    if printed is not None and finer is not None and not waybill_codes(printed):
        printed += _codes_of_labels(photo, labels, finer)
    codes = waybill_codes(printed or ())
    if closed:
        measurement = measure_closed_photo(photo, gray, seen, codes, using)
    elif measurement.reason == "items_outside_opening" and codes:
        seen = labels_among_goods(seen, [code.centre for code in codes])
        shapes = enlarged(seen, 1 / photo.scale)
        measurement = measure_opened_parcel(shapes, view, using)
    milliseconds = round(1000 * (spent + time.perf_counter() - start))
    return Examined(photo, tuple(shapes), measurement, tuple(printed or ()), milliseconds)


def _surest_labels(seen: Sequence[Shape]) -> list[NDArray[np.float64]]:
    """The outlines of the waybills' labels, the surest few."""
    labels = [shape for shape in seen if shape.label is Label.WAYBILL]
    surest = sorted(labels, key=lambda shape: -shape.confidence)[:_MOST_LABELS]
    return [shape.polygon for shape in surest]


def _codes_of_labels(
    photo: Photo, labels: Sequence[NDArray[np.float64]], finer: Callable[[], Photo]
) -> list[PrintedCode]:
    """What a finer picture shows on labels; nothing where it would hardly be finer."""
    if not labels or photo.scale > _REDUCED:
        return []
    return read_label_codes(photo, finer(), labels)
