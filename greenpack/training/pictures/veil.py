"""What stands between camera and scene: a misty or mirroring pane, things too near to be sharp."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Linear = npt.NDArray[np.float32]

_TONES = (
    (0.9, 0.55, 0.25),
    (0.55, 0.7, 0.3),
    (0.95, 0.75, 0.65),
    (0.9, 0.9, 0.88),
    (0.3, 0.2, 0.12),
)
"""Leaves, petals, fingers, cloth, wood."""


def pane(light: Linear, haze: float, seed: int) -> Linear:
    """The picture through a pane: its contrast falls, and windows or lamps mirror faintly in it.

    The light added is smooth and nowhere more than twice `haze` times that of the bright parts.
    """
    rng = np.random.default_rng([seed, 61])
    rows, columns = light.shape[:2]
    bright = float(np.percentile(light.mean(axis=2), 92))
    small = rng.uniform(0.35, 1.25, (4, 4)).astype(np.float32)
    field = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.5:  # the mirrored window
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * rng.uniform(0.08, 0.3, 2)
        ring = (corners + rng.uniform(0, 1, 2) + rng.normal(0, 0.03, (4, 2))) * (columns, rows)
        glare = np.zeros((rows, columns), np.float32)
        cv2.fillConvexPoly(glare, ring.astype(np.int32), float(rng.uniform(0.2, 0.8)))
        field = field + cv2.GaussianBlur(
            glare, (0, 0), rng.uniform(0.008, 0.04) * max(rows, columns)
        )
    shade = np.clip(field, 0.1, 2.0)
    tone = 1 + rng.normal(0, 0.06, 3)
    soft = cv2.GaussianBlur(light, (0, 0), max(0.4 + haze, 0.3) * max(rows, columns) / 448)
    added = shade[:, :, None] * (haze * bright * tone)
    return np.asarray(soft * (1 - 0.3 * haze) + added, np.float32)


def near(light: Linear, count: int, seed: int) -> Linear:
    """Blurred bright bodies that reach in from the border by less than a sixth of a side."""
    rng = np.random.default_rng([seed, 63])
    rows, columns = light.shape[:2]
    side = min(rows, columns)
    bright = float(np.percentile(light.mean(axis=2), 85))
    out = light
    for _ in range(count):
        along, edge = float(rng.uniform(0, 1)), int(rng.integers(4))
        x, y = [(along, 0.0), (1.0, along), (along, 1.0), (0.0, along)][edge]
        mask = np.zeros((rows, columns), np.float32)
        for _ in range(int(rng.integers(1, 5))):  # leaves of one twig, fingers of one hand
            at = np.array([x * columns, y * rows]) + rng.normal(0, 0.06 * side, 2)
            at = np.clip(at, 0, (columns, rows))
            away = np.array([at[0], columns - at[0], at[1], rows - at[1]]).min()
            reach = max(0.17 * side - away, 0.03 * side)
            size = (int(reach * rng.uniform(0.7, 1.0)), int(reach * rng.uniform(0.4, 1.0)))
            turn = float(rng.uniform(0, 180))
            cv2.ellipse(mask, (int(at[0]), int(at[1])), size, turn, 0, 360, 1.0, -1)
        soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.012, 0.03) * side)
        share = (soft * rng.uniform(0.5, 0.95))[:, :, None]
        tone = np.array(_TONES[rng.integers(len(_TONES))]) * rng.uniform(0.5, 1.6) * bright
        out = out * (1 - share) + share * tone.astype(np.float32)
    return np.asarray(out, np.float32)
