"""Draws an electronic waybill label with a Code 128 that really decodes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

SIZES = ((76.0, 130.0), (100.0, 150.0), (100.0, 180.0))
"""Label formats in use, width x height in mm."""

_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10(service: str, serial: int, country: str = "CN") -> str:
    """Postal item number by UPU S10 with its check digit (weights 8 6 4 2 3 5 9 7, modulus 11)."""
    digits = f"{serial:08d}"
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True))
    check = 11 - total % 11
    return f"{service}{digits}{ {10: 0, 11: 5}.get(check, check) }{country}"


def code128(text: str) -> Image.Image:
    """Code 128 bars one pixel per module, one row high, without quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    rows = np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))
    return Image.fromarray(np.ascontiguousarray(rows[:1].astype(np.uint8)), "L")


def draw(
    number: str, width: float, height: float, seed: int, bars: float = 0.0, scale: float = 8.0
) -> npt.NDArray[np.uint8]:
    """RGB picture of a label at `scale` pixels per mm.

    The number stands twice: as a short code at the top and as a long one along the right edge, the
    one that
    survives a photograph of the whole parcel; its bars are `bars` mm high, 0 for the usual height.
    """
    rng = np.random.default_rng(seed)
    w, h = round(width * scale), round(height * scale)
    image = Image.new("L", (w, h), 247)
    pen = ImageDraw.Draw(image)
    mm = scale

    def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        return ImageFont.load_default(size * mm)

    code = code128(number)
    side = bars + 8 if bars else 21.0 if width > 90 else 17.0  # mm taken by the long code
    module = int((h - 14 * mm) // code.width)
    long = code.resize((code.width * module, round((side - 8) * mm)), Image.Resampling.NEAREST)
    image.paste(
        long.rotate(90, expand=True), (round((width - side + 4) * mm), (h - long.width) // 2)
    )
    right = width - side
    pen.text((4 * mm, 2.5 * mm), f"EXPRESS  {rng.integers(100, 999)}", fill=0, font=font(7))
    pen.line([(2 * mm, 12 * mm), (right * mm, 12 * mm)], fill=30, width=round(0.5 * mm))
    module = max(1, int((right - (6 if bars else 10)) * mm // code.width))
    short = code.resize((code.width * module, round(13 * mm)), Image.Resampling.NEAREST)
    image.paste(short, (round((right * mm - short.width) / 2), round(14 * mm)))
    pen.text((8 * mm, 28 * mm), number, fill=0, font=font(4.5))
    y = 36.0
    for title in ("TO", "FROM"):
        pen.line([(2 * mm, y * mm), (right * mm, y * mm)], fill=60, width=round(0.4 * mm))
        pen.text((4 * mm, (y + 1.5) * mm), title, fill=0, font=font(5))
        for row in range(3):
            text = " ".join("SAMPLE"[: rng.integers(2, 7)] for _ in range(4))
            pen.text((15 * mm, (y + 2 + row * 5) * mm), text, fill=40, font=font(3.4))
        y += 20
    pen.line([(2 * mm, y * mm), (right * mm, y * mm)], fill=60, width=round(0.4 * mm))
    cell, left, top = 1.3 * mm, 4 * mm, (y + 4) * mm
    for i, j in np.argwhere(rng.random((16, 16)) < 0.5):
        pen.rectangle(
            [left + j * cell, top + i * cell, left + (j + 1) * cell, top + (i + 1) * cell], 0
        )
    for row in range(4):
        pen.text(
            (30 * mm, (y + 4 + row * 5) * mm),
            "S" * int(rng.integers(3, 9)),
            fill=70,
            font=font(3.2),
        )
    if height > 140:
        pen.text(
            (4 * mm, (height - 14) * mm),
            f"{rng.integers(10, 99)}-{rng.integers(100, 999)}",
            0,
            font(11),
        )
    pen.rectangle([mm, mm, w - mm, h - mm], outline=90, width=round(0.3 * mm))
    return np.repeat(np.asarray(image)[:, :, None], 3, axis=2)


def number(rng: np.random.Generator) -> str:
    """A made-up waybill number in one of the forms in use."""
    kind = rng.integers(4)
    if kind < 2:
        return ("SF", "YT")[kind] + "".join(str(d) for d in rng.integers(0, 10, 13))
    if kind == 2:
        return "7" + "".join(str(d) for d in rng.integers(0, 10, int(rng.integers(11, 15))))
    return s10("EB", int(rng.integers(10**7, 10**8)))
