"""What became of uploads, asked of the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, case, func, or_, select
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records.hubs import PATH_COLUMNS, path_in, places_of
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import in_scope
from greenpack.records.tables import (
    Finding,
    Hub,
    JudgedParcel,
    Photo,
    UploadBatch,
    UploadFile,
    Waybill,
)
from greenpack.records.upload_forms import FileGroup, FileState, Upload, UploadedPhoto
from greenpack.rules.verdict import Verdict

_BATCH: Table = UploadBatch.__table__  # type: ignore[attr-defined]
_FILE: Table = UploadFile.__table__  # type: ignore[attr-defined]
_FIRST: Any = _FILE.alias("first_file")
_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_PHOTO: Table = Photo.__table__  # type: ignore[attr-defined]
_HUB: Table = Hub.__table__  # type: ignore[attr-defined]
_WAYBILL: Table = Waybill.__table__  # type: ignore[attr-defined]
_FINDING: Table = Finding.__table__  # type: ignore[attr-defined]
_JUDGED: Table = JudgedParcel.__table__  # type: ignore[attr-defined]
_OF_WAYBILL: Any = _JUDGED.alias("of_waybill")
_OF_PHOTO: Any = _JUDGED.alias("of_photo")
# A worker that is alive renews its hold, or finishes a photo, far more often.
_WORKER_SILENT = timedelta(seconds=60)


def uploads(
    session: Session, scope: Scope, limit: int, before_id: int | None = None
) -> list[Upload]:
    """The uploads of a scope's hubs, the newest first; those of no hub are seen by EVERYTHING.

    Args:
        session: reads only.
        scope: what may be seen.
        limit: how many at most.
        before_id: only older ones than this one.
    """
    statement = _select_uploads(scope).order_by(_BATCH.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(_BATCH.c.id < before_id)
    return _uploads(session, statement)


def upload(session: Session, batch_id: int, scope: Scope = EVERYTHING) -> Upload:
    """One upload.

    Raises:
        GreenPackError: ``upload_unknown``, also where it lies outside of the scope.
    """
    found = _uploads(session, _select_uploads(scope).where(_BATCH.c.id == batch_id))
    if not found:
        raise GreenPackError("upload_unknown", str(batch_id))
    return found[0]


def upload_photos(
    session: Session,
    batch_id: int,
    scope: Scope,
    group: FileGroup = FileGroup.ALL,
    *,
    limit: int,
    offset: int = 0,
) -> list[UploadedPhoto]:
    """The files of an upload in the order in which they came; see ``upload`` for the scope."""
    statement = (
        _select_photos(scope)
        .where(_FILE.c.batch_id == batch_id, *_of_group(group))
        .order_by(_FILE.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [_photo(row) for row in session.connection().execute(statement).mappings()]


def count_photos(session: Session, batch_id: int, scope: Scope, group: FileGroup) -> int:
    """How many files of an upload are of a group."""
    rows = _select_photos(scope).where(_FILE.c.batch_id == batch_id, *_of_group(group)).subquery()
    return session.connection().execute(select(func.count()).select_from(rows)).scalar_one()


def verdict_counts_of(session: Session, batch_id: int, scope: Scope) -> dict[Verdict, int]:
    """How many of an upload's photos show parcels of each verdict; those there are."""
    rows = _select_photos(scope).where(_FILE.c.batch_id == batch_id).subquery()
    statement = (
        select(rows.c.verdict, func.count())
        .where(rows.c.verdict.is_not(None))
        .group_by(rows.c.verdict)
    )
    return {Verdict(word): count for word, count in session.connection().execute(statement)}


def failed_postings(session: Session, batch_id: int) -> list[int]:
    """The places in the queue of an upload's files that were given up."""
    statement = select(_POSTING.c.id).where(
        _POSTING.c.upload_batch_id == batch_id,
        _POSTING.c.state == PostingState.FAILED.value,
        _POSTING.c.removed_at.is_(None),
    )
    return list(session.connection().execute(statement).scalars())


def a_worker_works(session: Session, batch_id: int, now: datetime) -> bool:
    """Whether a worker holds any photo now, or was done with one of this upload a moment ago."""
    held = select(_POSTING.c.id).where(
        _POSTING.c.state == PostingState.WORKING.value, _POSTING.c.lease_until > now
    )
    done = select(_POSTING.c.id).where(
        _POSTING.c.upload_batch_id == batch_id, _POSTING.c.finished_at > now - _WORKER_SILENT
    )
    connection = session.connection()
    return any(connection.execute(some.limit(1)).first() is not None for some in (held, done))


def _select_uploads(scope: Scope) -> Select[Any]:
    placed = places_of(_BATCH.outerjoin(_HUB, _HUB.c.id == _BATCH.c.hub_id))
    return (
        select(*_BATCH.c, *PATH_COLUMNS)
        .select_from(placed)
        .where(*in_scope(scope, _BATCH.c.hub_id))
    )


