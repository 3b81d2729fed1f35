"""Renders a training set: `python -m greenpack.training.dataset OUT --split train --count N --seed
S`.

Layout as YOLO wants it: OUT/images/SPLIT/NNNNNN.jpg and OUT/labels/SPLIT/NNNNNN.txt, with the truth
in
OUT/truth/SPLIT/NNNNNN.json. The number is the scene's seed. Finished pictures are skipped, so a run
that was cut
off goes on where it stopped; every file appears whole or not at all, the picture last.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from greenpack.training.material import LABELS

SPLITS = ("train", "val", "calibration", "test")


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(data)
    part.replace(path)


def paths(out: Path, split: str, seed: int) -> tuple[Path, Path, Path]:
    """Picture, labels and truth of one scene."""
    name = f"{seed:06d}"
    return (
        out / "images" / split / f"{name}.jpg",
        out / "labels" / split / f"{name}.txt",
        out / "truth" / split / f"{name}.json",
    )


def make(out: Path, split: str, seed: int, size: int, threads: int = 1) -> None:
    """Render one scene and write its three files."""
    from greenpack.training import blender, labels, parts, postprocess, sampling, truth

    picture_path, label_path, truth_path = paths(out, split, seed)
    scene = sampling.sample(seed, size, size)
    made = parts.build(scene)
    linear, index = blender.render(scene, made, threads)
    record = {"version": sampling.VERSION, **truth.record(scene, made, index)}
    _write(truth_path, json.dumps(record).encode())
    _write(label_path, "\n".join(labels.lines(scene, made, index)).encode())
    picture = postprocess.develop(linear, scene.finish, scene.seed)
    _write(picture_path, postprocess.jpeg(picture, scene.finish.quality))


def describe(out: Path) -> None:
    """Write the data.yaml that training reads."""
    names = "\n".join(f"  {k}: {name}" for k, name in enumerate(LABELS))
    splits = "train: images/train\nval: images/val\ntest: images/test"
    text = f"path: {out.resolve()}\n{splits}\nnames:\n{names}\n"
    _write(out / "data.yaml", text.encode())


def _work(out: Path, split: str, seeds: range, size: int) -> None:
    """One worker's share; Blender's own chatter goes to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for seed in seeds:
        if paths(out, split, seed)[0].exists():
            continue
        try:
            make(out, split, seed, size)
        except Exception as error:  # one bad scene must not end the run; it is told and left out
            sys.stderr.write(f"scene {seed}: {type(error).__name__}: {error}\n")


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", choices=SPLITS, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True, help="first scene's seed")
    parser.add_argument("--size", type=int, default=448, help="pixels along each side")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    end = args.seed + args.count
    for folder in ("images", "labels", "truth"):
        (args.out / folder / args.split).mkdir(parents=True, exist_ok=True)
    if args.share is not None:
        _work(args.out, args.split, range(args.seed + args.share, end, args.workers), args.size)
        return
    describe(args.out)
    started = time.monotonic()
    command = [sys.executable, "-m", "greenpack.training.dataset", *sys.argv[1:]]
    workers = [subprocess.Popen([*command, "--share", str(k)]) for k in range(args.workers)]
    while any(w.poll() is None for w in workers):
        time.sleep(5)
        done = sum(paths(args.out, args.split, s)[0].exists() for s in range(args.seed, end))
        sys.stdout.write(f"{done}/{args.count} after {time.monotonic() - started:.0f} s\n")
        sys.stdout.flush()
    sys.exit(max(w.returncode for w in workers))


if __name__ == "__main__":
    main()
