"""Holds the proportions of closed parcels on photographs against corners that people marked.

`python -m greenpack.training.evaluation.proportions FOLDER CORNERS.json --marker ID=MM`

For photographs of boxes whose sizes nobody published: from the eight marked corners follow the
true proportions, from the product's measurement those it found. CORNERS.json is a list of
`{"file", "objects": [{"label", "polygon"}], "corners_published": [[x, y] * 8]}`, corners in pixels
of the upright photo and in any order. Measured is twice: by the model's outline of the parcel, and
by the one that was marked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from greenpack.closed_photo import measure_closed_photo
from greenpack.examination import measure_settings
from greenpack.intake.barcode import read_waybill_codes
from greenpack.intake.photo import Photo, decode_photo
from greenpack.measure.measurement import Measurement
from greenpack.measure.projective import Array
from greenpack.measure.several_sizes import SIDES
from greenpack.settings import Settings
from greenpack.training.evaluation.truth import TruthError, read_json
from greenpack.vision.detector import Detector
from greenpack.vision.shapes import Label, Shape

# The corners of a unit cube, the first at its origin.
_CUBE = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], np.float64)
_MOST_OFF = 0.02


@dataclass(frozen=True, slots=True)
class Proportions:
    """The sides of a cuboid, longest first, over its longest.

    Attributes:
        sides: three values, the first 1.
        off: root mean square distance of the corners from a cuboid's projection, over the
            cuboid's own extent in the picture: what the marks themselves are good for.
    """

    sides: tuple[float, float, float]
    off: float


def proportions_of(corners: Array, focal: float | None, centre: tuple[float, float]) -> Proportions:
    """The proportions of the cuboid whose corners are seen there.

    A projection is fitted to the eight corners by the direct linear transform, for every way of
    taking them for a cube's; the right way fits best. Its columns are the images of the three
    edge directions, K r_i s_i, so the sides s_i are the norms of K^-1 times them. Without a known
    focal length that follows from the directions being square to each other (Hartley and
    Zisserman, Multiple View Geometry, 2004, 7.1 and 8.8).

    Args:
        corners: shape (8, 2), pixels, in any order, all eight, the hidden ones too.
        focal: focal length in pixels, or None.
        centre: of the picture, pixels; the lens is taken as centred and free of distortion.

    Raises:
        TruthError: if they are no cuboid's.
    """
    scale = float(np.ptp(corners, axis=0).max())
    points = (corners - centre) / scale
    best, matrix = min(
        (_projection(points[[0, *order]]) for order in _orders()), key=lambda found: found[0]
    )
    if best > _MOST_OFF:
        raise TruthError(f"the corners are those of no cuboid: {best:.1%} off")
    directions = matrix[:, :3]
    length = _focal(directions) if focal is None else focal / scale
    sides = np.linalg.norm(directions / np.array([[length], [length], [1.0]]), axis=0)
    return Proportions(_ordered(sides), best)


def _orders() -> list[tuple[int, ...]]:
    """Corners 1 to 7 as the cube's, each cube once: its three edge directions are alike."""
    return [
        (a, b, c, d, e, f, g)
        for a, b, c, d, e, f, g in permutations(range(1, 8))
        if a < b < d  # the cube's corners 1, 2 and 4: one step from the first
    ]


def _projection(points: Array) -> tuple[float, Array]:
    """The projection (3, 4) that takes the cube's corners to the points best, and how far off."""
    rows = []
    for solid, (x, y) in zip(np.c_[_CUBE, np.ones(8)], points, strict=True):
        rows += [[*solid, 0, 0, 0, 0, *(-x * solid)], [0, 0, 0, 0, *solid, *(-y * solid)]]
    matrix = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 4)
    seen = np.c_[_CUBE, np.ones(8)] @ matrix.T
    if (np.abs(seen[:, 2]) < 1e-9).any() or len(set(np.sign(seen[:, 2]))) > 1:
        return np.inf, matrix
    off = seen[:, :2] / seen[:, 2:] - points
    return float(np.sqrt((off**2).sum(axis=1).mean())), matrix


def _focal(directions: Array) -> float:
    """Focal length from three directions that are square to each other, least squares."""
    pairs = [(0, 1), (0, 2), (1, 2)]
    flat = np.array([directions[:2, i] @ directions[:2, j] for i, j in pairs])
    deep = np.array([directions[2, i] * directions[2, j] for i, j in pairs])
    squared = -float(flat @ flat) / float(flat @ deep)
    if not squared > 0:
        raise TruthError("the corners tell no focal length: the box is seen from straight above")
    return float(np.sqrt(squared))


def _ordered(sides: Array) -> tuple[float, float, float]:
    long, middle, short = sorted((float(side) for side in sides), reverse=True)
    return (1.0, middle / long, short / long)


def compared(
    folder: Path, marked: Sequence[Mapping[str, Any]], markers: dict[int, float], detector: Detector
) -> list[dict[str, Any]]:
    """Each photo's true and measured proportions, or why there are none.

    Args:
        folder: where the photos lie.
        marked: as described above.
        markers: sides of ArUco markers in millimetres; any will do, proportions need no scale.
        detector: gives the shapes.

    Raises:
        TruthError: where the corners are no cuboid's.
    """
    settings = Settings(markers=markers)
    using = measure_settings(settings, detector.weights)
    found = []
    for one in marked:
        file = folder / one["file"]
        photo = decode_photo(
            file.name,
            file.read_bytes(),
            limits=settings.limits,
            camera_timezone=settings.camera_zone,
        )
        centre = ((photo.width - 1) / 2, (photo.height - 1) / 2)
        focal = None if photo.focal_ratio is None else photo.focal_ratio * max(2 * np.array(centre))
        corners = np.array(one["corners_published"], np.float64)
        true = proportions_of(corners, focal, centre)
        gray = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        codes = read_waybill_codes(gray)
        row = {
            "photo": file.name,
            "by_corners": [round(side, 4) for side in true.sides],
            "corners_off": round(true.off, 4),
        }
        for name, shapes in (
            ("by_model", detector.shapes(photo.pixels)),
            ("by_marked_outline", _marked(one, photo)),
        ):
            row[name] = _told(measure_closed_photo(photo, gray, shapes, codes, using), true)
        found.append(row)
    return found


def _marked(one: Mapping[str, Any], photo: Photo) -> list[Shape]:
    return [
        Shape(Label.PARCEL, 1.0, np.array(thing["polygon"], np.float64) * photo.scale)
        for thing in one["objects"]
        if thing["label"] == "parcel"
    ]


def _told(measured: Measurement, true: Proportions) -> dict[str, Any]:
    if measured.reason is not None:
        return {"reason": measured.reason}
    values = [measured.quantities[s].value for s in SIDES if s in measured.quantities]
    if len(values) < 3 or None in values:
        return {"reason": "faces_not_seen"}
    sides = _ordered(np.array(values, np.float64))
    errors = [found / side - 1 for found, side in zip(sides, true.sides, strict=True)][1:]
    return {
        "sides": [round(side, 4) for side in sides],
        "relative_errors": [round(error, 4) for error in errors],
    }


def _marker(text: str) -> tuple[int, float]:
    number, _, size = text.partition("=")
    return int(number), float(size)


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corners", type=Path)
    parser.add_argument("--marker", type=_marker, action="append", default=[], metavar="ID=MM")
    parser.add_argument("--weights", type=Path, help="default: the shipped")
    args = parser.parse_args()
    try:
        marked = read_json(args.corners)
        rows = compared(args.folder, marked, dict(args.marker), Detector(args.weights))
    except TruthError as error:
        sys.exit(str(error))
    for row in rows:
        sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
