"""Random fields: value noise for textures, creases for crumpled paper."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Image = npt.NDArray[np.float32]

Picture = npt.NDArray[np.uint8]
"""sRGB values (rows, columns, 3), or four channels where the last is opacity."""


def clouds(
    rng: np.random.Generator, rows: int, columns: int, cells: float, octaves: int = 4
) -> Image:
    """Value noise with mean 0 and deviation about 1, `cells` blobs across at the coarsest
    octave."""
    total = np.zeros((rows, columns), np.float32)
    weight = 0.0
    for octave in range(octaves):
        n = cells * 2**octave
        small = rng.standard_normal(
            (max(2, min(rows, int(n * rows / columns) + 2)), max(2, min(columns, int(n) + 2)))
        ).astype(np.float32)
        total += cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC) * 0.5**octave
        weight += 0.25**octave
    return np.asarray(total / np.float32(np.sqrt(weight) * 0.75), np.float32)


def creases(rng: np.random.Generator, points: Floats, spacing: float) -> Floats:
    """Crumpled-paper relief at the given 2-D or 3-D points, about 0 +- 0.25 of the spacing.

    Half the difference of the squared distances to the nearest of two sets of sites is continuous
    and
    linear inside every cell of both Voronoi diagrams, so it is made of flat facets with sharp
    straight
    ridges, as creased paper is; noise would look like clay.
    """
    low, high = points.min(axis=0) - spacing, points.max(axis=0) + spacing
    count = int(np.clip(np.prod((high - low) / spacing), 4, 600))
    field = np.zeros(len(points))
    for sign in (1.0, -1.0):
        sites = rng.uniform(low, high, (count, points.shape[1]))
        # |p - s|^2 without |p|^2, which cancels in the difference; a matrix product is by far the
        # fastest.
        field += sign * ((sites**2).sum(axis=1) - 2 * points @ sites.T).min(axis=1)
    return np.asarray(field / (2 * spacing), np.float64)
