"""How a photo came to GreenPack, and what is therefore recorded of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from greenpack.intake.barcode import Attribution
from greenpack.intake.photo import Photo
from greenpack.records.forms import AttributionSource, PhotoRecord

POSTED_NOTE = "posted with the photo"


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a photo came, and what was told beside it.

    Attributes:
        received_at: when GreenPack got it; aware.
        taken_at: capture time told beside the photo, aware, or None; it counts where the photo
            itself tells none.
        waybill_number: told beside the photo, as it was told, or None.
        hub_id: of the hub it was taken at, or None.
        camera_id: of the camera that took it, or None.
        posted: whether a camera posted it.
    """

    received_at: datetime
    taken_at: datetime | None = None
    waybill_number: str | None = None
    hub_id: int | None = None
    camera_id: int | None = None
    posted: bool = False


def photo_record(source_name: str, photo: Photo, arrival: Arrival) -> PhotoRecord:
    """What is recorded of a usable photo, before it is given to a parcel."""
    return PhotoRecord(
        sha256=photo.sha256,
        source_name=source_name,
        size_bytes=photo.size_bytes,
        received_at=arrival.received_at,
        media_type=photo.media_type,
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at or arrival.taken_at,
        hub_id=arrival.hub_id,
        camera_id=arrival.camera_id,
    )


def refused_record(
    source_name: str, sha256: str, size_bytes: int, reason: str, arrival: Arrival
) -> PhotoRecord:
    """What is recorded of bytes that are no usable photo, for the given reason code."""
    return PhotoRecord(
        sha256=sha256,
        source_name=source_name,
        size_bytes=size_bytes,
        received_at=arrival.received_at,
        hub_id=arrival.hub_id,
        camera_id=arrival.camera_id,
        refused_reason=reason,
    )


def attributed(record: PhotoRecord, attribution: Attribution, arrival: Arrival) -> PhotoRecord:
    """The record with the parcel that the photo is of, where this tells it better than before."""
    if attribution.number is None or attribution.source is None:
        return record
    source = AttributionSource(attribution.source)
    if record.attribution_source is not None and not _is_stronger(
        source, record.attribution_source
    ):
        return record
    notes = [attribution.note]
    if arrival.posted and source is AttributionSource.SIDECAR:
        notes.append(POSTED_NOTE)
    return replace(
        record,
        waybill_number=str(attribution.number),
        attribution_source=source,
        attribution_note="; ".join(filter(None, notes)) or None,
    )


def _is_stronger(source: AttributionSource, than: AttributionSource) -> bool:
    ordered = list(AttributionSource)
    return ordered.index(source) < ordered.index(than)
