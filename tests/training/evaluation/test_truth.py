"""Truth from files: three formats give the same shapes, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from greenpack.training.evaluation.evaluate import read_truth
from greenpack.training.evaluation.masks import fill, iou, patch
from greenpack.training.evaluation.truth import (
    Case,
    TrueShape,
    TruthError,
    marked_openings,
    placed,
)
from greenpack.vision.shapes import Label

SIZE = (400, 200)
SQUARE = np.array([[100, 50], [300, 50], [300, 150], [100, 150]], float)


def picture(path: Path, size: tuple[int, int] = SIZE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (90, 90, 90)).save(path)
    return path


def line(number: int, polygon: np.ndarray) -> str:
    return f"{number} " + " ".join(f"{v:.6f}" for v in (polygon / SIZE).ravel())


def coco(*annotations: dict, names: tuple[str, ...] = ("parcel", "opening", "item"), **more) -> str:
    image = {"id": 7, "file_name": "a.png", "width": SIZE[0], "height": SIZE[1]}
    return json.dumps(
        {
            "images": more.get("images", [image]),
            "categories": [{"id": k, "name": name} for k, name in enumerate(names)],
            "annotations": [{"id": k, "image_id": 7, **one} for k, one in enumerate(annotations)],
        }
    )


def ring(polygon: np.ndarray, category: int = 0) -> dict:
    return {"category_id": category, "segmentation": [polygon.ravel().tolist()], "iscrowd": 0}


def test_coco_and_yolo_give_the_same_polygons(tmp_path: Path) -> None:
    picture(tmp_path / "coco" / "a.png")
    (tmp_path / "coco" / "annotations.json").write_text(coco(ring(SQUARE)))
    picture(tmp_path / "yolo" / "a.png")
    (tmp_path / "yolo" / "a.txt").write_text(line(0, SQUARE))
    for folder, kind in (("coco", "coco"), ("yolo", "yolo")):
        truth = read_truth(tmp_path / folder, "test")
        assert truth.kind == kind
        (case,) = (placed(one, *SIZE) for one in truth.cases)
        (shape,) = case.shapes
        assert shape.label is Label.PARCEL
        assert shape.polygons[0] == pytest.approx(SQUARE, abs=1e-3)


@pytest.mark.parametrize(
    ("image", "labels", "split"),
    [
        ("a.png", "a.txt", "test"),
        ("a.png", "labels/a.txt", "test"),
        ("images/a.png", "labels/a.txt", "test"),
        ("images/test/a.png", "labels/test/a.txt", "test"),
        ("valid/images/a.png", "valid/labels/a.txt", "valid"),
    ],
)
def test_the_layouts_of_yolo_sets(tmp_path: Path, image: str, labels: str, split: str) -> None:
    picture(tmp_path / image)
    (tmp_path / labels).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / labels).write_text(line(1, SQUARE))
    (case,) = read_truth(tmp_path, split).cases
    assert [shape.label for shape in case.shapes] == [Label.OPENING]


def test_names_of_a_yolo_set_are_read_and_strange_ones_told(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text(line(1, SQUARE) + "\n" + line(0, SQUARE) + "\n")
    (tmp_path / "data.yaml").write_text("names: {0: forklift, 1: parcel}")
    truth = read_truth(tmp_path, "test")
    assert [shape.label for shape in truth.cases[0].shapes] == [Label.PARCEL]
    assert truth.cases[0].labels == {Label.PARCEL}
    assert "forklift" in truth.left_out[0]
    named = tmp_path / "other.yaml"
    named.write_text("names: [item, filler]")
    shapes = read_truth(tmp_path, "test", named).cases[0].shapes
    assert {shape.label for shape in shapes} == {Label.ITEM, Label.FILLER}


def test_an_empty_label_file_says_nothing_is_there_and_none_says_nothing(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png")
    (tmp_path / "a.txt").write_text("")
    truth = read_truth(tmp_path, "test")
    assert [case.name for case in truth.cases] == ["a.png"]
    assert truth.cases[0].shapes == ()
    assert any("b.png" in told for told in truth.left_out)


def test_what_coco_has_beyond_polygons_is_left_out_and_told(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png")
    crowd = {"category_id": 0, "iscrowd": 1, "segmentation": {"counts": [1], "size": [1, 1]}}
    text = coco(ring(SQUARE), ring(SQUARE, 3), crowd, names=("parcel", "opening", "item", "dog"))
    (tmp_path / "marks.json").write_text(text)
    truth = read_truth(tmp_path, "test", tmp_path / "marks.json")
    assert len(truth.cases[0].shapes) == 1
    assert any("dog" in told for told in truth.left_out)
    assert any("crowd" in told for told in truth.left_out)
    assert any("1 picture(s)" in told for told in truth.left_out)


def test_marks_on_a_smaller_copy_are_enlarged_but_not_those_on_a_turned_one(
    tmp_path: Path,
) -> None:
    case = Case(
        "a", tmp_path, (TrueShape(Label.PARCEL, (SQUARE,)),), frozenset({Label.PARCEL}), SIZE
    )
    assert placed(case, 800, 400).shapes[0].polygons[0] == pytest.approx(SQUARE * 2)
    with pytest.raises(TruthError, match="upright"):
        placed(case, 200, 400)


def test_the_area_ratio_of_marked_polygons_is_taken_in_the_plane_of_the_opening() -> None:
    # Seen askew: the far side half as long. The far half of the plane takes a third of its height.
    mouth = np.array([[150, 50], [250, 50], [300, 150], [100, 150]], float)
    far = 50 + 100 / 3
    wide = 100 / 6  # how far the sides have moved outwards there
    item = np.array([[150, 50], [250, 50], [250 + wide, far], [150 - wide, far]])
    shapes = [TrueShape(Label.OPENING, (mouth,)), TrueShape(Label.ITEM, (item,))]
    (opening,) = marked_openings(shapes, frozenset(Label), *SIZE)
    assert opening.whole
    assert opening.area_ratio == pytest.approx(0.5, abs=0.01)
    assert opening.filler_ratio == pytest.approx(0.0)
    (unknown,) = marked_openings(shapes[:1], frozenset({Label.OPENING}), *SIZE)
    assert unknown.area_ratio is None
    assert unknown.filler_ratio is None


def test_an_opening_at_the_border_is_cut_off() -> None:
    mouth = SQUARE - np.array([100, 0])
    (opening,) = marked_openings([TrueShape(Label.OPENING, (mouth,))], frozenset(Label), *SIZE)
    assert not opening.whole
    assert opening.area_ratio is None


def rendered(folder: Path, split: str) -> Path:
    picture(folder / "images" / split / "000009.jpg", SIZE)
    for kind in ("labels", "truth"):
        (folder / kind / split).mkdir(parents=True)
    outside = (SQUARE + np.array([1000, 0])).tolist()
    opening = {"whole": True, "area_ratio": 0.25, "filler_ratio": 0.0, "void_ratio": 0.8}
    (folder / "labels" / split / "000009.txt").write_text(line(1, SQUARE))
    (folder / "truth" / split / "000009.json").write_text(
        json.dumps(
            {
                "width": SIZE[0],
                "height": SIZE[1],
                "seed": 9,
                "openings": [
                    {**opening, "corners": SQUARE.tolist()},
                    {**opening, "corners": outside, "whole": False},
                ],
            }
        )
    )
    return folder


def test_a_rendered_split_keeps_what_the_renderer_knew(tmp_path: Path) -> None:
    truth = read_truth(rendered(tmp_path, "val"), "val")
    (case,) = truth.cases
    assert (truth.kind, case.seed) == ("rendered", 9)
    (opening,) = case.openings
    assert (opening.area_ratio, opening.void_ratio, opening.whole) == (0.25, 0.8, True)
    with pytest.raises(TruthError, match=r"no split test; it has val"):
        read_truth(tmp_path, "test")


def test_damaged_truth_is_named(tmp_path: Path) -> None:
    file = rendered(tmp_path, "test") / "truth" / "test" / "000009.json"
    for damage in ("{", "{}", "[]", '{"width": "x", "height": 2}'):
        file.write_text(damage)
        with pytest.raises(TruthError, match="000009"):
            read_truth(tmp_path, "test")
    file.unlink()
    with pytest.raises(TruthError, match="no picture with its truth"):
        read_truth(tmp_path, "test")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0 0.1 0.1 0.9 0.1", "line 1"),
        ("9 0.1 0.1 0.9 0.1 0.9 0.9", "no class 9"),
        ("0 0.1 0.1 0.9 0.1 90 90", "0 to 1"),
        ("\nzero 0.1 0.1 0.9 0.1 0.9 0.9", "line 2"),
        ("0 nan 0.1 0.9 0.1 0.9 0.9", "0 to 1"),
    ],
)
def test_bad_label_lines_are_named(tmp_path: Path, text: str, told: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(TruthError, match=told):
        read_truth(tmp_path, "test")


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(TruthError, match="no folder"):
        read_truth(tmp_path / "gone", "test")
    with pytest.raises(TruthError, match="no pictures"):
        read_truth(tmp_path, "test")
    with pytest.raises(TruthError, match="is no file"):
        read_truth(tmp_path, "test", tmp_path / "gone.json")
    picture(tmp_path / "images" / "val" / "a.png")
    with pytest.raises(TruthError, match="no split test; it has val"):
        read_truth(tmp_path, "test")
    with pytest.raises(TruthError, match="no label files"):
        read_truth(tmp_path, "val")
    marks = tmp_path / "marks.json"
    for text, told in (
        ("no json", "no JSON"),
        ("[]", "no COCO"),
        (coco(names=("dog",)), "dog"),
        (coco(), "none of the 1 pictures"),
    ):
        marks.write_text(text)
        with pytest.raises(TruthError, match=told):
            read_truth(tmp_path, "test", marks)
    names = tmp_path / "data.yaml"
    for text, told in (("names: [dog]", "dog"), ("path: .", "no list of names"), ("a: [", "read")):
        names.write_text(text)
        with pytest.raises(TruthError, match=told):
            read_truth(tmp_path, "val")


def test_patches_compare_as_whole_masks_do() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        a, b = (random.uniform(-40, 240, (5, 2)) for _ in range(2))
        whole = iou(fill([a], 200, 160), fill([b], 200, 160))
        assert patch([a], 200, 160).iou(patch([b], 200, 160)) == pytest.approx(whole, abs=1e-12)
    assert patch([], 10, 10).iou(patch([SQUARE], 10, 10)) == 0.0
