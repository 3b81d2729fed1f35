"""Printed ArUco markers as sheets of matt paper, on the belt or on a closed parcel."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.cartons.closed_parts import on_parcel, surface_frame
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, grid, transform
from greenpack.training.drawing.noise import Floats, Picture
from greenpack.training.scene import Carton, Marker

DICTIONARY = cv2.aruco.DICT_4X4_100
INK, PAPER = 38, 247
"""Grey values of toner and of plain paper."""
_MODULES = 6  # four of the code and one of border at either end
_PIXELS = 32  # of a module
_STEPS = 9


def draw(marker: Marker) -> Picture:
    """RGB picture of the paper with the marker in its middle, upright."""
    inner = _MODULES * _PIXELS
    square = cv2.aruco.generateImageMarker(
        cv2.aruco.getPredefinedDictionary(DICTIONARY), marker.number, inner
    )
    rim = round(marker.margin / marker.side * inner)
    sheet = np.full((inner + 2 * rim,) * 2, PAPER, np.uint8)
    sheet[rim : rim + inner, rim : rim + inner] = np.where(square > 127, PAPER, INK)
    return np.repeat(sheet[:, :, None], 3, axis=2)


def marker_part(marker: Marker, carton: Carton | None, number: int) -> Part:
    """The sheet on the belt, or on a closed parcel's surface, which it follows."""
    look = Material((1, 1, 1), draw(marker), roughness=0.8, sharp=True)
    return Part(None, number, _sheet(marker, carton, marker.paper, _STEPS), look)


def corners(marker: Marker, carton: Carton | None) -> Floats:
    """World corners (4, 3) of the black square, clockwise from the marker's own upper left."""
    ring = _sheet(marker, carton, marker.side, 2).vertices[[2, 3, 1, 0]]
    return np.asarray(ring, np.float64)


def _sheet(marker: Marker, carton: Carton | None, side: float, steps: int) -> Mesh:
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, steps), np.linspace(-0.5, 0.5, steps))
    flat = np.stack([u * side, v * side, np.full_like(u, 0.3)], -1)
    sheet = grid(flat, smooth=True).moved(transform(marker.x, marker.y, 0, marker.yaw))
    if carton is None or marker.surface == "belt":
        return sheet
    return on_parcel(sheet.moved(surface_frame(carton, marker.surface)), carton)
