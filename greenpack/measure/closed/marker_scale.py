"""The scale that printed ArUco markers give, whose sizes were set by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from greenpack.measure.closed.marker_outline import marker_outline
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.closed.sheet_sides import side_lengths
from greenpack.measure.projective import Array, region

SIZE_ERROR = 0.005
"""95 % half width of a marker's side, relative to it: a quarter of a millimetre at 50 mm, what a
ruler tells. The size set must be the printed one, measured: office printers scale pages to fit."""
_LEAST_SIDE = 16.0
# Pixels: about the middle of the windows that OpenCV takes thresholds in, 3, 13 and 23.
_WINDOW = 11
# A marker on the belt is hidden where the parcel stands before it, and one on a face ends with the
# face: what is seen whole lies on one side of the silhouette, but for the outline's own coarseness.
_ON_FACE = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Marker:
    """A marker seen in the picture.

    Attributes:
        id: its number in the dictionary.
        corners: shape (4, 2), pixels, clockwise from the marker's own upper left.
    """

    id: int
    corners: Array


def markers(gray: NDArray[np.uint8], dictionary: int = cv2.aruco.DICT_4X4_100) -> list[Marker]:
    """All markers of a dictionary in the picture, corners to a few pixels.

    The low dictionaries are parts of the high ones: DICT_4X4_100 holds DICT_4X4_50's markers under
    the same ids. A marker seen twice (printed twice) is given twice.

    They are searched at half the picture's size, which finds those of about 28 pixels or more.
    Their sides, searched from there at full size, come out the same as from corners found at full
    size (``marker_outline``). Only where there are none the picture is searched at full size, with
    one window for the threshold instead of three: that takes a third of the time and found 282 of
    the 283 markers that three find of 305 rendered ones.

    Args:
        gray: shape (h, w), 0 to 255.
        dictionary: one of OpenCV's ``cv2.aruco.DICT_*``.
    """
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    # The window follows the marker's own modules, so that small ones are not refined into others.
    settings.relativeCornerRefinmentWinSize = 0.3
    settings.cornerRefinementWinSize = 5
    settings.cornerRefinementMaxIterations = 50
    settings.cornerRefinementMinAccuracy = 0.01
    known = cv2.aruco.getPredefinedDictionary(dictionary)
    detector = cv2.aruco.ArucoDetector(known, settings)
    half = np.asarray(
        cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
    )
    # Pixel centres lie at whole numbers at both sizes.
    near = [Marker(each.id, 2 * each.corners + 0.5) for each in _detected(detector, half)]
    if near:
        return near
    settings.adaptiveThreshWinSizeMin = settings.adaptiveThreshWinSizeMax = _WINDOW
    return _detected(cv2.aruco.ArucoDetector(known, settings), gray)


def _detected(detector: cv2.aruco.ArucoDetector, gray: NDArray[np.uint8]) -> list[Marker]:
    corners, ids, _ = detector.detectMarkers(gray)
    if ids is None:
        return []
    return [
        Marker(int(number), np.asarray(found, float).reshape(4, 2))
        for number, found in zip(np.ravel(ids), corners, strict=True)
    ]


def marker_patterns(
    gray: NDArray[np.uint8],
    sizes: Mapping[int, float],
    parcel: Array | None,
    dictionary: int = cv2.aruco.DICT_4X4_100,
    size_error: float = SIZE_ERROR,
) -> list[PlanarPattern]:
    """The markers of known size, with the plane each lies on.

    Left out are markers without a size, those across the edge of the parcel's silhouette, of which
    nobody can say what they lie on, ids seen more than once, markers of less than 16 pixels, and
    those of which a side is not seen as a line.

    Args:
        gray: shape (h, w), 0 to 255.
        sizes: side of the black square in millimetres, by id.
        parcel: shape (n, 2), pixels; the parcel's silhouette. None where no parcel is seen: then
            nothing but the belt carries markers.
        dictionary: one of OpenCV's ``cv2.aruco.DICT_*``.
        size_error: 95 % half width of the sizes, relative.
    """
    found = markers(gray, dictionary)
    ids = [marker.id for marker in found]
    patterns = []
    for marker in found:
        sides = side_lengths(marker.corners)
        if marker.id not in sizes or ids.count(marker.id) > 1 or sides.min() < _LEAST_SIDE:
            continue
        plane = _plane(marker.corners, parcel)
        outline = None if plane is None else marker_outline(gray, marker.corners)
        if plane is None or outline is None:
            continue
        corners, error = outline
        patterns.append(
            PlanarPattern(
                source=ScaleSource.MARKER,
                corners=corners,
                size=(sizes[marker.id], sizes[marker.id]),
                size_error=size_error,
                corner_error=error,
                on=plane,
                name=f"marker {marker.id}",
            )
        )
    return patterns


def _plane(corners: Array, parcel: Array | None) -> Literal["belt", "face"] | None:
    if parcel is None:
        return "belt"
    marker = Polygon(corners)
    within = float(region([parcel]).intersection(marker).area / marker.area)
    if within >= _ON_FACE:
        return "face"
    return "belt" if within <= 1 - _ON_FACE else None
