"""Declared goods, and what their sizes may be within the tolerance of a declaration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import prod

Size = tuple[float, float, float]

# Soft goods may be pressed to this share of their declared volume (our own assumption).
PRESSED = 0.5


@dataclass(frozen=True, slots=True)
class DeclaredGoods:
    """One declared kind of goods.

    Attributes:
        size: length, width and height of one piece in mm, > 0, in any order.
        quantity: how many pieces, >= 1.
        soft: whether a piece gives way when it is pressed, as clothes do.
    """

    size: Size
    quantity: int
    soft: bool = False

    @property
    def volume(self) -> float:
        """Volume of all pieces, mm3."""
        return self.quantity * prod(self.size)


def require_sound(goods: Sequence[DeclaredGoods]) -> None:
    """Refuse what no goods can be.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    if not goods:
        raise ValueError("a void ratio needs at least one item")
    if any(min(kind.size) <= 0 or kind.quantity < 1 for kind in goods):
        raise ValueError("sizes and quantities must be positive")


def resized(goods: Sequence[DeclaredGoods], by: float) -> tuple[DeclaredGoods, ...]:
    """The goods with every edge ``by`` mm longer, or shorter; a tenth of an edge always stays."""
    return tuple(
        replace(kind, size=sized(max(side + by, side / 10) for side in kind.size)) for kind in goods
    )


def sized(sides: Iterable[float]) -> Size:
    """Three numbers as a size."""
    length, width, height = sides
    return (float(length), float(width), float(height))


def turned(size: Size) -> tuple[Size, ...]:
    """The ways to set a cuboid down with its edges along the axes, each once."""
    return tuple(dict.fromkeys(sized(order) for order in permutations(size)))
