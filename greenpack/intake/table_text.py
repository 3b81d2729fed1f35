"""The bytes of a CSV become its rows of cells, whoever's spreadsheet wrote it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator

from greenpack.reasons import GreenPackError

_MAX_BYTES = 64 * 1024 * 1024
_DELIMITERS = (",", ";", "\t")
_WORKBOOKS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the encoding: UTF-8, UTF-16 with its mark, or GB18030, tried in that order.

    Raises:
        GreenPackError: ``table_unreadable`` where none fits, ``file_too_large`` above 64 MiB.
    """
    if len(data) > _MAX_BYTES:
        raise GreenPackError("file_too_large", f"a table of {len(data):,} bytes")
    if data.startswith(_WORKBOOKS):
        raise GreenPackError("table_unreadable", "an Excel workbook; save it as CSV")
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, encoding
    raise GreenPackError("table_unreadable", "neither UTF-8 nor GB18030 text")


def rows(text: str, known: Callable[[str], bool]) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """The rows with the number of the line each begins on, counted from 1; empty ones left out.

    The first row is the header: it decides between comma, semicolon and tab by how many of its
    cells are ``known``. (The likeliest delimiter of the whole text would be a guess; addresses
    and names hold commas and semicolons.) A row that cannot be read comes as its error.
    """
    lines = io.StringIO(text, newline="")
    skipped = 0
    delimiter = None
    header = lines.readline()
    while header and not header.strip(" \t\r\n,;"):
        header, skipped = lines.readline(), skipped + 1
    if header.lower().rstrip("\r\n") in ("sep=,", "sep=;", "sep=\t", "sep=|"):
        # What Excel writes before the header to tell itself the delimiter.
        delimiter, header, skipped = header[4], lines.readline(), skipped + 1
    if delimiter is None:
        delimiter = max(_DELIMITERS, key=lambda mark: _fit(header, mark, known))
    reader = csv.reader(_chain(header, lines), delimiter=delimiter)
    while True:
        line = skipped + reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield line, error
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield line, row


def _chain(first: str, rest: io.StringIO) -> Iterator[str]:
    yield first
    yield from rest


def _fit(header: str, delimiter: str, known: Callable[[str], bool]) -> tuple[int, int]:
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return sum(map(known, cells)), len(cells)
