"""Renders a set of scenes: `greenpack scenes OUT --split train --count N --seed S [--kind KIND]`.

Also `python -m greenpack.training.datasets.render` with the same arguments, which needs no more
than the renderer. Layout as YOLO wants it: OUT/images/SPLIT/NNNNNN.jpg and
OUT/labels/SPLIT/NNNNNN.txt, with the truth in OUT/truth/SPLIT/NNNNNN.json. The number is the
scene's seed. Finished pictures are left as they are, so a run that was cut off goes on where it
stopped; every file appears whole or not at all, the picture last.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from greenpack.training.datasets import inventory, progress
from greenpack.training.datasets.inventory import SPLITS, paths
from greenpack.training.datasets.worker_pool import Pool
from greenpack.training.drawing.material import LABELS
from greenpack.training.refusals import RefusedError, require
from greenpack.training.scene import Scene
from greenpack.training.whole_files import part_of, write_whole

Make = Callable[[Path, str, int, int], None]
"""Renders one scene: folder, split, seed, pixels along the picture's longer side."""

STOPPED = 130


def make(
    out: Path, split: str, seed: int, size: int, threads: int = 1, case: str | None = None
) -> None:
    """Render one scene, of one case of `sampling.CASES` or of any, and write its three files."""
    from greenpack.training.pictures import postprocess
    from greenpack.training.pictures.photograph import photograph
    from greenpack.training.scenes import sampling

    scene = sampling.sample(seed, size, size, case)
    made = photograph(scene, threads)
    record = {"version": sampling.VERSION, **made.record}
    jpeg = postprocess.jpeg(made.picture, scene.finish.quality)
    _write(out, split, seed, record, made.label_lines, jpeg)


