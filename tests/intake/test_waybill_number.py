"""Which texts are waybill numbers, and which merely look like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.intake.waybill_number import (
    from_code_text,
    from_file_name,
    masked_in,
    masked_number,
    normalise,
)


def s10(letters: str, serial: str, country: str) -> str:
    weighted = sum(int(d) * w for d, w in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - weighted % 11
    return f"{letters}{serial}{ {10: 0, 11: 5}.get(check, check) }{country}"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SF1234567890123", "SF1234567890123"),
        ("sf 1234 5678 90123", "SF1234567890123"),
        ("YT-7512345678901", "YT7512345678901"),
        ("ＳＦ１２３４５６７８９０１２３", "SF1234567890123"),
        ("\ufeffJT5012345678901 ", "JT5012345678901"),
        ("JD0012345678901", "JD0012345678901"),
        ("751234567890", "751234567890"),
        ("4312345678901", "4312345678901"),
        ("78123456789012", "78123456789012"),
        ("771234567890123", "771234567890123"),
        ("RA473124829CN", "RA473124829CN"),  # the standard's own example of a check digit
        ("ra 4731 2482 9 cn", "RA473124829CN"),
    ],
)
def test_accepted_forms(text: str, number: str) -> None:
    assert normalise(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "12345678901", "1234567890123456", "SF123456789012", "SF12345678901234",
        "XX1234567890123", "RA473124828CN", "RA47312482CN", "1.23457E+14", "123456789012.0",
        "000000000000", "SF1111111111111", "١٢٣٤٥٦٧٨٩٠١٢", "SF1234567890123 SF1234567890124",
        "=HYPERLINK(\"x\")",
    ],
)  # fmt: skip
def test_refused_forms(text: str) -> None:
    assert normalise(text) is None


digits8 = st.text("0123456789", min_size=8, max_size=8).filter(lambda s: len(set(s)) > 1)


@given(digits8)
def test_s10_accepts_exactly_one_check_digit(serial: str) -> None:
    accepted = [d for d in "0123456789" if normalise(f"RR{serial}{d}CN")]
    assert [s10("RR", serial, "CN")] == [f"RR{serial}{d}CN" for d in accepted]


@given(digits8, st.integers(0, 7), st.integers(1, 9))
def test_s10_finds_every_single_wrong_digit(serial: str, place: int, change: int) -> None:
    right = s10("EE", serial, "CN")
    wrong = str((int(serial[place]) + change) % 10)
    changed = right[: 2 + place] + wrong + right[3 + place :]
    # 10 and 0, 11 and 5 share a digit, so a few changes of a digit cannot show.
    weighted = [
        sum(int(d) * w for d, w in zip(s[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
        for s in (right, changed)
    ]
    if {*weighted} not in ({0, 6}, {1}):
        assert normalise(changed) is None


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    number = normalise(text)
    assert number is None or normalise(number) == number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("SF1234567890123_2.jpg", "SF1234567890123"),
        ("sf1234567890123.JPG", "SF1234567890123"),
        ("hub/2026/771234567890123-a.jpg", "771234567890123"),
        ("C:\\photos\\YT7512345678901.jpg", "YT7512345678901"),
        ("SF1234567890123_20261123101500.jpg", "SF1234567890123"),
        ("SF1234567890123_SF1234567890123.jpg", "SF1234567890123"),
        ("开箱 751234567890 第2张.heic", "751234567890"),
        ("RA473124829CN.png", "RA473124829CN"),
        ("batch.zip!/771234567890123.jpg", "771234567890123"),
        ("771234567890123", "771234567890123"),
        (".771234567890123", "771234567890123"),
    ],
)
def test_number_in_a_file_name(name: str, number: str) -> None:
    assert from_file_name(name) == number


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20261123_101500.jpg",
        "IMG_20261123101500.jpg",
        "IMG20261123101500.jpg",
        "20261123101500.jpg",
        "20261123101500123.jpg",
        "202611231015001.jpg",
        "202611231015.jpg",
        "261123101500.jpg",
        "231120261015.jpg",
        "112320261015.jpg",
        "mmexport1764567890123.jpg",
        "1764567890123.jpg",
        "wx_camera_1764567890123.jpg",
        "microMsg.1764567890123.jpg",
        "8613812345678.jpg",
        "SF1234567890123_YT1234567890123.jpg",
        "SF1234567890123_771234567890123.jpg",
        "751234567890_751234567891.jpg",
        "RA473124828CN.jpg",
        "a1234567890123.jpg",
        "751234567890x.jpg",
        "XSF1234567890123.jpg",
        "1234567890123456.jpg",
        "000000000000.jpg",
        "photo.jpg",
        "771234567890123/photo.jpg",
        "",
    ],
)
def test_no_number_in_a_file_name(name: str) -> None:
    assert from_file_name(name) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SF1234567890123", "SF1234567890123"),
        ("771234567890123", "771234567890123"),
        ("JD0012345678901-1-1-", "JD0012345678901"),
        ("https://example.cn/q?billCode=751234567890&t=1764567890123", "751234567890"),
        ("https://example.cn/q/SF1234567890123?from=qr", "SF1234567890123"),
        ('{"waybill_no": "771234567890123", "order": "123456789012345"}', "771234567890123"),
        ("MMM={'k1':'755WE','k5':'SF1234567890123','k6':''}", "SF1234567890123"),
        ("运单号：4312345678901", "4312345678901"),
        ("https://x.cn/?d=%7B%22mailNo%22%3A%22771234567890123%22%7D", "771234567890123"),
        ("1764567890123", "1764567890123"),  # printed on a label, it is no time
    ],
)
def test_number_in_a_code(text: str, number: str) -> None:
    assert from_code_text(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "https://item.jd.com/100012043978.html",
        "https://item.taobao.com/item.htm?id=612345678901",
        "https://example.cn/q?billCode=751234567890&mailNo=751234567891",
        "SF1234567890123,SF1234567890124",
        "6901234567892",  # EAN-13
        "WIFI:S:hub;P:123456789012;;",
        "",
    ],
)
def test_no_number_in_a_code(text: str) -> None:
    assert from_code_text(text) is None


def test_goods_codes_need_their_check_digit() -> None:
    assert from_code_text("6901234567893") == "6901234567893"
    valid = [d for d in "0123456789" if from_code_text(f"35291107123456{d}") is None]
    assert len(valid) == 1


@given(st.text(max_size=60))
def test_what_is_found_is_always_a_number(text: str) -> None:
    for found in (from_code_text(text), from_file_name(text)):
        assert found is None or normalise(found) == found


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("SF1234567890123", "***********0123"),
        ("773519028374", "********8374"),
        ("EB204817360CN", "*********60CN"),
        ("12345", "***45"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_its_last_four_characters_at_most(number: str, masked: str) -> None:
    assert masked_number(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("SF1234567890123_2.jpg", "***********0123_2.jpg"),
        ("in/eb204817360cn.jpg", "in/*********60cn.jpg"),
        ("YT 7263-5409-1827-3.png", "YT ************27-3.png"),
        ("１２３４５６７８９０１２", "********９０１２"),
        ("IMG_20261103_091244.jpg", "IMG_20261103_091244.jpg"),
        ("notes.txt", "notes.txt"),
    ],
)
def test_numbers_within_a_text_are_masked(text: str, masked: str) -> None:
    assert masked_in(text) == masked
