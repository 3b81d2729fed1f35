"""Files and folders that are still there after power loss."""

from __future__ import annotations

import os
import time
from pathlib import Path

# What a killed writer leaves behind; nobody writes on one file for so long.
LEFTOVER_SECONDS = 24 * 3600.0


def sync_file(path: Path) -> None:
    """Write a file's bytes to the disk.

    Raises:
        OSError: if they cannot be written.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Write a folder's list of names to the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(place: Path) -> None:
    """Make a folder with its parents so that they are still there after power loss."""
    if place.is_dir():
        return
    make_folders(place.parent)
    place.mkdir(exist_ok=True)
    # Whoever made it first may have been cut off before its name was safe.
    sync_folder(place.parent)


def sweep_leftovers(folder: Path, pattern: str = "*", dry_run: bool = False) -> int:
    """Delete files in one folder that nobody has written to for a day; returns how many."""
    oldest = time.time() - LEFTOVER_SECONDS
    swept = 0
    for path in folder.glob(pattern):
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                if not dry_run:
                    path.unlink()
                swept += 1
        except FileNotFoundError:
            continue  # finished or swept by another program meanwhile
    return swept
