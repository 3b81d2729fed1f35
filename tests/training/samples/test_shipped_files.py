"""What is shipped: weights that tell nothing of a machine, samples with true tables."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageOps

from greenpack.training.drawing.material import LABELS
from greenpack.training.samples.plan import PLANS, Plan

ROOT = Path(__file__).parents[3]
WEIGHTS, SAMPLES = ROOT / "weights", ROOT / "samples"


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_hashes_are_those_of_the_files() -> None:
    content = json.loads((WEIGHTS / "weights.json").read_text("utf-8"))
    assert content["labels"] == list(LABELS)
    for name, expected in content["files"].items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == expected
    assert content["model_sha256"] == content["files"]["greenpack-seg-n.pt"]


def test_the_weights_are_small_and_tell_nothing_of_the_machine() -> None:
    files = [p for p in WEIGHTS.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < 20e6
    for path in files:
        for trace in (b"/work/", b"/home/", b"/root/", b"/tmp/"):
            assert trace not in path.read_bytes(), path


def test_every_sample_is_there_and_in_the_manifest() -> None:
    manifest = rows("manifest.csv")
    assert [r["photo"] for r in manifest] == [p.file for p in PLANS]
    for row in manifest:
        assert (SAMPLES / row["photo"]).stat().st_size <= 300_000
        if row["true_area_ratio"]:
            assert 0 <= float(row["true_area_ratio"]) <= 1
        if row["expected_verdict"] == "violation":
            assert float(row["true_void_ratio"]) > 0.6
            assert float(row["camera_height_over_depth"]) > 2
        if row["expected_verdict"] == "compliant":
            assert float(row["true_void_ratio"]) < 0.4


@pytest.mark.parametrize("plan", [p for p in PLANS if p.tie == "label"], ids=lambda p: p.file)
def test_the_bar_code_in_the_photo_is_its_waybill(plan: Plan) -> None:
    photo = ImageOps.exif_transpose(Image.open(SAMPLES / plan.file)).convert("RGB")
    assert {c.text for c in zxingcpp.read_barcodes(np.asarray(photo))} == {plan.waybill}


def test_every_waybill_is_declared_and_names_its_photos() -> None:
    declared = rows("waybills.csv")
    assert {r["waybill"] for r in declared} == {p.waybill for p in PLANS if p.waybill}
    for plan in PLANS:
        named = {r["waybill"] for r in declared if plan.file in r["photo"].split(";")}
        assert named == ({plan.waybill} if plan.tie == "table" else set())
