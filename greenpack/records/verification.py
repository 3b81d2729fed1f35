"""Checking everything that is recorded against the ledger, and the evidence against its hashes.

``docs/records.md`` says what this proves and what it cannot prove. Only a few hundred rows are in
memory at a time, however many there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, String, Table, cast, func, literal, or_, select
from sqlmodel import Session

from greenpack.reasons import REASONS, GreenPackError
from greenpack.records.count_check import differences
from greenpack.records.digests import VOUCHED, Vouched, digest
from greenpack.records.evidence import EvidenceStore
from greenpack.records.ledger import GENESIS, Head, LedgerEntry, LedgerKind, entry_hash
from greenpack.records.paging import Unreadable, count, pages, rows_by_id
from greenpack.records.roll_ups import PARCEL
from greenpack.records.standing_check import wrong_standings
from greenpack.records.tables import Row

# No larger than what both databases take for an integer.
_NUMBER = re.compile(r"[0-9]{1,18}")

_LEDGER = Row.metadata.tables["ledger"]
_HEAD = Row.metadata.tables["ledger_head"]
_FINDING = Row.metadata.tables["finding"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was recorded.

    Attributes:
        where: exactly which row or file, for example ``finding/17``, ``ledger/42`` or
            ``evidence/<sha256>``.
        what: what is wrong with it, in a few words.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was checked, and what was wrong.

    Attributes:
        problems: all of them, in the order they were met; empty if everything is as recorded.
        checked: how many of each: ``ledger`` entries, ``evidence`` files, and rows by table.
        head: where the ledger ends. Kept outside the database it lets a later verification
            tell whether the ledger was cut off or written anew.
    """

    problems: tuple[Problem, ...]
    checked: Mapping[str, int]
    head: Head

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.problems


def verify(
    session: Session, store: EvidenceStore | None, known_head: Head | None = None
) -> VerificationReport:
    """Check the ledger's chain, every row it vouches for, and every evidence file.

    Use a session from ``reading``, which sees one unchanging state while others write.

    Args:
        session: reads the database; nothing is written.
        store: where the evidence lies; None leaves the files unchecked.
        known_head: the head that an earlier report gave, kept outside the database.
    """
    run = _Run(session.connection())
    run.chain(known_head)
    for vouched in VOUCHED.values():
        run.unvouched(vouched)
    run.counts(session)
    run.standings()
    if store is not None:
        run.evidence(store)
    return VerificationReport(tuple(run.problems), run.checked, run.head)


