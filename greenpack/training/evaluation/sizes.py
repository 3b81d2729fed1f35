"""Holds the sizes of closed parcels against the truth of rendered scenes.

`python -m greenpack.training.evaluation.sizes DATA [--split test] [--weights W | --true-outlines]`

Counted are pictures that show one closed box standing on the ground by itself, and of bags and
mailers how many are given sizes. Each picture is measured once with every source of scale: with
the calibrated camera over the belt, unless it was taken by hand; with its markers, or with the
waybill's label, through the calibrated lens but without the belt; with markers or label and the
focal length that a photo tells.
What is known is off by as much as it is said to be: heights, focal lengths, labels' and markers'
sizes get errors drawn within their stated half widths, the same for the same picture. A label's
number is taken as read; told is in how many pictures the product's reader reads it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenpack.intake.barcode import read_waybill_numbers
from greenpack.measure.calibration import Calibration, read_calibration
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.closed.ideal_picture import camera_of
from greenpack.measure.closed.label_formats import carrier_of
from greenpack.measure.closed.label_scale import label_patterns
from greenpack.measure.closed.marker_scale import marker_patterns
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.training.evaluation.closed_truth import (
    KnownErrors,
    faces_in_view,
    is_bag,
    listed,
    misprinted,
    true_camera,
    true_size,
)
from greenpack.training.evaluation.rendered import read_rendered
from greenpack.training.evaluation.size_figures import Sized, figures, worst
from greenpack.training.evaluation.truth import Case, TruthError, read_json
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import load_weights

See = Callable[[Case, NDArray[np.uint8]], Sequence[Shape]]

BELT = "calibrated_camera"
MARKER_LENS, MARKER_PHOTO = "marker_calibrated_lens", "marker_photo"
LABEL_LENS, LABEL_PHOTO = "label_calibrated_lens", "label_photo"
SOURCES = (BELT, MARKER_LENS, MARKER_PHOTO, LABEL_LENS, LABEL_PHOTO)
"""Sources of scale: the camera over the belt; markers or a label, the lens calibrated; the same,
the focal length as the photo tells it."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A picture with its truth and what the model saw in it."""

    name: str
    truth: Mapping[str, Any]
    gray: NDArray[np.uint8]
    shapes: Sequence[Shape]


def trials(folder: Path, split: str, see: See, most: int | None = None) -> Iterator[Trial]:
    """Every picture of a split that shows one closed parcel.

    Args:
        folder: written by `greenpack scenes`.
        split: which part of it.
        see: gives the shapes in a picture.
        most: how many pictures at most, the first ones.

    Raises:
        TruthError: where the split is missing or damaged.
    """
    for case in read_rendered(folder, split).cases[:most]:
        truth = read_json(folder / "truth" / split / f"{case.path.stem}.json")
        if true_size(truth["scene"]) is None and not is_bag(truth["scene"]):
            continue
        picture = np.asarray(Image.open(case.path).convert("RGB"))
        gray = np.asarray(Image.open(case.path).convert("L"))
        yield Trial(case.name, truth, gray, see(case, picture))


def sized(
    trial: Trial, settings: ClosedSettings, calibration: Calibration | None = None
) -> Iterator[Sized]:
    """The picture measured with every source of scale that it has.

    Args:
        trial: the picture.
        settings: thresholds.
        calibration: of the intervals; None leaves them as their budgets have them.
    """
    scene = trial.truth["scene"]
    errors = KnownErrors.drawn(int(trial.truth["seed"]))
    camera = true_camera(scene, errors)
    size = true_size(scene)
    faces = faces_in_view(scene) if size else 0
    height, width = trial.gray.shape

    def measured(
        source: str, view: ClosedView, known: bool = True, read: bool | None = None
    ) -> Sized:
        found = measure_closed_parcel(trial.shapes, view, settings, calibration)
        return Sized(trial.name, source, size, found, faces, known, read)

    view = ClosedView(width, height, trial.gray)
    if trial.truth.get("case") != "handheld":
        yield measured(BELT, replace(view, camera=camera))
    if size is None:
        return
    told = camera.focal[0] * (1 + errors.told_focal * settings.focal_tolerance) / max(width, height)
    lens, photo = replace(view, camera=replace(camera, belt=None)), replace(view, focal_ratio=told)
    labels, markers = trial.truth.get("labels", ()), trial.truth.get("markers", ())
    for source, seen in ((MARKER_LENS, lens), (MARKER_PHOTO, photo)) if markers else ():
        patterns = [misprinted(each, errors) for each in _marked(trial, markers)]
        yield measured(source, replace(seen, patterns=[patterns] if patterns else []))
    read = _number_read(trial.gray, labels[0]["number"]) if labels else None
    for source, seen in ((LABEL_LENS, lens), (LABEL_PHOTO, photo)) if labels else ():
        alternatives = [
            [misprinted(pattern, errors) for pattern in each]
            for each in _labelled(trial, labels[0], seen, settings)
        ]
        yield measured(source, replace(seen, patterns=alternatives), listed(labels[0]), read)


