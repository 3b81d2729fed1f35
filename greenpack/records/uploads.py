"""Writing down what people upload: the batch, its files, and their places in the queue.

Bytes are safely stored before any of this. Each group of files is one transaction with its entry
in the ledger, so that whatever breaks off leaves whole files only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, select, update
from sqlmodel import Session

from greenpack.intake.waybill_csv import DeclaredWaybill
from greenpack.reasons import REASONS, GreenPackError
from greenpack.records.acts import Act, Actor, act
from greenpack.records.columns import storable
from greenpack.records.ledger import append_all
from greenpack.records.posting_tables import Posting, PostingState
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import in_scope
from greenpack.records.stored import given
from greenpack.records.tables import Hub, UploadBatch, UploadFile, Waybill

_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_BATCH: Table = UploadBatch.__table__  # type: ignore[attr-defined]
_FILE: Table = UploadFile.__table__  # type: ignore[attr-defined]
_HUB: Table = Hub.__table__  # type: ignore[attr-defined]
_WAYBILL: Table = Waybill.__table__  # type: ignore[attr-defined]
_AT_ONCE = 500
# The most characters of a detail that are kept.
_DETAIL = 500


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A photo of an upload whose bytes are stored, or why they are not.

    Attributes:
        name: for people; in a zip after the zip's.
        sha256: of its bytes; None where they were not read.
        size_bytes: how many; None where they were not read.
        waybill_number: told by the table that came with it, or None.
        reason: a key of ``REASONS`` where it was not taken, else None.
        detail: more on the reason, or None.
    """

    name: str
    sha256: str | None = None
    size_bytes: int | None = None
    waybill_number: str | None = None
    reason: str | None = None
    detail: str | None = None


def begin_upload(
    session: Session,
    by: Actor,
    profile_id: str,
    hub_id: int | None,
    files: int,
    now: datetime,
    scope: Scope = EVERYTHING,
) -> int:
    """Begin an upload; gives its row. The caller commits.

    Args:
        session: the caller commits.
        by: who uploads.
        profile_id: that the photos are judged under.
        hub_id: where they were taken, or None; who sees one place only names a hub there.
        files: how many photos and zips were chosen, >= 0.
        now: aware.
        scope: what the person may see.

    Raises:
        GreenPackError: ``upload_hub_unknown``.
    """
    inside = in_scope(scope, _HUB.c.id)
    if hub_id is not None:
        known = select(_HUB.c.id).where(_HUB.c.id == hub_id, *inside)
        if session.connection().execute(known).first() is None:
            raise GreenPackError("upload_hub_unknown", str(hub_id))
    elif inside:
        raise GreenPackError("upload_hub_unknown", str(scope))
    row = UploadBatch(
        account_id=by.account_id,
        by_name=storable(by.name or ""),
        profile_id=profile_id,
        hub_id=hub_id,
        files=files,
        created_at=now,
        touched_at=now,
    )
    session.add(row)
    session.flush()
    batch_id = given(row.id)
    begun = act(Act.UPLOAD, _subject(batch_id), by, profile=profile_id, hub=hub_id, files=files)
    append_all(session, [begun])
    return batch_id


def take_files(
    session: Session, batch_id: int, files: Sequence[TakenFile], by: Actor, now: datetime
) -> None:
    """Put stored photos into the queue and write down those that were not taken.

    The same bytes twice in one upload are measured once. The caller commits.

    Args:
        session: the caller commits.
        batch_id: of the upload.
        files: in the order in which they came.
        by: who uploads.
        now: aware.
    """
    for file in files:
        if (file.sha256 is None) != (file.reason is not None):
            raise ValueError("a file is either stored or has a reason why not")
        if file.reason is not None and file.reason not in REASONS:
            raise ValueError(f"{file.reason!r} is no reason code")
    firsts = _known(session, batch_id, [file.sha256 for file in files if file.sha256])
    queued: list[str] = []
    for file in files:
        row = UploadFile(
            batch_id=batch_id,
            name=storable(file.name),
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            reason=file.reason,
            detail=None if not file.detail else storable(file.detail)[:_DETAIL],
        )
        if file.sha256 is not None:
            if file.sha256 in firsts:
                row.same_as = firsts[file.sha256]
            else:
                row.posting_id = _queue(session, batch_id, file, now)
                queued.append(file.sha256)
        session.add(row)
        session.flush()
        if row.posting_id is not None and file.sha256 is not None:
            firsts[file.sha256] = given(row.id)
    _touch(session, batch_id, now)
    if queued:
        append_all(session, [act(Act.UPLOAD, _subject(batch_id), by, photos=queued)])


