"""Which photos as received may be deleted, and which a finding or a decision holds.

Only the bytes go. What was measured and judged, and its evidence picture, stay for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_, select, update
from sqlalchemy.sql import Select
from sqlmodel import Session

from greenpack.records.forms import DecisionKind
from greenpack.records.ledger import append, lock
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.standing import Standing
from greenpack.records.tables import Decision, Finding, Measurement, Photo
from greenpack.rules.verdict import Verdict

# Of the ledger's entries about deleted photos.
LEDGER_KIND: Final = "originals_deleted"

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_PHOTO: Table = Photo.__table__  # type: ignore[attr-defined]
_MEASUREMENT: Table = Measurement.__table__  # type: ignore[attr-defined]
_FINDING: Table = Finding.__table__  # type: ignore[attr-defined]
_DECISION: Table = Decision.__table__  # type: ignore[attr-defined]
_ENDED = (PostingState.DONE.value, PostingState.FAILED.value)


@dataclass(frozen=True, slots=True)
class Original:
    """A photo as a camera posted it, whose bytes may go.

    Attributes:
        posting_id: of the posting.
        sha256: of the bytes; several cameras may have posted the same.
        size_bytes: how many.
    """

    posting_id: int
    sha256: str
    size_bytes: int


def removable(
    session: Session, before: datetime, after_id: int = 0, limit: int = 500
) -> list[Original]:
    """Postings whose bytes may be deleted, by id.

    They were received earlier than ``before``, are measured or given up, and nothing holds them.
    A finding holds all photos of its parcel while it accuses somebody (it is current and says
    violation, or would if its rule might do more than screen, and nobody has dismissed it), while
    somebody's confirmation of it counts, or while a person's last decision about it is something
    that follows from it.

    Args:
        session: to read with.
        before: aware.
        after_id: only postings beyond this id.
        limit: how many at most, > 0.
    """
    statement = _ended(before).where(_C.id > after_id, ~_held()).order_by(_C.id).limit(limit)
    return [
        Original(row.id, row.sha256, row.size_bytes)
        for row in session.connection().execute(statement)
    ]


def held(session: Session, before: datetime) -> int:
    """How many postings are as old but are held by a finding or a decision."""
    rows = _ended(before).where(_held()).subquery()
    return session.connection().execute(select(func.count()).select_from(rows)).scalar_one()


def mark_removed(session: Session, originals: Iterable[Original], now: datetime) -> list[Original]:
    """Note that the bytes of these postings go, with an entry in the ledger; then delete them.

    Noted first: a posting so marked is never tried again, and a file that is left because the
    program was cut off is one that no posting keeps.

    Args:
        session: the caller commits, and deletes the files after that.
        originals: as ``removable`` gives them.
        now: aware.

    Returns:
        Those that may still go.
    """
    wanted = {original.posting_id: original for original in originals}
    if not wanted:
        return []
    lock(session)
    connection = session.connection()
    statement = (
        select(_C.id)
        .where(_C.id.in_(wanted), _C.state.in_(_ENDED), _C.removed_at.is_(None), ~_held())
        .order_by(_C.id)
    )
    going = [wanted[row_id] for row_id in connection.execute(statement).scalars()]
    if not going:
        return []
    ids = [original.posting_id for original in going]
    connection.execute(update(_POSTING).where(_C.id.in_(ids)).values(removed_at=now))
    append(
        session,
        LEDGER_KIND,
        f"posting/{ids[0]} to posting/{ids[-1]}" if len(ids) > 1 else f"posting/{ids[0]}",
        {
            "postings": ids,
            "sha256": [original.sha256 for original in going],
            "bytes": sum(original.size_bytes for original in going),
        },
    )
    return going


def kept(session: Session, names: Sequence[str]) -> set[str]:
    """Those of the SHA-256 that some posting still keeps the bytes of."""
    statement = select(_C.sha256).where(_C.sha256.in_(names), _C.removed_at.is_(None)).distinct()
    return set(session.connection().execute(statement).scalars())


_C = _POSTING.c


def _ended(before: datetime) -> Select[tuple[int, str, int]]:
    return select(_C.id, _C.sha256, _C.size_bytes).where(
        _C.removed_at.is_(None), _C.state.in_(_ENDED), _C.received_at < before
    )


def _held() -> ColumnElement[bool]:
    """Whether a finding holds the posting's photo; NULL photos are held by none."""
    found, photo, measured = _FINDING.alias(), _PHOTO.alias(), _MEASUREMENT.alias()
    of_parcel = or_(
        found.c.waybill_id == photo.c.waybill_id,
        exists().where(measured.c.id == found.c.measurement_id, measured.c.photo_id == photo.c.id),
    )
    last = (
        select(_DECISION.c.kind)
        .where(_DECISION.c.finding_id == found.c.id)
        .order_by(_DECISION.c.id.desc())
        .limit(1)
        .correlate(found)
        .scalar_subquery()
    )
    accuses = or_(
        found.c.verdict == Verdict.VIOLATION.value, found.c.screening == Verdict.VIOLATION.value
    )
    judged = [
        kind.value
        for kind in (DecisionKind.CONFIRMED, DecisionKind.DISMISSED, DecisionKind.WITHDRAWN)
    ]
    confirmed = (Standing.ONE_CONFIRMED, Standing.CONFIRMED, Standing.CONTESTED)
    holds = or_(
        last.not_in(judged),
        found.c.standing.in_([standing.value for standing in confirmed]),
        and_(found.c.standing.is_(None), found.c.superseded_by.is_(None), accuses),
    )
    return exists().where(photo.c.id == _C.photo_id, of_parcel, holds).correlate(_POSTING)
