"""An evidence picture shows the parcel; people, addresses and waybills' numbers cannot be known."""

from __future__ import annotations

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from greenpack.evidence import draw_evidence
from greenpack.examination import Examined, examine, measure_settings
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from greenpack.vision.evidence_picture import PHOTO_SIDE
from greenpack.vision.veil import CELLS
from tests.painted import WEIGHTS, PaintedDetector, Scene

NUMBER = "SF1234567890123"
CELL = PHOTO_SIDE // CELLS
SETTINGS = Settings()


def photo_of(scene: Scene) -> NDArray[np.uint8]:
    return np.array(Image.open(io.BytesIO(scene.jpeg())))


def examined(pixels: NDArray[np.uint8]) -> Examined:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    using = measure_settings(SETTINGS, WEIGHTS)
    return examine("a.png", file.getvalue(), PaintedDetector(), SETTINGS, using)


def evidence_of(one: Examined, waybill: str | None = NUMBER) -> bytes:
    profile = load_profile("screening-50")
    measured = one.measurement
    judgements = judge(profile, measured.quantities, measured.reason, Facts())
    return draw_evidence(one, measured, judgements, profile, WEIGHTS.sha256, waybill)


def shown(evidence: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(evidence)).convert("RGB"))


def shuffled_outside(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photo with the pixels of each cell that holds nothing of the parcel in another order."""
    random = np.random.default_rng(7)
    other = pixels.copy()
    for y in range(0, 900, CELL):
        for x in range(0, 1200, CELL):
            if 75 <= y < 825 and 150 <= x < 1050:
                continue
            cell = other[y : y + CELL, x : x + CELL].reshape(-1, 3)
            other[y : y + CELL, x : x + CELL] = random.permutation(cell).reshape(CELL, CELL, 3)
    return other


def with_person(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A face and a name beside the parcel."""
    there = pixels.copy()
    cv2.circle(there, (75, 75), 60, (214, 170, 140), -1)
    for eye in (55, 95):
        cv2.circle(there, (eye, 62), 7, (40, 30, 30), -1)
    cv2.ellipse(there, (75, 98), (24, 12), 0, 0, 180, (150, 60, 60), 3)
    cv2.putText(there, "ZHANG WEI 13800138000", (20, 880), 0, 0.9, (20, 20, 20), 2)
    return there


def test_of_people_beside_the_parcel_only_mean_colours_are_left() -> None:
    one = examined(with_person(photo_of(Scene(goods=0.15))))
    assert one.measurement.reason is None
    other = shuffled_outside(one.photo.pixels)
    assert np.abs(other.astype(int) - one.photo.pixels).max() > 100
    # The very same bytes come of a photo in which nobody can be seen: so nothing brings them back.
    assert evidence_of(one) == evidence_of(
        replace(one, photo=replace(one.photo, pixels=other)), NUMBER
    )


def test_the_parcel_itself_is_as_sharp_as_in_the_photo() -> None:
    pixels = photo_of(Scene(goods=0.15))
    cv2.putText(pixels, "FRAGILE", (600, 450), 0, 2.0, (250, 250, 250), 3)
    picture = shown(evidence_of(examined(pixels)))
    seen = picture[380:480, 580:900].astype(int)
    assert np.abs(seen - pixels[380:480, 580:900]).mean() < 8


def with_label(kind: zxingcpp.BarcodeFormat, text: str, opened: bool) -> NDArray[np.uint8]:
    """A parcel with a label that no model sees, with a code and an address."""
    pixels = photo_of(Scene(goods=0.15, opened=opened))
    bars = kind is zxingcpp.BarcodeFormat.Code128
    code = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=2 if bars else 3))
    code = np.repeat(code[:1], 60, axis=0) if bars else code
    height, width = code.shape[:2]
    pixels[300:470, 560:880] = 245
    pixels[310 : 310 + height, 580 : 580 + width] = code.reshape(height, width, -1)
    cv2.putText(pixels, "88 Nanjing Rd", (570, 455), 0, 1.0, (10, 10, 10), 2)
    return pixels


KINDS = [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode]


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("kind", KINDS, ids=["barcode", "qr"])
def test_no_code_can_be_read_from_the_picture_and_no_address_beside_one(
    kind: zxingcpp.BarcodeFormat, opened: bool
) -> None:
    pixels = with_label(kind, NUMBER, opened)
    assert [code.text for code in zxingcpp.read_barcodes(pixels)] == [NUMBER]
    one = examined(pixels)
    picture = shown(evidence_of(one))
    assert zxingcpp.read_barcodes(np.ascontiguousarray(picture)) == []
    label = picture[300:470, 560:880].astype(float)
    # Outlines of goods are drawn elsewhere: within the label nothing has an edge any more.
    assert np.abs(np.diff(label.mean(axis=2), axis=1)).max() < 12


def test_a_code_on_goods_cannot_be_read_either() -> None:
    pixels = with_label(zxingcpp.BarcodeFormat.QRCode, "https://shop.example/u/zhangwei", True)
    picture = shown(evidence_of(examined(pixels)))
    assert zxingcpp.read_barcodes(np.ascontiguousarray(picture)) == []


def test_the_caption_tells_only_the_end_of_a_waybills_number() -> None:
    one = examined(photo_of(Scene(goods=0.15)))
    assert evidence_of(one, "SF1234567890123") == evidence_of(one, "SF9999999990123")
    assert evidence_of(one, "SF1234567890123") != evidence_of(one, "SF1234567890124")


def test_a_photo_without_a_parcel_is_veiled_as_a_whole() -> None:
    pixels = photo_of(Scene(goods=0.15))
    pixels[75:825, 150:1050] = 90
    one = examined(with_person(pixels))
    assert one.measurement.reason == "no_parcel"
    assert evidence_of(one) == evidence_of(
        replace(one, photo=replace(one.photo, pixels=shuffled_outside(one.photo.pixels)))
    )
