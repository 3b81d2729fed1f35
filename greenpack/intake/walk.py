"""From what a person typed to the files meant: folders, patterns, links; nothing is opened."""

from __future__ import annotations

import errno
import fnmatch
import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from greenpack.intake.source import (
    Refused,
    looks_like_image,
    looks_like_zip,
    natural_order,
    printable,
)


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
class Walk:
    """One pass over everything a person named; it remembers which files it gave already."""

    _files: set[_Identity] = field(default_factory=set)
    _folders: set[_Identity] = field(default_factory=set)

    def files(self, path: str) -> Iterator[Candidate | Refused]:
        """The files behind one path, those given before left out.

        A folder is walked down in natural order, hidden names skipped; of its files those whose
        names look like images or zips are given. A pattern stands for what it matches.
        """
        if not glob.has_magic(path) or os.path.lexists(path):
            yield from self._below(path, named=True)
            return
        matched = False
        for match in _matching(path):
            matched = True
            yield from self._below(match, named=True)
        if not matched:
            yield Refused(printable(path), "not_found", "nothing matches")

    def _below(self, path: str, *, named: bool) -> Iterator[Candidate | Refused]:
        """A file, or a folder with everything below it."""
        # A stack of its own: folders may nest deeper than Python calls.
        stack: list[tuple[_Identity | None, Iterator[str]]] = [(None, iter((path,)))]
        inside: set[_Identity | None] = set()
        while stack:
            current = next(stack[-1][1], None)
            if current is None:
                inside.discard(stack.pop()[0])
                continue
            found = self._look_at(current, named=named and len(stack) == 1)
            if not isinstance(found, tuple):
                if found is not None:
                    yield found
                continue
            if found in inside:
                yield Refused(printable(current), "symlink_loop", "a folder that holds it")
            elif found not in self._folders:
                self._folders.add(found)
                try:
                    stack.append((found, iter(_listed(current))))
                    inside.add(found)
                except OSError as error:
                    yield refused_for(error, printable(current))

    def _look_at(self, path: str, *, named: bool) -> Candidate | Refused | _Identity | None:
        """The candidate, the refusal, a folder's identity, or None for what is passed over."""
        name = printable(path)
        wanted = named or looks_like_image(path) or looks_like_zip(path)
        try:
            status = os.stat(path)  # noqa: PTH116 - Path would normalise what was typed
        except (OSError, ValueError) as error:
            # A dangling link of a name that would not be taken anyway is no loss.
            dangling = isinstance(error, FileNotFoundError)
            return refused_for(error, name) if wanted or not dangling else None
        identity = _identity(path, status)
        if stat.S_ISDIR(status.st_mode):
            return identity
        if not wanted or identity in self._files:
            return None
        if not stat.S_ISREG(status.st_mode):
            return Refused(name, "not_a_regular_file")
        self._files.add(identity)
        return Candidate(Path(path), name, status.st_size, named)


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
    for found, listable in _everything_below(base):
        relative = os.path.relpath(found, base)
        if not listable or _matches(relative.replace(os.sep, "/").split("/"), parts[fixed:]):
            yield found if fixed else relative


def _everything_below(base: str) -> Iterator[tuple[str, bool]]:
    """Every file below a folder, hidden names left out, and what could not be looked into."""
    seen: set[_Identity] = set()
    stack = [base]
    while stack:
        path = stack.pop()
        try:
            status = os.stat(path)  # noqa: PTH116
            if not stat.S_ISDIR(status.st_mode):
                yield path, True
            elif (identity := _identity(path, status)) not in seen:
                seen.add(identity)
                stack += reversed(_listed(path))
        except FileNotFoundError:
            yield path, True
        except OSError:
            # Given on whatever the pattern, so that whoever looks at it states the reason.
            yield path, False


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
