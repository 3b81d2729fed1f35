"""Puts sharp print on waybill labels and markers after rendering.

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


def blank(parts: list[Part], bent: bool = False) -> list[Part]:
    """The parts with every flat label's print replaced by plain paper; `bent`: bent labels' too."""
    paper = np.full((8, 8, 3), PAPER, np.uint8)
    return [
        replace(p, material=replace(p.material, picture=paper)) if _printable(p, bent) else p
        for p in parts
    ]


def print_on(
    linear: npt.NDArray[np.float32],
    index: npt.NDArray[np.uint16],
    parts: list[Part],
    camera: Camera,
    bent: bool = False,
) -> npt.NDArray[np.float32]:
    """Linear picture with the print of every flat label (four vertices) on it.

    With `bent` also of those that follow a box's bulging face, as if that were flat: the paper's
    outline is the rendered one, only the print within is off by the bulge.
    """
    out = linear.copy()
    for part in parts:
        picture = part.material.picture
        if picture is None or not _printable(part, bent):
            continue
        corners = _corners(part, camera)
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
        # ones. A marker has the size that was measured on its print, so it must not spread.
        gamma = 2.2 if part.material.sharp else 1.0
        ink = (picture.astype(np.float32) / 247) ** gamma
        fine = cv2.warpPerspective(ink, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(1, 1, 1))
        small = cv2.resize(fine, tuple(int(v) for v in high - low), interpolation=cv2.INTER_AREA)
        small = np.clip(small, 0.02**gamma, 1) ** (2.2 / gamma)
        box = np.s_[low[1] : high[1], low[0] : high[0]]
        seen = (index[box] == part.instance)[:, :, None]
        out[box] = np.where(seen, out[box] * small, out[box])
    return out


def _corners(part: Part, camera: Camera) -> npt.NDArray[np.float64]:
    """Pixels (4, 2) of a sheet's corners, as its UV (0, 0), (1, 0), (1, 1), (0, 1)."""
    pixels = project(camera, part.mesh.vertices)
    if len(pixels) == 4:
        return np.asarray(pixels[[0, 1, 3, 2]], np.float64)
    # The homography that fits all of the sheet best says where a flat one's corners would be.
    uv = np.zeros((len(pixels), 2))
    uv[part.mesh.faces.ravel()] = part.mesh.uv.reshape(-1, 2)
    matrix, _ = cv2.findHomography(uv, pixels)
    square = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
    return np.asarray(cv2.perspectiveTransform(square[:, None], matrix)[:, 0], np.float64)


def _printable(part: Part, bent: bool) -> bool:
    """Whether a part is a flat label, or with `bent` any, or a marker; else it keeps its rendered
    print."""
    label = part.label == "waybill" and (bent or len(part.mesh.vertices) == 4)
    return label or part.material.sharp
