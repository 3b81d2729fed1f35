"""Tables as files: what was written is opened again, and no text of them runs as a formula."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenpack.reasons import GreenPackError
from greenpack.report import tables_out
from greenpack.report.parquet_out import ABOUT
from greenpack.report.tables_out import (
    FORMULA_STARTS,
    Cell,
    Row,
    TableFormat,
    TableOut,
    in_zone,
    write_table,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 23, 8, 30, 15, tzinfo=UTC)
HEADS = ("number", "share", "名称", "received", "day", "open")
ROWS: list[Row] = [
    (1, 0.5, "丝路鞋业", in_zone(MOMENT, SHANGHAI), date(2026, 11, 23), True),
    (-2, None, '=HYPERLINK("http://example.org")', None, None, False),
    (3, float("nan"), 'two\nlines, "quoted"', in_zone(MOMENT, SHANGHAI), None, None),
]
TABLE = TableOut("senders: 2026/11", HEADS, [("verdict", "violation"), ("说明", "=1+1")])
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def cells_of(path: Path, sheet: int = 1) -> list[ElementTree.Element]:
    with zipfile.ZipFile(path) as book:
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return list(tree.iter(f"{_SHEET}c"))


def value_of(cell: ElementTree.Element) -> str:
    """The text of an inline string, else the number as it is written."""
    return "".join(part.text or "" for part in cell.iter() if part.tag.endswith(("}t", "}v")))


def formats_of(path: Path) -> list[str]:
    """The number format of each cell format."""
    with zipfile.ZipFile(path) as book:
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    own = {
        form.attrib["numFmtId"]: form.attrib["formatCode"]
        for form in styles.iter(f"{_SHEET}numFmt")
    }
    (cell_forms,) = styles.iter(f"{_SHEET}cellXfs")
    return [own.get(form.attrib["numFmtId"], "") for form in cell_forms]


def test_csv_opens_in_a_spreadsheet_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert write_table(path, TableFormat.CSV, TABLE, ROWS) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, first, second, third = read_csv(path)
    assert head == list(HEADS)
    assert first == ["1", "0.5", "丝路鞋业", "2026-11-23T16:30:15+08:00", "2026-11-23", "true"]
    # A number below zero stays one; a formula becomes text.
    assert second[0] == "-2"
    assert second[2] == '\'=HYPERLINK("http://example.org")'
    assert third[1:3] == ["", 'two\nlines, "quoted"']


def test_xlsx_has_typed_cells_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    assert write_table(path, TableFormat.XLSX, TABLE, ROWS) == 3
    cells = {cell.attrib["r"]: cell for cell in cells_of(path)}
    assert [value_of(cells[f"{column}1"]) for column in "ABCDEF"] == list(HEADS)
    assert cells["A2"].attrib.get("t") is None
    assert float(value_of(cells["A2"])) == 1
    assert cells["C3"].attrib["t"] == "inlineStr"
    assert value_of(cells["C3"]) == '=HYPERLINK("http://example.org")'
    assert cells["F2"].attrib["t"] == "b"
    assert "B4" not in cells
    # 16:30:15 of that day, counted in days since the end of 1899, and its zone in the format.
    local = MOMENT + timedelta(hours=8) - datetime(1899, 12, 30, tzinfo=UTC)
    assert float(value_of(cells["D2"])) == pytest.approx(local / timedelta(days=1), abs=1e-9)
    forms = formats_of(path)
    assert forms[int(cells["D2"].attrib["s"])] == 'yyyy-mm-dd hh:mm:ss "UTC+08:00"'
    assert forms[int(cells["E2"].attrib["s"])] == "yyyy-mm-dd"
    assert [value_of(cell) for cell in cells_of(path, 2)] == [
        "verdict",
        "violation",
        "说明",
        "=1+1",
    ]
    with zipfile.ZipFile(path) as book:
        everything = b"".join(book.read(name) for name in book.namelist())
        assert 'name="senders 202611"' in book.read("xl/workbook.xml").decode()
    assert b"<f>" not in everything
    assert b"<hyperlink" not in everything


def test_parquet_has_typed_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    assert write_table(path, TableFormat.PARQUET, TABLE, ROWS) == 3
    table = pq.read_table(path)
    assert [str(field.type) for field in table.schema] == [
        "int64",
        "double",
        "string",
        "timestamp[us, tz=Asia/Shanghai]",
        "date32[day]",
        "bool",
    ]
    rows = table.to_pylist()
    assert rows[0]["received"] == MOMENT
    assert rows[1]["名称"] == '=HYPERLINK("http://example.org")'
    assert rows[2]["share"] is None
    assert json.loads(table.schema.metadata[ABOUT]) == {"verdict": "violation", "说明": "=1+1"}


def test_parquet_settles_what_a_column_holds_by_all_of_its_rows(tmp_path: Path) -> None:
    rows: list[Row] = [(None, None, 1, None)] * 20_001
    rows += [(1, 0.5, "x", None), (2, 7, 2.5, None), (10**30, 8, None, None)]
    path = tmp_path / "t.parquet"
    table = TableOut("t", ("a", "a", "mixed", "nothing"))
    assert write_table(path, TableFormat.PARQUET, table, rows) == len(rows)
    found = pq.read_table(path)
    assert found.column_names == ["a", "a (2)", "mixed", "nothing"]
    assert [str(field.type) for field in found.schema] == ["string", "double", "string", "string"]
    assert found.slice(20_001).to_pylist()[2]["a"] == str(10**30)


@pytest.mark.parametrize("kind", TableFormat)
def test_a_table_without_rows_has_its_heads(tmp_path: Path, kind: TableFormat) -> None:
    path = tmp_path / "t"
    assert write_table(path, kind, TableOut("t", HEADS), []) == 0
    if kind is TableFormat.CSV:
        assert read_csv(path) == [list(HEADS)]
    elif kind is TableFormat.XLSX:
        assert [value_of(cell) for cell in cells_of(path)] == list(HEADS)
    else:
        assert pq.read_table(path).column_names == list(HEADS)


@pytest.mark.parametrize("kind", TableFormat)
def test_rows_are_taken_one_after_another(tmp_path: Path, kind: TableFormat) -> None:
    told: list[int] = []
    ahead = 0

    def rows() -> Iterator[Row]:
        nonlocal ahead
        for number in range(2500):
            ahead = number
            yield (number,)

    def tell(count: int) -> None:
        # What was told is never behind what was taken by more than the row at hand.
        assert ahead <= count
        told.append(count)

    write_table(tmp_path / "t", kind, TableOut("t", ("n",)), rows(), tell)
    assert told == [1000, 2000]


def test_a_sheet_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_out, "SHEET_ROWS", 4)
    table = TableOut("t", ("n",))
    assert write_table(tmp_path / "t", TableFormat.XLSX, table, [(n,) for n in range(3)]) == 3
    with pytest.raises(GreenPackError, match="more rows") as caught:
        write_table(tmp_path / "t", TableFormat.XLSX, table, [(n,) for n in range(4)])
    assert caught.value.code == "too_many_rows_for_xlsx"
    assert "CSV or Parquet" in caught.value.advice
    assert write_table(tmp_path / "t", TableFormat.CSV, table, [(n,) for n in range(4)]) == 4


def test_what_a_sheet_cannot_hold_becomes_text(tmp_path: Path) -> None:
    row: Row = (10**16, date(1800, 1, 1), "x" * 40_000, datetime(1800, 1, 1, tzinfo=UTC))
    path = tmp_path / "t.xlsx"
    write_table(path, TableFormat.XLSX, TableOut("t", "abcd"), [row])
    texts = {cell.attrib["r"]: value_of(cell) for cell in cells_of(path)}
    assert (texts["A2"], texts["B2"]) == ("10000000000000000", "1800-01-01")
    assert len(texts["C2"]) == 32_767
    assert texts["C2"].endswith("…")
    assert texts["D2"].startswith("1800-01-01T")


@pytest.mark.parametrize(
    ("row", "says"),
    [((1,), "1 cells under 2"), ((datetime(2026, 1, 1), 1), "no time zone")],  # noqa: DTZ001
)
def test_what_is_no_row_is_refused(tmp_path: Path, row: Row, says: str) -> None:
    for kind in TableFormat:
        with pytest.raises(ValueError, match=says):
            write_table(tmp_path / "t", kind, TableOut("t", ("a", "b")), [row])


# Texts that begin as formulas do, among any others.
NASTY = st.one_of(
    st.builds(
        lambda start, rest: start + rest, st.sampled_from(FORMULA_STARTS), st.text(max_size=8)
    ),
    st.text(max_size=12),
)
QUICK = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.lists(st.tuples(NASTY, NASTY), max_size=25), NASTY)
@QUICK
def test_no_cell_of_a_csv_begins_as_a_formula(
    tmp_path: Path, rows: list[tuple[str, str]], head: str
) -> None:
    path = tmp_path / "t.csv"
    write_table(path, TableFormat.CSV, TableOut("t", (head, "b")), rows)
    found = read_csv(path)
    assert len(found) == len(rows) + 1
    for line in found:
        for cell in line:
            assert not cell.startswith(FORMULA_STARTS)


@given(st.lists(st.tuples(NASTY, NASTY), max_size=25), NASTY)
@QUICK
def test_no_cell_of_a_workbook_is_a_formula(
    tmp_path: Path, rows: list[tuple[str, str]], head: str
) -> None:
    path = tmp_path / "t.xlsx"
    write_table(path, TableFormat.XLSX, TableOut(head, (head, "b"), [(head, head)]), rows)
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                sheet = book.read(name).decode()
                assert "<f>" not in sheet
                kinds = set(re.findall(r'<c [^>]*t="(\w+)"', sheet))
                assert kinds <= {"inlineStr"}


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(timezones=st.just(SHANGHAI), min_value=datetime(1902, 1, 1)),  # noqa: DTZ001
)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=20))
@QUICK
def test_any_cells_come_out_of_every_format(tmp_path: Path, rows: list[tuple[Cell, Cell]]) -> None:
    for kind in TableFormat:
        path = tmp_path / f"t.{kind}"
        assert write_table(path, kind, TableOut("t", ("a", "b")), rows) == len(rows)
    assert len(read_csv(tmp_path / "t.csv")) == len(rows) + 1
    assert pq.read_table(tmp_path / "t.parquet").num_rows == len(rows)
