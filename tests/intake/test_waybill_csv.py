"""Waybill tables as spreadsheets write them: encodings, delimiters, headings, mistakes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.intake.waybill_columns import COLUMNS
from greenpack.intake.waybill_csv import BadRow, DeclaredItem, WaybillTable, read_waybills
from greenpack.reasons import GreenPackError

HEADER = ",".join(COLUMNS)
FULL = (
    "SF1234567890123,S1,Acme 商贸,Taobao,沪西,上海市,上海市,2026-11-03,single_use,300,200,100,"
    "Cup,80,80,100,2,fragile,a.jpg"
)
CHINESE = (
    "运单号,商家编码,寄件人名称,电商平台,分拨中心,省份,城市,打包日期,包装类型,包裹长（mm）,"
    "包裹宽（mm）,包裹高（mm）,商品名称,商品长(mm),商品宽(mm),商品高(mm),数量,商品类别,照片"
)


def table(*lines: str, header: str = HEADER) -> WaybillTable:
    return read_waybills("\n".join((header, *lines)).encode())


def only_bad(result: WaybillTable) -> BadRow:
    assert result.waybills == ()
    assert len(result.bad_rows) == 1
    return result.bad_rows[0]


def code(data: bytes) -> str:
    with pytest.raises(GreenPackError) as caught:
        read_waybills(data)
    return caught.value.code


def test_a_full_line() -> None:
    result = table(FULL)
    (waybill,) = result.waybills
    assert waybill.number == "SF1234567890123"
    assert (waybill.sender_code, waybill.sender_name) == ("S1", "Acme 商贸")
    assert (waybill.platform, waybill.hub) == ("Taobao", "沪西")
    assert (waybill.province, waybill.municipality) == ("上海市", "上海市")
    assert waybill.packed_on == date(2026, 11, 3)
    assert waybill.packaging == "single_use"
    assert waybill.parcel_mm == (300.0, 200.0, 100.0)
    assert waybill.items == (DeclaredItem("Cup", 80.0, 80.0, 100.0, 2, "fragile"),)
    assert waybill.photos == ("a.jpg",)
    assert waybill.complete
    assert result.sidecar == {"a.jpg": "SF1234567890123"}
    assert (result.bad_rows, result.unknown_columns) == ((), ())


def test_only_the_waybill_is_required() -> None:
    (waybill,) = table("771234567890123", header="waybill").waybills
    assert waybill.items == ()
    assert waybill.parcel_mm is waybill.packed_on is waybill.packaging is None
    (waybill,) = table("771234567890123,Cup", header="waybill,item_name").waybills
    assert waybill.items == (DeclaredItem("Cup", None, None, None, 1, "general"),)


def test_chinese_headings_and_values() -> None:
    line = (
        "SF1234567890123,S1,某商家,淘宝,沪西,上海市,上海市,2026年11月3日,循环,３００,200,1,茶杯,"
        "80,80,100,２,易碎,a.jpg"
    )
    (waybill,) = table(line, header=CHINESE).waybills
    assert waybill.packed_on == date(2026, 11, 3)
    assert waybill.packaging == "reusable"
    assert waybill.parcel_mm == (300.0, 200.0, 1.0)
    assert waybill.items == (DeclaredItem("茶杯", 80.0, 80.0, 100.0, 2, "fragile"),)


@pytest.mark.parametrize("heading", ["运单号", "快递单号", "单号", " Waybill ", "ＷＡＹＢＩＬＬ"])
def test_headings_of_the_number(heading: str) -> None:
    assert len(table("771234567890123", header=heading).waybills) == 1


@pytest.mark.parametrize(
    ("heading", "length"),
    [("包裹长", 300), ("包裹长度(mm)", 300), ("包裹长（毫米）", 300), ("包裹长mm", 300),
     ("包裹长(cm)", 3000), ("包裹长（厘米）", 3000)],
)  # fmt: skip
def test_units_in_headings(heading: str, length: float) -> None:
    header = f"单号,{heading},{heading.replace('长', '宽')},{heading.replace('长', '高')}"
    (waybill,) = table("771234567890123,300,300,300", header=header).waybills
    assert waybill.parcel_mm == (length, length, length)


def test_board_masses_and_soft_goods() -> None:
    header = "运单号,纸板厚度（mm）,商品总重(kg),包装重量(克),品名,是否软质"
    (waybill,) = table("771234567890123,3.5,1.2,350,围巾,是", header=header).waybills
    assert (waybill.board_mm, waybill.product_mass_g, waybill.packaging_mass_g) == (3.5, 1200, 350)
    assert waybill.items[0].soft is True
    header = "waybill,board_mm,product_mass_g,packaging_mass_g,item_name,item_soft"
    two = table("771234567890123,3,500,80,Cup,no", "771234567890123,,500,,Scarf,yes", header=header)
    assert [item.soft for item in two.waybills[0].items] == [False, True]
    assert two.waybills[0].product_mass_g == 500
    # One piece or all of them: nobody knows, so it is passed over.
    assert table("771234567890123,9", header="单号,商品重量").unknown_columns == ("商品重量",)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("board_mm", "0"), ("board_mm", "300"), ("product_mass_g", "-5"), ("product_mass_g", "0"),
     ("packaging_mass_g", "2000000"), ("item_soft", "perhaps")],
)  # fmt: skip
def test_board_masses_and_softness_that_cannot_be(column: str, cell: str) -> None:
    bad = only_bad(table(f"771234567890123,{cell}", header=f"waybill,{column}"))
    assert bad.column == column


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding: str, delimiter: str, newline: str) -> None:
    text = newline.join((CHINESE.replace(",", delimiter), FULL.replace(",", delimiter), ""))
    result = read_waybills(text.encode(encoding))
    assert len(result.waybills) == 1
    assert result.waybills[0].hub == "沪西"
    assert result.encoding == encoding.removesuffix("-sig")


def test_delimiter_comes_from_the_header_and_not_from_the_names() -> None:
    result = table("771234567890123;Cup, red, large, for tea", header="waybill;item_name")
    assert result.waybills[0].items[0].name == "Cup, red, large, for tea"
    assert len(table("sep=;", "waybill;hub", "771234567890123;x", header="").waybills) == 1
    assert table("waybill|hub", "771234567890123|x", header="sep=|").waybills[0].hub == "x"


def test_unknown_columns_are_named() -> None:
    result = table("771234567890123,x,y", header="waybill,colour,,")
    assert result.unknown_columns == ("colour",)
    assert len(result.waybills) == 1


def test_missing_column_names_what_was_found() -> None:
    with pytest.raises(GreenPackError, match=r"waybill.*found: hub, colour") as caught:
        table("x,y", header="hub,colour")
    assert caught.value.code == "table_columns_missing"


def test_columns_of_one_meaning_are_refused() -> None:
    assert code("单号,waybill\n1,2".encode()) == "table_unreadable"


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\xef\xbb\xbf", b"PK\3\4xlsx", b"\xd0\xcf\x11\xe0xls", b"waybill\n\0\0",
     b"\xff\xfe\x00", b"\xff\xff\xff\xff", b"a" * 200_000],
)  # fmt: skip
def test_unreadable_tables(data: bytes) -> None:
    assert code(data) == "table_unreadable"


def test_too_large_a_table() -> None:
    assert code(bytes(64 * 1024 * 1024 + 1)) == "file_too_large"


# Several lines of one waybill


def test_lines_of_one_waybill_are_gathered() -> None:
    result = table(
        FULL,
        "sf-1234567890123,,,,,,,,,,,,Plate,200,200,20,4,fragile,b.jpg;dir/c.jpg|a.jpg",
        "SF1234567890123,S1,,,,,,,,300,200,100,,,,,,,",
    )
    (waybill,) = result.waybills
    assert [item.name for item in waybill.items] == ["Cup", "Plate"]
    assert waybill.photos == ("a.jpg", "b.jpg", "c.jpg")
    assert result.bad_rows == ()


def test_later_lines_fill_what_the_first_left_empty() -> None:
    header = "waybill,hub,packed_on"
    (waybill,) = table(
        "771234567890123,,", "771234567890123,沪西,2026/11/3", header=header
    ).waybills
    assert (waybill.hub, waybill.packed_on) == ("沪西", date(2026, 11, 3))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("SF1234567890123,S2" + "," * 17, "sender_code"),
        ("SF1234567890123" + "," * 9 + "301,200,100" + "," * 7, "parcel_length_mm"),
        ("SF1234567890123" + "," * 7 + "2026-11-04" + "," * 11, "packed_on"),
    ],
)
def test_contradiction_is_a_bad_row(line: str, column: str) -> None:
    result = table(FULL, line)
    assert len(result.waybills) == 1
    assert not result.waybills[0].complete
    (bad,) = result.bad_rows
    assert (bad.line, bad.column) == (3, column)
    assert "before" in bad.problem


def test_a_photo_of_two_waybills_accuses_neither() -> None:
    lines = ("771234567890123,a.jpg", "771234567890124,a.jpg", "771234567890124,b.jpg")
    result = table(*lines, header="waybill,photo")
    assert result.sidecar == {"b.jpg": "771234567890124"}
    assert [waybill.photos for waybill in result.waybills] == [(), ("b.jpg",)]
    assert result.bad_rows[0].column == "photo"


def test_a_bad_line_makes_its_waybill_incomplete() -> None:
    header = "waybill,item_name,quantity"
    lines = (
        "771234567890123,Cup,1",
        "771234567890123,Plate,many",
        "771234567890124,Jug,1",
        "x,y,1",
    )
    result = table(*lines, header=header)
    assert [waybill.complete for waybill in result.waybills] == [False, True]
    assert [bad.line for bad in result.bad_rows] == [3, 5]


# Cells


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1.23457E+14", "format the column as text"),
        ("1.23E14", "format the column as text"),
        ("751234567890.0", "format the column as text"),
        ("", "missing"),
        ("12345", "no waybill number"),
        ("RA473124828CN", "no waybill number"),
        ("=HYPERLINK(1)", "no waybill number"),
    ],
)
def test_bad_waybill_numbers(number: str, words: str) -> None:
    bad = only_bad(table(f"{number},x", header="waybill,hub"))
    assert (bad.line, bad.column) == (2, "waybill")
    assert words in bad.problem


@pytest.mark.parametrize("cell", ["'751234567890", '"=""751234567890"""', " 7512 3456 7890 "])
def test_numbers_kept_as_text(cell: str) -> None:
    assert table(cell, header="waybill").waybills[0].number == "751234567890"


