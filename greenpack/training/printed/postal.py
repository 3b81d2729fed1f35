"""Print of postal boxes and mailers: bands, a large sign, printed forms and codes on the pack."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from greenpack.training.printed import marks
from greenpack.training.printed.marks import Ink

_PAIRS: tuple[tuple[Ink, Ink], ...] = (
    ((190, 25, 40), (25, 50, 130)),
    ((25, 55, 140), (190, 25, 40)),
    ((20, 60, 160), (240, 180, 20)),
    ((210, 40, 30), (30, 30, 34)),
    ((15, 110, 70), (20, 60, 130)),
    ((240, 120, 15), (60, 25, 110)),
)


def draw(rng: np.random.Generator, image: Image.Image, title: str, ink: Ink) -> None:
    """Prints a face; its parts stand in a grid of two columns, some left out."""
    pen, (w, h) = ImageDraw.Draw(image), image.size
    first, second = _PAIRS[rng.integers(len(_PAIRS))]
    if sum(image.getpixel((0, 0))) < 330:  # type: ignore[arg-type]
        first = second = ink
    small = min(w, h)
    band = max(2, int(small * rng.uniform(0.03, 0.12)))
    edge = float(rng.uniform(0, 0.12)) * h
    for y, tone in ((edge, first), (edge + 1.6 * band, second), (h - edge - band, first)):
        if rng.random() < 0.75:
            pen.rectangle([0, y, w, y + band], fill=tone)
    if rng.random() < 0.3:  # a solid end
        pen.rectangle([0, 0, w * rng.uniform(0.1, 0.3), h], fill=second)
    left, top = w * float(rng.uniform(0.04, 0.12)), edge + 3.2 * band
    room = max(h - edge - 1.5 * band - top, 8.0)
    marks.logo(rng, image, left, top, min(room, w) * rng.uniform(0.2, 0.4), second)
    wide = w * float(rng.uniform(0.3, 0.55))
    marks.write(image, title, (left + wide / 2, top + room * 0.5), wide, first)
    text = marks.CAUTIONS[rng.integers(len(marks.CAUTIONS))]
    marks.write(image, text, (left + wide * 0.4, top + room * 0.72), wide * 0.7, second)
    x = w * float(rng.uniform(0.5, 0.62))
    if rng.random() < 0.75:
        _form(rng, pen, (x, top, w * 0.96, top + room * rng.uniform(0.55, 0.95)), second)
    if rng.random() < 0.6:
        size = min(room * 0.35, w * 0.2)
        marks.bars(pen, left, top + room * 0.78, size, (25, 25, 28) if ink[0] < 128 else ink)


def _form(
    rng: np.random.Generator, pen: marks.Pen, box: tuple[float, float, float, float], ink: Ink
) -> None:
    """A printed address form: frames, lines to write on, a code."""
    x0, y0, x1, y1 = box
    line = max(1, int((y1 - y0) * 0.012))
    fill = (250, 250, 248) if rng.random() < 0.6 else None
    pen.rectangle([x0, y0, x1, y1], fill=fill, outline=ink, width=line)
    cut = y0 + (y1 - y0) * float(rng.uniform(0.3, 0.6))
    pen.line([(x0, cut), (x1, cut)], ink, line)
    count = int(rng.integers(2, 6))
    for k in range(count):
        y = y0 + (cut - y0) * (k + 0.7) / count
        end = x0 + (x1 - x0) * float(rng.uniform(0.35, 0.95))
        pen.line([(x0 + 4 * line, y), (end, y)], (70, 70, 76), line)
    if rng.random() < 0.7:
        size = min((x1 - x0) * 0.55, (y1 - cut) * 1.1)
        marks.bars(pen, x0 + 5 * line, cut + (y1 - cut) * 0.12, size, (20, 20, 22))
    else:
        pen.rectangle([x0, cut, x1, cut + (y1 - cut) * 0.35], fill=ink)
