"""The tables of what people upload: which files came, from whom, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index

from greenpack.records.columns import Row, UtcDateTime, column, key, sha256_of


class UploadBatch(Row, table=True):
    """Files that one person uploaded at once, to be measured and judged under one profile.

    The ledger keeps who uploaded which photos (kind `upload`); this row tells how far it is.
    """

    __tablename__: ClassVar[str] = "upload_batch"
    __table_args__ = (
        CheckConstraint("files >= 0", name="files"),
        CheckConstraint("waybills IS NULL OR waybills >= 0", name="waybills"),
    )

    id: int | None = key()
    account_id: int | None = column(
        "who uploaded; NULL where nobody was asked who they are",
        default=None,
        foreign_key="user_account.id",
    )
    by_name: str = column("that person's name at the time; may be empty")
    profile_id: str = column("profile to judge under")
    hub_id: int | None = column(
        "hub the photos were taken at; NULL where none was named",
        default=None,
        foreign_key="hub.id",
        index=True,
    )
    files: int = column("how many photos and zips the person chose")
    created_at: datetime = column("when it began, UTC", sa_type=UtcDateTime)
    touched_at: datetime = column("when a file of it was last taken in, UTC", sa_type=UtcDateTime)
    completed_at: datetime | None = column(
        "when the last file was taken in, UTC; NULL until then, and where that broke off",
        default=None,
        sa_type=UtcDateTime,
    )
    table_name: str | None = column(
        "file name of the waybill table that came with it; NULL without one", default=None
    )
    waybills: int | None = column("waybills taken from that table; NULL without one", default=None)
    rows_left_out: int | None = column(
        "rows of that table that were not taken; NULL without one", default=None
    )


class UploadFile(Row, table=True):
    """One photo of an upload, from a zip or not: in the queue, the same as another, or refused."""

    __tablename__: ClassVar[str] = "upload_file"
    __table_args__ = (
        Index("ix_upload_file_batch_id", "batch_id", "id"),
        sha256_of("sha256"),
        CheckConstraint("size_bytes >= 0", name="size_bytes"),
        CheckConstraint(
            "(CASE WHEN posting_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN same_as IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN reason IS NULL THEN 0 ELSE 1 END) = 1",
            name="outcome",
        ),
    )

    id: int | None = key()
    batch_id: int = column("upload it came with", foreign_key="upload_batch.id")
    name: str = column("file name, in a zip after the zip's; for people")
    sha256: str | None = column(
        "SHA-256 of its bytes, hexadecimal; NULL where they were not read", default=None
    )
    size_bytes: int | None = column(
        "how many bytes; NULL where they were not read", default=None, sa_type=BigInteger
    )
    posting_id: int | None = column(
        "its place in the queue; NULL where it has none",
        default=None,
        foreign_key="posting.id",
        index=True,
    )
    same_as: int | None = column(
        "file of the same upload with the same bytes; NULL where it is the first",
        default=None,
        foreign_key="upload_file.id",
    )
    reason: str | None = column("reason code why it was not taken; NULL where it was", default=None)
    detail: str | None = column("more on the reason", default=None)
