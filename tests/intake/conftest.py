"""Pictures and files that the intake tests share."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image


def make_scene(width: int = 400, height: int = 300) -> Image.Image:
    """A picture whose four corners differ, so that every wrong turn or mirror shows."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (200, 40, 40)
    pixels[: height // 2, width // 2 :] = (40, 200, 40)
    pixels[height // 2 :, : width // 2] = (40, 40, 200)
    pixels[height // 2 :, width // 2 :] = (210, 210, 60)
    return Image.fromarray(pixels)


def encode(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of the given Pillow format."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
        if "exif" in options:
            # Only from here does the writer take the orientation, as a transformation of the file.
            picture = picture.copy()
            picture.info["exif"] = options.pop("exif").tobytes()
    if kind == "TIFF" and "exif" in options:
        options["exif"][ExifTags.IFD.Exif] = 0  # else the TIFF writer leaves the details out
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def scene() -> Image.Image:
    return make_scene()


@pytest.fixture(scope="session")
def as_file() -> Callable[..., bytes]:
    return encode


@pytest.fixture(scope="session")
def jpeg(scene: Image.Image) -> bytes:
    return encode(scene, quality=90)
