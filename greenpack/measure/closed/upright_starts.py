"""Where a fit starts when one face's direction is known: from the belt, or from a pattern's pose.

With the upright direction and a yaw all three edge directions are known, and with them their
vanishing points. The two lines from a vanishing point that touch the silhouette hold its two sides
in that direction, however rounded the mask's corners are and however short the sides; the cuboid's
place and sizes then follow from linear equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.cuboid_pose import (
    SIGNS,
    Pose,
    Seen,
    edges_seen,
)
from greenpack.measure.closed.evidence import EdgeSeen
from greenpack.measure.closed.outline import Outline, Side, silhouettes_apart
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.projective import Array

Start = tuple[Pose, list[EdgeSeen]]
_MOST_YAWS = 3


def normals_of(
    pattern: PlanarPattern, corners: Array, focal: float, centre: tuple[float, float]
) -> list[Array]:
    """The directions in which a pattern's plane may look, toward the camera; at most two.

    A small square has two poses that look much alike (Collins and Bartoli, Infinitesimal
    plane-based pose estimation, 2014).
    """
    width, height = pattern.size
    model = np.array([[-1, 1, 0], [1, 1, 0], [1, -1, 0], [-1, -1, 0]]) * 0.5
    model = model * [width, height, 1.0]
    matrix = np.array([[focal, 0.0, centre[0]], [0.0, focal, centre[1]], [0.0, 0.0, 1.0]])
    found = cv2.solvePnPGeneric(
        model, corners.reshape(-1, 1, 2), matrix, np.zeros(4), flags=cv2.SOLVEPNP_IPPE
    )
    result = []
    for turn, place in zip(found[1], found[2], strict=True):
        normal = np.asarray(cv2.Rodrigues(turn)[0], np.float64)[:, 2]
        toward = -float(np.sign(normal @ np.asarray(place, np.float64).ravel()) or 1.0)
        result.append(normal * toward)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A cuboid whose sides touch the silhouette.

    Attributes:
        pose: of the cuboid, at distance 1.
        apart: mean distance of its silhouette from the hull, pixels.
        planes: through the camera, that hold its silhouette's edges, normals of shape (6, 3).
        touched: the points of the hull on them, shape (6, 2), pixels.
        corners: its eight corners, shape (8, 2), pixels.
    """

    pose: Pose
    apart: float
    planes: Array
    touched: Array
    corners: Array

    def start(self, cell: float) -> Start:
        """The pose and its silhouette's edges, as a mask with cells of so many pixels has them."""
        loop = self.pose.order
        edges = [
            EdgeSeen(first, second, _line(plane, at, self.corners[[first, second]], cell))
            for first, second, plane, at in zip(
                loop, (*loop[1:], loop[0]), self.planes, self.touched, strict=True
            )
        ]
        return self.pose, edges


def upright_starts(
    hull: Array,
    outlines: Sequence[Outline],
    uprights: Sequence[Array],
    focal: float,
    centre: tuple[float, float],
) -> list[Candidate]:
    """Cuboids with an axis in a known direction that may have this silhouette, the nearest first.

    Any yaw has a cuboid whose sides touch the silhouette; but only the right one's corners are
    where the silhouette's are.

    Args:
        hull: convex hull of the mask, shape (n, 2), ideal pixels.
        outlines: polygons fitted to it; their longer sides tell the yaw.
        uprights: directions that a face that is seen may have, camera frame, shape (3,) each.
        focal: pixels.
        centre: principal point, pixels.
    """
    rays = np.column_stack([(hull - centre) / focal, np.ones(len(hull))])
    middle = rays.mean(axis=0)
    ahead = (rays / np.linalg.norm(rays, axis=1)[:, None]).mean(axis=0)
    found = [_rotations(outlines, upright, focal, centre) for upright in uprights]
    turns = np.concatenate(found) if found else np.empty((0, 3, 3))
    if not len(turns):
        return []
    at, across = _tangents(rays, turns, middle)
    normals = _crossed(turns.transpose(0, 2, 1)[:, :, None], rays[at])
    normals = normals / np.linalg.norm(normals, axis=3)[..., None]
    shown: list[Seen] = []
    for first, second in np.where(ahead @ turns[:, :, :2] > 0, -1, 1).tolist():
        shown += [(first, second, 1), (first, 0, 1), (0, second, 1)]
    turned = np.repeat(np.arange(len(turns)), 3)
    rotations = turns[turned]
    loops = [_loop_of(seen) for seen in shown]
    ends, axes = np.array([loop[0] for loop in loops]), np.array([loop[1] for loop in loops])
    # Of an axis' two silhouette edges, which is on which side of the middle.
    away = (ends.sum(axis=2) @ rotations.transpose(0, 2, 1) * across[turned[:, None], axes]).sum(2)
    edge = turned[:, None], axes, (away > 0).astype(np.intp)
    held, touched = normals[edge], at[edge]
    solutions = _solutions(rotations, ends, held)
    solutions *= np.sign(solutions[:, :3] @ middle)[:, None]
    places, sizes = solutions[:, :3], solutions[:, 3:]
    corners = places[:, None] + (SIGNS * sizes[:, None] / 2) @ rotations.transpose(0, 2, 1)
    eyes = -(places[:, None] @ rotations)[:, 0]
    faces = np.where(np.abs(eyes) > sizes / 2, np.sign(eyes), 0)
    right = (sizes.min(axis=1) > 0.01 * sizes.max(axis=1)) & (corners[:, :, 2].min(axis=1) > 0)
    right &= (faces == np.array(shown)).all(axis=1)
    candidates = []
    for index in np.flatnonzero(right):
        loop = edges_seen(shown[index]).loop
        pixels = corners[index, :, :2] / corners[index, :, 2:] * focal + centre
        pose = Pose(rotations[index], places[index], sizes[index], focal, shown[index], loop)
        apart = silhouettes_apart(pixels[list(loop)], hull)
        candidates.append(Candidate(pose, apart, held[index], hull[touched[index]], pixels))
    return sorted(candidates, key=lambda each: each.apart)


