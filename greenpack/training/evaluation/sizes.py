"""Holds the sizes of closed parcels against the truth of rendered scenes.

`python -m greenpack.training.evaluation.sizes DATA [--split test] [--weights W | --true-outlines]`

The camera is taken as calibrated, with its true place over the ground and a stated error. Counted
are pictures that show one closed box standing on the ground by itself, through a lens without
distortion; each of its sides is one size.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.closed.closed_view import ClosedView
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement
from greenpack.measure.several_sizes import SIDES
from greenpack.training.evaluation.rendered import read_rendered
from greenpack.training.evaluation.truth import Case, TruthError, read_json
from greenpack.training.pictures.projection import focal, pose
from greenpack.training.scene import Camera
from greenpack.vision.shapes import Label, Shape

Size = tuple[float, float, float]
See = Callable[[Case, NDArray[np.uint8]], Sequence[Shape]]

HEIGHT_ERROR_MM = 3.0
"""95 % half width that the camera's height is said to have, as `greenpack camera calibrate` states
it for a camera a metre up. The true height is given, so errors of the belt are not tried."""
_FOCAL_ERROR = 0.003


@dataclass(frozen=True, slots=True)
class Sized:
    """One picture: its true size, and what was measured.

    Attributes:
        name: of the picture.
        true: outer length, width and height in mm, length >= width.
        measurement: by the product's own code.
    """

    name: str
    true: Size
    measurement: Measurement

    def sides(self) -> Iterator[tuple[float, Interval]]:
        """True side and measured interval of every side that has a best value."""
        for side, true in zip(SIDES, self.true, strict=True):
            found = self.measurement.quantities.get(side)
            if found is not None and found.value is not None:
                yield true, found


def true_size(scene: Mapping[str, Any]) -> Size | None:
    """The outer size of the one closed box in a scene; None for any other scene.

    Args:
        scene: as kept in a picture's truth.
    """
    if len(scene["cartons"]) != 1 or scene["camera"]["distortion"] != 0:
        return None
    box = scene["cartons"][0]
    if box["opened"] or box["bag"] or box["style"] not in ("box", "plain"):
        return None
    if box["tilt"] != 0 or box["z"] != 0 or box["raised"] != 0:
        return None
    length, width, height = (box[side] + 2 * box["wall"] for side in ("length", "width", "depth"))
    return (max(length, width), min(length, width), height)


def true_camera(scene: Mapping[str, Any]) -> CameraModel:
    """The scene's camera as a calibrated one over the ground, z = 0."""
    camera = Camera(**scene["camera"])
    matrix = pose(camera)
    # Blender looks along its -z with y up, OpenCV along its z with y down.
    rotation = np.diag([1.0, -1.0, -1.0]) @ matrix[:3, :3].T
    translation = -rotation @ matrix[:3, 3]
    belt = BeltPlane(
        rotation=tuple(tuple(float(v) for v in row) for row in rotation),  # type: ignore[arg-type]
        translation=tuple(float(v) for v in translation),  # type: ignore[arg-type]
        error=HEIGHT_ERROR_MM,
    )
    return CameraModel(
        width=camera.width,
        height=camera.height,
        focal=(focal(camera), focal(camera)),
        centre=((camera.width - 1) / 2, (camera.height - 1) / 2),
        distortion=(),
        focal_error=_FOCAL_ERROR,
        belt=belt,
        source="the scene's own",
    )


def sized(folder: Path, split: str, see: See) -> list[Sized]:
    """Measure every picture of a split that shows one closed box.

    Args:
        folder: written by `greenpack scenes`.
        split: which part of it.
        see: gives the shapes in a picture.

    Raises:
        TruthError: where the split is missing or damaged.
    """
    found = []
    for case in read_rendered(folder, split).cases:
        truth = read_json(folder / "truth" / split / f"{case.path.stem}.json")
        size = true_size(truth["scene"])
        if size is None:
            continue
        picture = np.asarray(Image.open(case.path).convert("RGB"))
        gray = np.asarray(Image.open(case.path).convert("L"))
        height, width = gray.shape
        view = ClosedView(width, height, gray, true_camera(truth["scene"]))
        found.append(Sized(case.name, size, measure_closed_parcel(see(case, picture), view)))
    return found


def figures(trials: Sequence[Sized]) -> dict[str, Any]:
    """How many were measured, how far off they are, and how often the intervals hold."""
    sides = [pair for trial in trials for pair in trial.sides()]
    off = np.array([abs((found.value or 0.0) - true) for true, found in sides])
    relative = np.array([abs((found.value or 0.0) / true - 1) for true, found in sides])
    holds = sum(found.low <= true <= found.high for true, found in sides)
    wide = np.array([(found.high - found.low) / 2 / true for true, found in sides])

    def at(values: NDArray[np.float64], share: float, digits: int) -> float | None:
        return round(float(np.quantile(values, share)), digits) if len(values) else None

    return {
        "boxes": len(trials),
        "measured": sum(trial.measurement.reason is None for trial in trials),
        "refused": dict(
            Counter(t.measurement.reason for t in trials if t.measurement.reason).most_common()
        ),
        "sides": len(sides),
        "error_mm": {"median": at(off, 0.5, 2), "p95": at(off, 0.95, 2)},
        "error_relative": {"median": at(relative, 0.5, 4), "p95": at(relative, 0.95, 4)},
        "interval_holds": {"count": holds, "of": len(sides)},
        "half_width_relative": {"median": at(wide, 0.5, 4)},
    }


def true_outlines(case: Case, picture: NDArray[np.uint8]) -> list[Shape]:  # noqa: ARG001
    """The true outlines in place of a model's: how good the geometry is by itself."""
    return [
        Shape(shape.label, 1.0, polygon)
        for shape in case.shapes
        if shape.label is Label.PARCEL
        for polygon in shape.polygons
    ]


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder written by `greenpack scenes`")
    parser.add_argument("--split", default="test")
    parser.add_argument("--weights", type=Path, help="default: the shipped")
    parser.add_argument("--true-outlines", action="store_true", help="instead of a model's")
    args = parser.parse_args()
    try:
        found = sized(args.data, args.split, true_outlines if args.true_outlines else _model(args))
    except TruthError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(figures(found), indent=2) + "\n")


def _model(args: argparse.Namespace) -> See:
    from greenpack.vision.detector import Detector

    detector = Detector(args.weights)
    return lambda _, picture: detector.shapes(picture)


if __name__ == "__main__":
    main()
