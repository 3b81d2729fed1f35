"""Which corner of a cuboid is which in the picture, and about how it stands: where a fit starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.projective import Array

# A corner of the cuboid is named by its signs along the three axes; corner 7 is (+, +, +).
SIGNS: Array = np.array(list(product((-1.0, 1.0), repeat=3)))
# For each axis, whether its faces are seen: +1 or -1 for the face on that side, 0 for neither.
Seen = tuple[int, int, int]
ONE_FACE: Seen = (0, 0, 1)
TWO_FACES: Seen = (1, 1, 0)
THREE_FACES: Seen = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class Edges:
    """What is seen of a cuboid's twelve edges.

    Attributes:
        loop: the silhouette's corners in order, clockwise as seen.
        inner: pairs of corners: the edges between two faces that are both seen.
        faces: (axis, sign) of every face that is seen.
    """

    loop: tuple[int, ...]
    inner: tuple[tuple[int, int], ...]
    faces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """A cuboid before the camera.

    Attributes:
        rotation: the cuboid's axes in the camera frame as columns, shape (3, 3).
        centre: of the cuboid, camera frame, shape (3,), in the unit of ``sizes``.
        sizes: along the three axes, > 0, shape (3,).
        focal: focal length, pixels.
        seen: the faces that are seen.
        order: the cuboid's corners behind the outline's, in the outline's order.
    """

    rotation: Array
    centre: Array
    sizes: Array
    focal: float
    seen: Seen
    order: tuple[int, ...]


@lru_cache(maxsize=27)
def edges_seen(seen: Seen) -> Edges:
    """The silhouette and the inner edges of a cuboid of which these faces are seen.

    An edge is on the silhouette where just one of its two faces is seen.
    """
    if not any(seen):
        raise ValueError("a camera outside a cuboid sees one face at least")
    neighbours: dict[int, list[int]] = {}
    inner = []
    for first in range(8):
        for axis in range(3):
            second = first | (4 >> axis)
            if second == first:
                continue
            shown = [
                seen[other] != 0 and seen[other] == SIGNS[first, other]
                for other in range(3)
                if other != axis
            ]
            if all(shown):
                inner.append((first, second))
            elif any(shown):
                neighbours.setdefault(first, []).append(second)
                neighbours.setdefault(second, []).append(first)
    start = max(neighbours)
    loop = [start, neighbours[start][0]]
    while len(loop) < len(neighbours):
        loop.append(next(c for c in neighbours[loop[-1]] if c != loop[-2]))
    if _runs_backwards(loop, seen):
        loop.reverse()
    faces = tuple((axis, sign) for axis, sign in enumerate(seen) if sign)
    return Edges(tuple(loop), tuple(inner), faces)


def _runs_backwards(loop: list[int], seen: Seen) -> bool:
    """Whether the loop runs counter-clockwise as seen by a camera on the side of ``seen``."""
    toward = np.array(seen, float)
    corners = SIGNS[loop]
    turning = np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    # Seen from the tip of the normal, a loop about it runs counter-clockwise; y points down in a
    # picture, but a picture is not a mirror: what is clockwise stays so.
    return float(turning @ toward) > 0


def faces_seen(rotation: Array, centre: Array, sizes: Array) -> Seen:
    """Which faces a camera at the origin sees of a cuboid."""
    eye = -rotation.T @ centre
    signs = [int(np.sign(e)) if abs(e) > s / 2 else 0 for e, s in zip(eye, sizes, strict=True)]
    return signs[0], signs[1], signs[2]


def starts(
    corners: Array, focal: float, centre: tuple[float, float], upright: Array | None
) -> list[Pose]:
    """Poses from which to start fitting a cuboid to a silhouette, the likeliest first.

    Args:
        corners: shape (4, 2) or (6, 2), pixels of an ideal pinhole camera, clockwise as seen.
        focal: focal length, pixels.
        centre: principal point, pixels.
        upright: a direction that one of the cuboid's axes has, camera frame, shape (3,), where it
            is known: the belt's normal, or that of a face.

    Returns:
        Poses of unknown scale: the cuboid is at distance 1.
    """
    rays = np.column_stack([(corners - centre) / focal, np.ones(len(corners))])
    rays /= np.linalg.norm(rays, axis=1)[:, None]
    found = []
    for seen, order, rotation in _rotations(rays):
        for turned in _snapped(rotation, upright) if upright is not None else (rotation,):
            placed = _placed(rays, turned, order)
            if placed is not None:
                off, middle, sizes = placed
                found.append((off, Pose(turned, middle, sizes, focal, seen, order)))
    found.sort(key=lambda each: each[0])
    return [pose for _, pose in found]


def _rotations(rays: Array) -> Iterator[tuple[Seen, tuple[int, ...], Array]]:
    """Faces seen, the corner behind each ray, and the cuboid's rotation, for all that may be."""
    middle = rays.mean(axis=0)
    turn = _turn_to_axis(middle / np.linalg.norm(middle))
    ahead = rays @ turn.T
    flat = ahead[:, :2] / ahead[:, 2:]
    if len(rays) == 4:
        loop = edges_seen(ONE_FACE).loop
        rotation = _from_one_face(flat, loop)
        if rotation is not None:
            yield ONE_FACE, loop, turn.T @ rotation
        return
    # Turning the cuboid about its diagonal renames its axes: two ways remain, and three.
    for seen, ways in ((THREE_FACES, 2), (TWO_FACES, 3)):
        loop = edges_seen(seen).loop
        for shift in range(ways):
            order = loop[shift:] + loop[:shift]
            halves = _half_edges(flat, order)
            found = _from_three_faces(halves) if seen == THREE_FACES else _from_two_faces(halves)
            for rotation in found:
                yield seen, order, turn.T @ rotation


