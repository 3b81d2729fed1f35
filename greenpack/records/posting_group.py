"""Many postings put into the queue by the same few statements, for a service that commits groups.

Each statement of a database costs the service more than the row it writes; see
``greenpack.records.postings.post`` for one posting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from greenpack.records.columns import storable
from greenpack.records.posting_forms import Posted, posted_all, select_posted
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.tables import Camera

# When a camera was last seen is written no more often than this: a row is not rewritten for
# every photo.
_SEEN_EVERY = timedelta(seconds=10)

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_CAMERA: Table = Camera.__table__  # type: ignore[attr-defined]
_C = _POSTING.c


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A photo whose bytes are safe, to be put into the queue.

    Attributes:
        camera_id: the camera that posted it.
        sha256: of the bytes, 64 lower-case hexadecimal digits.
        size_bytes: how many bytes, >= 0.
        source_name: the file name that the camera gave; may be empty.
        taken_at: when the camera says it was taken, aware, or None.
        waybill_number: the number that the camera sent with it, or None.
        received_at: now; aware.
    """

    camera_id: int
    sha256: str
    size_bytes: int
    source_name: str
    taken_at: datetime | None
    waybill_number: str | None
    received_at: datetime


def post_all(session: Session, news: Sequence[NewPosting]) -> list[tuple[Posted, bool]]:
    """Put photos into the queue, once their bytes are safe; their cameras were seen now.

    The same bytes of the same camera give the posting there is, also within the group and where
    both arrive at once.

    Args:
        session: the caller commits, and acknowledges after that.
        news: the photos; may be empty.

    Returns:
        For each, in the given order, the posting and whether it is new.
    """
    if not news:
        return []
    connection = session.connection()
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert(_POSTING)
        .on_conflict_do_nothing(index_elements=["camera_id", "sha256"])
        .returning(_C.id)
    )
    # In one order for all groups, so that two of them cannot wait for each other in a circle.
    ordered = sorted(news, key=lambda new: (new.camera_id, new.sha256))
    added = set(connection.execute(statement, [_values(new) for new in ordered]).scalars())
    _seen(session, news)
    found = posted_all(session, select_posted().where(_C.id.in_(added)))
    known = {(each.camera_id, each.sha256): each for each in found}
    results = []
    for new in news:
        key = new.camera_id, new.sha256
        if key not in known:
            known[key] = _first(session, new)
        posted = known[key]
        results.append((posted, posted.id in added))
        added.discard(posted.id)
    return results


def _values(new: NewPosting) -> dict[str, object]:
    return {
        "camera_id": new.camera_id,
        "sha256": new.sha256,
        "size_bytes": new.size_bytes,
        "source_name": storable(new.source_name),
        "taken_at": new.taken_at,
        "waybill_number": None if new.waybill_number is None else storable(new.waybill_number),
        "received_at": new.received_at,
        "state": PostingState.WAITING.value,
        "tries": 0,
    }


def _first(session: Session, new: NewPosting) -> Posted:
    """The posting that came before."""
    same = select_posted().where(_C.camera_id == new.camera_id, _C.sha256 == new.sha256)
    found = posted_all(session, same)
    if not found:
        raise LookupError(
            f"camera {new.camera_id} has no posting {new.sha256} although it posted it"
        )
    return found[0]


def _seen(session: Session, news: Sequence[NewPosting]) -> None:
    """Write down that cameras post, unless that was done a moment ago."""
    at = max(new.received_at for new in news)
    seen = _CAMERA.c.last_seen_at
    stale = or_(
        seen.is_(None),
        seen <= at - _SEEN_EVERY,
        seen > at + _SEEN_EVERY,  # the clock was set back
    )
    ids = {new.camera_id for new in news}
    connection = session.connection()
    # Read first: nearly always there is nothing to write, and a row lock not to be had.
    unseen = connection.execute(select(_CAMERA.c.id).where(_CAMERA.c.id.in_(ids), stale))
    for camera_id in sorted(unseen.scalars()):
        connection.execute(update(_CAMERA).where(_CAMERA.c.id == camera_id).values(last_seen_at=at))
