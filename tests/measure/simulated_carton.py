"""A carton with boxes in it, photographed by a pinhole camera: exact outlines, true void."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import MultiPoint, Polygon, box
from shapely.ops import unary_union

from greenpack.vision.shapes import Label, Shape

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """An upright box standing at (x, y) on the carton's floor, or on another one at ``base``."""

    x: float
    y: float
    length: float
    width: float
    height: float
    base: float = 0.0

    @property
    def volume(self) -> float:
        return self.length * self.width * self.height


@dataclass(frozen=True)
class Carton:
    """An open carton of inner size (length, width, depth), its rim in the plane z = 0."""

    length: float
    width: float
    depth: float
    blocks: tuple[Block, ...]

    @property
    def void_ratio(self) -> float:
        filled = sum(block.volume for block in self.blocks)
        return 1.0 - filled / (self.length * self.width * self.depth)

    def silhouettes(self, camera: Array) -> list[Polygon]:
        """Each block's outline on the rim's plane, seen from ``camera`` (x, y, height above)."""
        outlines = []
        for block in self.blocks:
            points = []
            for z in (block.base, block.base + block.height):
                below = self.depth - z
                share = camera[2] / (camera[2] + below)
                for x in (block.x, block.x + block.length):
                    for y in (block.y, block.y + block.width):
                        points.append(
                            (
                                camera[0] + (x - camera[0]) * share,
                                camera[1] + (y - camera[1]) * share,
                            )
                        )
            outlines.append(MultiPoint(points).convex_hull)
        return outlines

    def seen_area_ratio(self, camera: Array) -> float:
        """Share of the opening behind which a block is seen."""
        mouth = box(0, 0, self.length, self.width)
        seen = unary_union([outline.intersection(mouth) for outline in self.silhouettes(camera)])
        return seen.area / mouth.area


def random_carton(random: np.random.Generator, blocks: int) -> Carton:
    """A carton of postal proportions with up to ``blocks`` boxes, side by side and stacked."""
    length = 1.0
    width = random.uniform(0.45, 1.0)
    depth = random.uniform(0.15, 1.3) * width
    placed: list[Block] = []
    for _ in range(blocks * 3):
        if len(placed) >= blocks:
            break
        candidate = Block(
            length=random.uniform(0.1, 0.9) * length,
            width=random.uniform(0.1, 0.9) * width,
            height=random.uniform(0.1, 1.0) * depth,
            x=0.0,
            y=0.0,
        )
        x = random.uniform(0, length - candidate.length)
        y = random.uniform(0, width - candidate.width)
        candidate = Block(x, y, candidate.length, candidate.width, candidate.height)
        below = [block for block in placed if _overlap(block, candidate)]
        if not below:
            placed.append(candidate)
            continue
        top = max(block.base + block.height for block in below)
        if top + candidate.height <= depth:
            placed.append(
                Block(x, y, candidate.length, candidate.width, candidate.height, base=top)
            )
    return Carton(length, width, depth, tuple(placed))


def _overlap(one: Block, other: Block) -> bool:
    return (
        one.x < other.x + other.length
        and other.x < one.x + one.length
        and one.y < other.y + other.width
        and other.y < one.y + one.width
    )


@dataclass(frozen=True)
class Camera:
    """A pinhole camera at ``position`` (z up, rim at 0) looking at ``target`` with any roll."""

    position: Array
    target: Array
    roll: float
    focal: float
    size: tuple[int, int]

    def project(self, points: Array) -> Array:
        """Pixels, shape (n, 2), of points of shape (n, 3)."""
        forward = self.target - self.position
        forward = forward / np.linalg.norm(forward)
        hint = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
        right = np.cross(forward, hint)
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        axes = np.vstack([cos * right + sin * down, -sin * right + cos * down, forward])
        seen = (points - self.position) @ axes.T
        centre = np.array(self.size) / 2
        return seen[:, :2] / seen[:, 2:] * self.focal + centre


def on_rim(polygon: Polygon) -> Array:
    """A plane polygon's corners as points in space, on the rim's plane."""
    flat = np.asarray(polygon.exterior.coords)[:-1]
    return np.column_stack([flat, np.zeros(len(flat))])


def photograph(carton: Carton, camera: Camera, filler: Polygon | None = None) -> list[Shape]:
    """The shapes that a perfect model would see."""
    mouth = box(0, 0, carton.length, carton.width)
    shapes = [Shape(Label.OPENING, 0.99, camera.project(on_rim(mouth)))]
    for outline in carton.silhouettes(camera.position):
        inside = outline.intersection(mouth)
        if isinstance(inside, Polygon) and not inside.is_empty:
            shapes.append(Shape(Label.ITEM, 0.9, camera.project(on_rim(inside))))
    if filler is not None:
        shapes.append(Shape(Label.FILLER, 0.9, camera.project(on_rim(filler))))
    return shapes