def _uploads(session: Session, statement: Select[Any]) -> list[Upload]:
    rows = session.connection().execute(statement).mappings().all()
    counts = _counts(session, [row["id"] for row in rows])
    return [
        Upload(
            **{name: row[name] for name in _PLAIN},
            hub=path_in(row),
            counts={state: counts.get((row["id"], state), 0) for state in FileState},
        )
        for row in rows
    ]


_PLAIN = tuple(name for name in Upload.__dataclass_fields__ if name not in ("hub", "counts"))


def _counts(session: Session, ids: Sequence[int]) -> dict[tuple[int, FileState], int]:
    state = _state()
    statement = (
        select(_FILE.c.batch_id, state, func.count())
        .select_from(_queued())
        .where(_FILE.c.batch_id.in_(ids))
        .group_by(_FILE.c.batch_id, state)
    )
    rows = session.connection().execute(statement)
    return {(batch_id, FileState(word)): count for batch_id, word, count in rows}


def _queued() -> FromClause:
    """Files with their postings and photos."""
    return _FILE.outerjoin(_POSTING, _POSTING.c.id == _FILE.c.posting_id).outerjoin(
        _PHOTO, _PHOTO.c.id == _POSTING.c.photo_id
    )


def _state() -> ColumnElement[str]:
    return case(
        (_FILE.c.reason.is_not(None), FileState.REFUSED.value),
        (_FILE.c.same_as.is_not(None), FileState.SAME.value),
        (_POSTING.c.state == PostingState.WAITING.value, FileState.WAITING.value),
        (_POSTING.c.state == PostingState.WORKING.value, FileState.WORKING.value),
        (_POSTING.c.state == PostingState.FAILED.value, FileState.FAILED.value),
        (_PHOTO.c.refused_reason.is_not(None), FileState.REFUSED.value),
        else_=FileState.JUDGED.value,
    )


_verdict = func.coalesce(_OF_WAYBILL.c.verdict, _OF_PHOTO.c.verdict)
_finding_id = func.coalesce(_OF_WAYBILL.c.finding_id, _OF_PHOTO.c.finding_id)


def _select_photos(scope: Scope) -> Select[Any]:
    of_waybill = and_(
        _OF_WAYBILL.c.profile_id == _BATCH.c.profile_id,
        _OF_WAYBILL.c.waybill_id == _PHOTO.c.waybill_id,
        *in_scope(scope, _OF_WAYBILL.c.hub_id),
    )
    of_photo = and_(
        _OF_PHOTO.c.profile_id == _BATCH.c.profile_id,
        _OF_PHOTO.c.photo_id == _PHOTO.c.id,
        *in_scope(scope, _OF_PHOTO.c.hub_id),
    )

    def given_up(column: ColumnElement[str]) -> ColumnElement[str]:
        """What an earlier try failed of is over once the photo is judged."""
        return case((_POSTING.c.state == PostingState.FAILED.value, column))

    source = (
        _queued()
        .join(_BATCH, _BATCH.c.id == _FILE.c.batch_id)
        .outerjoin(_FIRST, _FIRST.c.id == _FILE.c.same_as)
        .outerjoin(_OF_WAYBILL, of_waybill)
        .outerjoin(_OF_PHOTO, of_photo)
        .outerjoin(_FINDING, _FINDING.c.id == _finding_id)
        .outerjoin(_WAYBILL, _WAYBILL.c.id == _OF_WAYBILL.c.waybill_id)
    )
    return select(
        _FILE.c.name,
        _state().label("state"),
        _FILE.c.posting_id,
        func.coalesce(
            _FILE.c.reason, _PHOTO.c.refused_reason, given_up(_POSTING.c.reason), _FINDING.c.reason
        ).label("reason"),
        func.coalesce(_FILE.c.detail, given_up(_POSTING.c.detail)).label("detail"),
        _FIRST.c.name.label("same_as"),
        (_PHOTO.c.received_at < _BATCH.c.created_at).label("known_before"),
        _verdict.label("verdict"),
        _FINDING.c.id.label("finding_id"),
        _FINDING.c.explanation,
        _WAYBILL.c.number.label("waybill"),
    ).select_from(source)


def _of_group(group: FileGroup) -> list[ColumnElement[bool]]:
    if group is FileGroup.ALL:
        return []
    if group is FileGroup.VIOLATION:
        return [_verdict == Verdict.VIOLATION.value]
    return [
        or_(
            _state().in_([FileState.REFUSED.value, FileState.FAILED.value]),
            _verdict == Verdict.UNMEASURABLE.value,
        )
    ]


def _photo(row: Mapping[Any, Any]) -> UploadedPhoto:
    verdict = row["verdict"]
    return UploadedPhoto(
        name=row["name"],
        state=FileState(row["state"]),
        posting_id=row["posting_id"],
        reason=row["reason"],
        detail=row["detail"],
        same_as=row["same_as"],
        known_before=bool(row["known_before"]),
        verdict=None if verdict is None else Verdict(verdict),
        finding_id=row["finding_id"],
        explanation=row["explanation"],
        waybill=row["waybill"],
    )
