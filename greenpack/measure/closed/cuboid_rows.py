"""How far a cuboid is from all that is known of it: whitened residuals and their derivatives."""

from __future__ import annotations

from math import log

import cv2
import numpy as np

from greenpack.measure.closed.cuboid_pose import SIGNS
from greenpack.measure.closed.evidence import Evidence, Lines, Standing
from greenpack.measure.projective import Array

SIZES, ROTATION, CENTRE, FOCAL = slice(0, 3), slice(3, 6), slice(6, 9), 9
CUBOID = 10  # unknowns before those of the patterns, four each


class Rows:
    """Rows of a least squares problem, gathered group by group."""

    def __init__(self, unknowns: Array) -> None:
        self.unknowns = unknowns
        self.values: list[Array] = []
        self.slopes: list[Array] = []
        self.groups: list[str] = []

    def extend(self, values: Array, slopes: Array, group: str) -> None:
        """Add rows, shape (n,), with their derivatives, shape (n, unknowns)."""
        self.values.append(values)
        self.slopes.append(slopes)
        self.groups += [group] * len(values)

    def add(self, value: float, slope: Array, group: str) -> None:
        """Add one row."""
        self.extend(np.array([value]), slope[None], group)

    def prior(self, at: int, mean: float, sd: float, group: str) -> None:
        """Add the row of an unknown that is known beforehand."""
        slope = np.zeros(len(self.unknowns))
        slope[at] = 1 / sd
        self.add((float(self.unknowns[at]) - mean) / sd, slope, group)

    def joined(self) -> tuple[Array, Array, list[str]]:
        """All values, all derivatives, and each row's group."""
        return np.concatenate(self.values), np.concatenate(self.slopes), self.groups


def rows_of(
    unknowns: Array, evidence: Evidence, lines: Lines, gauge: float | None
) -> tuple[Array, Array, list[str]]:
    """Whitened residuals, their derivatives by the unknowns, and each row's group.

    Args:
        unknowns: see ``cuboid_fit``.
        evidence: what is known.
        lines: its edges as arrays.
        gauge: the distance held fixed where nothing gives a scale, else None.
    """
    sizes = np.exp(unknowns[SIZES])
    seen, by = _corners_seen(unknowns, sizes, evidence)
    rows = Rows(unknowns)
    rows.extend(*lines.whitened(seen, by), "edges")
    for index, place in enumerate(evidence.patterns):
        part = slice(8 + 4 * index, 12 + 4 * index)
        error = place.corner_error
        away = (seen[part] - place.corners).ravel() / error
        rows.extend(away, by[part].reshape(8, -1) / error, "pattern corners")
        rows.prior(CUBOID + 4 * index + 3, 0.0, place.size_sd, "pattern size")
    rows.prior(FOCAL, log(evidence.focal), evidence.focal_sd, "focal length")
    if evidence.known_size is not None:
        axis, known, sd = evidence.known_size
        if known is not None:
            rows.prior(axis, log(known), sd, "known size")
    if gauge is not None:
        distance = float(np.linalg.norm(unknowns[CENTRE]))
        slope = np.zeros(len(unknowns))
        slope[CENTRE] = unknowns[CENTRE] / distance / gauge / 1e-4
        rows.add((distance / gauge - 1.0) / 1e-4, slope, "gauge")
    if evidence.standing is not None:
        _stand(rows, sizes, evidence.standing)
    return rows.joined()


def _corners_seen(unknowns: Array, sizes: Array, evidence: Evidence) -> tuple[Array, Array]:
    """Pixels of the cuboid's corners, then of the patterns', and their derivatives."""
    focal = float(np.exp(unknowns[FOCAL]))
    rotation = np.asarray(cv2.Rodrigues(unknowns[ROTATION])[0], np.float64)
    corners = SIGNS * sizes / 2
    own = [
        place.points(unknowns[CUBOID + 4 * index : CUBOID + 4 * index + 4], sizes)
        for index, place in enumerate(evidence.patterns)
    ]
    points = np.concatenate([corners, *[each[0] for each in own]])
    (cx, cy) = evidence.centre
    matrix = np.array([[focal, 0.0, cx], [0.0, focal, cy], [0.0, 0.0, 1.0]])
    projected, raw = cv2.projectPoints(
        points, unknowns[ROTATION], unknowns[CENTRE], matrix, np.zeros(4)
    )
    seen = np.asarray(projected, np.float64).reshape(-1, 2)
    raw = np.asarray(raw, np.float64).reshape(len(points), 2, -1)
    by = np.zeros((len(points), 2, len(unknowns)))
    by[:, :, ROTATION], by[:, :, CENTRE] = raw[:, :, 0:3], raw[:, :, 3:6]
    by[:, :, FOCAL] = seen - (cx, cy)
    by_point = raw[:, :, 3:6] @ rotation
    by[:8, :, SIZES] = by_point[:8] * corners[:, None, :]
    for index, (_, by_own, by_size) in enumerate(own):
        part = slice(8 + 4 * index, 12 + 4 * index)
        first = CUBOID + 4 * index
        by[part, :, first : first + 4] = by_point[part] @ by_own
        by[part, :, SIZES] = by_point[part] @ by_size
    return seen, by


def _stand(rows: Rows, sizes: Array, standing: Standing) -> None:
    """The rows of a cuboid that stands upright on a plane."""
    axis, up = standing.axis, standing.sign
    unknowns = rows.unknowns
    rotation, turned = cv2.Rodrigues(unknowns[ROTATION])
    upright = np.asarray(rotation, np.float64)[:, axis] * up
    # OpenCV gives the derivative by the rotation vector first, then row and column.
    by_turn = np.asarray(turned, np.float64).reshape(3, 3, 3)[:, :, axis].T * up
    for direction in standing.across:
        slope = np.zeros(len(unknowns))
        slope[ROTATION] = direction @ by_turn / standing.tilt_sd
        rows.add(float(direction @ upright) / standing.tilt_sd, slope, "lean")
    base = unknowns[CENTRE] - upright * sizes[axis] / 2
    slope = np.zeros(len(unknowns))
    slope[CENTRE] = standing.normal
    slope[ROTATION] = -(standing.normal @ by_turn) * sizes[axis] / 2
    slope[axis] = -float(standing.normal @ upright) * sizes[axis] / 2
    away = float(standing.normal @ base) - standing.distance
    rows.add(away / standing.distance_sd, slope / standing.distance_sd, "belt height")
