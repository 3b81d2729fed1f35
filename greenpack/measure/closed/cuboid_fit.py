"""A cuboid fitted to everything seen of it at once, by least squares on what the picture shows.

Unknown are the logarithms of the three sizes, rotation and centre, the logarithm of the focal
length, and for each pattern its place, turn and scale on its face. Every error that matters is
either the noise of an observation or an unknown with a prior, so the Gauss-Newton covariance holds
them all (Hartley and Zisserman, Multiple View Geometry, 2004, 5.2; GUM supplement 2, 6.2), and its
parts by group add up to it: with whitened rows J_g of group g, C = sum over g of C J_g' J_g C.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log

import cv2
import numpy as np

from greenpack.measure.closed.cuboid_pose import SIGNS, Pose
from greenpack.measure.closed.outline import Side
from greenpack.measure.closed.pattern_place import PatternPlace
from greenpack.measure.projective import Array

SIZES, ROTATION, CENTRE, FOCAL = slice(0, 3), slice(3, 6), slice(6, 9), 9
CUBOID = 10  # unknowns before those of the patterns, four each


@dataclass(frozen=True, slots=True, eq=False)
class EdgeSeen:
    """An edge of the cuboid, from one corner to another, and the line it was seen on."""

    first: int
    second: int
    line: Side


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The cuboid stands on a known plane.

    Attributes:
        axis: which of its axes is upright.
        sign: on which side of that axis its top is.
        normal: the plane's, upwards, camera frame, shape (3,).
        across: two directions in the plane, shape (2, 3).
        distance: ``normal @ point`` of the plane's points, millimetres (negative).
        distance_sd: its standard deviation, millimetres.
        tilt_sd: how far the cuboid may lean, standard deviation, radians.
    """

    axis: int
    sign: int
    normal: Array
    across: Array
    distance: float
    distance_sd: float
    tilt_sd: float


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All that is known of one cuboid; see the module's text for how it is put together.

    Attributes:
        edges: what was seen of its edges.
        centre: the ideal camera's principal point, pixels.
        focal: expected focal length, pixels.
        focal_sd: relative standard deviation of it.
        patterns: rectangles of known size on its faces, or on what it stands on.
        standing: the plane it stands on, where that is calibrated.
        known_size: (axis, millimetres, relative standard deviation) of a size known otherwise.
    """

    edges: Sequence[EdgeSeen]
    centre: tuple[float, float]
    focal: float
    focal_sd: float
    patterns: Sequence[PatternPlace] = ()
    standing: Standing | None = None
    known_size: tuple[int, float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A cuboid with its uncertainty.

    Attributes:
        pose: where it is; sizes in millimetres, or in units of its distance without a scale.
        chi_square: sum of the squared whitened residuals.
        freedom: rows less unknowns.
        covariance: of the logarithms of the three sizes, shape (3, 3).
        parts: by group of evidence, its share of that covariance; they add up to it.
        edge_residuals: root mean square whitened residual of each edge.
    """

    pose: Pose
    chi_square: float
    freedom: int
    covariance: Array
    parts: Mapping[str, Array] = field(default_factory=dict)
    edge_residuals: Array = field(default_factory=lambda: np.empty(0))

    @property
    def misfit(self) -> float:
        """Chi-square per degree of freedom; 1 is expected."""
        return self.chi_square / max(self.freedom, 1)

    def corners(self, centre: tuple[float, float]) -> Array:
        """The eight corners in pixels of the ideal camera, shape (8, 2), in the order of SIGNS."""
        seen = self.points()
        return np.asarray(self.pose.focal * seen[:, :2] / seen[:, 2:] + centre, np.float64)

    def points(self) -> Array:
        """The eight corners in the camera frame, shape (8, 3)."""
        pose = self.pose
        return pose.centre + (SIGNS * pose.sizes / 2) @ pose.rotation.T


