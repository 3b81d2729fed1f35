"""Reads YOLO segmentation labels: a text file a picture, a line a thing, in shares of its size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from greenpack.training.evaluation.truth import Case, TrueShape, Truth, TruthError
from greenpack.vision.shapes import Label

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif")


def is_picture(path: Path) -> bool:
    """Whether a file's name is that of a picture."""
    return path.suffix.lower() in PICTURES and path.is_file()


def pictures_of(folder: Path, split: str) -> list[Path]:
    """The pictures of a folder, or of its split, in the layouts in use.

    FOLDER/*.jpg, FOLDER/images/*.jpg, FOLDER/images/SPLIT/*.jpg, FOLDER/SPLIT/*.jpg and
    FOLDER/SPLIT/images/*.jpg.

    Raises:
        TruthError: where there is no picture.
    """
    images = folder / "images"
    tried = (folder, images, images / split, folder / split, folder / split / "images")
    for place in tried:
        found = sorted(filter(is_picture, place.iterdir())) if place.is_dir() else []
        if found:
            return found
    base = images if images.is_dir() else folder
    there = sorted(
        entry.name
        for entry in (base.iterdir() if base.is_dir() else ())
        if entry.is_dir() and any(map(is_picture, [*entry.iterdir(), *entry.glob("images/*")]))
    )
    if there:
        raise TruthError(f"{folder} has no split {split}; it has {', '.join(there)}")
    raise TruthError(f"no pictures in {folder}")


def label_file(picture: Path) -> Path | None:
    """The labels of a picture: beside it, in labels/ there, or where images/ reads labels/."""
    name = f"{picture.stem}.txt"
    places = [picture.parent, picture.parent / "labels"]
    parts = list(picture.parent.parts)
    if "images" in parts:
        last = len(parts) - 1 - parts[::-1].index("images")
        places.append(Path(*parts[:last], "labels", *parts[last + 1 :]))
    return next((place / name for place in places if (place / name).is_file()), None)


def read_names(file: Path) -> list[str]:
    """The class names of a data.yaml, by number.

    Raises:
        TruthError: where the file names none.
    """
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise TruthError(f"{file} cannot be read: {error}") from error
    names = content.get("names") if isinstance(content, dict) else None
    if isinstance(names, dict):
        names = [names.get(number, "") for number in range(max(map(int, names), default=-1) + 1)]
    if not isinstance(names, list) or not names:
        raise TruthError(f"{file} has no list of names")
    return [str(name) for name in names]


def read_shapes(file: Path, labels: Sequence[Label | None]) -> list[TrueShape]:
    """The things of one label file, polygons in shares of the picture.

    Args:
        file: the text file.
        labels: the label of each class number; None for a class that is passed over.

    Raises:
        TruthError: naming the line that is no polygon or has an unknown class.
    """
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        words = line.split()
        if not words:
            continue
        try:
            index, values = int(words[0]), np.array([float(word) for word in words[1:]])
        except ValueError as error:
            raise TruthError(f"{file}, line {number}: {error}") from error
        if not 0 <= index < len(labels):
            raise TruthError(f"{file}, line {number}: there is no class {index}")
        if len(values) < 6 or len(values) % 2:
            raise TruthError(f"{file}, line {number}: a class and at least 3 points are wanted")
        if not ((values >= 0) & (values <= 1)).all():
            raise TruthError(f"{file}, line {number}: coordinates are shares, 0 to 1")
        label = labels[index]
        if label is not None:
            found.append(TrueShape(label, (values.reshape(-1, 2),)))
    return found


def read_yolo(folder: Path, split: str, names_file: Path | None) -> Truth:
    """All pictures that have a label file; an empty file says that nothing is in the picture.

    Args:
        folder: see `pictures_of`.
        split: which one, where the folder has several.
        names_file: a data.yaml with the class names; None takes that in the folder, and without
            one the model's own labels in their order.

    Raises:
        TruthError: where there are no pictures, no label files or no known class.
    """
    pictures = pictures_of(folder, split)
    names_file = names_file or next(
        (folder / name for name in ("data.yaml", "data.yml") if (folder / name).is_file()), None
    )
    names = [label.value for label in Label] if names_file is None else read_names(names_file)
    labels = [Label(name) if name in set(Label) else None for name in names]
    if not any(labels):
        raise TruthError(
            f"{names_file} has none of the labels {', '.join(Label)}, but {', '.join(names)}"
        )
    left_out = [
        f"class {name}: not one of the model's labels"
        for name, label in zip(names, labels, strict=True)
        if label is None
    ]
    known = frozenset(label for label in labels if label is not None)
    cases = []
    for picture in pictures:
        file = label_file(picture)
        if file is None:
            left_out.append(f"{picture.name}: no label file")
            continue
        cases.append(
            Case(picture.name, picture, tuple(read_shapes(file, labels)), known, (1.0, 1.0))
        )
    if not cases:
        raise TruthError(f"no label files for the {len(pictures)} pictures in {folder}")
    return Truth("yolo", tuple(cases), tuple(left_out))
