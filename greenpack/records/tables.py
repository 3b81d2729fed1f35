"""The tables of evidence: photos, measurements, findings, decisions and the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, UniqueConstraint, text

from greenpack.measure.measurement import Outcome
from greenpack.measure.measurement import Quantity as Measured
from greenpack.records.account_tables import SignInSession, UserAccount
from greenpack.records.camera_tables import CameraCalibration, CameraVerification
from greenpack.records.case_tables import CaseEvent, ComplianceCase
from greenpack.records.columns import (
    Row,
    UtcDateTime,
    column,
    key,
    later_column,
    one_of,
    sha256_of,
)
from greenpack.records.count_tables import (
    CountedProfile,
    DailyGoodsCount,
    DailyHubCount,
    DailyParcelCount,
    DailyPlatformCount,
    DailySenderCount,
    JudgedParcel,
    UnmeasuredPhoto,
)
from greenpack.records.decision_tables import Decision
from greenpack.records.forms import AttributionSource
from greenpack.records.posting_tables import CameraToken, Posting
from greenpack.records.sender_week_table import WeeklySenderCount, WeeklySenderTotal
from greenpack.records.standing import Standing
from greenpack.records.trade_tables import (
    Camera,
    DeclaredItem,
    Hub,
    Municipality,
    Platform,
    Province,
    Sender,
    Waybill,
)
from greenpack.records.upload_tables import UploadBatch, UploadFile
from greenpack.rules.verdict import Verdict

__all__ = [
    "Camera",
    "CameraCalibration",
    "CameraToken",
    "CameraVerification",
    "CaseEvent",
    "ComplianceCase",
    "CountedProfile",
    "DailyGoodsCount",
    "DailyHubCount",
    "DailyParcelCount",
    "DailyPlatformCount",
    "DailySenderCount",
    "Decision",
    "DeclaredItem",
    "Finding",
    "Hub",
    "JudgedParcel",
    "Ledger",
    "LedgerHead",
    "Measurement",
    "Municipality",
    "Photo",
    "Platform",
    "Posting",
    "Province",
    "Quantity",
    "Row",
    "Sender",
    "SignInSession",
    "UnmeasuredPhoto",
    "UploadBatch",
    "UploadFile",
    "UserAccount",
    "Waybill",
    "WeeklySenderCount",
    "WeeklySenderTotal",
]


def _index_where(condition: str, name: str, *columns: str) -> Index:
    """An index of nothing but the rows for which a condition is true."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Photo(Row, table=True):
    """One image as received, or bytes that turned out to be no usable image."""

    __tablename__: ClassVar[str] = "photo"
    __table_args__ = (
        UniqueConstraint("sha256"),
        sha256_of("sha256"),
        one_of("attribution_source", AttributionSource),
        CheckConstraint("(waybill_id IS NULL) = (attribution_source IS NULL)", name="attribution"),
        CheckConstraint(
            "refused_reason IS NOT NULL OR (width > 0 AND width IS NOT NULL"
            " AND height > 0 AND height IS NOT NULL AND media_type IS NOT NULL)",
            name="usable",
        ),
        CheckConstraint("size_bytes >= 0", name="size_bytes"),
    )

    id: int | None = key()
    sha256: str = column(
        "SHA-256 of the bytes as received, hexadecimal: what the photo is known by"
    )
    source_name: str = column("file name it was first seen under")
    size_bytes: int = column("size of the bytes as received", sa_type=BigInteger)
    media_type: str | None = column(
        "for example image/jpeg; NULL where the bytes are no image", default=None
    )
    width: int | None = column(
        "width of the upright photo in pixels; NULL where refused", default=None
    )
    height: int | None = column(
        "height of the upright photo in pixels; NULL where refused", default=None
    )
    taken_at: datetime | None = column(
        "when the camera says it was taken, UTC; NULL where unknown",
        default=None,
        sa_type=UtcDateTime,
    )
    received_at: datetime = column(
        "when it first reached GreenPack, UTC", sa_type=UtcDateTime, index=True
    )
    hub_id: int | None = column(
        "hub it was taken at; NULL where unknown",
        default=None,
        foreign_key="hub.id",
        index=True,
    )
    camera_id: int | None = column(
        "camera that sent it; NULL where none did", default=None, foreign_key="camera.id"
    )
    refused_reason: str | None = column(
        "reason code where the bytes are no usable image, else NULL", default=None, index=True
    )
    waybill_id: int | None = column(
        "parcel it shows; NULL where unknown", default=None, foreign_key="waybill.id", index=True
    )
    attribution_source: str | None = column(
        "source of the waybill number: barcode, sidecar or file_name; NULL if unknown",
        default=None,
    )
    attribution_note: str | None = column(
        "more on the attribution, for example the barcode's format", default=None
    )