@pytest.mark.parametrize("cell", ["0", "-5", "20001", "1e3", "abc", "1,5", "nan", "inf", "9" * 30])
def test_bad_lengths(cell: str) -> None:
    header = "waybill;parcel_length_mm;parcel_width_mm;parcel_height_mm"
    bad = only_bad(table(f"771234567890123;{cell};10;10", header=header))
    assert bad.column == "parcel_length_mm"


@pytest.mark.parametrize(
    ("cell", "value"), [("20000", 20000), ("1,200", 1200), ("１，２００．５", 1200.5), ("0.5", 0.5)]
)
def test_good_lengths(cell: str, value: float) -> None:
    header = "waybill;parcel_length_mm;parcel_width_mm;parcel_height_mm"
    (waybill,) = table(f"771234567890123;{cell};10;10", header=header).waybills
    assert waybill.parcel_mm == (value, 10, 10)


def test_sizes_come_in_threes() -> None:
    header = "waybill,parcel_length_mm,parcel_width_mm,parcel_height_mm"
    bad = only_bad(table("771234567890123,300,,100", header=header))
    assert (bad.column, "all three" in bad.problem) == ("parcel_width_mm", True)
    bad = only_bad(table("771234567890123,300", header="waybill,item_length_mm"))
    assert bad.column == "item_width_mm"


