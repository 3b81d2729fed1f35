"""One photo of an opened parcel, shapes in, measurement out; or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from greenpack.measure.acceptance import (
    UnmeasurableError,
    View,
    outlines,
    require_goods_inside,
    require_in_picture,
    require_light_and_focus,
    the_opening,
)
from greenpack.measure.box_fit import box_fit
from greenpack.measure.difficulty import difficulty
from greenpack.measure.interval import IN_95, Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity
from greenpack.measure.opening import Opening, fit_opening
from greenpack.measure.projective import rectified, region
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.stance import Stance, camera_stance
from greenpack.measure.uncertainty import (
    assumptions,
    interval_around,
    model_note,
    ratio_budget,
    void_budget,
)
from greenpack.vision.shapes import Label, Shape


def measure_opened_parcel(
    shapes: Sequence[Shape], view: View, settings: MeasureSettings | None = None
) -> Measurement:
    """Measure an opened parcel seen from above.

    The area ratio and the filler ratio are shares of the opening in its own plane. The void ratio
    is bounded from below (``void_bound``); its upper end is 1, because one photo of an opened
    parcel cannot prove that a parcel is full. The box fit is known between goods lying on the
    floor and goods that reach the rim.

    Args:
        shapes: what the model saw, polygons in pixels of the upright photo.
        view: the photo's size, focal length and grey values.
        settings: assumptions and thresholds.

    Returns:
        A measurement; never raises for a bad photo, which is ``unmeasurable`` with its reason.
    """
    settings = settings or MeasureSettings()
    try:
        outline = the_opening(shapes, settings)
        require_in_picture(outline, view)
        opening = fit_opening(outline)
        if opening is None or opening.fit < settings.minimum_fit:
            raise UnmeasurableError("opening_not_rectangular")
        require_light_and_focus(opening, view, settings)
        stance = camera_stance(opening, view, settings)
        return _numbers(shapes, opening, stance, view, settings)
    except UnmeasurableError as unmeasurable:
        return Measurement(outcome=Outcome.UNMEASURABLE, reason=str(unmeasurable))


def _numbers(
    shapes: Sequence[Shape],
    opening: Opening,
    stance: Stance,
    view: View,
    settings: MeasureSettings,
) -> Measurement:
    require_goods_inside(shapes, opening, settings)
    items = rectified(region(outlines(shapes, Label.ITEM)), opening.corners)
    filler = rectified(region(outlines(shapes, Label.FILLER)), opening.corners).difference(items)
    area, filled = min(1.0, items.area), min(1.0, filler.area)
    if items.is_empty and filled < settings.hiding_filler:
        raise UnmeasurableError("no_item_seen")

    # All four sides moved outwards by the 95 % residual: area changes by perimeter x shift.
    mouth = Polygon(opening.corners)
    corner_error = IN_95 * opening.residual * mouth.length / mouth.area
    calibration = settings.calibration
    hard = difficulty(shapes, opening, view)
    budget = [
        line
        for quantity, model, share in (
            (Quantity.AREA_RATIO, calibration.area_ratio, area),
            (Quantity.FILLER_RATIO, calibration.filler_ratio, filled),
        )
        for line in ratio_budget(quantity, model, share * corner_error, hard, calibration)
    ]
    quantities = {
        Quantity.AREA_RATIO: interval_around(area, budget, Quantity.AREA_RATIO),
        Quantity.FILLER_RATIO: interval_around(filled, budget, Quantity.FILLER_RATIO),
    }
    missed = calibration.missed_ratio.at(hard) + min(1.0, area + filled) * corner_error
    full = stance.full_at_most(items.union(filler))
    bound = min(one.void_lower_bound(settings.goods, missed) for one in full)
    exact = min(one.void_lower_bound(settings.goods) for one in full)
    quantities[Quantity.VOID_RATIO] = Interval(value=None, low=bound, high=1.0)
    note = model_note(calibration.missed_ratio, hard, calibration)
    budget += void_budget(min(1.0, area + filled), exact, bound, missed, note, stance)
    if not items.is_empty and area > 0:
        relative = 0.5 * (calibration.area_ratio.at(hard) / area + corner_error)
        quantities |= _box_fit(items, stance, relative)
        budget += [
            BudgetLine(
                quantity, "model and corners", relative, "relative; half that of the area ratio"
            )
            for quantity in (Quantity.BOX_FIT_LINEAR, Quantity.BOX_FIT_DIAGONAL)
        ]
    return Measurement(
        outcome=Outcome.MEASURED,
        quantities=quantities,
        budget=tuple(budget),
        assumptions=assumptions(stance, settings),
        corners=tuple((float(x), float(y)) for x, y in opening.corners),
    )


def _box_fit(items: BaseGeometry, stance: Stance, relative: float) -> dict[Quantity, Interval]:
    """Box fit between goods on the floor, which look smaller, and goods that reach the rim."""
    fits = [box_fit(items, pose.aspect) for pose in stance.poses]
    floor = stance.kappa / (stance.kappa + 1.0)
    return {
        quantity: Interval(
            value=None,
            low=max(0.0, min(values) * floor * (1.0 - relative)),
            high=max(values) * (1.0 + relative),
        )
        for quantity, values in zip(
            (Quantity.BOX_FIT_LINEAR, Quantity.BOX_FIT_DIAGONAL),
            zip(*fits, strict=True),
            strict=True,
        )
    }
