"""What already lies in a carton, as a height map on which packing material comes to rest."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.meshes import Ints, Mesh, join
from greenpack.training.drawing.noise import Floats, clouds
from greenpack.training.goods.packing import footprint
from greenpack.training.scene import Carton, Filler, Good

CELL = 4.0  # mm per cell of the height map


class Relief:
    """Height map of a carton's contents, in the carton's frame."""

    def __init__(self, length: float, width: float, depth: float) -> None:
        self.length, self.width, self.depth = length, width, depth
        self.goods: tuple[Good, ...] = ()
        self.heights = np.zeros((max(4, round(width / CELL)), max(4, round(length / CELL))))
        rows, columns = self.heights.shape
        self.xs = (np.arange(columns) + 0.5) / columns * length - length / 2
        self.ys = (np.arange(rows) + 0.5) / rows * width - width / 2

    def add_goods(self, carton: Carton) -> None:
        """Raise the map to the tops of the carton's goods."""
        self.goods = carton.goods
        for good in carton.goods:
            top = good.z + good.size[2]
            mask = self.mask(footprint(good))
            self.heights = np.where(mask, np.maximum(self.heights, top), self.heights)

    def mask(self, quad: Floats) -> Floats:
        """True for the cells inside a convex outline."""
        rows, columns = self.heights.shape
        share = quad / (self.length, self.width) + 0.5
        cells = np.round(share * (columns, rows) * 16 - 8).astype(np.int32)
        found = np.zeros((rows, columns), np.uint8)
        cv2.fillConvexPoly(found, cells, 1, shift=4)
        return np.asarray(found > 0)

    def cells(self, xy: Floats) -> tuple[Ints, Ints]:
        """Rows and columns of the cells under points (n, 2)."""
        columns = np.clip(np.searchsorted(self.xs, xy[:, 0]), 0, len(self.xs) - 1)
        rows = np.clip(np.searchsorted(self.ys, xy[:, 1]), 0, len(self.ys) - 1)
        return rows, columns

    def between(self, field: Floats, xy: Floats) -> Floats:
        """Values of a field of the map at points (n, 2), without steps from cell to cell."""
        rows, columns = self.heights.shape
        share = np.asarray(xy / (self.length, self.width) + 0.5, np.float32)
        at = share * np.array([columns, rows], np.float32) - np.float32(0.5)
        found = cv2.remap(
            field.astype(np.float32),
            np.ascontiguousarray(at[:, :1]),
            np.ascontiguousarray(at[:, 1:]),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(found[:, 0], np.float64)

    def inside(self, xy: Floats, margin: float = 1.0) -> Floats:
        """Points folded back at the walls, as paper is, and never outside."""
        half = np.array([self.length, self.width]) / 2 - margin
        folded = np.where(np.abs(xy) > half, np.sign(xy) * (2 * half - np.abs(xy)), xy)
        return np.asarray(np.clip(folded, -half, half), np.float64)

    def drop(
        self, mesh: Mesh, x: float, y: float, sink: float = 0.12, heap: float = 0.0
    ) -> Mesh | None:
        """Lower a piece at x, y until it rests; it gives way by `sink` of its height. None: too
        high."""
        points = np.add(mesh.vertices, (x, y, 0))
        rows, columns = self.cells(points[:, :2])
        tall = float(np.ptp(points[:, 2]))
        rest = float((self.heights[rows, columns] - points[:, 2]).max()) - sink * tall
        rest = max(rest, -float(points[:, 2].min()))
        points = np.add(points, (0, 0, rest))
        if points[:, 2].max() > self.depth + heap + 0.25 * tall + 4:
            return None
        np.maximum.at(self.heights, (rows, columns), points[:, 2])
        return Mesh(points, mesh.faces, mesh.uv, mesh.smooth)

    def bridged(self, reach: float) -> Floats:
        """The map as stiff sheet lies on it: it falls from an edge over `reach` mm."""
        size = (2 * max(1, round(reach / CELL)) + 1,) * 2
        wide = cv2.GaussianBlur(cv2.dilate(self.heights, np.ones(size)), (0, 0), reach / CELL)
        tight = cv2.dilate(self.heights, np.ones((3, 3)))
        return np.asarray(np.maximum(wide * 0.96, tight + 1.0), np.float64)


def spots(rng: np.random.Generator, piece: Filler, relief: Relief, count: int) -> Floats:
    """Random places (count, 2): around the piece's middle, or spread evenly over the floor."""
    if piece.where != "patch":
        columns = max(1, round(np.sqrt(count * relief.length / relief.width)))
        rows = -(-count // columns)
        row, column = np.divmod(rng.permutation(rows * columns)[:count], columns)
        share = np.stack([column, row], 1) + rng.uniform(0, 1, (count, 2))
        return np.asarray(
            (share / (columns, rows) - 0.5) * (relief.length, relief.width), np.float64
        )
    spread = 0.18 + 0.35 * piece.amount
    found = rng.normal(0, spread, (count, 2)) * (relief.length, relief.width)
    return np.add(found, (piece.x, piece.y))


def dropped(
    rng: np.random.Generator, piece: Filler, relief: Relief, shapes: list[Mesh], margin: float
) -> Mesh | None:
    """Loose pieces dropped one after the other; None when none found room."""
    put = []
    for shape, spot in zip(shapes, spots(rng, piece, relief, len(shapes)), strict=True):
        reach = np.abs(shape.vertices[:, :2]).max(axis=0)
        room = np.array([relief.length, relief.width]) / 2 - margin - reach
        if (room < 0).any():
            continue
        x, y = np.clip(spot, -room, room)
        mesh = relief.drop(shape, float(x), float(y), heap=piece.heap)
        if mesh is not None:
            put.append(mesh)
    return join(put) if put else None


def heap(
    rng: np.random.Generator, piece: Filler, relief: Relief, thick: float
) -> tuple[Floats, Floats]:
    """Surface of loose fill in each cell, and how much of it lies there (0 to 1).

    A ring is poured level between the goods, which stick out; other heaps lie on what there is.
    """
    rows, columns = relief.heights.shape
    rough = clouds(rng, rows, columns, 5.0, 3).astype(np.float64)
    top = relief.depth * 0.97 + piece.heap
    if piece.where == "ring":
        tops = [g.z + g.size[2] for g in relief.goods]
        low = min(tops) if tops else relief.depth * rng.uniform(0.2, 0.7)
        level = float(np.clip(low * rng.uniform(0.45, 0.92), 8, relief.depth * 0.9))
        surface = np.clip(level + rough * min(0.12 * level, 7.0), 3, top)
        return surface, np.ones((rows, columns))
    x, y = np.meshgrid(relief.xs, relief.ys)
    share = np.ones((rows, columns))
    if piece.where != "over":
        radius = np.sqrt(max(piece.amount, 0.06) / np.pi) * 1.1
        away = np.hypot((x - piece.x) / relief.length, (y - piece.y) / relief.width) / radius
        share = np.clip(1.6 - 1.15 * away + 0.22 * rough, 0, 1)
    # Loose fill slides off edges: it lies on goods with gentle slopes at their sides.
    base = relief.bridged(15.0)
    if piece.where == "over":  # poured until the hollows are nearly full
        base = np.maximum(base, cv2.GaussianBlur(base, (0, 0), 60 / CELL))
    surface = base + share * thick * (1 + 0.25 * rough) + piece.heap * 0.6 * share
    return np.minimum(surface, np.maximum(top, relief.heights + 3)), share
