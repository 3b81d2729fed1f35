"""A closed parcel's outer sizes in millimetres: the smallest cuboid around it (OIML R 129)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.closed.box_or_bag import choose_outline, require_box, require_cuboid
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_checks import (
    require_light_and_focus,
    require_whole,
    the_parcel,
)
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.closed.hypotheses import USUAL_UP, Known, readings, with_height
from greenpack.measure.closed.inner_edges import Seen, with_inner_edges
from greenpack.measure.closed.outline import Outline, fit_outline
from greenpack.measure.closed.pattern_place import top_of
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.closed.sizes import ORDER, Sizes, axes_of, sizes_of
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.measure.projective import Array
from greenpack.vision.shapes import Shape

# Readings whose score is this much worse than the best one's are not believed (chi-square).
_RIVAL = 9.0
_UNSURE_FOCAL = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """A parcel measured by one source of scale."""

    sizes: Sizes
    fits: tuple[Seen, ...]
    known: Known
    names: tuple[str, ...]


def measure_closed_parcel(
    shapes: Sequence[Shape], view: ClosedView, settings: ClosedSettings | None = None
) -> Measurement:
    """Measure the closed parcel in one photo.

    Args:
        shapes: what the model saw.
        view: the photo, its camera, and what of known size is in it.
        settings: thresholds.

    Returns:
        Length, width and height in millimetres (height only where it is seen or bounded), or the
        reason why there are none.
    """
    settings = settings or ClosedSettings()
    try:
        return _measured(shapes, view, settings)
    except UnmeasurableError as refusal:
        return Measurement(Outcome.UNMEASURABLE, reason=str(refusal))


def camera_of(view: ClosedView, settings: ClosedSettings) -> tuple[CameraModel, tuple[float, ...]]:
    """The photo's camera, its ``focal_error`` as 95 % half width, and focal lengths to start from.

    A camera that nothing is known of has its focal length within ``settings.focal_range``.
    """
    longer = max(view.width, view.height)
    centre = ((view.width - 1) / 2, (view.height - 1) / 2)
    if view.camera is not None:
        camera = view.camera.scaled(view.width, view.height)
        return camera, (camera.focal[0],)
    low, high = settings.focal_range
    ratios: tuple[float, ...]
    if view.focal_ratio is not None:
        ratios, error = (view.focal_ratio,), settings.focal_tolerance
        source = "focal length as the photo tells it"
    else:
        ratios, error = (low, (low * high) ** 0.5, high), float(np.log(high / low)) / 2
        source = "focal length unknown"
    focals = tuple(longer * ratio for ratio in ratios)
    focal = focals[len(focals) // 2]
    camera = CameraModel(view.width, view.height, (focal, focal), centre, (), error, None, source)
    return camera, focals


def _measured(shapes: Sequence[Shape], view: ClosedView, settings: ClosedSettings) -> Measurement:
    mask = the_parcel(shapes, settings)
    cell = max(view.width, view.height) / settings.cells
    require_whole(mask, view, cell, settings)
    require_light_and_focus(mask, view, settings)
    camera, focals = camera_of(view, settings)
    sources = _sources(view, camera)
    if not sources:
        raise UnmeasurableError("no_scale")
    outlines = outlines_of(mask, camera, cell, view)
    require_box(outlines[0], cell, settings)
    sized: list[tuple[ScaleSource, Sized]] = []
    refusal = UnmeasurableError("faces_not_seen")
    for source, alternatives in sources:
        try:
            sized.append(
                (source, _by(source, alternatives, outlines, camera, focals, view, settings))
            )
        except UnmeasurableError as failed:
            if not sized:
                refusal = failed
    if not sized:
        raise refusal
    for _, other in sized[1:]:
        _require_agreement(sized[0][1].sizes, other.sizes)
    return _measurement(*sized[0], camera)


def outlines_of(mask: Array, camera: CameraModel, cell: float, view: ClosedView) -> list[Outline]:
    """The polygons that a mask may be, the likeliest first.

    Raises:
        UnmeasurableError: ``not_a_box`` where it is none.
    """
    ideal = to_ideal(camera, mask)
    to_picture = picture_of(camera)
    four, six = (fit_outline(ideal, sides, cell, view.gray, to_picture) for sides in (4, 6))
    chosen = choose_outline(four, six, cell)
    if not chosen:
        raise UnmeasurableError("not_a_box")
    return chosen


def to_ideal(camera: CameraModel, points: Array) -> Array:
    """Pixels of the picture as an ideal camera with square pixels, of focal length fx, has them."""
    ideal = camera.undistorted(points)
    ideal[:, 1] = camera.centre[1] + (ideal[:, 1] - camera.centre[1]) * _squeeze(camera)
    return ideal


def picture_of(camera: CameraModel) -> Callable[[Array], Array]:
    """What maps the ideal camera's pixels to the picture's: the inverse of ``to_ideal``."""
    squeeze, middle = _squeeze(camera), camera.centre[1]

    def mapped(points: Array) -> Array:
        if not camera.distortion and squeeze == 1.0:
            return points
        wide = np.column_stack([points[:, 0], middle + (points[:, 1] - middle) / squeeze])
        return camera.projected(camera.rays(wide)) if camera.distortion else wide

    return mapped


def _squeeze(camera: CameraModel) -> float:
    return camera.focal[0] / camera.focal[1]


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


def _by(
    source: ScaleSource,
    alternatives: list[list[PlanarPattern]],
    outlines: list[Outline],
    camera: CameraModel,
    focals: tuple[float, ...],
    view: ClosedView,
    settings: ClosedSettings,
) -> Sized:
    """The parcel measured by one source: every alternative and outline, the best kept."""
    cell = max(view.width, view.height) / settings.cells
    found: list[tuple[Seen, Known, Outline, tuple[str, ...]]] = []
    for patterns in alternatives:
        known = Known(
            centre=camera.centre,
            focals=focals,
            focal_sd=max(camera.focal_error / 1.96, 1e-4),
            patterns=[(pattern, to_ideal(camera, pattern.corners)) for pattern in patterns],
            belt=camera.belt if source is ScaleSource.CALIBRATED_CAMERA else None,
        )
        for outline in outlines:
            names = tuple(pattern.name for pattern in patterns)
            for case in _cases(known, outline, source, view):
                found += [
                    (seen, case, outline, names)
                    for seen in _seen(outline, case, camera, cell, view)
                ]
    if not found:
        one_face = all(len(outline.sides) == 4 for outline in outlines)
        raise UnmeasurableError("faces_not_seen" if one_face else "not_a_box")
    found.sort(key=lambda each: each[0].score)
    best, known, outline, _ = found[0]
    require_cuboid(best.fit, settings)
    one_face = len(outline.sides) == 4
    three_faces = all(best.fit.pose.seen)
    if camera.focal_error > _UNSURE_FOCAL and not three_faces:
        raise UnmeasurableError("faces_not_seen")
    allowed = best.score + _RIVAL * max(1.0, best.fit.misfit)
    if known.height is not None:
        allowed = np.inf  # each height that was given may be right, whatever its fit
    kept = [
        each
        for each in found
        if each[0].score <= allowed and len(each[2].sides) == len(outline.sides)
    ]
    fits = tuple(each[0] for each in kept)
    sizes = sizes_of(fits, settings.form_error, height_seen=not one_face)
    if one_face and view.parcel_height is not None:
        low, high = view.parcel_height
        sizes.intervals[Quantity.HEIGHT_MM] = Interval(None, low, high)
    names = tuple(dict.fromkeys(name for each in kept for name in each[3]))
    return Sized(sizes, fits, known, names)


def _cases(known: Known, outline: Outline, source: ScaleSource, view: ClosedView) -> list[Known]:
    """The heights to fit with: none where the height is seen, both bounds where it is not."""
    if len(outline.sides) != 4:
        return [known]
    on_face = source is not ScaleSource.CALIBRATED_CAMERA and all(
        pattern.on == "face" for pattern, _ in known.patterns
    )
    if on_face:
        return [known]
    if view.parcel_height is None:
        return []
    low, high = view.parcel_height
    return [with_height(known, max(height, 1.0), 1e-3) for height in (low, high)]


def _seen(
    outline: Outline, known: Known, camera: CameraModel, cell: float, view: ClosedView
) -> list[Seen]:
    """The readings of one outline with their inner edges."""
    up_is = USUAL_UP if known.upright is None else known.upright
    result = []
    fits = readings(outline, known)
    for fit in fits:
        if fit.chi_square > 3 * fits[0].chi_square + 40:
            continue
        up = (2, 1) if len(outline.sides) == 4 else top_of(fit.pose, up_is)
        result.append(
            with_inner_edges(fit, up, outline, known, cell, view.gray, picture_of(camera))
        )
    return result


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


def _measurement(source: ScaleSource, sized: Sized, camera: CameraModel) -> Measurement:
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
    return Measurement(
        Outcome.MEASURED,
        quantities=sized.sizes.intervals,
        budget=sized.sizes.budget,
        assumptions=_assumptions(source, sized, camera),
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
