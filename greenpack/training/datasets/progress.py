"""How far a long run is: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Tell = Callable[[int, int], None]
"""Called with how many are done in all, and how many of these were left out."""

LINE_EVERY_S = 10.0


@contextmanager
def shown(what: str, total: int, before: int, stream: TextIO | None = None) -> Iterator[Tell]:
    """Show progress while the block runs.

    Args:
        what: What is counted, in the plural.
        total: How many there are.
        before: How many were done before this run; they do not count in the rate.
        stream: Where to; default: standard output.
    """
    stream = stream or sys.stdout
    if stream.isatty():
        try:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        except ModuleNotFoundError:
            pass  # an environment for rendering alone has no need of it
        else:
            with Progress(
                what,
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[note]}"),
                console=Console(file=stream),
            ) as bar:
                task = bar.add_task("", total=total, completed=before, note="")
                started = time.monotonic()

                def move(done: int, skipped: int) -> None:
                    seconds = time.monotonic() - started
                    note = pace(done - before, total - done, seconds, skipped)
                    bar.update(task, completed=done, note=note)

                yield move
            return
    with _lines(what, total, before, stream) as tell:
        yield tell


@contextmanager
def _lines(what: str, total: int, before: int, stream: TextIO) -> Iterator[Tell]:
    started = time.monotonic()
    last = started
    state = (before, 0)

    def write(done: int, skipped: int) -> None:
        note = pace(done - before, total - done, time.monotonic() - started, skipped)
        stream.write(f"{done}/{total} {what}{', ' if note else ''}{note}\n")
        stream.flush()

    def tell(done: int, skipped: int) -> None:
        nonlocal last, state
        state = (done, skipped)
        if time.monotonic() - last >= LINE_EVERY_S:
            last = time.monotonic()
            write(done, skipped)

    try:
        yield tell
    finally:
        write(*state)


def pace(done: int, left: int, seconds: float, skipped: int) -> str:
    """Rate, time left and what was left out, in words; `done` and `seconds` are of this run."""
    told = []
    if done > 0 and seconds > 0:
        told.append(f"{60 * done / seconds:.1f} a minute")
        if left:
            told.append(f"{duration(left * seconds / done)} left")
    if skipped:
        told.append(f"{skipped} skipped")
    return ", ".join(told)


def duration(seconds: float) -> str:
    """Seconds as `45 s`, `12 min` or `3 h 05 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
