"""The bytes of one image file become an upright RGB photo with its checksum and capture time.

Pillow's plugins are called directly, not through ``Image.open``: only the five formats below are
ever tried, whatever else is installed; the pixel limit is ours; and neither Pillow's global limit
nor its warnings, which other libraries in the process may have changed, play a part.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from pillow_heif import HeifImageFile

from greenpack.intake.colour import UnsupportedPixelsError, to_srgb, with_resizable_pixels
from greenpack.intake.exif import read_capture
from greenpack.intake.limits import Limits
from greenpack.intake.photo_format import HEAD_BYTES, PhotoFormat, photo_format
from greenpack.reasons import GreenPackError

# A picture this little larger than asked for is left as decoded: resampling would only soften it.
_SLACK = 1 + 1 / 16
# Cameras write about ten; a crafted file repeats thousands, each costing a pass over all pixels.
_MAX_JPEG_SCANS = 200
_PLUGINS: dict[PhotoFormat, Callable[[io.BytesIO, str], ImageFile.ImageFile]] = {
    PhotoFormat.JPEG: JpegImagePlugin.JpegImageFile,
    PhotoFormat.PNG: PngImagePlugin.PngImageFile,
    PhotoFormat.WEBP: WebPImagePlugin.WebPImageFile,
    PhotoFormat.TIFF: TiffImagePlugin.TiffImageFile,
    PhotoFormat.HEIF: HeifImageFile,
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One image as received, upright and ready to be looked at.

    Attributes:
        name: as shown to people: ``batch/a.jpg``, ``batch.zip!/a.jpg``, ``-`` for standard input.
        sha256: of the bytes as received, in lower-case hexadecimal.
        size_bytes: number of those bytes.
        media_type: ``image/jpeg``, ``image/png``, ``image/webp``, ``image/tiff``, ``image/heic``
            or ``image/heif``.
        width, height: of the upright original, in pixels.
        taken_at: capture time in UTC, from EXIF DateTimeOriginal; None where unknown.
        focal_ratio: focal length over the picture's long side, from EXIF FocalLengthIn35mmFilm
            over 36 mm; None where unknown. The 35 mm equivalent goes by the diagonal on some
            cameras, so for 4:3 pictures the ratio is known to about 4 % only.
        pixels: shape (h, w, 3), RGB, sRGB, upright, possibly smaller than the original.
        scale: ``pixels.shape[1] / width``, above 0 and at most 1.
    """

    name: str
    sha256: str
    size_bytes: int
    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    focal_ratio: float | None
    pixels: NDArray[np.uint8]
    scale: float


def decode_photo(
    name: str,
    data: bytes,
    *,
    limits: Limits,
    camera_timezone: ZoneInfo,
    longest_side: int = 2000,
) -> Photo:
    """Decodes one image file; of animations and multi-page files the first picture.

    A picture whose long side exceeds ``longest_side`` pixels by more than a sixteenth is reduced
    to it; none is enlarged. ``camera_timezone`` applies where EXIF gives no offset.

    Raises:
        GreenPackError: ``unreadable``, ``truncated``, ``too_few_pixels``, ``too_many_pixels`` or
            ``file_too_large``. Nothing else is raised, whatever the bytes.
    """
    if len(data) > limits.max_file_bytes:
        raise GreenPackError(
            "file_too_large", f"{len(data):,} bytes, limit {limits.max_file_bytes:,}"
        )
    kind = photo_format(data[:HEAD_BYTES])
    if kind is None:
        raise GreenPackError("unreadable", "0 bytes" if not data else "")
    with _errors_as_reasons():
        if kind is PhotoFormat.WEBP:
            # This plugin allocates the canvas as soon as it opens the file.
            _check_size(_webp_size(data), limits)
        # No file name: given one, Pillow may map that file into memory instead of reading ours.
        with _PLUGINS[kind](io.BytesIO(data), "") as picture:
            _check_size(picture.size, limits)
            _check_scans(picture, data)
            return _photo_from(name, data, picture, limits, camera_timezone, longest_side)


def _photo_from(
    name: str,
    data: bytes,
    picture: ImageFile.ImageFile,
    limits: Limits,
    camera_timezone: ZoneInfo,
    longest_side: int,
) -> Photo:
    width, height = picture.size
    if picture.format == "JPEG":
        _ask_for_reduced_decoding(picture, longest_side)
    picture.load()
    if picture.format == "HEIF":
        # Only the coded picture, not the header, has the last word on its size.
        _check_size(picture.size, limits)
        width, height = picture.size
    capture = read_capture(picture, camera_timezone)
    profile = picture.info.get("icc_profile")
    small = _reduced(with_resizable_pixels(picture), longest_side)
    rgb = to_srgb(small, profile)
    if capture.orientation in _UPRIGHT:
        rgb = rgb.transpose(_UPRIGHT[capture.orientation])
    if capture.orientation >= 5:
        width, height = height, width
    pixels = np.array(rgb, dtype=np.uint8)
    return Photo(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        media_type=picture.get_format_mimetype() or "application/octet-stream",
        width=width,
        height=height,
        taken_at=capture.taken_at,
        focal_ratio=capture.focal_ratio,
        pixels=pixels,
        scale=pixels.shape[1] / width,
    )


@contextmanager
def _errors_as_reasons() -> Iterator[None]:
    try:
        yield
    except GreenPackError:
        raise
    except UnsupportedPixelsError as error:
        raise GreenPackError("unreadable", str(error)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise GreenPackError("too_many_pixels", str(error)) from error
    except MemoryError as error:
        raise GreenPackError("too_many_pixels", "not enough memory to decode it") from error
    except Exception as error:
        # Decoders raise OSError, SyntaxError, ValueError, struct.error, EOFError and more.
        detail = " ".join(str(error).split())
        code = "unreadable" if "unsupported" in detail.lower() else "truncated"
        raise GreenPackError(code, detail) from error


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if min(width, height) < limits.min_side:
        raise GreenPackError("too_few_pixels", f"{width} x {height}")
    if width * height > limits.max_pixels:
        raise GreenPackError(
            "too_many_pixels", f"{width} x {height}, limit {limits.max_pixels:,} pixels"
        )


def _check_scans(picture: ImageFile.ImageFile, data: bytes) -> None:
    if picture.info.get("progressive") and data.count(b"\xff\xda") > _MAX_JPEG_SCANS:
        raise GreenPackError("unreadable", f"JPEG of more than {_MAX_JPEG_SCANS} scans")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Canvas size from the first chunk (RFC 9649, sections 2.5 to 2.7)."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise EOFError("the WebP header is cut off")
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    raise SyntaxError("the WebP file has no picture")


def _ask_for_reduced_decoding(picture: ImageFile.ImageFile, longest_side: int) -> None:
    # A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size for a fraction of the time and memory.
    factor = next((f for f in (8, 4, 2) if max(picture.size) // f >= longest_side), 1)
    if factor > 1:
        picture.draft(None, (picture.width // factor, picture.height // factor))


def _reduced(picture: Image.Image, longest_side: int) -> Image.Image:
    long_side = max(picture.size)
    if long_side <= longest_side * _SLACK:
        return picture
    width, height = (max(1, round(side * longest_side / long_side)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
