"""Recording one photo: all of it in the caller's one transaction, or nothing.

Every function here that writes first takes the ledger's lock, so that writers stand in one queue:
two audits of the same photos neither count twice nor fork the ledger, and cannot wait for each
other in a circle. The caller commits (``greenpack.records.database.transact`` does).
"""

from __future__ import annotations

from sqlmodel import Session, select

from greenpack.reasons import REASONS
from greenpack.records.columns import aware, now, storable
from greenpack.records.counting import count_unmeasured
from greenpack.records.deciding import decide
from greenpack.records.digests import entry_for
from greenpack.records.forms import (
    AttributionSource,
    DecisionKind,
    MeasurementRecord,
    PhotoRecord,
    ProfilePin,
    StoredMeasurement,
    StoredPhoto,
)
from greenpack.records.judging import record_findings
from greenpack.records.ledger import LedgerKind, append_all, canonical, lock
from greenpack.records.stored import (
    current_findings_of,
    given,
    measurement_forms,
    measurements_of_waybill,
    photo_form,
    stored_measurement,
    stored_photo,
)
from greenpack.records.tables import Measurement, Photo, Quantity, Waybill
from greenpack.records.waybills import ensure_waybill

__all__ = [
    "AttributionSource",
    "DecisionKind",
    "MeasurementRecord",
    "PhotoRecord",
    "ProfilePin",
    "StoredMeasurement",
    "StoredPhoto",
    "attribute",
    "current_findings_of",
    "decide",
    "measurements_of_waybill",
    "record_findings",
    "record_photo",
    "stored_measurement",
    "stored_photo",
]

# From the weakest to the strongest way of knowing a photo's waybill.
_STRENGTH: tuple[str | None, ...] = (
    None,
    AttributionSource.SIDECAR,
    AttributionSource.FILE_NAME,
    AttributionSource.BARCODE,
)


def record_photo(
    session: Session, photo: PhotoRecord, measurement: MeasurementRecord | None
) -> StoredPhoto:
    """Record a photo and what was measured on it; what is already recorded stays as it is.

    A photo is known by its SHA-256 and a measurement by photo, model and settings; the stored
    one is returned, so judge that. A waybill number is added to a photo that had none, or
    replaces one from a weaker source (barcode over file name over sidecar); ``None`` takes
    nothing away. Bytes once refused that are usable now become a usable photo.

    Raises:
        ValueError: a refused photo with a measurement, a number without a source or a source
            without a number, an unknown reason code, a naive time.
    """
    _check(photo, measurement)
    lock(session)
    row = _photo_row(session, photo.sha256)
    added = row is None
    if row is None:
        row = Photo(
            sha256=photo.sha256,
            source_name=storable(photo.source_name),
            size_bytes=photo.size_bytes,
            received_at=photo.received_at,
            hub_id=photo.hub_id,
            camera_id=photo.camera_id,
        )
        _describe(session, row, photo)
    elif row.refused_reason is not None and photo.refused_reason != row.refused_reason:
        _describe(session, row, photo)
    if photo.waybill_number is not None and photo.attribution_source is not None:
        stronger = _STRENGTH.index(photo.attribution_source) > _STRENGTH.index(
            row.attribution_source
        )
        if stronger:
            _attribute(
                session,
                row,
                photo.waybill_number,
                photo.attribution_source,
                photo.attribution_note,
            )
    stored = None if measurement is None else _record_measurement(session, row, measurement)
    return photo_form(session, row, added=added, measurement=stored)


def attribute(
    session: Session,
    photo_sha256: str,
    waybill_number: str,
    source: AttributionSource,
    note: str | None = None,
) -> StoredPhoto:
    """Give a photo to a waybill whatever it was given to before; the ledger keeps both.

    Judge the photo anew afterwards: its findings are still those of the parcel before.

    Raises:
        KeyError: if there is no such photo.
    """
    lock(session)
    row = _photo_row(session, photo_sha256)
    if row is None:
        raise KeyError(photo_sha256)
    _attribute(session, row, waybill_number, source, note)
    return photo_form(session, row, added=False)


