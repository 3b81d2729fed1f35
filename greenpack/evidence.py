"""The evidence picture of a judged photo: which words stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from greenpack.examination import Examined
from greenpack.intake.waybill_number import masked_number
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
    (Quantity.AREA_RATIO, "Goods cover"),
    (Quantity.FILLER_RATIO, "Filler covers"),
    (Quantity.VOID_RATIO, "Void"),
)
_SIZES: Final = (
    (Quantity.LENGTH_MM, "Length"),
    (Quantity.WIDTH_MM, "Width"),
    (Quantity.HEIGHT_MM, "Height"),
)
_PRIVACY: Final = (
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

    Only the parcel that was measured is recognisable in it; labels on it are not.

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
        headline=verdict.value.upper(),
        colour=VERDICT_COLOURS[verdict],
        lines=[
            f"Waybill {masked_number(waybill) if waybill else 'unknown'}",
            *_number_lines(measurement),
            *(judgement.explanation for judgement in judgements),
        ],
        small_print=[
            f"photo sha256 {photo.sha256}",
            f"model sha256 {model_sha256}",
            f"profile {profile.id} {profile.version}, sha256 {profile.sha256}",
            *(["This profile is not law."] if not profile.is_law else []),
            *measurement.assumptions,
            _PRIVACY,
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
    if interval.value is None:
        if interval.high >= 1.0:
            return f"at least {interval.low:.0%}".replace("%", " %")
        return f"{interval.low:.0%} to {interval.high:.0%}".replace("%", " %")
    text = f"{interval.value:.0%} ({interval.low * 100:.0f} to {interval.high:.0%})"
    return text.replace("%", " %")


def millimetre_text(interval: Interval) -> str:
    """A length with its interval, such as ``301 mm (296 to 306 mm)``."""
    ends = f"{interval.low:.0f} to {interval.high:.0f} mm"
    return ends if interval.value is None else f"{interval.value:.0f} mm ({ends})"


def _number_lines(measurement: Measurement) -> list[str]:
    if measurement.reason is not None:
        reason = REASONS[measurement.reason]
        return [f"Not measurable: {reason.meaning}.", reason.advice]
    return [
        f"{words} {interval_text(measurement.quantities[quantity])}"
        for quantity, words in _SHOWN
        if quantity in measurement.quantities
    ] + [
        f"{words} {millimetre_text(measurement.quantities[quantity])}"
        for quantity, words in _SIZES
        if quantity in measurement.quantities
    ]
