"""The evidence picture: what was seen, the opening set straight, and the words of the finding."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from greenpack.language.font import font_path
from greenpack.language.speaking import Language, mark, spoken, tr
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.veil import clear_mask, through_veil, veil_of

Colour = tuple[int, int, int]

# Okabe and Ito's palette: told apart by people with any colour vision.
COLOURS: Final[dict[Label, Colour]] = {
    Label.OPENING: (0, 114, 178),
    Label.ITEM: (230, 159, 0),
    Label.FILLER: (204, 121, 167),
    Label.PARCEL: (86, 180, 233),
    Label.WAYBILL: (0, 158, 115),
    Label.TAPE: (240, 228, 66),
}

_NAMES: Final[dict[Label, str]] = {
    Label.OPENING: mark("opening"),
    Label.ITEM: mark("item"),
    Label.FILLER: mark("filler"),
    Label.PARCEL: mark("parcel"),
    Label.WAYBILL: mark("waybill"),
    Label.TAPE: mark("tape"),
}

PHOTO_SIDE = 1200
PANEL_WIDTH = 520
_MARGIN = 24
# What a line is made of: words, and single ideographs with the punctuation that belongs to them.
_PIECES: Final = re.compile(r"[（“]*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。：；、）”]*\s*")
_INK: Colour = (28, 32, 36)
_PAPER: Colour = (250, 250, 248)


@dataclass(frozen=True, slots=True)
class Caption:
    """The words on an evidence picture.

    Attributes:
        headline: the verdict.
        colour: behind the headline.
        lines: what was measured and judged; wrapped to the panel's width.
        small_print: hashes and versions; wrapped anywhere.
    """

    headline: str
    colour: Colour
    lines: Sequence[str]
    small_print: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Privacy:
    """What of the photo is drawn so that it can be recognised.

    Attributes:
        clear: polygons of shape (n, 2) in pixels of the photo; all else is veiled.
        hidden: polygons that are veiled within them.
    """

    clear: Sequence[NDArray[np.float64]]
    hidden: Sequence[NDArray[np.float64]]


def evidence_picture(
    pixels: NDArray[np.uint8],
    shapes: Sequence[Shape],
    corners: Sequence[tuple[float, float]] | None,
    aspect: float,
    caption: Caption,
    cuboid: Sequence[tuple[float, float]] | None = None,
    privacy: Privacy | None = None,
) -> bytes:
    """Draw the photo with all shapes, the opening set straight, the cuboid, and the caption.

    Args:
        pixels: shape (h, w, 3), RGB: the upright photo.
        shapes: polygons in pixels of ``pixels``.
        corners: the opening's four corners in the same pixels, or None.
        aspect: the opening's second side over its first; used only with ``corners``.
        caption: the words beside it.
        cuboid: corners of the cuboid round a closed parcel in the same pixels: four of the bottom
            then four of the top in the same order, or those of the top alone where the height was
            not seen; or None.
        privacy: what is drawn recognisably; None draws all of the photo.

    Returns:
        A JPEG; the same input gives the same bytes.
    """
    height, width = pixels.shape[:2]
    scale = PHOTO_SIDE / max(height, width)
    photo = np.asarray(
        cv2.resize(
            pixels,
            (max(1, round(width * scale)), max(1, round(height * scale))),
            interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
        ),
        np.uint8,
    )
    size = (photo.shape[0], photo.shape[1])
    mask, veil = np.full(size, 255, np.uint8), photo
    if privacy is not None:
        clear, hidden = ([p * scale for p in part] for part in (privacy.clear, privacy.hidden))
        mask, veil = clear_mask(size, clear, hidden), veil_of(photo)
        photo = through_veil(photo, mask, veil)
    drawn = with_shapes(photo, [(shape.label, shape.polygon * scale) for shape in shapes])
    straight = None
    if corners is not None:
        side = np.asarray(corners, np.float32)
        size = straight_size(aspect)
        plane = through_veil(
            warped(pixels, side, size),
            warped(mask, side * scale, size),
            warped(veil, side * scale, size),
        )
        straight = straightened(plane, pixels.shape[:2], shapes, side)
        outline = np.round(np.asarray(corners) * scale).astype(np.int32)
        cv2.polylines(drawn, [outline], True, (255, 255, 255), 5, cv2.LINE_AA)
        cv2.polylines(drawn, [outline], True, COLOURS[Label.OPENING], 3, cv2.LINE_AA)
    if cuboid is not None:
        draw_cuboid(drawn, np.asarray(cuboid) * scale)
    seen = {shape.label for shape in shapes}
    panel = _panel(straight, caption, [label for label in Label if label in seen])
    canvas = Image.new(
        "RGB", (drawn.shape[1] + panel.width, max(drawn.shape[0], panel.height)), _PAPER
    )
    canvas.paste(Image.fromarray(drawn), (0, 0))
    canvas.paste(panel, (drawn.shape[1], 0))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=88, optimize=True)
    return buffer.getvalue()


def with_shapes(
    photo: NDArray[np.uint8], shapes: Sequence[tuple[Label, NDArray[np.float64]]]
) -> NDArray[np.uint8]:
    """The photo with each shape tinted and outlined; the opening's fill would hide its goods."""
    tinted = photo.copy()
    for label, polygon in shapes:
        if label not in {Label.OPENING, Label.PARCEL}:
            cv2.fillPoly(tinted, [np.round(polygon).astype(np.int32)], COLOURS[label])
    drawn = cv2.addWeighted(tinted, 0.35, photo, 0.65, 0)
    for label, polygon in shapes:
        points = [np.round(polygon).astype(np.int32)]
        cv2.polylines(drawn, points, True, COLOURS[label], 2, cv2.LINE_AA)
    return np.asarray(drawn, np.uint8)


