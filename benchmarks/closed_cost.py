"""What a closed parcel costs beside the network: `taskset -c 0 python -m benchmarks.closed_cost`.

Boxes painted on pictures of 2000 x 1500 pixels, the size that photos are decoded to, are measured
by a calibrated camera, a label and a marker: measuring alone, with the outlines and what gives the
scale at hand; and a closed photo's whole way from the decoded picture and the outlines to the
measurement, which looks for markers and labels too. Processor time is taken, on one core: other
work on the machine disturbs it less than the clock. It disturbs it all the same, so the network
runs in turns with the rest, and the ratios are what to compare.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.examination import examine_seen, measure_settings
from greenpack.intake.barcode import read_codes
from greenpack.intake.photo import Photo
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.closed.marker_scale import marker_patterns
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.measurement import Measurement
from greenpack.measure.settings import MeasureSettings
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import Weights
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint
from tests.test_closed_photo import with_code, with_marker

WIDTH = 2000
FOCAL = 0.9375  # over the width
MARKER, SIDE = 7, 80.0

Work = Callable[[], object]


def painted_boxes(count: int) -> list[Painted]:
    """Boxes of which two or three faces are seen."""
    random = np.random.default_rng(77)
    boxes: list[Painted] = []
    seed = 0
    while len(boxes) < count:
        seed += 1
        tilt, distance = random.uniform(25, 55), random.uniform(1200, 1600)
        camera = camera_over_belt(tilt, distance, WIDTH, FOCAL * WIDTH)
        long, short = sorted(random.uniform(180, 450, 2), reverse=True)
        sizes = (float(long), float(short), float(random.uniform(100, 350)))
        box = paint(camera, sizes, yaw=float(random.uniform(8, 82)), seed=seed)
        if box.faces > 1:
            boxes.append(box)
    return boxes


def alone(box: Painted, marked: NDArray[np.uint8]) -> dict[str, Work]:
    """Measuring with the scale at hand."""
    lens = replace(box.camera, belt=None)
    markers = marker_patterns(marked, {MARKER: SIDE}, box.mask)

    def by(gray: NDArray[np.uint8], patterns: list[PlanarPattern]) -> Work:
        camera = lens if patterns else box.camera
        view = ClosedView(camera.width, camera.height, gray, camera, patterns=[patterns])
        return lambda: measure_closed_parcel(box.shapes(), view)

    found = {
        "measuring alone, calibrated camera": by(box.gray, []),
        "measuring alone, label": by(box.gray, [box.label]),
    }
    if markers:
        found["measuring alone, marker"] = by(marked, markers)
    return found


def whole(box: Painted, marked: NDArray[np.uint8], weights: Weights) -> dict[str, Work]:
    """A closed photo's way from the decoded picture and the outlines to the measurement."""
    coded = with_code(box)
    label = Shape(Label.WAYBILL, 0.9, box.label.corners)
    unknown = measure_settings(Settings(), weights)
    known = replace(unknown, camera=box.camera)
    marking = measure_settings(Settings(markers={MARKER: SIDE}), weights)
    bare, printed, beside = photo(box.gray), photo(coded), photo(marked)
    parcel, both = box.shapes(), [*box.shapes(), label]
    return {
        "a closed photo, calibrated camera": seen(bare, parcel, known),
        "a closed photo, marker": seen(beside, parcel, marking),
        "a closed photo, markers set and none there": seen(bare, parcel, marking),
        "a closed photo, label": seen(printed, both, unknown),
        "a closed photo, calibrated camera and label": seen(printed, both, known),
        "barcodes, where a label is seen": lambda: read_codes(coded),
        "barcodes for `audit`, where there are none": lambda: read_codes(box.gray),
    }


def seen(photo: Photo, shapes: list[Shape], using: MeasureSettings) -> Work:
    return lambda: examine_seen(photo, shapes, using, attributing=False).measurement


def photo(gray: NDArray[np.uint8]) -> Photo:
    """A decoded photo with these grey values, of a lens that the photo tells of."""
    height, width = gray.shape
    pixels = np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), np.uint8)
    return Photo("painted", "", 0, "image/jpeg", width, height, None, FOCAL, pixels, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boxes", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    detector = Detector()
    detector.shapes(np.zeros((448, 448, 3), np.uint8))
    costs: dict[str, list[float]] = {}
    measured: dict[str, int] = {}
    for box in painted_boxes(arguments.boxes):
        marked = with_marker(box, MARKER, SIDE)
        square = cv2.resize(photo(box.gray).pixels, (448, 448), interpolation=cv2.INTER_AREA)
        works: dict[str, Work] = {"the bare network": lambda p=square: detector.shapes(p)}
        works |= alone(box, marked) | whole(box, marked, detector.weights)
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(arguments.rounds):
            for name, work in works.items():
                start = time.process_time()
                found = work()
                taken[name].append(1000 * (time.process_time() - start))
                if isinstance(found, Measurement) and len(taken[name]) == 1:
                    measured[name] = measured.get(name, 0) + (found.reason is None)
        for name, times in taken.items():
            costs.setdefault(name, []).append(statistics.median(times))
    bare = statistics.median(costs["the bare network"])
    print("| step | median ms | 95 % below, ms | times the network | measured |")
    print("|---|---|---|---|---|")
    for name, values in costs.items():
        median, most = statistics.median(values), float(np.quantile(values, 0.95))
        told = f"{measured[name]} of {len(values)}" if name in measured else ""
        print(f"| {name} | {median:.1f} | {most:.1f} | {median / bare:.2f} | {told} |")


if __name__ == "__main__":
    main()
