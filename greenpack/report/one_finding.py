"""Everything about one finding that a person needs to decide about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement as Measured
from greenpack.measure.measurement import Quantity
from greenpack.reasons import GreenPackError
from greenpack.records.deciding import said_by
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import finding_hub, in_scope
from greenpack.records.standing import Said, Standing
from greenpack.records.stored import given, measurement_forms
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


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision as it was recorded; ``said`` is what the standing depends on."""

    said: Said
    reason: DismissalReason | None
    note: str
    at: datetime

    @property
    def kind(self) -> DecisionKind:
        """What was decided."""
        return self.said.kind

    @property
    def by(self) -> str:
        """Who decided."""
        return self.said.by


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another current finding about the same parcel: under another rule, or another profile."""

    id: int
    rule_id: str
    profile_id: str
    verdict: Verdict
    standing: Standing


@dataclass(frozen=True, slots=True)
class OneFinding:
    """A finding, current or not, with the parcel, the photo and the numbers behind it.

    Attributes:
        interval: the judged quantity; None where it was not measured.
        measured: everything measured on the photo that the finding rests on.
        place: hub, municipality and province as far as known, the smallest first.
        shapes: what the model saw, ``Shape.as_dict()`` each.
        decisions: the oldest first.
        standing: what they amount to, for the two-person rule where it says violation.
        siblings: the other current findings about the parcel.
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
    shapes: tuple[Mapping[str, Any], ...]
    photo_id: int
    waybill_id: int | None
    photo_name: str
    photo_sha256: str
    photo_size_bytes: int
    taken_at: datetime | None
    received_at: datetime
    waybill: str | None
    sender_name: str | None
    sender_code: str | None
    platform: str | None
    place: tuple[str, ...]
    decisions: tuple[PastDecision, ...]
    standing: Standing
    siblings: tuple[Sibling, ...]
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
    stored = measurement_forms(session, [(measurement, photo)])[0].record
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
        measured=stored.measurement,
        shapes=tuple(stored.shapes),
        photo_id=given(photo.id),
        waybill_id=finding.waybill_id,
        photo_name=photo.source_name,
        photo_sha256=photo.sha256,
        photo_size_bytes=photo.size_bytes,
        taken_at=photo.taken_at,
        received_at=photo.received_at,
        waybill=None if waybill is None else waybill.number,
        sender_name=None if sender is None else sender.name,
        sender_code=None if sender is None else sender.code,
        platform=None if platform is None else platform.name,
        place=_place(session, photo.hub_id or (None if waybill is None else waybill.hub_id)),
        decisions=_decisions(session, finding_id),
        standing=Standing.OPEN if finding.standing is None else Standing(finding.standing),
        siblings=_siblings(session, finding, given(photo.id)),
        superseded_by=finding.superseded_by,
    )


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
        PastDecision(
            said_by(row),
            None if row.reason is None else DismissalReason(row.reason),
            row.note,
            row.created_at,
        )
        for row in session.exec(statement)
    )


def _siblings(session: Session, finding: Finding, photo_id: int) -> tuple[Sibling, ...]:
    statement = select(Finding).where(
        col(Finding.superseded_by).is_(None), Finding.id != finding.id
    )
    if finding.waybill_id is None:
        statement = statement.join(Measurement).where(
            Measurement.photo_id == photo_id, col(Finding.waybill_id).is_(None)
        )
    else:
        statement = statement.where(Finding.waybill_id == finding.waybill_id)
    return tuple(
        Sibling(
            given(row.id),
            row.rule_id,
            row.profile_id,
            Verdict(row.verdict),
            Standing.OPEN if row.standing is None else Standing(row.standing),
        )
        for row in session.exec(statement.order_by(col(Finding.profile_id), col(Finding.id)))
    )