def draw_cuboid(drawn: NDArray[np.uint8], corners: NDArray[np.float64]) -> None:
    """The twelve edges; those of the top stronger than those that the parcel may hide."""
    points = np.round(corners).astype(np.int32)
    bottom, top = points[:-4], points[-4:]
    for line_width, colour in ((5, (255, 255, 255)), (2, COLOURS[Label.PARCEL])):
        cv2.polylines(drawn, [top], True, colour, line_width, cv2.LINE_AA)
    if not len(bottom):
        return
    for start, end in zip((*bottom, *bottom), (*np.roll(bottom, -1, axis=0), *top), strict=True):
        cv2.line(drawn, start.tolist(), end.tolist(), (255, 255, 255), 3, cv2.LINE_AA)
        cv2.line(drawn, start.tolist(), end.tolist(), COLOURS[Label.PARCEL], 1, cv2.LINE_AA)


def straight_size(aspect: float) -> tuple[int, int]:
    """Width and height of the opening set straight, pixels."""
    side = PANEL_WIDTH - 2 * _MARGIN
    width, height = (side, round(side * aspect)) if aspect <= 1 else (round(side / aspect), side)
    return max(8, width), max(8, height)


def warped(
    picture: NDArray[np.uint8], corners: NDArray[np.float32], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """The quadrangle of a picture drawn as a rectangle of that width and height."""
    width, height = size
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    homography = cv2.getPerspectiveTransform(corners, target)
    return np.asarray(cv2.warpPerspective(picture, homography, size), np.uint8)


def straightened(
    plane: NDArray[np.uint8],
    size: tuple[int, int],
    shapes: Sequence[Shape],
    corners: NDArray[np.float32],
) -> NDArray[np.uint8]:
    """The opening as a rectangle, with the goods and filler in it tinted."""
    inside = []
    for shape in shapes:
        if shape.label in {Label.ITEM, Label.FILLER}:
            # Masks rather than points: points beyond the horizon have no image in the plane.
            seen = np.zeros(size, np.uint8)
            cv2.fillPoly(seen, [np.round(shape.polygon).astype(np.int32)], 255)
            inside.append((shape.label, warped(seen, corners, (plane.shape[1], plane.shape[0]))))
    tinted = plane.copy()
    for label, mask in inside:
        tinted[mask > 127] = COLOURS[label]
    drawn = cv2.addWeighted(tinted, 0.35, plane, 0.65, 0)
    for label, mask in inside:
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(drawn, contours, -1, COLOURS[label], 2, cv2.LINE_AA)
    return np.asarray(drawn, np.uint8)


def _panel(
    straight: NDArray[np.uint8] | None, caption: Caption, labels: Sequence[Label]
) -> Image.Image:
    """The right-hand side: verdict, words, the straightened opening, legend, small print."""
    panel = Image.new("RGB", (PANEL_WIDTH, 4000), _PAPER)
    draw = ImageDraw.Draw(panel)
    text_width = PANEL_WIDTH - 2 * _MARGIN
    draw.rectangle((0, 0, PANEL_WIDTH, 68), fill=caption.colour)
    draw.text((_MARGIN, 16), caption.headline, font=_font(32), fill=(255, 255, 255))
    y = 84
    for line in caption.lines:
        y = _write(draw, line, y, _font(19), text_width, _INK) + 6
    if straight is not None:
        y = _write(
            draw, tr("The opening, set straight"), y + 8, _font(16), text_width, (90, 96, 102)
        )
        panel.paste(Image.fromarray(straight), (_MARGIN, y + 4))
        y += straight.shape[0] + 14
    x = _MARGIN
    for label in labels:
        name = tr(_NAMES[label])
        advance = 26 + draw.textlength(name, font=_font(16))
        if x + advance > PANEL_WIDTH - _MARGIN:
            x, y = _MARGIN, y + 24
        draw.rectangle((x, y + 3, x + 14, y + 17), fill=COLOURS[label], outline=_INK)
        draw.text((x + 20, y), name, font=_font(16), fill=_INK)
        x += round(advance) + 16
    y += 34 if labels else 4
    for line in caption.small_print:
        y = _write(draw, line, y, _font(13), text_width, (90, 96, 102)) + 2
    return panel.crop((0, 0, PANEL_WIDTH, min(4000, y + _MARGIN)))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # Both are there on every machine, so that the same finding gives the same bytes.
    if spoken() is Language.ENGLISH:
        return ImageFont.load_default(size)
    return _wide_font(size)


@cache
def _wide_font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_path(), size, layout_engine=ImageFont.Layout.BASIC)


def _write(
    draw: ImageDraw.ImageDraw,
    text: str,
    y: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    width: int,
    colour: Colour,
) -> int:
    """Write text wrapped to a width; returns where the next line goes."""
    height = round(font.size * 1.3) if isinstance(font, ImageFont.FreeTypeFont) else 14
    for line in _wrapped(draw, text, font, width):
        draw.text((_MARGIN, y), line, font=font, fill=colour)
        y += height
    return y


def _wrapped(
    draw: ImageDraw.ImageDraw,
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    width: int,
) -> list[str]:
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if draw.textlength((line + piece).rstrip(), font=font) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        line = piece
        while draw.textlength(line.rstrip(), font=font) > width:  # a hash is one long word
            cut = len(line)
            while cut > 1 and draw.textlength(line[:cut], font=font) > width:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()]
