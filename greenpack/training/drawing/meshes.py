"""Triangle meshes of the things in a scene: pure numpy, millimetres, outward faces, UV per face
corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """`vertices` (n, 3), `faces` (m, 3) indices counter-clockwise from outside, `uv` (m, 3, 2)."""

    vertices: Floats
    faces: Ints
    uv: Floats
    smooth: bool = False

    def volume(self) -> float:
        """Enclosed volume in mm^3 of a closed mesh, by the divergence theorem."""
        a, b, c = (self.vertices[self.faces[:, i]] for i in range(3))
        return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)

    def moved(self, matrix: Floats) -> Mesh:
        """The mesh after a 4x4 transform."""
        vertices = self.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        return Mesh(vertices, self.faces, self.uv, self.smooth)


def join(meshes: Sequence[Mesh]) -> Mesh:
    """Several meshes as one."""
    starts = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
    return Mesh(
        np.concatenate([m.vertices for m in meshes]),
        np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=True)]),
        np.concatenate([m.uv for m in meshes]),
        meshes[0].smooth,
    )


def transform(
    x: float = 0.0, y: float = 0.0, z: float = 0.0, yaw: float = 0.0, tilt: float = 0.0
) -> Floats:
    """4x4 matrix: tilt about x first, then yaw about z, then the shift. Angles in degrees."""
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    ct, st = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    matrix = np.eye(4)
    matrix[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array(
        [[1, 0, 0], [0, ct, -st], [0, st, ct]]
    )
    matrix[:3, 3] = (x, y, z)
    return matrix


def hinged(half: float, tilt: float) -> Floats:
    """4x4 matrix: turned `tilt` degrees about the edge x = -half of the ground, far end up."""
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    matrix = np.eye(4)
    matrix[:3, :3] = [[c, 0, -s], [0, 1, 0], [s, 0, c]]
    matrix[:3, 3] = (half * c - half, 0, half * s)
    return matrix


def box(length: float, width: float, height: float, bevel: float = 0.0) -> Mesh:
    """Box on z = 0, middle of the footprint at the origin, edges chamfered by `bevel`.

    UV is a 3x2 atlas, one cell per face in the order +x, +y, +z / -x, -y, -z, upright seen from
    outside.
    """
    half = np.array([length, width, height]) / 2
    r = min(bevel, *(half * 0.9))
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    points: dict[tuple[int, int], int] = {}
    vertices: list[Floats] = []
    for corner, sign in enumerate(signs):
        for axis in range(3):
            p = sign * (half - r)
            p[axis] = sign[axis] * half[axis]
            points[corner, axis] = len(vertices)
            vertices.append(np.add(p, (0, 0, half[2])))
    where = {tuple(s): i for i, s in enumerate(signs)}
    quads: list[tuple[list[int], int]] = []
    for axis in range(3):
        for s in (1.0, -1.0):
            u, v = [(1, 2), (2, 0), (0, 1)][axis]
            ring = []
            for du, dv in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                sign = np.zeros(3)
                sign[axis], sign[u], sign[v] = s, du, dv
                ring.append(points[where[tuple(sign)], axis])
            quads.append((ring if s > 0 else ring[::-1], axis if s > 0 else axis + 3))
    if r > 0:
        for a in range(3):  # edges along axis a, between the faces of the two other axes
            b, c = (a + 1) % 3, (a + 2) % 3
            for sb in (1.0, -1.0):
                for sc in (1.0, -1.0):
                    low, high = np.zeros(3), np.zeros(3)
                    low[a], low[b], low[c] = -1, sb, sc
                    high[a], high[b], high[c] = 1, sb, sc
                    i, j = where[tuple(low)], where[tuple(high)]
                    ring = [points[i, b], points[j, b], points[j, c], points[i, c]]
                    quads.append((ring if sb * sc < 0 else ring[::-1], b if sb > 0 else b + 3))
    triangles = [([q[0], q[1], q[2]], f) for q, f in quads]
    triangles += [([q[0], q[2], q[3]], f) for q, f in quads]
    if r > 0:
        for corner, sign in enumerate(signs):
            ring = [points[corner, k] for k in range(3)]
            flip = sign.prod() < 0
            triangles.append((ring[::-1] if flip else ring, 2 if sign[2] > 0 else 5))
    array = np.array(vertices)
    faces = np.array([t for t, _ in triangles])
    uv = np.stack([_atlas(array[t] - (0, 0, half[2]), f, half) for t, f in triangles])
    return Mesh(array, faces, uv)


# Right and up directions of each atlas cell, as seen from outside: (axis, sign), (axis, sign).
_SEEN = {
    0: ((1, 1), (2, 1)),
    1: ((0, -1), (2, 1)),
    2: ((0, 1), (1, 1)),
    3: ((1, -1), (2, 1)),
    4: ((0, 1), (2, 1)),
    5: ((0, -1), (1, 1)),
}


def _atlas(points: Floats, face: int, half: Floats) -> Floats:
    (ua, us), (va, vs) = _SEEN[face]
    u = 0.5 + us * points[:, ua] / (2 * half[ua])
    v = 0.5 + vs * points[:, va] / (2 * half[va])
    column, row = face % 3, face // 3
    # A hair inside the cell, so that no neighbour bleeds in.
    u, v = 0.004 + 0.992 * u, 0.004 + 0.992 * v
    return np.stack([(column + u) / 3, (1 - row + v) / 2], axis=1)


def slab(corners: Floats) -> Mesh:
    """Flat quadrilateral through four corners, texture upright: (0,0), (1,0), (1,1), (0,1)."""
    uv = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], float)
    return Mesh(np.asarray(corners, float), np.array([[0, 1, 2], [0, 2, 3]]), uv)


def grid(points: Floats, smooth: bool = False) -> Mesh:
    """Open surface through an (rows, columns, 3) array of points."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    v, u = np.divmod(np.arange(rows * columns), columns)
    flat = np.stack([u / max(columns - 1, 1), v / max(rows - 1, 1)], 1)
    return Mesh(points.reshape(-1, 3), faces, flat[faces], smooth)