class Measurement(Row, table=True):
    """What one model with one set of settings made of one photo."""

    __tablename__: ClassVar[str] = "measurement"
    __table_args__ = (
        UniqueConstraint("photo_id", "model_sha256", "settings_sha256"),
        sha256_of("model_sha256"),
        sha256_of("settings_sha256"),
        one_of("outcome", Outcome),
        CheckConstraint("(outcome = 'unmeasurable') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("milliseconds >= 0", name="milliseconds"),
    )

    id: int | None = key()
    photo_id: int = column("photo it was taken from", foreign_key="photo.id")
    model_sha256: str = column("SHA-256 of the model's weights")
    settings_sha256: str = column("SHA-256 of the settings that the numbers depend on")
    outcome: str = column("measured or unmeasurable")
    reason: str | None = column("reason code where unmeasurable, else NULL", default=None)
    corners: str | None = column(
        "JSON: four corners of the opening [[x, y], ...], upright pixels; NULL if none",
        default=None,
    )
    cuboid: str | None = later_column(
        "JSON: eight corners of a closed parcel [[x, y], ...], bottom then top, upright pixels; "
        "NULL if none"
    )
    scale: str | None = later_column(
        "source of the millimetres: calibrated_camera, marker or waybill_label; NULL if none"
    )
    shapes: str = column("JSON: what the model saw, [{label, confidence, polygon}, ...]")
    budget: str = column(
        "JSON: what widens the intervals [{quantity, source, half_width, note}, ...]"
    )
    assumptions: str = column("JSON: the conditions under which the numbers hold, sentences")
    milliseconds: int = column("how long detecting and measuring took")
    created_at: datetime = column("when it was recorded, UTC", sa_type=UtcDateTime)


class Quantity(Row, table=True):
    """One number of a measurement with its 95 % interval."""

    __tablename__: ClassVar[str] = "quantity"
    __table_args__ = (
        UniqueConstraint("measurement_id", "quantity"),
        one_of("quantity", Measured),
        CheckConstraint("low <= high", name="interval"),
        CheckConstraint("value >= low AND value <= high", name="value"),
    )

    id: int | None = key()
    measurement_id: int = column("measurement it belongs to", foreign_key="measurement.id")
    quantity: str = column("what was measured, for example void_ratio; sets unit and range")
    value: float | None = column("best estimate; NULL where only bounds are known", default=None)
    low: float = column("lower end of the 95 % interval")
    high: float = column("upper end of the 95 % interval")


class Finding(Row, table=True):
    """A measurement judged under one rule of one version of a profile.

    The parcel judged is the waybill, or where there is none the measurement's photo. Only
    superseded_by changes, and standing, which repeats what the decisions say so that lists of
    millions can be narrowed by it.
    """

    __tablename__: ClassVar[str] = "finding"
    __table_args__ = (
        sha256_of("profile_sha256"),
        sha256_of("model_sha256"),
        sha256_of("evidence_sha256"),
        one_of("verdict", Verdict),
        one_of("screening", Verdict),
        one_of("quantity", Measured),
        CheckConstraint("(low IS NULL) = (high IS NULL)", name="bounds"),
        CheckConstraint("low <= high", name="interval"),
        CheckConstraint(
            "value IS NULL OR (low IS NOT NULL AND value >= low AND value <= high)", name="value"
        ),
        # A finding that took its own place would be current for nobody.
        CheckConstraint("superseded_by <> id", name="superseded_by"),
        one_of("standing", [word for word in Standing if word is not Standing.OPEN]),
        _index_where("standing IS NOT NULL", "ix_finding_decided", "standing", "id"),
        # Of these one asks again and again whether a case answers them.
        _index_where(
            "standing IS NOT NULL AND superseded_by IS NULL AND verdict = 'violation'",
            *("ix_finding_to_answer", "profile_id", "standing", "waybill_id", "measurement_id"),
            "id",
        ),
        _index_where("superseded_by IS NULL", "ix_finding_current", "profile_id", "verdict"),
    )

    id: int | None = key()
    measurement_id: int = column("measurement judged", foreign_key="measurement.id", index=True)
    waybill_id: int | None = column(
        "parcel judged; NULL where the photo belongs to no waybill",
        default=None,
        foreign_key="waybill.id",
        index=True,
    )
    profile_id: str = column("profile judged under, for example cn-gb45186-2024")
    profile_version: str = column("version of that profile")
    profile_sha256: str = column("SHA-256 of that profile's file")
    rule_id: str = column("rule of the profile")
    verdict: str = column("violation, undetermined, compliant, exempt or unmeasurable")
    screening: str | None = column(
        "what a rule that may only screen would have said; NULL for other rules", default=None
    )
    reason: str = column("reason code: how the verdict came about")
    quantity: str = column("what the rule limits; sets the unit of the numbers")
    value: float | None = column("best estimate; NULL where unknown", default=None)
    low: float | None = column("lower end of the 95 % interval; NULL where unknown", default=None)
    high: float | None = column("upper end of the 95 % interval; NULL where unknown", default=None)
    limit_value: float | None = column("limit applied; NULL where none was", default=None)
    explanation: str = column("the judgement in one sentence")
    model_sha256: str = column("SHA-256 of the model's weights")
    evidence_sha256: str = column("SHA-256 of the evidence picture", index=True)
    created_at: datetime = column("when it was recorded, UTC", sa_type=UtcDateTime, index=True)
    superseded_by: int | None = column(
        "finding that took its place; NULL while it is current",
        default=None,
        foreign_key="finding.id",
    )
    standing: str | None = column(
        "what its decisions amount to: one_confirmed (a violation needs a second person), "
        "confirmed, dismissed or contested; NULL while it is open",
        default=None,
    )


class Ledger(Row, table=True):
    """One entry of the chain that all records hang on. Never changed or removed."""

    __tablename__: ClassVar[str] = "ledger"
    __table_args__ = (
        UniqueConstraint("hash"),
        sha256_of("hash"),
        sha256_of("prev_hash"),
        Index("ix_ledger_subject", "kind", "subject", "seq"),
    )

    seq: int = column(
        "place in the chain, from 1 without gaps",
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        sa_type=BigInteger().with_variant(Integer(), "sqlite"),
    )
    at: datetime = column("when it was written, UTC", sa_type=UtcDateTime)
    kind: str = column("what happened, for example finding or superseded")
    subject: str = column("row it is about, for example finding/17")
    payload: str = column("canonical JSON with the row's digest and what else must be kept")
    prev_hash: str = column("hash of the entry before, 64 zeros for the first")
    hash: str = column("SHA-256 over the other columns, which chains the entries")


class LedgerHead(Row, table=True):
    """The one row that tells where the chain ends; writers queue up for it."""

    __tablename__: ClassVar[str] = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"), sha256_of("hash"))

    id: int = column("always 1", primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = column(
        "place of the last entry, 0 while there is none",
        sa_type=BigInteger().with_variant(Integer(), "sqlite"),
    )
    hash: str = column("hash of the last entry, 64 zeros while there is none")
