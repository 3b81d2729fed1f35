"""Holding postings: how workers claim, renew, give back and finish them.

Any number of workers may claim at once, on SQLite and on PostgreSQL: a posting is held by one
of them. A worker that dies loses its hold when the lease is over; what it does after that is
refused, because only who holds a posting may finish it. A worker's name must therefore be its
own, also after a restart.

Nothing here waits for the ledger. The caller commits (``greenpack.records.database.transact``).
Times are the caller's clock: a clock that jumps costs work done twice or late, never a posting
and never a second judgement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select, update
from sqlmodel import Session

from greenpack.reasons import REASONS
from greenpack.records.columns import storable
from greenpack.records.posting_forms import Posted, posted_all, select_posted
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.tables import Photo

# How often a posting is begun with before it is given up.
MAX_TRIES = 3

# How long a posting waits after its first failed try, and after its second.
BACK_OFF = (timedelta(seconds=10), timedelta(seconds=60))

# A hold or a pause that ends later than this was given before the clock was set back.
_FARTHEST = timedelta(minutes=10)

# The most characters of a failure's detail that are kept.
_DETAIL = 2000

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_PHOTO: Table = Photo.__table__  # type: ignore[attr-defined]
_C = _POSTING.c


def claim(
    session: Session, worker: str, count: int, now: datetime, lease: timedelta
) -> list[Posted]:
    """Take the oldest postings that nobody holds, and hold them until the lease is over.

    A posting that was begun with before is claimed alone: should it bring the worker down again,
    no other shares the blame. One that brought workers down ``MAX_TRIES`` times is given up here,
    with reason ``worker_died``.

    Args:
        session: the caller commits.
        worker: who claims; a name that no other worker has or had.
        count: how many at most, >= 1.
        now: aware.
        lease: how long they are held unless renewed, > 0.

    Returns:
        What is held from now on, oldest first; empty if there is nothing to do.
    """
    if count < 1 or not worker:
        raise ValueError("a worker with a name claims at least one posting")
    found = _free(session, count, now, lease)
    while worn := [row for row in found if row.tries >= MAX_TRIES]:
        for row in worn:
            detail = f"{row.tries} tries, the last by {row.worker}"
            _give_up(session, row.id, "worker_died", detail, now, row.tries)
        found = _free(session, count, now, lease)
    if not found:
        return []
    ids = [found[0].id] if found[0].tries else [row.id for row in found if not row.tries]
    session.connection().execute(
        update(_POSTING)
        .where(_C.id.in_(ids))
        .values(
            state=PostingState.WORKING.value,
            worker=worker,
            lease_until=now + lease,
            begun_at=None,
            not_before=None,
        )
    )
    return posted_all(session, select_posted().where(_C.id.in_(ids)).order_by(_C.id))


def begin(
    session: Session, ids: Iterable[int], worker: str, now: datetime, lease: timedelta
) -> list[int]:
    """Count a try of postings whose bytes are touched next, and hold them for another lease.

    Commit before touching the bytes: then a photo that kills the worker has its try counted.
    Beginning twice counts once.

    Returns:
        Those that the worker still holds, in the given order; leave the others alone.
    """
    wanted = list(ids)
    statement = (
        update(_POSTING)
        .where(_held(wanted, worker))
        .values(
            tries=_C.tries + case((_C.begun_at.is_(None), 1), else_=0),
            begun_at=func.coalesce(_C.begun_at, now, type_=_C.begun_at.type),
            lease_until=now + lease,
        )
        .returning(_C.id)
    )
    held = set(session.connection().execute(statement).scalars())
    return [posting_id for posting_id in wanted if posting_id in held]


def renew(
    session: Session, ids: Iterable[int], worker: str, now: datetime, lease: timedelta
) -> set[int]:
    """Hold postings for another lease; returns those that the worker still holds."""
    statement = (
        update(_POSTING).where(_held(ids, worker)).values(lease_until=now + lease).returning(_C.id)
    )
    return set(session.connection().execute(statement).scalars())


def release(session: Session, ids: Iterable[int], worker: str) -> None:
    """Give back what was not finished for a reason that is not the photo's.

    An orderly end is no failed try: where the try was counted it is taken back. Whoever gives
    back because the database or the storage is away should pause before the next claim.
    """
    session.connection().execute(
        update(_POSTING)
        .where(_held(ids, worker))
        .values(
            state=PostingState.WAITING.value,
            lease_until=None,
            begun_at=None,
            tries=_C.tries - case((_C.begun_at.is_(None), 0), else_=1),
        )
    )


def finish(
    session: Session, posting_id: int, worker: str, photo_sha256: str, now: datetime
) -> bool:
    """Mark a posting done, in the transaction that records its photo or after it.

    Returns:
        False if the worker has lost its hold to another: roll back what was recorded with it.
        True also where the worker had finished it with that photo already.

    Raises:
        KeyError: if no such photo is recorded.
    """
    connection = session.connection()
    photo_id = connection.execute(
        select(_PHOTO.c.id).where(_PHOTO.c.sha256 == photo_sha256)
    ).scalar_one_or_none()
    if photo_id is None:
        raise KeyError(photo_sha256)
    done = connection.execute(
        update(_POSTING)
        .where(_held([posting_id], worker))
        .values(
            state=PostingState.DONE.value,
            lease_until=None,
            photo_id=photo_id,
            finished_at=now,
            reason=None,
            detail=None,
        )
    )
    if done.rowcount:
        return True
    before = select(_C.id).where(
        _C.id == posting_id,
        _C.worker == worker,
        _C.state == PostingState.DONE.value,
        _C.photo_id == photo_id,
    )
    return connection.execute(before).first() is not None


def fail_try(
    session: Session, posting_id: int, worker: str, reason: str, detail: str, now: datetime
) -> PostingState:
    """Note that a try failed through the photo: it waits a while, or after three is given up.

    Args:
        session: the caller commits.
        posting_id: the posting.
        worker: who tried; if it has lost its hold, nothing changes.
        reason: a key of ``REASONS``.
        detail: more on the reason, for a person.
        now: aware.

    Returns:
        Where the posting stands afterwards.

    Raises:
        KeyError: if there is no such posting.
        ValueError: for an unknown reason code.
    """
    if reason not in REASONS:
        raise ValueError(f"{reason!r} is no reason code")
    connection = session.connection()
    statement = select(_C.tries, _C.begun_at).where(_held([posting_id], worker)).with_for_update()
    row = connection.execute(statement).first()
    if row is not None:
        tries = row.tries + (row.begun_at is None)
        if tries >= MAX_TRIES:
            _give_up(session, posting_id, reason, detail, now, tries)
        else:
            connection.execute(
                update(_POSTING)
                .where(_C.id == posting_id)
                .values(
                    state=PostingState.WAITING.value,
                    lease_until=None,
                    begun_at=None,
                    tries=tries,
                    not_before=now + BACK_OFF[tries - 1],
                    reason=reason,
                    detail=storable(detail)[:_DETAIL],
                )
            )
    state = connection.execute(select(_C.state).where(_C.id == posting_id)).scalar_one_or_none()
    if state is None:
        raise KeyError(posting_id)
    return PostingState(state)


def _free(session: Session, count: int, now: datetime, lease: timedelta) -> list[Any]:
    """Rows (id, tries, worker) of the oldest postings that may be claimed.

    On PostgreSQL they are locked against other claims until the commit.
    """
    far = now + max(_FARTHEST, 2 * lease)
    lapsed = select(_C.id, _C.tries, _C.worker).where(
        _C.state == PostingState.WORKING.value,
        or_(_C.lease_until <= now, _C.lease_until > far),
    )
    waiting = select(_C.id, _C.tries, _C.worker).where(
        _C.state == PostingState.WAITING.value,
        or_(_C.not_before.is_(None), _C.not_before <= now, _C.not_before > far),
    )
    found = [
        row
        for statement in (lapsed, waiting)
        for row in session.connection().execute(
            # What another claim has locked is passed over; SQLite has but one writer at a time.
            statement.order_by(_C.id).limit(count).with_for_update(skip_locked=True)
        )
    ]
    return sorted(found, key=lambda row: int(row.id))[:count]


def _held(ids: Iterable[int], worker: str) -> ColumnElement[bool]:
    """The fence: those of the postings that this worker holds and no other has claimed since."""
    return and_(_C.id.in_(list(ids)), _C.state == PostingState.WORKING.value, _C.worker == worker)


def _give_up(
    session: Session, posting_id: int, reason: str, detail: str, now: datetime, tries: int
) -> None:
    session.connection().execute(
        update(_POSTING)
        .where(_C.id == posting_id)
        .values(
            state=PostingState.FAILED.value,
            lease_until=None,
            tries=tries,
            reason=reason,
            detail=storable(detail)[:_DETAIL],
            finished_at=now,
        )
    )
