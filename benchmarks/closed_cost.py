"""What measuring a closed parcel costs beside the network: `python -m benchmarks.closed_cost`.

Boxes painted on pictures of 2000 x 1500 pixels, the size that photos are decoded to, are measured
by a calibrated camera and by a label. Processor time is taken, for one core: other work on the
machine disturbs it less than the clock.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

import cv2
import numpy as np

from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.measurement import Outcome
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint

WIDTH = 2000


def painted_boxes(count: int) -> list[Painted]:
    """Boxes of which two or three faces are seen."""
    random = np.random.default_rng(77)
    boxes: list[Painted] = []
    seed = 0
    while len(boxes) < count:
        seed += 1
        tilt, distance = random.uniform(25, 55), random.uniform(1200, 1600)
        camera = camera_over_belt(tilt, distance, WIDTH, 0.9375 * WIDTH)
        long, short = sorted(random.uniform(180, 450, 2), reverse=True)
        sizes = (float(long), float(short), float(random.uniform(100, 350)))
        box = paint(camera, sizes, yaw=float(random.uniform(8, 82)), seed=seed)
        if box.faces > 1:
            boxes.append(box)
    return boxes


def view_of(box: Painted, by: str) -> ClosedView:
    camera = box.camera if by == "belt" else replace(box.camera, belt=None)
    patterns = [] if by == "belt" else [[box.label]]
    return ClosedView(camera.width, camera.height, box.gray, camera, patterns=patterns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boxes", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    boxes = painted_boxes(arguments.boxes)
    print("| scale | median ms | 95 % below, ms | measured |\n|---|---|---|---|")
    for by in ("belt", "label"):
        costs, measured = [], 0
        for box in boxes:
            view, shapes = view_of(box, by), box.shapes()
            taken = []
            for _ in range(arguments.rounds):
                start = time.process_time()
                found = measure_closed_parcel(shapes, view)
                taken.append(1000 * (time.process_time() - start))
            costs.append(statistics.median(taken))
            measured += found.outcome is Outcome.MEASURED
        most = float(np.quantile(costs, 0.95))
        print(f"| {by} | {statistics.median(costs):.1f} | {most:.1f} | {measured}/{len(boxes)} |")


if __name__ == "__main__":
    main()
