"""Boxes told from bags, mailers and envelopes by their silhouette."""

from __future__ import annotations

from shapely.geometry import Polygon

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.closed.closed_view import ClosedSettings
from greenpack.measure.closed.cuboid_fit import Fit
from greenpack.measure.closed.outline import Outline


def choose_outline(four: Outline | None, six: Outline | None, cell: float) -> list[Outline]:
    """The outlines worth fitting: six sides where a seventh of a cell or more depends on them.

    A view of one face has four sides. Two faces share a bend so slight that both counts may do;
    the caller then tries both.
    """
    if six is None or four is None:
        return [each for each in (six, four) if each is not None]
    span = float(_area(six) ** 0.5)
    gain = (four.residual - six.residual) * span / cell
    if gain > 0.15:
        return [six]
    return [four] if gain < 0.02 else [four, six]


def require_box(outline: Outline, cell: float, settings: ClosedSettings) -> None:
    """Refuse silhouettes that are hollow or whose sides are not straight.

    Raises:
        UnmeasurableError: ``not_a_box``.
    """
    span = float(_area(outline) ** 0.5)
    # A mask is off by a part of a cell even along a straight edge, and its corners are rounded.
    allowed = settings.most_residual + 0.1 * cell / span
    if outline.hollow > settings.most_hollow or outline.residual > allowed:
        raise UnmeasurableError("not_a_box")


def require_cuboid(fit: Fit, settings: ClosedSettings) -> None:
    """Refuse a fit whose residuals are beyond what a cuboid's projection leaves.

    Raises:
        UnmeasurableError: ``not_a_box``.
    """
    if fit.misfit > settings.most_misfit:
        raise UnmeasurableError("not_a_box")


def _area(outline: Outline) -> float:
    return float(Polygon(outline.corners).area)
