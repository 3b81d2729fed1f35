"""What a training set consists of: dataset.json and skipped.txt in its folder.

dataset.json: `generator` and, under `splits`, for each split `seeds` (first and last of every range
asked for), `size` (pixels), `pictures`, `generator` (pictures by the generator's version, counted
from their truth files) and `skipped` (seeds). No seed is ever in two splits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenpack.training.refusals import RefusedError
from greenpack.training.whole_files import write_whole

SPLITS = ("train", "val", "calibration", "test")
NAME = "dataset.json"
SKIPPED = "skipped.txt"


def paths(out: Path, split: str, seed: int) -> tuple[Path, Path, Path]:
    """Picture, labels and truth of one scene."""
    name = f"{seed:06d}"
    return (
        out / "images" / split / f"{name}.jpg",
        out / "labels" / split / f"{name}.txt",
        out / "truth" / split / f"{name}.json",
    )


def read(out: Path) -> dict[str, Any]:
    """The record of a set; of one without a record, an empty one."""
    path = out / NAME
    if not path.exists():
        return {"splits": {}}
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def claim(out: Path, split: str, seeds: range, size: int) -> None:
    """Enter seeds that are about to be rendered.

    Raises:
        RefusedError: if another split has one of them: a model must not be tested on a scene it
            was trained on.
    """
    record = read(out)
    for other in SPLITS:
        if other == split:
            continue
        ranges = record["splits"].get(other, {}).get("seeds", [])
        shared = [r for r in ranges if r[0] < seeds.stop and seeds.start <= r[1]]
        pictures = (out / "images" / other).glob("*.jpg")
        if shared or any(p.stem.isdecimal() and int(p.stem) in seeds for p in pictures):
            raise RefusedError(
                f"Split {other} of {out} has some of the seeds {seeds.start} to {seeds.stop - 1}. "
                f"A scene belongs to one split only: choose another --seed."
            )
    entry = record["splits"].setdefault(split, {})
    entry["seeds"] = merged([*entry.get("seeds", []), [seeds.start, seeds.stop - 1]])
    entry["size"] = sorted({*entry.get("size", []), size})
    out.mkdir(parents=True, exist_ok=True)
    _write(out, record)


def finish(out: Path, split: str, skipped: Mapping[int, str]) -> None:
    """Enter what came out: counts, versions, and the seeds left out with their reasons."""
    earlier = _skipped(out).items()
    left = {key: why for key, why in earlier if not paths(out, *key)[0].exists()}
    left |= {(split, seed): " ".join(why.split()) for seed, why in skipped.items()}
    lines = [f"{name} {seed} {why}\n" for (name, seed), why in sorted(left.items())]
    if lines or (out / SKIPPED).exists():
        write_whole(out / SKIPPED, "".join(lines).encode())
    record = read(out)
    entry = record["splits"].setdefault(split, {})
    entry["pictures"] = sum(1 for _ in (out / "images" / split).glob("*.jpg"))
    entry["generator"] = versions_in(out, split)
    entry["skipped"] = sorted(seed for name, seed in left if name == split)
    total: Counter[str] = Counter()
    for each in record["splits"].values():
        total.update(each.get("generator", {}))
    record["generator"] = dict(sorted(total.items()))
    _write(out, record)


def merged(ranges: list[list[int]]) -> list[list[int]]:
    """The same numbers in the fewest ranges, each first and last, in order."""
    found: list[list[int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    return found


def versions_in(out: Path, split: str) -> dict[str, int]:
    """Pictures by the version of the generator that made them."""
    found: Counter[str] = Counter()
    for picture in (out / "images" / split).glob("*.jpg"):
        truth = out / "truth" / split / f"{picture.stem}.json"
        known = json.loads(truth.read_text("utf-8")) if truth.exists() else {}
        found[str(known.get("version", "unknown"))] += 1
    return dict(sorted(found.items()))


def _skipped(out: Path) -> dict[tuple[str, int], str]:
    path = out / SKIPPED
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        split, seed, why = line.split(" ", 2)
        found[split, int(seed)] = why
    return found


def _write(out: Path, record: dict[str, Any]) -> None:
    write_whole(out / NAME, (json.dumps(record, indent=2) + "\n").encode())
