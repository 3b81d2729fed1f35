"""A closed parcel's outer sizes in millimetres: the smallest cuboid around it (OIML R 129)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.calibration import Calibration
from greenpack.measure.closed.box_or_bag import require_box
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_checks import (
    require_light_and_focus,
    require_whole,
    the_parcel,
)
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.closed.ideal_picture import camera_of, to_ideal
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.closed.sized_by import Sized, silhouette_of, sized_by
from greenpack.measure.closed.sizes import ORDER, Sizes, axes_of, widened
from greenpack.measure.closed.tape_of_parcel import ParcelTape, tape_of_parcel
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.measure.projective import Array
from greenpack.vision.shapes import Shape


def measure_closed_parcel(
    shapes: Sequence[Shape],
    view: ClosedView,
    settings: ClosedSettings | None = None,
    calibration: Calibration | None = None,
    parcel: Array | None = None,
) -> Measurement:
    """Measure the closed parcel in one photo.

    Args:
        shapes: what the model saw.
        view: the photo, its camera, and what of known size is in it.
        settings: thresholds.
        calibration: by how much the intervals are widened; None leaves them as the budget has them.
        parcel: the outline that ``the_parcel`` gave, shape (n, 2); None where it was not asked.

    Returns:
        Length, width and height in millimetres (height only where it is seen or bounded), and the
        width of its tape where that shows; or the reason why there are none.
    """
    settings = settings or ClosedSettings()
    try:
        outline = the_parcel(shapes, settings) if parcel is None else parcel
        return _measured(outline, shapes, view, settings, calibration or Calibration())
    except UnmeasurableError as refusal:
        return Measurement(Outcome.UNMEASURABLE, reason=str(refusal))


def _measured(
    mask: Array,
    shapes: Sequence[Shape],
    view: ClosedView,
    settings: ClosedSettings,
    calibration: Calibration,
) -> Measurement:
    cell = max(view.width, view.height) / settings.cells
    require_whole(mask, view, cell, settings)
    require_light_and_focus(mask, view, settings)
    camera, focals = camera_of(view, settings)
    sources = _sources(view, camera)
    if not sources:
        raise UnmeasurableError("no_scale")
    seen = silhouette_of(to_ideal(camera, mask), cell)
    require_box(seen.outlines[0], cell, settings)
    sized: list[tuple[ScaleSource, Sized]] = []
    refusal = UnmeasurableError("faces_not_seen")
    for source, alternatives in sources:
        try:
            found = sized_by(source, alternatives, seen, camera, focals, view, settings)
            factor, note = calibration.size_factor(source), calibration.size_note(source)
            sized.append((source, replace(found, sizes=widened(found.sizes, factor, note))))
        except UnmeasurableError as failed:
            if not sized:
                refusal = failed
    if not sized:
        raise refusal
    for _, other in sized[1:]:
        _require_agreement(sized[0][1].sizes, other.sizes)
    source, best = sized[0]
    tape = tape_of_parcel(shapes, best.fits, camera, view, settings)
    return _measurement(source, best, tape, camera)


def _sources(
    view: ClosedView, camera: CameraModel
) -> list[tuple[ScaleSource, list[list[PlanarPattern]]]]:
    """What gives a scale, the best first, with its alternatives."""
    found: list[tuple[ScaleSource, list[list[PlanarPattern]]]] = []
    if camera.belt is not None:
        found.append((ScaleSource.CALIBRATED_CAMERA, [[]]))
    for source in (ScaleSource.MARKER, ScaleSource.WAYBILL_LABEL):
        alternatives = [
            [pattern for pattern in each if pattern.source is source] for each in view.patterns
        ]
        alternatives = [each for each in alternatives if each]
        if alternatives:
            found.append((source, alternatives))
    return found


def _require_agreement(first: Sizes, second: Sizes) -> None:
    """Refuse where two sources of scale contradict each other in every size.

    Raises:
        UnmeasurableError: ``scales_disagree``.
    """
    both = [q for q in ORDER if q in first.intervals and q in second.intervals]
    apart = [
        first.intervals[q].low > second.intervals[q].high
        or second.intervals[q].low > first.intervals[q].high
        for q in both
    ]
    if both and all(apart):
        raise UnmeasurableError("scales_disagree")


def _measurement(
    source: ScaleSource, sized: Sized, tape: ParcelTape, camera: CameraModel
) -> Measurement:
    best = sized.fits[0]
    length, width, height = axes_of(best)
    points = best.fit.points()
    signs = [
        (-1, -1), (1, -1), (1, 1), (-1, 1),
    ]  # fmt: skip
    order = []
    for upper in (-best.up[1], best.up[1]):
        for along, across in signs:
            sign = {length: along, width: across, height: upper}
            order.append(sum((4 >> axis) * (sign[axis] > 0) for axis in range(3)))
    seen = camera.projected(points[order])
    widths = {} if tape.width is None else {Quantity.TAPE_WIDTH_MM: tape.width}
    return Measurement(
        Outcome.MEASURED,
        quantities=sized.sizes.intervals | widths,
        budget=(*sized.sizes.budget, *tape.budget),
        assumptions=(*_assumptions(source, sized, camera), *tape.assumptions),
        cuboid=tuple((float(x), float(y)) for x, y in seen),
        scale=source.value,
    )


def _assumptions(source: ScaleSource, sized: Sized, camera: CameraModel) -> tuple[str, ...]:
    if source is ScaleSource.CALIBRATED_CAMERA and camera.belt is not None:
        scale = (
            f"The scale is the calibrated camera's ({camera.source}): its height over the belt is "
            f"known to {camera.belt.error:.1f} mm (95 %)."
        )
    else:
        errors = [pattern.size_error for pattern, _ in sized.known.patterns]
        scale = (
            f"The scale is that of {' or '.join(sized.names)}, printed true to "
            f"{max(errors):.1%} (95 %)."
        )
    lines = [scale, "The parcel is a box; its sizes are those of the smallest cuboid around it."]
    if sized.known.belt is None:
        lines.append(
            "The photo was taken looking down and not rolled, so the upper face is the top."
        )
    if not camera.distortion:
        lines.append("The lens's distortion is not corrected.")
    if sized.known.height is not None:
        lines.append("The height is not seen; length and width hold for every height given.")
    return tuple(lines)
