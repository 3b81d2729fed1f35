"""What a store of files named by their content can do, and which one an address means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import platformdirs


class ContentStore(Protocol):
    """Files named by the SHA-256 of their bytes; what was stored once is never written over.

    Whatever fails raises ``OSError`` or ``GreenPackError`` (``content_missing``,
    ``content_changed``, ``storage_unreachable``); a name that is no SHA-256 in lower-case
    hexadecimal raises ``ValueError``. Every method may be called from several threads.
    """

    @property
    def spool(self) -> Path:
        """A local folder for unfinished files, there when this returns.

        Of a local store it lies on the same file system. Files in it that nobody has written to
        for a day are deleted by whoever opens the store next.
        """
        ...

    def put(self, data: bytes, suffix: str) -> str:
        """Store the bytes so that they survive power loss; return their SHA-256.

        Putting the same bytes again makes the file one that was stored now; if it was damaged, it
        is whole again. ``suffix`` is ``.`` and up to eight lower-case letters or digits.
        """
        ...

    def put_file(self, path: Path, sha256: str, suffix: str) -> None:
        """Store a finished file from ``spool``; when this returns, it has gone from there.

        Args:
            path: the file.
            sha256: of its bytes; the caller has computed it from what it wrote.
            suffix: as of ``put``.
        """
        ...

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name."""
        ...

    def intact(self, sha256: str) -> bool:
        """Whether the file is there and its bytes are those of its name."""
        ...

    def place(self, sha256: str) -> str:
        """Where that file lies, for people: a path or an address."""
        ...

    def delete(self, sha256: str, before: datetime | None = None) -> bool:
        """Delete the file for good; nothing happens where there is none.

        Args:
            sha256: its name.
            before: aware; a file that was stored later, or stored again, stays.

        Returns:
            Whether there was one and it is gone.
        """
        ...

    def stored_at(self, sha256: str) -> datetime | None:
        """When the file was stored last, aware; None where there is none."""
        ...

    def names(self) -> Iterator[str]:
        """The SHA-256 of every stored file, in no order."""
        ...

    def free_bytes(self) -> int | None:
        """Room left for new files: of a store elsewhere, that of its spool; None if unknown."""
        ...

    def probe(self) -> None:
        """Write, read and delete a small file; raises where the store is not usable."""
        ...

    def sweep(self, dry_run: bool = False) -> int:
        """Delete what killed writers left behind a day ago or earlier; returns how many files."""
        ...

    def __str__(self) -> str:
        """Its folder or address for people, without any password."""
        ...


def content_store(
    place: str | Path, part: str, *, spool: Path | None = None, fan: tuple[int, ...] = (2, 2)
) -> ContentStore:
    """The store of one part below a folder or an fsspec address such as ``s3://bucket/path``.

    Args:
        place: the folder or address that all parts share; ``~`` is the user's home.
        part: the part's name, a folder below ``place``.
        spool: where a store elsewhere keeps unfinished files; default: the user's cache folder.
        fan: digits of the name that make up each level of folders in a local store.

    Raises:
        GreenPackError: ``storage_url_invalid`` for an address that nothing installed can open.
    """
    text = str(place)
    if text.startswith("file://"):
        text = text.removeprefix("file://")
    if "://" not in text:
        from greenpack.storage.local_store import LocalStore

        return LocalStore(Path(text).expanduser() / part, fan)
    from greenpack.storage.remote_store import RemoteStore

    cache = Path(platformdirs.user_cache_dir("greenpack", appauthor=False))
    return RemoteStore(f"{text.rstrip('/')}/{part}", spool or cache / "spool" / part)