def _turn_to_axis(direction: Array) -> Array:
    """The smallest rotation that takes a unit vector to the z axis, shape (3, 3)."""
    return _turn_between(direction, np.array([0.0, 0.0, 1.0]))


def _turn_between(source: Array, target: Array) -> Array:
    axis = np.cross(source, target)
    sine, cosine = float(np.linalg.norm(axis)), float(source @ target)
    if sine < 1e-12:
        return np.eye(3)
    return np.asarray(cv2.Rodrigues(axis / sine * np.arctan2(sine, cosine))[0], np.float64)


def _half_edges(flat: Array, order: tuple[int, ...]) -> Array:
    """The three half edges as a distant camera sees them, shape (3, 2): an affine fit."""
    design = np.column_stack([np.ones(len(order)), SIGNS[list(order)]])
    return np.asarray(np.linalg.lstsq(design, flat, rcond=None)[0][1:], np.float64)


def _from_three_faces(halves: Array) -> list[Array]:
    """The rotation of a cuboid from its edges in scaled orthographic projection.

    Edges u_j in the picture, z_j in depth, are orthogonal: u_i u_j + z_i z_j = 0, so that
    z_i^2 = p_ij p_ik / p_jk with p_ij = -u_i u_j; the near corner's edges all lead away.
    """
    floor = 0.02 * float(np.linalg.norm(halves, axis=1).max()) ** 2
    p = np.maximum(-halves @ halves.T, floor)
    depth = -np.sqrt(
        [p[0, 1] * p[0, 2] / p[1, 2], p[0, 1] * p[1, 2] / p[0, 2], p[0, 2] * p[1, 2] / p[0, 1]]
    )
    return _orthonormal(np.column_stack([halves, depth]).T)


def _from_two_faces(halves: Array) -> list[Array]:
    """As for three faces, with the shared edge across the view: how the two faces share the
    quarter turn between them is tried out."""
    product_ = max(-float(halves[0] @ halves[1]), 1e-6)
    found = []
    for share in (0.35, 1.0, 2.8):
        root = product_**0.5
        depth = [-root * share, -root / share, 0.0]
        found += _orthonormal(np.column_stack([halves, depth]).T)
    return found


def _from_one_face(flat: Array, loop: tuple[int, ...]) -> Array | None:
    """The rotation of a rectangle of unknown sides: the columns of its homography.

    Zhang, A flexible new technique for camera calibration (2000), section 2.
    """
    plane = SIGNS[list(loop)][:, :2].astype(np.float32)
    spread = float(np.abs(flat).max())
    homography = cv2.getPerspectiveTransform(plane, (flat / spread).astype(np.float32))
    columns = np.diag([spread, spread, 1.0]) @ homography.astype(np.float64)
    if columns[2, 2] < 0:
        columns = -columns
    first, second = (columns[:, i] / np.linalg.norm(columns[:, i]) for i in (0, 1))
    found = _orthonormal(np.column_stack([first, second, np.cross(first, second)]))
    return found[0] if found else None


def _orthonormal(columns: Array) -> list[Array]:
    """The nearest rotation to three columns, or none where they are a reflection or flat."""
    norms = np.linalg.norm(columns, axis=0)
    if norms.min() <= 1e-12:
        return []
    left, _, right = np.linalg.svd(columns / norms)
    rotation = np.asarray(left @ right, np.float64)
    return [rotation] if np.linalg.det(rotation) > 0 else []


def _snapped(rotation: Array, upright: Array) -> list[Array]:
    """The rotation turned so that one axis has a known direction; each axis near it is tried."""
    along = rotation.T @ upright
    return [
        _turn_between(rotation[:, axis] * np.sign(along[axis]), upright) @ rotation
        for axis in np.argsort(-np.abs(along))[:2]
        if abs(along[axis]) > 0.35
    ]


def _placed(
    rays: Array, rotation: Array, order: tuple[int, ...]
) -> tuple[float, Array, Array] | None:
    """Centre and sizes, linear once the rotation is known, and how far off the rays then are."""
    axes = rotation[None] * (SIGNS[list(order)][:, None, :] / 2)
    points = np.concatenate([np.broadcast_to(np.eye(3), (len(rays), 3, 3)), axes], axis=2)
    crossing: NDArray[np.float64] = np.cross(rays[:, :, None], points, axis=1).reshape(-1, 6)
    seen_sizes = [3, 4] if len(rays) == 4 else [3, 4, 5]
    # Of one face the third size is not seen; it is set to nothing here.
    used = [0, 1, 2, *seen_sizes]
    solution = np.zeros(6)
    solution[used] = np.linalg.svd(crossing[:, used])[2][-1]
    if solution[2] < 0:
        solution = -solution
    distance = float(np.linalg.norm(solution[:3]))
    if distance < 1e-9 or solution[seen_sizes].min() <= 0:
        return None
    solution /= distance
    if len(rays) == 4:
        solution[5] = solution[3:5].min()
        solution[:3] -= rotation[:, 2] * solution[5] / 2
    return float(np.linalg.norm(crossing[:, used] @ solution[used])), solution[:3], solution[3:]
