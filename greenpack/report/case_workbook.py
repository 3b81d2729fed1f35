"""A case's findings and events as an Excel file: the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter

from greenpack.language.speaking import tr
from greenpack.records.case_queries import WholeCase
from greenpack.report.tables_out import guarded

# A workbook that told when it was made would have other bytes each time.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (the format knows no zones)
Cell = str | int | float | None


def case_workbook(whole: WholeCase, zone: ZoneInfo) -> bytes:
    """Findings, events and what the case is about, a sheet each; text is never a formula."""
    written = BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": whole.case.number, "created": _CREATED})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for name, heads, rows in (
        (tr("Findings"), _finding_heads(zone), _finding_rows(whole, zone)),
        (tr("Events"), _event_heads(zone), _event_rows(whole, zone)),
        (tr("Case"), (tr("What"), tr("Value")), _about(whole, zone)),
    ):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
            sheet.set_column(column, column, max(10, min(40, len(head) + 6)))
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, str(guarded(cell)))
                elif cell is not None:
                    sheet.write_number(line, column, cell)
    book.close()
    return written.getvalue()


def _finding_heads(zone: ZoneInfo) -> tuple[str, ...]:
    return (
        tr("Finding"),
        tr("Waybill"),
        tr("Photographed ({zone})", zone=zone.key),
        tr("Hub"),
        tr("Municipality"),
        tr("Province"),
        tr("Rule"),
        tr("Quantity"),
        tr("Estimate"),
        tr("Low (95 %)"),
        tr("High (95 %)"),
        tr("Limit"),
        tr("Verdict"),
        tr("Evidence SHA-256"),
        tr("Photo SHA-256"),
        tr("Model SHA-256"),
    )


def _finding_rows(whole: WholeCase, zone: ZoneInfo) -> Sequence[Sequence[Cell]]:
    return [
        (
            one.id,
            one.waybill_number,
            _moment(one.taken_at, zone),
            one.hub,
            one.municipality,
            one.province,
            one.rule_id,
            one.quantity.value,
            None if one.interval is None else one.interval.value,
            None if one.interval is None else one.interval.low,
            None if one.interval is None else one.interval.high,
            one.limit,
            one.verdict.value,
            one.evidence_sha256,
            one.photo_sha256,
            one.model_sha256,
        )
        for one in whole.findings
    ]


def _event_heads(zone: ZoneInfo) -> tuple[str, ...]:
    return (
        tr("No."),
        tr("When ({zone})", zone=zone.key),
        tr("What"),
        tr("By"),
        tr("Case is then"),
        tr("Due"),
        tr("Note"),
        tr("Finding"),
        tr("Fine from"),
        tr("Fine to"),
        tr("Amount"),
        tr("Currency"),
        tr("Outcome"),
        tr("Undoes no."),
        tr("File"),
        tr("File SHA-256"),
    )


def _event_rows(whole: WholeCase, zone: ZoneInfo) -> Sequence[Sequence[Cell]]:
    return [
        (
            event.number,
            _moment(event.recorded_at, zone),
            event.kind,
            event.recorded_by,
            event.state,
            None if event.due_on is None else event.due_on.isoformat(),
            event.note,
            event.finding_id,
            event.fine_low,
            event.fine_high,
            event.amount,
            event.currency,
            event.outcome,
            event.undoes,
            event.file_name,
            event.file_sha256,
        )
        for event in whole.events
    ]


def _about(whole: WholeCase, zone: ZoneInfo) -> Sequence[Sequence[Cell]]:
    case = whole.case
    return [
        (tr("Case"), case.number),
        (tr("Sender"), whole.sender.name),
        (tr("Sender's code"), whole.sender.code),
        (tr("Platform"), whole.platform),
        (tr("Profile"), f"{case.profile_id} {case.profile_version}"),
        (tr("Profile SHA-256"), case.profile_sha256),
        (tr("Opened by"), case.opened_by),
        (tr("Opened ({zone})", zone=zone.key), _moment(case.opened_at, zone)),
        (tr("State"), whole.life.state.value),
    ]


def _moment(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")
