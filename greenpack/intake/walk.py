"""From what a person typed to the files meant: folders, patterns, links; nothing is opened."""

from __future__ import annotations

import errno
import fnmatch
import glob
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from greenpack.intake.source import (
    Refused,
    looks_like_image,
    looks_like_zip,
    natural_order,
    printable,
)

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A regular file to be read.

    Attributes:
        path: the file.
        name: as shown to people.
        size: in bytes, as the file system says.
        named: whether a person named it, rather than its folder.
    """

    path: Path
    name: str
    size: int
    named: bool


def walk(paths: Iterable[str]) -> Iterator[Candidate | Refused]:
    """The files behind ``paths``, each once, in the order named and natural order within.

    ``-`` is passed over. Folders are walked down, hidden names skipped; of their files those
    whose names look like images or zips are given.
    """
    visit = _Visit()
    for path in paths:
        if path != STDIN:
            yield from visit.named(path)


def refused_for(error: OSError | ValueError, name: str) -> Refused:
    """The reason that fits an error of the file system."""
    detail = getattr(error, "strerror", None) or ""
    if isinstance(error, PermissionError):
        return Refused(name, "no_permission")
    if getattr(error, "errno", None) == errno.ELOOP:
        return Refused(name, "symlink_loop")
    # ValueError: a NUL in the path.
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError) or (
        error.errno in (errno.ENAMETOOLONG, errno.EINVAL)
    ):
        return Refused(name, "not_found")
    return Refused(name, "read_failed", detail)


_Identity = tuple[object, object]


@dataclass(slots=True)
class _Visit:
    """Which files and folders were met already."""

    files: set[_Identity] = field(default_factory=set)
    folders: set[_Identity] = field(default_factory=set)

    def named(self, path: str) -> Iterator[Candidate | Refused]:
        if glob.has_magic(path) and not os.path.lexists(path):
            matches = _matching(path)
            first = next(matches, None)
            if first is None:
                yield Refused(printable(path), "not_found", "nothing matches")
                return
            yield from self.one(first, named=True)
            for match in matches:
                yield from self.one(match, named=True)
        else:
            yield from self.one(path, named=True)

    def one(self, path: str, *, named: bool) -> Iterator[Candidate | Refused]:
        """A file, or a folder with everything below it."""
        # A stack of its own: folders may nest deeper than Python calls.
        stack: list[tuple[_Identity | None, Iterator[str]]] = [(None, iter((path,)))]
        while stack:
            current = next(stack[-1][1], None)
            if current is None:
                stack.pop()
                continue
            found = self._look_at(current, named=named and len(stack) == 1)
            if not isinstance(found, tuple):
                if found is not None:
                    yield found
                continue
            if found in (identity for identity, _ in stack):
                yield Refused(printable(current), "symlink_loop", "a folder that holds it")
            elif found not in self.folders:
                self.folders.add(found)
                try:
                    stack.append((found, iter(_listed(current))))
                except OSError as error:
                    yield refused_for(error, printable(current))

    def _look_at(self, path: str, *, named: bool) -> Candidate | Refused | _Identity | None:
        """The candidate, the refusal, a folder's identity, or None for what is passed over."""
        name = printable(path)
        try:
            status = os.stat(path)  # noqa: PTH116 - Path would normalise what was typed
        except (OSError, ValueError) as error:
            if not named and not _wanted(path) and isinstance(error, FileNotFoundError):
                return None
            return refused_for(error, name)
        identity = _identity(path, status)
        if stat.S_ISDIR(status.st_mode):
            return identity
        if not named and not _wanted(path):
            return None
        if not stat.S_ISREG(status.st_mode):
            return Refused(name, "not_a_regular_file")
        if identity in self.files:
            return None
        self.files.add(identity)
        return Candidate(Path(path), name, status.st_size, named)


def _wanted(path: str) -> bool:
    return looks_like_image(path) or looks_like_zip(path)


def _identity(path: str, status: os.stat_result) -> _Identity:
    # Some network file systems number no files.
    if status.st_ino == 0:
        return (os.path.realpath(path), None)
    return (status.st_dev, status.st_ino)


def _listed(folder: str) -> list[str]:
    names = [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208
    return [os.path.join(folder, name) for name in sorted(names, key=natural_order)]  # noqa: PTH118


def _matching(pattern: str) -> Iterator[str]:
    parts = pattern.replace(os.sep, "/").split("/")
    if "**" not in parts:
        yield from sorted(glob.glob(pattern), key=natural_order)  # noqa: PTH207
        return
    # glob follows links round in circles here; the walk does not.
    fixed = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    base = "/".join(parts[:fixed]) or ("/" if fixed else ".")
    for found in walk_all(base):
        relative = os.path.relpath(found, base).replace(os.sep, "/").split("/")
        if _matches(relative, parts[fixed:]):
            yield found if fixed else os.path.relpath(found, base)


def walk_all(base: str) -> Iterator[str]:
    """Every file below a folder, hidden names left out, each folder once."""
    seen: set[_Identity] = set()
    stack = [base]
    while stack:
        path = stack.pop()
        try:
            status = os.stat(path)  # noqa: PTH116
            if not stat.S_ISDIR(status.st_mode):
                yield path
            elif (identity := _identity(path, status)) not in seen:
                seen.add(identity)
                stack += reversed(_listed(path))
        except OSError:
            # Given on, so that whoever looks at it states the reason.
            yield path


def _matches(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        rest = patterns[1:]
        if not rest:
            return True
        return any(_matches(parts[skip:], rest) for skip in range(len(parts)))
    return (
        bool(parts) and fnmatch.fnmatch(parts[0], patterns[0]) and _matches(parts[1:], patterns[1:])
    )
