"""What goes into the records and comes out of them, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from greenpack.measure.measurement import Measurement


class AttributionSource(StrEnum):
    """How a photo came to its waybill, from the strongest to the weakest."""

    BARCODE = "barcode"
    FILE_NAME = "file_name"
    SIDECAR = "sidecar"


class DecisionKind(StrEnum):
    """What a person did about a finding."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    CORRECTION_ORDERED = "correction_ordered"
    RECTIFIED = "rectified"
    REFUSED = "refused"
    FINED = "fined"
    WITHDRAWN = "withdrawn"  # the decision that ``withdraws`` names no longer counts


class DismissalReason(StrEnum):
    """Why a finding does not stand, in the order in which pages offer them."""

    WRONG_OUTLINE = "wrong_outline"
    GOODS_MISSED = "goods_missed"
    FILLER_MISTAKEN = "filler_mistaken"
    WRONG_PARCEL = "wrong_parcel"
    PHOTO_UNFIT = "photo_unfit"
    EXEMPT_GOODS = "exempt_goods"
    OTHER = "other"  # the note says which


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo to be recorded.

    Attributes:
        sha256: of the bytes as received, 64 lower-case hexadecimal digits.
        source_name: the file name it came under.
        size_bytes: how many bytes, >= 0.
        received_at: when GreenPack got it; aware.
        media_type: for example ``image/jpeg``; None where the bytes are no image.
        width: of the upright photo in pixels; None only where refused.
        height: of the upright photo in pixels; None only where refused.
        taken_at: capture time, aware, or None where unknown.
        waybill_number: the parcel's number, or None.
        attribution_source: where the number is from; given exactly where the number is.
        attribution_note: more on that, for example the barcode's format.
        hub_id: the hub it was taken at, if known.
        camera_id: the camera that sent it, if one did.
        refused_reason: a key of ``REASONS`` for bytes that are no usable image, else None.
    """

    sha256: str
    source_name: str
    size_bytes: int
    received_at: datetime
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    waybill_number: str | None = None
    attribution_source: AttributionSource | None = None
    attribution_note: str | None = None
    hub_id: int | None = None
    camera_id: int | None = None
    refused_reason: str | None = None


@dataclass(frozen=True, slots=True)
class MeasurementRecord:
    """A measurement of one photo with what it depends on.

    Attributes:
        model_sha256: of the weights that saw the shapes.
        settings_sha256: of the settings that numbers depend on.
        measurement: the numbers, or the reason why there are none.
        shapes: ``Shape.as_dict()`` of everything the model saw, in the model's order.
        milliseconds: how long detecting and measuring took, >= 0.
    """

    model_sha256: str
    settings_sha256: str
    measurement: Measurement
    shapes: tuple[Mapping[str, object], ...] = ()
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class StoredMeasurement:
    """A measurement as recorded, with the photo and waybill it belongs to."""

    id: int
    photo_id: int
    photo_sha256: str
    waybill_id: int | None
    record: MeasurementRecord


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo as recorded.

    Attributes:
        id: of its row.
        record: the photo as it stands in the database: names and times of its first arrival.
        waybill_id: of the waybill's row, or None.
        added: whether this call recorded it for the first time.
        measurement: the stored measurement that belongs to the call, or None.
    """

    id: int
    record: PhotoRecord
    waybill_id: int | None
    added: bool
    measurement: StoredMeasurement | None = None


@dataclass(frozen=True, slots=True)
class ProfilePin:
    """Exactly which text of a profile judged: its id, its version, and the SHA-256 of its file.

    Attributes:
        id: of the profile.
        version: of the profile.
        sha256: of its file.
        timezone: IANA name of the zone that its days are days of; None leaves it as it was when
            findings under this profile were last recorded, UTC if none were.
    """

    id: str
    version: str
    sha256: str
    timezone: str | None = None
