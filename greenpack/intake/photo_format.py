"""What kind of image file bytes are, told by how they begin."""

from __future__ import annotations

from enum import StrEnum

# So many bytes are enough to tell.
HEAD_BYTES = 12

_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)


class PhotoFormat(StrEnum):
    """The formats GreenPack reads; the value is the file's suffix."""

    JPEG = ".jpg"
    PNG = ".png"
    WEBP = ".webp"
    TIFF = ".tif"
    HEIF = ".heic"


def photo_format(head: bytes) -> PhotoFormat | None:
    """The format of a file that begins with ``head``, or None if GreenPack does not read it."""
    if head.startswith(b"\xff\xd8\xff"):
        # Also for MPO, which phones name .jpg: it begins with an ordinary JPEG, the main picture.
        return PhotoFormat.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PhotoFormat.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return PhotoFormat.WEBP
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return PhotoFormat.TIFF
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return PhotoFormat.HEIF
    return None