def lathe(profile: Floats, segments: int = 40) -> Mesh:
    """Closed solid of revolution about z through (radius, z) points from bottom to top."""
    angle = np.linspace(0, 2 * np.pi, segments + 1)[:-1]
    ring = np.stack([np.cos(angle), np.sin(angle)], 1)
    n = len(profile)
    sides = np.concatenate([np.column_stack([ring * r, np.full(segments, z)]) for r, z in profile])
    vertices = np.concatenate([sides, [[0, 0, profile[0][1]], [0, 0, profile[-1][1]]]])
    faces, uv = [], []
    height = max(profile[-1][1] - profile[0][1], 1e-6)
    vs = [(z - profile[0][1]) / height for _, z in profile]
    for k in range(segments):
        j = (k + 1) % segments
        u0, u1 = k / segments, (k + 1) / segments
        for i in range(n - 1):
            a, b = i * segments + k, i * segments + j
            c, d = b + segments, a + segments
            faces += [[a, b, c], [a, c, d]]
            uv += [
                [[u0, vs[i]], [u1, vs[i]], [u1, vs[i + 1]]],
                [[u0, vs[i]], [u1, vs[i + 1]], [u0, vs[i + 1]]],
            ]
        faces += [[len(vertices) - 2, j, k]]
        faces += [[len(vertices) - 1, (n - 1) * segments + k, (n - 1) * segments + j]]
        uv += [[[u0, 0], [u1, 0], [u0, 0]], [[u0, 1], [u0, 1], [u1, 1]]]
    return Mesh(vertices, np.array(faces), np.array(uv), True)


def ball(rows: int, columns: int) -> tuple[Floats, Mesh]:
    """Unit sphere as (directions, mesh): closed, poles at +-z, to be reshaped by its vertices."""
    polar = np.linspace(0, np.pi, rows + 1)[1:-1]
    profile = np.stack([np.sin(polar[::-1]), np.cos(polar[::-1])], 1)
    mesh = lathe(profile, columns)
    vertices = mesh.vertices.copy()
    vertices[-2], vertices[-1] = (0, 0, -1), (0, 0, 1)
    return vertices, Mesh(vertices, mesh.faces, mesh.uv, False)


def rectangle(length: float, width: float, x: float, y: float, yaw: float) -> Floats:
    """Corners (4, 2) of a rectangle round x, y, turned by `yaw` degrees, counter-clockwise."""
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (length / 2, width / 2)
    return np.asarray(half @ np.array([[c, s], [-s, c]]) + (x, y), np.float64)
