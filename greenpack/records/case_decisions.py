"""What a step of a case means for its findings, as decisions about them.

So a finding's own history tells that its correction was ordered or refused. These decisions say
nothing about whether the finding stands, so its standing stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, func, select

from greenpack.records.case_entries import Person
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.columns import now, storable
from greenpack.records.digests import entry_for
from greenpack.records.forms import DecisionKind
from greenpack.records.ledger import LedgerKind, NewEntry
from greenpack.records.stored import given
from greenpack.records.tables import CaseEvent, ComplianceCase, Decision, Finding

Kind = CaseEventKind

_DECIDED: Final = {
    Kind.CORRECTION_ORDERED: DecisionKind.CORRECTION_ORDERED,
    Kind.RECTIFIED: DecisionKind.RECTIFIED,
    Kind.REFUSED: DecisionKind.REFUSED,
    Kind.FINED: DecisionKind.FINED,
}


def record_decisions(
    session: Session,
    case: ComplianceCase,
    findings: Sequence[int],
    event: CaseEvent,
    by: Person,
) -> list[NewEntry]:
    """What the step means for each finding that is still current, as decisions about it."""
    kind = _DECIDED.get(CaseEventKind(event.kind))
    withdrawn: dict[int, int | None] = {}
    if event.undoes is not None:
        undone = session.exec(
            select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.number == event.undoes)
        ).one()
        taken_back = _DECIDED.get(CaseEventKind(undone.kind))
        if taken_back is None:
            return []
        kind = DecisionKind.WITHDRAWN
        statement = (
            select(Decision.finding_id, func.max(Decision.id))
            .where(col(Decision.finding_id).in_(findings), Decision.kind == taken_back.value)
            .group_by(col(Decision.finding_id))
        )
        withdrawn = dict(session.exec(statement).all())
    if kind is None:
        return []
    current = session.exec(
        select(Finding.id).where(
            col(Finding.id).in_(findings), col(Finding.superseded_by).is_(None)
        )
    ).all()
    note = f"{case.number}: {event.note}" if event.note else case.number
    decisions = [
        Decision(
            finding_id=given(finding_id),
            kind=kind.value,
            decided_by=storable(by.name),
            note=storable(note),
            created_at=now(),
            account_id=by.account_id,
            withdraws=withdrawn.get(given(finding_id)),
        )
        for finding_id in sorted(map(given, current))
        if kind is not DecisionKind.WITHDRAWN or given(finding_id) in withdrawn
    ]
    session.add_all(decisions)
    session.flush()
    return [
        entry_for(
            LedgerKind.DECISION,
            decision,
            finding=decision.finding_id,
            decision=decision.kind,
            by=decision.decided_by,
            case=case.number,
        )
        for decision in decisions
    ]
