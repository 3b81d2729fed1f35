"""What is read from a photo's EXIF: orientation, capture time, focal length. Nothing else.

The rest (GPS position, serial numbers, owner names) is never read, so it cannot be kept.
Cameras write broken EXIF often; a value that makes no sense is a value that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

_FULL_FRAME_LONG_SIDE_MM = 36.0
# EXIF was first published in 1995: an earlier year is a clock that was never set.
_FIRST_EXIF_YEAR = 1995
_TIME = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):?([0-5]\d)")
_LARGEST_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Capture:
    """What EXIF says of how the photo was taken.

    Attributes:
        orientation: 1 to 8, as in EXIF; 1 where it is missing or makes no sense.
        taken_at: capture time in UTC, or None where it is missing or impossible.
        focal_ratio: focal length over the picture's long side, above 0, or None.
    """

    orientation: int
    taken_at: datetime | None
    focal_ratio: float | None


def read_capture(picture: Image.Image, camera_timezone: ZoneInfo) -> Capture:
    """Reads the three facts from a loaded picture; never fails on broken EXIF.

    ``camera_timezone`` is where the camera's clock stands, used when EXIF gives no offset.
    """
    try:
        exif = picture.getexif()
        orientation = _orientation(exif.get(ExifTags.Base.Orientation))
    except Exception:
        # Pillow raises whatever the broken bytes led it to; the pixels are still good.
        return Capture(1, None, None)
    try:
        details: Mapping[int, Any] = exif.get_ifd(ExifTags.IFD.Exif)
        return Capture(
            orientation,
            _taken_at(
                details.get(ExifTags.Base.DateTimeOriginal),
                details.get(ExifTags.Base.OffsetTimeOriginal),
                camera_timezone,
            ),
            _focal_ratio(details.get(ExifTags.Base.FocalLengthIn35mmFilm)),
        )
    except Exception:
        return Capture(orientation, None, None)


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip(" \0\t\r\n") if isinstance(value, str) else ""


def _taken_at(time: object, offset: object, camera_timezone: ZoneInfo) -> datetime | None:
    match = _TIME.match(_text(time))
    if match is None or int(match[1]) < _FIRST_EXIF_YEAR:
        return None
    zone = _zone(_text(offset)) or camera_timezone
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone | None:
    if text == "Z":
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset > _LARGEST_OFFSET:
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _focal_ratio(value: object) -> float | None:
    # 0 means unknown (EXIF 2.32, tag A405).
    if isinstance(value, int) and 0 < value < 10_000:
        return value / _FULL_FRAME_LONG_SIDE_MM
    return None
