"""Evidence pictures, each named by the SHA-256 of its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from greenpack.reasons import GreenPackError
from greenpack.storage.content_store import ContentStore
from greenpack.storage.local_store import LocalStore

_CODES: Final = {"content_missing": "evidence_missing", "content_changed": "evidence_changed"}


class EvidenceStore:
    """A content store that speaks of evidence pictures where one is missing or changed.

    Whatever fails raises ``OSError`` or ``GreenPackError`` (``evidence_missing``,
    ``evidence_changed``, ``storage_unreachable``); a name that is no SHA-256 in lower-case
    hexadecimal raises ``ValueError``.
    """

    def __init__(self, store: ContentStore | Path) -> None:
        """Use a store, or that in a folder of this machine."""
        self._store = LocalStore(store) if isinstance(store, Path) else store

    def __str__(self) -> str:
        """Its folder or address for people."""
        return str(self._store)

    def put(self, data: bytes, suffix: str = ".jpg") -> str:
        """Store the bytes so that they survive power loss; return their SHA-256.

        Putting the same bytes again changes nothing, unless the file was damaged meanwhile: then
        it is whole again. ``suffix`` is ``.`` and up to eight lower-case letters or digits.
        """
        with _as_evidence():
            return self._store.put(data, suffix)

    def place(self, sha256: str) -> str:
        """Where that picture lies: a path or an address."""
        with _as_evidence():
            return self._store.place(sha256)

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name."""
        with _as_evidence():
            return self._store.read(sha256)

    def intact(self, sha256: str) -> bool:
        """Whether the picture is there and its bytes are those of its name."""
        return self._store.intact(sha256)

    def probe(self) -> None:
        """Write, read and delete a small file; raises where the store is not usable."""
        self._store.probe()

    def sweep(self, dry_run: bool = False) -> int:
        """Delete what killed writers left behind a day ago or earlier; returns how many files."""
        return self._store.sweep(dry_run)


@contextmanager
def _as_evidence() -> Iterator[None]:
    try:
        yield
    except GreenPackError as error:
        code = _CODES.get(error.code)
        if code is None:
            raise
        raise GreenPackError(code, error.detail) from error
