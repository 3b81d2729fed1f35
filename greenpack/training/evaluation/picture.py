"""One picture looked at by the model and by the product, and held against its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from greenpack.examination import examine
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.measure.opening import fit_opening
from greenpack.measure.projective import rectified, region
from greenpack.measure.settings import MeasureSettings
from greenpack.reasons import GreenPackError
from greenpack.settings import Settings
from greenpack.training.evaluation.average_precision import MOST_DETECTIONS, Matches, match
from greenpack.training.evaluation.masks import Patch, ious, patch
from greenpack.training.evaluation.pieces import detections
from greenpack.training.evaluation.truth import Case, Floats, TrueOpening, TruthError, placed
from greenpack.vision.detector import LEAST_CONFIDENCE, Detector, enlarged
from greenpack.vision.shapes import Label, Shape

SCORED_FROM = 0.001
"""Confidence from which detections count for the average precision."""

FOUND_FROM = 0.5
"""IoU from which an opening or a parcel counts as found."""

MASK_SIDE = 640
"""Longer side at which masks are compared, pixels; the model's own grid is coarser."""


class Sees(Protocol):
    """What is asked of a detector."""

    def shapes(self, image: npt.NDArray[np.uint8]) -> list[Shape]:
        """Shapes in pixels of the picture, surest first."""
        ...


class _Watched:
    """Shows the product what it would see itself, and keeps the rest for the average precision."""

    def __init__(self, detector: Sees) -> None:
        self.seen: list[Shape] = []
        self._detector = detector

    def shapes(self, image: npt.NDArray[np.uint8]) -> list[Shape]:
        self.seen = self._detector.shapes(image)
        return [shape for shape in self.seen if shape.confidence >= LEAST_CONFIDENCE]


