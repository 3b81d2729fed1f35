"""Lists of cases, a page at a time by keys, and everything about one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Date, Select, Table, and_, func, literal, or_, select
from sqlmodel import Session, col
from sqlmodel import select as rows

from greenpack.language.speaking import mark
from greenpack.records.case_finding_queries import JOINING, CaseFinding, case_findings
from greenpack.records.case_forms import CaseState
from greenpack.records.case_life import Life, life_of
from greenpack.records.case_reading import case_row, happened_of
from greenpack.records.case_scope import case as case_table
from greenpack.records.case_scope import case_in_scope
from greenpack.records.columns import storable
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import platform, sender
from greenpack.records.tables import CaseEvent, ComplianceCase, Platform, Row, Sender

_EVENT: Table = Row.metadata.tables["case_event"]
# Comes after every due date.
_NEVER: Final = date(9999, 12, 31)


class CaseSort(StrEnum):
    """In which order cases come; equal ones by number."""

    NEWEST = mark("newest")
    OLDEST = mark("oldest")
    DUE = mark("due first")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are meant; None leaves a condition out.

    Attributes:
        states: any of these.
        overdue_on: orders whose due date lay before that day.
        sender_id: the sender's row.
        sender: part of the sender's name or code, or of the case's number.
        profile_id: the profile.
        scope: the jurisdiction that who asks may see; pages always set it.
    """

    states: tuple[CaseState, ...] | None = None
    overdue_on: date | None = None
    sender_id: int | None = None
    sender: str | None = None
    profile_id: str | None = None
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list.

    Attributes:
        due_on: last day to correct; None where no order stands.
        findings: how many are in it now.
        changed_at: when something last happened.
    """

    id: int
    number: str
    sender_id: int
    sender_code: str
    sender_name: str | None
    platform: str | None
    profile_id: str
    opened_at: datetime
    state: CaseState
    due_on: date | None
    findings: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class WholeCase:
    """Everything about a case.

    Attributes:
        case: its row.
        sender: whose parcels.
        platform: the sender's, or None.
        events: all, the oldest first.
        findings: those that are in it now.
        life: how it stands.
        seen: number of its last event.
    """

    case: ComplianceCase
    sender: Sender
    platform: str | None
    events: tuple[CaseEvent, ...]
    findings: tuple[CaseFinding, ...]
    life: Life

    @property
    def seen(self) -> int:
        """Number of the last event."""
        return self.events[-1].number


def list_cases(
    session: Session,
    wanted: CaseFilter,
    *,
    sort: CaseSort = CaseSort.NEWEST,
    after: CaseLine | None = None,
    limit: int = 50,
) -> list[CaseLine]:
    """One page of cases, those behind ``after`` in the order."""
    due = func.coalesce(_EVENT.c.due_on, literal(_NEVER, Date()))
    joining = func.sum(JOINING).label("findings")
    members = (
        select(joining).where(_EVENT.c.case_id == case_table.c.id).correlate(case_table)
    ).scalar_subquery()
    statement = _filtered(
        select(
            case_table.c.id,
            case_table.c.number,
            case_table.c.sender_id,
            sender.c.code,
            sender.c.name,
            platform.c.name,
            case_table.c.profile_id,
            case_table.c.opened_at,
            _EVENT.c.state,
            _EVENT.c.due_on,
            members,
            _EVENT.c.recorded_at,
        ),
        wanted,
    )
    key = case_table.c.id
    if sort is CaseSort.NEWEST:
        statement = statement.order_by(key.desc())
        behind = None if after is None else key < after.id
    elif sort is CaseSort.OLDEST:
        statement = statement.order_by(key)
        behind = None if after is None else key > after.id
    else:
        statement = statement.order_by(due, key)
        last = literal(after.due_on or _NEVER, Date()) if after is not None else None
        behind = None if after is None else or_(due > last, and_(due == last, key > after.id))
    if behind is not None:
        statement = statement.where(behind)
    names = [field.name for field in fields(CaseLine)]
    lines: list[CaseLine] = []
    for row in session.connection().execute(statement.limit(limit)):
        values: dict[str, Any] = dict(zip(names, row, strict=True))
        lines.append(CaseLine(**values | {"state": CaseState(values["state"])}))
    return lines


def count_cases(session: Session, wanted: CaseFilter) -> int:
    """How many cases there are in all pages."""
    statement = _filtered(select(func.count()), wanted)
    return int(session.connection().execute(statement).scalar_one())


def cased_profiles(session: Session, scope: Scope = EVERYTHING) -> list[str]:
    """The ids of the profiles that have cases in a scope, sorted."""
    statement = select(case_table.c.profile_id).distinct().where(*case_in_scope(scope))
    return sorted(session.connection().execute(statement).scalars())


def whole_case(session: Session, case_id: int, scope: Scope = EVERYTHING) -> WholeCase:
    """Everything about a case.

    Raises:
        GreenPackError: ``case_unknown``, also for one outside the scope.
    """
    case = case_row(session, case_id, scope)
    of = session.get_one(Sender, case.sender_id)
    at = None if of.platform_id is None else session.get(Platform, of.platform_id)
    events = tuple(
        session.exec(
            rows(CaseEvent).where(CaseEvent.case_id == case_id).order_by(col(CaseEvent.number))
        )
    )
    return WholeCase(
        case,
        of,
        None if at is None else at.name,
        events,
        tuple(case_findings(session, case_id)),
        life_of(happened_of(event) for event in events),
    )


def _filtered(statement: Select[Any], wanted: CaseFilter) -> Select[Any]:
    newest = (
        select(func.max(_EVENT.c.number))
        .where(_EVENT.c.case_id == case_table.c.id)
        .correlate(case_table)
        .scalar_subquery()
    )
    statement = (
        statement.select_from(case_table)
        .join(_EVENT, and_(_EVENT.c.case_id == case_table.c.id, _EVENT.c.number == newest))
        .join(sender, sender.c.id == case_table.c.sender_id)
        .outerjoin(platform, platform.c.id == sender.c.platform_id)
        .where(*case_in_scope(wanted.scope))
    )
    if wanted.states is not None:
        statement = statement.where(_EVENT.c.state.in_([state.value for state in wanted.states]))
    if wanted.overdue_on is not None:
        statement = statement.where(
            _EVENT.c.state == CaseState.ORDERED.value, _EVENT.c.due_on < wanted.overdue_on
        )
    if wanted.sender_id is not None:
        statement = statement.where(case_table.c.sender_id == wanted.sender_id)
    if wanted.sender:
        words = storable(wanted.sender.strip())
        statement = statement.where(
            or_(
                sender.c.name.icontains(words, autoescape=True),
                sender.c.code.icontains(words, autoescape=True),
                case_table.c.number.icontains(words, autoescape=True),
            )
        )
    if wanted.profile_id is not None:
        statement = statement.where(case_table.c.profile_id == wanted.profile_id)
    return statement
