"""Photos of the calibration board, warped through a known camera with a known lens."""

from __future__ import annotations

import hashlib
import io
import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenpack.cameras.board import STANDARD, Board, Paper
from greenpack.cameras.board_photo import BoardView, find_board
from greenpack.cameras.board_sheet import DPI, draw_sheet
from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.projective import Array

# A wide lens with barrel distortion; its centre is off the picture's.
CAMERA = CameraModel(
    width=1280,
    height=960,
    focal=(1010.0, 1004.0),
    centre=(655.0, 470.0),
    distortion=(-0.21, 0.06, 0.0008, -0.0006, 0.0),
    focal_error=0.0,
    belt=None,
    source="made up",
)

# Where the board's middle is in the picture (as shares), how far away, and how it is turned.
Pose = tuple[float, float, float, float, float, float]
POSES: tuple[Pose, ...] = (
    (0.5, 0.5, 420, 0, 0, 0),
    (0.24, 0.24, 440, 30, 0, 5),
    (0.76, 0.24, 440, -30, 5, 0),
    (0.24, 0.76, 440, 5, 30, -8),
    (0.76, 0.76, 440, 0, -30, 20),
    (0.5, 0.3, 440, 25, 25, 12),
    (0.5, 0.7, 440, -25, 25, -15),
    (0.25, 0.5, 520, 20, -35, 30),
    (0.75, 0.5, 520, -35, -20, 60),
    (0.35, 0.5, 380, 35, 10, 3),
    (0.6, 0.45, 380, -15, 35, 175),
    (0.5, 0.5, 600, 40, -10, 20),
)


@dataclass(frozen=True)
class Sheet:
    """The printed sheet as seen by the picture maker."""

    board: Board
    pixels: NDArray[np.uint8]
    # Sheet pixel of the board's first corner, and pixels per millimetre.
    origin: tuple[float, float]
    scale: float