@pytest.mark.parametrize("cell", ["0", "10001", "1.5", "-1", "two"])
def test_bad_quantities(cell: str) -> None:
    assert (
        only_bad(table(f"771234567890123,{cell}", header="waybill,quantity")).column == "quantity"
    )


@pytest.mark.parametrize(("cell", "value"), [("10000", 10000), ("1.0", 1), ("３", 3)])
def test_good_quantities(cell: str, value: int) -> None:
    (waybill,) = table(f"771234567890123,{cell}", header="waybill,quantity").waybills
    assert waybill.items[0].quantity == value


@pytest.mark.parametrize(
    "cell",
    ["2026-11-03", "2026-11-3", "2026/11/3", "2026/11/03 0:00", "2026年11月3日", "2026.11.3",
     "2026-11-03T10:00:00", "２０２６年１１月３日"],
)  # fmt: skip
def test_dates(cell: str) -> None:
    (waybill,) = table(f"771234567890123,{cell}", header="waybill,packed_on").waybills
    assert waybill.packed_on == date(2026, 11, 3)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "11/3/2026", "46329", "1899-01-01", "yesterday", "2026-11/03"]
)
def test_bad_dates(cell: str) -> None:
    bad = only_bad(table(f"771234567890123,{cell}", header="waybill,packed_on"))
    assert "2026-11-03" in bad.problem


