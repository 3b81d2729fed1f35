"""What else was photographed of a parcel, and whether the photos contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from greenpack.measure.interval import Interval
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import finding_hub, in_scope
from greenpack.records.stored import measurement_forms
from greenpack.records.tables import Measurement, Photo, Waybill
from greenpack.report.one_finding import OneFinding

# A waybill with more photos than this is one number for many parcels: a mistake, and said so.
MOST = 50


@dataclass(frozen=True, slots=True)
class OtherPhoto:
    """Another photo of the waybill.

    Attributes:
        photo_id: its row.
        name: its file's name.
        received_at: when it reached GreenPack.
        reason: why it gave no numbers; None where it gave some, empty where it waits for them.
        interval: of the judged quantity, measured on this photo alone; None where it was not.
        contradicts: whether that interval and the one of the finding's photo have nothing in
            common: then one of the two outlines, or one of the two waybill numbers, is wrong.
    """

    photo_id: int
    name: str
    received_at: datetime
    reason: str | None
    interval: Interval | None
    contradicts: bool


def other_photos(
    session: Session, finding: OneFinding, scope: Scope = EVERYTHING
) -> list[OtherPhoto]:
    """The other photos of the finding's waybill, the oldest first, with their newest numbers."""
    if finding.waybill_id is None:
        return []
    photos = (
        select(Photo)
        .join(Waybill, col(Waybill.id) == Photo.waybill_id)
        .where(
            Photo.waybill_id == finding.waybill_id,
            Photo.id != finding.photo_id,
            *in_scope(scope, finding_hub()),
        )
        .order_by(col(Photo.id))
        .limit(MOST)
    )
    return [_other(session, photo, finding) for photo in session.exec(photos)]


def apart(one: Interval | None, other: Interval | None) -> bool:
    """Whether two intervals of the same thing have nothing in common."""
    if one is None or other is None:
        return False
    return one.high < other.low or other.high < one.low


def _other(session: Session, photo: Photo, finding: OneFinding) -> OtherPhoto:
    newest = session.exec(
        select(Measurement)
        .where(Measurement.photo_id == photo.id)
        .order_by(col(Measurement.id).desc())
        .limit(1)
    ).first()
    interval: Interval | None = None
    reason: str | None = photo.refused_reason or ""
    if newest is not None:
        measured = measurement_forms(session, [(newest, photo)])[0].record.measurement
        interval, reason = measured.quantities.get(finding.quantity), measured.reason
    own = finding.measured.quantities.get(finding.quantity)
    return OtherPhoto(
        photo_id=int(photo.id or 0),
        name=photo.source_name,
        received_at=photo.received_at,
        reason=reason,
        interval=interval,
        contradicts=apart(interval, own),
    )
