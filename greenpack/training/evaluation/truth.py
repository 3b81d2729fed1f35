"""What a picture truly shows, whoever says so: our own renderer or a person with a polygon tool."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from greenpack.measure.opening import fit_opening
from greenpack.measure.projective import rectified, region
from greenpack.training.refusals import RefusedError
from greenpack.vision.shapes import Label

Floats = npt.NDArray[np.float64]

# An outline nearer to the picture's border than this share of the longer side is cut off there.
_AT_BORDER = 0.004
# Marks may have been made on a smaller copy of the picture, but not on one of another form.
_ASPECT_SLACK = 0.02


class TruthError(RefusedError):
    """Pictures or their truth are missing or cannot be read; the message says what and where."""


@dataclass(frozen=True, slots=True, eq=False)
class TrueShape:
    """One thing in the picture.

    Attributes:
        label: what it is.
        polygons: each of shape (n, 2), n >= 3; several where it is seen in pieces.
    """

    label: Label
    polygons: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TrueOpening:
    """The opening of an opened parcel.

    Attributes:
        outline: shape (n, 2), what is seen of it in the picture.
        corners: shape (4, 2), its exact corners, or None to take the outline for them.
        whole: whether all of it is in the picture.
        area_ratio: share of it that goods take, in its own plane; None where not known.
        filler_ratio: share of it that filler takes, likewise.
        void_ratio: share of the carton that no goods fill; None where not known.
    """

    outline: Floats
    whole: bool
    corners: Floats | None = None
    area_ratio: float | None = None
    filler_ratio: float | None = None
    void_ratio: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A picture and its truth.

    Attributes:
        name: for people: the file's name, and the scene's seed where it has one.
        path: the picture.
        shapes: all things of the labels that were marked.
        labels: the labels that were marked; of others nothing is known.
        size: width and height to which the coordinates belong; (1, 1) for shares.
        openings: the openings with their exact ratios, or None to take them from the polygons.
        seed: of the scene, or None.
    """

    name: str
    path: Path
    shapes: tuple[TrueShape, ...]
    labels: frozenset[Label]
    size: tuple[float, float]
    openings: tuple[TrueOpening, ...] | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything there is to evaluate on.

    Attributes:
        kind: `rendered`, `coco` or `yolo`.
        cases: at least one.
        left_out: what was passed over, and why, each a sentence.
    """

    kind: str
    cases: tuple[Case, ...]
    left_out: tuple[str, ...] = ()


def placed(case: Case, width: int, height: int) -> Case:
    """The case in pixels of the upright picture, with its openings.

    Raises:
        TruthError: where the truth belongs to a picture of another form.
    """
    marked_width, marked_height = case.size
    if case.size != (1.0, 1.0):
        stretch = (width / marked_width) / (height / marked_height)
        if abs(stretch - 1) > _ASPECT_SLACK:
            raise TruthError(
                f"{case.path.name} was marked at {marked_width:g} x {marked_height:g} pixels, but "
                f"upright it has {width} x {height}: mark the upright picture"
            )
    factor = np.array([width / marked_width, height / marked_height])
    shapes = tuple(
        replace(shape, polygons=tuple(p * factor for p in shape.polygons)) for shape in case.shapes
    )
    openings = (
        marked_openings(shapes, case.labels, width, height)
        if case.openings is None
        else tuple(_scaled(one, factor) for one in case.openings)
    )
    return replace(case, shapes=shapes, openings=openings, size=(float(width), float(height)))


def marked_openings(
    shapes: Sequence[TrueShape], labels: frozenset[Label], width: int, height: int
) -> tuple[TrueOpening, ...]:
    """Openings marked by hand, with ratios in the plane of the four corners fitted to each.

    No ratio is known of an opening that is cut off or has no four sides, nor where goods or filler
    were not marked at all.
    """
    margin = _AT_BORDER * max(width, height)
    goods = region(_polygons(shapes, Label.ITEM))
    stuff = region(_polygons(shapes, Label.FILLER)).difference(goods)
    found = []
    for shape in shapes:
        if shape.label is not Label.OPENING:
            continue
        outline = max(shape.polygons, key=lambda p: region([p]).area)
        low, high = outline.min(axis=0), outline.max(axis=0)
        whole = bool((low >= margin).all() and (high <= np.array([width, height]) - margin).all())
        fitted = fit_opening(outline) if whole else None
        area = filler = None
        if fitted is not None and Label.ITEM in labels:
            area = min(1.0, rectified(goods, fitted.corners).area)
        if fitted is not None and {Label.ITEM, Label.FILLER} <= labels:
            filler = min(1.0, rectified(stuff, fitted.corners).area)
        found.append(TrueOpening(outline, whole, None, area, filler))
    return tuple(found)


def _scaled(one: TrueOpening, factor: Floats) -> TrueOpening:
    corners = None if one.corners is None else one.corners * factor
    return replace(one, outline=one.outline * factor, corners=corners)


def _polygons(shapes: Sequence[TrueShape], label: Label) -> list[Floats]:
    return [polygon for shape in shapes if shape.label is label for polygon in shape.polygons]


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        TruthError: where it is missing or no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TruthError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise TruthError(f"{path} is no JSON: {error}") from error
