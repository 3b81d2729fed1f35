"""A queue of postings to claim from."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.records import postings
from greenpack.records.camera_tokens import TokenCamera, add_camera
from greenpack.records.database import reading, transact
from greenpack.records.postings import Posted, PostingState
from greenpack.records.recording import record_photo

from .samples import RECEIVED, photo, sha

LEASE = timedelta(seconds=60)
LONG_AFTER = RECEIVED + timedelta(hours=2)


def camera(engine: Engine, name: str = "line 1", hub: str = "Zhejiang/Hangzhou/North") -> int:
    """A camera that may post; returns its id."""
    holder: TokenCamera = transact(
        engine, lambda session: add_camera(session, hub, name, at=RECEIVED)[0]
    )
    return holder.camera_id


def post(
    engine: Engine, camera_id: int, name: str, at: datetime = RECEIVED, number: str | None = None
) -> tuple[Posted, bool]:
    """Post a photo of that name."""
    return transact(
        engine,
        lambda session: postings.post(
            session,
            camera_id,
            sha256=sha(name),
            size_bytes=9,
            source_name=name,
            taken_at=None,
            waybill_number=number,
            received_at=at,
        ),
    )


def filled(engine: Engine, count: int) -> list[int]:
    """Post so many photos of one camera; returns the ids in order."""
    camera_id = camera(engine)
    return [post(engine, camera_id, f"{number}")[0].id for number in range(count)]


def claim(engine: Engine, worker: str = "w", count: int = 4, at: datetime = RECEIVED) -> list[int]:
    """Claim; returns the ids."""
    held = transact(engine, lambda session: postings.claim(session, worker, count, at, LEASE))
    assert all(each.state is PostingState.WORKING for each in held)
    return [each.id for each in held]


def begin(engine: Engine, ids: list[int], worker: str = "w", at: datetime = RECEIVED) -> list[int]:
    """Begin."""
    return transact(engine, lambda session: postings.begin(session, ids, worker, at, LEASE))


def finish(engine: Engine, posting_id: int, worker: str = "w", at: datetime = RECEIVED) -> bool:
    """Record the posting's photo and finish the posting, in one transaction."""

    def work(session: Session) -> bool:
        found = postings.posted(session, posting_id)
        assert found is not None
        record_photo(session, photo(found.source_name), None)
        done = postings.finish(session, posting_id, worker, found.sha256, at)
        if not done:
            session.rollback()
        return done

    return transact(engine, work)


def fail(
    engine: Engine, posting_id: int, worker: str = "w", at: datetime = RECEIVED
) -> PostingState:
    """Fail a try."""
    return transact(
        engine,
        lambda session: postings.fail_try(session, posting_id, worker, "read_failed", "x", at),
    )


def release(engine: Engine, ids: list[int], worker: str = "w") -> None:
    """Give back."""
    transact(engine, lambda session: postings.release(session, ids, worker))


def posted(engine: Engine, posting_id: int) -> Posted:
    """The posting as it stands."""
    with reading(engine) as session:
        found = postings.posted(session, posting_id)
    assert found is not None
    return found
