"""Several photos from bytes to numbers, seen by the model as one batch; nothing is kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from greenpack.examination import Examined, decode, decode_finely, examine_seen
from greenpack.intake.photo import Photo
from greenpack.measure.settings import MeasureSettings
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.shapes import Shape
from greenpack.work.work_metrics import WorkMetrics

# What became of a photo: numbers, why its bytes are none, or a fault that nobody foresaw.
Outcome = Examined | Exception


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The bytes of a photo with the settings of the camera that took it."""

    name: str
    data: bytes
    using: MeasureSettings


def examine_batch(
    photos: Sequence[Loaded], detector: Detector, settings: Settings, metrics: WorkMetrics
) -> list[Outcome]:
    """Examine photos of any cameras together; what is wrong with one harms no other.

    Returns:
        For each photo in order: what ``examine`` gives for it alone, the ``GreenPackError`` where
        its bytes are no usable photo, or any other exception that measuring it raised.
    """
    outcomes: dict[int, Outcome] = {}
    decoded: dict[int, tuple[Photo, float]] = {}
    for index, photo in enumerate(photos):
        start = time.perf_counter()
        try:
            with metrics.stage("decode"):
                picture = decode(photo.name, photo.data, settings)
        except Exception as error:
            outcomes[index] = error
        else:
            decoded[index] = (picture, time.perf_counter() - start)
    pictures = [picture for picture, _ in decoded.values()]
    start = time.perf_counter()
    with metrics.stage("see"):
        seen = _seen(pictures, detector)
    seeing = (time.perf_counter() - start) / max(1, len(pictures))
    for (index, (picture, decoding)), shapes in zip(decoded.items(), seen, strict=True):
        if isinstance(shapes, Exception):
            outcomes[index] = shapes
            continue
        photo = photos[index]
        finer = partial(decode_finely, photo.name, photo.data, settings)
        try:
            with metrics.stage("measure"):
                outcomes[index] = examine_seen(
                    picture, shapes, photo.using, spent=decoding + seeing, finer=finer
                )
        except Exception as error:
            outcomes[index] = error
    return [outcomes[index] for index in range(len(photos))]


def _seen(pictures: Sequence[Photo], detector: Detector) -> list[list[Shape] | Exception]:
    """What the model sees in each; where the batch fails, one by one, to find out which did it."""
    if not pictures:
        return []
    try:
        return list(detector.shapes_of([picture.pixels for picture in pictures]))
    except Exception as error:
        if len(pictures) == 1:
            return [error]
    return [_seen([picture], detector)[0] for picture in pictures]
