"""A parcel's sizes by one source of scale: all that may be right are fitted, the best are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.closed.borne_out import require_borne_out
from greenpack.measure.closed.box_or_bag import choose_outline, require_cuboid
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.closed.cuboid_pose import ONE_FACE, edges_seen
from greenpack.measure.closed.edge_tracking import FOUND, Seen, tracked
from greenpack.measure.closed.hypotheses import Known, readings, top_in, with_height
from greenpack.measure.closed.ideal_picture import picture_of, to_ideal
from greenpack.measure.closed.label_choice import choices, loosened
from greenpack.measure.closed.outline import Outline, fit_outlines, hull_of, silhouettes_apart
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.closed.sizes import Form, Sizes, sizes_of
from greenpack.measure.interval import IN_95, Interval
from greenpack.measure.measurement import Quantity
from greenpack.measure.projective import Array

# Readings whose score is this much worse than the best one's are not believed (chi-square).
_RIVAL = 9.0
# A focal length less sure than this, relative, leaves views of one or two faces undetermined.
_UNSURE_FOCAL = 0.1
# A height known this well, mm between its bounds, leaves length and width a likeliest value.
_KNOWN_HEIGHT = 20.0
# A size less sure than this, as relative standard deviation, was not seen at all.
_UNDETERMINED = 0.15
# Chi-square per degree of freedom below which a reading with all its edges found is the one.
_CLEAR = 2.0
# Logarithm of the scale by which a label's formats may differ and still tell about the same size.
_MOST_APART = 0.08
# By how many edges less than all what speaks for a parcel measured by a label may fall short.
_MISSED = 2.0

_Found = tuple[Seen, Known, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """A parcel's mask in ideal pixels: its hull and the polygons that it may be."""

    hull: Array
    outlines: list[Outline]


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """A parcel measured by one source of scale.

    Attributes:
        sizes: intervals and budget.
        fits: all fits that the intervals cover, the best first.
        known: what was known for the best one.
        names: of the patterns, for people.
    """

    sizes: Sizes
    fits: tuple[Seen, ...]
    known: Known
    names: tuple[str, ...]


def silhouette_of(mask: Array, cell: float) -> Silhouette:
    """The polygons that a mask, shape (n, 2) in ideal pixels, may be, the likeliest first.

    Raises:
        UnmeasurableError: ``not_a_box`` where it is none.
    """
    found = hull_of(mask)
    chosen = [] if found is None else choose_outline(*fit_outlines(*found, cell), cell)
    if found is None or not chosen:
        raise UnmeasurableError("not_a_box")
    return Silhouette(found[0], chosen)


def sized_by(
    source: ScaleSource,
    alternatives: Sequence[Sequence[PlanarPattern]],
    silhouette: Silhouette,
    camera: CameraModel,
    focals: tuple[float, ...],
    view: ClosedView,
    settings: ClosedSettings,
) -> Sized:
    """The parcel measured by one source: every alternative that fits widens the intervals.

    Raises:
        UnmeasurableError: ``faces_not_seen``, ``not_a_box``, ``edges_unclear``, or ``no_scale``
            where a label has the proportions of no format.
    """
    cell = max(view.width, view.height) / settings.cells
    found: list[_Found] = []
    label = source is ScaleSource.WAYBILL_LABEL
    for patterns in [loosened(alternatives)] if label else alternatives:
        known = Known(
            centre=camera.centre,
            focals=focals,
            focal_sd=max(camera.focal_error / IN_95, 1e-4),
            patterns=_placed(patterns, camera),
            belt=camera.belt if source is ScaleSource.CALIBRATED_CAMERA else None,
        )
        names = tuple(pattern.name for pattern in patterns)
        for outlines, case in _cases(known, silhouette.outlines, source, view):
            fits = _fits(outlines, silhouette.hull, case, camera, cell, view)
            found += [
                (seen, case, names)
                for seen in fits
                if _apart(seen, silhouette.hull, case.centre) < settings.most_off * cell
            ]
    if label and found:
        found = _by_format(found, alternatives, camera)
        if not found:
            raise UnmeasurableError("no_scale")
    if not found:
        one_face = all(len(outline.sides) == 4 for outline in silhouette.outlines)
        raise UnmeasurableError("faces_not_seen" if one_face else "not_a_box")
    found.sort(key=lambda each: each[0].score)
    best, known, _ = found[0]
    require_cuboid(best.fit, settings)
    looked = view.gray is not None
    require_borne_out(best, silhouette.hull, known.centre, cell, settings, looked=looked)
    one_face = best.fit.pose.seen == ONE_FACE
    if not _determined(best) or (
        camera.focal_error > _UNSURE_FOCAL and not all(best.fit.pose.seen)
    ):
        raise UnmeasurableError("faces_not_seen")
    if _narrowest(best, known.centre) < settings.least_edge:
        raise UnmeasurableError("faces_not_seen")
    kept = [
        each
        for each in found
        if (each[0].fit.pose.seen == ONE_FACE) == one_face and _determined(each[0])
        and each[0].score <= _allowed(each[1], found)
    ]  # fmt: skip
    fits = [each[0] for each in kept]
    form = Form(settings.form_error, settings.rounding)
    sizes = sizes_of(fits, form, height_seen=not one_face)
    if one_face and view.parcel_height is not None:
        low, high = view.parcel_height
        if high - low > _KNOWN_HEIGHT:
            # Which of the heights it has nobody knows, so no length is likelier than another.
            for quantity, interval in sizes.intervals.items():
                sizes.intervals[quantity] = Interval(None, interval.low, interval.high)
        sizes.intervals[Quantity.HEIGHT_MM] = Interval(None, low, high)
    if label and _ambiguous(kept):
        # Nothing tells which format the label has, so no size is likelier than another.
        for quantity, interval in sizes.intervals.items():
            sizes.intervals[quantity] = Interval(None, interval.low, interval.high)
    names = tuple(dict.fromkeys(name for each in kept for name in each[2]))
    return Sized(sizes, tuple(fits), known, names)


