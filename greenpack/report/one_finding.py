"""Everything about one finding that a person needs to decide, and the deciding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement as Measured
from greenpack.measure.measurement import Quantity
from greenpack.reasons import GreenPackError
from greenpack.records.forms import DecisionKind
from greenpack.records.recording import decide
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import finding_hub, in_scope
from greenpack.records.stored import measurement_forms
from greenpack.records.tables import (
    Decision,
    Finding,
    Hub,
    Measurement,
    Municipality,
    Photo,
    Platform,
    Province,
    Sender,
    Waybill,
)
from greenpack.rules.verdict import Verdict

Thing = TypeVar("Thing")


class DecidedMeanwhileError(Exception):
    """Somebody decided about the finding after the page was drawn."""


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision as it was recorded."""

    kind: DecisionKind
    by: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OneFinding:
    """A finding, current or not, with the parcel, the photo and the numbers behind it.

    Attributes:
        interval: the judged quantity; None where it was not measured.
        measured: everything measured on the photo that the finding rests on.
        place: hub, municipality and province as far as known, the smallest first.
        decisions: the oldest first.
        superseded_by: the finding that took its place, or None.
    """

    id: int
    verdict: Verdict
    screening: Verdict | None
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
    measured: Measured
    photo_name: str
    photo_sha256: str
    taken_at: datetime | None
    received_at: datetime
    waybill: str | None
    sender_name: str | None
    sender_code: str | None
    platform: str | None
    place: tuple[str, ...]
    decisions: tuple[PastDecision, ...]
    superseded_by: int | None


def one_finding(session: Session, finding_id: int, scope: Scope = EVERYTHING) -> OneFinding:
    """Read a finding with everything behind it.

    Raises:
        GreenPackError: ``finding_unknown``, also for one outside the scope: whoever may not see
            it does not learn that it exists.
    """
    statement = (
        select(Finding, Measurement, Photo)
        .join(Measurement, col(Measurement.id) == Finding.measurement_id)
        .join(Photo, col(Photo.id) == Measurement.photo_id)
        .join(Waybill, col(Waybill.id) == Finding.waybill_id, isouter=True)
        .where(Finding.id == finding_id, *in_scope(scope, finding_hub()))
    )
    found = session.exec(statement).first()
    if found is None:
        raise GreenPackError("finding_unknown", str(finding_id))
    finding, measurement, photo = found
    waybill = _row(session, Waybill, finding.waybill_id)
    sender = _row(session, Sender, None if waybill is None else waybill.sender_id)
    platform = _row(
        session,
        Platform,
        (None if sender is None else sender.platform_id)
        or (None if waybill is None else waybill.platform_id),
    )
    return OneFinding(
        id=finding_id,
        verdict=Verdict(finding.verdict),
        screening=None if finding.screening is None else Verdict(finding.screening),
        reason=finding.reason,
        rule_id=finding.rule_id,
        quantity=Quantity(finding.quantity),
        interval=_interval(finding),
        limit=finding.limit_value,
        explanation=finding.explanation,
        profile_id=finding.profile_id,
        profile_version=finding.profile_version,
        profile_sha256=finding.profile_sha256,
        model_sha256=finding.model_sha256,
        evidence_sha256=finding.evidence_sha256,
        created_at=finding.created_at,
        measured=measurement_forms(session, [(measurement, photo)])[0].record.measurement,
        photo_name=photo.source_name,
        photo_sha256=photo.sha256,
        taken_at=photo.taken_at,
        received_at=photo.received_at,
        waybill=None if waybill is None else waybill.number,
        sender_name=None if sender is None else sender.name,
        sender_code=None if sender is None else sender.code,
        platform=None if platform is None else platform.name,
        place=_place(session, photo.hub_id or (None if waybill is None else waybill.hub_id)),
        decisions=_decisions(session, finding_id),
        superseded_by=finding.superseded_by,
    )


def decide_as_seen(
    session: Session,
    finding_id: int,
    kind: DecisionKind,
    by: str,
    note: str,
    seen: int,
    scope: Scope = EVERYTHING,
) -> None:
    """Record a decision, unless it was made without knowing the latest one.

    Two people may look at the same finding, and a button may be pressed twice.

    Args:
        session: in a transaction that the caller commits, or rolls back if this raises.
        finding_id: the finding.
        kind: what was decided.
        by: who decided.
        note: why.
        seen: how many decisions the person saw.
        scope: what the person may see.

    Raises:
        DecidedMeanwhileError: if there are other decisions than were seen.
        GreenPackError: ``finding_unknown`` or ``finding_superseded``.
        ValueError: if nobody is named.
    """
    # First, because it waits for other writers: only then nobody can decide in between.
    decide(session, finding_id, kind, by, note)
    if scope != EVERYTHING:
        one_finding(session, finding_id, scope)
    statement = select(func.count()).where(Decision.finding_id == finding_id)
    if session.exec(statement).one() != seen + 1:
        raise DecidedMeanwhileError(finding_id)


def _row(session: Session, table: type[Thing], row_id: int | None) -> Thing | None:
    return None if row_id is None else session.get(table, row_id)


def _interval(finding: Finding) -> Interval | None:
    if finding.low is None or finding.high is None:
        return None
    return Interval(finding.value, finding.low, finding.high)


def _place(session: Session, hub_id: int | None) -> tuple[str, ...]:
    hub = _row(session, Hub, hub_id)
    municipality = _row(session, Municipality, None if hub is None else hub.municipality_id)
    province = _row(session, Province, None if municipality is None else municipality.province_id)
    # A name is empty where only the larger place was named.
    return tuple(row.name for row in (hub, municipality, province) if row is not None and row.name)


def _decisions(session: Session, finding_id: int) -> tuple[PastDecision, ...]:
    statement = select(Decision).where(Decision.finding_id == finding_id).order_by(col(Decision.id))
    return tuple(
        PastDecision(DecisionKind(row.kind), row.decided_by, row.note, row.created_at)
        for row in session.exec(statement)
    )
