"""One finding in full, and deciding about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from greenpack.measure.interval import Interval
from greenpack.reasons import GreenPackError
from greenpack.records.database import reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.forms import DecisionKind
from greenpack.report.finding_view import (
    budget_columns,
    decision_line,
    facts,
    facts_html,
    numbers_columns,
    what_to_do,
)
from greenpack.report.one_finding import (
    DecidedMeanwhileError,
    OneFinding,
    decide_as_seen,
    one_finding,
)
from greenpack.rules.verdict import Verdict

from .example_records import RECEIVED, SHOES, Example, make_records, record, waybill_number

ZONE = ZoneInfo("Asia/Shanghai")


def _read(engine: Engine, finding_id: int) -> OneFinding:
    with reading(engine) as session:
        return one_finding(session, finding_id)


def _decide(engine: Engine, seen: int, finding_id: int = 4, by: str = "Li Wei") -> None:
    transact(
        engine,
        lambda session: decide_as_seen(
            session, finding_id, DecisionKind.CONFIRMED, by, "seen", seen
        ),
    )


def test_a_finding_brings_all_that_is_behind_it(engine: Engine) -> None:
    finding = _read(engine, 4)
    assert finding.verdict is Verdict.VIOLATION
    assert finding.interval == Interval(None, 0.51 + 0.04, 1.0)
    assert (finding.waybill, finding.sender_name, finding.platform) == (
        waybill_number(4),
        SHOES,
        "Mall",
    )
    assert finding.place == ("North hub", "Hangzhou", "Zhejiang")
    assert finding.received_at == RECEIVED + timedelta(hours=4)
    assert finding.decisions == ()
    assert finding.superseded_by is None


def test_an_unknown_finding_is_refused(engine: Engine) -> None:
    with pytest.raises(GreenPackError) as refused:
        _read(engine, 4711)
    assert refused.value.code == "finding_unknown"


def test_decisions_follow_each_other(tmp_path: Path, database_url: str) -> None:
    engine = make_records(tmp_path, database_url)
    _decide(engine, seen=0)
    _decide(engine, seen=1, by="Wang Fang")
    decisions = _read(engine, 4).decisions
    engine.dispose()
    assert [decision.by for decision in decisions] == ["Li Wei", "Wang Fang"]
    assert decision_line(decisions[0], ZONE).startswith("confirmed by Li Wei, 20")
    assert decision_line(decisions[0], ZONE).endswith("UTC+08:00: seen")


def test_nobody_decides_without_knowing_the_last_decision(engine: Engine) -> None:
    _decide(engine, seen=0)
    with pytest.raises(DecidedMeanwhileError):
        _decide(engine, seen=0)
    assert len(_read(engine, 4).decisions) == 1


def test_a_superseded_finding_is_shown_but_not_decided(engine: Engine, data_folder: Path) -> None:
    store = EvidenceStore(data_folder / "evidence")
    again = Example(104, 0.3, waybill_number(4))
    newer = transact(engine, lambda session: record(session, store, again))
    assert _read(engine, 4).superseded_by == newer
    with pytest.raises(GreenPackError) as refused:
        _decide(engine, seen=0)
    assert refused.value.code == "finding_superseded"


def test_numbers_stand_beside_their_limit(engine: Engine) -> None:
    finding = _read(engine, 4)
    table = numbers_columns(finding)
    assert table["quantity"] == ["void ratio (judged)", "area ratio", "filler ratio"]
    assert table["95 % interval"][0] == "at least 55.0 %"
    assert table["limit"] == ["50 %", "", ""]
    assert budget_columns(finding)["half-width"] == ["± 3.0 %"]


def test_what_other_photos_narrowed_is_told_apart(engine: Engine) -> None:
    finding = replace(_read(engine, 4), interval=Interval(0.7, 0.68, 0.72))
    table = numbers_columns(finding)
    assert table["quantity"][0] == "void ratio (judged)"
    assert "void ratio (this photo alone)" in table["quantity"]


def test_a_finding_without_numbers_says_so_and_what_helps(engine: Engine) -> None:
    finding = _read(engine, 57)
    assert numbers_columns(finding)["95 % interval"] == ["not measured"]
    assert what_to_do(finding) == "Use more light or the flash."


def test_a_rule_that_only_screens_says_what_it_would_have_said(engine: Engine) -> None:
    finding = replace(
        _read(engine, 4),
        verdict=Verdict.UNDETERMINED,
        screening=Verdict.VIOLATION,
        reason="screening_only",
    )
    assert what_to_do(finding).endswith("Were the rule verified, it would have said: violation.")


def test_facts_name_both_times_and_let_no_markup_through(engine: Engine) -> None:
    finding = replace(_read(engine, 4), sender_name="<img src=x onerror=alert(1)>")
    told = facts(finding, ZONE)
    assert told["Taken (UTC)"] == "2026-11-20 19:23:00 UTC+00:00"
    assert told["Taken (Asia/Shanghai)"] == "2026-11-21 03:23:00 UTC+08:00"
    assert told["Hub"] == "North hub, Hangzhou, Zhejiang"
    assert "<img" not in facts_html(told)
    assert "&lt;img" in facts_html(told)
