"""Reads a split that `greenpack scenes` wrote, with the exact truth of each picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from greenpack.training.evaluation.truth import (
    Case,
    Floats,
    TrueOpening,
    TrueShape,
    Truth,
    TruthError,
    read_json,
)
from greenpack.training.evaluation.yolo import read_shapes
from greenpack.training.pictures.labels import clipped
from greenpack.vision.shapes import Label


def is_rendered(folder: Path) -> bool:
    """Whether the folder looks like a rendered data set."""
    return (folder / "truth").is_dir() and (folder / "images").is_dir()


def read_rendered(folder: Path, split: str) -> Truth:
    """All pictures of a split.

    Raises:
        TruthError: where the split or a file is missing or damaged.
    """
    pictures = folder / "images" / split
    if not (folder / "truth" / split).is_dir() or not pictures.is_dir():
        there = sorted(p.name for p in (folder / "truth").iterdir() if p.is_dir())
        raise TruthError(f"{folder} has no split {split}; it has {', '.join(there) or 'none'}")
    cases, left_out = [], []
    for picture in sorted(pictures.glob("*.jpg")):
        truth = folder / "truth" / split / f"{picture.stem}.json"
        labels = folder / "labels" / split / f"{picture.stem}.txt"
        if truth.is_file() and labels.is_file():
            cases.append(_case(picture, labels, truth))
        else:
            left_out.append(f"{picture.name}: no truth beside it")
    if not cases:
        raise TruthError(f"no picture with its truth in {pictures}")
    return Truth("rendered", tuple(cases), tuple(left_out))


def _case(picture: Path, labels: Path, truth: Path) -> Case:
    content = read_json(truth)
    try:
        size = np.array([content["width"], content["height"]], np.float64)
        shapes = tuple(
            TrueShape(shape.label, tuple(polygon * size for polygon in shape.polygons))
            for shape in read_shapes(labels, tuple(Label))
        )
        return Case(
            name=picture.name,
            path=picture,
            shapes=shapes,
            labels=frozenset(Label),
            size=(float(size[0]), float(size[1])),
            openings=_openings(content["openings"], shapes, size),
            seed=content["seed"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TruthError(f"{truth} is no truth of a rendered picture: {error!r}") from error


def _openings(
    told: list[dict[str, Any]], shapes: Sequence[TrueShape], size: Floats
) -> tuple[TrueOpening, ...]:
    """The openings that are in the picture, at least in part."""
    corners = [np.array(one["corners"], np.float64) for one in told]
    seen = [clipped(quad, size) for quad in corners]
    # The labels list the same openings in the same order, their sides bent as the lens bends them.
    bent = [shape.polygons[0] for shape in shapes if shape.label is Label.OPENING]
    visible = [k for k, outline in enumerate(seen) if len(outline) >= 3]
    outlines = bent if len(bent) == len(visible) else [seen[k] for k in visible]
    return tuple(
        TrueOpening(
            outline=outline,
            whole=bool(told[k]["whole"]),
            # Corners outside the picture are exact too, but nobody can see them.
            corners=corners[k] if told[k]["whole"] else None,
            area_ratio=told[k]["area_ratio"],
            filler_ratio=told[k]["filler_ratio"],
            void_ratio=told[k].get("void_ratio"),
        )
        for k, outline in zip(visible, outlines, strict=True)
    )
