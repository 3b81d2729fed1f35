"""The tables of what is posted: the queue of photos to be measured, and cameras' tokens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint

from greenpack.records.columns import Row, UtcDateTime, column, key, one_of, sha256_of


class PostingState(StrEnum):
    """Where a posting stands in the queue."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Posting(Row, table=True):
    """One photo as one camera posted it or one person uploaded it, in the queue to be measured.

    Rows change as the queue moves on, so the ledger does not vouch for them: evidence is the
    row of `photo` that a worker writes.
    """

    __tablename__: ClassVar[str] = "posting"
    __table_args__ = (
        UniqueConstraint("camera_id", "sha256"),
        # The queue is read by state, oldest first.
        Index("ix_posting_queue", "state", "id"),
        Index("ix_posting_camera_id_received_at", "camera_id", "received_at"),
        Index("ix_posting_upload_batch_id_sha256", "upload_batch_id", "sha256", unique=True),
        CheckConstraint("(camera_id IS NULL) <> (upload_batch_id IS NULL)", name="origin"),
        sha256_of("sha256"),
        one_of("state", PostingState),
        CheckConstraint("size_bytes >= 0", name="size_bytes"),
        CheckConstraint("tries >= 0", name="tries"),
        CheckConstraint(
            "(state = 'working') = (lease_until IS NOT NULL)"
            " AND (state <> 'working' OR worker IS NOT NULL)",
            name="held",
        ),
        CheckConstraint("state <> 'done' OR photo_id IS NOT NULL", name="photo"),
        CheckConstraint("state <> 'failed' OR reason IS NOT NULL", name="reason"),
        CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished"
        ),
    )

    id: int | None = key()
    camera_id: int | None = column(
        "camera that posted it; NULL where a person uploaded it",
        default=None,
        foreign_key="camera.id",
    )
    sha256: str = column("SHA-256 of the bytes as received, hexadecimal")
    size_bytes: int = column("size of the bytes as received", sa_type=BigInteger)
    source_name: str = column("file name that came with it; may be empty")
    taken_at: datetime | None = column(
        "when the camera says it was taken, UTC; NULL where it does not say",
        default=None,
        sa_type=UtcDateTime,
    )
    waybill_number: str | None = column(
        "waybill number that the camera sent with it; NULL where none", default=None
    )
    received_at: datetime = column("when it was received, UTC", sa_type=UtcDateTime, index=True)
    state: str = column("waiting, working, done or failed")
    worker: str | None = column(
        "worker that holds it, or held it last; NULL where none did", default=None
    )
    lease_until: datetime | None = column(
        "until when the worker holds it unless it renews, UTC; NULL unless working",
        default=None,
        sa_type=UtcDateTime,
    )
    begun_at: datetime | None = column(
        "when the worker began with its bytes, UTC; NULL until then",
        default=None,
        sa_type=UtcDateTime,
    )
    tries: int = column("how often its bytes were begun with, without an orderly end", default=0)
    not_before: datetime | None = column(
        "not to be tried again before, UTC; NULL where at once",
        default=None,
        sa_type=UtcDateTime,
    )
    reason: str | None = column(
        "reason code: why it failed, or why the last try did; NULL where none did", default=None
    )
    detail: str | None = column("more on the reason", default=None)
    photo_id: int | None = column(
        "photo that was recorded; NULL until done", default=None, foreign_key="photo.id", index=True
    )
    finished_at: datetime | None = column(
        "when it was done or given up, UTC; NULL until then", default=None, sa_type=UtcDateTime
    )
    removed_at: datetime | None = column(
        "when the bytes as received were deleted, UTC; NULL while they are kept",
        default=None,
        sa_type=UtcDateTime,
    )
    upload_batch_id: int | None = column(
        "upload it came with; NULL where a camera posted it",
        default=None,
        foreign_key="upload_batch.id",
    )


class CameraToken(Row, table=True):
    """What a camera proves itself with when it posts. The token itself is nowhere stored."""

    __tablename__: ClassVar[str] = "camera_token"
    __table_args__ = (UniqueConstraint("sha256"), sha256_of("sha256"))

    id: int | None = key()
    camera_id: int = column("camera it belongs to", foreign_key="camera.id", index=True)
    sha256: str = column("SHA-256 of the token's secret part, hexadecimal")
    created_at: datetime = column("when it was made, UTC", sa_type=UtcDateTime)
    revoked_at: datetime | None = column(
        "from when on it is refused, UTC; NULL where that is not set",
        default=None,
        sa_type=UtcDateTime,
    )
