"""What a case and its events are called, and how long there is still time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from greenpack.language.speaking import date_text, mark, number_text, tr, trn
from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.case_life import Life
from greenpack.records.tables import CaseEvent

Colour = Literal["red", "orange", "green", "blue", "gray", "violet"]

STATES: Final[Mapping[CaseState, str]] = MappingProxyType(
    {
        CaseState.OPEN: mark("open"),
        CaseState.RECOMMENDED: mark("recommendation sent"),
        CaseState.ORDERED: mark("correction ordered"),
        CaseState.RECTIFIED: mark("rectified"),
        CaseState.REFUSED: mark("correction refused"),
        CaseState.FINE_PROPOSED: mark("fine proposed"),
        CaseState.FINED: mark("fined"),
        CaseState.APPEALED: mark("appeal pending"),
        CaseState.SET_ASIDE: mark("set aside on appeal"),
        CaseState.CLOSED: mark("closed"),
    }
)
# A second sign beside the word, never instead of it.
COLOURS: Final[Mapping[CaseState, Colour]] = MappingProxyType(
    {
        CaseState.OPEN: "blue",
        CaseState.RECOMMENDED: "violet",
        CaseState.ORDERED: "orange",
        CaseState.RECTIFIED: "green",
        CaseState.REFUSED: "red",
        CaseState.FINE_PROPOSED: "red",
        CaseState.FINED: "red",
        CaseState.APPEALED: "orange",
        CaseState.SET_ASIDE: "gray",
        CaseState.CLOSED: "gray",
    }
)
# As what happened, in the timeline.
EVENTS: Final[Mapping[CaseEventKind, str]] = MappingProxyType(
    {
        CaseEventKind.OPENED: mark("Case opened"),
        CaseEventKind.FINDING_ADDED: mark("Finding added"),
        CaseEventKind.FINDING_REMOVED: mark("Finding removed"),
        CaseEventKind.RECOMMENDED: mark("Recommendation sent"),
        CaseEventKind.CORRECTION_ORDERED: mark("Correction ordered"),
        CaseEventKind.ANSWERED: mark("Sender answered"),
        CaseEventKind.EXTENDED: mark("Due date extended"),
        CaseEventKind.RECTIFIED: mark("Rectified"),
        CaseEventKind.REFUSED: mark("Correction refused"),
        CaseEventKind.FINE_PROPOSED: mark("Fine proposed"),
        CaseEventKind.FINED: mark("Fined"),
        CaseEventKind.APPEALED: mark("Sender appealed"),
        CaseEventKind.APPEAL_DECIDED: mark("Appeal decided"),
        CaseEventKind.CLOSED: mark("Case closed"),
        CaseEventKind.REOPENED: mark("Case reopened"),
        CaseEventKind.UNDONE: mark("Last step undone"),
    }
)
# As what somebody is about to do.
STEPS: Final[Mapping[CaseEventKind, str]] = MappingProxyType(
    {
        CaseEventKind.FINDING_ADDED: mark("Add a finding"),
        CaseEventKind.FINDING_REMOVED: mark("Remove a finding"),
        CaseEventKind.RECOMMENDED: mark("Send a recommendation"),
        CaseEventKind.CORRECTION_ORDERED: mark("Order the correction"),
        CaseEventKind.ANSWERED: mark("Record the sender's answer"),
        CaseEventKind.EXTENDED: mark("Extend the due date"),
        CaseEventKind.RECTIFIED: mark("Record that it was rectified"),
        CaseEventKind.REFUSED: mark("Record that correction was refused"),
        CaseEventKind.FINE_PROPOSED: mark("Propose a fine"),
        CaseEventKind.FINED: mark("Impose the fine"),
        CaseEventKind.APPEALED: mark("Record the sender's appeal"),
        CaseEventKind.APPEAL_DECIDED: mark("Record what the appeal came to"),
        CaseEventKind.CLOSED: mark("Close the case"),
        CaseEventKind.REOPENED: mark("Reopen the case"),
        CaseEventKind.UNDONE: mark("Undo the last step"),
    }
)
OUTCOMES: Final[Mapping[AppealOutcome, str]] = MappingProxyType(
    {
        AppealOutcome.UPHELD: mark("upheld: all stays as it was"),
        AppealOutcome.CHANGED: mark("changed"),
        AppealOutcome.SET_ASIDE: mark("set aside: nothing of it stands"),
    }
)


def time_left(state: CaseState, due_on: date | None, today: date) -> str:
    """How long there is still time, for an order that waits to be followed; else empty."""
    left = Life(state, due_on).days_left(today)
    if left is None:
        return ""
    if left < 0:
        return trn("{count} day overdue", "{count} days overdue", -left)
    if left == 0:
        return tr("due today")
    return trn("{count} day left", "{count} days left", left)


def runs_of(events: Sequence[CaseEvent]) -> list[list[CaseEvent]]:
    """The events in their order, findings that one person added in a row as one."""
    runs: list[list[CaseEvent]] = []
    for event in events:
        before = runs[-1][-1] if runs else None
        added = event.kind == CaseEventKind.FINDING_ADDED
        if (
            before is not None
            and added
            and before.kind == event.kind
            and before.recorded_by == event.recorded_by
        ):
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs


def event_facts(event: CaseEvent) -> list[str]:
    """What an event says beside its note: due date, fine, outcome, finding, file."""
    kind = CaseEventKind(event.kind)
    facts: list[str] = []
    if event.finding_id is not None:
        facts.append(tr("Finding {id}", id=event.finding_id))
    if event.due_on is not None and kind in (
        CaseEventKind.CORRECTION_ORDERED,
        CaseEventKind.RECOMMENDED,
        CaseEventKind.EXTENDED,
        CaseEventKind.APPEAL_DECIDED,
    ):
        facts.append(tr("Due {day}", day=date_text(event.due_on)))
    if event.fine_low is not None and event.fine_high is not None:
        facts.append(money_range(event.fine_low, event.fine_high, event.currency or ""))
    if event.amount is not None:
        facts.append(money(event.amount, event.currency or ""))
    if event.outcome is not None:
        facts.append(tr(OUTCOMES[AppealOutcome(event.outcome)]))
    if event.undoes is not None:
        facts.append(tr("Undoes step {number}", number=event.undoes))
    return facts


def money(amount: int, currency: str) -> str:
    """An amount with its currency: ``12,000 CNY``."""
    return f"{number_text(amount)} {currency}"


def money_range(low: int, high: int, currency: str) -> str:
    """A range of amounts, or the one amount that it comes to."""
    if low == high:
        return money(low, currency)
    return tr(
        "{low} to {high} {currency}",
        low=number_text(low),
        high=number_text(high),
        currency=currency,
    )
