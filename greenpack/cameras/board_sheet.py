"""The board as a sheet to print: PDF at true size, with a ruler that shows whether it is."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from greenpack.cameras.board import DICTIONARY, RULER_MM, Board, Paper, dictionary
from greenpack.reasons import GreenPackError

# A pixel is 0.042 mm, less than any printer keeps to. No grey: edges stay where they are.
DPI = 600
# What office printers leave white, and the rows of text and ruler below the board.
_MARGIN_MM = 6.0
_FOOT_MM = 22.0
_MM = DPI / 25.4

# Fonts with Chinese characters that systems bring; without one the sheet is in English alone.
_CHINESE_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSerifCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "PingFang.ttc",
)

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def sheet_pdf(board: Board, paper: Paper) -> bytes:
    """One page with the board, a ruler and instructions, to be printed at 100 %.

    Raises:
        GreenPackError: ``board_unsuitable`` if the board does not fit the paper.
    """
    picture = draw_sheet(board, paper)
    written = io.BytesIO()
    picture.save(written, "PDF", resolution=DPI, title=f"GreenPack {board.text}")
    return written.getvalue()


def draw_sheet(board: Board, paper: Paper) -> Image.Image:
    """The page in black and white at ``DPI``.

    Raises:
        GreenPackError: ``board_unsuitable`` if the board does not fit the paper.
    """
    width, height = paper.size_mm
    across, down = board.size_mm
    if across > width - 2 * _MARGIN_MM or down > height - 2 * _MARGIN_MM - _FOOT_MM:
        raise GreenPackError(
            "board_unsuitable",
            f"{board.text} do not fit {paper.value.upper()}, which takes "
            f"{width - 2 * _MARGIN_MM:.0f} x {height - 2 * _MARGIN_MM - _FOOT_MM:.0f} mm",
        )
    page = Image.new("1", (round(width * _MM), round(height * _MM)), 1)
    left = (width - across) / 2
    top = (height - _FOOT_MM - down) / 2
    draw = ImageDraw.Draw(page)
    _draw_board(draw, board, left, top)
    foot = max(top + down + 5.0, height - _FOOT_MM - 1.0)
    _draw_ruler(draw, (width - RULER_MM) / 2, foot)
    _write(draw, board, (width - RULER_MM) / 2, foot + 5.5)
    return page


def _draw_board(draw: ImageDraw.ImageDraw, board: Board, left: float, top: float) -> None:
    side = board.square_mm
    for row in range(board.rows):
        for column in range(board.columns):
            if (row + column) % 2 == 0:
                _black(draw, left + column * side, top + row * side, side, side)
    words = dictionary()
    cells = words.markerSize + 2
    for number, corners in enumerate(board.charuco().getObjPoints()):
        x, y = (float(value) for value in corners[0][:2])
        cell = float(corners[1][0] - corners[0][0]) / cells
        bits = cv2.aruco.generateImageMarker(words, board.first_id + number, cells, borderBits=1)
        for down, across in np.argwhere(bits == 0):
            _black(draw, left + x + across * cell, top + y + down * cell, cell, cell)


def _draw_ruler(draw: ImageDraw.ImageDraw, left: float, top: float) -> None:
    _black(draw, left, top, RULER_MM, 0.2)
    for tick in range(0, round(RULER_MM) + 1, 10):
        ends = tick in (0, round(RULER_MM))
        # The outer edges of the end ticks are the length to measure.
        x = left + tick - (0.0 if tick == 0 else 0.2 if ends else 0.1)
        _black(draw, x, top, 0.2, 4.0 if ends else 2.0)


def _write(draw: ImageDraw.ImageDraw, board: Board, left: float, top: float) -> None:
    lines = [
        (
            f"GreenPack calibration board: ChArUco, {DICTIONARY}, {board.text}, markers "
            f"{board.first_id} to {board.first_id + board.markers - 1}.",
            _latin(2.7),
        ),
        (
            f"Print at 100 % ('actual size'), glue it flat on a stiff plate. The line above must "
            f"measure {RULER_MM:.0f} mm: give what it does measure to --ruler.",
            _latin(2.7),
        ),
    ]
    chinese = _chinese(2.7)
    if chinese is not None:
        text = (
            f"标定板：请按 100 %（实际大小）打印，平整贴在硬板上。用钢尺测量上方标尺，应为 "
            f"{RULER_MM:.0f} 毫米；实测值请填入 --ruler。"
        )
        lines.append((text, chinese))
    for number, (line, font) in enumerate(lines):
        draw.text((left * _MM, (top + 4.2 * number) * _MM), line, font=font, fill=0)


def _black(draw: ImageDraw.ImageDraw, x: float, y: float, width: float, height: float) -> None:
    """A black rectangle; neighbours share an edge exactly, as each edge is rounded by itself."""
    left, top, right, bottom = (round(value * _MM) for value in (x, y, x + width, y + height))
    draw.rectangle((left, top, right - 1, bottom - 1), fill=0)


def _latin(height_mm: float) -> _Font:
    return ImageFont.load_default(height_mm * _MM)


def _chinese(height_mm: float) -> _Font | None:
    for name in _CHINESE_FONTS:
        try:
            return ImageFont.truetype(name, round(height_mm * _MM))
        except OSError:
            continue
    return None
