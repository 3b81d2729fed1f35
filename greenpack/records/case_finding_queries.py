"""Which findings a case has, which could be in one, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, func, select
from sqlmodel import Session

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_scope import scope_of
from greenpack.records.scope import Scope
from greenpack.records.selecting import (
    finding,
    finding_hub,
    hub,
    in_scope,
    joined,
    measurement,
    municipality,
    photo,
    province,
    sender,
    waybill,
)
from greenpack.records.standing import Standing
from greenpack.records.tables import ComplianceCase, Row
from greenpack.rules.verdict import Verdict

_EVENT: Table = Row.metadata.tables["case_event"]
# One for a finding that joins a case, minus one for one that leaves it.
JOINING = case(
    (_EVENT.c.kind == CaseEventKind.FINDING_ADDED.value, 1),
    (_EVENT.c.kind == CaseEventKind.FINDING_REMOVED.value, -1),
    else_=0,
)


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A finding with what a case tells of it.

    Attributes:
        superseded_by: the finding that took its place, or None.
        standing: what people decided; for violations by the two-person rule.
    """

    id: int
    verdict: Verdict
    reason: str
    rule_id: str
    quantity: Quantity
    interval: Interval | None
    limit: float | None
    explanation: str
    profile_id: str
    profile_version: str
    profile_sha256: str
    model_sha256: str
    evidence_sha256: str
    created_at: datetime
    superseded_by: int | None
    standing: Standing
    measurement_id: int
    photo_id: int
    photo_sha256: str
    source_name: str
    taken_at: datetime | None
    received_at: datetime
    waybill_id: int | None
    waybill_number: str | None
    packed_on: date | None
    hub: str | None
    municipality: str | None
    province: str | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """A sender with confirmed findings that are in no case yet."""

    sender_id: int
    code: str
    name: str | None
    findings: int


def case_finding_ids(session: Session, case_id: int) -> list[int]:
    """The findings that are in a case now, in the order of their rows."""
    statement = _members().where(_EVENT.c.case_id == case_id).order_by(_EVENT.c.finding_id)
    return list(session.connection().execute(statement).scalars())


def case_findings(session: Session, case_id: int) -> list[CaseFinding]:
    """The findings of a case; whoever may see the case may see them."""
    members = _members().where(_EVENT.c.case_id == case_id)
    statement = _with_places().where(finding.c.id.in_(members)).order_by(finding.c.id)
    return [_form(row) for row in session.connection().execute(statement)]


def candidates(
    session: Session,
    profile_id: str,
    sender_id: int,
    scope: Scope,
    *,
    two_person: bool = True,
    limit: int = 200,
) -> list[CaseFinding]:
    """A sender's confirmed findings that are in no case, the newest first."""
    statement = (
        _with_places()
        .where(
            finding.c.profile_id == profile_id,
            waybill.c.sender_id == sender_id,
            *_confirmed(two_person),
            *in_scope(scope, finding_hub()),
        )
        .order_by(finding.c.id.desc())
        .limit(limit)
    )
    return [_form(row) for row in session.connection().execute(statement)]


def senders_to_answer(
    session: Session,
    profile_id: str,
    scope: Scope,
    *,
    two_person: bool = True,
    limit: int = 20,
) -> list[Candidates]:
    """The senders with most confirmed findings in no case."""
    count = func.count().label("findings")
    found = select(waybill.c.sender_id, count).select_from(finding)
    inside = in_scope(scope, finding_hub())
    if inside:
        # Only a scope asks where a finding's photo was taken.
        found = found.join(measurement, measurement.c.id == finding.c.measurement_id)
        found = found.join(photo, photo.c.id == measurement.c.photo_id)
    most = (
        found.join(waybill, waybill.c.id == finding.c.waybill_id)
        .where(
            finding.c.profile_id == profile_id,
            waybill.c.sender_id.is_not(None),
            *_confirmed(two_person),
            *inside,
        )
        .group_by(waybill.c.sender_id)
        .order_by(count.desc(), waybill.c.sender_id)
        .limit(limit)
        .subquery("most")
    )
    statement = (
        select(sender.c.id, sender.c.code, sender.c.name, most.c.findings)
        .join(most, most.c.sender_id == sender.c.id)
        .order_by(most.c.findings.desc(), sender.c.id)
    )
    return [Candidates(*row) for row in session.connection().execute(statement)]


