"""Pictures put on surfaces: floors, board, printed boxes, book covers. sRGB uint8, drawn from a
seed."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from greenpack.training.noise import clouds

Picture = npt.NDArray[np.uint8]

FLOORS = (
    "concrete",
    "wood",
    "laminate",
    "tile",
    "belt",
    "steel",
    "carpet",
    "epoxy",
    "mat",
    "asphalt",
    "white",
)


def _tint(field: npt.NDArray[np.float32], colour: tuple[float, ...], depth: float) -> Picture:
    value = np.asarray(colour, np.float32) * (1 + depth * field[:, :, None])
    return np.asarray(np.clip(value * 255, 0, 255), np.uint8)


def floor(  # noqa: PLR0911, PLR0912 - one branch for each material reads best
    kind: str, seed: int, pixels: int = 1024
) -> Picture:
    """Ground for a square of 2.4 m."""
    rng = np.random.default_rng(seed)
    fine = clouds(rng, pixels, pixels, pixels / 3, 2)
    slow = clouds(rng, pixels, pixels, 5, 5)
    grey = float(rng.uniform(0.35, 0.7))
    if kind == "concrete":
        cast = rng.normal(0, 0.012, 3)
        picture = _tint(slow * 0.6 + fine * 0.35, tuple(grey + cast), 0.09)
        for _ in range(int(rng.integers(0, 5))):
            _crack(rng, picture, tuple(int(255 * grey * 0.6) for _ in range(3)))
        return picture
    if kind in ("wood", "laminate"):
        base = np.array(
            [(0.62, 0.45, 0.28), (0.45, 0.29, 0.17), (0.72, 0.62, 0.5), (0.55, 0.5, 0.45)]
        )
        colour = base[rng.integers(len(base))] * rng.uniform(0.75, 1.1)
        planks = int(rng.integers(8, 26)) if kind == "laminate" else int(rng.integers(1, 5))
        streak = cv2.resize(clouds(rng, pixels, pixels // 12, pixels / 30, 4), (pixels, pixels))
        rows = np.arange(pixels) * planks // pixels
        shade = rng.normal(0, 0.06, planks + 1)[rows][:, None] + 0.08 * streak + 0.03 * fine
        picture = _tint(np.asarray(shade, np.float32), tuple(colour), 1.0)
        for k in range(1, planks):
            picture[k * pixels // planks] = picture[k * pixels // planks] // 2
        return picture
    if kind == "tile":
        picture = _tint(
            slow * 0.7 + fine * 0.2, tuple(rng.uniform(0.55, 0.9) + rng.normal(0, 0.03, 3)), 0.05
        )
        step = int(pixels / rng.uniform(4, 9))
        for k in range(int(rng.integers(step)), pixels, step):
            dark = int(rng.integers(90, 160))
            picture[k : k + 3] = dark
            picture[:, k : k + 3] = dark
        return picture
    if kind == "carpet":
        weave = clouds(rng, pixels, pixels, pixels / 2, 1)
        colour = rng.uniform(0.15, 0.5) + rng.normal(0, 0.06, 3)
        return _tint(weave + fine * 0.5 + slow * 0.4, tuple(colour), 0.12)
    if kind == "asphalt":
        return _tint(fine * 1.2 + slow * 0.4, (0.3, 0.3, 0.31), 0.13)
    if kind == "belt":
        colour = [(0.06, 0.06, 0.065), (0.08, 0.13, 0.1), (0.12, 0.16, 0.2)][rng.integers(3)]
        picture = _tint(slow * 0.5 + fine * 0.5, colour, 0.18)
        edge = int(pixels * rng.uniform(0.14, 0.24))
        for side in (slice(0, edge), slice(pixels - edge, pixels)):
            picture[side] = np.asarray(np.clip(150 + 12 * slow[side, :, None], 0, 255), np.uint8)
        return picture
    if kind == "steel":
        streak = cv2.resize(clouds(rng, pixels, pixels // 16, pixels / 30, 3), (pixels, pixels))
        return _tint(streak * 0.7 + slow * 0.4, (grey, grey, grey * 1.02), 0.06)
    if kind == "mat":
        picture = _tint(
            fine * 0.4 + slow * 0.3, ((0.1, 0.35, 0.3), (0.1, 0.2, 0.4))[rng.integers(2)], 0.06
        )
        step = pixels // 48
        picture[::step] = np.asarray(np.clip(picture[::step].astype(int) + 40, 0, 255), np.uint8)
        picture[:, ::step] = np.asarray(
            np.clip(picture[:, ::step].astype(int) + 40, 0, 255), np.uint8
        )
        return picture
    if kind == "epoxy":
        colour = rng.choice(
            [(0.35, 0.45, 0.42), (0.5, 0.52, 0.55), (0.3, 0.42, 0.33), (0.6, 0.5, 0.4)]
        )
        picture = _tint(slow * 0.6 + fine * 0.15, tuple(colour), 0.06)
        if rng.random() < 0.5:
            at, wide = int(rng.integers(pixels // 5, pixels * 4 // 5)), pixels // 40
            picture[at : at + wide] = (205, 170, 40)
        return picture
    return _tint(
        slow * 0.5 + fine * 0.2, tuple(rng.uniform(0.78, 0.93) + rng.normal(0, 0.015, 3)), 0.02
    )


def _crack(rng: np.random.Generator, picture: Picture, colour: tuple[int, ...]) -> None:
    steps = np.cumsum(rng.normal(0, 14, (40, 2)), axis=0) + np.arange(40)[:, None] * rng.normal(
        0, 12, 2
    )
    points = np.asarray(steps + rng.uniform(0, len(picture), 2), np.int32)
    cv2.polylines(picture, [points[:, None]], False, colour, 1, cv2.LINE_AA)


def board(seed: int, printed: bool, seam: bool = False, pixels: int = 256) -> Picture:
    """Board surface as a brightness picture (mid grey 200) to be multiplied by the board's
    colour."""
    rng = np.random.default_rng(seed)
    field = 0.35 * clouds(rng, pixels, pixels, pixels / 5, 2) + 0.4 * clouds(
        rng, pixels, pixels, 4, 4
    )
    flutes = np.sin(np.arange(pixels) / pixels * 2 * np.pi * rng.uniform(38, 60))[None, :]
    value = 1 + 0.035 * field + rng.uniform(0, 0.025) * flutes
    picture = np.asarray(np.clip(value * 205, 0, 255), np.uint8)
    for _ in range(int(rng.integers(0, 5))):  # scuffs
        a = rng.integers(0, pixels, 2)
        b = a + rng.normal(0, pixels / 6, 2).astype(int)
        cv2.line(
            picture,
            tuple(map(int, a)),
            tuple(map(int, b)),
            int(rng.integers(150, 240)),
            1,
            cv2.LINE_AA,
        )
    image = Image.fromarray(picture)
    if seam:  # where the two bottom flaps meet
        middle = pixels // 2 + int(rng.integers(-4, 5))
        ImageDraw.Draw(image).line(
            [(0, middle), (pixels, middle)], fill=95, width=max(1, pixels // 160)
        )
    if printed:
        _marks(rng, ImageDraw.Draw(image), pixels)
    return np.repeat(np.asarray(image)[:, :, None], 3, axis=2)


def _marks(rng: np.random.Generator, pen: ImageDraw.ImageDraw, pixels: int) -> None:
    ink = int(rng.integers(40, 120))
    for _ in range(int(rng.integers(1, 4))):
        x, y = (int(v) for v in rng.integers(0, int(pixels * 0.7), 2))
        size = int(rng.integers(12, 40) * pixels / 256)
        kind = rng.integers(4)
        if kind == 0:
            pen.rectangle([x, y, x + size, y + size], outline=ink, width=2)
            pen.polygon(
                [(x + size / 2, y + 3), (x + size - 3, y + size - 3), (x + 3, y + size - 3)], ink
            )
        elif kind == 1:
            pen.ellipse([x, y, x + size, y + size], outline=ink, width=3)
        else:
            pen.text((x, y), _word(rng), fill=ink, font=ImageFont.load_default(size))


def _word(rng: np.random.Generator) -> str:
    syllables = (
        "la",
        "ro",
        "mi",
        "ten",
        "sol",
        "ka",
        "vi",
        "no",
        "pe",
        "zu",
        "hai",
        "lin",
        "yu",
        "bo",
    )
    return "".join(rng.choice(syllables, rng.integers(1, 4))).upper()


def printed_box(seed: int, pixels: int = 192) -> Picture:
    """Six printed faces in the 3x2 atlas of `meshes.box`: one look, laid out anew on each face."""
    rng = np.random.default_rng(seed)
    base = tuple(int(v) for v in np.clip(rng.normal(rng.choice([60, 130, 210]), 55, 3), 8, 250))
    inks = [tuple(int(v) for v in rng.integers(10, 250, 3)) for _ in range(4)]
    word, atlas = _word(rng), Image.new("RGB", (pixels * 3, pixels * 2))
    band, photo = rng.random() < 0.6, rng.random() < 0.5
    for face in range(6):
        image = Image.new("RGB", (pixels, pixels), base)
        pen = ImageDraw.Draw(image)
        if band:
            y = int(rng.uniform(0.1, 0.7) * pixels)
            pen.rectangle([0, y, pixels, y + int(pixels * rng.uniform(0.1, 0.3))], fill=inks[0])
        if photo:
            x, y = (int(v) for v in rng.uniform(0.05, 0.4, 2) * pixels)
            side = int(pixels * rng.uniform(0.3, 0.55))
            small = rng.integers(0, 255, (5, 5, 3)).astype(np.uint8)
            image.paste(
                Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC), (x, y)
            )
        for ink in inks[1:]:
            left, top = rng.uniform(0, 0.9) * pixels, rng.uniform(0, 0.9) * pixels
            r = rng.uniform(3, 30)
            shape = (pen.ellipse, pen.rectangle)[rng.integers(2)]
            shape([left, top, left + 2 * r, top + r * rng.uniform(0.5, 2)], fill=ink)
        size = int(pixels * rng.uniform(0.1, 0.24))
        pen.text(
            (pixels * 0.06, pixels * rng.uniform(0.05, 0.7)),
            word,
            inks[1],
            ImageFont.load_default(size),
        )
        for row in range(int(rng.integers(0, 7))):
            y = int(pixels * (0.5 + row * 0.06))
            pen.line(
                [(pixels * 0.08, y), (pixels * rng.uniform(0.3, 0.9), y)], fill=inks[2], width=2
            )
        atlas.paste(image, ((face % 3) * pixels, (face // 3) * pixels))
    return np.asarray(atlas)


def white_box(seed: int, pixels: int = 128) -> Picture:
    """Plain, nearly white faces, now and then with one small mark."""
    rng = np.random.default_rng(seed)
    value = int(rng.integers(205, 246))
    atlas = Image.new(
        "RGB", (pixels * 3, pixels * 2), (value, value, value - int(rng.integers(0, 10)))
    )
    if rng.random() < 0.5:
        pen = ImageDraw.Draw(atlas)
        x, y = (int(v) for v in rng.integers(5, pixels - 40, 2))
        font = ImageFont.load_default(int(rng.integers(10, 22)))
        pen.text((2 * pixels + x, y), _word(rng), fill=int(rng.integers(0, 150)) * 65793, font=font)
    return np.asarray(atlas)


def book(seed: int, pixels: int = 192) -> Picture:
    """A cover on top and below, a spine, page edges on the other sides."""
    rng = np.random.default_rng(seed)
    atlas = printed_box(seed, pixels).copy()
    for face in (0, 1, 4):  # pages
        row, column = face // 3, face % 3
        lines = np.clip(225 + rng.normal(0, 9, (pixels, 1, 1)) - (0, 6, 20), 0, 255)
        tile = np.broadcast_to(lines, (pixels, pixels, 3))
        atlas[row * pixels : (row + 1) * pixels, column * pixels : (column + 1) * pixels] = tile
    return atlas


def wrapper(seed: int, pixels: int = 256) -> Picture:
    """Print around a bottle, tube, bag or shoe: plain colour with a label band and words."""
    rng = np.random.default_rng(seed)
    base = tuple(int(v) for v in np.clip(rng.normal(rng.choice([40, 120, 225]), 45, 3), 5, 250))
    image = Image.new("RGB", (pixels, pixels), base)
    pen = ImageDraw.Draw(image)
    if rng.random() < 0.65:
        top, bottom = sorted(rng.uniform(0.2, 0.85, 2) * pixels)
        pen.rectangle(
            [0, top, pixels, bottom], fill=tuple(int(v) for v in rng.integers(20, 250, 3))
        )
        for k in range(2):
            size = int(pixels * rng.uniform(0.08, 0.16))
            ink = tuple(int(v) for v in rng.integers(0, 250, 3))
            pen.text(
                (pixels * (0.1 + 0.5 * k), (top + bottom) / 2 - size / 2),
                _word(rng),
                ink,
                ImageFont.load_default(size),
            )
    return np.asarray(image)
