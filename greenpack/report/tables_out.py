"""Tables written to files: CSV, XLSX and Parquet, row by row, so that no table is held in memory.

Numbers, days and moments keep their types; text that a spreadsheet would run as a formula does
not: in CSV it gets an apostrophe, and in XLSX and Parquet it is stored as text.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter

from greenpack.reasons import GreenPackError
from greenpack.records.columns import storable

Cell = str | int | float | bool | date | datetime | None
Row = Sequence[Cell]

# Excel takes a file without this mark for one in the local code page, and garbles Chinese.
BYTE_ORDER_MARK: Final = "\ufeff"
# A cell that begins so is a formula to a spreadsheet; the full-width forms are to some of them.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# What a sheet of a workbook holds, with the line of headings.
SHEET_ROWS: Final = 1_048_576
_SHEET_COLUMNS: Final = 16_384
_LONGEST_TEXT: Final = 32_767
# A spreadsheet keeps 15 digits of a number, and knows no day before this.
_LARGEST_NUMBER: Final = 10**15
_FIRST_DAY: Final = date(1900, 3, 1)
_TELL_EVERY: Final = 1000


class TableFormat(StrEnum):
    """What a table can be written as; the value is the file's ending."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"

    @property
    def media_type(self) -> str:
        """As a server names it to a browser."""
        return {
            "csv": "text/csv; charset=utf-8",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "parquet": "application/vnd.apache.parquet",
        }[self.value]


@dataclass(frozen=True, slots=True)
class TableOut:
    """What is written.

    Attributes:
        name: the sheet's name.
        heads: of the columns, at least one.
        about: what the table was narrowed by and the like, label and value; a second sheet in
            XLSX, metadata in Parquet. CSV has no place for it.
    """

    name: str
    heads: Sequence[str]
    about: Sequence[tuple[str, str]] = ()


Told = Callable[[int], None]


def write_table(
    path: Path,
    kind: TableFormat,
    table: TableOut,
    rows: Iterable[Row],
    told: Told = lambda _: None,
) -> int:
    """Write a table to a file that is not there yet, or is overwritten.

    Args:
        path: the file.
        kind: its format.
        table: name, headings and what is said about it.
        rows: each as long as ``heads``; moments are aware and keep their zone. A number that is
            NaN or infinite is written as an empty cell.
        told: is told how many rows there are so far, every thousand.

    Returns:
        How many rows were written.

    Raises:
        GreenPackError: ``too_many_rows_for_xlsx``.
        ValueError: for a naive moment or a row of another length.
        OSError: if the file cannot be written.
    """
    counted = _counted(_checked(rows, len(table.heads)), told)
    if kind is TableFormat.CSV:
        return _write_csv(path, table, counted)
    if kind is TableFormat.XLSX:
        return _write_xlsx(path, table, counted)
    # Loaded only where it is needed: it takes a while.
    from greenpack.report.parquet_out import write_parquet

    return write_parquet(path, table, counted)


def guarded(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet would run as a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _checked(rows: Iterable[Row], width: int) -> Iterator[list[Cell]]:
    for row in rows:
        if len(row) != width:
            raise ValueError(f"a row of {len(row)} cells under {width} headings")
        yield [_clean(cell) for cell in row]


def _clean(cell: Cell) -> Cell:
    if isinstance(cell, str):
        # Enums are text too, and come out as their values.
        return storable(str(cell))
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if isinstance(cell, datetime) and cell.utcoffset() is None:
        raise ValueError(f"{cell} has no time zone")
    return cell


def _counted(rows: Iterator[list[Cell]], told: Told) -> Iterator[list[Cell]]:
    for number, row in enumerate(rows, 1):
        yield row
        if number % _TELL_EVERY == 0:
            told(number)


def _write_csv(path: Path, table: TableOut, rows: Iterator[list[Cell]]) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file)
        writer.writerow([guarded(storable(head)) for head in table.heads])
        for row in rows:
            writer.writerow([guarded(_in_csv(cell)) for cell in row])
            written += 1
    return written


def _in_csv(cell: Cell) -> str | int | float | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def _write_xlsx(path: Path, table: TableOut, rows: Iterator[list[Cell]]) -> int:
    if len(table.heads) > _SHEET_COLUMNS:
        raise ValueError(f"a sheet holds no {len(table.heads)} columns")
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(path.parent),
        },
    )
    sheets = _Sheets(book)
    # Written to the disk in the end; closing an unfinished one tidies its temporary files too.
    try:
        return sheets.write(table, rows)
    finally:
        book.close()


class _Sheets:
    """The sheets of one workbook, with the formats that its cells share."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._label = book.add_format({"bold": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moments: dict[timedelta, object] = {}

    def write(self, table: TableOut, rows: Iterator[list[Cell]]) -> int:
        sheet = self._book.add_worksheet(_sheet_name(table.name))
        sheet.freeze_panes(1, 0)
        for number, head in enumerate(table.heads):
            sheet.set_column(number, number, min(40, max(12, _width(head) + 2)))
            sheet.write_string(0, number, _short(storable(head)), self._bold)
        line = 0
        for line, row in enumerate(rows, 1):
            if line >= SHEET_ROWS:
                raise GreenPackError("too_many_rows_for_xlsx", f"{SHEET_ROWS - 1:,}")
            for number, cell in enumerate(row):
                self._put(sheet, line, number, cell)
        sheet.autofilter(0, 0, line, len(table.heads) - 1)
        if table.about:
            self._tell_about(table)
        return line

    def _put(
        self, sheet: xlsxwriter.worksheet.Worksheet, line: int, number: int, cell: Cell
    ) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(line, number, cell)
        elif isinstance(cell, int | float) and abs(cell) < _LARGEST_NUMBER:
            sheet.write_number(line, number, cell)
        elif isinstance(cell, datetime) and cell.date() >= _FIRST_DAY:
            local = cell.replace(tzinfo=None)
            sheet.write_datetime(line, number, local, self._moment(cell.utcoffset()))
        elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DAY:
            sheet.write_datetime(line, number, cell, self._day)
        else:
            sheet.write_string(line, number, _short(str(_in_csv(cell))))

    def _moment(self, offset: timedelta | None) -> object:
        """A sheet knows no zones, so the offset stands in the cell's number format."""
        shift = offset or timedelta(0)
        if shift not in self._moments:
            form = f'yyyy-mm-dd hh:mm:ss "{_offset_words(shift)}"'
            self._moments[shift] = self._book.add_format({"num_format": form})
        return self._moments[shift]

    def _tell_about(self, table: TableOut) -> None:
        sheet = self._book.add_worksheet(_sheet_name(table.name, "?"))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 90)
        for line, (label, value) in enumerate(table.about):
            sheet.write_string(line, 0, _short(storable(label)), self._label)
            sheet.write_string(line, 1, _short(storable(value)), self._wrapped)


def _offset_words(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _sheet_name(name: str, more: str = "") -> str:
    """At most 31 characters without those that a sheet's name may not have."""
    kept = (
        "".join(sign for sign in storable(name) if sign not in "[]:*?/\\'").strip() or "GreenPack"
    )
    return kept[:28].strip() + (" (i)" if more else "")


def _short(text: str) -> str:
    """What a cell holds of a text; the rest is cut off and a mark says so."""
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _width(head: str) -> int:
    """Of a heading in narrow characters: Chinese ones are twice as wide."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in head)


def in_zone(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A moment as a cell that shows it in a zone; None stays None."""
    return None if moment is None else moment.astimezone(zone)
