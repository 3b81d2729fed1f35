"""The camera as calibrated: from points in the picture to rays, and where the belt lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from greenpack.measure.projective import Array

Row = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class BeltPlane:
    """The plane that parcels stand on, as the camera sees it.

    Belt frame: x and y in the belt, z up, millimetres. Camera frame as in OpenCV: x right, y down,
    z forward. A point p of the belt frame is at ``rotation @ p + translation`` in the camera's.

    Attributes:
        rotation: three rows of three.
        translation: millimetres.
        error: 95 % half width of the camera's height over the belt, millimetres, >= 0.
    """

    rotation: tuple[Row, Row, Row]
    translation: Row
    error: float

    def __post_init__(self) -> None:
        matrix = np.array(self.rotation, dtype=float)
        if matrix.shape != (3, 3) or not np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-4):
            raise ValueError("the belt's rotation is no rotation")
        if np.linalg.det(matrix) < 0:
            raise ValueError("the belt's rotation is a reflection")
        if self.error < 0:
            raise ValueError(f"the belt's error must not be negative, not {self.error}")

    @property
    def height(self) -> float:
        """The camera's height over the belt, mm."""
        # Its centre is at -rotation' translation in the belt's frame.
        up = [row[2] for row in self.rotation]
        return -sum(a * b for a, b in zip(up, self.translation, strict=True))


@dataclass(frozen=True, slots=True)
class CameraModel:
    """A pinhole camera with OpenCV's lens distortion.

    Attributes:
        width: of the picture that the other values hold for, pixels.
        height: of that picture, pixels.
        focal: fx and fy, pixels, > 0.
        centre: principal point, pixels.
        distortion: OpenCV's coefficients (k1, k2, p1, p2, k3 ...), or empty for none.
        focal_error: 95 % half width of the focal length, relative to it, >= 0.
        belt: the plane that parcels stand on, or None where it is not known.
        source: where the values come from, for people.
    """

    width: int
    height: int
    focal: tuple[float, float]
    centre: tuple[float, float]
    distortion: tuple[float, ...]
    focal_error: float
    belt: BeltPlane | None
    source: str

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError("a picture has one pixel at least")
        if min(self.focal) <= 0:
            raise ValueError(f"the focal length must be positive, not {self.focal}")
        if self.focal_error < 0:
            raise ValueError("the focal length's error must not be negative")

    def matrix(self) -> Array:
        """The camera matrix, shape (3, 3)."""
        (fx, fy), (cx, cy) = self.focal, self.centre
        return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])

    def undistorted(self, points: Array) -> Array:
        """Where an ideal pinhole camera of the same focal length and centre sees the points.

        Args:
            points: shape (n, 2), pixels of the picture.

        Returns:
            shape (n, 2), pixels.
        """
        points = np.asarray(points, dtype=float).reshape(-1, 2)
        if not self.distortion or not len(points):
            return points.copy()
        matrix = self.matrix()
        first = cv2.undistortPoints(
            points[:, None], matrix, np.array(self.distortion), R=np.eye(3), P=matrix
        )
        found = np.asarray(first, np.float64).reshape(-1, 2)
        for _ in range(12):  # its few rounds leave a tenth of a pixel at strong distortion
            missed = points - self.projected(self.rays(found))
            found = np.asarray(found + missed, np.float64)
            if np.abs(missed).max() < 1e-6:
                break
        return np.asarray(found, np.float64)

    def rays(self, points: Array) -> Array:
        """The directions in which an ideal camera sees pixels, shape (n, 3), with z = 1."""
        offsets = (np.asarray(points, dtype=float).reshape(-1, 2) - self.centre) / self.focal
        return np.column_stack([offsets, np.ones(len(offsets))])

    def projected(self, points: Array) -> Array:
        """Where the camera sees points of the camera frame, lens distortion included.

        Args:
            points: shape (n, 3), millimetres, z > 0.

        Returns:
            shape (n, 2), pixels.
        """
        points = np.asarray(points, dtype=float).reshape(-1, 3)
        if not len(points):
            return np.empty((0, 2))
        seen, _ = cv2.projectPoints(
            points, np.zeros(3), np.zeros(3), self.matrix(), np.array(self.distortion or (0.0,) * 4)
        )
        return np.asarray(seen, dtype=float).reshape(-1, 2)

    def scaled(self, width: int, height: int) -> CameraModel:
        """The same camera for the same picture resized to other numbers of pixels."""
        across, down = width / self.width, height / self.height
        # Pixel centres lie at whole numbers, so the picture's corner is at -0.5.
        return replace(
            self,
            width=width,
            height=height,
            focal=(self.focal[0] * across, self.focal[1] * down),
            centre=((self.centre[0] + 0.5) * across - 0.5, (self.centre[1] + 0.5) * down - 0.5),
        )
