"""One finding in full, and deciding about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.measure.interval import Interval
from greenpack.reasons import GreenPackError
from greenpack.records.database import reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.scope import Scope
from greenpack.records.standing import Standing
from greenpack.report.deciding_as_seen import DecidedMeanwhileError, Decider, decide_as_seen
from greenpack.report.decision_words import decision_detail, decision_line, standing_sentence
from greenpack.report.finding_view import (
    budget_columns,
    facts,
    facts_html,
    numbers_columns,
    what_to_do,
)
from greenpack.report.one_finding import OneFinding, one_finding
from greenpack.report.other_photos import apart, other_photos
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
            session, finding_id, DecisionKind.CONFIRMED, Decider(by), "seen", seen
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
    assert finding.standing is Standing.OPEN
    assert finding.siblings == ()
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
    assert decision_line(decisions[0], ZONE).startswith("Confirmed by Li Wei, 20")


def test_nobody_decides_without_knowing_the_last_decision(engine: Engine) -> None:
    _decide(engine, seen=0)
    with pytest.raises(DecidedMeanwhileError):
        _decide(engine, seen=0)
    assert len(_read(engine, 4).decisions) == 1


def _said(
    engine: Engine, kind: DecisionKind, by: Decider, note: str = "", **more: object
) -> OneFinding:
    def work(session: Session) -> None:
        seen = len(one_finding(session, 4).decisions)
        decide_as_seen(session, 4, kind, by, note, seen, **more)  # type: ignore[arg-type]

    transact(engine, work)
    return _read(engine, 4)


def test_two_persons_confirm_and_one_is_not_two(engine: Engine) -> None:
    finding = _said(engine, DecisionKind.CONFIRMED, Decider("Li Wei"))
    assert finding.standing is Standing.ONE_CONFIRMED
    assert "another must confirm it" in standing_sentence(finding, two_person=True)
    assert standing_sentence(finding, two_person=False) == "Confirmed by Li Wei."
    with pytest.raises(GreenPackError) as refused:
        _said(engine, DecisionKind.CONFIRMED, Decider("li  WEI"))
    assert refused.value.code == "decided_already"
    finding = _said(engine, DecisionKind.CONFIRMED, Decider("Wang Fang"))
    assert finding.standing is Standing.CONFIRMED
    assert standing_sentence(finding, two_person=True) == "Confirmed by Li Wei, Wang Fang."


def test_a_third_person_of_the_right_role_settles_a_disagreement(engine: Engine) -> None:
    _said(engine, DecisionKind.CONFIRMED, Decider("Li Wei"))
    finding = _said(
        engine, DecisionKind.DISMISSED, Decider("Wang Fang"), reason=DismissalReason.GOODS_MISSED
    )
    assert finding.standing is Standing.CONTESTED
    assert "Li Wei confirmed what Wang Fang dismissed" in standing_sentence(finding, True)
    assert decision_detail(finding.decisions[1], finding).startswith("Goods in the parcel")
    other = _said(engine, DecisionKind.CONFIRMED, Decider("Chen Jie"))
    assert other.standing is Standing.CONTESTED  # one more voice settles nothing
    settled = _said(engine, DecisionKind.DISMISSED, Decider("Zhao Min", settles=True))
    assert settled.standing is Standing.DISMISSED
    assert "This settled the disagreement." in decision_detail(settled.decisions[-1], settled)


def test_a_disagreement_is_not_settled_by_one_of_those_who_disagree(engine: Engine) -> None:
    _said(engine, DecisionKind.CONFIRMED, Decider("Li Wei"))
    supervisor = Decider("Zhao Min", settles=True)
    _said(engine, DecisionKind.DISMISSED, supervisor)
    finding = _said(engine, DecisionKind.CONFIRMED, supervisor)
    assert finding.standing is Standing.CONFIRMED  # two agree now, and nothing was settled
    assert not finding.decisions[-1].said.settles


def test_a_decision_is_taken_back_by_who_made_it_or_a_supervisor(engine: Engine) -> None:
    first = _said(engine, DecisionKind.CONFIRMED, Decider("Li Wei")).decisions[-1].said.id

    def withdraw(by: Decider, note: str) -> OneFinding:
        return _said(engine, DecisionKind.WITHDRAWN, by, note, withdraws=first)

    for by, note, code in (
        (Decider("Wang Fang"), "not so", "decision_not_yours"),
        (Decider("Li Wei"), " ", "withdrawal_unexplained"),
        (Decider(" "), "why", "decider_unnamed"),
    ):
        with pytest.raises(GreenPackError) as refused:
            withdraw(by, note)
        assert refused.value.code == code
    finding = withdraw(Decider("Zhao Min", settles=True), "A slip of the hand.")
    assert finding.standing is Standing.OPEN
    assert len(finding.decisions) == 2  # nothing is removed
    assert "Withdrawn since." in decision_detail(finding.decisions[0], finding)
    with pytest.raises(GreenPackError) as refused:
        withdraw(Decider("Li Wei"), "again")
    assert refused.value.code == "decision_not_in_force"


def test_another_reason_needs_a_note(engine: Engine) -> None:
    with pytest.raises(GreenPackError) as refused:
        _said(engine, DecisionKind.DISMISSED, Decider("Li"), reason=DismissalReason.OTHER)
    assert refused.value.code == "dismissal_unexplained"
    finding = _said(
        engine, DecisionKind.DISMISSED, Decider("Li"), "A test", reason=DismissalReason.OTHER
    )
    assert decision_detail(finding.decisions[0], finding) == "A test"
    assert finding.decisions[0].reason is DismissalReason.OTHER


def test_other_photos_come_with_what_they_say_against_it(engine: Engine, data_folder: Path) -> None:
    store = EvidenceStore(data_folder / "evidence")
    again = Example(104, 0.3, waybill_number(4))
    dark = Example(105, None, waybill_number(4), "too_dark")
    newer = transact(engine, lambda session: record(session, store, again))
    transact(engine, lambda session: record(session, store, dark))
    with reading(engine) as session:
        finding = one_finding(session, newer)
        one, other = other_photos(session, finding)
        assert other_photos(session, finding, Scope("Tibet")) == []
        assert other_photos(session, one_finding(session, 52)) == []
    assert (one.name, one.interval) == (Example(4, None).name, Interval(None, 0.55, 1.0))
    assert not one.contradicts  # at least 30 % and at least 55 % go together
    assert other.reason == "too_dark"
    assert apart(Interval(0.2, 0.1, 0.3), Interval(0.5, 0.4, 0.6))
    assert apart(Interval(0.5, 0.4, 0.6), Interval(0.2, 0.1, 0.3))
    assert not apart(Interval(0.5, 0.4, 0.6), Interval(0.6, 0.6, 0.7))
    assert not apart(None, Interval(0.5, 0.4, 0.6))


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