@lru_cache
def sheet(paper: Paper = Paper.A4) -> Sheet:
    """The sheet at an eighth of its printed resolution, which is finer than any picture of it."""
    board = STANDARD[paper]
    page = draw_sheet(board, paper).convert("L")
    small = page.resize((page.width // 4, page.height // 4), Image.Resampling.BOX)
    scale = DPI / 25.4 / 4
    across, down = board.size_mm
    width, height = paper.size_mm
    left, top = (width - across) / 2, (height - 22.0 - down) / 2
    return Sheet(board, np.array(small), (left * scale - 0.5, top * scale - 0.5), scale)


def turned(about_x: float, about_y: float, about_z: float) -> Array:
    """A rotation, degrees."""
    matrix = np.eye(3)
    for axis, angle in enumerate((about_x, about_y, about_z)):
        vector = np.zeros(3)
        vector[axis] = math.radians(angle)
        matrix = cv2.Rodrigues(vector)[0] @ matrix
    return matrix


def board_pose(camera: CameraModel, pose: Pose, board: Board) -> tuple[Array, Array]:
    """Rotation and shift from the board's frame to the camera's, the middle where it is asked."""
    x, y, away, *angles = pose
    rotation = turned(*angles)
    middle = camera.undistorted(np.array([[x * camera.width, y * camera.height]]))[0]
    ray = np.array(
        [
            (middle[0] - camera.centre[0]) / camera.focal[0],
            (middle[1] - camera.centre[1]) / camera.focal[1],
            1.0,
        ]
    )
    half = np.array([*board.size_mm, 0.0]) / 2
    return rotation, ray * away - rotation @ half


@lru_cache
def _rays(camera: CameraModel) -> Array:
    """The direction that each pixel looks in, shape (h * w, 3), z = 1.

    Not by the camera's own ``undistorted``, which is under test elsewhere and made for few points.
    """
    columns, rows = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    seen_x = ((columns - camera.centre[0]) / camera.focal[0]).ravel()
    seen_y = ((rows - camera.centre[1]) / camera.focal[1]).ravel()
    k1, k2, p1, p2, k3 = camera.distortion
    x, y = seen_x.copy(), seen_y.copy()
    for _ in range(25):
        square = x * x + y * y
        radial = 1 + square * (k1 + square * (k2 + square * k3))
        aside = 2 * p1 * x * y + p2 * (square + 2 * x * x)
        down = p1 * (square + 2 * y * y) + 2 * p2 * x * y
        x, y = (seen_x - aside) / radial, (seen_y - down) / radial
    return np.column_stack([x, y, np.ones(len(x))])


def picture(
    camera: CameraModel,
    rotation: Array,
    shift: Array,
    paper: Paper = Paper.A4,
    noise: float = 3.0,
    blur: float = 0.7,
    seed: int = 0,
    printed: float = 1.0,
) -> NDArray[np.uint8]:
    """What the camera sees, grey as RGB: each pixel's ray meets the sheet.

    ``printed`` is the printer's scaling; ``rotation`` and ``shift`` carry the board's true frame.
    """
    paper_sheet = sheet(paper)
    rays = _rays(camera)
    normal = rotation[:, 2]
    hits = rays * ((normal @ shift) / (rays @ normal))[:, None]
    on_board = (hits - shift) @ rotation / printed
    x = (on_board[:, 0] * paper_sheet.scale + paper_sheet.origin[0]).astype(np.float32)
    y = (on_board[:, 1] * paper_sheet.scale + paper_sheet.origin[1]).astype(np.float32)
    shape = (camera.height, camera.width)
    coarse = cv2.GaussianBlur(paper_sheet.pixels, (0, 0), 2.0)
    seen = cv2.remap(
        coarse,
        x.reshape(shape),
        y.reshape(shape),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=120,
    )
    seen = cv2.GaussianBlur(seen, (0, 0), blur).astype(float) * 0.75 + 25
    seen += np.random.default_rng(seed).normal(0, noise, shape)
    return np.repeat(np.clip(seen, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def photo_of(camera: CameraModel, pose: Pose, paper: Paper = Paper.A4, seed: int = 0) -> bytes:
    """The same as a JPEG file."""
    return jpeg(picture(camera, *board_pose(camera, pose, sheet(paper).board), paper, seed=seed))


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """As a camera writes it."""
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "JPEG", quality=95)
    return written.getvalue()


def view_of(
    camera: CameraModel, pose: Pose, paper: Paper = Paper.A4, seed: int = 0, name: str = ""
) -> BoardView:
    """What is found in the picture of a pose."""
    pixels = picture(camera, *board_pose(camera, pose, sheet(paper).board), paper, seed=seed)
    digest = hashlib.sha256(pixels.tobytes()).hexdigest()
    return find_board(name or f"{seed}.jpg", digest, pixels)


@lru_cache
def good_views(paper: Paper = Paper.A4) -> tuple[BoardView, ...]:
    """Views that make a good calibration."""
    return tuple(
        view_of(
            CAMERA,
            (*pose[:2], pose[2] * (1 if paper is Paper.A4 else 1.43), *pose[3:]),
            paper,
            seed=number,
        )
        for number, pose in enumerate(POSES)
    )


def belt_under(camera: CameraModel, height: float, tilt: float) -> CameraModel:
    """The camera over a belt, tilted about its x axis."""
    down = turned(180 - tilt, 0, 0)
    normal = down[:, 2]
    rows = tuple(tuple(float(v) for v in row) for row in down)
    belt = BeltPlane(rows, tuple(float(v) for v in -height * normal), 0.0)  # type: ignore[arg-type]
    return replace(camera, belt=belt)


def on_belt(
    camera: CameraModel, at: tuple[float, float], turn: float, board: Board, above: float = 0.0
) -> tuple[Array, Array]:
    """The pose of a board lying on the belt, its middle at ``at`` (mm), face up."""
    assert camera.belt is not None
    # The board's z axis points into the table it lies on.
    flat = turned(180, 0, 0) @ turned(0, 0, turn)
    half = np.array([*board.size_mm, 0.0]) / 2
    start = np.array([*at, above]) - flat @ half
    rotation, shift = np.array(camera.belt.rotation), np.array(camera.belt.translation)
    return rotation @ flat, rotation @ start + shift
