"""The outcome of measuring one photo: numbers with intervals, or a reason why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from greenpack.measure.interval import Interval


class Outcome(StrEnum):
    """Whether a photo gave numbers."""

    MEASURED = "measured"
    UNMEASURABLE = "unmeasurable"


class Quantity(StrEnum):
    """Everything that can be measured on a parcel and limited by a rule.

    Ratios are without unit; ``void_ratio`` and ``weight_ratio`` are 0 to 1. The void ratio covers
    the parcel's inner and outer volume both, for laws that leave open which counts; those that do
    not have ``void_ratio_inner`` and ``void_ratio_outer``. The box fit compares the box with the
    smallest rectangle (or cuboid) around all items: 1 is a perfect fit. Length,
    width and height are those of the smallest cuboid around the closed parcel (the measurand of
    OIML R 129): the length is the longer side of the face it stands on, the height stands on it.
    """

    AREA_RATIO = "area_ratio"
    FILLER_RATIO = "filler_ratio"
    VOID_RATIO = "void_ratio"
    BOX_FIT_LINEAR = "box_fit_linear"
    BOX_FIT_DIAGONAL = "box_fit_diagonal"
    BOX_FIT_VOLUME = "box_fit_volume"
    LAYERS = "layers"
    TAPE_WIDTH_MM = "tape_width_mm"
    TAPE_LENGTH_RATIO = "tape_length_ratio"
    WEIGHT_RATIO = "weight_ratio"
    LENGTH_MM = "length_mm"
    WIDTH_MM = "width_mm"
    HEIGHT_MM = "height_mm"
    VOID_RATIO_INNER = "void_ratio_inner"
    VOID_RATIO_OUTER = "void_ratio_outer"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One contribution to the interval of one quantity.

    Attributes:
        quantity: whose interval it widens.
        source: what contributes, for example ``model`` or ``corners``.
        half_width: how far it moves the quantity at 95 % coverage, in the quantity's unit, >= 0.
        note: how it was obtained, in one sentence.
    """

    quantity: Quantity
    source: str
    half_width: float
    note: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """The numbers taken from one photo, or the reason why there are none.

    Attributes:
        outcome: measured or unmeasurable.
        reason: a key of ``greenpack.reasons.REASONS`` where unmeasurable, else None.
        quantities: the intervals, by quantity; empty where unmeasurable.
        budget: where each interval's width comes from.
        assumptions: the conditions under which the numbers hold, each a sentence.
        corners: the opening's four corners in pixels of the upright photo, in order around the
            opening, or None.
        cuboid: the eight corners of the cuboid around a closed parcel in the same pixels, the four
            it stands on, then the four above them in the same order; or None.
        scale: where the millimetres come from, a value of ``closed.scale.ScaleSource``, or None.
    """

    outcome: Outcome
    reason: str | None = None
    quantities: Mapping[Quantity, Interval] = field(default_factory=dict)
    budget: tuple[BudgetLine, ...] = ()
    assumptions: tuple[str, ...] = ()
    corners: tuple[tuple[float, float], ...] | None = None
    cuboid: tuple[tuple[float, float], ...] | None = None
    scale: str | None = None

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.UNMEASURABLE) != (self.reason is not None):
            raise ValueError("a reason belongs to an unmeasurable photo, and only to one")
        if self.outcome is Outcome.UNMEASURABLE and self.quantities:
            raise ValueError("an unmeasurable photo has no numbers")
