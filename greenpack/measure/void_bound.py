"""What one photo proves of the void ratio: its lower bound from what is seen in the opening.

Notation of the derivations: the camera is at height h above the rim of a carton of depth H, and
kappa = h / H. Everything is seen in the plane of the rim; a is the share of the opening behind
which something is seen that is, or may hide, goods.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

# How much of the dead ground behind goods counts as full where goods are upright. Of 20,000
# simulated cartons of one to five boxes, side by side and stacked, 10 have goods in dead ground
# beyond the closed form's slack, by up to 2.7 points of void (seen from 2 to 6 depths; from nearer
# 201, by up to 6.2). Counting 0.273 of the dead ground as full covers them all:
# ``python -m benchmarks.void_bound --cartons 20000 --seed 7``.
DEAD_GROUND = 0.3

_MOUTH = box(0.0, 0.0, 1.0, 1.0)
_DEPTHS = tuple((step + 0.5) / 8 for step in range(8))
_STEP_ERROR = 0.002


class Goods(StrEnum):
    """What is assumed of the goods' form.

    ``UPRIGHT``: every horizontal section is the same (boxes, bottles, books, folded clothes).
    ``ANY``: anything at all may stand in the dead ground behind what is seen.
    """

    UPRIGHT = "upright"
    ANY = "any"


def fill_factor(kappa: float, goods: Goods = Goods.UPRIGHT) -> float:
    """The most volume that can stand behind one unit of seen area.

    An upright item of height t has its top at depth H - t below the rim. Seen from h above the
    rim, its section A appears as a = A (h / (h + H - t))^2, so its share of the carton's volume is
    a ((h + H - t) / h)^2 t / H. This is largest at t = H for h >= 2H, where it is a, and at
    t = (h + H) / 3 for h < 2H, where it is a * 4 (h + H)^3 / (27 h^2 H).

    A solid of any form can at most fill the whole cone of sight below the rim, whose volume is
    a ((h + H)^3 - h^3) / (3 h^2 H).

    Args:
        kappa: camera height above the rim over the carton's depth, > 0.
        goods: what is assumed of the goods' form.

    Returns:
        >= 1; the volume share is at most this times the area ratio.

    Raises:
        ValueError: if ``kappa`` is not positive.
    """
    if not kappa > 0:
        raise ValueError(f"the camera must be above the rim, not at {kappa} depths")
    if goods is Goods.ANY:
        return 1.0 if kappa == inf else ((kappa + 1) ** 3 - kappa**3) / (3 * kappa**2)
    return 1.0 if kappa >= 2 else 4 * (kappa + 1) ** 3 / (27 * kappa**2)


def hidden_share(foot: tuple[float, float], kappa: float) -> float:
    """The most of the carton's volume that its own walls hide from the camera.

    A camera whose foot lies outside the opening, by e in units of a side, sees past the near rim:
    at depth d below the rim a strip e d / h wide is hidden, up to the floor, where it is e / kappa
    wide. The hidden wedge has the share e / (2 kappa) of the volume; both axes are added, which
    counts their common corner twice. A camera above the opening sees the whole floor.

    Args:
        foot: the camera's foot in the opening's unit square.
        kappa: camera height above the rim over the carton's depth, > 0.

    Returns:
        0 to 1.
    """
    beyond = sum(max(0.0, -at, at - 1.0) for at in foot)
    return min(1.0, beyond / (2 * kappa))


def possibly_full(blocked: BaseGeometry, kappa: float, foot: tuple[float, float]) -> float:
    """The share of the carton's volume that no line of sight shows to be empty.

    A line of sight through an unblocked point of the opening is empty until it meets the floor or
    a wall. At depth d below the rim those lines spread about the camera's foot by s = (h + d) / h,
    so the part of that level seen to be empty is s^2 times the unblocked area within the opening
    shrunk about the foot by 1 / s. What is left, summed over all depths, is the visual hull of
    the goods (Laurentini 1994) within the carton: an upper bound of their volume whatever their
    form, dead ground behind tall goods and behind the near wall included.

    Args:
        blocked: areas in the opening's unit square behind which something is seen.
        kappa: camera height above the rim over the carton's depth, > 0.
        foot: the camera's foot in the opening's unit square.

    Returns:
        0 to 1, rounded up by 0.002 for the sum's finite steps.
    """
    empty = _MOUTH.difference(blocked)
    x, y = foot
    full = 0.0
    for depth in _DEPTHS:
        spread = (kappa + depth) / kappa
        seen_through = box(
            x - x / spread, y - y / spread, x + (1 - x) / spread, y + (1 - y) / spread
        )
        full += 1.0 - spread**2 * empty.intersection(seen_through).area
    return float(min(1.0, max(0.0, full / len(_DEPTHS)) + _STEP_ERROR))


@dataclass(frozen=True, slots=True)
class FullAtMost:
    """The most of a carton's volume that may be full, by what is seen in its opening.

    Attributes:
        upright: share by the closed form for each upright item, plus what the walls hide.
        anything: share that no line of sight shows to be empty.
        upright_slope: how much ``upright`` grows with a share of the opening missed.
        anything_slope: likewise for ``anything``.
    """

    upright: float
    anything: float
    upright_slope: float
    anything_slope: float

    def void_lower_bound(self, goods: Goods = Goods.UPRIGHT, missed: float = 0.0) -> float:
        """The least void ratio that agrees with what is seen.

        For goods of any form it is what is seen to be empty. For upright goods it is
        1 - ``fill_factor`` * blocked - ``hidden_share``, less ``DEAD_GROUND`` of what lies between
        the two: the closed form holds for each upright item, but an item may stand in the dead
        ground behind a taller one.

        Args:
            goods: what is assumed of the goods' form.
            missed: share of the opening that may be blocked besides, 0 to 1.

        Returns:
            0 to 1; 0 proves nothing.
        """
        anything = self.anything + missed * self.anything_slope
        full = anything
        if goods is Goods.UPRIGHT:
            upright = self.upright + missed * self.upright_slope
            full = min(anything, upright + DEAD_GROUND * max(0.0, anything - upright))
        return min(1.0, max(0.0, 1.0 - full))


def full_at_most(blocked: BaseGeometry, kappa: float, foot: tuple[float, float]) -> FullAtMost:
    """What may be full behind ``blocked``, seen from one place.

    Args:
        blocked: areas in the opening's unit square behind which goods are seen, or filler that
            may hide goods.
        kappa: camera height above the rim over the carton's depth, > 0.
        foot: the camera's foot in the opening's unit square.
    """
    factor = fill_factor(kappa)
    return FullAtMost(
        upright=factor * blocked.area + hidden_share(foot, kappa),
        anything=possibly_full(blocked, kappa, foot),
        upright_slope=factor,
        anything_slope=fill_factor(kappa, Goods.ANY),
    )


def void_lower_bound(
    blocked: BaseGeometry,
    kappa: float,
    foot: tuple[float, float],
    goods: Goods = Goods.UPRIGHT,
    missed: float = 0.0,
) -> float:
    """``full_at_most`` and its ``void_lower_bound`` in one call, for a single view."""
    return full_at_most(blocked, kappa, foot).void_lower_bound(goods, missed)
