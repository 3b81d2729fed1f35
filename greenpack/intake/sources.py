"""Everything a person may name (files, folders, patterns, zips, standard input) as photos' bytes.

Bytes are read when the iterator gets there and held for one photo at a time. Nothing is lost: what
gives no photo gives a ``Refused`` with its reason.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from greenpack.intake.limits import Limits
from greenpack.intake.source import Refused, Source, looks_like_zip
from greenpack.intake.walk import Candidate, Walk, refused_for
from greenpack.intake.zip_photos import count_zip_photos, zip_photos

__all__ = ["Refused", "Source", "count_sources", "find_sources"]

_STDIN = "-"
_ZIP_STARTS = (b"PK\3\4", b"PK\5\6")
_CHUNK = 1 << 20


def find_sources(
    paths: Sequence[str], *, limits: Limits, stdin: BinaryIO | None = None
) -> Iterator[Source | Refused]:
    """The bytes of every photo behind ``paths``, in the order named.

    A path is a file, a folder (walked down in natural order; hidden files and names that look like
    neither image nor zip passed over), a pattern that the shell left alone (``*.jpg``,
    ``**/*.jpg``), a zip, or ``-`` for one photo or zip on ``stdin``. A file named outright is
    taken whatever its name. The same file reached twice comes once.
    """
    walk = Walk()
    for path in dict.fromkeys(paths):
        if path == _STDIN:
            yield from _from_stdin(stdin, limits)
            continue
        for found in walk.files(path):
            if isinstance(found, Refused):
                yield found
            else:
                yield from _from_file(found, limits)


def count_sources(paths: Sequence[str], *, limits: Limits) -> int | None:
    """How many results ``find_sources`` will give, for a progress bar; None with ``-``.

    Reads folders and the directories of zips, no photo.
    """
    if _STDIN in paths:
        return None
    count = 0
    walk = Walk()
    for found in (found for path in dict.fromkeys(paths) for found in walk.files(path)):
        if isinstance(found, Candidate) and looks_like_zip(found.name):
            try:
                with _opened(found.path) as stream:
                    count += count_zip_photos(stream, limits)
                continue
            except OSError:
                pass
        count += 1
    return count


def _from_stdin(stdin: BinaryIO | None, limits: Limits) -> Iterator[Source | Refused]:
    if stdin is None:
        yield Refused(_STDIN, "not_found", "no standard input")
        return
    try:
        data = stdin.read(len(_ZIP_STARTS[0]))
        is_zip = data in _ZIP_STARTS
        limit = limits.max_zip_bytes if is_zip else limits.max_file_bytes
        data = _read_up_to(stdin, limit, data)
    except OSError as error:
        yield refused_for(error, _STDIN)
        return
    if len(data) > limit:
        yield Refused(_STDIN, "file_too_large", f"limit {limit:,} bytes")
    elif is_zip:
        yield from zip_photos(io.BytesIO(data), _STDIN, limits)
    else:
        yield Source(_STDIN, data, None, _STDIN)


def _from_file(candidate: Candidate, limits: Limits) -> Iterator[Source | Refused]:
    name = candidate.name
    try:
        with _opened(candidate.path) as stream:
            start = stream.read(len(_ZIP_STARTS[0])) if candidate.named else b""
            if looks_like_zip(name) or start in _ZIP_STARTS:
                yield from zip_photos(stream, name, limits)
                return
            if candidate.size > limits.max_file_bytes:
                yield Refused(name, "file_too_large", f"{candidate.size:,} bytes")
                return
            data = _read_up_to(stream, limits.max_file_bytes, start)
    except OSError as error:
        yield refused_for(error, name)
        return
    if len(data) > limits.max_file_bytes:
        yield Refused(name, "file_too_large", f"limit {limits.max_file_bytes:,} bytes")
    else:
        yield Source(name, data, candidate.path, name.rpartition("/")[2])


def _opened(path: Path) -> BinaryIO:
    # Should a pipe have taken the file's place meanwhile, opening it must not wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")


def _read_up_to(stream: BinaryIO, limit: int, start: bytes) -> bytes:
    """``start`` and what follows, at most one byte more than ``limit``, which tells of excess."""
    data = bytearray(start)
    while len(data) <= limit and (chunk := stream.read(min(_CHUNK, limit + 1 - len(data)))):
        data += chunk
    return bytes(data)
