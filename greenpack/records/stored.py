"""Reading back what is recorded of photos, measurements and findings, exactly as it was given."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlmodel import Session, col, select

from greenpack.measure import measurement as measure
from greenpack.measure.interval import Interval
from greenpack.records.forms import (
    AttributionSource,
    MeasurementRecord,
    PhotoRecord,
    StoredMeasurement,
    StoredPhoto,
)
from greenpack.records.tables import Finding, Measurement, Photo, Quantity, Waybill


def stored_photo(session: Session, sha256: str) -> StoredPhoto | None:
    """The photo with that SHA-256, without its measurement, or None."""
    row = session.exec(
        select(Photo).where(Photo.sha256 == sha256).execution_options(populate_existing=True)
    ).first()
    return None if row is None else photo_form(session, row, added=False)


def stored_measurement(
    session: Session, photo_sha256: str, model_sha256: str, settings_sha256: str
) -> StoredMeasurement | None:
    """The measurement of that photo with that model and those settings, float for float."""
    statement = (
        select(Measurement, Photo)
        .join(Photo)
        .where(
            Photo.sha256 == photo_sha256,
            Measurement.model_sha256 == model_sha256,
            Measurement.settings_sha256 == settings_sha256,
        )
    )
    found = measurement_forms(session, session.exec(statement).all())
    return found[0] if found else None


def measurements_of_waybill(
    session: Session, waybill_id: int, model_sha256: str, settings: Sequence[str]
) -> list[StoredMeasurement]:
    """The measurements of all photos of a waybill, in the order the photos were first recorded.

    Args:
        session: of the records.
        waybill_id: the parcel.
        model_sha256: of the weights that measured.
        settings: SHA-256 of the settings that count, the preferred first: photos by calibrated
            cameras are measured with settings of their own. Of a photo that was measured with
            several only the measurement with the first of them is given.
    """
    statement = (
        select(Measurement, Photo)
        .join(Photo)
        .where(
            Photo.waybill_id == waybill_id,
            Measurement.model_sha256 == model_sha256,
            col(Measurement.settings_sha256).in_(settings),
        )
        .order_by(col(Photo.id))
    )
    rows = sorted(session.exec(statement), key=lambda row: settings.index(row[0].settings_sha256))
    first: dict[int, tuple[Measurement, Photo]] = {}
    for row, photo in rows:
        first.setdefault(given(photo.id), (row, photo))
    return measurement_forms(session, [first[number] for number in sorted(first)])


def current_findings_of(
    session: Session,
    profile_id: str,
    *,
    waybill_id: int | None = None,
    photo_id: int | None = None,
) -> list[Finding]:
    """The findings of one parcel that no other supersedes, by rule id.

    Name the parcel by its waybill, or by its photo if it has no waybill.

    Raises:
        ValueError: unless exactly one of the two is given.
    """
    if (waybill_id is None) == (photo_id is None):
        raise ValueError("name a parcel by its waybill or by its photo")
    statement = select(Finding).where(
        Finding.profile_id == profile_id, col(Finding.superseded_by).is_(None)
    )
    if waybill_id is not None:
        statement = statement.where(Finding.waybill_id == waybill_id)
    else:
        statement = statement.join(Measurement).where(
            Measurement.photo_id == photo_id, col(Finding.waybill_id).is_(None)
        )
    return list(session.exec(statement.order_by(Finding.rule_id, col(Finding.id))).all())


def photo_form(
    session: Session,
    row: Photo,
    *,
    added: bool,
    measurement: StoredMeasurement | None = None,
) -> StoredPhoto:
    """A photo's row as a plain value."""
    number = None
    if row.waybill_id is not None:
        number = session.exec(select(Waybill.number).where(Waybill.id == row.waybill_id)).one()
    source = row.attribution_source
    record = PhotoRecord(
        sha256=row.sha256,
        source_name=row.source_name,
        size_bytes=row.size_bytes,
        received_at=row.received_at,
        media_type=row.media_type,
        width=row.width,
        height=row.height,
        taken_at=row.taken_at,
        waybill_number=number,
        attribution_source=None if source is None else AttributionSource(source),
        attribution_note=row.attribution_note,
        hub_id=row.hub_id,
        camera_id=row.camera_id,
        refused_reason=row.refused_reason,
    )
    return StoredPhoto(given(row.id), record, row.waybill_id, added, measurement)


def measurement_forms(
    session: Session, rows: Sequence[tuple[Measurement, Photo]]
) -> list[StoredMeasurement]:
    """Measurements with their photos as plain values, their numbers read in one go."""
    numbers: dict[int, dict[measure.Quantity, Interval]] = {}
    ids = [row.id for row, _ in rows]
    statement = (
        select(Quantity).where(col(Quantity.measurement_id).in_(ids)).order_by(col(Quantity.id))
    )
    for number in session.exec(statement) if ids else ():
        numbers.setdefault(number.measurement_id, {})[measure.Quantity(number.quantity)] = Interval(
            number.value, number.low, number.high
        )
    return [
        StoredMeasurement(
            id=given(row.id),
            photo_id=row.photo_id,
            photo_sha256=photo.sha256,
            waybill_id=photo.waybill_id,
            record=MeasurementRecord(
                model_sha256=row.model_sha256,
                settings_sha256=row.settings_sha256,
                measurement=_measurement(row, numbers.get(given(row.id), {})),
                shapes=tuple(json.loads(row.shapes)),
                milliseconds=row.milliseconds,
            ),
        )
        for row, photo in rows
    ]


def given(row_id: int | None) -> int:
    """The id of a row that has been written."""
    if row_id is None:
        raise ValueError("the row has not been written yet")
    return row_id


def _measurement(
    row: Measurement, numbers: dict[measure.Quantity, Interval]
) -> measure.Measurement:
    return measure.Measurement(
        outcome=measure.Outcome(row.outcome),
        reason=row.reason,
        quantities=numbers,
        budget=tuple(
            measure.BudgetLine(
                measure.Quantity(line["quantity"]),
                line["source"],
                line["half_width"],
                line["note"],
            )
            for line in json.loads(row.budget)
        ),
        assumptions=tuple(json.loads(row.assumptions)),
        corners=_points(row.corners),
        cuboid=_points(row.cuboid),
        scale=row.scale,
    )


def _points(text: str | None) -> tuple[tuple[float, float], ...] | None:
    return None if text is None else tuple((x, y) for x, y in json.loads(text))