@dataclass(slots=True)
class _Run:
    """One verification with what it has found so far."""

    connection: Connection
    problems: list[Problem] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    head: Head = field(default_factory=lambda: Head(0, GENESIS))

    def chain(self, known_head: Head | None) -> None:
        """Walk the ledger from its first entry, and look at the row of every entry."""
        expected = 1
        previous = GENESIS
        self.checked["ledger"] = 0
        for page in pages(self.connection, _LEDGER, "seq"):
            entries: list[LedgerEntry] = []
            for row in page:
                if isinstance(row, Unreadable):
                    self._report(f"ledger/{row.key}", f"cannot be read: {row.why}")
                    expected, previous = row.key + 1, ""
                    continue
                entry = LedgerEntry(**row)
                self._link(entry, expected, previous)
                if known_head is not None and entry.seq == known_head.seq:
                    self._known(entry, known_head)
                expected, previous = entry.seq + 1, entry.hash
                self.checked["ledger"] += 1
                entries.append(entry)
            self._rows(entries)
        self.head = Head(expected - 1, previous)
        if known_head is not None and known_head.seq > self.head.seq:
            self._report(
                f"ledger/{known_head.seq}", f"is gone: the ledger now ends at {self.head.seq}"
            )
        self._head_row()

    def unvouched(self, vouched: Vouched) -> None:
        """Look for rows that no ledger entry vouches for."""
        table = vouched.table
        subject = literal(f"{table.name}/") + cast(table.c.id, String)
        entry = select(_LEDGER.c.seq).where(
            _LEDGER.c.kind == vouched.kind.value, _LEDGER.c.subject == subject
        )
        statement = select(table.c.id).where(~entry.exists())
        if vouched.optional:
            filled = [table.c[name].is_not(None) for name in vouched.columns if name != "id"]
            statement = statement.where(or_(*filled))
        else:
            self.checked[table.name] = count(self.connection, table)
        for (row_id,) in self.connection.execute(statement.order_by(table.c.id)):
            self._report(vouched.subject(row_id), f"has no ledger entry of kind {vouched.kind}")

    def counts(self, session: Session) -> None:
        """Hold what is counted of the findings against them."""
        self.checked[PARCEL.name] = count(self.connection, PARCEL)
        for difference in differences(session):
            reason = REASONS["counts_differ"]
            self._report(
                difference.table,
                f"{reason.meaning} in {difference.rows} row(s) ({reason.code}). {reason.advice}",
            )

    def standings(self) -> None:
        """Hold how each finding stands against what was decided about it."""
        for finding_id, kept, right in wrong_standings(self.connection):
            self._report(f"finding/{finding_id}", f"stands as {kept}, its decisions say {right}")

    def evidence(self, store: EvidenceStore) -> None:
        """Hash every file that a finding names as its evidence."""
        self.checked["evidence"] = 0
        for sha256 in self._evidence_names():
            try:
                store.read(sha256)
            except GreenPackError as error:
                if error.code not in ("evidence_missing", "evidence_changed"):
                    raise  # the whole store is away
                changed = error.code == "evidence_changed"
                self._report(
                    f"evidence/{sha256}", "was changed" if changed else error.reason.meaning
                )
            except (OSError, ValueError) as error:
                self._report(f"evidence/{sha256}", f"cannot be read: {error}")
            self.checked["evidence"] += 1

    def _evidence_names(self) -> Iterator[str]:
        name = _FINDING.c.evidence_sha256
        last = ""
        while True:
            statement = select(name).where(name > last).distinct().order_by(name).limit(500)
            names = list(self.connection.execute(statement).scalars())
            yield from names
            if not names:
                return
            last = names[-1]

    def _report(self, where: str, what: str) -> None:
        self.problems.append(Problem(where, what))

    def _link(self, entry: LedgerEntry, expected: int, previous: str) -> None:
        """Check one entry's place in the chain and its own hash."""
        where = f"ledger/{entry.seq}"
        if entry.seq != expected:
            gone = f"ledger/{expected}"
            if entry.seq - expected > 1:
                gone += f" to ledger/{entry.seq - 1}"
            self._report(gone, "is missing")
        elif previous and entry.prev_hash != previous:
            self._report(where, "does not follow from the entry before it")
        try:
            own = entry_hash(
                entry.seq, entry.at, entry.kind, entry.subject, entry.payload, entry.prev_hash
            )
        except (AttributeError, TypeError, ValueError):
            own = ""
        if own != entry.hash:
            self._report(where, "was changed: its hash is not that of its content")

    def _known(self, entry: LedgerEntry, known_head: Head) -> None:
        if entry.hash != known_head.hash:
            self._report(f"ledger/{entry.seq}", "is not the entry that was kept outside")

    def _head_row(self) -> None:
        rows = self.connection.execute(select(_HEAD.c.seq, _HEAD.c.hash)).all()
        if [tuple(row) for row in rows] == [(self.head.seq, self.head.hash)]:
            return
        if rows and isinstance(rows[0].seq, int) and rows[0].seq > self.head.seq:
            self._report(f"ledger/{rows[0].seq}", "is missing: the ledger was cut off")
        else:
            self._report("ledger_head/1", "does not name the ledger's last entry")

    def _rows(self, entries: Sequence[LedgerEntry]) -> None:
        """Compare the rows that these entries vouch for with their digests."""
        by_kind: dict[LedgerKind, list[tuple[int, LedgerEntry]]] = {}
        for entry in entries:
            if entry.kind in VOUCHED:
                kind = LedgerKind(entry.kind)
                row_id = _row_id(VOUCHED[kind].table, entry)
                if row_id is None:
                    self._report(f"ledger/{entry.seq}", "names no row")
                else:
                    by_kind.setdefault(kind, []).append((row_id, entry))
        for kind, named in by_kind.items():
            vouched = VOUCHED[kind]
            if vouched.may_change:
                last = self._last_entries(kind, {entry.subject for _, entry in named})
                self._compare(vouched, [pair for pair in named if pair[1].seq in last])
            else:
                self._compare(vouched, named)

    def _last_entries(self, kind: LedgerKind, subjects: Collection[str]) -> set[int]:
        """The places of the last entries of that kind about each of the subjects."""
        statement = (
            select(func.max(_LEDGER.c.seq))
            .where(_LEDGER.c.kind == kind.value, _LEDGER.c.subject.in_(subjects))
            .group_by(_LEDGER.c.subject)
        )
        return set(self.connection.execute(statement).scalars())

    def _compare(self, vouched: Vouched, named: Sequence[tuple[int, LedgerEntry]]) -> None:
        ids = {row_id for row_id, _ in named}
        rows = rows_by_id(self.connection, vouched.table, "id", ids)
        parts: dict[int, list[Mapping[str, object]]] = {}
        broken: dict[int, str] = {}
        if vouched.parts is not None:
            for part in rows_by_id(
                self.connection, vouched.parts, vouched.parent.name, ids, order="id"
            ):
                if isinstance(part, Unreadable):
                    broken[part.key] = part.why
                else:
                    parts.setdefault(int(str(part[vouched.parent.name])), []).append(part)
        digests: dict[int, str] = {}
        for row in rows:
            if isinstance(row, Unreadable):
                broken[row.key] = row.why
                continue
            row_id = int(str(row["id"]))
            try:
                digests[row_id] = digest(vouched, row, parts.get(row_id, []))
            except (TypeError, ValueError) as error:
                broken[row_id] = str(error)
        for row_id, entry in named:
            where = vouched.subject(row_id)
            if row_id in broken:
                self._report(where, f"cannot be read: {broken[row_id]}")
            elif row_id not in digests:
                self._report(where, f"is gone; ledger/{entry.seq} vouches for it")
            elif digests[row_id] != _digest_in(entry):
                self._report(where, f"is not what ledger/{entry.seq} ({entry.kind}) vouches for")


def _row_id(table: Table, entry: LedgerEntry) -> int | None:
    name, _, number = str(entry.subject).partition("/")
    return int(number) if name == table.name and _NUMBER.fullmatch(number) else None


def _digest_in(entry: LedgerEntry) -> object:
    try:
        payload = json.loads(entry.payload)
    except ValueError:
        return None
    return payload.get("digest") if isinstance(payload, dict) else None
