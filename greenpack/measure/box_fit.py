"""How well a box fits its contents: the box against the smallest rectangle around all items."""

from __future__ import annotations

from math import hypot

import numpy as np
from shapely.affinity import scale
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry


def box_fit(items: BaseGeometry, aspect: float) -> tuple[float, float]:
    """Opening over the smallest rectangle around all items: by sum of sides, and by diagonal.

    The idea of the box-fit requirement of GB 45186-2024, in the plane of the opening: how many
    times larger the box is than the contents' smallest enclosing rectangle, at any angle.

    Args:
        items: the items in the opening's unit square, not empty.
        aspect: the opening's second side over its first.

    Raises:
        ValueError: if the items have no area.

    Returns:
        ``(linear, diagonal)``: (L + W) / (l + w), and the diagonals' ratio; 1 is a perfect fit.
    """
    metric = scale(items, xfact=1.0, yfact=aspect, origin=(0.0, 0.0))
    rectangle = metric.minimum_rotated_rectangle
    if not isinstance(rectangle, Polygon) or rectangle.is_empty:
        raise ValueError("items without area have no enclosing rectangle")
    corners = np.asarray(rectangle.exterior.coords)
    length = float(np.hypot(*(corners[1] - corners[0])))
    width = float(np.hypot(*(corners[2] - corners[1])))
    return (1.0 + aspect) / (length + width), hypot(1.0, aspect) / hypot(length, width)
