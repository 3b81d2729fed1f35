"""Opening cases and recording what happens to them, each in the caller's one transaction.

Rows are only ever added. What a step means for the case's findings (a correction ordered, refused,
rectified, fined) is recorded as decisions about them too, so that their own history tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlmodel import Session, col, func, select

from greenpack.reasons import GreenPackError
from greenpack.records.case_decisions import record_decisions
from greenpack.records.case_entries import NewCase, NewStep, Person
from greenpack.records.case_finding_queries import case_finding_ids, unfit
from greenpack.records.case_forms import CaseEventKind, CaseState
from greenpack.records.case_life import Happened, Life, after, life_of
from greenpack.records.case_reading import case_history, case_row, earlier_fines
from greenpack.records.case_steps import Terms, Wanted, check_step, terms_of
from greenpack.records.columns import now, storable
from greenpack.records.digests import entry_for
from greenpack.records.ledger import LedgerKind, NewEntry, append_all, lock
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.stored import given
from greenpack.records.tables import CaseEvent, ComplianceCase
from greenpack.rules.profile import Profile

Kind = CaseEventKind

# What rests on the findings as they stand at that moment.
_ACCUSING: Final = frozenset({Kind.CORRECTION_ORDERED, Kind.RECOMMENDED, Kind.FINE_PROPOSED})


@dataclass(frozen=True, slots=True)
class _Told:
    """One event before it is a row."""

    life: Life
    wanted: Wanted
    finding_id: int | None = None
    undoes: int | None = None
    step: NewStep | None = None
    terms: Terms = field(default_factory=lambda: Terms(False))


def open_case(session: Session, new: NewCase, by: Person) -> ComplianceCase:
    """Open a case with its findings.

    Raises:
        GreenPackError: ``case_empty`` or ``case_finding_unfit``, naming the findings.
        ValueError: if nobody is named.
    """
    _named(by)
    if not new.findings:
        raise GreenPackError("case_empty")
    lock(session)
    case = ComplianceCase(
        number=_next_number(session, new.day.year),
        sender_id=new.sender_id,
        profile_id=new.profile.id,
        profile_version=new.profile.version,
        profile_sha256=new.profile.sha256,
        province=new.scope.province,
        municipality=new.scope.municipality,
        hub=new.scope.hub,
        opened_by=storable(by.name),
        opened_at=now(),
    )
    _check_fit(session, case, new.findings, new.two_person)
    session.add(case)
    session.flush()
    opening = entry_for(
        LedgerKind.COMPLIANCE_CASE, case, case=case.number, profile=case.profile_id, by=by.name
    )
    life = life_of([Happened(1, Kind.OPENED)])
    told = [_Told(life, Wanted(Kind.OPENED, new.note))]
    for finding_id in dict.fromkeys(new.findings):
        life = after(life, Happened(life.number + 1, Kind.FINDING_ADDED))
        told.append(_Told(life, Wanted(Kind.FINDING_ADDED), finding_id))
    events = [_event(case, one, by) for one in told]
    session.add_all(events)
    session.flush()
    append_all(session, [opening, *(_entry(case, event) for event in events)])
    return case


def record_step(
    session: Session,
    case_id: int,
    new: NewStep,
    by: Person,
    *,
    profile: Profile,
    day: date,
    scope: Scope = EVERYTHING,
    two_person: bool = True,
) -> CaseEvent:
    """Record the next step of a case, and what it means for its findings.

    Args:
        session: the caller commits.
        case_id: the case.
        new: the step.
        by: who takes it.
        profile: the one that the case names, from its kept file.
        day: today, in the profile's time zone.
        scope: what the person may see.
        two_person: whether a confirmation needs two persons.

    Raises:
        GreenPackError: ``case_unknown``, ``case_changed_meanwhile``, what ``check_step`` raises,
            or ``case_finding_unfit`` where the step rests on findings that do not stand.
        ValueError: if nobody is named, or ``profile`` is not that of the case.
    """
    _named(by)
    lock(session)
    case = case_row(session, case_id, scope)
    if case.profile_sha256 != profile.sha256:
        raise ValueError("a case goes by the profile that it was opened under")
    life = life_of(case_history(session, case_id))
    last = session.exec(
        select(func.max(CaseEvent.number)).where(CaseEvent.case_id == case_id)
    ).one()
    if last != new.seen:
        raise GreenPackError("case_changed_meanwhile", case.number)
    terms = terms_of(profile, day, earlier_fines(session, case, profile))
    kind = new.wanted.kind
    check_step(life, terms, new.wanted, day)
    findings = case_finding_ids(session, case_id)
    if kind in (Kind.FINDING_ADDED, Kind.FINDING_REMOVED):
        _check_membership(session, case, new, findings, two_person)
    if kind in _ACCUSING:
        _check_fit(session, case, findings, two_person, taken=False)
    undoes = life.number if kind is Kind.UNDONE else None
    happened = _happened(int(last) + 1, new.wanted, terms, undoes)
    told = _Told(after(life, happened), new.wanted, new.finding_id, undoes, new, terms)
    event = _event(case, told, by, number=happened.number)
    session.add(event)
    session.flush()
    entries = [_entry(case, event), *record_decisions(session, case, findings, event, by)]
    append_all(session, entries)
    return event


def _named(by: Person) -> None:
    if not by.name.strip():
        raise ValueError("a step needs the name of who takes it")


def _next_number(session: Session, year: int) -> str:
    head = f"GP-{year:04}-"
    last = session.exec(
        select(func.max(ComplianceCase.number)).where(col(ComplianceCase.number).startswith(head))
    ).one()
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:06}"


def _check_fit(
    session: Session,
    case: ComplianceCase,
    findings: Sequence[int],
    two_person: bool,
    *,
    taken: bool = True,
) -> None:
    if not findings:
        raise GreenPackError("case_empty")
    wrong = unfit(session, case, findings, two_person, taken=taken)
    if wrong:
        raise GreenPackError("case_finding_unfit", ", ".join(map(str, sorted(wrong))))


def _check_membership(
    session: Session,
    case: ComplianceCase,
    new: NewStep,
    findings: Sequence[int],
    two_person: bool,
) -> None:
    if new.finding_id is None:
        raise GreenPackError("case_empty")
    if new.wanted.kind is Kind.FINDING_ADDED:
        _check_fit(session, case, [new.finding_id], two_person)
    elif new.finding_id not in findings:
        raise GreenPackError("case_finding_unfit", str(new.finding_id))


def _happened(number: int, wanted: Wanted, terms: Terms, undoes: int | None) -> Happened:
    fine = terms.fine(wanted.consequence) if wanted.kind is Kind.FINE_PROPOSED else None
    return Happened(
        number,
        wanted.kind,
        wanted.due_on,
        None if fine is None else fine.id,
        None if fine is None else fine.low,
        None if fine is None else fine.high,
        wanted.amount,
        None if fine is None else fine.currency,
        wanted.outcome,
        undoes,
    )


def _event(case: ComplianceCase, told: _Told, by: Person, number: int | None = None) -> CaseEvent:
    wanted, step, life = told.wanted, told.step, told.life
    proposed = life.proposed if wanted.kind is Kind.FINE_PROPOSED else None
    file = None if step is None else step.file
    consequence = None if proposed is None else proposed.consequence
    if wanted.kind is Kind.CORRECTION_ORDERED and told.terms.order is not None:
        consequence = told.terms.order.id
    has_amount = wanted.amount is not None and life.proposed is not None
    currency = life.proposed.currency if life.proposed and (proposed or has_amount) else None
    return CaseEvent(
        case_id=given(case.id),
        number=life.number if number is None else number,
        kind=wanted.kind.value,
        state=life.state.value,
        recorded_at=now(),
        recorded_by=storable(by.name),
        account_id=by.account_id,
        note=storable(wanted.note.strip()),
        finding_id=told.finding_id,
        due_on=None if life.state is CaseState.SET_ASIDE else life.due_on,
        addressed_to=(
            None if step is None or not step.addressed_to else storable(step.addressed_to)
        ),
        consequence=consequence,
        fine_low=None if proposed is None else proposed.low,
        fine_high=None if proposed is None else proposed.high,
        amount=wanted.amount,
        currency=currency,
        outcome=None if wanted.outcome is None else wanted.outcome.value,
        undoes=told.undoes,
        file_sha256=None if file is None else file.sha256,
        file_name=None if file is None else storable(file.name),
        file_bytes=None if file is None else file.size_bytes,
    )


def _entry(case: ComplianceCase, event: CaseEvent) -> NewEntry:
    return entry_for(
        LedgerKind.CASE_EVENT,
        event,
        case=case.number,
        event=event.kind,
        by=event.recorded_by,
    )
