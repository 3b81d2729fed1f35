"""Pictures of floors, belts and table tops, drawn from a seed. sRGB uint8."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.drawing.noise import Picture, clouds

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
