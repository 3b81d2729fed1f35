"""Files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path


def part_of(path: Path) -> Path:
    """Where a file is written before it gets its name."""
    return path.with_suffix(path.suffix + ".part")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a run that is cut off, never sees half of it."""
    part = part_of(path)
    part.write_bytes(data)
    part.replace(path)
