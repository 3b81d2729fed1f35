"""A training set of a few tiny pictures, drawn at once."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np


def write_set(folder: Path, train: int = 4, val: int = 2, side: int = 64) -> Path:
    """Rectangles on noise, `side` pixels square, each one `opening`; generator version 9."""
    rng = np.random.default_rng(0)
    first = 0
    for split, count in (("train", train), ("val", val)):
        for kind in ("images", "labels", "truth"):
            (folder / kind / split).mkdir(parents=True, exist_ok=True)
        for number in range(first, first + count):
            picture = rng.integers(0, 120, (64, 64, 3), np.uint8)
            left, top = (int(v) for v in rng.integers(4, 20, 2))
            cv2.rectangle(picture, (left, top), (left + 36, top + 30), (90, 150, 210), -1)
            corners = [(left, top), (left + 36, top), (left + 36, top + 30), (left, top + 30)]
            numbers = " ".join(f"{x / 64:.4f} {y / 64:.4f}" for x, y in corners)
            if side != 64:
                picture = cv2.resize(picture, (side, side), interpolation=cv2.INTER_NEAREST)
            cv2.imwrite(str(folder / "images" / split / f"{number:06d}.jpg"), picture)
            (folder / "labels" / split / f"{number:06d}.txt").write_text(f"1 {numbers}\n")
            truth = folder / "truth" / split / f"{number:06d}.json"
            truth.write_text(json.dumps({"version": "9"}))
        first += count
    return folder
