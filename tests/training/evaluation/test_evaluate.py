"""Evaluation from pictures to figures, with a detector that answers as it is told."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from typer.testing import CliRunner

from greenpack import cli
from greenpack.settings import Settings
from greenpack.training.evaluation.evaluate import Evaluation, evaluate, levels_of, read_truth
from greenpack.training.evaluation.picture import SCORED_FROM
from greenpack.training.evaluation.pieces import detections
from greenpack.training.evaluation.report import FILES, write_report
from greenpack.training.evaluation.worst import contact_sheet, worst
from greenpack.vision import detector as detector_module
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import Weights

WIDTH, HEIGHT = 480, 360
WEIGHTS = Weights(
    Path("told"),
    "cd" * 32,
    True,
    calibration={
        "area_ratio": 0.05,
        "filler_ratio": 0.05,
        "missed_ratio": 0.02,
        "n": 99,
        "coverage": 0.95,
        "area_ratio_levels": {"0.5": 0.01, "0.9": 0.04},
    },
)
MOUTH = np.array([[120, 60], [360, 60], [360, 300], [120, 300]], float)


def box(left: float, top: float, wide: float, high: float) -> NDArray[np.float64]:
    return np.array(
        [[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]], float
    )


GOODS = box(120, 60, 60, 240)  # a quarter of the mouth


@dataclass
class Told:
    """A detector that gives for each picture, known by its first pixel's red, what it is told."""

    answers: dict[int, list[Shape]] = field(default_factory=dict)
    weights: Weights = WEIGHTS

    def shapes(self, image: NDArray[np.uint8]) -> list[Shape]:
        return self.answers.get(int(image[0, 0, 0]), [])


