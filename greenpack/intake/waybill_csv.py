"""The waybill table: what platforms declare of parcels and their contents, one line per item."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from greenpack.intake import waybill_cells as cells
from greenpack.intake.table_text import decoded, rows
from greenpack.intake.waybill_columns import Column, columns_of, is_heading
from greenpack.reasons import GreenPackError


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """One kind of goods in a parcel, as declared.

    Sizes are of one piece, in mm, above 0; all three or none are given. ``name`` may be empty.
    ``goods_class`` is general, fragile, fresh, liquid or other. ``soft`` goods give way when they
    are pressed, as clothes do; None where nothing is said of it.
    """

    name: str
    length_mm: float | None
    width_mm: float | None
    height_mm: float | None
    quantity: int
    goods_class: str
    soft: bool | None = None


@dataclass(frozen=True, slots=True)
class DeclaredWaybill:
    """One parcel, as declared; None where the table says nothing.

    ``packaging`` is single_use or reusable. ``parcel_mm`` is length, width and height outside, as
    written, not sorted. ``board_mm`` is the thickness of its board in mm, > 0; the masses are those
    of all its goods and of all its packaging in grams, > 0. ``photos`` are bare file names.
    ``complete`` is False where a bad row named this waybill: an item may be missing, so the
    declared contents prove no void.
    """

    number: str
    sender_code: str | None
    sender_name: str | None
    platform: str | None
    hub: str | None
    province: str | None
    municipality: str | None
    packed_on: date | None
    packaging: str | None
    parcel_mm: tuple[float, float, float] | None
    items: tuple[DeclaredItem, ...]
    photos: tuple[str, ...]
    complete: bool = True
    board_mm: float | None = None
    product_mass_g: float | None = None
    packaging_mass_g: float | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that was not taken in.

    Attributes:
        line: where the row begins in the file, from 1.
        column: the heading as the file has it, or None where the whole row is meant.
        problem: what is wrong, for the person who wrote the table; with several, all of them.
    """

    line: int
    column: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class WaybillTable:
    """A waybill table as read.

    Attributes:
        waybills: in the order in which they first come.
        bad_rows: what was left out and why, in the order of lines.
        encoding: ``utf-8``, ``utf-16`` or ``gb18030``.
        sidecar: photo file name to waybill number; names given to two waybills are left out.
        unknown_columns: headings that were passed over.
    """

    waybills: tuple[DeclaredWaybill, ...]
    bad_rows: tuple[BadRow, ...]
    encoding: str
    sidecar: dict[str, str]
    unknown_columns: tuple[str, ...]


def read_waybills(data: bytes) -> WaybillTable:
    """Reads a waybill table in UTF-8, UTF-16 or GB18030; good rows are kept beside bad ones.

    Raises:
        GreenPackError: ``table_unreadable``, ``table_columns_missing`` or ``file_too_large``.
    """
    text, encoding = decoded(data)
    body = rows(text, is_heading)
    _, header = next(body, (0, None))
    if header is None or isinstance(header, csv.Error):
        raise GreenPackError("table_unreadable", str(header or "the file is empty"))
    columns, unknown = columns_of(header)
    gathered = _Gathered()
    bad_rows = []
    for line, row in body:
        try:
            if isinstance(row, csv.Error):
                raise _RowError([(None, f"the row cannot be read: {row}")])
            gathered.add(line, _parsed(row, columns, len(header)), columns)
        except _RowError as error:
            problem = "; ".join(text for _, text in error.problems)
            bad_rows.append(BadRow(line, error.problems[0][0], problem))
            gathered.incomplete.add(_number_of(row, columns))
    return WaybillTable(gathered.waybills(), tuple(bad_rows), encoding, gathered.sidecar(), unknown)


class _RowError(Exception):
    def __init__(self, problems: Sequence[tuple[str | None, str]]) -> None:
        super().__init__()
        self.problems = problems


_READERS: dict[str, Callable[[str], Any]] = {
    "waybill": cells.waybill_number,
    "packed_on": cells.day,
    "packaging": lambda cell: cells.choice(cell, cells.PACKAGING),
    "goods_class": lambda cell: cells.choice(cell, cells.GOODS_CLASSES),
    "quantity": cells.quantity,
    "board_mm": cells.board,
    "item_soft": cells.yes_no,
    "photo": lambda cell: cells.text(cell, longest=2000),
}
_PARCEL = ("parcel_length_mm", "parcel_width_mm", "parcel_height_mm")
_ITEM = ("item_length_mm", "item_width_mm", "item_height_mm")
_MASSES = ("product_mass_g", "packaging_mass_g")
_OF_ITEM = ("item_name", *_ITEM, "quantity", "goods_class", "item_soft")
_OF_WAYBILL = (
    "sender_code", "sender_name", "platform", "hub", "province", "municipality", "packed_on",
    "packaging", "board_mm", *_MASSES,
)  # fmt: skip


