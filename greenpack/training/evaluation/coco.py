"""Reads polygons marked by hand as COCO JSON, the format that annotation tools agree on."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from greenpack.training.evaluation.truth import Case, TrueShape, Truth, TruthError, read_json
from greenpack.training.evaluation.yolo import is_picture
from greenpack.vision.shapes import Label

NAMES = ("annotations.json", "_annotations.coco.json")
"""Files that are taken for truth without being named."""


def found_coco(folder: Path, split: str) -> Path | None:
    """The annotation file of a folder or of its split, if there is one."""
    places = (folder, folder / split)
    return next((p / name for p in places for name in NAMES if (p / name).is_file()), None)


def read_coco(folder: Path, file: Path) -> Truth:
    """All pictures that the file lists; one without annotations shows nothing of the categories.

    Categories go by their names. Crowd regions and run-length masks are passed over and told.

    Raises:
        TruthError: where the file is no COCO, or has no known category, or no picture is there.
    """
    content = read_json(file)
    try:
        return _read(folder, file, content)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise TruthError(f"{file} is no COCO file: {error!r}") from error


def _read(folder: Path, file: Path, content: Any) -> Truth:
    images, categories = content["images"], content["categories"]
    named = {category["id"]: str(category["name"]) for category in categories}
    labels = {number: Label(name) for number, name in named.items() if name in set(Label)}
    if not labels:
        raise TruthError(
            f"{file} has none of the labels {', '.join(Label)}, but "
            f"{', '.join(sorted(named.values())) or 'no category'}"
        )
    left_out: Counter[str] = Counter()
    shapes: dict[Any, list[TrueShape]] = defaultdict(list)
    for annotation in content["annotations"]:
        category = annotation["category_id"]
        if category not in labels:
            left_out[f"category {named.get(category, category)}: not one of the model's"] += 1
            continue
        polygons = _polygons(annotation)
        if not polygons:
            left_out["no polygon, but a crowd region, a run-length mask or a box alone"] += 1
            continue
        shapes[annotation["image_id"]].append(TrueShape(labels[category], polygons))
    told = [f"{count} annotation(s) of {what}" for what, count in left_out.items()]
    cases = []
    for image in images:
        picture = _picture(folder, file, str(image["file_name"]))
        if picture is None:
            told.append(f"{image['file_name']}: not found in {folder}")
            continue
        cases.append(
            Case(
                name=picture.name,
                path=picture,
                shapes=tuple(shapes[image["id"]]),
                labels=frozenset(labels.values()),
                size=(float(image["width"]), float(image["height"])),
            )
        )
    if not cases:
        raise TruthError(f"none of the {len(images)} pictures that {file} lists is in {folder}")
    listed = {case.path.name for case in cases}
    unlisted = sum(is_picture(path) and path.name not in listed for path in folder.iterdir())
    if unlisted:
        told.append(f"{unlisted} picture(s) in {folder} that {file.name} does not list")
    return Truth("coco", tuple(cases), tuple(told))


def _polygons(annotation: Any) -> tuple[np.ndarray[Any, np.dtype[np.float64]], ...]:
    """The rings of an annotation; none where it is marked in another way."""
    rings = annotation.get("segmentation")
    if annotation.get("iscrowd") or not isinstance(rings, list):
        return ()
    return tuple(
        np.array(ring, np.float64).reshape(-1, 2)
        for ring in rings
        if len(ring) >= 6 and len(ring) % 2 == 0
    )


def _picture(folder: Path, file: Path, name: str) -> Path | None:
    """Where a listed picture lies: as the file says, in images/, or by its bare name."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    tried = (folder / name, folder / "images" / name, file.parent / name, folder / bare)
    return next((path for path in tried if path.is_file()), None)