class Bench:
    """A rendered data set that is made up picture by picture, with the detector's answers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.detector, self.count = folder, Told(), 0
        for kind in ("images", "labels", "truth"):
            (folder / kind / "test").mkdir(parents=True)

    def add(
        self,
        true: list[tuple[Label, NDArray[np.float64]]],
        found: list[tuple[Label, float, NDArray[np.float64]]],
        area: float | None = None,
        void: float = 0.9,
    ) -> None:
        self.count += 1
        name = f"{self.count:06d}"
        # Noise, so that the picture counts as sharp.
        grain = np.random.default_rng(self.count).integers(60, 200, (HEIGHT, WIDTH, 3))
        grain[:8, :8] = self.count
        picture = self.folder / "images" / "test" / f"{name}.jpg"
        ok, png = cv2.imencode(".png", grain[..., ::-1].astype(np.uint8))
        assert ok
        picture.write_bytes(png.tobytes())
        lines = [
            f"{list(Label).index(label)} "
            + " ".join(f"{v:.6f}" for v in (p / [WIDTH, HEIGHT]).ravel())
            for label, p in true
        ]
        (self.folder / "labels" / "test" / f"{name}.txt").write_text("\n".join(lines))
        openings = [
            {
                "corners": p.tolist(),
                "whole": True,
                "area_ratio": area,
                "filler_ratio": 0.0,
                "void_ratio": void,
            }
            for label, p in true
            if label is Label.OPENING
        ]
        (self.folder / "truth" / "test" / f"{name}.json").write_text(
            json.dumps({"width": WIDTH, "height": HEIGHT, "seed": self.count, "openings": openings})
        )
        self.detector.answers[self.count] = [Shape(*one) for one in found]

    def run(self) -> Evaluation:
        return evaluate(read_truth(self.folder, "test"), self.detector, WEIGHTS, Settings())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "data")


OPENED = [(Label.OPENING, MOUTH), (Label.ITEM, GOODS)]


def test_a_model_that_sees_the_truth_is_faultless(bench: Bench) -> None:
    bench.add(OPENED, [(Label.OPENING, 0.95, MOUTH), (Label.ITEM, 0.9, GOODS)], 0.25)
    parcel = box(50, 50, 200, 150)
    bench.add([(Label.PARCEL, parcel)], [(Label.PARCEL, 0.9, parcel)])
    bench.add([], [])
    told = bench.run().figures
    assert told["mask_ap"]["mean"] == {"truths": 3, "map50": 1.0, "map50_95": 1.0}
    assert "tape" not in told["mask_ap"]
    assert told["opening"]["iou_sides_median"] > 0.98
    assert told["parcel"]["found"]["share"] == told["parcel"]["iou_median"] == 1.0
    assert told["parcel_free"]["parcel_or_opening"]["of"] == 1
    assert told["parcel_free"]["parcel_or_opening"]["count"] == 0
    assert told["model_alone"]["area_ratio"]["mae"] < 0.005
    product = told["product"]
    assert product["measured"]["count"] == product["area_ratio"]["n"] == 1
    assert product["area_ratio"]["interval_holds"]["share"] == 1.0
    assert told["violation"]["all"]["parcels"] == 1


def test_each_fault_is_counted_where_it_belongs(bench: Bench) -> None:
    # Twice the goods are seen: the area ratio is off by a quarter, beyond the interval.
    double = box(120, 60, 120, 240)
    bench.add(OPENED, [(Label.OPENING, 0.95, MOUTH), (Label.ITEM, 0.9, double)], 0.25)
    # Half of the opening is seen.
    half = box(120, 60, 120, 240)
    bench.add(OPENED, [(Label.OPENING, 0.95, half), (Label.ITEM, 0.9, GOODS)], 0.25)
    # The opening is missed.
    bench.add(OPENED, [], 0.25)
    told = bench.run().figures
    assert told["opening"]["whole"] == 3
    assert told["opening"]["iou_mask_median"] == pytest.approx(0.5, abs=0.01)
    assert told["model_alone"]["area_ratio"]["n"] == 2
    for kind in ("area_ratio", "picture_share"):
        assert told["model_alone"][kind]["bias"] == pytest.approx(0.25, abs=0.01)
    product = told["product"]
    assert product["refused"] == {"no_parcel": 1}
    assert product["area_ratio"]["interval_holds"]["count"] == 0
    assert [one["seed"] for one in told["worst"]] == [3, 2, 1]


def test_a_parcel_in_pieces_is_found_by_no_piece(bench: Bench) -> None:
    parcel = box(50, 50, 200, 100)
    thirds = [(Label.PARCEL, 0.9 - k / 10, box(50 + 66 * k, 50, 66, 100)) for k in range(3)]
    bench.add([(Label.PARCEL, parcel)], thirds)
    told = bench.run().figures
    assert told["parcel"]["found"]["count"] == 0
    assert told["parcel"]["iou_median"] == pytest.approx(0.33, abs=0.01)
    assert told["mask_ap"]["parcel"]["map50"] == 0.0


def test_the_product_is_shown_only_what_it_would_see(bench: Bench) -> None:
    # Below 0.25 the product sees nothing; the average precision counts it all the same.
    parcel = box(50, 50, 200, 100)
    bench.add([(Label.PARCEL, parcel)], [(Label.PARCEL, 0.2, parcel)])
    bench.add([], [(Label.PARCEL, 0.24, parcel)])
    bench.add([], [(Label.OPENING, 0.7, MOUTH)])
    bench.add([], [(Label.OPENING, 0.85, MOUTH), (Label.ITEM, 0.5, GOODS)])
    told = bench.run().figures
    assert told["mask_ap"]["parcel"]["map50"] == pytest.approx(0.5)
    assert told["parcel"]["found"]["count"] == 0
    free = told["parcel_free"]
    assert free["pictures"] == 3
    assert free["parcel"]["count"] == 0
    assert free["opening"]["count"] == free["parcel_or_opening"]["count"] == 1
    assert free["measured"]["count"] == 1
    assert told["product"]["measured_where_no_opening_is"] == 1
    assert told["product"]["area_ratio"]["n"] == 0


def counts(label: Label, *shapes: tuple[float, NDArray[np.float64]]) -> list[int]:
    found = detections([Shape(label, sure, polygon) for sure, polygon in shapes])
    return [len(polygons) for _, polygons in found[label]]


def test_pieces_of_one_detection_are_one() -> None:
    large, small = box(130, 70, 50, 200), box(200, 70, 50, 100)
    assert counts(Label.ITEM, (0.8, large), (0.8, small)) == [2]
    assert counts(Label.ITEM, (0.8, large), (0.7, small)) == [1, 1]
    # Equal confidence alone does not make two detections one.
    assert counts(Label.ITEM, (0.8, small), (0.8, large)) == [1, 1]  # the largest comes first
    assert counts(Label.ITEM, (0.8, large), (0.8, box(140, 70, 40, 200))) == [1, 1]  # they overlap
    assert counts(Label.ITEM, (0.8, large), (0.8, box(300, 70, 9, 9))) == [1, 1]  # a speck
    assert counts(Label.PARCEL, (0.8, large), (0.8, small)) == [1, 1]
    assert counts(Label.ITEM) == []


def test_violations_against_the_true_void_ratio(bench: Bench) -> None:
    seen = [(Label.OPENING, 0.95, MOUTH), (Label.ITEM, 0.9, box(200, 140, 30, 30))]
    true = [(Label.OPENING, MOUTH), (Label.ITEM, box(200, 140, 30, 30))]
    for void in (0.98, 0.45):
        bench.add(true, seen, 1 / 64, void)
    found = bench.run()
    all_ = found.figures["violation"]["all"]
    low = min(r.measurement.quantities["void_ratio"].low for r in found.results)
    assert low > 0.5  # nearly nothing is in it: the bound is far beyond the limit
    assert all_["of_all"]["caught_from_10_points_beyond"]["share"] == 1.0
    assert all_["of_all"]["complying_called_violation"]["share"] == 1.0
    assert found.figures["product"]["void_bound_holds"]["count"] == 1
    assert found.figures["violation"]["filler_taken_out"]["parcels"] == 2


def test_reliability_at_every_level_that_the_calibration_states(bench: Bench) -> None:
    wider = box(120, 60, 67, 240)  # 0.279 instead of 0.25
    bench.add(OPENED, [(Label.OPENING, 0.95, MOUTH), (Label.ITEM, 0.9, wider)], 0.25)
    rows = bench.run().figures["reliability"]
    assert [(row["nominal"], row["holds"]["count"]) for row in rows] == [
        (0.5, 0),
        (0.9, 1),
        (0.95, 1),
    ]
    assert levels_of(None) == {}
    assert levels_of({"n": 3}) == {}
    by_difficulty = {"area_ratio": {"quantile": 2.0}, "area_ratio_levels": {"0.5": 0.3}}
    assert levels_of({**by_difficulty, "coverage": 0.95}) == {0.5: 0.3, 0.95: 2.0}


def test_goods_without_a_marked_opening_are_not_parcel_free(tmp_path: Path) -> None:
    for k, line in enumerate(("", "2 0.1 0.1 0.4 0.1 0.4 0.4", "5 0.1 0.1 0.4 0.1 0.4 0.4")):
        Image.new("RGB", (WIDTH, HEIGHT), (k, 0, 0)).save(tmp_path / f"{k}.png")
        (tmp_path / f"{k}.txt").write_text(line)
    told = evaluate(read_truth(tmp_path, "test"), Told(), WEIGHTS, Settings()).figures
    assert told["parcel_free"]["pictures"] == 2


def test_two_openings_are_matched_each_with_its_own(bench: Bench) -> None:
    left, right = box(40, 60, 180, 200), box(260, 60, 180, 200)
    both = [(Label.OPENING, left), (Label.OPENING, right)]
    bench.add(both, [(Label.OPENING, 0.9, right), (Label.OPENING, 0.8, left)], 0.0)
    bench.add(both, [(Label.OPENING, 0.9, right)], 0.0)
    told = bench.run().figures
    assert told["opening"]["found"]["count"] == 3
    assert told["model_alone"]["picture_share"]["n"] == 3
    assert told["product"]["single_whole_openings"] == 0


def test_the_report_has_figures_plots_and_a_sheet(bench: Bench, tmp_path: Path) -> None:
    double = box(120, 60, 120, 240)
    bench.add(OPENED, [(Label.OPENING, 0.95, MOUTH), (Label.ITEM, 0.9, double)], 0.25)
    bench.add([], [])
    found = bench.run()
    write_report(tmp_path / "out", found, Settings())
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(FILES)
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text()) == found.figures
    for name in FILES[1:]:
        assert np.asarray(Image.open(tmp_path / "out" / name)).std() > 10, name
    # The true goods are drawn on the left, the found ones on the right.
    sheet = np.asarray(contact_sheet(worst(found.results), Settings())).astype(int)
    orange = np.abs(sheet - (230, 159, 0)).max(axis=2) < 40
    middle = sheet.shape[1] // 2
    assert orange[40:, :middle].sum() > 100
    assert orange[40:, middle:].sum() > 1.2 * orange[40:, :middle].sum()


def test_an_empty_evaluation_has_a_report_too(bench: Bench, tmp_path: Path) -> None:
    bench.add([], [])
    found = bench.run()
    write_report(tmp_path / "out", found, Settings())
    assert found.figures["worst"] == []
    assert found.figures["product"]["area_ratio"]["mae"] is None


@pytest.fixture
def command(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(detector_module, "Detector", lambda *_, **__: bench.detector)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*words: object, code: int = 0) -> str:
        result = CliRunner().invoke(cli.app, ["evaluate", *map(str, words)])
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_the_command_prints_a_table_or_json(command, bench: Bench, tmp_path: Path) -> None:
    bench.add(OPENED, [(Label.OPENING, 0.95, MOUTH), (Label.ITEM, 0.9, GOODS)], 0.25)
    shown = command(bench.folder, "--out", tmp_path / "out")
    assert "mAP50-95" in shown
    assert "1 of 1" in shown
    assert (tmp_path / "out" / "power.png").is_file()
    told = json.loads(command(bench.folder, "--json", "--limit", "0.95"))
    assert told["violation"]["limit"] == 0.95
    assert told["violation"]["all"]["of_all"]["complying_called_violation"]["of"] == 1


def test_the_command_says_what_is_wrong(
    command, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add([], [])
    with monkeypatch.context() as environment:
        environment.setenv("GREENPACK_MAX_PIXELS", "many")
        assert "max_pixels" in command(bench.folder, code=2)
    with monkeypatch.context() as missing:
        # As where the extra is not installed.
        missing.setitem(sys.modules, "matplotlib.figure", None)
        missing.delitem(sys.modules, "greenpack.training.evaluation.plots", raising=False)
        missing.delitem(sys.modules, "greenpack.training.evaluation.report", raising=False)
        missing.delattr("greenpack.training.evaluation.report", raising=False)
        assert "pip install 'greenpack[train]'" in command(bench.folder, code=2)
    assert "it has test" in command(bench.folder, "--split", "val", code=2)
    assert "no folder" in command(tmp_path / "gone", code=2)
    (bench.folder / "images" / "test" / "000001.jpg").write_bytes(b"no picture")
    assert "000001.jpg" in command(bench.folder, code=2)


def test_photographs_are_turned_upright_before_they_are_compared(tmp_path: Path) -> None:
    grain = np.random.default_rng(1).integers(60, 200, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    turned = Image.fromarray(np.rot90(grain, 1))  # stored on its side, to be turned by EXIF
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "a.jpg", exif=exif, quality=95)
    parcel = box(50, 50, 200, 100)
    image = {"id": 1, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}
    mark = {"image_id": 1, "category_id": 1, "segmentation": [parcel.ravel().tolist()]}
    content = {"images": [image], "annotations": [mark]}
    content["categories"] = [{"id": 1, "name": "parcel"}]
    (tmp_path / "annotations.json").write_text(json.dumps(content))

    class Upright(Told):
        def shapes(self, image: NDArray[np.uint8]) -> list[Shape]:
            assert image.shape[:2] == (HEIGHT, WIDTH)
            return [Shape(Label.PARCEL, 0.9, parcel)]

    told = evaluate(read_truth(tmp_path, "test"), Upright(), WEIGHTS, Settings()).figures
    assert told["parcel"]["iou_median"] == 1.0


@pytest.mark.model
def test_the_shipped_model_on_a_sample_marked_by_hand(tmp_path: Path) -> None:
    # Marked on an upright copy of 1000 x 750 pixels; the manifest has the true area ratio.
    samples, name = Path(__file__).parents[3] / "samples", "IMG_0412.jpg"
    with (samples / "manifest.csv").open(encoding="utf-8") as file:
        (row,) = (row for row in csv.DictReader(file) if row["photo"] == name)
    rings = {
        1: [686, 105, 696, 445, 234, 458, 225, 119],
        2: [635, 232, 635, 330, 423, 332, 423, 232],
    }
    content = {
        "images": [{"id": 1, "file_name": name, "width": 1000, "height": 750}],
        "categories": [{"id": 1, "name": "opening"}, {"id": 2, "name": "item"}],
        "annotations": [
            {"image_id": 1, "category_id": k, "segmentation": [ring]} for k, ring in rings.items()
        ],
    }
    (tmp_path / "marks.json").write_text(json.dumps(content))
    truth = read_truth(samples, "test", tmp_path / "marks.json")
    detector = detector_module.Detector(confidence=SCORED_FROM)
    found = evaluate(truth, detector, detector.weights, Settings())
    (result,) = found.results
    (opening,) = result.case.openings or ()
    assert opening.area_ratio == pytest.approx(float(row["true_area_ratio"]), abs=0.01)
    assert found.figures["opening"]["iou_mask_median"] > 0.9
    assert found.figures["mask_ap"]["opening"]["map50"] == 1.0
    assert found.figures["product"]["area_ratio"]["interval_holds"]["count"] == 1
    # The product sees the same with the doubtful shapes kept back.
    plain = detector_module.Detector()
    upright = ImageOps.exif_transpose(Image.open(samples / name)).convert("RGB")
    shapes = plain.shapes(np.asarray(upright))
    assert [s.confidence for s in shapes] == pytest.approx([s.confidence for s in result.shapes])
