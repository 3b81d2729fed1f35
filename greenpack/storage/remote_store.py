"""A content store behind an fsspec address, such as a bucket of an S3-compatible server."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec

from greenpack.reasons import GreenPackError
from greenpack.storage.content_names import checked_sha256, checked_suffix, is_sha256
from greenpack.storage.durable_files import make_folders, sweep_leftovers

# Where a name with slashes needs no folder to be made; making one would make a missing bucket.
_WITHOUT_FOLDERS = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "memory"}
_USER_INFO = re.compile(r"(?<=://)[^/@]*@")


class RemoteStore:
    """Objects such as ``part/ab/abcd...``; see ``ContentStore``.

    An object's name has no suffix: it must be known without listing a bucket of millions. After
    an upload the object is read back and hashed before it counts as stored.
    """

    def __init__(self, url: str, spool: Path) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: fsspec address of the folder that holds the objects.
            spool: local folder for unfinished files.

        Raises:
            GreenPackError: ``storage_url_invalid``.
        """
        self._shown = _USER_INFO.sub("", url)
        self._spool = spool
        self._opened = False
        try:
            self._files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            detail = f"{self._shown}: {_USER_INFO.sub('', str(error))}"
            raise GreenPackError("storage_url_invalid", detail) from None
        self._root = root.rstrip("/")
        self._needs_folders = url.partition("://")[0] not in _WITHOUT_FOLDERS

    def __str__(self) -> str:
        """The address without user and password."""
        return self._shown

    @property
    def spool(self) -> Path:
        """A local folder for unfinished files, there when this returns."""
        make_folders(self._spool)
        if not self._opened:
            sweep_leftovers(self._spool)
            self._opened = True
        return self._spool

    def put(self, data: bytes, suffix: str = ".jpg") -> str:
        """Store the bytes so that they survive power loss here; return their SHA-256."""
        checked_suffix(suffix)
        sha256 = hashlib.sha256(data).hexdigest()
        with self._telling():
            self._files.pipe_file(self._ready(sha256), data)
        self._check(sha256)
        return sha256

    def put_file(self, path: Path, sha256: str, suffix: str) -> None:
        """Upload a finished file, read it back, and only then delete it here."""
        checked_suffix(suffix)
        with self._telling():
            self._files.put_file(str(path), self._ready(sha256))
        self._check(sha256)
        path.unlink()

    def place(self, sha256: str) -> str:
        """The object's address, whether or not there is one."""
        return f"{self._shown}/{sha256[:2]}/{checked_sha256(sha256)}"

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name."""
        data = self._fetched(sha256)
        if data is None:
            raise GreenPackError("content_missing", sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise GreenPackError("content_changed", sha256)
        return data

    def intact(self, sha256: str) -> bool:
        """Whether the object is there and its bytes are those of its name."""
        data = self._fetched(sha256)
        return data is not None and hashlib.sha256(data).hexdigest() == sha256

    def delete(self, sha256: str, before: datetime | None = None) -> bool:
        """Delete the object for good, unless it was stored at ``before`` or later."""
        stored = self.stored_at(sha256)
        if stored is None or (before is not None and stored >= before):
            return False
        with self._telling():
            try:
                self._files.rm_file(self._object(sha256))
            except FileNotFoundError:
                return False
        return True

    def stored_at(self, sha256: str) -> datetime | None:
        """When the object was stored last, aware; None where there is none."""
        with self._telling():
            try:
                stored: datetime = self._files.modified(self._object(sha256))
            except FileNotFoundError:
                return None
            return stored if stored.tzinfo else stored.replace(tzinfo=UTC)

    def names(self) -> Iterator[str]:
        """The SHA-256 of every stored object."""
        # One folder at a time: a bucket may hold millions.
        for folder in self._listed(self._root):
            start = folder.rstrip("/").rpartition("/")[2]
            for path in self._listed(folder) if len(start) == 2 else ():
                name = path.rpartition("/")[2]
                if is_sha256(name) and name.startswith(start):
                    yield name

    def free_bytes(self) -> int:
        """Room left for the spool: a photo passes through it, and the store itself has no end."""
        return shutil.disk_usage(self.spool).free

    def probe(self) -> None:
        """Write, read and delete a small object; raises where the store is not usable."""
        with tempfile.TemporaryFile(dir=self.spool):
            pass
        target = f"{self._root}/probe-{uuid.uuid4().hex}"
        with self._telling():
            if self._needs_folders:
                self._files.makedirs(self._root, exist_ok=True)
            self._files.pipe_file(target, b"GreenPack")
            same = self._files.cat_file(target) == b"GreenPack"
            self._files.rm_file(target)
        if not same:
            raise GreenPackError("storage_unreachable", f"{self}: it gives back other bytes")

    def sweep(self, dry_run: bool = False) -> int:
        """Delete what killed writers left in the spool a day ago or earlier."""
        return sweep_leftovers(self._spool, dry_run=dry_run) if self._spool.is_dir() else 0

    def _object(self, sha256: str) -> str:
        return f"{self._root}/{checked_sha256(sha256)[:2]}/{sha256}"

    def _ready(self, sha256: str) -> str:
        target = self._object(sha256)
        if self._needs_folders:
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
        return target

    def _listed(self, folder: str) -> list[str]:
        with self._telling():
            try:
                return list(self._files.ls(folder, detail=False))
            except FileNotFoundError:
                return []

    def _check(self, sha256: str) -> None:
        if not self.intact(sha256):
            raise GreenPackError("content_changed", f"{self}: {sha256}, as soon as it was stored")

    def _fetched(self, sha256: str) -> bytes | None:
        with self._telling():
            try:
                data: Any = self._files.cat_file(self._object(sha256))
            except FileNotFoundError:
                return None
            return bytes(data)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Whatever a store's driver raises, in one known form."""
        try:
            yield
        except (GreenPackError, ValueError):
            raise
        except Exception as error:
            words = _USER_INFO.sub("", f"{type(error).__name__}: {error}")
            raise GreenPackError("storage_unreachable", f"{self}: {words}") from error
