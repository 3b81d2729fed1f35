"""What of a photo is shown: only the parcel that was measured."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenpack.intake.photo import Photo
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.report.photo_views import face_with, photo_views, photo_with
from greenpack.vision.evidence_picture import PHOTO_SIDE
from greenpack.vision.shapes import Label

CORNERS = ((400.0, 300.0), (1000.0, 300.0), (1000.0, 700.0), (400.0, 700.0))
SHAPES = (
    {"label": "opening", "confidence": 0.9, "polygon": [list(corner) for corner in CORNERS]},
    {
        "label": "item",
        "confidence": 0.8,
        "polygon": [[500, 400], [700, 400], [700, 600], [500, 600]],
    },
    {"label": "filler", "confidence": 0.5, "polygon": []},
)
OPENED = Measurement(Outcome.MEASURED, corners=CORNERS)


def _photo(pixels: NDArray[np.uint8], scale: float = 1.0) -> Photo:
    height, width = pixels.shape[:2]
    size = (round(width / scale), round(height / scale))
    return Photo("a.jpg", "0" * 64, 1, "image/jpeg", *size, None, None, pixels, scale)


def _noise(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 255, (900, 1400, 3), np.uint8)


def _picture(data: bytes | None) -> NDArray[np.uint8]:
    assert data is not None
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_only_the_parcel_is_recognisable() -> None:
    pixels = _noise(1)
    views = photo_views(_photo(pixels), SHAPES, OPENED)
    scale = PHOTO_SIDE / 1400
    inside = views.photo[round(450 * scale) : round(600 * scale), round(500 * scale) : 800]
    outside = views.photo[: round(200 * scale)]
    assert inside.std() > 30
    assert outside.std() < 12
    # Other surroundings with the same means would look the same: the noise itself is gone.
    assert views.labels == [Label.OPENING, Label.ITEM]


def test_shapes_are_switched_on_and_off() -> None:
    pixels = np.full((900, 1400, 3), 90, np.uint8)
    views = photo_views(_photo(pixels), SHAPES, OPENED)
    none, goods, everything = (
        _picture(photo_with(views, labels)).astype(int)
        for labels in (set(), {Label.ITEM}, {Label.ITEM, Label.OPENING})
    )
    middle = (round(500 * PHOTO_SIDE / 1400), round(600 * PHOTO_SIDE / 1400))
    rim = (round(500 * PHOTO_SIDE / 1400), round(1000 * PHOTO_SIDE / 1400))
    assert abs(none[middle] - 90).max() < 12
    assert abs(goods[middle] - none[middle]).max() > 20
    assert abs(goods[rim] - none[rim]).max() < 12
    assert abs(everything[rim] - none[rim]).max() > 20
    bare, tinted = (
        _picture(face_with(views, labels)).astype(int) for labels in (set(), {Label.ITEM})
    )
    assert abs(bare - tinted).max() > 20


def test_the_opening_is_set_straight_with_its_proportions() -> None:
    views = photo_views(_photo(_noise(2)), SHAPES, OPENED)
    assert views.is_opening
    face = _picture(face_with(views, set()))
    assert abs(face.shape[0] / face.shape[1] - 400 / 600) < 0.02


def test_a_closed_parcels_top_is_set_straight_by_its_sizes() -> None:
    top = ((450.0, 250.0), (1050.0, 250.0), (1050.0, 650.0), (450.0, 650.0))
    sizes = {
        Quantity.LENGTH_MM: Interval(300.0, 290.0, 310.0),
        Quantity.WIDTH_MM: Interval(200.0, 190.0, 210.0),
    }
    closed = Measurement(Outcome.MEASURED, quantities=sizes, cuboid=(*CORNERS, *top))
    shapes = ({**SHAPES[0], "label": "parcel"},)
    views = photo_views(_photo(_noise(3)), shapes, closed)
    assert not views.is_opening
    assert views.cuboid is not None
    assert len(views.cuboid) == 4  # a guessed height is not drawn
    face = _picture(face_with(views, {Label.PARCEL}))
    assert abs(face.shape[0] / face.shape[1] - 200 / 300) < 0.01


def test_a_photo_decoded_smaller_has_its_shapes_in_place() -> None:
    pixels = np.full((450, 700, 3), 90, np.uint8)
    views = photo_views(_photo(pixels, 0.5), SHAPES, OPENED)
    drawn = _picture(photo_with(views, {Label.ITEM})).astype(int)
    middle = (round(500 * PHOTO_SIDE / 1400), round(600 * PHOTO_SIDE / 1400))
    assert abs(drawn[middle] - 90).max() > 20


def test_without_corners_there_is_no_face() -> None:
    unseen = Measurement(Outcome.UNMEASURABLE, reason="no_parcel")
    views = photo_views(_photo(_noise(4)), (), unseen)
    assert face_with(views, set()) is None
    assert views.photo.std() < 12