def _rotations(
    outlines: Sequence[Outline], upright: Array, focal: float, centre: tuple[float, float]
) -> Array:
    """The rotations that the outline's sides allow, shape (n, 3, 3): one of them is along a level
    edge."""
    across = np.array([0.0, 0.0, 1.0] if abs(upright[2]) < 0.9 else [1.0, 0.0, 0.0])
    first = _crossed(upright, across)
    first /= np.linalg.norm(first)
    second = _crossed(upright, first)
    starts = np.concatenate([outline.corners for outline in outlines])
    ends = np.concatenate([np.roll(outline.corners, -1, axis=0) for outline in outlines])
    one, other = (
        np.column_stack([(corners - centre) / focal, np.ones(len(corners))])
        for corners in (starts, ends)
    )
    planes = _crossed(one, other)
    along = _crossed(planes, upright)
    norms = np.maximum(np.linalg.norm(planes, axis=1), 1e-12)
    size = np.linalg.norm(along, axis=1) / norms
    yaw = np.arctan2(along @ second, along @ first) % (np.pi / 2)
    lengths = np.linalg.norm(ends - starts, axis=1)
    level = size >= 0.15  # else this side may be an upright edge
    votes = zip((lengths * size)[level].tolist(), yaw[level].tolist(), strict=True)
    yaws: list[float] = []
    for _, each in sorted(votes, reverse=True):
        apart = [abs((each - kept + np.pi / 4) % (np.pi / 2) - np.pi / 4) for kept in yaws]
        if all(turn > 0.06 for turn in apart) and len(yaws) < _MOST_YAWS:
            yaws.append(each)
    level_edge = np.cos(yaws)[:, None] * first + np.sin(yaws)[:, None] * second
    beside = _crossed(upright, level_edge)
    return np.stack([level_edge, beside, np.broadcast_to(upright, beside.shape)], axis=2)


@lru_cache(maxsize=12)
def _loop_of(seen: Seen) -> tuple[Array, NDArray[np.intp]]:
    """Of a silhouette's six edges the signs of both ends, shape (6, 2, 3), and their axes."""
    loop = list(edges_seen(seen).loop)
    ends = np.stack([SIGNS[loop], SIGNS[loop[1:] + loop[:1]]], axis=1)
    return ends, np.argmax(ends[:, 0] != ends[:, 1], axis=1)


def _crossed(first: Array, second: Array) -> Array:
    """Cross products along the last axis; numpy's own takes several times as long."""
    ax, ay, az = first[..., 0], first[..., 1], first[..., 2]
    bx, by, bz = second[..., 0], second[..., 1], second[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def _tangents(rays: Array, rotations: Array, middle: Array) -> tuple[NDArray[np.intp], Array]:
    """For each axis of each rotation the two rays that touch the silhouette, for planes through
    its vanishing point, shape (n, 3, 2), and the direction across it, shape (n, 3, 3)."""
    axes = rotations.transpose(0, 2, 1)
    across = _crossed(axes, middle)
    across = across / np.maximum(np.linalg.norm(across, axis=2), 1e-9)[..., None]
    ahead = _crossed(across, axes)
    angle = np.arctan2(across @ rays.T, ahead @ rays.T)
    return np.stack([np.argmin(angle, axis=2), np.argmax(angle, axis=2)], axis=2), across


def _solutions(rotations: Array, ends: Array, planes: Array) -> Array:
    """Place and sizes of each reading, shape (n, 6), at distance 1: both ends of an edge, with
    signs of shape (n, 6, 2, 3), lie in its plane, normals of shape (n, 6, 3)."""
    rows = np.empty((len(ends), 6, 2, 6))
    rows[..., :3] = planes[:, :, None]
    rows[..., 3:] = (planes @ rotations)[:, :, None] * ends / 2
    systems = rows.reshape(-1, 12, 6)
    least = np.linalg.eigh(systems.transpose(0, 2, 1) @ systems)[1][:, :, 0]
    distance = np.maximum(np.linalg.norm(least[:, :3], axis=1), 1e-12)
    return np.asarray(least / distance[:, None], np.float64)


def _line(plane: Array, at: Array, ends: Array, cell: float) -> Side:
    normal = plane[:2] / np.linalg.norm(plane[:2])
    length = float(np.hypot(*(ends[1] - ends[0])))
    along = np.array([-normal[1], normal[0]])
    middle = at + along * float((ends.mean(axis=0) - at) @ along)
    sd = 0.5 * cell
    return Side(normal, float(normal @ at), middle, sd, 3.5 * sd / max(length, cell), False)