def _check(photo: PhotoRecord, measurement: MeasurementRecord | None) -> None:
    if (photo.waybill_number is None) != (photo.attribution_source is None):
        raise ValueError("a waybill number needs its source, and a source its number")
    if photo.refused_reason is not None and measurement is not None:
        raise ValueError("a refused photo has no measurement")
    for moment in (photo.received_at, photo.taken_at):
        if moment is not None:
            aware(moment)
    reason = None if measurement is None else measurement.measurement.reason
    for code in (photo.refused_reason, reason):
        if code is not None and code not in REASONS:
            raise ValueError(f"{code!r} is no reason code")


def _photo_row(session: Session, sha256: str) -> Photo | None:
    # What the session read before it had the lock may be out of date by now.
    statement = select(Photo).where(Photo.sha256 == sha256)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def _describe(session: Session, row: Photo, photo: PhotoRecord) -> None:
    """Write what the photo's bytes turned out to be."""
    row.media_type = photo.media_type
    row.width = photo.width
    row.height = photo.height
    row.taken_at = photo.taken_at
    row.refused_reason = photo.refused_reason
    session.add(row)
    session.flush()
    append_all(session, [entry_for(LedgerKind.PHOTO, row, sha256=row.sha256)])
    count_unmeasured(session, photos=[given(row.id)])


def _attribute(
    session: Session, row: Photo, number: str, source: AttributionSource, note: str | None
) -> None:
    waybill = ensure_waybill(session, number)
    before = None if row.waybill_id is None else session.get(Waybill, row.waybill_id)
    before_source = row.attribution_source
    row.waybill_id = given(waybill.id)
    row.attribution_source = source.value
    row.attribution_note = None if note is None else storable(note)
    session.add(row)
    session.flush()
    entry = entry_for(
        LedgerKind.ATTRIBUTION,
        row,
        sha256=row.sha256,
        waybill=waybill.number,
        source=row.attribution_source,
        before=None if before is None else {"waybill": before.number, "source": before_source},
    )
    append_all(session, [entry])
    count_unmeasured(session, photos=[given(row.id)])


def _points(points: tuple[tuple[float, float], ...] | None) -> str | None:
    return None if points is None else canonical([[float(x), float(y)] for x, y in points])


def _record_measurement(
    session: Session, photo: Photo, record: MeasurementRecord
) -> StoredMeasurement:
    known = stored_measurement(session, photo.sha256, record.model_sha256, record.settings_sha256)
    if known is not None:
        return known
    numbers = record.measurement
    row = Measurement(
        photo_id=given(photo.id),
        model_sha256=record.model_sha256,
        settings_sha256=record.settings_sha256,
        outcome=numbers.outcome.value,
        reason=numbers.reason,
        corners=_points(numbers.corners),
        cuboid=_points(numbers.cuboid),
        scale=numbers.scale,
        shapes=canonical(list(record.shapes)),
        budget=canonical(
            [
                {
                    "quantity": line.quantity.value,
                    "source": line.source,
                    "half_width": float(line.half_width),
                    "note": line.note,
                }
                for line in numbers.budget
            ]
        ),
        assumptions=canonical(list(numbers.assumptions)),
        milliseconds=record.milliseconds,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    parts = [
        Quantity(
            measurement_id=given(row.id),
            quantity=quantity.value,
            value=None if interval.value is None else float(interval.value),
            low=float(interval.low),
            high=float(interval.high),
        )
        for quantity, interval in numbers.quantities.items()
    ]
    session.add_all(parts)
    session.flush()
    entry = entry_for(
        LedgerKind.MEASUREMENT,
        row,
        parts,
        photo=photo.sha256,
        model=row.model_sha256,
        settings=row.settings_sha256,
        outcome=row.outcome,
    )
    append_all(session, [entry])
    count_unmeasured(session, photos=[given(photo.id)])
    return measurement_forms(session, [(row, photo)])[0]
