"""Where the records are, and whether there are any: the report never makes a database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


def database_file(url: str) -> Path | None:
    """The file of a SQLite address, or None for a server or an address not understood."""
    if "://" not in url:
        return Path(url).expanduser()
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):
        return None
    if target.get_backend_name() != "sqlite" or not target.database:
        return None
    return Path(target.database).expanduser()


def file_identity(url: str) -> tuple[int, int] | None:
    """What tells a database file from another of the same name; None for a server.

    A report that runs for weeks must notice that a backup was put in the file's place.

    Raises:
        FileNotFoundError: if there is no such file yet.
        OSError: if it cannot be looked at.
    """
    path = database_file(url)
    if path is None:
        return None
    found = path.stat()
    return found.st_dev, found.st_ino
