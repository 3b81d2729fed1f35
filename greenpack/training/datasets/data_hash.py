"""Pins a training set: one hash over the names and contents of its pictures and labels."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from greenpack.training.refusals import RefusedError

_PICTURES = {".jpg", ".jpeg", ".png"}


@dataclass(frozen=True)
class SplitHash:
    """A split's pictures, counted, and the hash of these and their labels, 64 hex digits."""

    pictures: int
    sha256: str


def pictures_of(data: Path, split: str) -> list[Path]:
    """The pictures of a split, by name."""
    folder = data / "images" / split
    found = folder.iterdir() if folder.is_dir() else []
    return sorted(path for path in found if path.suffix.lower() in _PICTURES)


def split_hash(data: Path, split: str) -> SplitHash:
    """The hash of a split: SHA-256 of the list `sha256sum` would print of its files.

    Every picture, and its label file where there is one, gives a line: the SHA-256 of the content,
    two spaces, the name from `images/` or `labels/` on; lines are sorted by name. Other files, such
    as the caches that training writes, do not count.

    Raises:
        RefusedError: if the split has no pictures.
    """
    pictures = pictures_of(data, split)
    if not pictures:
        raise RefusedError(
            f"{data} has no pictures in images/{split}. "
            f"Render some: greenpack scenes {data} --split {split} --count N --seed S"
        )
    labels = [data / "labels" / split / f"{path.stem}.txt" for path in pictures]
    files = [*pictures, *(path for path in labels if path.exists())]
    with ThreadPoolExecutor() as threads:
        digests = list(threads.map(_sha256, files))
    names = [path.relative_to(data).as_posix() for path in files]
    lines = sorted(zip(names, digests, strict=True))
    text = "".join(f"{digest}  {name}\n" for name, digest in lines)
    return SplitHash(len(pictures), hashlib.sha256(text.encode()).hexdigest())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
