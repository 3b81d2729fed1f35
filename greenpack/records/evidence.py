"""Evidence pictures in a folder, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from greenpack.reasons import GreenPackError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_CHUNK = 1 << 20


class EvidenceStore:
    """Files named by their own content: ``ab/cd/abcd....jpg`` below one folder.

    Attributes:
        folder: where the files lie; made when the first is put.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes, suffix: str = ".jpg") -> str:
        """Store the bytes so that they survive power loss; return their SHA-256.

        Putting the same bytes again changes nothing, unless the file was damaged meanwhile: then
        it is whole again. ``suffix`` is ``.`` and up to eight lower-case letters or digits.

        Raises:
            ValueError: for another suffix.
            OSError: if the file cannot be written.
        """
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError(f"{suffix!r} is no suffix such as .jpg")
        sha256 = hashlib.sha256(data).hexdigest()
        place = self._folder_of(sha256)
        if self.intact(sha256):
            # Whoever put it may have been cut off before its name was safe.
            _sync_folder(place)
            return sha256
        _make_folders(place)
        found = self._find(sha256)
        target = place / f"{sha256}{suffix}" if found is None else found
        handle, temporary = tempfile.mkstemp(dir=place, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(place)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where that file lies.

        Raises:
            GreenPackError: ``evidence_missing``.
            ValueError: if that is no SHA-256 in lower-case hexadecimal.
        """
        found = self._find(sha256)
        if found is None:
            raise GreenPackError("evidence_missing", sha256)
        return found

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name.

        Raises:
            GreenPackError: ``evidence_missing`` or ``evidence_changed``.
            ValueError: if that is no SHA-256 in lower-case hexadecimal.
        """
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise GreenPackError("evidence_changed", sha256)
        return data

    def intact(self, sha256: str) -> bool:
        """Whether the file is there and its bytes are those of its name."""
        found = self._find(sha256)
        if found is None:
            return False
        seen = hashlib.sha256()
        with found.open("rb") as file:
            while chunk := file.read(_CHUNK):
                seen.update(chunk)
        return seen.hexdigest() == sha256

    def _folder_of(self, sha256: str) -> Path:
        # A name from a database is not trusted to stay below the folder.
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256 in lower-case hexadecimal")
        return self.folder / sha256[:2] / sha256[2:4]

    def _find(self, sha256: str) -> Path | None:
        found = sorted(self._folder_of(sha256).glob(f"{sha256}.*"))
        return found[0] if found else None


def _make_folders(place: Path) -> None:
    """Make a folder with its parents so that they are still there after power loss."""
    if place.is_dir():
        return
    _make_folders(place.parent)
    place.mkdir(exist_ok=True)
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    """Write a folder's list of names to the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
