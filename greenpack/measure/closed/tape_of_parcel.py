"""The tape on a measured parcel: the cuboid's visible faces are what its width is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.closed.cuboid_pose import edges_seen
from greenpack.measure.closed.edge_tracking import Seen
from greenpack.measure.closed.ideal_picture import ideal_gray, to_ideal
from greenpack.measure.closed.sizes import Form, relative_error
from greenpack.measure.closed.tape import Face, TapeFound, tape_on_faces
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Quantity
from greenpack.vision.shapes import Label, Shape

_WHY_NOT = {
    "tape_edges_unclear": "its edges do not show",
    "tape_over_edge": "it is folded over the parcel's edge",
    "tape_may_be_doubled": "strips may overlap",
}


@dataclass(frozen=True, slots=True)
class ParcelTape:
    """What a photo tells of a parcel's tape.

    Attributes:
        width: millimetres, or None where no strip shows it.
        budget: what the width's interval is made of.
        assumptions: sentences; the length that is seen is said here and is no quantity, for
            nothing bounds the tape on the faces that are not seen.
    """

    width: Interval | None = None
    budget: tuple[BudgetLine, ...] = ()
    assumptions: tuple[str, ...] = ()


def tape_of_parcel(
    shapes: Sequence[Shape],
    fits: Sequence[Seen],
    camera: CameraModel,
    view: ClosedView,
    settings: ClosedSettings,
) -> ParcelTape:
    """Measure the tape on the visible faces of a fitted cuboid.

    Each reading of the photo has its own faces. Where one of them shows no width there is none;
    otherwise the interval covers the widths by all of them.

    Args:
        shapes: what the model saw, in pixels of the picture.
        fits: the readings that the parcel's sizes cover, the best first; at least one.
        camera: the picture's.
        view: the photo.
        settings: thresholds.
    """
    tapes = [
        to_ideal(camera, shape.polygon)
        for shape in shapes
        if shape.label is Label.TAPE and shape.confidence >= settings.confidence
    ]
    if not tapes or view.gray is None:
        return ParcelTape()
    gray = ideal_gray(view.gray, camera, np.concatenate(tapes))
    found = [
        tape_on_faces(tapes, gray, faces_of(seen, camera.centre, settings.form_error))
        for seen in fits
    ]
    widths = [each.width for each in found if each.width is not None]
    if len(widths) < len(found):
        return ParcelTape(assumptions=_said(found, measured=False))
    width = Interval(
        widths[0].value, min(each.low for each in widths), max(each.high for each in widths)
    )
    return ParcelTape(width, _budget(widths[0], width, len(found)), _said(found, measured=True))


def faces_of(seen: Seen, centre: tuple[float, float], form_error: float) -> list[Face]:
    """The visible faces of a cuboid, in pixels of the ideal camera.

    Args:
        seen: the fitted cuboid.
        centre: principal point, pixels.
        form_error: 95 % half width, relative, of a box against a cuboid.
    """
    corners = seen.fit.corners(centre)
    faces = []
    for upright, sign in edges_seen(seen.fit.pose.seen).faces:
        first, second = (axis for axis in range(3) if axis != upright)
        base = (4 >> upright) * (sign > 0)
        one, other = 4 >> first, 4 >> second
        faces.append(
            Face(
                corners=corners[[base, base + one, base + one + other, base + other]],
                size=(float(seen.fit.pose.sizes[first]), float(seen.fit.pose.sizes[second])),
                error=max(relative_error(seen, axis, Form(form_error)) for axis in (first, second)),
            )
        )
    return faces


def _budget(best: Interval, width: Interval, readings: int) -> tuple[BudgetLine, ...]:
    quantity = Quantity.TAPE_WIDTH_MM
    half = (best.high - best.low) / 2
    lines = [
        BudgetLine(quantity, "tape", half, "place of the tape's edges, and the size of its face")
    ]
    other = max(best.low - width.low, width.high - best.high)
    if other > 0:
        note = f"{readings} readings of the photo fit; the interval covers them all"
        lines.append(BudgetLine(quantity, "other readings", other, note))
    return tuple(lines)


def _said(found: Sequence[TapeFound], measured: bool) -> tuple[str, ...]:
    lines = []
    if measured:
        lines.append("The tape's width is that of the strips whose edges show; others may differ.")
    else:
        notes = dict.fromkeys(note for each in found for note in each.notes)
        if notes:
            why = " and ".join(_WHY_NOT[note] for note in notes)
            lines.append(f"Tape is seen, but not how wide it is: {why}.")
    lengths = [each.length_mm for each in found]
    if all(length is not None for length in lengths):
        least = min(length.low for length in lengths if length is not None)
        lines.append(
            f"At least {least:.0f} mm of tape are seen; how much is on the other faces is unknown."
        )
    return tuple(lines)
