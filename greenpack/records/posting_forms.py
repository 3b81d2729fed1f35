"""Postings as plain values, with the names of their cameras and hubs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlmodel import Session

from greenpack.records.hubs import PATH_COLUMNS, path_in, places_of
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.tables import Camera, Hub, UploadBatch

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_CAMERA: Table = Camera.__table__  # type: ignore[attr-defined]
_BATCH: Table = UploadBatch.__table__  # type: ignore[attr-defined]
_HUB: Table = Hub.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting as it stands in the queue.

    Attributes:
        id: of its row.
        camera_id: of the camera that posted it; None where a person uploaded it.
        hub_id: of that camera's hub, or the hub that the person named; else None.
        camera: the camera's name; empty where a person uploaded it.
        hub: ``province/municipality/hub``, as far as they are named; may be empty.
        sha256: of the bytes as received, 64 lower-case hexadecimal digits.
        size_bytes: how many bytes, >= 0.
        source_name: the file name that came with it; may be empty.
        taken_at: when the camera says it was taken, or None.
        waybill_number: the number that was told with it, or None.
        received_at: when it was received.
        state: where it stands.
        tries: how often its bytes were begun with, without an orderly end, >= 0.
        reason: why it failed, or why the last try did; a key of ``REASONS``, or None.
        detail: more on the reason, or None.
        photo_id: of the photo's row once it is done, else None.
        finished_at: when it was done or given up, else None.
        removed_at: when its bytes were deleted, or None while they are kept.
        upload_batch_id: of the upload it came with; None where a camera posted it.
        profile_id: that the person wants it judged under; None where a camera posted it.
        uploaded_by: that person's name; None where a camera posted it.
    """

    id: int
    camera_id: int | None
    hub_id: int | None
    camera: str
    hub: str
    sha256: str
    size_bytes: int
    source_name: str
    taken_at: datetime | None
    waybill_number: str | None
    received_at: datetime
    state: PostingState
    tries: int
    reason: str | None
    detail: str | None
    photo_id: int | None
    finished_at: datetime | None
    removed_at: datetime | None
    upload_batch_id: int | None = None
    profile_id: str | None = None
    uploaded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How full the queue is.

    Attributes:
        waiting: postings that wait for a worker.
        working: postings that a worker holds.
        failed: postings that were given up.
        oldest_seconds: how long ago the oldest unfinished one was received, >= 0; None if the
            queue is empty.
    """

    waiting: int
    working: int
    failed: int
    oldest_seconds: float | None


def select_posted() -> Select[Any]:
    """Selects what ``posted_all`` makes values of."""
    came = _POSTING.outerjoin(_CAMERA, _CAMERA.c.id == _POSTING.c.camera_id).outerjoin(
        _BATCH, _BATCH.c.id == _POSTING.c.upload_batch_id
    )
    # A camera always has a hub, so the other branch is the upload's.
    hub = came.outerjoin(_HUB, _HUB.c.id == func.coalesce(_CAMERA.c.hub_id, _BATCH.c.hub_id))
    return select(
        *_POSTING.c,
        _CAMERA.c.name.label("camera"),
        _HUB.c.id.label("hub_id"),
        _BATCH.c.profile_id,
        _BATCH.c.by_name,
        *PATH_COLUMNS,
    ).select_from(places_of(hub))


def posted_all(session: Session, statement: Select[Any]) -> list[Posted]:
    """The postings that a statement made from ``select_posted`` gives."""
    return [_form(row) for row in session.connection().execute(statement).mappings()]


def _form(row: Mapping[Any, Any]) -> Posted:
    return Posted(
        id=row["id"],
        camera_id=row["camera_id"],
        hub_id=row["hub_id"],
        camera=row["camera"] or "",
        hub=path_in(row),
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        source_name=row["source_name"],
        taken_at=row["taken_at"],
        waybill_number=row["waybill_number"],
        received_at=row["received_at"],
        state=PostingState(row["state"]),
        tries=row["tries"],
        reason=row["reason"],
        detail=row["detail"],
        photo_id=row["photo_id"],
        finished_at=row["finished_at"],
        removed_at=row["removed_at"],
        upload_batch_id=row["upload_batch_id"],
        profile_id=row["profile_id"],
        uploaded_by=row["by_name"],
    )
