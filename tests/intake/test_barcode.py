"""Codes in pictures, made with a barcode writer, and whose parcel a photo shows."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from greenpack.intake.barcode import attribute, read_waybill_codes, read_waybill_numbers
from greenpack.intake.waybill_number import WaybillNumber

CODE128, QR = zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode
SF, OTHER = WaybillNumber("SF1234567890123"), WaybillNumber("771234567890123")


def label(text: str, kind: zxingcpp.BarcodeFormat = CODE128, module: int = 3) -> NDArray[np.uint8]:
    """A printed code with its quiet zone; ``module`` is the narrowest bar in pixels."""
    drawn = np.array(zxingcpp.create_barcode(text, kind).to_image(scale=module))
    if kind == CODE128:
        drawn = np.repeat(drawn[drawn.shape[0] // 3][None], 40 * module, axis=0)
    return np.pad(drawn, 10 * module, constant_values=255)


def photo_of(*labels: NDArray[np.uint8], degrees: float = 0.0) -> NDArray[np.uint8]:
    """A noisy cardboard-coloured photo with the labels side by side, turned together."""
    noise = np.random.default_rng(2).normal(0, 6, (1100, 1500, 3))
    picture = (np.array([170, 140, 105]) + noise).clip(0, 255).astype(np.uint8)
    for index, drawn in enumerate(labels):
        h, w = drawn.shape
        matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
        matrix[:, 2] += 750 - w / 2, 1100 * (index + 1) / (len(labels) + 1) - h / 2
        turned = cv2.warpAffine(drawn, matrix, (1500, 1100))
        inside = cv2.warpAffine(np.full((h, w), 255, np.uint8), matrix, (1500, 1100)) > 127
        picture[inside] = turned[inside][:, None]
    return cv2.GaussianBlur(picture, (0, 0), 0.7).astype(np.uint8)


@pytest.mark.parametrize("degrees", [0, 5, -8, 90, 97, 180, 270, 262])
def test_code_128_at_every_quarter_turn_with_skew(degrees: float) -> None:
    assert read_waybill_numbers(photo_of(label(SF), degrees=degrees), any_angle=False) == [SF]


@pytest.mark.parametrize("degrees", range(0, 360, 15))
def test_code_128_at_any_angle(degrees: float) -> None:
    assert read_waybill_numbers(photo_of(label(SF), degrees=degrees)) == [SF]


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 200])
def test_qr_code_with_an_address(degrees: float) -> None:
    drawn = label("https://example.cn/q?mailNo=771234567890123", QR, 5)
    assert read_waybill_numbers(photo_of(drawn, degrees=degrees), any_angle=False) == [OTHER]


def test_several_waybills_are_all_returned() -> None:
    assert set(read_waybill_numbers(photo_of(label(SF), label(OTHER)))) == {SF, OTHER}


def test_the_same_number_twice_is_one() -> None:
    assert read_waybill_numbers(photo_of(label(SF), label(SF, QR, 5))) == [SF]


def test_codes_of_goods_and_pallets_are_not_waybills() -> None:
    ean = label("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    bar = np.repeat(ean[ean.shape[0] // 3][None], 120, axis=0)
    assert read_waybill_numbers(photo_of(bar, label("6901234567892"), label("hello"))) == []
    gs1 = zxingcpp.create_barcode("(11)261123(10)1234", CODE128, gs1=True)
    drawn = np.array(gs1.to_image(scale=3))
    drawn = np.pad(np.repeat(drawn[drawn.shape[0] // 3][None], 120, axis=0), 30,
                   constant_values=255)  # fmt: skip
    assert [code.text for code in zxingcpp.read_barcodes(drawn)] == ["(11)261123(10)1234"]
    assert read_waybill_numbers(photo_of(drawn)) == []


def test_a_picture_without_codes_takes_little_time() -> None:
    picture = photo_of()
    start = time.perf_counter()
    assert read_waybill_numbers(picture) == []
    assert time.perf_counter() - start < 1.0  # about 0.03 s; the bound is for busy machines


# Attribution


def test_barcode_comes_before_file_name_and_sidecar() -> None:
    found = attribute([SF], "SF1234567890123.jpg", SF)
    assert (found.number, found.source, found.note) == (SF, "barcode", "")


def test_file_name_then_sidecar() -> None:
    assert attribute([], f"{SF}.jpg", None).source == "file_name"
    found = attribute([], "IMG_1.jpg", "sf-1234567890123")
    assert (found.number, found.source, found.note) == (SF, "sidecar", "")


def test_nothing_known() -> None:
    found = attribute([], "mmexport1764567890123.jpg", " ")
    assert (found.number, found.source, found.note) == (None, None, "")


def test_two_barcodes_tell_nothing() -> None:
    found = attribute([SF, OTHER], "IMG_1.jpg", None)
    assert (found.number, found.source) == (None, None)
    assert SF in found.note
    assert OTHER in found.note
    named = attribute([SF, OTHER], f"{SF}.jpg", None)
    assert (named.number, named.source) == (SF, "file_name")
    assert "several" in named.note
    assert attribute([SF, SF], "IMG_1.jpg").number == SF


def test_disagreement_is_told() -> None:
    found = attribute([SF], f"{OTHER}.jpg", "YT1234567890123")
    assert (found.number, found.source) == (SF, "barcode")
    assert f"file name says {OTHER}" in found.note
    assert "sidecar says YT1234567890123" in found.note
    found = attribute([], f"{SF}.jpg", OTHER)
    assert found.source == "file_name"
    assert f"sidecar says {OTHER}" in found.note


def test_a_sidecar_that_states_no_number_is_told() -> None:
    found = attribute([], "a.jpg", "12")
    assert found.number is None
    assert "no valid waybill number: 12" in found.note


@pytest.mark.parametrize("degrees", [0, 10, 37, 62, 90, 151])
def test_the_place_of_a_code_is_where_it_stands(degrees: float) -> None:
    one = photo_of(label(SF), degrees=degrees)
    (code,) = read_waybill_codes(one)
    dark = np.argwhere(one.min(axis=2) < 90)
    middle = (dark.min(axis=0) + dark.max(axis=0)) / 2
    assert np.hypot(code.centre[0] - middle[1], code.centre[1] - middle[0]) < 25
