"""Pictures painted in plain colours, and a detector that reads the colours back.

It stands in for the model where a test is about what happens around it: the shapes it gives are
really in the picture, so that a wrong picture gives wrong shapes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import Weights

COLOURS = {
    Label.OPENING: (40, 90, 200),
    Label.ITEM: (220, 140, 30),
    Label.FILLER: (200, 60, 160),
    Label.PARCEL: (60, 200, 120),
}
WEIGHTS = Weights(path=Path("painted"), sha256="ab" * 32, checked=True)


@dataclass
class PaintedDetector:
    """Finds the painted areas; counts how many pictures it was shown."""

    weights: Weights = WEIGHTS
    seen: int = 0
    device: str = "cpu"

    def shapes(self, image: NDArray[np.uint8]) -> list[Shape]:
        self.seen += 1
        masks = {
            label: np.abs(image.astype(int) - colour).max(axis=2) < 40
            for label, colour in COLOURS.items()
        }
        # Goods and filler lie inside the opening, which is whole beneath them.
        masks[Label.OPENING] = _filled(masks[Label.OPENING])
        return [
            Shape(label, 0.9, contour)
            for label, mask in masks.items()
            for contour in _contours(mask)
        ]

    def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
        return [self.shapes(image) for image in images]


def _contours(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    return [
        contour.reshape(-1, 2).astype(np.float64)
        for contour in contours
        if cv2.contourArea(contour) > 60
    ]


def _filled(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    whole = np.zeros(mask.shape, np.uint8)
    for contour in _contours(mask):
        cv2.fillPoly(whole, [cv2.convexHull(contour.astype(np.int32))], 1)
    return whole.astype(bool)


@dataclass(frozen=True)
class Scene:
    """An opening of 800 x 600 pixels in a picture of 1200 x 900, with goods and filler in it.

    Attributes:
        goods: share of the opening, 0 to 1, as one rectangle.
        filler: likewise.
        seed: of the floor's grain; two seeds give two photos of the same parcel.
        opened: whether there is an opening at all; else a closed parcel is painted.
    """

    goods: float = 0.2
    filler: float = 0.0
    seed: int = 0
    opened: bool = True
    size: tuple[int, int] = field(default=(1200, 900))

    def jpeg(self) -> bytes:
        random = np.random.default_rng(self.seed)
        width, height = self.size
        grain = random.integers(70, 130, (height // 6, width // 6), np.uint8)
        floor = cv2.resize(grain, (width, height), interpolation=cv2.INTER_NEAREST)
        picture = np.repeat(floor[..., None], 3, axis=2)
        mouth = (200, 150, 800, 600)
        _paint(picture, mouth, Label.OPENING if self.opened else Label.PARCEL)
        if self.opened:
            _paint(picture, (220, 170, round(760 * self.goods), 560), Label.ITEM)
            wide = round(760 * self.filler)
            _paint(picture, (980 - wide, 170, wide, 560), Label.FILLER)
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=95, subsampling=0)
        return buffer.getvalue()


def _paint(picture: NDArray[np.uint8], area: tuple[int, int, int, int], label: Label) -> None:
    x, y, width, height = area
    if width > 0:
        picture[y : y + height, x : x + width] = COLOURS[label]


def write(folder: Path, photos: dict[str, Scene] | Sequence[tuple[str, Scene]]) -> Path:
    """Write the pictures under their names; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in dict(photos).items():
        (folder / name).write_bytes(scene.jpeg())
    return folder
