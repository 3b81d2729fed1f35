"""The photos in a folder that are ready to be sent."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".mpo", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif")
)
# A camera may still be writing on what changed a moment ago.
STILL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A file to be sent.

    Attributes:
        path: where it lies.
        size: in bytes.
        changed_ns: when it was last changed, nanoseconds since 1970.
    """

    path: Path
    size: int
    changed_ns: int

    def same(self) -> bool:
        """Whether the file is still as it was seen."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.changed_ns)

    def sha256(self) -> str:
        """The checksum of the file's bytes.

        Raises:
            OSError: if it cannot be read.
        """
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def photo_files(folder: Path, *, still_seconds: float = 0.0) -> Iterator[PhotoFile]:
    """The photos in a folder and those below it, by name; hidden ones are left out.

    Args:
        folder: where to look.
        still_seconds: leave out what has changed within so many seconds.
    """
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            try:
                seen = path.stat()
            except OSError:
                continue  # gone meanwhile
            if not seen.st_size or time.time() - seen.st_mtime < still_seconds:
                continue
            yield PhotoFile(path, seen.st_size, seen.st_mtime_ns)
