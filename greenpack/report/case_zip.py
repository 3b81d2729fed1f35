"""The zip of a case as a container: the same files give the same bytes, and nothing else opens.

Files are stored, not compressed: pictures, PDF and XLSX already are, and so the bytes do not depend
on any compressor. Reading packs what it read again: it must give the very same bytes.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from greenpack.reasons import GreenPackError

README: Final = "README.txt"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
WORKBOOK: Final = "case.xlsx"
# Of a zip that is read; a case of 5,000 pictures stays below both.
LARGEST_BYTES: Final = 2 * 1024**3
MOST_FILES: Final = 12_000

_PLAIN: Final = re.compile(
    rf"({README}|{MANIFEST}|{SUMS}|{WORKBOOK}"
    r"|(letters|evidence|profile|files)/[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)*)"
)
# The first moment that a zip can name; a real one would change the bytes with every packing.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files with a list of their SHA-256.

    Raises:
        ValueError: for a name that no zip of a case has.
    """
    sums = "".join(f"{_sha256(files[name])}  {name}\n" for name in sorted(files))
    return _zipped({**files, SUMS: sums.encode("ascii")})


def unpack(data: bytes) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """The files of a zip, and what is wrong with them: where, and what.

    Nothing is written anywhere, and nothing is read before its name and size are known.

    Raises:
        GreenPackError: ``case_archive_unreadable``, ``case_archive_unsafe`` or
            ``case_archive_too_large``.
    """
    if len(data) > LARGEST_BYTES:
        raise GreenPackError("case_archive_too_large", f"{len(data):,} bytes")
    problems: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(data))
            for entry in entries:
                try:
                    files[entry.filename] = archive.read(entry)
                except zipfile.BadZipFile:
                    problems.append((entry.filename, "is damaged: its checksum is another"))
    except GreenPackError:
        raise
    except Exception as error:
        # zipfile raises BadZipFile, but also struct.error, ValueError, OSError and others.
        raise GreenPackError("case_archive_unreadable", str(error)) from error
    problems += _against_sums(files)
    if not problems and _zipped(files) != data:
        problems.append(("zip", "was changed outside its files, or packed anew by another program"))
    return files, problems


def _zipped(files: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            if not _PLAIN.fullmatch(name):
                raise ValueError(f"{name!r} is no name in a case")
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return written.getvalue()


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_FILES:
        raise GreenPackError("case_archive_too_large", f"{len(entries):,} files")
    # Of a zip that was cut off, the workbook's own directory may be the last one left.
    if min((entry.header_offset for entry in entries), default=0) > 0:
        raise GreenPackError("case_archive_unreadable", "it does not begin with its first file")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if not _PLAIN.fullmatch(name) or name in seen or entry.flag_bits & 0x1:
            raise GreenPackError("case_archive_unsafe", repr(name)[:120])
        # Stored files take the room they say; whatever says more is none of ours.
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > size:
            raise GreenPackError("case_archive_unsafe", f"{name} is compressed")
        seen.add(name)
    if MANIFEST not in seen:
        raise GreenPackError("case_archive_unreadable", f"there is no {MANIFEST}")


def _against_sums(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    if SUMS not in files:
        return [(SUMS, "is missing")]
    listed: dict[str, str] = {}
    for line in files[SUMS].decode("utf-8", "replace").splitlines():
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        if match is None:
            return [(SUMS, "is not as it was written")]
        listed[match[2]] = match[1]
    problems = [(name, "is missing") for name in sorted(listed.keys() - files.keys())]
    for name in sorted(files.keys() - {SUMS}):
        if name not in listed:
            problems.append((name, f"is not in {SUMS}"))
        elif listed[name] != _sha256(files[name]):
            problems.append((name, "was changed: its SHA-256 is another"))
    return problems


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