def note_table(
    session: Session, batch_id: int, name: str, waybills: int, rows_left_out: int
) -> None:
    """Write down that a waybill table came with an upload, and what was taken from it."""
    session.connection().execute(
        update(_BATCH)
        .where(_BATCH.c.id == batch_id)
        .values(table_name=storable(name), waybills=waybills, rows_left_out=rows_left_out)
    )


def complete_upload(session: Session, batch_id: int, now: datetime) -> None:
    """Write down that the last file of an upload was taken in."""
    session.connection().execute(
        update(_BATCH).where(_BATCH.c.id == batch_id).values(completed_at=now, touched_at=now)
    )


def outside(session: Session, waybills: Sequence[DeclaredWaybill], scope: Scope) -> set[str]:
    """The numbers of those waybills that somebody who sees one place only may not declare.

    A waybill that is known already must be of a hub in the scope; a new one must not say that it
    is of a hub elsewhere.

    Args:
        session: reads only.
        waybills: as a table declares them.
        scope: what the person may see.
    """
    inside = in_scope(scope, _WAYBILL.c.hub_id)
    if not inside:
        return set()
    numbers = [waybill.number for waybill in waybills]
    foreign = {waybill.number for waybill in waybills if not _says_inside(waybill, scope)}
    connection = session.connection()
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        known = select(_WAYBILL.c.number).where(_WAYBILL.c.number.in_(some))
        own = set(connection.execute(known.where(*inside)).scalars())
        foreign |= set(connection.execute(known).scalars()) - own
    return foreign


def _says_inside(waybill: DeclaredWaybill, scope: Scope) -> bool:
    """Whether what is said of the place, if anything is, agrees with the scope."""
    stated = (waybill.province, waybill.municipality, waybill.hub)
    if not any(stated):
        return True
    wanted = (scope.province, scope.municipality, scope.hub)
    return all(
        name is None or (said is not None and storable(said.strip()) == storable(name))
        for name, said in zip(wanted, stated, strict=True)
    )


def _known(session: Session, batch_id: int, hashes: Sequence[str]) -> dict[str, int]:
    """The files of the upload that already brought these bytes, by SHA-256."""
    statement = select(_FILE.c.sha256, _FILE.c.id).where(
        _FILE.c.batch_id == batch_id,
        _FILE.c.posting_id.is_not(None),
        _FILE.c.sha256.in_(hashes),
    )
    return {row.sha256: row.id for row in session.connection().execute(statement)}


def _queue(session: Session, batch_id: int, file: TakenFile, now: datetime) -> int:
    number = file.waybill_number
    row = Posting(
        upload_batch_id=batch_id,
        sha256=str(file.sha256),
        size_bytes=file.size_bytes or 0,
        source_name=storable(file.name),
        waybill_number=None if number is None else storable(number),
        received_at=now,
        state=PostingState.WAITING.value,
        tries=0,
    )
    session.add(row)
    session.flush()
    return given(row.id)


def _touch(session: Session, batch_id: int, now: datetime) -> None:
    session.connection().execute(
        update(_BATCH).where(_BATCH.c.id == batch_id).values(touched_at=now)
    )


def _subject(batch_id: int) -> str:
    return f"upload_batch/{batch_id}"
