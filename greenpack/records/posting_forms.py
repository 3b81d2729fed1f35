"""Postings as plain values, with the names of their cameras and hubs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, select
from sqlmodel import Session

from greenpack.records.hubs import PATH_COLUMNS, path_in, with_places
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.tables import Camera

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_CAMERA: Table = Camera.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting as it stands in the queue.

    Attributes:
        id: of its row.
        camera_id: of the camera that posted it.
        hub_id: of that camera's hub.
        camera: the camera's name.
        hub: ``province/municipality/hub``, as far as they are named; may be empty.
        sha256: of the bytes as received, 64 lower-case hexadecimal digits.
        size_bytes: how many bytes, >= 0.
        source_name: the file name that the camera gave; may be empty.
        taken_at: when the camera says it was taken, or None.
        waybill_number: the number that the camera sent with it, or None.
        received_at: when it was received.
        state: where it stands.
        tries: how often its bytes were begun with, without an orderly end, >= 0.
        reason: why it failed, or why the last try did; a key of ``REASONS``, or None.
        detail: more on the reason, or None.
        photo_id: of the photo's row once it is done, else None.
        finished_at: when it was done or given up, else None.
        removed_at: when its bytes were deleted, or None while they are kept.
    """

    id: int
    camera_id: int
    hub_id: int
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
    return select(
        *_POSTING.c, _CAMERA.c.name.label("camera"), _CAMERA.c.hub_id, *PATH_COLUMNS
    ).select_from(with_places(_POSTING.join(_CAMERA, _CAMERA.c.id == _POSTING.c.camera_id)))


def posted_all(session: Session, statement: Select[Any]) -> list[Posted]:
    """The postings that a statement made from ``select_posted`` gives."""
    return [_form(row) for row in session.connection().execute(statement).mappings()]


def _form(row: Mapping[Any, Any]) -> Posted:
    return Posted(
        id=row["id"],
        camera_id=row["camera_id"],
        hub_id=row["hub_id"],
        camera=row["camera"],
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
    )
