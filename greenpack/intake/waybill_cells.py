"""One cell of a waybill table to its value; a cell that cannot be right says why."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from greenpack.intake.waybill_number import WaybillNumber, normalise

PACKAGING = {
    "single_use": "single_use", "reusable": "reusable", "一次性": "single_use", "循环": "reusable",
}  # fmt: skip
GOODS_CLASSES = {
    "general": "general", "fragile": "fragile", "fresh": "fresh", "liquid": "liquid",
    "other": "other", "普通": "general", "易碎": "fragile", "生鲜": "fresh", "液体": "liquid",
    "其他": "other", "其它": "other",
}  # fmt: skip
YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no", "是": "yes", "否": "no"}
_MAX_MM = 20_000
_MAX_BOARD_MM = 50
_MAX_G = 1_000_000
_MAX_QUANTITY = 10_000
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_AS_NUMBER_BY_SPREADSHEET = re.compile(r"\d(?:\.\d+)?e\+?\d+|\d+\.0+", re.ASCII | re.IGNORECASE)
# ="123" and '123 keep a spreadsheet from making a number of it.
_KEPT_AS_TEXT = re.compile(r"=\"(.*)\"|'(.*)")
_DATE = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class CellError(ValueError):
    """What is wrong with a cell, in words for the person who wrote it."""


def waybill_number(cell: str) -> WaybillNumber:
    """A waybill number in any accepted form."""
    text = _folded(cell)
    kept = _KEPT_AS_TEXT.fullmatch(text)
    if kept is not None:
        text = kept[1] or kept[2] or ""
    if not text:
        raise CellError("the waybill number is missing")
    if _AS_NUMBER_BY_SPREADSHEET.fullmatch(text):
        raise CellError(
            f"{_quoted(cell)} is a number as a spreadsheet rounds it;"
            " format the column as text and enter the waybill numbers again"
        )
    number = normalise(text)
    if number is None:
        raise CellError(
            f"{_quoted(cell)} is no waybill number: SF, YT, JT or JD and 13 digits, 12 to 15"
            " digits, or a UPU S10 number"
        )
    return number


def text(cell: str, longest: int = 200) -> str | None:
    """Text as it stands, without the blanks around it; at most ``longest`` characters."""
    stripped = cell.strip()
    if len(stripped) > longest:
        raise CellError(
            f"{len(stripped):,} characters, limit {longest}; is a quotation mark not closed?"
        )
    return stripped or None


def millimetres(cell: str, factor: float = 1.0) -> float | None:
    """A length above 0 and at most 20,000 mm; ``factor`` turns the cell's unit into mm."""
    value = _number(cell)
    if value is None:
        return None
    if not 0 < value * factor <= _MAX_MM:
        raise CellError(f"{_quoted(cell)} is not above 0 and at most {_MAX_MM:,} mm")
    return value * factor


def board(cell: str) -> float | None:
    """The thickness of a parcel's board, above 0 and at most 50 mm."""
    value = _number(cell)
    if value is not None and not 0 < value <= _MAX_BOARD_MM:
        raise CellError(f"{_quoted(cell)} is not above 0 and at most {_MAX_BOARD_MM} mm")
    return value


def grams(cell: str, factor: float = 1.0) -> float | None:
    """A mass above 0 and at most 1,000,000 g; ``factor`` turns the cell's unit into grams."""
    value = _number(cell)
    if value is None:
        return None
    if not 0 < value * factor <= _MAX_G:
        raise CellError(f"{_quoted(cell)} is not above 0 and at most {_MAX_G:,} g")
    return value * factor


def yes_no(cell: str) -> bool | None:
    """Yes or no, in English or Chinese."""
    answer = choice(cell, YES_NO)
    return None if answer is None else answer == "yes"


def quantity(cell: str) -> int | None:
    """A whole number from 1 to 10,000."""
    value = _number(cell)
    if value is None:
        return None
    if value != int(value) or not 1 <= value <= _MAX_QUANTITY:
        raise CellError(f"{_quoted(cell)} is no whole number from 1 to {_MAX_QUANTITY:,}")
    return int(value)


def day(cell: str) -> date | None:
    """A date such as 2026-11-03, 2026/11/3 or 2026年11月3日; a time behind it is dropped."""
    folded = _folded(cell)
    if not folded:
        return None
    match = _DATE.fullmatch(folded)
    if match is not None:
        month, of_month = match[3] or match[5], match[4] or match[6]
        try:
            found = date(int(match[1]), int(month), int(of_month))
        except ValueError:
            found = None
        if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
    raise CellError(f"{_quoted(cell)} is no date; write it as 2026-11-03")


def choice(cell: str, choices: dict[str, str]) -> str | None:
    """One of the words in ``choices``, in English or Chinese."""
    folded = _folded(cell).lower()
    if not folded:
        return None
    if folded not in choices:
        raise CellError(f"{_quoted(cell)} is none of {', '.join(choices)}")
    return choices[folded]


def _folded(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _number(cell: str) -> float | None:
    folded = _folded(cell).replace(" ", "")
    if not folded:
        return None
    # Twenty digits are more than any size has; more would only cost time.
    if len(folded) > 20 or _NUMBER.fullmatch(folded) is None:
        raise CellError(f"{_quoted(cell)} is no number")
    return float(folded.replace(",", ""))


def _quoted(cell: str) -> str:
    stripped = cell.strip()
    return f"'{stripped[:40]}{'…' if len(stripped) > 40 else ''}'"
