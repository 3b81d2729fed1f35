"""The printed board: true to size, found again, and no size guessed."""

from __future__ import annotations

import io
import re
import struct

import cv2
import numpy as np
import pytest
from PIL import Image

from greenpack.cameras.board import (
    CUSTOM_FIRST_ID,
    STANDARD,
    Board,
    Paper,
    board_for,
    board_shown,
)
from greenpack.cameras.board_photo import find_board
from greenpack.cameras.board_sheet import DPI, draw_sheet, sheet_pdf
from greenpack.reasons import GreenPackError

MM = DPI / 25.4


def printed(pdf: bytes) -> tuple[tuple[float, float], np.ndarray]:
    """The page's size in mm and its only picture, which fills it, as a printer gets them."""
    box = re.search(rb"/MediaBox \[ ([\d. ]+) \]", pdf)
    assert box is not None
    left, bottom, right, top = map(float, box[1].split())
    placed = re.search(rb"([\d.]+) 0 0 ([\d.]+) 0 0 cm /image Do", pdf)
    assert placed is not None
    assert (float(placed[1]), float(placed[2])) == pytest.approx((right, top), abs=0.01)
    width, height, length = (
        int(found[1])
        for name in (b"Width", b"Height", b"Length")
        if (found := re.search(rb"/" + name + rb" (\d+)\s", pdf)) is not None
    )
    start = pdf.index(b"stream\n", pdf.index(b"/CCITTFaxDecode")) + 7
    fax = pdf[start : start + length]
    # The same Group 4 data with a TIFF header before it, for Pillow to read.
    entries = [(256, width), (257, height), (258, 1), (259, 4), (262, 1), (273, 0), (278, height),
               (279, len(fax))]  # fmt: skip
    offset = 8 + 2 + 12 * len(entries) + 4
    header = b"II*\0" + struct.pack("<IH", 8, len(entries))
    for tag, value in entries:
        header += struct.pack("<HHII", tag, 4, 1, offset if tag == 273 else value)
    tiff = header + struct.pack("<I", 0) + fax
    pixels = np.array(Image.open(io.BytesIO(tiff)).convert("L"))
    size = ((right - left) / 72 * 25.4, (top - bottom) / 72 * 25.4)
    return size, pixels


@pytest.mark.parametrize("paper", list(Paper))
def test_the_pdf_prints_the_board_true_to_size(paper: Paper) -> None:
    board = STANDARD[paper]
    size, pixels = printed(sheet_pdf(board, paper))
    assert size == pytest.approx(paper.size_mm, abs=0.1)
    scale = pixels.shape[1] / size[0]
    small = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    view = find_board("sheet", "0" * 64, small)
    assert view.board == board
    assert len(view.ids) == board.corners
    on_paper = (view.corners + 0.5) * 4 / scale
    true = board.points()[view.ids][:, :2]
    shift = (on_paper - true).mean(axis=0)
    assert np.abs(on_paper - true - shift).max() < 0.05


@pytest.mark.parametrize("paper", list(Paper))
def test_the_ruler_measures_two_hundred_millimetres(paper: Paper) -> None:
    pixels = np.array(draw_sheet(STANDARD[paper], paper))
    below = pixels[round((paper.size_mm[1] - 22.0) * MM) :]
    dark = [np.flatnonzero(~row) for row in below]
    widest = max((row[-1] - row[0] + 1 for row in dark if len(row)), default=0)
    assert widest / MM == pytest.approx(200.0, abs=0.05)


def test_boards_that_make_no_board_or_do_not_fit_are_refused() -> None:
    for board, paper in ((Board(7, 5, 50.0, 0), Paper.A4), (Board(9, 6, 47.0, 40), Paper.A3)):
        with pytest.raises(GreenPackError) as refused:
            sheet_pdf(board, paper)
        assert refused.value.code == "board_unsuitable"
    for squares in ((2, 5), (30, 30)):
        with pytest.raises(GreenPackError) as refused:
            board_for(Paper.A4, squares, 10.0)
        assert refused.value.code == "board_unsuitable"


def test_other_squares_make_a_board_that_fits_and_does_not_look_like_a_standard_one() -> None:
    board = board_for(Paper.A4, (9, 6), None)
    assert board.first_id == CUSTOM_FIRST_ID
    assert draw_sheet(board, Paper.A4).size == draw_sheet(STANDARD[Paper.A4], Paper.A4).size
    assert board_for(Paper.A4, (7, 5), 35.0) is STANDARD[Paper.A4]
    assert board_for(Paper.A4, None, 30.0) == Board(7, 5, 30.0, CUSTOM_FIRST_ID)


def test_the_markers_tell_the_board() -> None:
    assert board_shown([3, 9, 16], None, None) is STANDARD[Paper.A4]
    assert board_shown([20, 36], None, 12.0) is STANDARD[Paper.A3]
    assert board_shown([], None, None) is None
    assert board_shown([18], None, None) is None
    assert board_shown([41, 50], (9, 6), 28.0) == Board(9, 6, 28.0, CUSTOM_FIRST_ID)
    with pytest.raises(GreenPackError) as refused:
        board_shown([41, 50], (9, 6), None)
    assert refused.value.code == "board_size_unknown"


def test_the_measured_size_is_taken_and_the_wrong_board_is_noticed() -> None:
    board = STANDARD[Paper.A4]
    assert board.measured(ruler_mm=194.0, square_mm=None).square_mm == pytest.approx(35 * 0.97)
    assert board.measured(ruler_mm=None, square_mm=34.2).square_mm == pytest.approx(34.2)
    assert board.measured(ruler_mm=None, square_mm=None) == board
    for given in ({"ruler_mm": None, "square_mm": 50.0}, {"ruler_mm": 140.0, "square_mm": None}):
        with pytest.raises(GreenPackError) as refused:
            board.measured(**given)  # type: ignore[arg-type]
        assert refused.value.code == "board_size_doubtful"
    custom = Board(9, 6, 28.0, CUSTOM_FIRST_ID)
    assert custom.measured(ruler_mm=198.0, square_mm=28.0).square_mm == pytest.approx(28 * 0.99)