def _placed(
    patterns: Sequence[PlanarPattern], camera: CameraModel
) -> list[tuple[PlanarPattern, Array]]:
    return [(pattern, to_ideal(camera, pattern.corners)) for pattern in patterns]


def _by_format(
    found: Sequence[_Found], alternatives: Sequence[Sequence[PlanarPattern]], camera: CameraModel
) -> list[_Found]:
    """Each reading once for every format that fits the label on its face."""
    return [
        (
            choice.seen,
            replace(known, patterns=_placed(choice.patterns, camera)),
            tuple(pattern.name for pattern in choice.patterns),
        )
        for seen, known, _ in found
        if _well_seen(seen)
        for choice in choices(seen, alternatives, known, camera)
    ]


def _well_seen(seen: Seen) -> bool:
    """Whether nearly every edge was found in the picture, on a line where the others have it: the
    parcel's own shape says what size a label is, so it must be sure."""
    shown = edges_seen(seen.fit.pose.seen)
    return seen.score < -FOUND * (len(shown.loop) + len(shown.inner) - _MISSED)


def _ambiguous(kept: Sequence[_Found]) -> bool:
    """Whether the formats that are left make the parcel of clearly different sizes."""
    areas = [
        np.mean([np.log(pattern.size[0] * pattern.size[1]) / 2 for pattern, _ in known.patterns])
        for _, known, _ in kept
    ]
    return bool(np.ptp(areas) > _MOST_APART)


def _apart(seen: Seen, hull: Array, centre: tuple[float, float]) -> float:
    """Mean distance of a cuboid's silhouette from the mask's convex hull, pixels."""
    loop = list(edges_seen(seen.fit.pose.seen).loop)
    return silhouettes_apart(seen.fit.corners(centre)[loop], hull)


def _narrowest(seen: Seen, centre: tuple[float, float]) -> float:
    """The shortest of the edges that are seen, pixels."""
    shown = edges_seen(seen.fit.pose.seen)
    loop = list(shown.loop)
    corners = seen.fit.corners(centre)
    pairs = np.array([*zip(loop, loop[1:] + loop[:1], strict=True), *shown.inner])
    along = corners[pairs[:, 1]] - corners[pairs[:, 0]]
    return float(np.hypot(along[:, 0], along[:, 1]).min())


def _allowed(known: Known, found: Sequence[_Found]) -> float:
    """The worst score that is believed; each height that was given may be right, and is judged
    by itself."""
    if known.height is None:
        best = found[0][0]
    else:
        best = next(seen for seen, other, _ in found if other.height == known.height)
    return best.score + _RIVAL * max(1.0, best.fit.misfit)


def _determined(seen: Seen) -> bool:
    """Whether every size that the view shows is known at all."""
    deviations = np.sqrt(np.diag(seen.fit.covariance))
    shown = 2 if seen.fit.pose.seen == ONE_FACE else 3
    sizes = seen.fit.pose.sizes[:shown]
    return bool(deviations[:shown].max() < _UNDETERMINED and sizes.min() > 0.003 * sizes.max())


def _cases(
    known: Known, outlines: Sequence[Outline], source: ScaleSource, view: ClosedView
) -> list[tuple[list[Outline], Known]]:
    """What to fit: with six sides the height is seen; with four it is given by its bounds."""
    cases = []
    six = [outline for outline in outlines if len(outline.sides) == 6]
    four = [outline for outline in outlines if len(outline.sides) == 4]
    if six:
        cases.append((six, known))
    if not four:
        return cases
    on_face = source is not ScaleSource.CALIBRATED_CAMERA and all(
        pattern.on == "face" for pattern, _ in known.patterns
    )
    if on_face:
        cases.append((four, known))
    elif view.parcel_height is not None:
        low, high = view.parcel_height
        cases += [(four, with_height(known, max(height, 1.0), 1e-3)) for height in (low, high)]
    return cases


def _fits(
    outlines: list[Outline],
    hull: Array,
    known: Known,
    camera: CameraModel,
    cell: float,
    view: ClosedView,
) -> list[Seen]:
    """The readings of a silhouette, fitted to the picture's edges."""
    result = []
    for each in readings(outlines, hull, known, cell):
        up = top_in(each.fit.pose, known.upright)
        seen = tracked(each.fit, up, each.edges, known, cell, view.gray, picture_of(camera))
        result.append(seen)
        shown = edges_seen(seen.fit.pose.seen)
        if seen.found == len(shown.loop) + len(shown.inner) and seen.fit.misfit < _CLEAR:
            break  # every edge is where this reading has it
    return result
