"""The table of tape measurements, whoever's spreadsheet wrote it."""

from __future__ import annotations

import pytest

from greenpack.cameras.tape_table import TapedParcel, read_tape
from greenpack.reasons import GreenPackError

HEAD = "photo,length_mm,width_mm,height_mm\n"


def test_rows_are_known_by_the_bare_file_name() -> None:
    text = HEAD + "day 1/IMG_1.JPG,300,200,100\nday 1\\img_2.jpg,150,250.5,80\n"
    found = read_tape(text.encode())
    assert found["img_1.jpg"] == TapedParcel("300 x 200 x 100 mm", (300, 200, 100))
    assert found["img_2.jpg"].sizes == (250.5, 150, 80)


def test_parcels_are_told_apart_by_their_column_or_else_by_their_sizes() -> None:
    plain = read_tape((HEAD + "a,3,2,1\nb,2,3,1\nc,3,2,2\n").encode())
    assert len({taped.parcel for taped in plain.values()}) == 2
    named = "parcel;photo;height_mm;width_mm;length_mm\nA;a;1;2;3\nB;b;1;2;3\n"
    found = read_tape(named.encode("utf-8-sig"))
    assert [taped.parcel for taped in found.values()] == ["A", "B"]
    assert found["a"].sizes == (3, 2, 1)


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("", "table_columns_missing", "photo"),
        ("photo,length_mm\n", "table_columns_missing", "width_mm, height_mm"),
        (HEAD + "a,3,2,x\n", "tape_table_invalid", "line 2: height_mm is 'x'"),
        (HEAD + "a,3,2,1\nb,3,0,1\n", "tape_table_invalid", "line 3: width_mm"),
        (HEAD + "a,3,inf,1\n", "tape_table_invalid", "width_mm"),
        (HEAD + "a,3,2\n", "tape_table_invalid", "height_mm is ''"),
        (HEAD + ",3,2,1\n", "tape_table_invalid", "no photo"),
        (HEAD + "a,3,2,1\nA,4,2,1\n", "tape_table_invalid", "twice"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, code: str, named: str) -> None:
    with pytest.raises(GreenPackError) as refused:
        read_tape(text.encode())
    assert refused.value.code == code
    assert named in str(refused.value)
