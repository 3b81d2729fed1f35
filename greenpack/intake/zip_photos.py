"""The photos in a zip, read entry by entry into memory; nothing is written to disk."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from greenpack.intake.limits import Limits
from greenpack.intake.source import (
    Refused,
    Source,
    looks_like_image,
    looks_like_zip,
    natural_order,
    printable,
)

# LZMA is left out: an entry can ask for a dictionary of 4 GiB.
_METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_CHUNK = 1 << 20
# An entry of the directory takes 46 bytes and its names; photos' names stay far below this.
_BYTES_PER_DIRECTORY_ENTRY = 256
_END_RECORD = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class _Entry:
    info: zipfile.ZipInfo
    name: str


def zip_photos(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Source | Refused]:
    """The photos of a zip in natural order of their names, and what was refused.

    ``stream`` must be seekable and is not closed. Hidden files, ``__MACOSX`` and names that look
    like no image are passed over; a zip without anything else is itself refused.
    """
    try:
        with _open(stream, limits) as archive:
            yield from _entries(archive, stream, name, limits)
    except _BombError as error:
        yield Refused(name, "zip_bomb", str(error))
    except Exception as error:
        # zipfile raises BadZipFile, but also struct.error, ValueError, OSError and others.
        yield Refused(name, "zip_damaged", str(error))


def count_zip_photos(stream: BinaryIO, limits: Limits) -> int:
    """How many photos and refusals ``zip_photos`` will about give; reads the directory only."""
    try:
        with _open(stream, limits) as archive:
            return max(1, len(_wanted(archive)))
    except Exception:
        return 1


class _BombError(Exception):
    """The zip would take more room than it may."""


def _open(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    directory = _directory_bytes(stream)
    if directory > limits.max_zip_entries * _BYTES_PER_DIRECTORY_ENTRY:
        raise _BombError(f"a directory of {directory:,} bytes")
    archive = zipfile.ZipFile(stream)
    if len(archive.infolist()) > limits.max_zip_entries:
        raise _BombError(f"{len(archive.infolist()):,} entries, limit {limits.max_zip_entries:,}")
    return archive


def _directory_bytes(stream: BinaryIO) -> int:
    """What the end record says the directory takes; zipfile loads all of it at once."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END_RECORD.size - 0xFFFF))
    tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        return 0
    directory = int(_END_RECORD.unpack_from(tail, at)[5])
    # 0xFFFFFFFF: a zip64 record says it; but it cannot be more than the file.
    return min(directory, size)


def _wanted(archive: zipfile.ZipFile) -> list[_Entry]:
    entries = [_Entry(info, _decoded_name(info)) for info in archive.infolist()]
    kept = [entry for entry in entries if _is_wanted(entry)]
    return sorted(kept, key=lambda entry: natural_order(entry.name))


def _is_wanted(entry: _Entry) -> bool:
    if _is_unsafe(entry.name):
        return True
    parts = entry.name.split("/")
    if entry.info.is_dir() or "__MACOSX" in parts or any(part.startswith(".") for part in parts):
        return False
    return looks_like_image(entry.name) or looks_like_zip(entry.name)


def _decoded_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_FLAG:
        name = printable(info.orig_filename)
    else:
        # Without the flag zipfile decodes as CP437 (APPNOTE appendix D). Chinese Windows writes
        # GBK there and macOS UTF-8; real CP437 is seldom valid in either.
        raw = info.orig_filename.encode("cp437")
        name = printable(raw)
        if "\ufffd" in name:
            name = printable(info.orig_filename)
    return name.replace("\\", "/")


def _is_unsafe(name: str) -> bool:
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _entries(
    archive: zipfile.ZipFile, stream: BinaryIO, name: str, limits: Limits
) -> Iterator[Source | Refused]:
    room = min(
        limits.max_zip_total_bytes,
        limits.zip_ratio_floor_bytes + int(limits.max_zip_ratio * stream.seek(0, io.SEEK_END)),
    )
    entries = _wanted(archive)
    if not entries:
        yield Refused(name, "unreadable", "a zip without photos")
    for index, entry in enumerate(entries):
        shown = f"{name}!/{entry.name}"
        refused = _refused_unread(entry, shown, limits)
        if refused is not None:
            yield refused
            continue
        if entry.info.file_size > room:
            raise _BombError(f"{len(entries) - index:,} entries from {entry.name} on not read")
        found = _read(archive, entry, shown, limits)
        if isinstance(found, Source):
            room -= len(found.data)
        yield found


def _refused_unread(entry: _Entry, shown: str, limits: Limits) -> Refused | None:
    info = entry.info
    size, packed = info.file_size, info.compress_size
    blown_up = size > limits.zip_ratio_floor_bytes and size > limits.max_zip_ratio * packed
    checks = (
        (_is_unsafe(entry.name), "unsafe_path", ""),
        (looks_like_zip(entry.name), "zip_nested", ""),
        (info.flag_bits & _ENCRYPTED_FLAG, "zip_encrypted", ""),
        (stat.S_ISLNK(info.external_attr >> 16), "not_a_regular_file", "a link"),
        (info.compress_type not in _METHODS, "zip_damaged", f"method {info.compress_type}"),
        (blown_up, "zip_bomb", f"{packed:,} to {size:,} bytes"),
        (size > limits.max_file_bytes, "file_too_large", f"{size:,} bytes"),
    )
    return next((Refused(shown, reason, detail) for met, reason, detail in checks if met), None)


def _read(archive: zipfile.ZipFile, entry: _Entry, shown: str, limits: Limits) -> Source | Refused:
    data = bytearray()
    try:
        with archive.open(entry.info) as packed:
            # What the directory says of the size is not believed.
            while chunk := packed.read(_CHUNK):
                data += chunk
                if len(data) > limits.max_file_bytes:
                    return Refused(shown, "file_too_large")
    except Exception as error:
        # A bad checksum is a BadZipFile; broken packing a zlib.error, EOFError, OSError or other.
        return Refused(shown, "zip_damaged", str(error))
    return Source(shown, bytes(data), None, entry.name.rpartition("/")[2])