def make_belt(out: Path, split: str, seed: int, size: int, threads: int = 1) -> None:
    """Render one parcel under a hub camera, `size` pixels wide, and write its three files."""
    from greenpack.training.scenes import belt_line

    wide, high = belt_line.SHAPE
    scene = belt_line.sample(seed, size, size * high // wide)
    _write_parcel(out, split, scene, belt_line.VERSION, threads)


def make_handheld(out: Path, split: str, seed: int, size: int, threads: int = 1) -> None:
    """Render one parcel near a phone, `size` pixels wide, and write its three files."""
    from greenpack.training.scenes import handheld

    scene = handheld.sample(seed, size, size * 3 // 4)
    _write_parcel(out, split, scene, handheld.VERSION, threads)


def _write_parcel(out: Path, split: str, scene: Scene, version: str, threads: int) -> None:
    from greenpack.training.pictures import postprocess
    from greenpack.training.pictures.hub_truth import hub_record
    from greenpack.training.pictures.photograph import photograph_parcel

    made = photograph_parcel(scene, threads)
    record = {"version": version, **made.record, **hub_record(scene)}
    jpeg = postprocess.jpeg(made.picture, scene.finish.quality)
    _write(out, split, scene.seed, record, made.label_lines, jpeg)


def _write(
    out: Path, split: str, seed: int, record: dict[str, Any], lines: list[str], jpeg: bytes
) -> None:
    picture_path, label_path, truth_path = paths(out, split, seed)
    write_whole(truth_path, json.dumps(record).encode())
    write_whole(label_path, "\n".join(lines).encode())
    write_whole(picture_path, jpeg)


@dataclass(frozen=True)
class Kind:
    """A kind of scenes: what renders one, and how large."""

    make: Make
    size: int


KINDS = {
    "any": Kind(make, 448),
    "opened": Kind(partial(make, case="one"), 448),
    "belt": Kind(make_belt, 1280),
    "handheld": Kind(make_handheld, 1280),
}
"""`any` is what models learn from: all kinds of pictures, square. `opened` are those of them with
one opened carton whole in view, which are the ones that get numbers: intervals are calibrated on
them. `belt` is one closed parcel under a calibrated hub camera, 4:3, for holding measured sizes
against true ones; `handheld` one near a phone, its waybill large."""


def describe(out: Path) -> None:
    """Write the data.yaml that training reads."""
    names = "\n".join(f"  {k}: {name}" for k, name in enumerate(LABELS))
    splits = "train: images/train\nval: images/val\ntest: images/test"
    text = f"path: {out.resolve()}\n{splits}\nnames:\n{names}\n"
    write_whole(out / "data.yaml", text.encode())


def render_split(
    out: Path,
    split: str,
    first: int,
    count: int,
    size: int | None = None,
    workers: int = 2,
    scene_limit: float = 120.0,
    make_scene: Make | None = None,
    kind: str = "any",
) -> int:
    """Render the scenes `first` to `first + count - 1` of a split, those that are not there yet.

    Args:
        out: Folder of the set; made if need be.
        split: One of `SPLITS`.
        first: The first scene's seed.
        count: How many scenes.
        size: Pixels along the longer side; default: the kind's own.
        workers: Processes that render at once.
        scene_limit: Seconds a scene may take; then it is left out.
        make_scene: What renders a scene; default: the kind's own, which needs Blender.
        kind: One of `KINDS`.

    Returns:
        The exit code: 0 finished (scenes left out are named), 1 nothing came out, 130 stopped.

    Raises:
        RefusedError: if Blender is missing or another split of the set has some of the seeds.
    """
    if split not in SPLITS:
        raise RefusedError(f"There is no split {split!r}; take one of {', '.join(SPLITS)}.")
    if kind not in KINDS:
        raise RefusedError(f"There is no kind {kind!r}; take one of {', '.join(KINDS)}.")
    size = size or KINDS[kind].size
    if make_scene is None:
        require("bpy")
        make_scene = KINDS[kind].make
    seeds = range(first, first + count)
    inventory.claim(out, split, seeds, size)
    for folder in ("images", "labels", "truth"):
        (out / folder / split).mkdir(parents=True, exist_ok=True)
    describe(out)
    todo = [seed for seed in seeds if not paths(out, split, seed)[0].exists()]
    before = count - len(todo)
    pool = Pool(partial(_make_one, make_scene, out, split, size), workers, scene_limit)
    stopped = False
    with _stop_on_term(), progress.shown("scenes", count, before) as tell:

        def told(pool: Pool) -> None:
            tell(before + len(pool.done), len(pool.skipped))

        try:
            pool.work(todo, told)
        except KeyboardInterrupt:
            stopped = True
        finally:
            for seed in todo:
                for path in paths(out, split, seed):
                    part_of(path).unlink(missing_ok=True)
            skipped = {each.number: each.reason for each in pool.skipped}
            inventory.finish(out, split, skipped)
            # Counted anew: a process may have finished a scene that nobody heard of any more.
            there = sum(paths(out, split, seed)[0].exists() for seed in seeds)
            tell(there, len(skipped))
    for seed, reason in sorted(skipped.items()):
        sys.stderr.write(f"scene {seed} skipped: {reason}\n")
    if stopped:
        sys.stderr.write(f"Stopped with {there} of {count} scenes; the same command goes on.\n")
        return STOPPED
    if skipped:
        sys.stderr.write(f"{len(skipped)} scenes skipped, see {out / 'skipped.txt'}\n")
    return 0 if there else 1


def _make_one(make_scene: Make, out: Path, split: str, size: int, seed: int) -> None:
    make_scene(out, split, seed, size)


@contextmanager
def _stop_on_term() -> Iterator[None]:
    """Let a request to end (SIGTERM) stop the run as cleanly as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals can be caught in the main thread only
        return
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", choices=SPLITS, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True, help="first scene's seed")
    parser.add_argument("--kind", choices=list(KINDS), default="any")
    parser.add_argument("--size", type=int, help="pixels along the longer side; default: 448, 1280")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scene-limit", type=float, default=120.0, help="seconds a scene may take")
    args = parser.parse_args()
    try:
        code = render_split(
            args.out,
            args.split,
            args.seed,
            args.count,
            args.size,
            args.workers,
            args.scene_limit,
            kind=args.kind,
        )
    except RefusedError as error:
        sys.exit(str(error))
    sys.exit(code)


if __name__ == "__main__":
    main()
