"""The client's memory: what was acknowledged or refused, kept through power loss.

One small SQLite file beside the photos. A photo stands in it only after the service has
acknowledged or refused it, so whatever is not in it is sent; the service tells duplicates.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from greenpack.reasons import GreenPackError

JOURNAL_NAME = ".greenpack-posted.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS photo (
    service TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    photo_id INTEGER,
    reason TEXT,
    PRIMARY KEY (service, sha256)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """How it ended for a photo.

    Attributes:
        photo_id: the photo's number at the service, or None where it was refused.
        reason: the reason code of the refusal, or None.
    """

    photo_id: int | None
    reason: str | None


class Journal:
    """What became of photos at one service; open in one process at a time."""

    def __init__(self, path: Path, service: str) -> None:
        """Open the journal, making it where it is missing.

        Args:
            path: the file.
            service: the service's address; each has its own photos.

        Raises:
            GreenPackError: ``journal_in_use``; ``storage_failed`` where it cannot be opened.
        """
        self._service = service
        self._open = sqlite3.connect(path, timeout=0.5, isolation_level=None)
        try:
            self._open.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._open.execute("PRAGMA synchronous = FULL")
            self._open.execute("BEGIN EXCLUSIVE")
            self._open.execute("COMMIT")  # the lock stays until the file is closed
            self._open.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self._open.close()
            if "locked" in str(error):
                raise GreenPackError("journal_in_use", str(path)) from None
            raise GreenPackError("storage_failed", f"{path}: {error}") from None

    def close(self) -> None:
        """Close the file; another process may open it then."""
        self._open.close()

    def sha256_of(self, path: Path, size: int, changed_ns: int) -> str | None:
        """The checksum of a file that has not changed since it was read, or None."""
        row = self._open.execute(
            "SELECT sha256 FROM file WHERE path = ? AND size = ? AND changed_ns = ?",
            (_name(path), size, changed_ns),
        ).fetchone()
        return None if row is None else str(row[0])

    def read(self, path: Path, size: int, changed_ns: int, sha256: str) -> None:
        """Remember a file's checksum."""
        self._open.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)",
            (_name(path), size, changed_ns, sha256),
        )

    def settled(self, sha256: str) -> Settled | None:
        """How it ended for these bytes, or None if they are still to be sent."""
        row = self._open.execute(
            "SELECT photo_id, reason FROM photo WHERE service = ? AND sha256 = ?",
            (self._service, sha256),
        ).fetchone()
        return None if row is None else Settled(*row)

    def settle(self, sha256: str, photo_id: int | None, reason: str | None) -> None:
        """Remember how it ended; on the disk when this returns."""
        self._open.execute(
            "INSERT OR REPLACE INTO photo VALUES (?, ?, ?, ?)",
            (self._service, sha256, photo_id, reason),
        )


def _name(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
