"""The rows that a case rests on, word for word as the ledger vouches for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlmodel import Session

from greenpack.records.case_queries import WholeCase
from greenpack.records.digests import VOUCHED, content
from greenpack.records.ledger import LedgerEntry, LedgerKind, moment
from greenpack.records.paging import PAGE
from greenpack.records.stored import given
from greenpack.records.tables import Row

_TABLES = Row.metadata.tables
_LEDGER: Table = _TABLES["ledger"]


@dataclass(frozen=True, slots=True)
class VouchedRow:
    """A row as its digest was made of it.

    Attributes:
        kind: of the ledger's entries about it.
        subject: how the ledger names it, for example ``finding/17``.
        content: exactly what the digest is of; JSON values.
    """

    kind: LedgerKind
    subject: str
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseRows:
    """A case's rows and every entry of the ledger about them, each in its order."""

    rows: tuple[VouchedRow, ...]
    entries: tuple[LedgerEntry, ...]


def case_rows(session: Session, whole: WholeCase) -> CaseRows:
    """The case, its events, its findings with what they rest on, and their ledger entries."""
    findings = [one.id for one in whole.findings]
    decision = _TABLES["decision"]
    decisions = [
        row_id
        for part in _parts(findings)
        for row_id in session.connection()
        .execute(
            select(decision.c.id).where(decision.c.finding_id.in_(part)).order_by(decision.c.id)
        )
        .scalars()
    ]
    wanted: tuple[tuple[LedgerKind, Iterable[int]], ...] = (
        (LedgerKind.COMPLIANCE_CASE, [given(whole.case.id)]),
        (LedgerKind.CASE_EVENT, [given(event.id) for event in whole.events]),
        (LedgerKind.SENDER, [whole.case.sender_id]),
        (LedgerKind.FINDING, findings),
        (LedgerKind.DECISION, decisions),
        (LedgerKind.MEASUREMENT, {one.measurement_id for one in whole.findings}),
        (LedgerKind.PHOTO, {one.photo_id for one in whole.findings}),
        (
            LedgerKind.WAYBILL,
            {one.waybill_id for one in whole.findings if one.waybill_id is not None},
        ),
    )
    rows: list[VouchedRow] = []
    entries: list[LedgerEntry] = []
    for kind, ids in wanted:
        for part in _parts(sorted(ids)):
            found = _rows(session, kind, part)
            rows += found
            entries += _entries(session, kind, [row.subject for row in found])
    return CaseRows(tuple(rows), tuple(sorted(entries, key=lambda entry: entry.seq)))


def entry_json(entry: LedgerEntry) -> dict[str, object]:
    """An entry as JSON has it; the payload as the text that it was stored as."""
    return {
        "seq": entry.seq,
        "at": moment(entry.at),
        "kind": entry.kind,
        "subject": entry.subject,
        "payload": entry.payload,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def _rows(session: Session, kind: LedgerKind, ids: list[int]) -> list[VouchedRow]:
    vouched = VOUCHED[kind]
    table = vouched.table
    connection = session.connection()
    parts: dict[int, list[Mapping[str, object]]] = {}
    if vouched.parts is not None:
        statement = (
            select(vouched.parts).where(vouched.parent.in_(ids)).order_by(vouched.parts.c.id)
        )
        for part in connection.execute(statement).mappings():
            parts.setdefault(int(part[vouched.parent.name]), []).append(dict(part))
    found = connection.execute(select(table).where(table.c.id.in_(ids)).order_by(table.c.id))
    return [
        VouchedRow(
            kind,
            vouched.subject(int(row["id"])),
            content(vouched, dict(row), parts.get(int(row["id"]), [])),
        )
        for row in found.mappings()
    ]


def _entries(session: Session, kind: LedgerKind, subjects: list[str]) -> list[LedgerEntry]:
    statement = select(_LEDGER).where(_LEDGER.c.kind == kind.value, _LEDGER.c.subject.in_(subjects))
    return [LedgerEntry(**row) for row in session.connection().execute(statement).mappings()]


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
