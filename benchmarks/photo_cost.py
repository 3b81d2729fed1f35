"""What a photo costs beside the bare network: `python -m benchmarks.photo_cost PHOTO...`.

Runs bare network and whole path in turns, photo by photo, so that a noisy machine disturbs both
alike, and prints the medians and their ratio.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from greenpack.audit import Audit
from greenpack.examination import examine, measure_settings
from greenpack.intake.source import Source
from greenpack.records.database import open_database
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from greenpack.vision.detector import Detector


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def twelve_megapixels(data: bytes, step: int) -> bytes:
    """The photo enlarged to what phones send, with one pixel changed so that it is new."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.resize((4032, 3024) if picture.width > picture.height else (3024, 4032))
    picture.putpixel((step % picture.width, 0), (step % 256, 0, 0))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    detector = Detector()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_folder=Path(folder))
        using = measure_settings(settings, detector.weights)
        audit = Audit(
            settings,
            open_database(settings.database),
            load_profile(settings.profile),
            detector.weights,
            None,
            lambda: detector,
        )
        costs: dict[str, list[float]] = {
            "network": [], "measure": [], "measure, 12 MP": [], "audit, 12 MP": []
        }  # fmt: skip
        detector.shapes(np.zeros((480, 640, 3), np.uint8))
        for step in range(arguments.rounds):
            for photo in arguments.photos:
                data = photo.read_bytes()
                large = twelve_megapixels(data, step)
                pixels = np.asarray(Image.open(photo).convert("RGB"))
                square = cv2.resize(pixels, (448, 448), interpolation=cv2.INTER_AREA)
                costs["network"].append(timed(lambda p=square: detector.shapes(p)))
                costs["measure"].append(
                    timed(lambda n=photo.name, d=data: examine(n, d, detector, settings, using))
                )
                costs["measure, 12 MP"].append(
                    timed(lambda n=photo.name, d=large: examine(n, d, detector, settings, using))
                )
                source = Source(photo.name, large, None, photo.name)
                costs["audit, 12 MP"].append(timed(lambda s=source: audit.take(s)))
    bare = statistics.median(costs["network"])
    print("| step | median ms | times the network |\n|---|---|---|")
    for name, values in costs.items():
        median = statistics.median(values)
        print(f"| {name} | {median:.0f} | {median / bare:.2f} |")


if __name__ == "__main__":
    main()
