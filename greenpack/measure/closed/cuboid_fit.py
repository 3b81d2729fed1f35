"""A cuboid fitted to everything seen of it at once, by least squares on what the picture shows.

Unknown are the logarithms of the three sizes, rotation and centre, the logarithm of the focal
length, and for each pattern its place, turn and scale on its face. Every error that matters is
either the noise of an observation or an unknown with a prior, so the Gauss-Newton covariance holds
them all (Hartley and Zisserman, Multiple View Geometry, 2004, 5.2; GUM supplement 2, 6.2), and its
parts by group add up to it: with whitened rows J_g of group g, C = sum over g of C J_g' J_g C.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import cv2
import numpy as np

from greenpack.measure.closed.cuboid_pose import SIGNS, Pose
from greenpack.measure.closed.cuboid_rows import (
    CENTRE,
    FOCAL,
    ROTATION,
    SIZES,
    groups_of,
    rows_of,
)
from greenpack.measure.closed.evidence import Evidence, Lines
from greenpack.measure.projective import Array


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A cuboid with its uncertainty.

    Attributes:
        pose: where it is; sizes in millimetres, or in units of its distance without a scale.
        chi_square: sum of the squared whitened residuals.
        freedom: rows less unknowns.
        covariance: of the logarithms of the three sizes, shape (3, 3).
        edge_residuals: root mean square whitened residual of each edge.
        gains: how the sizes' logarithms follow each whitened row, shape (3, m).
        groups: what each row tells of.
    """

    pose: Pose
    chi_square: float
    freedom: int
    covariance: Array
    edge_residuals: Array
    gains: Array
    groups: Sequence[str]

    @property
    def misfit(self) -> float:
        """Chi-square per degree of freedom; 1 is expected."""
        return self.chi_square / max(self.freedom, 1)

    @property
    def parts(self) -> dict[str, Array]:
        """By group of evidence, its share of the covariance; they add up to it."""
        names = np.array(self.groups)
        return {
            name: self.gains[:, names == name] @ self.gains[:, names == name].T
            for name in dict.fromkeys(self.groups)
        }

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
        axis, known, sd = evidence.known_size
        if known is None:
            evidence = replace(evidence, known_size=(axis, float(np.exp(unknowns[axis])), sd))
        else:
            unknowns[axis] = log(known)
    gauge = None if _has_scale(evidence) else float(np.linalg.norm(start.centre * unit))
    lines = Lines.of(evidence.edges)
    rows, jacobian = rows_of(unknowns, evidence, lines, gauge)
    cost, damping = float(rows @ rows), 1e-3
    for _ in range(rounds):
        normal = jacobian.T @ jacobian
        slope = jacobian.T @ rows
        try:
            damped = normal.copy()
            damped.flat[:: len(normal) + 1] += damping * (normal.diagonal() + 1e-12)
            step = -np.linalg.solve(damped, slope)
        except np.linalg.LinAlgError:
            return None
        # No size changes by more than a factor of two at once.
        largest = float(np.abs(step[SIZES]).max())
        if largest > 0.7:
            step, largest = step * (0.7 / largest), 0.7
        trial = unknowns + step
        new_rows, new_jacobian = rows_of(trial, evidence, lines, gauge)
        new_cost = float(new_rows @ new_rows)
        if np.isfinite(new_cost) and new_cost <= cost:
            gain = cost - new_cost
            unknowns, rows, jacobian, cost = trial, new_rows, new_jacobian, new_cost
            damping = max(damping / 10, 1e-9)
            if gain <= 1e-3 + 1e-5 * cost and largest < 1e-3:
                break
        else:
            damping *= 6
            if damping > 1e7:
                break
    return _finished(start, unknowns, rows, jacobian, groups_of(evidence, gauge), evidence)


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
    scale = 1 / np.sqrt(normal.diagonal() + 1e-30)
    scale = scale[:, None] * scale
    scaled = normal * scale
    try:
        inverse = np.linalg.inv(scaled)
    except np.linalg.LinAlgError:
        return None
    # The product of the norms is the condition number, within a factor of their dimension.
    condition = float(np.vdot(scaled, scaled) * np.vdot(inverse, inverse)) ** 0.5
    if not condition < 1e13:
        return None
    covariance = inverse * scale
    pose = replace(
        start,
        rotation=np.asarray(cv2.Rodrigues(unknowns[ROTATION])[0], np.float64),
        centre=unknowns[CENTRE],
        sizes=np.exp(unknowns[SIZES]),
        focal=float(np.exp(unknowns[FOCAL])),
    )
    count = len(evidence.edges)
    edge_residuals = np.sqrt((rows[: 2 * count].reshape(count, 2) ** 2).sum(axis=1) / 2)
    fit = Fit(
        pose,
        float(rows @ rows),
        len(rows) - len(unknowns),
        covariance[SIZES, SIZES],
        edge_residuals,
        covariance[SIZES] @ jacobian.T,
        groups,
    )
    return fit if (fit.points()[:, 2] > 0).all() else None
