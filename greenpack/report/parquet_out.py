"""Tables as Parquet: typed columns, written in groups of rows."""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from greenpack.report.tables_out import Cell, TableOut

_GROUP: Final = 20_000
_LARGEST_INT: Final = 2**63
# What the file's own metadata keeps what is said about the table under.
ABOUT: Final = b"greenpack.about"


class _Kind(IntEnum):
    """What the cells of a column are so far."""

    NOTHING = 0
    BOOLEAN = 1
    INTEGER = 2
    NUMBER = 3
    DAY = 4
    MOMENT = 5
    TEXT = 6


def write_parquet(path: Path, table: TableOut, rows: Iterable[list[Cell]]) -> int:
    """Write a table; a column whose cells are of several kinds becomes text.

    What a column holds is known only after its last row, so the rows are first put aside in a
    temporary file beside it. Moments are stored in UTC with the name of their zone.

    Returns:
        How many rows were written.

    Raises:
        OSError: if the file cannot be written.
    """
    kinds = [_Kind.NOTHING] * len(table.heads)
    zones: list[str | None] = [None] * len(table.heads)
    count = 0
    with tempfile.TemporaryFile(dir=path.parent) as aside:
        for group in _groups(rows):
            count += len(group)
            for number, column in enumerate(zip(*group, strict=True)):
                kinds[number] = _kind_of(column, kinds[number])
                zones[number] = zones[number] or _zone_of(column)
            pickle.dump(group, aside, protocol=pickle.HIGHEST_PROTOCOL)
        aside.seek(0)
        schema = pa.schema(
            [
                (head, _type_of(kind, zone))
                for head, kind, zone in zip(_told_apart(table.heads), kinds, zones, strict=True)
            ],
            metadata={ABOUT: json.dumps(dict(table.about), ensure_ascii=False).encode()},
        )
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for group in _put_aside(aside, count):
                columns = [
                    pa.array([_as(kind, cell) for cell in column], field.type)
                    for kind, column, field in zip(
                        kinds, zip(*group, strict=True), schema, strict=True
                    )
                ]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    return count


def _groups(rows: Iterable[list[Cell]]) -> Iterator[list[list[Cell]]]:
    group: list[list[Cell]] = []
    for row in rows:
        group.append(row)
        if len(group) == _GROUP:
            yield group
            group = []
    if group:
        yield group


def _put_aside(aside: IO[bytes], count: int) -> Iterator[list[list[Cell]]]:
    """The groups that this very process wrote a moment ago, from a file without a name."""
    while count > 0:
        group: list[list[Cell]] = pickle.load(aside)
        count -= len(group)
        yield group


def _kind_of(column: Sequence[Cell], before: _Kind) -> _Kind:
    found = before
    for cell in column:
        if cell is None:
            continue
        kind = _kind_of_cell(cell)
        if found in (_Kind.NOTHING, kind):
            found = kind
        elif {found, kind} == {_Kind.INTEGER, _Kind.NUMBER}:
            found = _Kind.NUMBER
        else:
            return _Kind.TEXT
    return found


def _kind_of_cell(cell: Cell) -> _Kind:
    if isinstance(cell, bool):
        return _Kind.BOOLEAN
    if isinstance(cell, int):
        return _Kind.INTEGER if -_LARGEST_INT <= cell < _LARGEST_INT else _Kind.TEXT
    if isinstance(cell, float):
        return _Kind.NUMBER
    if isinstance(cell, datetime):
        return _Kind.MOMENT
    return _Kind.DAY if isinstance(cell, date) else _Kind.TEXT


def _zone_of(column: Sequence[Cell]) -> str | None:
    """The zone of the first moment in it; others of the column are shown in the same."""
    for cell in column:
        if isinstance(cell, datetime):
            return cell.tzinfo.key if isinstance(cell.tzinfo, ZoneInfo) else "UTC"
    return None


def _type_of(kind: _Kind, zone: str | None) -> pa.DataType:
    return {
        _Kind.NOTHING: pa.string(),
        _Kind.BOOLEAN: pa.bool_(),
        _Kind.INTEGER: pa.int64(),
        _Kind.NUMBER: pa.float64(),
        _Kind.DAY: pa.date32(),
        _Kind.MOMENT: pa.timestamp("us", zone or "UTC"),
        _Kind.TEXT: pa.string(),
    }[kind]


def _as(kind: _Kind, cell: Cell) -> Any:
    if cell is None:
        return None
    if kind is _Kind.TEXT:
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return float(cell) if kind is _Kind.NUMBER and isinstance(cell, int) else cell


def _told_apart(heads: Sequence[str]) -> list[str]:
    """The headings; one that stood before gets a number, for columns are known by their names."""
    seen: dict[str, int] = {}
    named = []
    for head in heads:
        seen[head] = seen.get(head, 0) + 1
        named.append(head if seen[head] == 1 else f"{head} ({seen[head]})")
    return named