def _parsed(row: Sequence[str], columns: Mapping[str, Column], width: int) -> dict[str, Any]:
    if any(cell.strip() for cell in row[width:]):
        raise _RowError([(None, f"{len(row)} cells where the header has {width}")])
    values: dict[str, Any] = {}
    problems: list[tuple[str | None, str]] = []
    for name, column in columns.items():
        cell = row[column.index] if column.index < len(row) else ""
        try:
            if name in _PARCEL or name in _ITEM:
                values[name] = cells.millimetres(cell, column.factor)
            elif name in _MASSES:
                values[name] = cells.grams(cell, column.factor)
            else:
                values[name] = _READERS.get(name, cells.text)(cell)
        except cells.CellError as error:
            problems.append((column.heading, f"{column.heading}: {error}"))
    for triple, whose in ((_PARCEL, "parcel"), (_ITEM, "item")):
        missing = [name for name in triple if values.get(name) is None]
        if not problems and 0 < len(missing) < 3:
            heading = columns[missing[0]].heading if missing[0] in columns else missing[0]
            problems.append((heading, f"{heading}: give all three sizes of the {whose} or none"))
    if problems:
        raise _RowError(problems)
    return values


def _number_of(row: list[str] | csv.Error, columns: Mapping[str, Column]) -> str | None:
    """Which waybill a bad row names, where it does."""
    index = columns["waybill"].index
    if isinstance(row, csv.Error) or index >= len(row):
        return None
    try:
        return cells.waybill_number(row[index])
    except cells.CellError:
        return None


@dataclass(slots=True)
class _Waybill:
    line: int
    facts: dict[str, Any] = field(default_factory=dict)
    items: list[DeclaredItem] = field(default_factory=list)
    photos: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Gathered:
    """Lines gathered by waybill."""

    by_number: dict[str, _Waybill] = field(default_factory=dict)
    number_of_photo: dict[str, str] = field(default_factory=dict)
    disputed_photos: set[str] = field(default_factory=set)
    incomplete: set[str | None] = field(default_factory=set)

    def add(self, line: int, values: dict[str, Any], columns: Mapping[str, Column]) -> None:
        number = values["waybill"]
        waybill = self.by_number.get(number) or _Waybill(line)
        facts = {name: values[name] for name in _OF_WAYBILL if values.get(name) is not None}
        if values.get(_PARCEL[0]) is not None:
            facts["parcel_mm"] = tuple(values[name] for name in _PARCEL)
        for name, value in facts.items():
            before = waybill.facts.get(name, value)
            if before != value:
                heading = columns[_PARCEL[0] if name == "parcel_mm" else name].heading
                raise _RowError(
                    [(heading, f"{heading}: {_said(value)}, but {_said(before)} before for"
                      f" {number} (first in line {waybill.line})")]
                )  # fmt: skip
        photos = _photo_names(values.get("photo"))
        self._claim(photos, number, columns)
        waybill.facts.update(facts)
        waybill.photos.update(dict.fromkeys(photos))
        if any(values.get(name) is not None for name in _OF_ITEM):
            waybill.items.append(_item(values))
        self.by_number[number] = waybill

    def _claim(self, photos: Sequence[str], number: str, columns: Mapping[str, Column]) -> None:
        for photo in photos:
            owner = self.number_of_photo.get(photo, number)
            if owner != number:
                # Which of the two is right nobody can tell, so neither sender is accused by it.
                self.disputed_photos.add(photo)
                heading = columns["photo"].heading
                raise _RowError([(heading, f"{heading}: {photo} already belongs to {owner}")])
        self.number_of_photo.update(dict.fromkeys(photos, number))

    def waybills(self) -> tuple[DeclaredWaybill, ...]:
        return tuple(
            DeclaredWaybill(
                number=number,
                **{name: waybill.facts.get(name) for name in (*_OF_WAYBILL, "parcel_mm")},
                items=tuple(waybill.items),
                photos=tuple(name for name in waybill.photos if name not in self.disputed_photos),
                complete=number not in self.incomplete,
            )
            for number, waybill in self.by_number.items()
        )

    def sidecar(self) -> dict[str, str]:
        pairs = self.number_of_photo.items()
        return {photo: number for photo, number in pairs if photo not in self.disputed_photos}


def _item(values: Mapping[str, Any]) -> DeclaredItem:
    length, width, height = (values.get(name) for name in _ITEM)
    return DeclaredItem(
        name=values.get("item_name") or "",
        length_mm=length,
        width_mm=width,
        height_mm=height,
        quantity=values.get("quantity") or 1,
        goods_class=values.get("goods_class") or "general",
        soft=values.get("item_soft"),
    )


def _photo_names(cell: str | None) -> list[str]:
    """Bare file names; several stand with ``;`` or ``|`` between them."""
    names = (re.split(r"[/\\]", name.strip())[-1] for name in re.split(r"[;；|]", cell or ""))
    return [name for name in names if name]


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return " x ".join(f"{side:g}" for side in value) + " mm"
    return str(value)