def unfit(
    session: Session,
    of: ComplianceCase,
    findings: Sequence[int],
    two_person: bool,
    *,
    taken: bool = True,
) -> set[int]:
    """Those of the findings that cannot be in a case.

    Args:
        session: reads.
        of: the case, or one that is about to be opened.
        findings: their rows.
        two_person: whether a confirmation needs two persons.
        taken: whether being in a case already makes one unfit.
    """
    scope = scope_of(of.province, of.municipality, of.hub)
    fit: set[int] = set()
    for start in range(0, len(findings), 500):
        statement = joined(select(finding.c.id)).where(
            finding.c.id.in_(findings[start : start + 500]),
            finding.c.profile_id == of.profile_id,
            finding.c.profile_sha256 == of.profile_sha256,
            waybill.c.sender_id == of.sender_id,
            *_confirmed(two_person, taken=taken),
            *in_scope(scope, finding_hub()),
        )
        fit.update(session.connection().execute(statement).scalars())
    return set(findings) - fit


def _confirmed(two_person: bool, *, taken: bool = True) -> list[ColumnElement[bool]]:
    """Current violations that stand confirmed; only a verified rule gives one."""
    words = [Standing.CONFIRMED.value]
    if not two_person:
        words.append(Standing.ONE_CONFIRMED.value)
    free = [finding.c.id.not_in(_members().correlate(None))] if taken else []
    return [
        finding.c.superseded_by.is_(None),
        finding.c.verdict == Verdict.VIOLATION.value,
        finding.c.standing.in_(words),
        *free,
    ]


def _members() -> Select[int]:
    """The findings that are in cases: added, and not removed since."""
    return (
        select(_EVENT.c.finding_id)
        .where(_EVENT.c.finding_id.is_not(None))
        .group_by(_EVENT.c.finding_id)
        .having(func.sum(JOINING) > 0)
    )


def _with_places() -> Select[Any]:
    columns = [
        finding.c[name]
        for name in (
            *("id", "verdict", "reason", "rule_id", "quantity", "value", "low", "high"),
            *("limit_value", "explanation", "profile_id", "profile_version", "profile_sha256"),
            *("model_sha256", "evidence_sha256", "created_at", "superseded_by", "standing"),
            *("measurement_id", "waybill_id"),
        )
    ]
    statement = select(
        *columns,
        photo.c.id.label("photo_id"),
        photo.c.sha256.label("photo_sha256"),
        photo.c.source_name,
        photo.c.taken_at,
        photo.c.received_at,
        waybill.c.number.label("waybill_number"),
        waybill.c.packed_on,
        hub.c.name.label("hub"),
        municipality.c.name.label("municipality"),
        province.c.name.label("province"),
    )
    return (
        joined(statement)
        .outerjoin(hub, hub.c.id == finding_hub())
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .outerjoin(province, province.c.id == municipality.c.province_id)
    )


def _form(row: Any) -> CaseFinding:
    values = dict(row._mapping)
    value, low, high = values.pop("value"), values.pop("low"), values.pop("high")
    standing = values.pop("standing")
    return CaseFinding(
        verdict=Verdict(values.pop("verdict")),
        quantity=Quantity(values.pop("quantity")),
        interval=None if low is None else Interval(value, low, high),
        limit=values.pop("limit_value"),
        standing=Standing.OPEN if standing is None else Standing(standing),
        **values,
    )
