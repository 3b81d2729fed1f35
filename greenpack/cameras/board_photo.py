"""Finding the printed board in a photo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.cameras.board import Board, board_shown, dictionary
from greenpack.measure.projective import Array
from greenpack.reasons import GreenPackError

# Fewer corners, or corners in one row, do not settle where the board is.
LEAST_CORNERS = 8


@dataclass(frozen=True, slots=True, eq=False)
class BoardView:
    """The board as one photo shows it.

    Attributes:
        name: the photo as shown to people.
        sha256: of the photo's bytes.
        width, height: of the upright original, pixels.
        board: at the size that it was asked for, or None where the photo shows none.
        ids: numbers of the inner corners that were found, shape (n,).
        corners: where they are, shape (n, 2), pixels, centres of pixels at whole numbers.
    """

    name: str
    sha256: str
    width: int
    height: int
    board: Board | None
    ids: NDArray[np.int64]
    corners: Array


def find_board(
    name: str,
    sha256: str,
    pixels: NDArray[np.uint8],
    squares: tuple[int, int] | None = None,
    square_mm: float | None = None,
) -> BoardView:
    """Look for the board in a photo of full size; corners are refined to a part of a pixel.

    Args:
        name: of the photo, for people.
        sha256: of its bytes.
        pixels: shape (h, w, 3), RGB, or (h, w), upright, not reduced.
        squares: of a board that is not standard.
        square_mm: of a board that is not standard.

    Raises:
        GreenPackError: ``board_size_unknown``, ``board_unsuitable``.
    """
    gray = pixels
    if pixels.ndim == 3:
        gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = gray.shape[:2]
    marker_corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary()).detectMarkers(gray)
    seen = [] if numbers is None else [int(number) for number in np.ravel(numbers)]
    board = board_shown(seen, squares, square_mm)
    ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
    corners: Array = np.empty((0, 2))
    if board is not None:
        marked = [np.asarray(each, dtype=np.float32) for each in marker_corners]
        ids, corners = _corners(gray, board, marked, seen)
    return BoardView(name, sha256, width, height, board, ids, corners)


def one_board(views: Sequence[BoardView]) -> Board | None:
    """The one board that all photos show, or None if no photo shows any.

    Raises:
        GreenPackError: ``board_size_doubtful`` if the photos show boards of several kinds.
    """
    kinds = Counter(view.board for view in views if view.board is not None)
    if len(kinds) > 1:
        listed = ", ".join(f"{board.text} in {count} photos" for board, count in kinds.items())
        raise GreenPackError("board_size_doubtful", listed)
    return next(iter(kinds), None)


def settles_a_pose(view: BoardView) -> bool:
    """Whether the photo shows corners enough, and not all in one row."""
    if view.board is None or len(view.ids) < max(LEAST_CORNERS, view.board.corners // 3):
        return False
    columns = view.board.columns - 1
    return len(set(view.ids // columns)) > 1 and len(set(view.ids % columns)) > 1


def _corners(
    gray: NDArray[np.uint8],
    board: Board,
    marker_corners: Sequence[NDArray[np.float32]],
    numbers: list[int],
) -> tuple[NDArray[np.int64], Array]:
    own = [
        place
        for place, number in enumerate(numbers)
        if 0 <= number - board.first_id < board.markers
    ]
    found, ids, _, _ = cv2.aruco.CharucoDetector(board.charuco()).detectBoard(
        gray,
        markerCorners=[marker_corners[place] for place in own],
        markerIds=np.array([numbers[place] for place in own], dtype=np.int32),
    )
    if ids is None:
        return np.empty(0, dtype=np.int64), np.empty((0, 2))
    return np.ravel(ids).astype(np.int64), np.asarray(found, dtype=float).reshape(-1, 2)
