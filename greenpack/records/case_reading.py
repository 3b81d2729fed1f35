"""A case's row, its history, and how often its sender was fined before."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, func, select

from greenpack.reasons import GreenPackError
from greenpack.records.case_forms import AppealOutcome, CaseEventKind
from greenpack.records.case_life import Happened
from greenpack.records.case_scope import case_in_scope
from greenpack.records.columns import now
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.tables import CaseEvent, ComplianceCase
from greenpack.rules.profile import Profile


def case_row(session: Session, case_id: int, scope: Scope = EVERYTHING) -> ComplianceCase:
    """A case's row.

    Raises:
        GreenPackError: ``case_unknown``, also for one outside the scope.
    """
    statement = select(ComplianceCase).where(ComplianceCase.id == case_id, *case_in_scope(scope))
    found = session.exec(statement).first()
    if found is None:
        raise GreenPackError("case_unknown", str(case_id))
    return found


def case_history(session: Session, case_id: int) -> list[Happened]:
    """All events of a case as its life depends on them, in their order."""
    statement = (
        select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(col(CaseEvent.number))
    )
    return [happened_of(event) for event in session.exec(statement)]


def happened_of(event: CaseEvent) -> Happened:
    """An event's row as the life of its case depends on it."""
    return Happened(
        event.number,
        CaseEventKind(event.kind),
        event.due_on,
        event.consequence,
        event.fine_low,
        event.fine_high,
        event.amount,
        event.currency,
        None if event.outcome is None else AppealOutcome(event.outcome),
        event.undoes,
    )


def earlier_fines(session: Session, case: ComplianceCase, profile: Profile) -> dict[int, int]:
    """How often the case's sender was fined under its profile, by days looked back.

    Fines that were undone do not count, nor does this case's own.
    """
    counted: dict[int, int] = {}
    for days in {one.within_days for one in profile.consequences if one.within_days is not None}:
        undone = select(CaseEvent.undoes).where(
            CaseEvent.case_id == ComplianceCase.id, col(CaseEvent.undoes).is_not(None)
        )
        since = now() - timedelta(days=days)
        statement = (
            select(func.count())
            .select_from(ComplianceCase)
            .join(CaseEvent, col(CaseEvent.case_id) == col(ComplianceCase.id))
            .where(
                ComplianceCase.sender_id == case.sender_id,
                ComplianceCase.profile_id == case.profile_id,
                ComplianceCase.id != case.id,
                CaseEvent.kind == CaseEventKind.FINED.value,
                CaseEvent.recorded_at >= since,
                col(CaseEvent.number).not_in(undone.correlate(ComplianceCase)),
            )
        )
        counted[days] = session.exec(statement).one()
    return counted
