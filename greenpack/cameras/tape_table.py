"""The table of parcels measured with a tape: CSV with a row for each photo."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass

from greenpack.intake.table_text import decoded, rows
from greenpack.reasons import GreenPackError

COLUMNS = ("photo", "length_mm", "width_mm", "height_mm")
_PARCEL = "parcel"


@dataclass(frozen=True, slots=True)
class TapedParcel:
    """A parcel's true sizes.

    Attributes:
        parcel: which parcel it is.
        sizes: length, width, height in millimetres, length the longer side of the base.
    """

    parcel: str
    sizes: tuple[float, float, float]


def read_tape(data: bytes) -> dict[str, TapedParcel]:
    """The parcels by the photo's bare file name, in lower case.

    Columns ``photo``, ``length_mm``, ``width_mm``, ``height_mm``, and ``parcel`` where there are
    several photos of one parcel. Without that column photos of parcels of the same sizes count as
    one parcel: rather too few parcels than too many.

    Raises:
        GreenPackError: ``table_unreadable``, ``file_too_large``, ``table_columns_missing`` or
            ``tape_table_invalid`` with the line.
    """
    text, _ = decoded(data)
    names: list[str] = []
    found: dict[str, TapedParcel] = {}
    for line, row in rows(text, lambda cell: cell.strip().lower() in (*COLUMNS, _PARCEL)):
        if isinstance(row, csv.Error):
            raise GreenPackError("tape_table_invalid", f"line {line}: {row}")
        if not names:
            names = [cell.strip().lower() for cell in row]
            missing = [name for name in COLUMNS if name not in names]
            if missing:
                raise GreenPackError("table_columns_missing", ", ".join(missing))
            continue
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        name = cells["photo"].replace("\\", "/").rpartition("/")[2].lower() if row else ""
        taped = _parcel(line, cells)
        if not name:
            raise GreenPackError("tape_table_invalid", f"line {line}: no photo")
        if found.setdefault(name, taped) != taped:
            raise GreenPackError("tape_table_invalid", f"line {line}: {name} stands there twice")
    if not names:
        raise GreenPackError("table_columns_missing", ", ".join(COLUMNS))
    return found


def _parcel(line: int, cells: dict[str, str]) -> TapedParcel:
    sizes = []
    for name in COLUMNS[1:]:
        try:
            size = float(cells.get(name, ""))
        except ValueError:
            size = math.nan
        if not (math.isfinite(size) and size > 0):
            shown = cells.get(name, "")
            raise GreenPackError("tape_table_invalid", f"line {line}: {name} is {shown!r}")
        sizes.append(size)
    length, width = max(sizes[:2]), min(sizes[:2])
    same = f"{length:g} x {width:g} x {sizes[2]:g} mm"
    return TapedParcel(cells.get(_PARCEL) or same, (length, width, sizes[2]))
