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
_NO_LENS = np.zeros(4)


def groups_of(evidence: Evidence, gauge: float | None) -> list[str]:
    """What each row of ``rows_of`` tells of."""
    groups = ["edges"] * (2 * len(evidence.edges))
    groups += (["pattern corners"] * 8 + ["pattern size"]) * len(evidence.patterns)
    groups.append("focal length")
    if _size_known(evidence):
        groups.append("known size")
    if gauge is not None:
        groups.append("gauge")
    if evidence.standing is not None:
        groups += ["lean", "lean", "belt height"]
    return groups


def rows_of(
    unknowns: Array, evidence: Evidence, lines: Lines, gauge: float | None
) -> tuple[Array, Array]:
    """Whitened residuals, shape (m,), and their derivatives by the unknowns, shape (m, p).

    Args:
        unknowns: see ``cuboid_fit``, shape (p,).
        evidence: what is known.
        lines: its edges as arrays.
        gauge: the distance held fixed where nothing gives a scale, else None.
    """
    turn, by_turn = cv2.Rodrigues(unknowns[ROTATION])
    rotation = np.asarray(turn, np.float64)
    sizes = np.exp(unknowns[SIZES])
    seen, by = _corners_seen(unknowns, rotation, sizes, evidence)
    at = 2 * len(evidence.edges)
    count = at + 9 * len(evidence.patterns) + 1 + _size_known(evidence) + (gauge is not None)
    count += 3 * (evidence.standing is not None)
    rows, slopes = np.zeros(count), np.zeros((count, len(unknowns)))
    rows[:at], slopes[:at] = lines.whitened(seen, by)
    for index, place in enumerate(evidence.patterns):
        part = slice(8 + 4 * index, 12 + 4 * index)
        error, scale = place.corner_error, CUBOID + 4 * index + 3
        rows[at : at + 8] = (seen[part] - place.corners).ravel() / error
        slopes[at : at + 8] = by[part].reshape(8, -1) / error
        rows[at + 8], slopes[at + 8, scale] = unknowns[scale] / place.size_sd, 1 / place.size_sd
        at += 9
    rows[at] = (unknowns[FOCAL] - log(evidence.focal)) / evidence.focal_sd
    slopes[at, FOCAL] = 1 / evidence.focal_sd
    at += 1
    axis, known, sd = evidence.known_size or (0, None, 1.0)
    if known is not None:
        rows[at], slopes[at, axis] = (unknowns[axis] - log(known)) / sd, 1 / sd
        at += 1
    if gauge is not None:
        distance = float(np.linalg.norm(unknowns[CENTRE]))
        rows[at] = (distance / gauge - 1.0) / 1e-4
        slopes[at, CENTRE] = unknowns[CENTRE] / distance / gauge / 1e-4
        at += 1
    if evidence.standing is not None:
        stand = evidence.standing
        # OpenCV gives the derivative by the rotation vector first, then row and column.
        turned = np.asarray(by_turn, np.float64).reshape(3, 3, 3)[:, :, stand.axis].T
        _stand(rows[at:], slopes[at:], unknowns, rotation, turned, sizes, stand)
    return rows, slopes


def _size_known(evidence: Evidence) -> bool:
    return evidence.known_size is not None and evidence.known_size[1] is not None


def _corners_seen(
    unknowns: Array, rotation: Array, sizes: Array, evidence: Evidence
) -> tuple[Array, Array]:
    """Pixels of the cuboid's corners, then of the patterns', and their derivatives."""
    focal = float(np.exp(unknowns[FOCAL]))
    corners = SIGNS * sizes / 2
    own = [
        place.points(unknowns[CUBOID + 4 * index : CUBOID + 4 * index + 4], sizes)
        for index, place in enumerate(evidence.patterns)
    ]
    points = np.concatenate([corners, *[each[0] for each in own]]) if own else corners
    (cx, cy) = evidence.centre
    matrix = np.array([[focal, 0.0, cx], [0.0, focal, cy], [0.0, 0.0, 1.0]])
    projected, derivatives = cv2.projectPoints(
        points, unknowns[ROTATION], unknowns[CENTRE], matrix, _NO_LENS
    )
    seen = np.asarray(projected, np.float64).reshape(-1, 2)
    raw = np.asarray(derivatives, np.float64).reshape(len(points), 2, -1)
    by = np.zeros((len(points), 2, len(unknowns)))
    by[:, :, 3:9] = raw[:, :, 0:6]  # rotation and centre
    by[:, :, FOCAL] = seen - evidence.centre
    by_point = raw[:, :, 3:6] @ rotation
    by[:8, :, SIZES] = by_point[:8] * corners[:, None, :]
    for index, (_, by_own, by_size) in enumerate(own):
        part = slice(8 + 4 * index, 12 + 4 * index)
        first = CUBOID + 4 * index
        by[part, :, first : first + 4] = by_point[part] @ by_own
        by[part, :, SIZES] = by_point[part] @ by_size
    return seen, by


def _stand(
    rows: Array, slopes: Array, unknowns: Array, rotation: Array, turned: Array, sizes: Array,
    standing: Standing,
) -> None:  # fmt: skip
    """Fill the rows of a cuboid that stands upright on a plane: lean twice, and height."""
    axis, up = standing.axis, standing.sign
    leaning, by_turn = standing.frame @ rotation[:, axis] * up, standing.frame @ turned * up
    normal, half = standing.frame[2], sizes[axis] / 2
    rows[:2], slopes[:2, ROTATION] = leaning[:2], by_turn[:2]
    away = normal @ unknowns[CENTRE] - leaning[2] * half
    rows[2] = away - standing.distance / standing.distance_sd
    slopes[2, CENTRE], slopes[2, ROTATION] = normal, by_turn[2] * -half
    slopes[2, axis] = -leaning[2] * half
