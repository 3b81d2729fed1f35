"""The CSV download: every finding, once, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from greenpack.records.answers import FindingFilter, FindingSort
from greenpack.records.database import reading
from greenpack.records.queries import current_findings
from greenpack.report.findings_csv import BYTE_ORDER_MARK, Cell, csv_parts, guarded
from greenpack.rules.verdict import Verdict

from .example_records import EXAMPLES, FORMULA, SHOES, make_records

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_formulas_are_disarmed(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "SF1=2", "丝路鞋业", " =1", None, -0.5, 3])
def test_other_cells_stay_as_they_are(cell: Cell) -> None:
    assert guarded(cell) == cell


def test_every_finding_is_there_once(tmp_path: Path, database_url: str) -> None:
    engine = make_records(tmp_path, database_url)
    filters = FindingFilter(profile_id="screening-50")
    with reading(engine) as session:
        rows = current_findings(session, filters, sort=FindingSort.SENDER, limit=1000)
    for batch in (7, 19, 1000):  # 57 findings: a last batch that is short, empty, the only one
        written = b"".join(csv_parts(engine, filters, FindingSort.SENDER, ZONE, batch))
        assert written.startswith(BYTE_ORDER_MARK)
        lines = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
        assert [line["finding"] for line in lines] == [str(row.id) for row in rows]
        assert len(lines) == len(EXAMPLES)
    engine.dispose()


def test_cells_say_what_the_records_say(engine: Engine) -> None:
    filters = FindingFilter(verdict=Verdict.VIOLATION)
    written = b"".join(csv_parts(engine, filters, FindingSort.OLDEST, ZONE))
    lines = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    by_sender = {line["sender_name"]: line for line in lines}
    assert set(by_sender) == {SHOES, "Tea House", f"'{FORMULA}", ""}
    shoes = by_sender[SHOES]
    assert shoes["verdict"] == "violation"
    assert shoes["waybill"] == "***********0028"
    assert (shoes["value"], shoes["low"], shoes["high"]) == ("", "0.79", "1.0")
    assert shoes["received_at"] == "2026-11-22T03:30:00+08:00"


def test_waybill_numbers_are_whole_only_where_that_is_asked_for(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE photo SET source_name = 'SF1000000000028_1.jpg' "
            "WHERE waybill_id = (SELECT id FROM waybill WHERE number = 'SF1000000000028')"
        )
    number = b"SF1000000000028"
    parts = (engine, FindingFilter(), FindingSort.OLDEST, ZONE)
    masked = b"".join(csv_parts(*parts))
    assert number not in masked
    assert b"***********0028_1.jpg" in masked
    assert b"".join(csv_parts(*parts, whole_numbers=True)).count(number) == 2
