"""Waybill labels of many kinds: thermal ones, small stickers, old forms filled in by hand.

The bars of the printed number are a real Code 128 wherever there is room for it; what else looks
like a code is noise.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from greenpack.training.drawing.noise import Picture
from greenpack.training.printed import marks
from greenpack.training.printed.packs import word
from greenpack.training.printed.waybill_label import code128
from greenpack.training.scene import Label

LAYOUTS: dict[str, tuple[tuple[float, float], ...]] = {
    "thermal": ((76, 130), (100, 150), (100, 180), (75, 150)),
    "carrier": ((101.6, 152.4), (100, 150), (105, 148), (102, 210)),
    "wide": ((152.4, 101.6), (150, 100), (180, 100), (210, 105)),
    "form": ((230, 127), (210, 140), (180, 110)),
    "sticker": ((60, 40), (80, 50), (50, 30), (100, 40), (70, 70)),
    "address": ((105, 74), (120, 80), (90, 60), (140, 100)),
}
"""Formats of each layout, width x height in mm."""

PAPERS = ((248, 247, 243), (244, 240, 224), (250, 214, 218), (214, 236, 216), (250, 236, 170))
"""Paper: white, yellowish, pink, green, yellow (sRGB)."""

_SHARES = (0.74, 0.12, 0.05, 0.04, 0.05)


def draw(label: Label, scale: float = 8.0) -> Picture:
    """RGB picture of `label` in its layout at `scale` pixels per mm."""
    rng = np.random.default_rng(label.seed)
    paper = PAPERS[rng.choice(len(PAPERS), p=_SHARES)]
    size = max(round(label.width * scale), 8), max(round(label.height * scale), 8)
    sheet = _Sheet(Image.new("RGB", size, paper), scale, label, rng)
    {
        "thermal": _thermal,
        "carrier": _carrier,
        "wide": _wide,
        "form": _form,
        "sticker": _sticker,
        "address": _address,
    }[label.layout](sheet)
    if label.pouch:
        sheet.pen.rectangle(
            [0, 0, size[0] - 1, size[1] - 1],
            outline=(205, 206, 208),
            width=max(1, int(3.5 * scale)),
        )
    return np.asarray(sheet.image)


class _Sheet:
    """A label being drawn; positions in mm from its upper left corner."""

    def __init__(
        self, image: Image.Image, scale: float, label: Label, rng: np.random.Generator
    ) -> None:
        self.image, self.scale, self.label, self.rng = image, scale, label, rng
        self.pen = ImageDraw.Draw(image)
        self.width, self.height = label.width, label.height
        inks = [(18, 18, 20), (40, 40, 46), (20, 40, 110), (120, 25, 30)]
        self.ink = inks[rng.choice(4, p=[0.75, 0.15, 0.06, 0.04])]

    def font(self, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        return marks.face(int(size * self.scale))

    def text(self, x: float, y: float, text: str, size: float) -> None:
        self.pen.text((x * self.scale, y * self.scale), text, self.ink, self.font(size))

    def rule(self, x: float, y: float, u: float, v: float, wide: float = 0.4) -> None:
        s = self.scale
        self.pen.line([(x * s, y * s), (u * s, v * s)], self.ink, max(1, round(wide * s)))

    def block(self, x: float, y: float, u: float, v: float, fill: bool = False) -> None:
        box = [a * self.scale for a in (x, y, u, v)]
        if fill:
            self.pen.rectangle(box, fill=self.ink)
        else:
            self.pen.rectangle(box, outline=self.ink, width=max(1, round(0.4 * self.scale)))

    def rows(self, x: float, y: float, wide: float, count: int, step: float = 4.5) -> None:
        """Lines of small print."""
        for k in range(count):
            text = " ".join(
                word(self.rng) for _ in range(max(1, int(wide * self.rng.uniform(0.3, 1) / 14)))
            )
            self.text(x, y + k * step, text, step * 0.72)

    def bars(self, x: float, y: float, wide: float, tall: float, upright: bool = False) -> None:
        """The number as Code 128 within a space, its bars whole pixels where they can be."""
        code = code128(self.label.number)
        room = (tall if upright else wide) * self.scale
        module = int(room // code.width)
        if module < 1:
            code, module = code.resize((max(int(room), 1), 1)), 1
        high = max(1, int((wide if upright else tall) * self.scale))
        image = code.resize((code.width * module, high), Image.Resampling.NEAREST)
        if upright:
            image = image.rotate(90, expand=True)
        ink = Image.new("RGB", image.size, self.ink)
        at = (int(x * self.scale), int(y * self.scale))
        self.image.paste(ink, at, image.point(lambda v: 255 - v))

    def square(self, x: float, y: float, side: float, cells: int = 21) -> None:
        """A picture of a two-dimensional code."""
        on = self.rng.random((cells, cells)) < 0.5
        if self.rng.random() < 0.6:
            for i, j in ((0, 0), (0, cells - 7), (cells - 7, 0)):
                on[i : i + 7, j : j + 7] = True
                on[i + 1 : i + 6, j + 1 : j + 6] = False
                on[i + 2 : i + 5, j + 2 : j + 5] = True
        mask = Image.fromarray(np.asarray(on * 255, np.uint8))
        pixels = max(2, int(side * self.scale))
        mask = mask.resize((pixels, pixels), Image.Resampling.NEAREST)
        at = (int(x * self.scale), int(y * self.scale))
        self.image.paste(self.ink, at, mask)

    def sign(self, x: float, y: float, side: float) -> None:
        s, ink = self.scale, self.ink
        if self.rng.random() < 0.3:
            ink = (int(self.rng.integers(20, 220)), int(self.rng.integers(20, 90)), 60)
        marks.logo(self.rng, self.image, x * s, y * s, side * s, ink)

    def scribble(self, x: float, y: float, wide: float, tall: float) -> None:
        """A line as if written by hand."""
        n = max(int(wide * 1.6), 6)
        xs = x + np.linspace(0, wide, n) + self.rng.normal(0, tall * 0.12, n)
        ys = y + tall * (0.5 + 0.42 * np.sin(np.cumsum(self.rng.uniform(0.8, 2.6, n))))
        gaps = self.rng.random(n) < 0.12
        blue = (25, 35, 130) if self.label.seed % 2 else (30, 30, 36)
        points = np.column_stack([xs, ys]) * self.scale
        for k in range(n - 1):
            if not gaps[k]:
                ends = [tuple(points[k]), tuple(points[k + 1])]
                self.pen.line(ends, blue, max(1, round(0.5 * self.scale)))


def _thermal(s: _Sheet) -> None:
    w, h, rng = s.width, s.height, s.rng
    s.sign(4, 3, 9)
    s.text(16, 4, marks.name(rng), 7)
    s.rule(2, 14, w - 2, 14)
    big = rng.random() < 0.6
    if big:
        s.text(4, 16, f"{rng.integers(100, 999)}-{rng.integers(10, 99)} {word(rng)[:4]}", 10)
    y = 30.0 if big else 17.0
    s.bars(8, y, w - 16, 14)
    s.text(w * 0.2, y + 15, s.label.number, 4)
    y += 22
    for title in ("TO", "FROM"):
        s.rule(2, y, w - 2, y)
        if rng.random() < 0.4:
            s.block(3, y + 2, 12, y + 10, fill=True)
        else:
            s.text(4, y + 2, title, 5)
        s.rows(15, y + 2, w - 20, 3)
        y += 19
    s.rule(2, y, w - 2, y)
    side = min(26.0, h - y - 6)
    if side > 10:
        s.square(w - side - 4, y + 3, side)
        s.rows(4, y + 3, w - side - 12, int(side // 5))
    if h - y > side + 24:
        s.bars(6, h - 20, w - 12, 12)
    s.block(1, 1, w - 1, h - 1)


def _carrier(s: _Sheet) -> None:
    w, h, rng = s.width, s.height, s.rng
    s.rows(3, 3, w * 0.5, 4, 3.5)
    s.square(w - 26, 3, 22)
    s.block(0.5, 20, w * 0.25, 45, fill=rng.random() < 0.5)
    s.text(w * 0.3, 21, "SHIP TO", 4)
    s.rows(w * 0.3, 27, w * 0.62, 3, 5.5)
    s.rule(1, 47, w - 1, 47, 1.2)
    s.text(4, 49, f"{marks.CAUTIONS[rng.integers(5, 7)]} {rng.integers(1, 9)}", 8)
    s.rule(1, 60, w - 1, 60, 1.2)
    s.bars(8, 66, w - 16, min(32.0, h - 96))
    s.text(w * 0.25, h - 27, s.label.number, 4.5)
    s.rule(1, h - 20, w - 1, h - 20, 1.2)
    s.rows(4, h - 17, w * 0.5, 3, 4)
    s.sign(w - 22, h - 17, 13)
    s.block(0.5, 0.5, w - 0.5, h - 0.5)


def _wide(s: _Sheet) -> None:
    w, h, rng = s.width, s.height, s.rng
    s.sign(4, 4, 14)
    s.text(22, 5, marks.name(rng), 9)
    s.rule(2, 20, w - 2, 20, 0.8)
    s.rows(5, 23, w * 0.42, 5, 5)
    s.rule(w * 0.5, 20, w * 0.5, h - 2, 0.8)
    s.bars(w * 0.53, 25, w * 0.43, h * 0.3)
    s.text(w * 0.55, 26 + h * 0.3, s.label.number, 4)
    s.square(w * 0.55, 36 + h * 0.3, min(h * 0.25, 28))
    s.rule(2, h * 0.68, w * 0.5, h * 0.68)
    s.rows(5, h * 0.71, w * 0.42, 3, 5)
    s.block(1, 1, w - 1, h - 1)


def _form(s: _Sheet) -> None:
    """Three-part carbon form: coloured rules, boxes, handwriting."""
    w, h, rng = s.width, s.height, s.rng
    s.ink = [(30, 70, 150), (160, 40, 40), (30, 110, 70)][rng.integers(3)]
    s.sign(4, 3, 12)
    s.text(20, 4, marks.name(rng), 8)
    s.bars(w - 85, 3, 80, 11)
    for k in range(5):
        y = 18 + k * (h - 24) / 5
        s.rule(2, y, w - 2, y, 0.5)
        s.rows(4, y + 1, 20, 1, 3.4)
        s.rows(w / 2 + 3, y + 1, 20, 1, 3.4)
        for x in (14.0, w / 2 + 14):
            if rng.random() < 0.75:
                s.scribble(x, y + 3, w * rng.uniform(0.15, 0.36), (h - 24) / 5 * 0.6)
    s.rule(w / 2, 18, w / 2, h - 2, 0.5)
    s.block(1, 1, w - 1, h - 1)
    s.scribble(w * 0.6, h - 14, 30, 9)


def _sticker(s: _Sheet) -> None:
    w, h, rng = s.width, s.height, s.rng
    s.bars(4, h * 0.12, w - 8, h * 0.45)
    s.text(5, h * 0.6, s.label.number, max(h * 0.1, 3))
    s.rows(5, h * 0.75, w * 0.6, 1, max(h * 0.12, 3))
    if rng.random() < 0.5:
        s.block(0.5, 0.5, w - 0.5, h - 0.5)


def _address(s: _Sheet) -> None:
    w, h, rng = s.width, s.height, s.rng
    if rng.random() < 0.5:
        for k in range(4):
            y = h * (0.2 + 0.18 * k)
            s.scribble(6, y, w * rng.uniform(0.4, 0.8), h * 0.12)
    else:
        s.rows(6, h * 0.15, w * 0.8, 4, h * 0.13)
    if rng.random() < 0.6:
        side = min(22.0, h * 0.3)
        s.block(w - side - 4, 4, w - 4, 4 + side)
        s.sign(w - side, 7, side * 0.6)
    if rng.random() < 0.5:
        s.bars(6, h * 0.78, w * 0.7, h * 0.15)