def fit_cuboid(start: Pose, evidence: Evidence, rounds: int = 25) -> Fit | None:
    """Fit a cuboid by Levenberg and Marquardt's method, from one start.

    Returns:
        The fit, or None where it does not settle on a cuboid before the camera.
    """
    placed = [place.started(start) for place in evidence.patterns]
    unit = _unit(start, evidence, [scale for scale, _ in placed])
    unknowns = np.concatenate(
        [
            np.log(start.sizes * unit),
            cv2.Rodrigues(start.rotation)[0].ravel(),
            start.centre * unit,
            [log(start.focal)],
            *[np.array([u * unit, v * unit, turn, 0.0]) for _, (u, v, turn) in placed],
        ]
    )
    if evidence.known_size is not None:
        unknowns[evidence.known_size[0]] = log(evidence.known_size[1])
    gauge = None if _has_scale(evidence) else float(np.linalg.norm(start.centre * unit))
    rows, jacobian, groups = _rows(unknowns, evidence, gauge)
    cost, damping = float(rows @ rows), 1e-3
    for _ in range(rounds):
        normal = jacobian.T @ jacobian
        slope = jacobian.T @ rows
        try:
            step = -np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-12), slope)
        except np.linalg.LinAlgError:
            return None
        # No size changes by more than a factor of two at once.
        step *= min(1.0, 0.7 / max(float(np.abs(step[SIZES]).max()), 1e-9))
        trial = unknowns + step
        new_rows, new_jacobian, groups = _rows(trial, evidence, gauge)
        new_cost = float(new_rows @ new_rows)
        if np.isfinite(new_cost) and new_cost <= cost:
            gain = cost - new_cost
            unknowns, rows, jacobian, cost = trial, new_rows, new_jacobian, new_cost
            damping = max(damping / 10, 1e-9)
            if gain <= 1e-5 * (1.0 + 1e-3 * cost) and float(np.abs(step[SIZES]).max()) < 1e-4:
                break
        else:
            damping *= 6
            if damping > 1e7:
                break
    return _finished(start, unknowns, rows, jacobian, groups, evidence)


def _unit(start: Pose, evidence: Evidence, pattern_scales: Sequence[float]) -> float:
    """Millimetres per unit of the start."""
    if pattern_scales:
        return float(np.median(pattern_scales))
    standing = evidence.standing
    if standing is not None:
        side = start.rotation[:, standing.axis] * standing.sign * start.sizes[standing.axis] / 2
        base = float(standing.normal @ (start.centre - side))
        return standing.distance / base if base < 0 else 1000.0
    return 1.0


def _has_scale(evidence: Evidence) -> bool:
    return bool(evidence.patterns or evidence.standing)


def _finished(
    start: Pose, unknowns: Array, rows: Array, jacobian: Array, groups: list[str],
    evidence: Evidence,
) -> Fit | None:  # fmt: skip
    normal = jacobian.T @ jacobian
    scale = 1 / np.sqrt(np.diag(normal) + 1e-30)
    scaled = normal * scale[:, None] * scale
    if not np.isfinite(scaled).all() or np.linalg.cond(scaled) > 1e13:
        return None
    covariance = np.linalg.inv(scaled) * scale[:, None] * scale
    weighted = covariance[SIZES] @ jacobian.T
    names = np.array(groups)
    parts = {
        name: weighted[:, names == name] @ weighted[:, names == name].T
        for name in dict.fromkeys(groups)
    }
    pose = replace(
        start,
        rotation=np.asarray(cv2.Rodrigues(unknowns[ROTATION])[0], np.float64),
        centre=unknowns[CENTRE],
        sizes=np.exp(unknowns[SIZES]),
        focal=float(np.exp(unknowns[FOCAL])),
    )
    count = len(evidence.edges)
    edge_residuals = np.sqrt((rows[: 2 * count].reshape(count, 2) ** 2).mean(axis=1))
    fit = Fit(
        pose,
        float(rows @ rows),
        len(rows) - len(unknowns),
        covariance[SIZES, SIZES],
        parts,
        edge_residuals,
    )
    return fit if (fit.points()[:, 2] > 0).all() else None


