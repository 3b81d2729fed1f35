"""A content store in a folder of this machine."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from greenpack.reasons import GreenPackError
from greenpack.storage.content_names import checked_sha256, checked_suffix, is_sha256
from greenpack.storage.durable_files import (
    make_folders,
    sweep_leftovers,
    sync_file,
    sync_folder,
)

_SPOOL = ".spool"
# Unfinished files once lay beside the finished ones.
_OLD_LEFTOVERS = ".new-*"
_CHUNK = 1 << 20
# What photos and evidence pictures end in; others are found too, but slowly.
_USUAL = (".jpg", ".png", ".webp", ".tif", ".heic")


class LocalStore:
    """Files such as ``ab/cd/abcd....jpg`` below one folder; see ``ContentStore``.

    Attributes:
        folder: where the files lie; made when the first is put.
    """

    def __init__(self, folder: Path, fan: tuple[int, ...] = (2, 2)) -> None:
        self.folder = folder
        self._fan = fan
        self._opened = False

    def __str__(self) -> str:
        """The folder."""
        return str(self.folder)

    @property
    def spool(self) -> Path:
        """A folder for unfinished files on the same file system, there when this returns."""
        spool = self.folder / _SPOOL
        make_folders(spool)
        if not self._opened:
            sweep_leftovers(spool)
            self._opened = True
        return spool

    def put(self, data: bytes, suffix: str = ".jpg") -> str:
        """Store the bytes so that they survive power loss; return their SHA-256."""
        checked_suffix(suffix)
        sha256 = hashlib.sha256(data).hexdigest()
        handle, name = tempfile.mkstemp(dir=self.spool, prefix="put-")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            self.put_file(path, sha256, suffix)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return sha256

    def put_file(self, path: Path, sha256: str, suffix: str) -> None:
        """Store a finished file from ``spool``: it is moved, not copied."""
        checked_suffix(suffix)
        place = self._folder_of(sha256)
        path.chmod(0o644)
        sync_file(path)
        make_folders(place)
        # In place of one that is there already: that may be damaged, or about to be deleted.
        path.replace(self._find(sha256, suffix) or place / f"{sha256}{suffix}")
        sync_folder(place)

    def path(self, sha256: str) -> Path:
        """Where that file lies.

        Raises:
            GreenPackError: ``content_missing``.
            ValueError: if that is no SHA-256 in lower-case hexadecimal.
        """
        found = self._find(sha256)
        if found is None:
            raise GreenPackError("content_missing", sha256)
        return found

    def place(self, sha256: str) -> str:
        """The path as text."""
        return str(self.path(sha256))

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:  # deleted this moment
            raise GreenPackError("content_missing", sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise GreenPackError("content_changed", sha256)
        return data

    def intact(self, sha256: str) -> bool:
        """Whether the file is there and its bytes are those of its name."""
        found = self._find(sha256)
        if found is None:
            return False
        seen = hashlib.sha256()
        try:
            with found.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    seen.update(chunk)
        except FileNotFoundError:
            return False
        return seen.hexdigest() == sha256

    def delete(self, sha256: str, before: datetime | None = None) -> bool:
        """Delete the file for good, unless it was stored at ``before`` or later."""
        gone = False
        for path in self._all_of(sha256):
            # Taken away first and looked at then: meanwhile nobody can put another in its place.
            aside = self.spool / f"gone-{uuid.uuid4().hex}"
            try:
                path.replace(aside)
                if before is not None and _modified(aside) >= before:
                    aside.replace(path)
                    continue
                aside.unlink()
            except FileNotFoundError:
                continue
            gone = True
        if self._folder_of(sha256).is_dir():
            sync_folder(self._folder_of(sha256))
        return gone

    def stored_at(self, sha256: str) -> datetime | None:
        """When the file was stored last, UTC; None where there is none."""
        found = self._find(sha256)
        try:
            return None if found is None else _modified(found)
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        """The SHA-256 of every stored file."""
        for place, folders, files in os.walk(self.folder):
            folders[:] = [folder for folder in folders if folder != _SPOOL]
            for file in files:
                name = file.partition(".")[0]
                if is_sha256(name) and self._folder_of(name) == Path(place):
                    yield name

    def free_bytes(self) -> int:
        """Room left on the folder's file system for this user."""
        folder = self.folder.absolute()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def probe(self) -> None:
        """Write and delete a small file; raises ``OSError`` where the folder is not usable."""
        with tempfile.TemporaryFile(dir=self.spool, prefix="probe-") as file:
            file.write(b"GreenPack")
            file.flush()
            os.fsync(file.fileno())

    def sweep(self, dry_run: bool = False) -> int:
        """Delete what killed writers left behind a day ago or earlier; returns how many files."""
        if not self.folder.is_dir():
            return 0
        swept = sweep_leftovers(self.folder / _SPOOL, dry_run=dry_run)
        for place, _, _ in os.walk(self.folder):
            swept += sweep_leftovers(Path(place), _OLD_LEFTOVERS, dry_run)
        return swept

    def _folder_of(self, sha256: str) -> Path:
        checked_sha256(sha256)
        place, start = self.folder, 0
        for digits in self._fan:
            place /= sha256[start : start + digits]
            start += digits
        return place

    def _all_of(self, sha256: str, suffix: str | None = None) -> list[Path]:
        """The files of that name; with ``suffix`` only under that one and the usual ones."""
        place = self._folder_of(sha256)
        suffixes = _USUAL if suffix is None or suffix in _USUAL else (suffix, *_USUAL)
        named = (place / f"{sha256}{each}" for each in suffixes)
        found = [path for path in named if path.exists()]
        if found or suffix is not None:
            return found
        # Reading the whole folder takes long once it is full: the last resort.
        return sorted(place.glob(f"{sha256}.*"))

    def _find(self, sha256: str, suffix: str | None = None) -> Path | None:
        return next(iter(self._all_of(sha256, suffix)), None)


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
