"""Whether mask and picture bear out the cuboid that was fitted to them."""

from __future__ import annotations

import numpy as np
import shapely

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.closed.closed_view import ClosedSettings
from greenpack.measure.closed.cuboid_pose import edges_seen
from greenpack.measure.closed.edge_tracking import Seen
from greenpack.measure.projective import Array

# The mask rounds corners: the ends of a side are not looked at.
_INNER: Array = np.linspace(0.1, 0.9, 12)


def require_borne_out(
    seen: Seen,
    hull: Array,
    centre: tuple[float, float],
    cell: float,
    settings: ClosedSettings,
    *,
    looked: bool,
) -> None:
    """Refuse a cuboid of which the picture shows too few edges, or of which a side leaves the mask.

    A side that was not found rests on the mask; where several do, or where an edge was found that
    the mask is far from, one of both is wrong, and nothing tells which. Such cuboids fit well: the
    other edges leave them room. On rendered calibration pictures under hub cameras they were 19 of
    125 measured boxes, and 7 of the 14 of which a side was off by a twentieth and more.

    Args:
        seen: the fit with the edges found for it.
        hull: the mask's convex hull, shape (n, 2), ideal pixels.
        centre: principal point, pixels.
        cell: how coarse the mask is, pixels.
        settings: thresholds.
        looked: whether edges were looked for in the picture.

    Raises:
        UnmeasurableError: ``edges_unclear``.
    """
    shown = edges_seen(seen.fit.pose.seen)
    expected = len(shown.loop) + len(shown.inner)
    if looked and seen.found < expected - settings.most_edges_missing:
        raise UnmeasurableError("edges_unclear")
    corners = seen.fit.corners(centre)[list(shown.loop)]
    if farthest_side(corners, hull) > settings.farthest_side * cell:
        raise UnmeasurableError("edges_unclear")


def farthest_side(corners: Array, hull: Array) -> float:
    """The largest distance of a polygon's sides, without their ends, from an outline, pixels.

    Args:
        corners: of the polygon, shape (k, 2), in order, pixels.
        hull: the closed outline, shape (n, 2), n >= 3, pixels.
    """
    sides = np.roll(corners, -1, axis=0) - corners
    inner = shapely.points(corners[:, None] + _INNER[:, None] * sides[:, None])
    return float(shapely.distance(inner, shapely.LinearRing(hull)).max())
