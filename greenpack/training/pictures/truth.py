"""Exact truth of a picture: corners by projection, areas from the index mask, volumes from the
meshes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from greenpack.training.cartons.frames import rim
from greenpack.training.drawing.material import LABELS, Part
from greenpack.training.goods.shapes import volume_of
from greenpack.training.pictures.lens import distort, pinhole
from greenpack.training.pictures.projection import Floats, area_share, project, tilt
from greenpack.training.scene import Carton, Scene

Mask = npt.NDArray[np.uint16]


def void_ratio(carton: Carton) -> float:
    """1 - (volume of the goods) / (inner volume), 0 to 1; filler counts as void."""
    goods = sum(volume_of(g) for g in carton.goods)
    return 1.0 - goods / (carton.length * carton.width * carton.depth)


def corners(scene: Scene, carton: Carton) -> Floats:
    """Pixel corners (4, 2) of the inner rim in the photograph, not clipped."""
    return rim_outline(scene, carton, 1)


def rim_outline(scene: Scene, carton: Carton, steps: int = 8) -> Floats:
    """Pixels (4 steps, 2) along the inner rim; a lens with distortion bends its sides."""
    ring = rim(carton)
    share = np.arange(steps)[None, :, None] / steps
    sides = ring[:, None] * (1 - share) + np.roll(ring, -1, axis=0)[:, None] * share
    return distort(scene.camera, project(pinhole(scene.camera), sides.reshape(-1, 3)))


def wholly_in_view(scene: Scene, quad: Floats) -> bool:
    """Whether all corners lie inside the picture."""
    return bool(((quad >= 0) & (quad <= (scene.camera.width, scene.camera.height))).all())


def of_label(parts: list[Part], index: Mask, label: str) -> npt.NDArray[np.bool_]:
    """Pixels of everything with a label."""
    numbers = sorted({p.instance for p in parts if p.label == label})
    return np.isin(index, numbers)


def openings(scene: Scene, parts: list[Part], flat: Mask) -> list[dict[str, Any]]:
    """Per opened carton: corners, whether all are in view, ratios, camera height, depth and foot.

    `area_ratio` and `filler_ratio` are shares of the opening in its own plane; `camera_foot` is
    where the
    camera stands over the carton, in mm from the opening's middle along its length and width.
    """
    item, stuff = of_label(parts, flat, "item"), of_label(parts, flat, "filler")
    found = []
    for carton in scene.cartons:
        if not carton.opened:
            continue
        quad = corners(scene, carton)
        whole = wholly_in_view(scene, quad)
        plane = project(pinhole(scene.camera), rim(carton))
        turn = np.radians(carton.yaw)
        away = np.array([scene.camera.x - carton.x, scene.camera.y - carton.y])
        foot = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) @ away
        height = scene.camera.z - carton.rim
        found.append(
            {
                "corners": [[round(float(v), 3) for v in p] for p in quad],
                "whole": whole,
                "area_ratio": area_share(item, plane) if whole else None,
                "filler_ratio": area_share(stuff, plane) if whole else None,
                "void_ratio": void_ratio(carton),
                "length_mm": carton.length,
                "width_mm": carton.width,
                "depth_mm": carton.depth,
                "camera_height_mm": height,
                "height_over_depth": height / carton.depth,
                "camera_foot_mm": [float(foot[0]), float(foot[1])],
            }
        )
    return found


def record(
    scene: Scene, parts: list[Part], index: Mask, flat: Mask | None = None
) -> dict[str, Any]:
    """Everything kept beside a picture as JSON; `flat` is the mask before the lens bent it."""
    return {
        "seed": scene.seed,
        "case": scene.case,
        "width": scene.camera.width,
        "height": scene.camera.height,
        "tilt_deg": tilt(scene.camera),
        "openings": openings(scene, parts, index if flat is None else flat),
        "pixels": {name: int(of_label(parts, index, name).sum()) for name in LABELS},
        "scene": scene.as_dict(),
    }
