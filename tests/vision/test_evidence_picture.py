"""The evidence picture shows what was seen, and is the same for the same finding."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from greenpack.vision.evidence_picture import COLOURS, PANEL_WIDTH, Caption, evidence_picture
from greenpack.vision.shapes import Label, Shape

GREY = np.full((450, 600, 3), 128, np.uint8)
CORNERS = ((100.0, 80.0), (500.0, 90.0), (480.0, 380.0), (110.0, 370.0))
ITEM = Shape(Label.ITEM, 0.9, np.array([[200.0, 150], [300, 150], [300, 250], [200, 250]]))
OPENING = Shape(Label.OPENING, 0.9, np.array(CORNERS))
CAPTION = Caption("VIOLATION", (176, 32, 36), ["Goods cover 20 %"], ["photo sha256 " + "ab" * 32])


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_the_same_finding_gives_the_same_bytes() -> None:
    one = evidence_picture(GREY, [OPENING, ITEM], CORNERS, 0.75, CAPTION)
    assert one == evidence_picture(GREY.copy(), [OPENING, ITEM], CORNERS, 0.75, CAPTION)
    other = Caption("COMPLIANT", CAPTION.colour, CAPTION.lines, CAPTION.small_print)
    assert one != evidence_picture(GREY, [OPENING, ITEM], CORNERS, 0.75, other)


def test_goods_are_tinted_where_they_are() -> None:
    picture = opened(evidence_picture(GREY, [OPENING, ITEM], CORNERS, 0.75, CAPTION))
    assert picture.size[0] == 1200 + PANEL_WIDTH
    # The photo is drawn at twice its size: (250, 200) is inside the item, (400, 300) is not.
    inside, beside = picture.getpixel((500, 400)), picture.getpixel((800, 600))
    tint = np.array(COLOURS[Label.ITEM])
    assert np.abs(np.array(inside) - (0.35 * tint + 0.65 * 128)).max() < 12
    assert np.abs(np.array(beside) - 128).max() < 6


@pytest.mark.parametrize("size", [(40, 40), (2000, 200), (200, 2000)])
def test_any_shape_of_photo_can_be_drawn(size: tuple[int, int]) -> None:
    pixels = np.zeros((*size, 3), np.uint8)
    picture = opened(evidence_picture(pixels, [], None, 1.0, CAPTION))
    assert min(picture.size) > 0


@pytest.mark.parametrize("aspect", [0.01, 1.0, 50.0])
def test_extreme_proportions_do_not_break_the_straightened_opening(aspect: float) -> None:
    opened(evidence_picture(GREY, [OPENING, ITEM], CORNERS, aspect, CAPTION)).load()


def test_long_words_are_wrapped_within_the_panel() -> None:
    long = Caption("VIOLATION", (0, 0, 0), ["word " * 80, "x" * 300], ["f" * 400])
    short = opened(evidence_picture(GREY, [], None, 1.0, CAPTION))
    assert opened(evidence_picture(GREY, [], None, 1.0, long)).size[1] >= short.size[1]


def test_a_closed_parcels_cuboid_is_drawn_and_only_its_top_where_its_height_is_unknown() -> None:
    bottom = ((150.0, 150.0), (450.0, 150.0), (450.0, 350.0), (150.0, 350.0))
    top = ((120.0, 100.0), (480.0, 100.0), (480.0, 300.0), (120.0, 300.0))

    def drawn(cuboid: tuple[tuple[float, float], ...]) -> np.ndarray:
        picture = opened(evidence_picture(GREY, [], None, 1.0, CAPTION, cuboid))
        return np.asarray(picture).astype(int)

    def marked(picture: np.ndarray, x: float, y: float) -> bool:
        # The photo is drawn at twice its size.
        around = picture[round(2 * y) - 3 : round(2 * y) + 4, round(2 * x) - 3 : round(2 * x) + 4]
        return bool(np.abs(around - 128).max() > 60)

    whole, flat = drawn((*bottom, *top)), drawn(top)
    assert marked(whole, 300, 100)
    assert marked(flat, 300, 100)
    assert marked(whole, 300, 350)
    assert not marked(flat, 300, 350)
