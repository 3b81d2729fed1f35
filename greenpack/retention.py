"""Deletes photos as received once their time is over, and what killed writers left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final

from sqlalchemy import Engine

from greenpack.records.database import reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.retention import Original, held, kept, mark_removed, removable
from greenpack.storage.content_store import ContentStore

_BATCH: Final = 500
# Between a file's being stored and its row's being committed there are seconds; never hours.
LEAST_AGE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep deleted, or would.

    Attributes:
        photos: postings whose bytes went.
        bytes: how many bytes they had; the same bytes of two cameras lie on the disk once.
        held: postings as old that a finding or a decision holds.
        strays: stored files that no posting keeps: their posting was never committed, or an
            earlier sweep was cut off.
        leftovers: unfinished files of writers that were killed.
    """

    photos: int
    bytes: int
    held: int
    strays: int
    leftovers: int


def sweep(
    engine: Engine,
    originals: ContentStore,
    evidence: EvidenceStore,
    keep: timedelta,
    now: datetime,
    dry_run: bool = False,
) -> Swept:
    """Delete what has been kept for long enough; run it as often as you like, once a day say.

    Args:
        engine: the opened database.
        originals: the store of photos as received.
        evidence: the store of evidence pictures, of which only leftovers are deleted.
        keep: how long photos as received are kept; an hour at least is kept all the same.
        now: aware.
        dry_run: delete nothing, only count.

    Raises:
        GreenPackError: where database or store fail; what was deleted by then is recorded.
    """
    before = now - max(keep, LEAST_AGE)
    photos = size = 0
    for batch in _batches(engine, before):
        going = batch
        if not dry_run:
            going = transact(engine, partial(mark_removed, originals=batch, now=now))
            _delete(engine, originals, [original.sha256 for original in going], before)
        photos += len(going)
        size += sum(original.size_bytes for original in going)
    with reading(engine) as session:
        staying = held(session, before)
    return Swept(
        photos=photos,
        bytes=size,
        held=staying,
        strays=_sweep_strays(engine, originals, before, dry_run),
        leftovers=originals.sweep(dry_run) + evidence.sweep(dry_run),
    )


def _batches(engine: Engine, before: datetime) -> Iterator[list[Original]]:
    last = 0
    while True:
        with reading(engine) as session:
            batch = removable(session, before, last, _BATCH)
        if not batch:
            return
        yield batch
        last = batch[-1].posting_id


def _delete(
    engine: Engine, originals: ContentStore, names: Sequence[str], before: datetime
) -> None:
    """Delete files that no posting keeps: another camera may have posted the same bytes."""
    with reading(engine) as session:
        wanted = kept(session, names)
    for name in set(names) - wanted:
        originals.delete(name, before)


def _sweep_strays(engine: Engine, originals: ContentStore, before: datetime, dry_run: bool) -> int:
    strays = 0
    names = originals.names()
    while batch := list(islice(names, _BATCH)):
        with reading(engine) as session:
            unwanted = set(batch) - kept(session, batch)
        for name in unwanted:
            if dry_run:
                stored = originals.stored_at(name)
                strays += stored is not None and stored < before
            else:
                strays += originals.delete(name, before)
    return strays
