"""The plan of the public samples, their tables and file data; no rendering."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageOps

from greenpack.training.pictures import postprocess
from greenpack.training.pictures.projection import tilt
from greenpack.training.pictures.truth import record
from greenpack.training.samples import render
from greenpack.training.samples.plan import PLANS, SENDERS, Plan
from greenpack.training.samples.scenes import compose
from greenpack.training.scene import Finish


def test_the_plan_covers_what_the_samples_promise() -> None:
    verdicts = Counter(p.verdict for p in PLANS)
    assert len(PLANS) >= 26
    assert verdicts["violation"] >= 8
    assert verdicts["compliant"] >= 4
    assert {"undetermined", "exempt", "unmeasurable"} <= verdicts.keys()
    assert len({p.file for p in PLANS}) == len(PLANS)
    ties = Counter(p.tie for p in PLANS)
    assert min(ties["name"], ties["table"]) >= 10
    assert ties["none"] == 2
    assert {p.sender for p in PLANS} - {""} == set(SENDERS)


def test_numbers_in_file_names_are_the_waybills() -> None:
    for plan in PLANS:
        if plan.tie == "name":
            assert plan.file.startswith(plan.waybill)


@pytest.mark.parametrize("plan", [p for p in PLANS if p.verdict == "violation"][:3])
def test_an_oversized_carton_is_seen_from_high_enough(plan: Plan) -> None:
    scene = compose(plan)
    made = scene.cartons[0]
    assert (scene.camera.z - made.rim) / made.depth >= 2.6
    assert tilt(scene.camera) <= plan.tilt + 0.5


def test_both_photos_of_one_waybill_show_the_same_goods() -> None:
    first, second = [compose(p) for p in PLANS if p.waybill == "YT8800416274220"]
    assert first.cartons[0].goods == second.cartons[0].goods
    assert first.cartons[0].filler
    assert not second.cartons[0].filler


@pytest.mark.parametrize("tag", [1, 3, 6, 8])
def test_photos_carry_time_and_orientation(tag: int) -> None:
    plan = next(p for p in PLANS if p.exif == tag)
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[:20, :20] = 255
    image = Image.open(io.BytesIO(render.photo_bytes(picture, plan)))
    inner = image.getexif().get_ifd(0x8769)
    assert inner[0x9003].startswith("2026:11:")
    assert inner[0x9011] == "+08:00"
    assert inner[0xA405] == 30
    upright = np.asarray(ImageOps.exif_transpose(image))
    assert upright.shape == picture.shape
    assert upright[5, 5, 0] > 200
    assert upright[50, 70, 0] < 50


def test_tables_have_a_line_for_every_kind_of_goods() -> None:
    plan = next(p for p in PLANS if p.declared)
    scene = compose(plan)
    truth = record(scene, [], np.zeros((scene.camera.height, scene.camera.width), np.uint16))
    rows = render.waybill_rows([plan], truth)
    assert sum(int(r["quantity"]) for r in rows) == len(scene.cartons[0].goods)
    assert {r["parcel_length_mm"] for r in rows} == {
        f"{plan.inner[0] + 2 * scene.cartons[0].wall:.0f}"
    }
    assert all(r["waybill"] == plan.waybill for r in rows)
    row = render.manifest_row(plan, truth)
    assert row["true_area_ratio"] == "0.0000"


def test_developing_brings_the_picture_to_its_exposure_and_repeats() -> None:
    linear = np.full((64, 64, 3), 0.02, np.float32)
    finish = Finish(exposure=0.5, noise=0.004, vignette=0.0)
    picture = postprocess.develop(linear, finish, seed=1)
    assert picture.mean() / 255 == pytest.approx(0.5, abs=0.03)
    assert np.array_equal(picture, postprocess.develop(linear, finish, seed=1))
