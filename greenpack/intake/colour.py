"""Any kind of pixel becomes 8-bit sRGB: depth, palette, transparency, CMYK and ICC profiles."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image, ImageCms, TiffImagePlugin

# The largest profiles in use, for six-colour presses, stay below this.
_MAX_PROFILE_BYTES = 8 * 1024 * 1024
_MODES_WITH_A_PROFILE = ("L", "RGB", "CMYK")
_BITS_PER_SAMPLE, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0


class UnsupportedPixelsError(Exception):
    """The picture's kind of pixel is none that a camera writes."""


def with_resizable_pixels(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be averaged: L, LA, RGB, RGBA, RGBX or CMYK.

    16-bit grey is scaled to 8 bits by its depth, never clipped; palettes are looked up.

    Raises:
        UnsupportedPixelsError: for floating point, 32-bit, Lab and other laboratory formats.
    """
    if picture.mode in ("L", "LA", "RGB", "RGBA", "RGBX", "CMYK"):
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode == "RGBa":
        return picture.convert("RGBA")
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode == "I" or picture.mode.startswith("I;16"):
        return _grey_of_16_bits(picture)
    if picture.mode == "YCbCr":
        return picture.convert("RGB")
    raise UnsupportedPixelsError(f"pixels of kind {picture.mode}")


def to_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """The picture as RGB in sRGB, transparency laid over white.

    ``profile`` is the ICC profile's bytes or None. One that cannot be used is passed over: colours
    a little off are better than a photo lost.
    """
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    if picture.mode in _MODES_WITH_A_PROFILE and isinstance(profile, bytes):
        converted = _through_profile(picture, profile)
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _grey_of_16_bits(picture: Image.Image) -> Image.Image:
    samples = np.asarray(picture)
    bits, inverted = 16, False
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        depth: Any = picture.tag_v2.get(_BITS_PER_SAMPLE, (16,))
        bits = int(depth[0])
        # Pillow inverts white-is-zero only for depths up to 8 bits.
        inverted = picture.tag_v2.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    if bits > 16 or samples.size == 0 or samples.min() < 0 or samples.max() >= 1 << 16:
        raise UnsupportedPixelsError(f"grey pixels of {bits} bits")
    grey = np.right_shift(samples, max(bits - 8, 0)).astype(np.uint8)
    return Image.fromarray(255 - grey if inverted else grey)


def _through_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    if not 0 < len(profile) <= _MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source) and picture.mode == "RGB":
            return picture
        transform = ImageCms.buildTransform(
            source, ImageCms.createProfile("sRGB"), picture.mode, "RGB"
        )
        return ImageCms.applyTransform(picture, transform)
    except Exception:
        # PyCMSError mostly, but a damaged profile may raise anything on its way through.
        return None
