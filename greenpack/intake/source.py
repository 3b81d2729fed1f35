"""What comes out of a search for photos: bytes with a name, or a reason why not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_IMAGE_SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".mpo")
)
_TURNS_WRITING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one would-be photo.

    Attributes:
        name: as shown to people: ``batch/a.jpg``, ``batch.zip!/a.jpg``, ``-``.
        data: all bytes.
        path: the file on disk; None from a zip or standard input.
        sidecar_name: the bare file name, by which a table that came along refers to the photo.
    """

    name: str
    data: bytes
    path: Path | None
    sidecar_name: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something named or found that gave no photo.

    Attributes:
        name: as for ``Source``.
        reason: a key of ``greenpack.reasons.REASONS``.
        detail: what exactly was met; may be empty.
    """

    name: str
    reason: str
    detail: str = ""


def looks_like_image(name: str) -> bool:
    """Whether the name ends as an image's does, in any case."""
    return PurePosixPath(name).suffix.lower() in _IMAGE_SUFFIXES


def looks_like_zip(name: str) -> bool:
    """Whether the name ends in ``.zip``, in any case."""
    return PurePosixPath(name).suffix.lower() == ".zip"


def natural_order(name: str) -> tuple[tuple[object, ...], str]:
    """A sort key by which ``photo 2`` comes before ``photo 10``."""
    key: list[object] = []
    for index, part in enumerate(re.split(r"(\d+)", name.casefold())):
        # Not as an int: zip entries may have thousands of digits in their name.
        digits = part.lstrip("0")
        key.append((len(digits), digits) if index % 2 else part)
    return tuple(key), name


def printable(name: str | bytes) -> str:
    """The name without bytes and control characters that break a terminal, JSON or a database.

    Names that are no UTF-8 are read as GB18030, which Chinese Windows writes.
    """
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("utf-8", "replace")
    return "".join("\ufffd" if _is_harmful(char) else char for char in text)


def _is_harmful(char: str) -> bool:
    # Control characters and line breaks; and those that turn the direction of writing, by which
    # a name is made to look like another.
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNS_WRITING
