"""The list of findings as a table to be taken out: its columns, and its rows page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from greenpack.language.speaking import mark, tr
from greenpack.records.answers import FindingSort
from greenpack.records.database import reading
from greenpack.records.finding_list import Wanted, listed
from greenpack.records.finding_rows import ListedRow
from greenpack.report.findings_view import advice_on, meaning_of
from greenpack.report.tables_out import Cell

BATCH: Final = 2000

# In English and as codes, so that a file can be worked on whoever took it out.
_COLUMNS: Final[dict[str, Callable[[ListedRow, ZoneInfo], Cell]]] = {
    mark("finding"): lambda row, _: row.id,
    mark("verdict"): lambda row, _: row.verdict.value,
    mark("screening"): lambda row, _: None if row.screening is None else row.screening.value,
    mark("decision"): lambda row, _: row.standing.value,
    mark("waybill"): lambda row, _: row.waybill_number,
    mark("sender code"): lambda row, _: row.sender_code,
    mark("sender name"): lambda row, _: row.sender_name,
    mark("platform"): lambda row, _: row.platform,
    mark("hub"): lambda row, _: row.hub,
    mark("municipality"): lambda row, _: row.municipality,
    mark("province"): lambda row, _: row.province,
    mark("packed on"): lambda row, _: row.packed_on,
    mark("taken at"): lambda row, zone: row.taken_at and row.taken_at.astimezone(zone),
    mark("received at"): lambda row, zone: row.received_at.astimezone(zone),
    mark("judged at"): lambda row, zone: row.created_at.astimezone(zone),
    mark("profile"): lambda row, _: row.profile_id,
    mark("profile version"): lambda row, _: row.profile_version,
    mark("rule"): lambda row, _: row.rule_id,
    mark("quantity"): lambda row, _: row.quantity.value,
    mark("value"): lambda row, _: None if row.interval is None else row.interval.value,
    mark("low"): lambda row, _: None if row.interval is None else row.interval.low,
    mark("high"): lambda row, _: None if row.interval is None else row.interval.high,
    mark("limit"): lambda row, _: row.limit,
    mark("explanation"): lambda row, _: row.explanation,
    mark("reason"): lambda row, _: row.reason,
    mark("what it means"): lambda row, _: meaning_of(row.reason),
    mark("what to do"): lambda row, _: advice_on(row.reason),
    mark("photo"): lambda row, _: row.source_name,
    mark("photo SHA-256"): lambda row, _: row.photo_sha256,
    mark("evidence SHA-256"): lambda row, _: row.evidence_sha256,
    mark("model SHA-256"): lambda row, _: row.model_sha256,
}
# Whose cells hold waybill numbers; photos are often named after their waybills.
_WITH_NUMBERS: Final = (mark("waybill"), mark("photo"))


def heads() -> list[str]:
    """The columns' heads in the reader's language."""
    return [tr(head) for head in _COLUMNS]


def heads_with_numbers() -> list[str]:
    """Those whose cells are masked unless whole numbers are asked for."""
    return [tr(head) for head in _WITH_NUMBERS]


def rows_out(
    engine: Engine, wanted: Wanted, sort: FindingSort, zone: ZoneInfo, batch: int = BATCH
) -> Iterator[Sequence[Cell]]:
    """All rows of the list, as one unchanging state of the database.

    Args:
        engine: the opened database.
        wanted: which parcels.
        sort: in which order.
        zone: that times are written in.
        batch: how many are read at a time, > 0.
    """
    with reading(engine) as session:
        after: int | None = None
        while True:
            page = listed(session, wanted, sort, limit=batch, after=after)
            for row in page.rows:
                yield [cell(row, zone) for cell in _COLUMNS.values()]
            if not page.has_after:
                return
            after = page.rows[-1].parcel_id
