"""The pictures on which the model does worst, and a sheet of them to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from greenpack.intake.limits import Limits
from greenpack.intake.photo import decode_photo
from greenpack.settings import Settings
from greenpack.training.evaluation.picture import Result
from greenpack.vision.detector import LEAST_CONFIDENCE
from greenpack.vision.evidence_picture import COLOURS
from greenpack.vision.shapes import Label

SHOWN = 20
"""How many pictures are on the sheet."""

_SIDE, _GAP, _CAPTION, _COLUMNS = 320, 10, 26, 4
_NAME = 36  # letters
_INK, _PAPER = (28, 32, 36), (250, 250, 248)


@dataclass(frozen=True, slots=True, eq=False)
class Worst:
    """A picture and what is worst about it.

    Attributes:
        result: the picture.
        badness: 0 right to 1 wholly wrong.
        why: in a few words.
    """

    result: Result
    badness: float
    why: str

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        case = self.result.case
        return {
            "picture": case.name,
            "seed": case.seed,
            "badness": round(self.badness, 4),
            "why": self.why,
        }


def worst(results: Sequence[Result], count: int = SHOWN) -> list[Worst]:
    """The pictures with the largest faults, worst first; faultless ones are left out."""
    found = [one for result in results if (one := _worst_of(result)) is not None]
    return sorted(found, key=lambda one: -one.badness)[:count]


def _worst_of(result: Result) -> Worst | None:
    """What is worst about a picture: an area error of 0.5 weighs as much as a missed opening."""
    faults = [(1 - iou, f"parcel IoU {iou:.2f}") for iou in result.parcels]
    for opening in result.openings:
        faults.append((1 - opening.iou_mask, f"opening IoU {opening.iou_mask:.2f}"))
        if opening.area_error is not None:
            error = opening.area_error
            faults.append((min(1.0, 2 * abs(error)), f"area ratio off by {error:+.2f}"))
    if result.parcel_free:
        for label in (Label.PARCEL, Label.OPENING):
            if (surest := result.surest(label)) >= LEAST_CONFIDENCE:
                faults.append((surest, f"no parcel, yet {label.value} at {surest:.2f}"))
    if not faults:
        return None
    badness, why = max(faults)
    return Worst(result, badness, why) if badness > 0 else None


def contact_sheet(listed: Sequence[Worst], settings: Settings) -> Image.Image:
    """Each picture twice, side by side: with its true outlines, and with those found."""
    width, height = 2 * _SIDE + 3 * _GAP, _SIDE + _CAPTION + 2 * _GAP
    columns = min(_COLUMNS, max(1, len(listed)))
    rows = max(1, -(-len(listed) // columns))
    legend = 40
    sheet = Image.new("RGB", (columns * width, rows * height + legend), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(17)
    x = _GAP
    draw.text((x, 10), "left: true, right: found", font=font, fill=_INK)
    x += 220
    for label in Label:
        draw.rectangle((x, 12, x + 14, 26), fill=COLOURS[label], outline=_INK)
        draw.text((x + 20, 10), label.value, font=font, fill=_INK)
        x += 40 + round(draw.textlength(label.value, font=font))
    for k, one in enumerate(listed):
        left, top = k % columns * width + _GAP, k // columns * height + legend
        case = one.result.case
        name = case.name if len(case.name) <= _NAME else f"{case.name[: _NAME - 3]}..."
        draw.text((left, top), f"{k + 1}. {name}: {one.why}", font=font, fill=_INK)
        pixels = _pixels(case.path, settings.limits)
        true = [(shape.label, list(shape.polygons)) for shape in case.shapes]
        found = [(shape.label, [shape.polygon]) for shape in one.result.shapes]
        for at, shapes in enumerate((true, found)):
            drawn = Image.fromarray(_outlined(pixels, shapes, case.size[0]))
            drawn.thumbnail((_SIDE, _SIDE))
            sheet.paste(drawn, (left + at * (_SIDE + _GAP), top + _CAPTION))
    return sheet


def _pixels(path: Path, limits: Limits) -> npt.NDArray[np.uint8]:
    photo = decode_photo(
        path.name,
        path.read_bytes(),
        limits=limits,
        camera_timezone=Settings().camera_zone,
        longest_side=2 * _SIDE,
    )
    return photo.pixels


def _outlined(
    pixels: npt.NDArray[np.uint8],
    shapes: Sequence[tuple[Label, list[npt.NDArray[np.float64]]]],
    width: float,
) -> npt.NDArray[np.uint8]:
    """The picture at the sheet's size with all outlines, openings and parcels thicker."""
    scale = _SIDE / max(pixels.shape[:2])
    drawn = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    factor = drawn.shape[1] / width
    for label, polygons in shapes:
        thick = 2 if label in {Label.OPENING, Label.PARCEL} else 1
        for polygon in polygons:
            points = [np.round(polygon * factor).astype(np.int32)]
            cv2.polylines(drawn, points, True, COLOURS[label], thick, cv2.LINE_AA)
    return np.asarray(drawn, np.uint8)
