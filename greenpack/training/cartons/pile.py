"""Closed parcels set down one by one: none cuts another, none floats, none topples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

import cv2
import numpy as np

from greenpack.training.cartons import closed_box, mailers
from greenpack.training.cartons.closed import extent
from greenpack.training.drawing.meshes import Mesh, rectangle
from greenpack.training.drawing.noise import Floats
from greenpack.training.scene import Carton

STEP = 5.0
"""How far in mm two tops may differ that carry one parcel together: board gives way."""

SLENDER = 2.0
"""Boxes taller than this many times their width are not put on others."""


@lru_cache(maxsize=64)
def body(carton: Carton) -> Mesh:
    """The parcel's own surface in box coordinates, coarse."""
    return mailers.mesh(carton) if carton.style in mailers.KINDS else closed_box.body(carton, 12)


def points(carton: Carton) -> Floats:
    """Points of the parcel's surface in the world."""
    return body(carton).moved(closed_box.placed(carton)).vertices


def top(carton: Carton) -> float:
    """Height in mm of a parcel's highest point over its underside; it must not lean."""
    return float(body(replace(carton, x=0.0, y=0.0, z=0.0, yaw=0.0)).vertices[:, 2].max())


def footprint(carton: Carton) -> Floats:
    """World corners (4, 2) of a parcel's outline on the ground, bulges included by a margin."""
    length, width, height = extent(carton)
    grow = min(2 * closed_box.BULGE, 0.1 * length) if carton.style == "box" else 0.0
    middle, long = 0.0, length + grow
    if carton.tilt > 0:
        c, s = np.cos(np.radians(carton.tilt)), np.sin(np.radians(carton.tilt))
        high = height + grow
        middle = (long * c - high * s) / 2 - length / 2
        long = long * c + high * s
    turn = np.radians(carton.yaw)
    x, y = carton.x + middle * np.cos(turn), carton.y + middle * np.sin(turn)
    return rectangle(long, width + grow, float(x), float(y), carton.yaw)


def shared(a: Carton, b: Carton) -> Floats:
    """Corners (n, 2) of the ground that lies under both parcels, none if they are apart."""
    first, second = (footprint(c).astype(np.float32) for c in (a, b))
    area, ring = cv2.intersectConvexConvex(first, second)
    return np.asarray(ring, np.float64).reshape(-1, 2) if area > 0 else np.empty((0, 2))


def apart(a: Carton, b: Carton) -> bool:
    """Whether two parcels' outlines do not meet."""
    return len(shared(a, b)) == 0


def carries(carton: Carton) -> bool:
    """Whether others may stand on it: boxes that stand square and are shut."""
    return carton.style == "box" and carton.raised == 0 and carton.tilt == 0


@dataclass
class Pile:
    """What is set down so far; `under` says for each parcel what carries it, none for the ground.

    `half` is half the length and width in mm of the ground there is, or None for no limit.
    """

    half: tuple[float, float] | None = None
    cartons: list[Carton] = field(default_factory=list)
    under: list[list[int]] = field(default_factory=list)

    def put(self, carton: Carton, ground_only: bool = False) -> bool:
        """Sets a parcel down at its x, y and yaw on whatever is there; False if it cannot stand."""
        corners = footprint(carton)
        if self.half is not None and (np.abs(corners) > self.half).any():
            return False
        met = [(k, c, shared(carton, c)) for k, c in enumerate(self.cartons)]
        met = [(k, c, ring) for k, c, ring in met if len(ring)]
        if not met:
            self.cartons.append(replace(carton, z=0.0))
            self.under.append([])
            return True
        if ground_only or any(c.tilt > 0 for _, c, _ in met) or carton.style == "tube":
            return False
        highest = max(c.z + top(c) for _, c, _ in met)
        held = [(k, c, ring) for k, c, ring in met if c.z + top(c) > highest - STEP]
        if not all(carries(c) for _, c, _ in held) or not self._sits(carton, held):
            return False
        self.cartons.append(replace(carton, z=highest + 0.3))
        self.under.append([k for k, _, _ in held])
        if self._steady():
            return True
        self.cartons.pop()
        self.under.pop()
        return False

    @staticmethod
    def _sits(carton: Carton, held: list[tuple[int, Carton, Floats]]) -> bool:
        """Whether nobody would mind to leave it there: not slender, a soft one not hanging down."""
        length, width, height = extent(carton)
        if carton.style == "box":
            return height < SLENDER * min(length, width)
        area = sum(cv2.contourArea(ring.astype(np.float32)) for _, _, ring in held)
        return bool(area > 0.6 * length * width)

    def _steady(self) -> bool:
        """Whether each parcel's middle, with all that stands on it, is over what carries it."""
        weights = [float(np.prod(extent(c))) for c in self.cartons]
        middles = [np.array([c.x, c.y]) for c in self.cartons]
        for k in range(len(self.cartons) - 1, -1, -1):
            if not (below := self.under[k]):
                continue
            ring = np.concatenate([shared(self.cartons[k], self.cartons[b]) for b in below])
            hull = cv2.convexHull(ring.astype(np.float32))
            at = (float(middles[k][0]), float(middles[k][1]))
            margin = 0.1 * min(extent(self.cartons[k])[:2])
            own = (self.cartons[k].x, self.cartons[k].y)
            if any(cv2.pointPolygonTest(hull, p, True) < margin for p in (at, own)):
                return False
            for b in below:  # the load is taken to be shared evenly
                load = weights[k] / len(below)
                total = weights[b] + load
                middles[b] = (middles[b] * weights[b] + middles[k] * load) / total
                weights[b] = total
        return True
