"""Puts sharp print on waybill labels after rendering.

Four samples a pixel and a denoiser wash thin bars out. The label is rendered blank, and its
picture, averaged over each
pixel as a lens would, is multiplied onto the light that fell there: for matt paper the same thing,
but legible.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.drawing.material import Part
from greenpack.training.pictures.projection import project
from greenpack.training.scene import Camera

OVER = 4  # subpixels along each side of a pixel
PAPER = 222  # sRGB of thermal paper: whiter would be clipped in a bright room


def blank(parts: list[Part]) -> list[Part]:
    """The parts with every flat label's print replaced by plain paper."""
    paper = np.full((8, 8, 3), PAPER, np.uint8)
    return [
        replace(p, material=replace(p.material, picture=paper)) if _printable(p) else p
        for p in parts
    ]


def print_on(
    linear: npt.NDArray[np.float32],
    index: npt.NDArray[np.uint16],
    parts: list[Part],
    camera: Camera,
) -> npt.NDArray[np.float32]:
    """Linear picture with the print of every flat label (four vertices) on it."""
    out = linear.copy()
    for part in parts:
        picture = part.material.picture
        if picture is None or not _printable(part):
            continue
        corners = project(camera, part.mesh.vertices)[[0, 1, 3, 2]]
        low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 1, 0)
        high = np.minimum(
            np.ceil(corners.max(axis=0)).astype(int) + 1, (camera.width, camera.height)
        )
        if (high <= low).any():
            continue
        height, width = picture.shape[:2]
        # UV (0, 0) is the picture's lower left corner.
        flat = np.array([(0, height), (width, height), (width, 0), (0, 0)], np.float32)
        goal = ((corners - low) * OVER).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(flat - 0.5, goal - 0.5)
        size = tuple(int(v) for v in (high - low) * OVER)
        # Averaged as sRGB, not as light: thermal ink spreads, so printed bars are wider than drawn
        # ones.
        ink = picture.astype(np.float32) / 247
        fine = cv2.warpPerspective(ink, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(1, 1, 1))
        small = cv2.resize(fine, tuple(int(v) for v in high - low), interpolation=cv2.INTER_AREA)
        small = np.clip(small, 0.02, 1) ** 2.2
        box = np.s_[low[1] : high[1], low[0] : high[0]]
        seen = (index[box] == part.instance)[:, :, None]
        out[box] = np.where(seen, out[box] * small, out[box])
    return out


def _printable(part: Part) -> bool:
    """Whether a part is a flat label; one that follows a soft mailer keeps its rendered print."""
    return part.label == "waybill" and len(part.mesh.vertices) == 4