@dataclass(frozen=True, slots=True)
class SeenOpening:
    """A true opening and what the model alone made of it.

    Attributes:
        whole: whether it is wholly in the picture.
        iou_mask: of the best detection, 0 where there is none.
        iou_sides: of the four sides fitted to that, and the exact corners where they are known.
        area_error: area ratio seen less the true one; None where either is not known.
        filler_error: likewise.
        share_error: likewise of the share of the outline that goods take in the picture itself,
            which is known of openings that are cut off or no rectangle, too.
    """

    whole: bool
    iou_mask: float
    iou_sides: float
    area_error: float | None
    filler_error: float | None
    share_error: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A picture's figures.

    Attributes:
        case: its truth, in pixels of the upright picture.
        shapes: what the product saw.
        matches: detections against truths, by label that was marked.
        openings: one for each true opening.
        parcels: the best IoU of each true closed parcel.
        measurement: the product's.
        measured_opening: the true opening that the measurement is of, or None.
    """

    case: Case
    shapes: tuple[Shape, ...]
    matches: dict[Label, Matches]
    openings: tuple[SeenOpening, ...]
    parcels: tuple[float, ...]
    measurement: Measurement
    measured_opening: TrueOpening | None

    @property
    def parcel_free(self) -> bool:
        """Whether neither a closed parcel nor an opening is in the picture.

        People leave out openings that cannot be told, so by hand goods count as a parcel's, too.
        """
        kinds = {shape.label for shape in self.case.shapes}
        parcels = {Label.PARCEL, Label.OPENING}
        if self.case.seed is None:
            parcels |= {Label.ITEM, Label.FILLER}
        return not self.case.openings and not kinds & parcels

    @property
    def only_opening(self) -> TrueOpening | None:
        """The opening of a picture that shows exactly one, whole: what the product is made for."""
        openings = self.case.openings or ()
        return openings[0] if len(openings) == 1 and openings[0].whole else None

    def interval(self, quantity: Quantity) -> Interval | None:
        """What the product says of a quantity, or None."""
        return self.measurement.quantities.get(quantity)

    def surest(self, label: Label) -> float:
        """The highest confidence of a label, 0 where it was not seen."""
        return max((s.confidence for s in self.shapes if s.label is label), default=0.0)


def look(case: Case, detector: Sees, settings: Settings, using: MeasureSettings) -> Result:
    """Decode, see, measure and compare one picture.

    Args:
        case: the picture and its truth.
        detector: gives shapes from `SCORED_FROM` on; the product is shown the surer ones only.
        settings: limits of intake.
        using: assumptions and thresholds of measuring.

    Raises:
        TruthError: where the picture cannot be decoded or the truth is not its own.
    """
    watched = _Watched(detector)
    try:
        data = case.path.read_bytes()
        # The product's own path, so that the figures are the product's.
        examined = examine(case.name, data, cast(Detector, watched), settings, using)
    except (OSError, GreenPackError) as error:
        raise TruthError(f"{case.path}: {error}") from error
    photo = examined.photo
    case = placed(case, photo.width, photo.height)
    scale = min(1.0, MASK_SIDE / max(photo.width, photo.height))
    grid = _Grid(scale, round(photo.width * scale), round(photo.height * scale))
    openings = case.openings or ()
    parcels = [s.polygons for s in case.shapes if s.label is Label.PARCEL]
    seen_parcels = [grid.of([s.polygon]) for s in examined.shapes if s.label is Label.PARCEL]
    return Result(
        case=case,
        shapes=examined.shapes,
        matches=_matches(case, enlarged(watched.seen, 1 / photo.scale), grid),
        openings=_seen_openings(case, examined.shapes, grid),
        parcels=tuple(
            max((one.iou(grid.of(true)) for one in seen_parcels), default=0.0) for true in parcels
        ),
        measurement=examined.measurement,
        measured_opening=_measured(openings, examined.measurement, grid),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    scale: float
    width: int
    height: int

    def of(self, polygons: Sequence[Floats]) -> Patch:
        return patch([polygon * self.scale for polygon in polygons], self.width, self.height)


def _matches(case: Case, shapes: Sequence[Shape], grid: _Grid) -> dict[Label, Matches]:
    found = detections(shapes)
    matches = {}
    for label in case.labels:
        kept = found[label][:MOST_DETECTIONS]
        true = [grid.of(shape.polygons) for shape in case.shapes if shape.label is label]
        # Without a truth nothing can match, and no mask need be drawn.
        masks = [grid.of(polygons) for _, polygons in kept] if true else []
        overlaps = ious(masks, true) if true else np.zeros((len(kept), 0))
        matches[label] = match([c for c, _ in kept], overlaps)
    return matches


def _seen_openings(case: Case, shapes: Sequence[Shape], grid: _Grid) -> tuple[SeenOpening, ...]:
    """Each true opening with the detection that overlaps it most; none is given twice."""
    openings = case.openings or ()
    found = [shape.polygon for shape in shapes if shape.label is Label.OPENING]
    overlaps = ious(
        [grid.of([polygon]) for polygon in found], [grid.of([one.outline]) for one in openings]
    )
    given: dict[int, int] = {}
    for flat in np.argsort(-overlaps, axis=None, kind="stable"):
        detection, number = divmod(int(flat), len(openings))
        if overlaps[detection, number] <= 0:
            break
        if number not in given and detection not in given.values():
            given[number] = detection
    goods = region([s.polygon for s in shapes if s.label is Label.ITEM])
    stuff = region([s.polygon for s in shapes if s.label is Label.FILLER]).difference(goods)
    true_goods = None
    if Label.ITEM in case.labels:
        true_goods = region([p for s in case.shapes if s.label is Label.ITEM for p in s.polygons])
    seen = []
    for k, one in enumerate(openings):
        if k not in given:
            seen.append(SeenOpening(one.whole, 0.0, 0.0, None, None, None))
            continue
        outline, mask = found[given[k]], float(overlaps[given[k], k])
        share_error = None
        if true_goods is not None:
            share_error = _share(goods, outline) - _share(true_goods, one.outline)
        fitted = fit_opening(outline)
        if fitted is None:
            seen.append(SeenOpening(one.whole, mask, mask, None, None, share_error))
            continue
        exact = grid.of([one.outline if one.corners is None else one.corners])
        area = rectified(goods, fitted.corners).area
        filler = rectified(stuff, fitted.corners).area
        seen.append(
            SeenOpening(
                one.whole,
                mask,
                grid.of([fitted.corners]).iou(exact),
                None if one.area_ratio is None else area - one.area_ratio,
                None if one.filler_ratio is None else filler - one.filler_ratio,
                share_error,
            )
        )
    return tuple(seen)


def _share(seen: BaseGeometry, outline: Floats) -> float:
    """Share of an outline that things take in the picture, 0 to 1."""
    whole = region([outline])
    return float(seen.intersection(whole).area / whole.area) if whole.area else 0.0


def _measured(
    openings: Sequence[TrueOpening], measurement: Measurement, grid: _Grid
) -> TrueOpening | None:
    """The true opening that was measured; None where what was measured is none."""
    if measurement.corners is None:
        return None
    seen = grid.of([np.array(measurement.corners)])
    best = max(openings, key=lambda one: grid.of([one.outline]).iou(seen), default=None)
    if best is None or grid.of([best.outline]).iou(seen) < FOUND_FROM:
        return None
    return best
