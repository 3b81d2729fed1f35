"""The queue of postings: photos that cameras posted or people uploaded, waiting to be measured.

The service posts; workers claim, renew and finish (``greenpack.records.claiming``). Nothing here
waits for the ledger: a posting is not evidence yet. The caller commits
(``greenpack.records.database.transact``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, update
from sqlmodel import Session

from greenpack.records.claiming import (
    MAX_TRIES,
    begin,
    claim,
    fail_try,
    finish,
    release,
    renew,
)
from greenpack.records.posting_forms import Backlog, Posted, posted_all, select_posted
from greenpack.records.posting_group import NewPosting, post_all
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import in_scope
from greenpack.records.tables import Camera, UploadBatch

__all__ = [
    "MAX_TRIES",
    "Backlog",
    "Posted",
    "PostingState",
    "backlog",
    "begin",
    "claim",
    "fail_try",
    "failed",
    "finish",
    "post",
    "posted",
    "posted_bytes",
    "release",
    "renew",
    "retry_failed",
]

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_CAMERA: Table = Camera.__table__  # type: ignore[attr-defined]
_BATCH: Table = UploadBatch.__table__  # type: ignore[attr-defined]
_C = _POSTING.c


def post(
    session: Session,
    camera_id: int,
    *,
    sha256: str,
    size_bytes: int,
    source_name: str,
    taken_at: datetime | None,
    waybill_number: str | None,
    received_at: datetime,
) -> tuple[Posted, bool]:
    """Put a photo into the queue, once its bytes are safe; the camera was seen now.

    The same bytes of the same camera give the posting there is, also where both arrive at once.

    Args:
        session: the caller commits, and acknowledges after that.
        camera_id: the camera that posted it.
        sha256: of the bytes, 64 lower-case hexadecimal digits.
        size_bytes: how many bytes, >= 0.
        source_name: the file name that the camera gave; may be empty.
        taken_at: when the camera says it was taken, aware, or None.
        waybill_number: the number that the camera sent with it, or None.
        received_at: now; aware.

    Returns:
        The posting, and whether it is new.
    """
    new = NewPosting(
        camera_id=camera_id,
        sha256=sha256,
        size_bytes=size_bytes,
        source_name=source_name,
        taken_at=taken_at,
        waybill_number=waybill_number,
        received_at=received_at,
    )
    return post_all(session, [new])[0]


def posted(session: Session, posting_id: int) -> Posted | None:
    """The posting of that id, or None."""
    found = posted_all(session, select_posted().where(_C.id == posting_id))
    return found[0] if found else None


def posted_bytes(session: Session, camera_id: int, sha256: str) -> Posted | None:
    """The posting of these bytes by that camera, or None."""
    statement = select_posted().where(_C.camera_id == camera_id, _C.sha256 == sha256)
    found = posted_all(session, statement)
    return found[0] if found else None


def retry_failed(session: Session, ids: Sequence[int] | None, now: datetime) -> int:
    """Let postings that were given up be tried again from the start.

    Args:
        session: the caller commits.
        ids: which; None for all.
        now: aware.

    Returns:
        How many wait again. One whose bytes were deleted stays given up.
    """
    again = and_(_C.state == PostingState.FAILED.value, _C.removed_at.is_(None))
    if ids is not None:
        again = and_(again, _C.id.in_(list(ids)))
    done = session.connection().execute(
        update(_POSTING)
        .where(again)
        .values(
            state=PostingState.WAITING.value,
            tries=0,
            begun_at=None,
            not_before=now,
            finished_at=None,
            reason=None,
            detail=None,
        )
    )
    return done.rowcount


def failed(session: Session, limit: int, scope: Scope = EVERYTHING) -> list[Posted]:
    """The postings of a scope's hubs that were given up, the newest first."""
    statement = (
        select_posted()
        .where(_C.state == PostingState.FAILED.value, *_of_hubs(scope))
        .order_by(_C.id.desc())
        .limit(limit)
    )
    return posted_all(session, statement)


def backlog(session: Session, now: datetime, scope: Scope = EVERYTHING) -> Backlog:
    """How many postings wait, are worked on and have failed, and how old the oldest open one is.

    Args:
        session: reads only.
        now: aware.
        scope: whose hubs' postings are counted.
    """
    connection = session.connection()
    seen = _of_hubs(scope)
    open_states = (PostingState.WAITING, PostingState.WORKING)
    counts = {
        state: connection.execute(
            select(func.count()).select_from(_POSTING).where(_C.state == state.value, *seen)
        ).scalar_one()
        for state in (*open_states, PostingState.FAILED)
    }
    oldest = [
        at
        for state in open_states
        for at in connection.execute(
            select(_C.received_at).where(_C.state == state.value, *seen).order_by(_C.id).limit(1)
        ).scalars()
    ]
    return Backlog(
        waiting=counts[PostingState.WAITING],
        working=counts[PostingState.WORKING],
        failed=counts[PostingState.FAILED],
        oldest_seconds=max(0.0, (now - min(oldest)).total_seconds()) if oldest else None,
    )


def _of_hubs(scope: Scope) -> list[ColumnElement[bool]]:
    """The condition that a posting is of a hub in the scope; none for everything."""
    chosen = in_scope(scope, _CAMERA.c.hub_id)
    if not chosen:
        return []
    cameras = select(_CAMERA.c.id).where(*chosen).correlate(None)
    uploads = select(_BATCH.c.id).where(*in_scope(scope, _BATCH.c.hub_id)).correlate(None)
    return [or_(_C.camera_id.in_(cameras), _C.upload_batch_id.in_(uploads))]
