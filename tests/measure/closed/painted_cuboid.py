"""A shaded cuboid on a textured ground, painted as a known camera would see it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.closed.cuboid_pose import SIGNS, edges_seen, faces_seen
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.projective import Array
from greenpack.vision.shapes import Label, Shape


@dataclass(frozen=True)
class Painted:
    """A picture with all that is true of it."""

    gray: NDArray[np.uint8]
    mask: Array
    camera: CameraModel
    label: PlanarPattern
    sizes: tuple[float, float, float]
    faces: int

    def shapes(self) -> list[Shape]:
        return [Shape(Label.PARCEL, 0.95, self.mask)]


def camera_over_belt(
    tilt: float, distance: float, width: int = 1600, focal: float = 1500.0, error: float = 2.0
) -> CameraModel:
    """A camera that looks down at the belt's origin, tilted by so many degrees."""
    height = width * 3 // 4
    angle = np.radians(tilt)
    ahead = np.array([0.0, np.sin(angle), -np.cos(angle)])
    right = np.array([1.0, 0.0, 0.0])
    rotation = np.array([right, np.cross(ahead, right), ahead])
    translation = rotation @ (ahead * distance)
    belt = BeltPlane(
        tuple(tuple(map(float, row)) for row in rotation),  # type: ignore[arg-type]
        tuple(map(float, translation)),  # type: ignore[arg-type]
        error,
    )
    centre = ((width - 1) / 2, (height - 1) / 2)
    return CameraModel(width, height, (focal, focal), centre, (), 0.004, belt, "test")


def placed(
    camera: CameraModel, sizes: tuple[float, float, float], at: tuple[float, float], yaw: float
) -> tuple[Array, Array]:
    """Rotation and centre, in the camera frame, of a box on the belt; yaw in degrees."""
    assert camera.belt is not None
    rotation = np.array(camera.belt.rotation)
    angle = np.radians(yaw)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]]
    )
    centre = rotation @ np.array([*at, sizes[2] / 2]) + np.array(camera.belt.translation)
    return rotation @ turn, centre


def paint(
    camera: CameraModel,
    sizes: tuple[float, float, float],
    at: tuple[float, float] = (0.0, 0.0),
    yaw: float = 30.0,
    seed: int = 0,
    label: tuple[float, float] = (100.0, 150.0),
) -> Painted:
    """Paint a box; its mask is coarse and rounded like a model's, a hundred cells across."""
    random = np.random.default_rng(seed)
    rotation, centre = placed(camera, sizes, at, yaw)
    seen = faces_seen(rotation, centre, np.array(sizes))
    corners = centre + (SIGNS * np.array(sizes) / 2) @ rotation.T
    pixels = camera.projected(corners)
    shape = (camera.height, camera.width)
    ground = cv2.resize(random.normal(0, 1, (30, 40)), shape[::-1], interpolation=cv2.INTER_CUBIC)
    picture = 95 + 10 * ground + random.normal(0, 4, shape)
    for axis, sign in edges_seen(seen).faces:
        face = [i for i in range(8) if SIGNS[i, axis] == sign]
        hull = cv2.convexHull(pixels[face].astype(np.float32))
        shade = 140 + 35 * float(-rotation[1, axis] * sign) + 18 * axis
        cv2.fillConvexPoly(picture, np.round(hull * 16).astype(np.int32), shade, cv2.LINE_8, 4)
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(label) / 2
    on_top = np.column_stack([flat, np.full(4, sizes[2] / 2)]) @ rotation.T + centre
    quad = camera.projected(on_top)
    cv2.fillConvexPoly(picture, np.round(quad * 16).astype(np.int32), 235, cv2.LINE_8, 4)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.0) + random.normal(0, 3, shape)
    gray = np.clip(picture, 0, 255).astype(np.uint8)
    pattern = PlanarPattern(
        ScaleSource.WAYBILL_LABEL,
        quad + random.normal(0, 0.3, (4, 2)),
        label,
        0.01,
        0.3,
        "face",
        f"label {label[0]:g} x {label[1]:g} mm",
    )
    mask = coarse(pixels, camera)
    return Painted(gray, mask, camera, pattern, sizes, sum(1 for sign in seen if sign))


def coarse(pixels: Array, camera: CameraModel) -> Array:
    """The silhouette as a model's mask has it: smoothed, on a grid of a hundred cells."""
    cell = max(camera.width, camera.height) / 100.0
    small = np.zeros((camera.height // 4, camera.width // 4), np.uint8)
    hull = cv2.convexHull(pixels.astype(np.float32))
    cv2.fillConvexPoly(small, np.round(hull / 4 * 16).astype(np.int32), 255, cv2.LINE_8, 4)
    soft = cv2.GaussianBlur(small, (0, 0), 0.5 * cell / 4)
    contours, _ = cv2.findContours(
        (soft > 127).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    ring = max(contours, key=cv2.contourArea).reshape(-1, 2).astype(np.float64)
    return ring[:: max(1, int(cell / 4))] * 4 + 1.5
