"""The append-only ledger: a chain of hashes that every record hangs on.

``docs/records.md`` states the format so that anyone can check it with a program of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Table, insert, select, update
from sqlmodel import Session

from greenpack.records.columns import aware, now, storable
from greenpack.records.tables import Ledger, LedgerHead

# What the first entry has in place of the hash of the entry before.
GENESIS = "0" * 64

_LEDGER: Table = Ledger.__table__  # type: ignore[attr-defined]
_HEAD: Table = LedgerHead.__table__  # type: ignore[attr-defined]


class LedgerKind(StrEnum):
    """What the entries that the records write are about; other parts may write kinds of their own.

    A kind named after a table means that a row was written; ``attribution`` that a photo was
    given to a waybill; ``superseded`` that a finding made way for another; ``recount`` that the
    counts were made anew.
    """

    PLATFORM = "platform"
    SENDER = "sender"
    PROVINCE = "province"
    MUNICIPALITY = "municipality"
    HUB = "hub"
    CAMERA = "camera"
    CAMERA_TOKEN = "camera_token"
    CAMERA_CALIBRATION = "camera_calibration"
    CAMERA_VERIFICATION = "camera_verification"
    WAYBILL = "waybill"
    PHOTO = "photo"
    ATTRIBUTION = "attribution"
    MEASUREMENT = "measurement"
    FINDING = "finding"
    SUPERSEDED = "superseded"
    DECISION = "decision"
    USER_ACCOUNT = "user_account"
    RECOUNT = "recount"
    COMPLIANCE_CASE = "compliance_case"
    CASE_EVENT = "case_event"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Something to be written to the ledger."""

    kind: str
    subject: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An entry as it stands in the ledger; ``payload`` is canonical JSON."""

    seq: int
    at: datetime
    kind: str
    subject: str
    payload: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends. Kept in another place, it proves that nothing before was changed."""

    seq: int
    hash: str


def canonical(value: object) -> str:
    """JSON that is the same for the same content: keys sorted, no spaces, floats as ``repr``.

    Raises:
        ValueError: for NaN or an infinity, or text that is not Unicode.
        TypeError: for what JSON cannot hold.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    text.encode("utf-8")
    return text


def moment(at: datetime) -> str:
    """A time as the ledger writes it: UTC to the microsecond, ``2026-11-23T08:00:00.000000Z``."""
    return aware(at).isoformat(timespec="microseconds").replace("+00:00", "Z")


def entry_hash(
    seq: int, at: datetime, kind: str, subject: str, payload: str, prev_hash: str
) -> str:
    """The SHA-256 that stands in ``hash``: over the canonical JSON of all other columns.

    The payload is put in as it was stored, so that nobody who checks needs to write its numbers
    the way we do.
    """
    text = (
        f'{{"at":{canonical(moment(at))},"kind":{canonical(kind)},"payload":{payload},'
        f'"prev_hash":{canonical(prev_hash)},"seq":{seq},"subject":{canonical(subject)}}}'
    )
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def lock(session: Session) -> Head:
    """Wait until no other writer is at the ledger, and keep others away until the commit.

    Whoever writes records calls this first. As everybody waits in this one place and nobody
    holds anything another waits for, no two writers can block each other for good.
    """
    session.flush()
    return _read_head(session.connection(), for_update=True)


def head(session: Session) -> Head:
    """Where the chain ends now."""
    return _read_head(session.connection(), for_update=False)


def append(session: Session, kind: str, subject: str, payload: Mapping[str, object]) -> LedgerEntry:
    """Write one entry; it stands once the caller commits.

    Raises:
        ValueError: if the payload holds NaN or an infinity.
        TypeError: if it holds what JSON cannot hold.
    """
    return append_all(session, [NewEntry(kind, subject, payload)])[0]


def append_all(session: Session, entries: Iterable[NewEntry]) -> list[LedgerEntry]:
    """Write several entries at once, in order; they stand once the caller commits."""
    start = lock(session)
    seq, previous, at = start.seq, start.hash, now()
    written: list[LedgerEntry] = []
    for entry in entries:
        seq += 1
        payload = canonical(entry.payload)
        kind, subject = storable(entry.kind), storable(entry.subject)
        own = entry_hash(seq, at, kind, subject, payload, previous)
        written.append(LedgerEntry(seq, at, kind, subject, payload, previous, own))
        previous = own
    if written:
        connection = session.connection()
        rows = [
            {
                "seq": entry.seq,
                "at": entry.at,
                "kind": entry.kind,
                "subject": entry.subject,
                "payload": entry.payload,
                "prev_hash": entry.prev_hash,
                "hash": entry.hash,
            }
            for entry in written
        ]
        connection.execute(insert(_LEDGER), rows)
        connection.execute(update(_HEAD).values(seq=seq, hash=previous))
    return written


def _read_head(connection: Connection, *, for_update: bool) -> Head:
    statement = select(_HEAD.c.seq, _HEAD.c.hash)
    # SQLite knows no row locks and needs none: its writing transactions begin as the only one.
    row = connection.execute(statement.with_for_update() if for_update else statement).one()
    return Head(row.seq, row.hash)