def _number_read(gray: NDArray[np.uint8], number: str) -> bool:
    """Whether the product's reader finds the label's number in the picture."""
    return number in read_waybill_numbers(np.repeat(gray[:, :, None], 3, axis=2))


def _marked(trial: Trial, markers: Sequence[Mapping[str, Any]]) -> list[PlanarPattern]:
    """What the picture's markers make of it, their sizes set."""
    sizes = {int(each["id"]): float(each["side_mm"]) for each in markers}
    return marker_patterns(trial.gray, sizes, _parcel(trial))


def _labelled(
    trial: Trial, label: Mapping[str, Any], view: ClosedView, settings: ClosedSettings
) -> list[list[PlanarPattern]]:
    """What the model's outline of the label makes of it, its number taken as read."""
    middle = np.mean(label["corners"], axis=0)
    waybills = [
        shape.polygon
        for shape in trial.shapes
        if shape.label is Label.WAYBILL and shape.holds((float(middle[0]), float(middle[1])))
    ]
    camera, _ = camera_of(view, settings)
    carrier = carrier_of(label["number"])
    return label_patterns(waybills, trial.gray, camera, carrier, _parcel(trial))


def _parcel(trial: Trial) -> NDArray[np.float64] | None:
    return max(
        (shape.polygon for shape in trial.shapes if shape.label is Label.PARCEL),
        key=lambda polygon: float(np.prod(np.ptp(polygon, axis=0))),
        default=None,
    )


def report(found: Sequence[Sized], count: int = 8) -> dict[str, Any]:
    """Figures and the worst pictures by source of scale."""
    told = {}
    for source in SOURCES:
        of_source = [one for one in found if one.source == source]
        if of_source:
            told[source] = {**figures(of_source), "worst": worst(of_source, count)}
    return told


def true_outlines(case: Case, picture: NDArray[np.uint8]) -> list[Shape]:  # noqa: ARG001
    """The true outlines in place of a model's: how good the geometry is by itself."""
    return [
        Shape(shape.label, 1.0, polygon)
        for shape in case.shapes
        if shape.label in (Label.PARCEL, Label.WAYBILL)
        for polygon in shape.polygons
    ]


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder written by `greenpack scenes`")
    parser.add_argument("--split", default="test")
    parser.add_argument("--weights", type=Path, help="default: the shipped")
    parser.add_argument("--true-outlines", action="store_true", help="instead of a model's")
    parser.add_argument("--uncalibrated", action="store_true", help="intervals as budgeted")
    parser.add_argument("--most", type=int, help="pictures at most, the first ones")
    args = parser.parse_args()
    see = true_outlines if args.true_outlines else seen_by_model(args.weights)
    shipped = None if args.uncalibrated else load_weights(args.weights).calibration
    calibration = read_calibration(shipped)
    try:
        found = [
            one
            for trial in trials(args.data, args.split, see, args.most)
            for one in sized(trial, ClosedSettings(), calibration)
        ]
    except TruthError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(report(found), indent=2) + "\n")


def seen_by_model(weights: Path | None) -> See:
    """The shapes that a model sees; by default the shipped one."""
    from greenpack.vision.detector import Detector

    detector = Detector(weights)
    return lambda _, picture: detector.shapes(picture)


if __name__ == "__main__":
    main()
