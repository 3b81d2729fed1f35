"""A finding's photo with shapes that can be left out, and the parcel's face set straight.

Both are drawn from the photo as received and keep to what evidence pictures keep to: only the
parcel that was measured is recognisable, labels on it are not. The photo as it was never leaves
this module.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenpack.intake.barcode import read_codes
from greenpack.intake.photo import Photo
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.measure.pose import camera_pose
from greenpack.vision.detector import enlarged
from greenpack.vision.evidence_picture import (
    COLOURS,
    PHOTO_SIDE,
    draw_cuboid,
    straight_size,
    straightened,
    warped,
    with_shapes,
)
from greenpack.vision.private_regions import label_regions, parcel_regions
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.veil import clear_mask, through_veil, veil_of

# As for evidence pictures: a usual phone's main lens, for proportions only.
_USUAL_FOCAL_RATIO: Final = 0.75
_QUALITY: Final = 88

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PhotoViews:
    """What of a photo may be shown, ready to be drawn with any of its labels.

    Attributes:
        photo: shape (h, w, 3), RGB: the veiled photo, its longer side ``PHOTO_SIDE``.
        face: shape (h, w, 3), RGB: the opening, or the top of a closed parcel, set straight and
            veiled likewise; None where its corners are not known.
        is_opening: whether the face is an opening.
        size: height and width of the decoded photo, pixels.
        shapes: in pixels of the decoded photo.
        corners: of the face, shape (4, 2), in the same pixels, or None.
        cuboid: of a closed parcel, shape (8, 2) or (4, 2) where the height was not seen, or None.
    """

    photo: Pixels
    face: Pixels | None
    is_opening: bool
    size: tuple[int, int]
    shapes: tuple[Shape, ...]
    corners: Corners | None
    cuboid: Corners | None

    @property
    def labels(self) -> list[Label]:
        """What was seen, in the order of the model's labels."""
        seen = {shape.label for shape in self.shapes}
        return [label for label in Label if label in seen]


def photo_views(
    photo: Photo, recorded: Sequence[Mapping[str, Any]], measured: Measurement
) -> PhotoViews:
    """Veil a photo by what was seen in it, and set its parcel's face straight.

    Args:
        photo: decoded from the bytes as received.
        recorded: the shapes as recorded, in pixels of the upright original.
        measured: what was measured on it.
    """
    pixels = photo.pixels
    height, width = pixels.shape[:2]
    shapes = enlarged([_shape(each) for each in recorded if len(each["polygon"]) > 2], photo.scale)
    opening = None if measured.corners is None else np.array(measured.corners) * photo.scale
    cuboid = None if measured.cuboid is None else np.array(measured.cuboid) * photo.scale
    own = None if opening is None else [(float(x), float(y)) for x, y in opening]
    clear = parcel_regions((height, width), shapes, own)
    hidden = label_regions(shapes, read_codes(pixels), clear)
    scale = PHOTO_SIDE / max(height, width)
    small = np.asarray(
        cv2.resize(
            pixels,
            (max(1, round(width * scale)), max(1, round(height * scale))),
            interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
        ),
        np.uint8,
    )
    mask = clear_mask(
        (small.shape[0], small.shape[1]),
        [polygon * scale for polygon in clear],
        [polygon * scale for polygon in hidden],
    )
    veil = veil_of(small)
    corners, aspect = _face(photo, opening, cuboid, measured)
    face = None
    if corners is not None:
        size, side = straight_size(aspect), corners.astype(np.float32)
        face = through_veil(
            warped(pixels, side, size),
            warped(mask, side * np.float32(scale), size),
            warped(veil, side * np.float32(scale), size),
        )
    if cuboid is not None and Quantity.HEIGHT_MM not in measured.quantities:
        cuboid = cuboid[4:]  # the height is a guess that must not look like a measurement
    return PhotoViews(
        photo=through_veil(small, mask, veil),
        face=face,
        is_opening=opening is not None,
        size=(height, width),
        shapes=tuple(shapes),
        corners=corners,
        cuboid=cuboid,
    )


def photo_with(views: PhotoViews, labels: Collection[Label]) -> bytes:
    """The veiled photo with the shapes of some labels, as JPEG."""
    scale = PHOTO_SIDE / max(views.size)
    shapes = [(each.label, each.polygon * scale) for each in views.shapes if each.label in labels]
    drawn = with_shapes(views.photo, shapes)
    if views.is_opening and views.corners is not None and Label.OPENING in labels:
        outline = np.round(views.corners * scale).astype(np.int32)
        cv2.polylines(drawn, [outline], True, (255, 255, 255), 5, cv2.LINE_AA)
        cv2.polylines(drawn, [outline], True, COLOURS[Label.OPENING], 3, cv2.LINE_AA)
    if views.cuboid is not None and Label.PARCEL in labels:
        draw_cuboid(drawn, views.cuboid * scale)
    return _jpeg(drawn)


def face_with(views: PhotoViews, labels: Collection[Label]) -> bytes | None:
    """The face set straight with the goods and filler of some labels in it; None without one."""
    if views.face is None or views.corners is None:
        return None
    shapes = [shape for shape in views.shapes if shape.label in labels]
    drawn = straightened(views.face, views.size, shapes, views.corners.astype(np.float32))
    return _jpeg(drawn)


def _shape(recorded: Mapping[str, Any]) -> Shape:
    polygon = np.array(recorded["polygon"], np.float64).reshape(-1, 2)
    return Shape(Label(recorded["label"]), float(recorded["confidence"]), polygon)


def _face(
    photo: Photo, opening: Corners | None, cuboid: Corners | None, measured: Measurement
) -> tuple[Corners | None, float]:
    """The face's corners and its second side over its first."""
    corners = opening if opening is not None else None if cuboid is None else cuboid[4:]
    if corners is None:
        return None, 1.0
    sides = [measured.quantities.get(side) for side in (Quantity.LENGTH_MM, Quantity.WIDTH_MM)]
    if opening is None and all(side is not None and side.value for side in sides):
        longer, shorter = (float(side.value or 1) for side in sides if side is not None)
        edges = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
        is_longer_first = edges[0] + edges[2] >= edges[1] + edges[3]
        return corners, shorter / longer if is_longer_first else longer / shorter
    height, width = photo.pixels.shape[:2]
    focal = (photo.focal_ratio or _USUAL_FOCAL_RATIO) * max(width, height)
    return corners, camera_pose(corners, focal, (width / 2, height / 2)).aspect


def _jpeg(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
