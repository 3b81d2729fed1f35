"""Stand-ins for rendering a scene: they write its files, or crash, hang and fail by the seed."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from greenpack.training.datasets.inventory import paths


def fine(out: Path, split: str, seed: int, size: int) -> None:
    """A scene that works; adds a line to `calls`, so that a test can count."""
    picture, label, truth = paths(out, split, seed)
    truth.write_text(json.dumps({"version": "7"}))
    label.write_text("")
    picture.write_bytes(f"{seed} {size}".encode())
    with (out / "calls").open("a") as file:
        file.write(f"{seed}\n")


def crashing(out: Path, split: str, seed: int, size: int) -> None:
    """Seed 3 ends its process every time, seed 5 the first time."""
    marker = out / "tried"
    if seed == 3 or (seed == 5 and not marker.exists()):
        if seed == 5:
            marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    fine(out, split, seed, size)


def hanging(out: Path, split: str, seed: int, size: int) -> None:
    """Seed 1 never comes back, and leaves half a file."""
    if seed == 1:
        picture = paths(out, split, seed)[0]
        picture.with_suffix(".jpg.part").write_bytes(b"half")
        time.sleep(600)
    fine(out, split, seed, size)


def failing(out: Path, split: str, seed: int, size: int) -> None:
    """Seed 2 raises."""
    if seed == 2:
        raise ValueError("no\nroom")
    fine(out, split, seed, size)


def without_package(out: Path, split: str, seed: int, size: int) -> None:
    """What a missing package does."""
    raise ModuleNotFoundError("No module named 'bpy'", name="bpy")


def slow(out: Path, split: str, seed: int, size: int) -> None:
    """A scene that takes a while."""
    time.sleep(0.4)
    fine(out, split, seed, size)