def _rows(
    unknowns: Array, evidence: Evidence, gauge: float | None
) -> tuple[Array, Array, list[str]]:
    """Whitened residuals, their derivatives by the unknowns, and each row's group."""
    sizes = np.exp(unknowns[SIZES])
    focal = float(np.exp(unknowns[FOCAL]))
    rotation, by_turn = cv2.Rodrigues(unknowns[ROTATION])
    corners = SIGNS * sizes / 2
    local = [corners]
    offset = CUBOID
    inner_derivatives = []
    for place in evidence.patterns:
        points, by_own, by_size = place.points(unknowns[offset : offset + 4], sizes)
        local.append(points)
        inner_derivatives.append((offset, by_own, by_size))
        offset += 4
    matrix = np.array(
        [[focal, 0.0, evidence.centre[0]], [0.0, focal, evidence.centre[1]], [0.0, 0.0, 1.0]]
    )
    points = np.concatenate(local)
    seen, raw = cv2.projectPoints(
        points, unknowns[ROTATION], unknowns[CENTRE], matrix, np.zeros(4)
    )
    seen = seen.reshape(-1, 2)
    raw = raw.reshape(-1, 2, raw.shape[1])
    by = np.zeros((len(points), 2, len(unknowns)))
    by[:, :, ROTATION], by[:, :, CENTRE] = raw[:, :, 0:3], raw[:, :, 3:6]
    by[:, :, FOCAL] = seen - evidence.centre
    by_point = raw[:, :, 3:6] @ rotation
    by[:8, :, SIZES] = by_point[:8] * corners[:, None, :]
    start = 8
    for own, by_own, by_size in inner_derivatives:
        block = by_point[start : start + 4]
        by[start : start + 4, :, own : own + 4] = block @ by_own
        by[start : start + 4, :, SIZES] = block @ by_size
        start += 4

    edges = evidence.edges
    ends = np.array([(edge.first, edge.second) for edge in edges]).reshape(-1, 2)
    normals = np.array([edge.line.normal for edge in edges]).reshape(-1, 2)
    offsets = np.array([edge.line.offset for edge in edges])
    # Where along its line an edge ends decides what the line's angle does to it.
    whitening = np.array(
        [edge.line.whitening(seen[[edge.first, edge.second]]) for edge in edges]
    ).reshape(-1, 2, 2)
    away = np.einsum("eij,ej->ei", seen[ends], normals) - offsets[:, None]
    slopes = np.einsum("eijp,ej->eip", by[ends], normals)
    rows = [(whitening @ away[:, :, None]).ravel()]
    derivatives = [(whitening @ slopes).reshape(-1, len(unknowns))]
    groups = ["edges"] * (2 * len(edges))

    def add(value: float, derivative: Array, group: str) -> None:
        rows.append(np.array([value]))
        derivatives.append(derivative[None])
        groups.append(group)

    start = 8
    for (own, _, _), place in zip(inner_derivatives, evidence.patterns, strict=True):
        error = place.corner_error
        rows.append((seen[start : start + 4] - place.corners).ravel() / error)
        derivatives.append(by[start : start + 4].reshape(8, -1) / error)
        groups += ["pattern corners"] * 8
        add(unknowns[own + 3] / place.size_sd, _one(unknowns, own + 3, place.size_sd), "pattern size")
        start += 4
    add(
        (unknowns[FOCAL] - log(evidence.focal)) / evidence.focal_sd,
        _one(unknowns, FOCAL, evidence.focal_sd),
        "focal length",
    )
    if evidence.known_size is not None:
        axis, known, sd = evidence.known_size
        add((unknowns[axis] - log(known)) / sd, _one(unknowns, axis, sd), "known size")
    if gauge is not None:
        distance = float(np.linalg.norm(unknowns[CENTRE]))
        slope = np.zeros(len(unknowns))
        slope[CENTRE] = unknowns[CENTRE] / distance / gauge / 1e-4
        add((distance / gauge - 1.0) / 1e-4, slope, "gauge")
    if evidence.standing is not None:
        turned = by_turn.reshape(3, 3, 3)  # by rotation vector; row, column of the rotation
        _stand(unknowns, sizes, rotation, turned, evidence.standing, add)
    return np.concatenate(rows), np.concatenate(derivatives), groups


def _one(unknowns: Array, at: int, sd: float) -> Array:
    slope = np.zeros(len(unknowns))
    slope[at] = 1 / sd
    return slope


def _stand(
    unknowns: Array, sizes: Array, rotation: Array, turned: Array, standing: Standing, add
) -> None:
    """The rows of a cuboid that stands upright on a plane."""
    axis, up = standing.axis, standing.sign
    upright = rotation[:, axis] * up
    by_turn = turned[:, :, axis].T * up  # shape (3, rotation vector)
    for direction in standing.across:
        slope = np.zeros(len(unknowns))
        slope[ROTATION] = direction @ by_turn / standing.tilt_sd
        add(float(direction @ upright) / standing.tilt_sd, slope, "lean")
    base = unknowns[CENTRE] - upright * sizes[axis] / 2
    slope = np.zeros(len(unknowns))
    slope[CENTRE] = standing.normal
    slope[ROTATION] = -(standing.normal @ by_turn) * sizes[axis] / 2
    slope[axis] = -float(standing.normal @ upright) * sizes[axis] / 2
    add(
        (float(standing.normal @ base) - standing.distance) / standing.distance_sd,
        slope / standing.distance_sd,
        "belt height",
    )
