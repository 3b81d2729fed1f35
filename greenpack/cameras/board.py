"""The printed ChArUco board: its layout, and which of the boards a photo shows.

Boards of the standard sizes carry marker numbers of their own, so that a photo tells an A4 board
from an A3 board: nobody has to remember, and no size is guessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import cv2
import numpy as np

from greenpack.measure.projective import Array
from greenpack.reasons import GreenPackError

DICTIONARY = "DICT_5X5_250"
# The square's share that its marker takes: room for the white rim that detection needs.
MARKER_SHARE = 0.72
# Along the longer side of each sheet, printed to be measured with a steel rule.
RULER_MM = 200.0
# A printer that fits to the page makes 94 to 97 %; what is further off is a mistake.
_MOST_SCALING = 0.1


class Paper(StrEnum):
    """Sheets to print on, always laid crosswise."""

    A4 = "a4"
    A3 = "a3"

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the sheet laid crosswise (ISO 216)."""
        return (297.0, 210.0) if self is Paper.A4 else (420.0, 297.0)


@dataclass(frozen=True, slots=True)
class Board:
    """A ChArUco board.

    Attributes:
        columns: squares across, >= 3.
        rows: squares down, >= 3.
        square_mm: side of one square as printed, millimetres.
        first_id: number of the first marker in ``DICTIONARY``.
    """

    columns: int
    rows: int
    square_mm: float
    first_id: int

    def __post_init__(self) -> None:
        if min(self.columns, self.rows) < 3 or self.square_mm <= 0:
            raise GreenPackError("board_unsuitable", f"{self.text}: at least 3x3 squares")
        if self.first_id + self.markers > 250:
            raise GreenPackError("board_unsuitable", f"{self.text}: more than {_MOST} squares")

    @property
    def markers(self) -> int:
        """How many squares carry a marker."""
        return self.columns * self.rows // 2

    @property
    def corners(self) -> int:
        """How many inner corners the board has."""
        return (self.columns - 1) * (self.rows - 1)

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of all squares together."""
        return self.columns * self.square_mm, self.rows * self.square_mm

    @property
    def text(self) -> str:
        """The board in words."""
        return f"{self.columns}x{self.rows} squares of {self.square_mm:.4g} mm"

    @property
    def is_standard(self) -> bool:
        """Whether its marker numbers tell its size."""
        return self.first_id < CUSTOM_FIRST_ID

    def charuco(self) -> Any:
        """The board as OpenCV's ``aruco.CharucoBoard``, in millimetres."""
        numbers = np.arange(self.first_id, self.first_id + self.markers, dtype=np.int32)
        return cv2.aruco.CharucoBoard(
            (self.columns, self.rows),
            self.square_mm,
            self.square_mm * MARKER_SHARE,
            dictionary(),
            numbers,
        )

    def points(self) -> Array:
        """All inner corners on the board, shape (n, 3), millimetres, z = 0, by their number."""
        return np.asarray(self.charuco().getChessboardCorners(), dtype=float).reshape(-1, 3)

    def measured(self, *, square_mm: float | None, ruler_mm: float | None) -> Board:
        """The board with the size that it was measured to have.

        Args:
            square_mm: side of one square, or None.
            ruler_mm: length of the printed ruler that should be ``RULER_MM``, or None.

        Raises:
            GreenPackError: ``board_size_doubtful`` if that is further from the size that was
                asked for than any printer's scaling.
        """
        share = 1.0
        if ruler_mm is not None:
            share = ruler_mm / RULER_MM
        elif square_mm is not None and self.is_standard:
            share = square_mm / self.square_mm
        if not abs(share - 1) <= _MOST_SCALING:
            raise GreenPackError(
                "board_size_doubtful",
                f"the photos show the board of {self.text}; measured was {share:.0%} of that",
            )
        base = self.square_mm if square_mm is None or self.is_standard else square_mm
        return replace(self, square_mm=base * share)


STANDARD = {Paper.A4: Board(7, 5, 35.0, 0), Paper.A3: Board(7, 5, 50.0, 20)}
CUSTOM_FIRST_ID = 40
_MOST = 2 * (250 - CUSTOM_FIRST_ID)


def dictionary() -> Any:
    """The markers' dictionary."""
    return cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DICTIONARY))


def board_for(paper: Paper, squares: tuple[int, int] | None, square_mm: float | None) -> Board:
    """The board to print: the standard one of the paper, or one of other squares.

    Raises:
        GreenPackError: ``board_unsuitable`` for numbers that make no board.
    """
    standard = STANDARD[paper]
    columns, rows = squares or (standard.columns, standard.rows)
    if (columns, rows) == (standard.columns, standard.rows) and square_mm in (
        None,
        standard.square_mm,
    ):
        return standard
    if square_mm is None:
        across, down = standard.size_mm
        square_mm = float(math.floor(min(across / columns, down / rows)))
    return Board(columns, rows, square_mm, CUSTOM_FIRST_ID)


def board_shown(
    marker_ids: Iterable[int], squares: tuple[int, int] | None, square_mm: float | None
) -> Board | None:
    """The board that markers belong to, at the size it was asked for; None if they tell none.

    Args:
        marker_ids: numbers of the markers seen.
        squares: of a board that is not standard; None for 7x5.
        square_mm: of a board that is not standard.

    Raises:
        GreenPackError: ``board_size_unknown`` for a board that is not standard where no size is
            given, ``board_unsuitable`` for numbers that make no board.
    """
    boards = list(STANDARD.values())
    votes = [0] * (len(boards) + 1)
    for number in marker_ids:
        place = next(
            (n for n, b in enumerate(boards) if 0 <= number - b.first_id < b.markers), len(boards)
        )
        if place < len(boards) or number >= CUSTOM_FIRST_ID:
            votes[place] += 1
    if not any(votes):
        return None
    place = votes.index(max(votes))
    if place < len(boards):
        return boards[place]
    if square_mm is None:
        raise GreenPackError("board_size_unknown", "the board is none of the standard ones")
    columns, rows = squares or (7, 5)
    return Board(columns, rows, square_mm, CUSTOM_FIRST_ID)
