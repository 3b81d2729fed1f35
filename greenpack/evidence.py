"""The evidence picture of a judged photo: which words stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from greenpack.examination import Examined
from greenpack.intake.waybill_number import masked_number
from greenpack.language.said_again import said_again
from greenpack.language.speaking import mark, number_text, percent_text, tr
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.measure.pose import camera_pose
from greenpack.reasons import REASONS
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Judgement, Verdict, overall
from greenpack.vision.detector import enlarged
from greenpack.vision.evidence_picture import Caption, Colour, Privacy, evidence_picture
from greenpack.vision.private_regions import label_regions, parcel_regions

VERDICT_COLOURS: Final[dict[Verdict, Colour]] = {
    Verdict.VIOLATION: (176, 32, 36),
    Verdict.UNDETERMINED: (176, 112, 0),
    Verdict.COMPLIANT: (20, 112, 60),
    Verdict.EXEMPT: (70, 90, 130),
    Verdict.UNMEASURABLE: (90, 96, 102),
}

# Only these are for people; box fit and others are in the records.
_SHOWN: Final = (
    (Quantity.AREA_RATIO, mark("Goods cover {interval}")),
    (Quantity.FILLER_RATIO, mark("Filler covers {interval}")),
    (Quantity.VOID_RATIO, mark("Void {interval}")),
)
_SIZES: Final = (
    (Quantity.LENGTH_MM, mark("Length {interval}")),
    (Quantity.WIDTH_MM, mark("Width {interval}")),
    (Quantity.HEIGHT_MM, mark("Height {interval}")),
)
_PRIVACY: Final = mark(
    "Surroundings and labels are made unrecognisable, to protect people; so is all of a waybill's "
    "number but its end."
)
# A usual phone's main lens, for the proportions of the straightened opening only.
_USUAL_FOCAL_RATIO = 0.75


def draw_evidence(
    examined: Examined,
    measurement: Measurement,
    judgements: Sequence[Judgement],
    profile: Profile,
    model_sha256: str,
    waybill: str | None,
) -> bytes:
    """The evidence picture as JPEG; the same finding gives the same bytes.

    Only the parcel that was measured is recognisable in it; labels on it are not. Its words are in
    the language spoken.

    Args:
        examined: the photo and its shapes.
        measurement: the parcel's measurement, which several photos may have shaped.
        judgements: the profile's judgements of the parcel.
        profile: the rules.
        model_sha256: of the weights that saw the shapes.
        waybill: the parcel's waybill number, or None.
    """
    photo = examined.photo
    verdict = overall(judgement.verdict for judgement in judgements)
    aspect, corners = 1.0, examined.measurement.corners
    if corners is not None:
        focal = (photo.focal_ratio or _USUAL_FOCAL_RATIO) * max(photo.width, photo.height)
        centre = (photo.width / 2, photo.height / 2)
        aspect = camera_pose(np.array(corners), focal, centre).aspect
        corners = tuple((x * photo.scale, y * photo.scale) for x, y in corners)
    caption = Caption(
        headline=tr(verdict.value).upper(),
        colour=VERDICT_COLOURS[verdict],
        lines=[
            tr("Waybill {number}", number=masked_number(waybill) if waybill else tr("unknown")),
            *_number_lines(measurement),
            *(said_again(judgement.explanation) for judgement in judgements),
        ],
        small_print=[
            tr("photo sha256 {sha256}", sha256=photo.sha256),
            tr("model sha256 {sha256}", sha256=model_sha256),
            tr(
                "profile {profile} {version}, sha256 {sha256}",
                profile=profile.id,
                version=profile.version,
                sha256=profile.sha256,
            ),
            *([] if profile.is_law else [tr("This profile is not law.")]),
            *map(said_again, measurement.assumptions),
            tr(_PRIVACY),
        ],
    )
    cuboid = examined.measurement.cuboid
    if cuboid is not None:
        height = examined.measurement.quantities.get(Quantity.HEIGHT_MM)
        if height is None or height.value is None:
            cuboid = cuboid[4:]  # the height is a guess that must not look like a measurement
        cuboid = tuple((x * photo.scale, y * photo.scale) for x, y in cuboid)
    shapes = enlarged(examined.shapes, photo.scale)
    clear = parcel_regions(photo.pixels.shape[:2], shapes, corners)
    hidden = label_regions(shapes, examined.codes, clear)
    return evidence_picture(
        photo.pixels, shapes, corners, aspect, caption, cuboid, Privacy(clear, hidden)
    )


def interval_text(interval: Interval) -> str:
    """A ratio with its interval in percent, such as ``31 % (28 to 34 %)`` or ``at least 66 %``."""
    low, high = percent_text(interval.low, 0), percent_text(interval.high, 0)
    if interval.value is not None:
        return tr(
            "{value} ({low} to {high})",
            value=percent_text(interval.value, 0),
            low=number_text(interval.low * 100),
            high=high,
        )
    if interval.high >= 1.0:
        return tr("at least {low}", low=low)
    return tr("{low} to {high}", low=low, high=high)


def millimetre_text(interval: Interval) -> str:
    """A length with its interval, such as ``301 mm (296 to 306 mm)``."""
    low, high = number_text(interval.low), f"{number_text(interval.high)} mm"
    if interval.value is None:
        return tr("{low} to {high}", low=low, high=high)
    value = f"{number_text(interval.value)} mm"
    return tr("{value} ({low} to {high})", value=value, low=low, high=high)


def _number_lines(measurement: Measurement) -> list[str]:
    if measurement.reason is not None:
        reason = REASONS[measurement.reason]
        return [tr("Not measurable: {reason}.", reason=tr(reason.meaning)), tr(reason.advice)]
    shown = measurement.quantities
    return [
        tr(words, interval=interval_text(shown[quantity]))
        for quantity, words in _SHOWN
        if quantity in shown
    ] + [
        tr(words, interval=millimetre_text(shown[quantity]))
        for quantity, words in _SIZES
        if quantity in shown
    ]
