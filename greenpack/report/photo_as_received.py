"""The bytes of a photo as they were received, from wherever they still are."""

from __future__ import annotations

import hashlib
from pathlib import Path

from greenpack import stores
from greenpack.reasons import GreenPackError
from greenpack.settings import Settings


def photo_as_received(
    settings: Settings, sha256: str, size_bytes: int, source_name: str
) -> bytes | None:
    """Read a photo from the store, or from the file that was audited.

    `greenpack audit` leaves photos where they are. A file is taken only if its bytes are those
    that were recorded: a name that somebody else gave opens nothing but the photo itself.

    Args:
        settings: where the store is.
        sha256: of the photo, hexadecimal.
        size_bytes: of the photo, > 0.
        source_name: the path it was audited from, as it was given then, or any other name.

    Returns:
        The photo's bytes, or None where it is nowhere any more.
    """
    try:
        return stores.originals(settings).read(sha256)
    except (GreenPackError, OSError):
        return _audited_file(Path(source_name), sha256, size_bytes)


def _audited_file(path: Path, sha256: str, size_bytes: int) -> bytes | None:
    try:
        # Asked before anything is opened: a pipe would wait, another file may be huge.
        if not path.is_file() or path.stat().st_size != size_bytes:
            return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None
