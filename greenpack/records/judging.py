"""Recording findings, so that every parcel has one current finding for each rule of a profile."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from greenpack.reasons import REASONS
from greenpack.records.columns import now, storable
from greenpack.records.counting import count_parcels, count_profile
from greenpack.records.digests import entry_for
from greenpack.records.forms import ProfilePin, StoredMeasurement
from greenpack.records.ledger import LedgerKind, NewEntry, append_all, lock
from greenpack.records.stored import given
from greenpack.records.tables import Finding, Measurement, Photo
from greenpack.rules.verdict import Judgement


def record_findings(
    session: Session,
    measurement: StoredMeasurement,
    judgements: Sequence[Judgement],
    profile: ProfilePin,
    evidence_sha256: str,
) -> list[Finding]:
    """Record the judgements of one parcel under one profile; one finding for each, in order.

    The parcel is the photo's waybill if it has one, else the photo. A judgement equal to the
    current finding changes nothing and returns that one; equal also if another photo of the same
    waybill, measured with the same model and settings, gave the very same numbers, so that
    auditing the photos of a parcel again in whatever order changes nothing. Otherwise the new
    finding supersedes the current one of the same parcel, profile id and rule. Pass the
    judgements of all rules at once: current findings of rules that are not among them are
    superseded too, because the profile no longer has these rules.

    Raises:
        ValueError: a rule judged twice, or an unknown reason code.
    """
    if len({judgement.rule_id for judgement in judgements}) != len(judgements):
        raise ValueError("a rule judges a parcel once")
    for judgement in judgements:
        if judgement.reason not in REASONS:
            raise ValueError(f"{judgement.reason!r} is no reason code")
    if not judgements:
        return []
    lock(session)
    count_profile(session, profile.id, profile.timezone)
    waybill_id = session.exec(
        select(Photo.waybill_id).where(Photo.id == measurement.photo_id)
    ).one()
    current = _current(session, profile.id, measurement.photo_id, waybill_id)
    findings: list[Finding] = []
    for judgement in judgements:
        wanted = _finding(judgement, measurement, waybill_id, profile, evidence_sha256)
        same = [
            finding
            for finding, settings in current
            if _content(finding) == _content(wanted)
            and settings == measurement.record.settings_sha256
            and (waybill_id is not None or finding.measurement_id == measurement.id)
        ]
        findings.append(same[0] if same else wanted)
    new = [finding for finding in findings if finding.id is None]
    session.add_all(new)
    session.flush()
    entries = [
        entry_for(
            LedgerKind.FINDING,
            finding,
            photo=measurement.photo_sha256,
            profile=f"{profile.id} {profile.version}",
            rule=finding.rule_id,
            verdict=finding.verdict,
            evidence=finding.evidence_sha256,
        )
        for finding in new
    ]
    before = [finding for finding, _ in current]
    superseded = _supersede(session, before, findings)
    append_all(session, entries + superseded)
    if new or superseded:
        # The photo stood for itself before it came to a waybill, or belonged to another one.
        waybills = {waybill_id, *(finding.waybill_id for finding in before)}
        count_parcels(
            session,
            waybills=[each for each in waybills if each is not None],
            photos=[measurement.photo_id],
            profile_id=profile.id,
        )
    return findings


def _current(
    session: Session, profile_id: str, photo_id: int, waybill_id: int | None
) -> list[tuple[Finding, str]]:
    """Current findings of the parcel, and of the parcel this photo belonged to before.

    With the settings each was measured with.
    """
    current = (
        select(Finding, Measurement.settings_sha256)
        .join(Measurement)
        .where(col(Finding.superseded_by).is_(None))
        .execution_options(populate_existing=True)
    )
    # Two statements, for either can use an index, which a condition with OR cannot.
    statements = [current.where(Measurement.photo_id == photo_id)]
    if waybill_id is not None:
        statements.append(current.where(Finding.waybill_id == waybill_id))
    found = {
        given(finding.id): (finding, settings)
        for statement in statements
        for finding, settings in session.exec(statement)
        # Asked for in SQL, SQLite might go through all findings of the profile to find these few.
        if finding.profile_id == profile_id
    }
    return [found[finding_id] for finding_id in sorted(found)]


def _finding(
    judgement: Judgement,
    measurement: StoredMeasurement,
    waybill_id: int | None,
    profile: ProfilePin,
    evidence_sha256: str,
) -> Finding:
    interval = judgement.interval
    value = None if interval is None else interval.value
    return Finding(
        measurement_id=measurement.id,
        waybill_id=waybill_id,
        profile_id=profile.id,
        profile_version=profile.version,
        profile_sha256=profile.sha256,
        rule_id=judgement.rule_id,
        verdict=judgement.verdict.value,
        screening=None if judgement.screening is None else judgement.screening.value,
        reason=judgement.reason,
        quantity=judgement.quantity.value,
        value=None if value is None else float(value),
        low=None if interval is None else float(interval.low),
        high=None if interval is None else float(interval.high),
        limit_value=None if judgement.limit is None else float(judgement.limit),
        explanation=storable(judgement.explanation),
        model_sha256=measurement.record.model_sha256,
        evidence_sha256=evidence_sha256,
        created_at=now(),
    )


def _content(finding: Finding) -> tuple[object, ...]:
    """What makes a finding say something else; its wording and its picture do not."""
    return (
        finding.waybill_id,
        finding.profile_version,
        finding.profile_sha256,
        finding.rule_id,
        finding.verdict,
        finding.screening,
        finding.reason,
        finding.quantity,
        finding.value,
        finding.low,
        finding.high,
        finding.limit_value,
        finding.model_sha256,
    )


def _supersede(
    session: Session, current: Sequence[Finding], findings: Sequence[Finding]
) -> list[NewEntry]:
    """Let every finding that was current make way, unless it is one of ``findings``."""
    kept = {finding.id for finding in findings}
    successors = {finding.rule_id: finding for finding in findings}
    gone = [finding for finding in current if finding.id not in kept]
    for finding in gone:
        finding.superseded_by = successors.get(finding.rule_id, findings[0]).id
        session.add(finding)
    session.flush()
    return [entry_for(LedgerKind.SUPERSEDED, finding, by=finding.superseded_by) for finding in gone]
