"""Findings as CSV that a spreadsheet opens as it stands, in batches."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from greenpack.intake.waybill_number import masked_in, masked_number
from greenpack.records.answers import FindingFilter, FindingRow, FindingSort
from greenpack.records.database import reading
from greenpack.records.queries import current_findings
from greenpack.report.findings_view import advice_on, meaning_of

BATCH: Final = 2000
# Excel takes a file without this mark for one in the local code page, and garbles Chinese.
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# A cell that begins so is a formula to a spreadsheet; the full-width forms are to some of them.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None

_COLUMNS: Final[dict[str, Callable[[FindingRow, ZoneInfo], Cell]]] = {
    "finding": lambda row, _: row.id,
    "verdict": lambda row, _: row.verdict.value,
    "screening": lambda row, _: None if row.screening is None else row.screening.value,
    "decision": lambda row, _: None if row.decision is None else row.decision.value,
    "waybill": lambda row, _: row.waybill_number,
    "sender_code": lambda row, _: row.sender_code,
    "sender_name": lambda row, _: row.sender_name,
    "platform": lambda row, _: row.platform,
    "hub": lambda row, _: row.hub,
    "municipality": lambda row, _: row.municipality,
    "province": lambda row, _: row.province,
    "packed_on": lambda row, _: None if row.packed_on is None else row.packed_on.isoformat(),
    "taken_at": lambda row, zone: _moment(row.taken_at, zone),
    "received_at": lambda row, zone: _moment(row.received_at, zone),
    "judged_at": lambda row, zone: _moment(row.created_at, zone),
    "profile": lambda row, _: row.profile_id,
    "profile_version": lambda row, _: row.profile_version,
    "rule": lambda row, _: row.rule_id,
    "quantity": lambda row, _: row.quantity.value,
    "value": lambda row, _: None if row.interval is None else row.interval.value,
    "low": lambda row, _: None if row.interval is None else row.interval.low,
    "high": lambda row, _: None if row.interval is None else row.interval.high,
    "limit": lambda row, _: row.limit,
    "explanation": lambda row, _: row.explanation,
    "reason": lambda row, _: row.reason,
    "reason_meaning": lambda row, _: meaning_of(row.reason),
    "what_to_do": lambda row, _: advice_on(row.reason),
    "photo": lambda row, _: row.source_name,
    "photo_sha256": lambda row, _: row.photo_sha256,
    "evidence_sha256": lambda row, _: row.evidence_sha256,
    "model_sha256": lambda row, _: row.model_sha256,
}


def guarded(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet would run as a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def csv_head() -> bytes:
    """The byte order mark and the line of column names."""
    return BYTE_ORDER_MARK + _lines([list(_COLUMNS)])


def csv_block(rows: Sequence[FindingRow], zone: ZoneInfo, *, whole_numbers: bool = False) -> bytes:
    """One line for each finding; times in ``zone`` with their offset.

    A waybill's number leads to a person's address, so only its end is told unless
    ``whole_numbers`` asks for all of it.
    """
    masks = {} if whole_numbers else _MASKS
    return _lines(
        [
            [
                guarded(masks.get(name, _as_it_is)(cell(row, zone)))
                for name, cell in _COLUMNS.items()
            ]
            for row in rows
        ]
    )


def csv_parts(
    engine: Engine,
    filters: FindingFilter,
    sort: FindingSort,
    zone: ZoneInfo,
    batch: int = BATCH,
    *,
    whole_numbers: bool = False,
) -> Iterator[bytes]:
    """All findings that the filter lets through, as one unchanging state of the database.

    Args:
        engine: the opened database.
        filters: which findings.
        sort: in which order.
        zone: that times are written in.
        batch: how many are read at a time, > 0.
        whole_numbers: whether waybills' numbers are written in full; else their ends only.
    """
    yield csv_head()
    with reading(engine) as session:
        offset = 0
        while True:
            rows = current_findings(session, filters, sort=sort, limit=batch, offset=offset)
            if rows:
                yield csv_block(rows, zone, whole_numbers=whole_numbers)
            if len(rows) < batch:
                return
            offset += batch


def csv_name(profile_id: str, at: datetime) -> str:
    """A file name that tells downloads apart."""
    return f"greenpack-findings-{profile_id}-{at:%Y%m%d-%H%M%S}.csv"


def _moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")


def _as_it_is(cell: Cell) -> Cell:
    return cell


def _masked(cell: Cell) -> Cell:
    return masked_number(cell) if isinstance(cell, str) else cell


def _masked_name(cell: Cell) -> Cell:
    return masked_in(cell) if isinstance(cell, str) else cell


# Photos are often named after their waybills.
_MASKS: Final[dict[str, Callable[[Cell], Cell]]] = {"waybill": _masked, "photo": _masked_name}


def _lines(rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")
