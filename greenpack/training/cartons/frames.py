"""Where the surfaces of a carton are: its frame, its flaps' frames, its inner rim."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import hinged, transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.scene import Carton, Flap


def carton_frame(carton: Carton) -> Floats:
    """Carton coordinates (origin on its inner floor) to the world."""
    return transform(carton.x, carton.y, carton.z + carton.wall, carton.yaw)


def parcel_frame(carton: Carton) -> Floats:
    """Box coordinates of a closed parcel (origin in the middle of its underside) to the world."""
    low = transform(carton.x, carton.y, carton.z, carton.yaw)
    if carton.tilt == 0:
        return low
    soft = carton.bag or carton.style == "tube"
    half = carton.length / 2 + (0.0 if soft else carton.wall)
    return np.asarray(low @ hinged(half, carton.tilt), np.float64)


def flap_frame(carton: Carton, flap: Flap) -> Floats:
    """Flap coordinates to the carton's: x from the hinge outwards, z out of the flap's inner
    face."""
    half = (carton.length if flap.side % 2 == 0 else carton.width) / 2 + carton.wall / 2
    s, c = np.sin(np.radians(flap.angle)), np.cos(np.radians(flap.angle))
    lean = np.array([[s, 0, -c, half], [0, 1, 0, 0], [c, 0, s, carton.depth], [0, 0, 0, 1]])
    return np.asarray(transform(yaw=90.0 * flap.side) @ lean, np.float64)


def rim(carton: Carton) -> Floats:
    """World corners (4, 3) of the inner rim, counter-clockwise seen from above."""
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (carton.length / 2, carton.width / 2)
    local = np.column_stack([half, np.full(4, carton.depth), np.ones(4)])
    return np.asarray((local @ carton_frame(carton).T)[:, :3], np.float64)


def outer(made: Carton) -> float:
    """Diameter in mm of the circle round a carton and its flaps."""
    half = np.array([made.length, made.width]) / 2 + made.wall
    for flap in made.flaps:
        half[flap.side % 2] = max(
            half[flap.side % 2],
            (made.length, made.width)[flap.side % 2] / 2
            + flap.length * max(0.0, float(np.sin(np.radians(flap.angle)))),
        )
    # What leans reaches back over its foot.
    back = (made.depth + 2 * made.wall) * np.sin(np.radians(made.tilt))
    return float(2 * np.hypot(*half) + 2 * back)
