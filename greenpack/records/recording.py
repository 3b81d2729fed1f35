"""Recording one photo: all of it in the caller's one transaction, or nothing.

Every function here first takes the ledger's lock, so that writers stand in one queue: two audits
of the same photos neither count twice nor fork the ledger, and cannot wait for each other in a
circle. The caller commits (``greenpack.records.database.transact`` does).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from greenpack.records.forms import (
    DecisionKind,
    MeasurementRecord,
    PhotoRecord,
    ProfilePin,
    StoredMeasurement,
    StoredPhoto,
)
from greenpack.records.tables import Decision, Finding
from greenpack.rules.verdict import Judgement


def record_photo(
    session: Session, photo: PhotoRecord, measurement: MeasurementRecord | None
) -> StoredPhoto:
    """Record a photo and what was measured on it; what is already recorded stays as it is.

    A photo is known by its SHA-256 and a measurement by photo, model and settings; the stored
    one is returned, so judge that. A waybill number is added to a photo that had none, or
    replaces one from a weaker source (barcode over sidecar over file name); ``None`` takes
    nothing away.

    Raises:
        ValueError: a refused photo with a measurement, an unknown reason code, a naive time.
    """
    raise NotImplementedError


def record_findings(
    session: Session,
    measurement: StoredMeasurement,
    judgements: Sequence[Judgement],
    profile: ProfilePin,
    evidence_sha256: str,
) -> list[Finding]:
    """Record the judgements of one parcel under one profile; one finding for each, in order.

    A judgement equal to the current finding changes nothing and returns that one. Otherwise the
    new finding supersedes the current one of the same parcel, profile id and rule. Pass the
    judgements of all rules at once: current findings of rules that are not among them are
    superseded too, because the profile no longer has these rules.

    The parcel is the photo's waybill if it has one, else the photo.
    """
    raise NotImplementedError


def stored_photo(session: Session, sha256: str) -> StoredPhoto | None:
    """The photo with that SHA-256, without its measurement, or None."""
    raise NotImplementedError


def stored_measurement(
    session: Session, photo_sha256: str, model_sha256: str, settings_sha256: str
) -> StoredMeasurement | None:
    """The measurement of that photo with that model and those settings, float for float."""
    raise NotImplementedError


def measurements_of_waybill(
    session: Session, waybill_id: int, model_sha256: str, settings_sha256: str
) -> list[StoredMeasurement]:
    """The measurements of all photos of a waybill, in the order the photos were first recorded."""
    raise NotImplementedError


def current_findings_of(
    session: Session,
    profile_id: str,
    *,
    waybill_id: int | None = None,
    photo_id: int | None = None,
) -> list[Finding]:
    """The findings of one parcel that no other supersedes, by rule id.

    Name the parcel by its waybill, or by its photo if it has no waybill.
    """
    raise NotImplementedError


def decide(
    session: Session, finding_id: int, kind: DecisionKind, by: str, note: str = ""
) -> Decision:
    """Record what a person decided about a finding; decisions are never changed, only followed.

    Raises:
        GreenPackError: ``finding_unknown``, or ``finding_superseded`` where a newer finding has
            taken its place and should be looked at first.
    """
    raise NotImplementedError
