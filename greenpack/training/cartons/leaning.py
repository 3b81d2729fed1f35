"""Closed parcels that lean: on one lower edge, resting on another parcel or at a wall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons.pile import body, points
from greenpack.training.drawing.meshes import transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.scene import Carton

GAP = 0.4
"""Millimetres kept between what leans and what it rests on."""


def _sizes(carton: Carton) -> tuple[float, float, float]:
    """From the edge it turns about: how far its body reaches, its height, half its length."""
    mesh = body(replace(carton, x=0.0, y=0.0, z=0.0, yaw=0.0, tilt=0.0))
    half = carton.length / 2 + (carton.wall if carton.style == "box" else 0.0)
    reach = float(mesh.vertices[:, 0].max()) + half
    return reach, float(mesh.vertices[:, 2].max()), half


def _down(carton: Carton) -> Carton:
    """Let down until its lowest point touches the ground."""
    return replace(carton, z=carton.z - float(points(carton)[:, 2].min()))


def against(carton: Carton, others: tuple[Carton, ...]) -> Carton | None:
    """The parcel tilted about its edge at -x until it rests on others that stand before it.

    None where that edge is not clear of them, or where it would slip or fall over backwards.
    """
    reach, high, half = _sizes(carton)
    flat = replace(carton, z=0.0, tilt=0.0)
    back = np.linalg.inv(transform(flat.x, flat.y, 0, flat.yaw) @ transform(-half))
    every = np.concatenate([points(c) for c in others])
    local = (np.column_stack([every, np.ones(len(every))]) @ back.T)[:, :3]
    local = local[np.abs(local[:, 1]) <= carton.width / 2 + 30]
    if len(local) == 0 or local[:, 0].min() < 3:
        return None
    made = flat
    for _ in range(4):  # a rounded edge lets it down by a little, which raises the angle
        low = made.z
        tilt, rest = _angle(local[:, 0], local[:, 2] - low + GAP, reach)
        made = _down(replace(flat, tilt=float(np.degrees(tilt))))
    # The angle is exact for the height before; no lower than that, at most a hair over the ground.
    made = replace(made, z=max(made.z, low))
    middle = reach / 2 * np.cos(tilt) - high / 2 * np.sin(tilt)
    if not (0.04 * reach < middle < 0.96 * rest) or np.degrees(tilt) < 2:
        return None
    return made


def _angle(u: Floats, w: Floats, reach: float) -> tuple[float, float]:
    """The least tilt that clears points `u` before the edge and `w` high, and where it rests."""
    near = np.hypot(u, w) <= reach
    end = np.arccos(np.clip((u - GAP) / reach, -1, 1))
    angles = np.where(near, np.arctan2(w, u), np.where(u < reach, end, 0.0))
    k = int(np.argmax(angles))
    tilt = float(angles[k])
    return tilt, float(u[k] if near[k] else reach * np.cos(tilt))


def at_wall(carton: Carton, tilt: float) -> tuple[Carton, float] | None:
    """The parcel tilted towards a wall, and how far before its x, y that wall stands in mm.

    None where it would fall over backwards.
    """
    reach, high, _ = _sizes(carton)
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    if reach / 2 * c - high / 2 * s < 0.03 * reach:
        return None
    made = _down(replace(carton, z=0.0, tilt=tilt))
    back = np.linalg.inv(transform(made.x, made.y, 0, made.yaw))
    every = points(made)
    local = np.column_stack([every, np.ones(len(every))]) @ back.T
    return made, float(local[:, 0].max()) + GAP