def test_unknown_words() -> None:
    assert "single_use" in only_bad(table("771234567890123,box", header="单号,包装类型")).problem
    bad = only_bad(table("771234567890123,glass", header="单号,商品类别"))
    assert (bad.column, "fragile" in bad.problem) == ("商品类别", True)
    (waybill,) = table("771234567890123,其它", header="单号,商品类别").waybills
    assert waybill.items[0].goods_class == "other"


def test_all_problems_of_a_line_are_told() -> None:
    bad = only_bad(table("12,0,soon", header="waybill,quantity,packed_on"))
    assert bad.column == "waybill"
    assert all(word in bad.problem for word in ("waybill", "quantity", "packed_on"))


def test_formulas_are_plain_text() -> None:
    formula = '=HYPERLINK("http://x")'
    quoted = '"' + formula.replace('"', '""') + '"'
    (waybill,) = table(f"771234567890123,{quoted}", header="waybill,sender_name").waybills
    assert waybill.sender_name == formula


def test_over_long_text() -> None:
    bad = only_bad(table(f"771234567890123,{'x' * 201}", header="waybill,hub"))
    assert "limit 200" in bad.problem
    photos = ";".join(f"photo-{i:03}.jpg" for i in range(40))
    (waybill,) = table(
        f"771234567890123,{photos}", header="waybill;photo".replace(";", ",")
    ).waybills
    assert len(waybill.photos) == 40


def test_line_numbers_are_those_of_the_file() -> None:
    lines = ["", 'bad,"two', 'lines"', "", '771234567890123,"a', 'b"', "worse,x"]
    result = table(*lines, header="\n\nwaybill,hub")
    assert [bad.line for bad in result.bad_rows] == [5, 10]
    assert result.waybills[0].hub == "a\nb"


def test_rows_of_a_wrong_width() -> None:
    result = table(
        "771234567890123", "771234567890124,x,y", "771234567890125,x,,", header="waybill,hub"
    )
    assert [waybill.number[-1] for waybill in result.waybills] == ["3", "5"]
    assert result.bad_rows == (BadRow(3, None, "3 cells where the header has 2"),)
    assert only_bad(table("x", header="hub,waybill")).column == "waybill"


def test_a_quotation_mark_never_closed() -> None:
    rest = [f"77123456789{i:04},x" for i in range(100)]
    result = table("771234567890123,x", '771234567890124,"x', *rest, header="waybill,hub")
    assert len(result.waybills) == 1
    assert (result.bad_rows[0].line, "not closed" in result.bad_rows[0].problem) == (3, True)
    huge = table("771234567890123,x", '771234567890124,"' + "x" * 140_000, header="waybill,hub")
    assert len(huge.waybills) == 1
    assert huge.bad_rows[0].line == 3


def test_numbers_and_tables_load_no_image_library() -> None:
    program = (
        "import sys, greenpack.intake.waybill_csv, greenpack.intake.waybill_number\n"
        "print(sorted({'PIL', 'cv2', 'numpy', 'zxingcpp', 'pillow_heif'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.decode().strip() == "[]"


# Properties

names = st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20
).map(str.strip).filter(bool)  # fmt: skip
lengths = st.integers(1, 20_000)
numbers = st.integers(100_000_000_000_001, 111_111_111_111_110)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(numbers, names, names, lengths, st.integers(1, 10_000)),
        unique_by=lambda row: row[0], min_size=1, max_size=8,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from([",", ";", "\t"]),
)  # fmt: skip
def test_what_is_written_is_read(
    written: list[tuple[int, str, str, int, int]], encoding: str, delimiter: str
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(
        ["运单号", "商家名称", "品名", "商品长（mm）", "商品宽(mm)", "item_height_mm", "数量"]
    )
    writer.writerows([n, s, i, x, x, x, q] for n, s, i, x, q in written)
    result = read_waybills(buffer.getvalue().encode(encoding))
    assert result.bad_rows == ()
    read = [
        (int(w.number), w.sender_name, w.items[0].name, w.items[0].length_mm, w.items[0].quantity)
        for w in result.waybills
    ]
    assert read == written


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)), st.booleans())
def test_no_bytes_raise_anything_else(data: bytes, with_header: bool) -> None:
    try:
        result = read_waybills(HEADER.encode() + b"\n" + data if with_header else data)
    except GreenPackError:
        return
    assert all(bad.line >= 2 and bad.problem for bad in result.bad_rows)
