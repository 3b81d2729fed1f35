"""Waybill labels: codes decode, check digits are right, the print lands on the label."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp

from greenpack.training.pictures import relabel
from greenpack.training.pictures.parts import build
from greenpack.training.printed import waybill_label
from greenpack.training.scene import Camera, Finish, Label, Light, Scene

NUMBERS = ["SF1234567890123", "YT9876543210987", "773402918264", waybill_label.s10("EB", 20481736)]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("size", waybill_label.SIZES)
def test_the_codes_of_a_label_decode(number: str, size: tuple[float, float]) -> None:
    picture = waybill_label.draw(number, *size, seed=1)
    found = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
    assert {code.text for code in found} == {number}


def test_check_digits_follow_s10() -> None:
    # The standard's own example.
    assert waybill_label.s10("EE", 47312482, "BE") == "EE473124829BE"
    assert waybill_label.s10("EB", 20481736) == "EB204817360CN"


def test_print_is_legible_on_a_label_seen_from_above() -> None:
    number = "SF1102938475610"
    label = Label(number, 100, 180, "floor", 0, 0, 90, 1, bars=26)
    camera = Camera(0, 0, 500, 0, 0, 0, 2, 40, 800, 600)
    shown = Scene(1, "white", camera, Light("room", 0, 60, 0.5, 0), Finish(), labels=(label,))
    parts = build(shown)
    number_of = next(p.instance for p in parts if p.label == "waybill")
    linear = np.full((600, 800, 3), 0.6, np.float32)
    index = np.full((600, 800), number_of, np.uint16)
    printed = relabel.print_on(linear, index, parts, camera)
    found = zxingcpp.read_barcodes(np.asarray(printed ** (1 / 2.2) * 255, np.uint8))
    assert {code.text for code in found} == {number}
