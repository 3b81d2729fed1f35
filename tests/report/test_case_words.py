"""How long there is still time, and what the timeline says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.tables import CaseEvent
from greenpack.report.case_words import (
    COLOURS,
    EVENTS,
    OUTCOMES,
    STATES,
    STEPS,
    event_facts,
    runs_of,
    time_left,
)

TODAY = date(2026, 11, 24)


def event(number: int, kind: CaseEventKind, by: str = "Li Wei", **more: Any) -> CaseEvent:
    values: dict[str, Any] = {
        "case_id": 1,
        "number": number,
        "kind": kind.value,
        "state": "open",
        "recorded_at": datetime(2026, 11, 24, tzinfo=UTC),
        "recorded_by": by,
        "note": "",
    }
    return CaseEvent(**values | more)


def test_everything_has_words() -> None:
    assert set(STATES) == set(COLOURS) == set(CaseState)
    assert set(EVENTS) == set(CaseEventKind)
    assert set(STEPS) == set(CaseEventKind) - {CaseEventKind.OPENED}
    assert set(OUTCOMES) == set(AppealOutcome)


@pytest.mark.parametrize(
    ("days", "words"),
    [(12, "12 days left"), (1, "1 day left"), (0, "due today"), (-1, "1 day overdue")],
)
def test_time_runs_only_for_an_order_that_waits(days: int, words: str) -> None:
    due = TODAY + timedelta(days=days)
    assert time_left(CaseState.ORDERED, due, TODAY) == words
    assert time_left(CaseState.RECTIFIED, due, TODAY) == ""
    assert time_left(CaseState.OPEN, None, TODAY) == ""


def test_findings_that_one_person_added_in_a_row_are_one_line() -> None:
    added = CaseEventKind.FINDING_ADDED
    events = [
        event(1, CaseEventKind.OPENED),
        event(2, added, finding_id=7),
        event(3, added, finding_id=8),
        event(4, added, "Wang Fang", finding_id=9),
        event(5, CaseEventKind.ANSWERED),
        event(6, added, "Wang Fang", finding_id=10),
    ]
    assert [[one.number for one in run] for run in runs_of(events)] == [[1], [2, 3], [4], [5], [6]]


@pytest.mark.parametrize(
    ("kind", "more", "facts"),
    [
        (CaseEventKind.CORRECTION_ORDERED, {"due_on": TODAY}, ["Due 2026-11-24"]),
        (CaseEventKind.ANSWERED, {"due_on": TODAY}, []),
        (
            CaseEventKind.FINE_PROPOSED,
            {"fine_low": 2_000, "fine_high": 20_000, "currency": "CNY"},
            ["2,000 to 20,000 CNY"],
        ),
        (
            CaseEventKind.FINE_PROPOSED,
            {"fine_low": 5, "fine_high": 5, "currency": "KRW"},
            ["5 KRW"],
        ),
        (CaseEventKind.FINED, {"amount": 3_000, "currency": "CNY"}, ["3,000 CNY"]),
        (
            CaseEventKind.APPEAL_DECIDED,
            {"outcome": "set_aside"},
            ["set aside: nothing of it stands"],
        ),
        (CaseEventKind.UNDONE, {"undoes": 4}, ["Undoes step 4"]),
        (CaseEventKind.FINDING_REMOVED, {"finding_id": 7}, ["Finding 7"]),
    ],
)
def test_an_event_tells_its_facts(
    kind: CaseEventKind, more: dict[str, Any], facts: list[str]
) -> None:
    assert event_facts(event(9, kind, **more)) == facts
