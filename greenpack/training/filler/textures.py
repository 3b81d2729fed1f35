"""Textures of packing material: creases, bubbles, shreds, nets; all tile unless told otherwise."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.noise import Floats, Image, Picture
from greenpack.training.filler.film import ROW, domes

SIZE = 256


def rough(rng: np.random.Generator, size: int, finest: float, coarsest: float) -> Image:
    """Tiling noise, mean 0 and deviation 1, of waves from `coarsest` to `finest` per tile."""
    wave = np.fft.fftfreq(size) * size
    length = np.hypot(wave[:, None], wave[None, :])
    band = np.where((length >= coarsest) & (length <= finest), 1 / np.maximum(length, 1), 0)
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * band).real
    return np.asarray((field - field.mean()) / (field.std() + 1e-9), np.float32)


def creased(rng: np.random.Generator, size: int = SIZE, straight: int = 14) -> Image:
    """Tiling crumple relief of about +-3: straight sharp ridges of all lengths, softly bent."""
    y, x = np.meshgrid(np.arange(size) / size, np.arange(size) / size, indexing="ij")
    x = x + 0.03 * rough(rng, size, 4, 1)
    y = y + 0.03 * rough(rng, size, 4, 1)
    total = np.zeros((size, size), np.float32)
    for _ in range(straight):
        reach = rng.uniform(1.5, 11)
        a = rng.uniform(0, np.pi)
        i, j = round(reach * np.cos(a)), round(reach * np.sin(a))
        if i == j == 0:
            continue
        phase = (i * x + j * y + rng.random()) % 1
        ridge = np.abs(phase - 0.5) * 4 - 1
        # Creases end: each family of ridges lives in patches of the sheet only.
        there = np.clip(0.5 + 0.9 * rough(rng, size, 5, 1), 0, 1)
        total += np.asarray(ridge * there * (3.0 / np.hypot(i, j)), np.float32)
    total += 0.05 * rough(rng, size, 90, 25)
    total -= total.mean()
    return np.asarray(np.clip(total, -3.9, 3.9), np.float32)


def paper(rng: np.random.Generator, relief: Image, printed: bool) -> Picture:
    """Fibre and creases of a sheet, near white; `printed` adds newspaper columns."""
    size = len(relief)
    sharp = np.abs(cv2.Laplacian(relief, cv2.CV_32F))
    value = 236 - 26 * np.clip(sharp * 1.2, 0, 1) + 4 * rough(rng, size, 100, 12)
    value = value + 3 * rough(rng, size, 4, 1)
    if printed:
        value = cv2.resize(value, (512, 512)) - _columns(rng, 512)
    return _grey(value)


def _columns(rng: np.random.Generator, size: int) -> Floats:
    """Darkness of newspaper text: columns of broken lines, headings, a grey picture."""
    ink = np.zeros((size, size))
    wide = size // 4
    for column in range(4):
        x0, y = column * wide + 8, 6
        while y < size - 12:
            kind = rng.random()
            if kind < 0.05:
                tall = int(rng.integers(40, 90))
                ink[y : y + tall, x0 : x0 + wide - 16] = rng.uniform(40, 130)
                y += tall + 8
            elif kind < 0.12:
                for start in range(x0, x0 + wide - 22, 14):
                    ink[y : y + 12, start : start + int(rng.integers(6, 13))] = 150
                y += 20
            else:
                words = rng.random(wide - 16) < 0.82
                ink[y : y + 3, x0 : x0 + wide - 16] = 105 * np.repeat(words[::4], 4)[: wide - 16]
                y += 7
    return ink


def bubbles(rng: np.random.Generator) -> tuple[Picture, Image]:
    """Film with 8 by 8 bubbles: opacity from rims, welds and glints, and its relief."""
    size = 512
    steps = (np.arange(size) + 0.5) / size
    y, x = np.meshgrid(steps, steps, indexing="ij")
    at = np.stack([x * 8, (1 - y) * 8 * ROW], -1)
    dome = domes(at)
    rim = np.exp(-(((dome - 0.28) / 0.2) ** 2))
    film = rough(rng, size, 60, 6)
    opacity = 0.30 + 0.07 * film + 0.38 * rim - 0.12 * (dome > 0.6)
    value = 238 + 8 * film - 26 * rim * np.clip(rough(rng, size, 8, 1), 0, 1)
    # Each dome mirrors the lamps as one or two small sharp glints, much the same on all.
    for _ in range(2):
        a, gap = rng.uniform(0, 2 * np.pi), rng.uniform(0.14, 0.3)
        shift = np.array([np.cos(a), np.sin(a)]) * gap
        glint = np.clip((domes(at + shift) - rng.uniform(0.93, 0.97)) / 0.02, 0, 1)
        glint = glint * (dome > 0.3)
        opacity, value = np.maximum(opacity, 0.95 * glint), value + 40 * glint
    burst = rng.random((8, 8)) < 0.05
    flat = cv2.resize(burst.astype(np.float32), (size, size), interpolation=cv2.INTER_NEAREST)
    relief = np.asarray(dome * 3 * (1 - 0.8 * flat) + 0.18 * film, np.float32)
    return _film(value, opacity), np.asarray(relief - relief.mean(), np.float32)


def cushion(rng: np.random.Generator, clear: float, word: str) -> tuple[Picture, Image]:
    """One air pillow (does not tile): welded seams, puckers, glints, a printed word."""
    size = 256
    v, u = np.meshgrid(np.linspace(-1, 1, size), np.linspace(-1, 1, size), indexing="ij")
    edge = np.maximum(np.abs(u), np.abs(v))
    seam = np.clip((edge - 0.88) / 0.03, 0, 1)
    angle = np.arctan2(v, u)
    fan = np.zeros((size, size))
    for waves in rng.integers(14, 60, 5):
        fan += np.abs(((angle * waves / 6.283 + rng.random()) % 1) - 0.5) * 2 - 0.5
    fan *= np.clip((edge - 0.5) / 0.38, 0, 1) ** 2 * (1 - 0.6 * seam)
    film = rough(rng, size, 12, 1).astype(np.float64)
    opacity = clear + 0.22 * seam + 0.1 * np.clip(fan, 0, 2) + 0.05 * film
    value = 232 + 8 * film + 14 * np.clip(fan, -1, 1)
    for _ in range(int(rng.integers(2, 5))):
        x, y, a = rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6), rng.uniform(0, np.pi)
        along = (u - x) * np.cos(a) + (v - y) * np.sin(a)
        off = -(u - x) * np.sin(a) + (v - y) * np.cos(a) + 0.3 * along**2
        long, thin = rng.uniform(0.1, 0.4), rng.uniform(0.015, 0.04)
        glint = np.exp(-((along / long) ** 2) - (off / thin) ** 2)
        opacity, value = np.maximum(opacity, 0.9 * glint), value + 30 * glint
    rgb = np.repeat(value[:, :, None], 3, axis=2)
    if word:
        text = np.zeros((size, size), np.uint8)
        for row, part in enumerate(word.split("|")):
            cv2.putText(
                text, part, (36, 112 + 34 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2, cv2.LINE_AA
            )
        ink = text[:, :, None] / 255.0
        colour = np.array([(30, 120, 60), (30, 70, 160), (60, 60, 65)][rng.integers(3)])
        rgb = rgb * (1 - ink) + colour * ink
        opacity = np.maximum(opacity, 0.8 * ink[:, :, 0])
    relief = np.asarray(1.3 * fan + 0.3 * film, np.float32)
    relief = np.clip(relief - relief.mean(), -3.9, 3.9)
    return _film(rgb, opacity), np.asarray(relief, np.float32)


def tangle(rng: np.random.Generator, tints: Floats, strips: bool) -> tuple[Picture, Image]:
    """Loose fill (does not tile): columns of its tints below, a heap seen from above on top."""
    size = 512
    half = size // 2
    picture = np.zeros((size, size, 3), np.float32)
    columns = tints[np.arange(size) * len(tints) // size]
    picture[half:] = columns[None] * (1 + 0.035 * rough(rng, size, 120, 2)[half:, :, None])
    heap = np.repeat(tints.mean(axis=0)[None, None] * (0.35 if strips else 0.55), half, axis=0)
    heap = np.ascontiguousarray(np.repeat(heap, size, axis=1), np.float32)
    height = np.full((half, size), -2.0, np.float32)
    count = 1500 if strips else 900
    for k in range(count):
        depth = k / count
        tint = (
            tints[rng.integers(len(tints))]
            * ((0.5 if strips else 0.7) * (1 - depth) + depth)
            * rng.uniform(0.85, 1.05)
        )
        level = 4.5 * depth - 2.5 + rng.uniform(-0.4, 0.4)
        x, y = rng.uniform(0, size), rng.uniform(0, half)
        if not strips:
            axes = (float(rng.uniform(24, 34)), float(rng.uniform(8, 11)))
            turned = ((x, y), axes, float(rng.uniform(0, 180)))
            cv2.ellipse(heap, turned, tint.tolist(), -1, cv2.LINE_AA)
            cv2.ellipse(height, turned, level, -1)
            continue
        bend = rng.normal(0, 0.25) + rng.normal(0, 0.12, 12)
        a = rng.uniform(0, 2 * np.pi) + np.cumsum(bend)
        steps = np.stack([np.cos(a) * 9, np.sin(a) * 4.5], 1)
        line = np.add(np.cumsum(steps, axis=0), (x, y))
        path = [np.round(line * 8).astype(np.int32)]
        wide = int(rng.integers(1, 4))
        cv2.polylines(heap, path, False, (tint * 0.45).tolist(), wide + 2, cv2.LINE_AA, 3)
        cv2.polylines(heap, path, False, tint.tolist(), wide, cv2.LINE_AA, 3)
        cv2.polylines(height, path, False, level, wide, cv2.LINE_8, 3)
    picture[:half] = heap
    relief = np.zeros((size, size), np.float32)
    relief[:half] = height - height.mean()
    relief[half:] = 0.25 * rough(rng, size, 140, 20)[half:]
    return np.asarray(np.clip(picture, 0, 255), np.uint8), np.clip(relief, -3.9, 3.9)


def net(rng: np.random.Generator) -> tuple[Picture, Image]:
    """Pulled-open slit paper: leaning cells with dark slots; 6 by 6 cells in a tile."""
    size, cells = 384, 6
    y, x = np.meshgrid(np.arange(size) / size, np.arange(size) / size, indexing="ij")
    x = (x + 0.008 * rough(rng, size, 8, 1)) * cells
    y = (y + 0.008 * rough(rng, size, 8, 1)) * cells * 2
    row = np.floor(y)
    u = (x + 0.5 * (row % 2)) % 1 - 0.5
    v = y % 1 - 0.5
    gap = np.abs(u) / 0.46 + np.abs(v) / 0.42
    slot = np.clip((0.92 - gap) / 0.12, 0, 1)
    lean = np.clip(1 - np.abs(v - 0.25) * 2.4, -0.5, 1)
    value = 215 + 30 * lean - 120 * slot * np.clip(0.7 + v, 0, 1) + 5 * rough(rng, size, 90, 8)
    relief = 2.4 * lean * (1 - slot) - 2.0 * slot + 0.15 * rough(rng, size, 90, 10)
    relief = np.asarray(np.clip(relief - relief.mean(), -3.9, 3.9), np.float32)
    return _film(value, 1 - 0.45 * slot), relief


def flutes(rng: np.random.Generator) -> tuple[Picture, Image]:
    """Thin corrugated board: faint flutes under the liner, fibres."""
    at = np.arange(SIZE) / SIZE
    wave = np.sin(2 * np.pi * 18 * at)[None, :] + 0 * at[:, None]
    grain = rough(rng, SIZE, 100, 6)
    value = 226 + 4 * wave + 7 * grain
    return _grey(value), np.asarray(0.5 * wave + 0.3 * grain, np.float32)


def _grey(value: Floats) -> Picture:
    return np.asarray(np.repeat(np.clip(value, 0, 255)[:, :, None], 3, axis=2), np.uint8)


def _film(value: Floats, opacity: Floats) -> Picture:
    rgb = value if value.ndim == 3 else np.repeat(value[:, :, None], 3, axis=2)
    both = np.concatenate([rgb, np.clip(opacity, 0.04, 1)[:, :, None] * 255], axis=2)
    return np.asarray(np.clip(both, 0, 255), np.uint8)
