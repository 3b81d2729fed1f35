"""Where a fit starts when one face's direction is known: from the belt, or from a pattern's pose.

With the upright direction and a yaw all three edge directions are known, and with them their
vanishing points. The two lines from a vanishing point that touch the silhouette hold its two sides
in that direction, however rounded the mask's corners are and however short the sides; the cuboid's
place and sizes then follow from linear equations.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from greenpack.measure.closed.cuboid_pose import (
    SIGNS,
    Pose,
    Seen,
    edges_seen,
    faces_seen,
)
from greenpack.measure.closed.evidence import EdgeSeen
from greenpack.measure.closed.outline import Outline, Side
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


def upright_starts(
    hull: Array,
    outlines: Sequence[Outline],
    upright: Array,
    focal: float,
    centre: tuple[float, float],
    cell: float,
) -> list[Start]:
    """Cuboids with an axis in a known direction that may have this silhouette, the best first.

    Args:
        hull: convex hull of the mask, shape (n, 2), ideal pixels.
        outlines: polygons fitted to it; their longer sides tell the yaw.
        upright: direction of a face that is seen, camera frame, shape (3,).
        focal: pixels.
        centre: principal point, pixels.
        cell: how coarse the mask is, pixels.
    """
    rays = np.column_stack([(hull - centre) / focal, np.ones(len(hull))])
    found = []
    for rotation in _rotations(outlines, upright, focal, centre):
        touching = [_tangents(rays, rotation[:, axis]) for axis in range(3)]
        ahead = -rotation.T @ (rays / np.linalg.norm(rays, axis=1)[:, None]).mean(axis=0)
        sides = (int(np.sign(ahead[0]) or 1), int(np.sign(ahead[1]) or 1))
        for seen in ((*sides, 1), (sides[0], 0, 1), (0, sides[1], 1)):
            start = _solved(rays, hull, rotation, touching, seen, focal, centre, cell)
            if start is not None:
                found.append(start)
    found.sort(key=lambda each: each[0])
    return [start for _, start in found]


def _rotations(
    outlines: Sequence[Outline], upright: Array, focal: float, centre: tuple[float, float]
) -> list[Array]:
    """The rotations that the outline's sides allow: one of them is along a level edge."""
    votes: list[tuple[float, float]] = []
    first = np.cross(upright, [0.0, 0.0, 1.0] if abs(upright[2]) < 0.9 else [1.0, 0.0, 0.0])
    first /= np.linalg.norm(first)
    second = np.cross(upright, first)
    for outline in outlines:
        ends = np.roll(outline.corners, -1, axis=0)
        for start, end in zip(outline.corners, ends, strict=True):
            plane = np.cross(
                np.r_[(start - centre) / focal, 1.0], np.r_[(end - centre) / focal, 1.0]
            )
            along = np.cross(plane, upright)
            size = float(np.linalg.norm(along)) / max(float(np.linalg.norm(plane)), 1e-12)
            if size < 0.15:
                continue  # this side may be an upright edge
            yaw = float(np.arctan2(along @ second, along @ first)) % (np.pi / 2)
            votes.append((float(np.hypot(*(end - start))) * size, yaw))
    votes.sort(reverse=True)
    yaws: list[float] = []
    for _, yaw in votes:
        apart = [abs((yaw - other + np.pi / 4) % (np.pi / 2) - np.pi / 4) for other in yaws]
        if all(each > 0.06 for each in apart) and len(yaws) < _MOST_YAWS:
            yaws.append(yaw)
    result = []
    for yaw in yaws:
        along = np.cos(yaw) * first + np.sin(yaw) * second
        result.append(np.column_stack([along, np.cross(upright, along), upright]))
    return result


def _tangents(rays: Array, axis: Array) -> tuple[int, int]:
    """The two rays that touch the silhouette for planes through an axis' vanishing point."""
    middle = rays.mean(axis=0)
    across = np.cross(axis, middle)
    norm = float(np.linalg.norm(across))
    if norm < 1e-9:
        return 0, 0
    across /= norm
    ahead = np.cross(across, axis)
    angle = np.arctan2(rays @ across, rays @ ahead)
    return int(np.argmin(angle)), int(np.argmax(angle))


def _solved(
    rays: Array,
    hull: Array,
    rotation: Array,
    touching: list[tuple[int, int]],
    seen: Seen,
    focal: float,
    centre: tuple[float, float],
    cell: float,
) -> tuple[float, Start] | None:
    """Place and sizes from the six tangent planes; both ends of an edge lie in its plane."""
    loop = edges_seen(seen).loop
    rows, edges = [], []
    middle = rays.mean(axis=0)
    for first, second in zip(loop, (*loop[1:], loop[0]), strict=True):
        axis = int(np.flatnonzero(SIGNS[first] != SIGNS[second])[0])
        direction = rotation[:, axis]
        across = np.cross(direction, middle)
        # Of an axis' two silhouette edges, which is on which side of the middle.
        side = float((rotation @ (SIGNS[first] + SIGNS[second])) @ across)
        at = touching[axis][1 if side > 0 else 0]
        plane = np.cross(direction, rays[at])
        plane /= np.linalg.norm(plane)
        for corner in (first, second):
            rows.append(np.r_[plane, (plane @ rotation) * SIGNS[corner] / 2])
        edges.append((first, second, plane, hull[at]))
    solution = np.linalg.svd(np.array(rows))[2][-1]
    if solution[:3] @ middle < 0:
        solution = -solution
    solution = solution / np.linalg.norm(solution[:3])
    place, sizes = solution[:3], solution[3:]
    if sizes.min() <= 0.01 * sizes.max():
        return None
    if faces_seen(rotation, place, sizes) != seen:
        return None
    pose = Pose(rotation, place, sizes, focal, seen, loop)
    corners = place + (SIGNS * sizes / 2) @ rotation.T
    if corners[:, 2].min() <= 0:
        return None
    pixels = corners[:, :2] / corners[:, 2:] * focal + centre
    found = [
        EdgeSeen(first, second, _line(plane, at, pixels[[first, second]], cell))
        for first, second, plane, at in edges
    ]
    off = float(np.linalg.norm(np.array(rows) @ solution))
    return off, (pose, found)


def _line(plane: Array, at: Array, ends: Array, cell: float) -> Side:
    normal = plane[:2] / np.linalg.norm(plane[:2])
    length = float(np.hypot(*(ends[1] - ends[0])))
    along = np.array([-normal[1], normal[0]])
    middle = at + along * float((ends.mean(axis=0) - at) @ along)
    sd = 0.5 * cell
    return Side(normal, float(normal @ at), middle, sd, 3.5 * sd / max(length, cell), False)
