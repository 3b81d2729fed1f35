"""Verification names whatever was changed behind the program's back."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Float, Integer, text
from sqlalchemy.types import BigInteger, Boolean, Date, TypeEngine
from sqlmodel import Session

from greenpack.records import paging
from greenpack.records.columns import UtcDateTime
from greenpack.records.database import reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.ledger import Head, append, entry_hash, head
from greenpack.records.roll_ups import PARCEL, PROFILE, ROLL_UPS, UNMEASURED
from greenpack.records.tables import Row
from greenpack.records.verification import VerificationReport, verify
from greenpack.rules.verdict import Verdict

from .conftest import Filled
from .samples import EVIDENCE, a_bit_of_everything, audit, sha

_LEDGER = Row.metadata.tables["ledger"]

# What vouches for the rows of a table whose rows are part of others.
WHOLE = {"quantity": "measurement", "declared_item": "waybill"}

# What is counted from the findings and checked against them: tests/records/test_counting.py.
COUNTED_TABLES = {
    *(PROFILE.name, PARCEL.name, UNMEASURED.name),
    *(roll_up.table.name for roll_up in ROLL_UPS),
}
# What is no evidence: the queue, and when a camera was last seen.
CHANGING_TABLES = {
    "posting",
    "sign_in_session",
    "upload_batch",
    "upload_file",
    *COUNTED_TABLES,
}
CHANGING_COLUMNS = {
    ("camera", "last_seen_at"),
    ("user_account", "failed_tries"),
    ("user_account", "failed_since"),
    ("user_account", "locked_until"),
}


def check(
    engine: Engine, store: EvidenceStore | None = None, known: Head | None = None
) -> VerificationReport:
    with reading(engine) as session:
        return verify(session, store, known)


def where(report: VerificationReport) -> list[str]:
    return [problem.where for problem in report.problems]


@contextmanager
def behind_the_back(engine: Engine) -> Iterator[Connection]:
    """A connection of somebody who may do anything, and does: no triggers, keys or constraints."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA ignore_check_constraints = ON")
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).scalars()
            for name in list(names):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            checks = connection.exec_driver_sql(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' "
                "AND connamespace = 'public'::regnamespace"
            ).all()
            for table, name in checks:
                connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield connection
        connection.commit()


def test_what_nobody_touched_is_sound(engine: Engine, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    picture = store.put(b"picture")

    def work(session: Session) -> None:
        a_bit_of_everything(session)
        audit(session, "e.jpg", {"void": Verdict.VIOLATION}, "SF77", evidence=picture)

    transact(engine, work)
    report = check(engine, store)
    assert where(report) == [f"evidence/{EVIDENCE}"]
    (tmp_path / "evidence").rename(tmp_path / "moved")
    assert len(where(check(engine, store))) == 2
    report = check(engine)
    assert report.sound
    assert report.checked == {
        "ledger": report.head.seq,
        "platform": 1,
        "sender": 2,
        "province": 1,
        "municipality": 2,
        "hub": 2,
        "camera": 2,
        "camera_token": 1,
        "waybill": 4,
        "photo": 5,
        "measurement": 4,
        "finding": 5,
        "judged_parcel": 3,
        "camera_calibration": 1,
        "camera_verification": 1,
        "decision": 1,
        "compliance_case": 1,
        "case_event": 1,
        "user_account": 1,
    }
    with reading(engine) as session:
        assert report.head == head(session)


def other_value(kind: TypeEngine[object], value: object) -> object:
    """The smallest change of a value that the column can hold."""
    if isinstance(kind, UtcDateTime | Date):
        step = timedelta(microseconds=1) if isinstance(kind, UtcDateTime) else timedelta(days=1)
        return (value or datetime(2020, 1, 1, tzinfo=UTC)) + step  # type: ignore[operator]
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Float):
        return 0.123 if value is None else math.nextafter(float(str(value)), math.inf)
    if isinstance(kind, Integer | BigInteger):
        return 1 if value is None else int(str(value)) + 1000
    content = str(value or "")
    return chr(ord(content[0]) ^ 1) + content[1:] if content else "x"


def test_a_change_of_any_column_of_any_row_is_named(filled: Filled) -> None:
    engine = filled(a_bit_of_everything)
    report = check(engine)
    assert report.sound
    last = report.head.seq
    missed = []
    with behind_the_back(engine) as connection:
        for table in Row.metadata.sorted_tables:
            if table.name in CHANGING_TABLES:
                continue
            key = "seq" if table.name == "ledger" else "id"
            for column in table.columns:
                rows = connection.execute(table.select().order_by(table.c[key])).mappings().all()
                row = next((row for row in reversed(rows) if row[column.name] is not None), None)
                row = row or rows[-1]  # where all are NULL, one is filled
                connection.execute(
                    table.update()
                    .where(table.c[key] == row[key])
                    .values({column.name: other_value(column.type, row[column.name])})
                )
                with Session(connection) as session:
                    named = set(where(verify(session, None)))
                whole = WHOLE.get(table.name, table.name)
                owner = row[f"{whole}_id"] if whole != table.name else row[key]
                if (table.name, column.name) in CHANGING_COLUMNS:
                    assert not named
                elif not {f"{whole}/{owner}", f"{whole}/{owner} to {whole}/{owner + 999}"} & named:
                    missed.append((table.name, column.name, named))
                new_key = row[key] + 1000 if column.name == key else row[key]
                connection.execute(
                    table.update()
                    .where(table.c[key] == new_key)
                    .values({column.name: row[column.name]})
                )
        with Session(connection) as session:
            assert verify(session, None).sound
    # A head that names another end than the ledger has reads as a ledger cut off.
    assert [miss[:2] for miss in missed] == [("ledger_head", "id"), ("ledger_head", "seq")]
    assert missed[1][-1] == {f"ledger/{last + 1000}"}


@pytest.mark.parametrize(
    "table",
    [
        name
        for name in Row.metadata.tables
        if name not in {"ledger", "ledger_head"} | CHANGING_TABLES
    ],
)
def test_a_removed_row_is_named(filled: Filled, table: str) -> None:
    engine = filled(a_bit_of_everything)
    whole = WHOLE.get(table, table)
    with behind_the_back(engine) as connection:
        row = (
            connection.execute(text(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1"))
            .mappings()
            .one()
        )
        connection.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": row["id"]})
    assert f"{whole}/{row[f'{whole}_id'] if whole != table else row['id']}" in where(check(engine))


@pytest.mark.parametrize("table", ["photo", "measurement", "finding", "decision", "sender"])
def test_an_added_row_is_named(filled: Filled, table: str) -> None:
    engine = filled(a_bit_of_everything)
    with behind_the_back(engine) as connection:
        row = dict(connection.execute(text(f"SELECT * FROM {table} LIMIT 1")).mappings().one())
        row["id"] = 1000
        for unique in ("sha256", "settings_sha256", "code"):
            if unique in row:
                row[unique] = sha("new")
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    assert f"{table}/1000" in where(check(engine))


def _remove_first(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM ledger WHERE seq = 1")


def _remove_some(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM ledger WHERE seq IN (5, 6, 7)")


def _remove_last(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")


def _swap(connection: Connection) -> None:
    for old, new in ((4, -4), (5, 4), (-4, 5)):
        connection.exec_driver_sql(f"UPDATE ledger SET seq = {new} WHERE seq = {old}")


def _no_head(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM ledger_head")


def _everything(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM ledger")


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (_remove_first, "ledger/1"),
        (_remove_some, "ledger/5 to ledger/7"),
        (_remove_last, "ledger/{last}"),
        (_swap, "ledger/4"),
        (_no_head, "ledger_head/1"),
        (_everything, "ledger/{last}"),
    ],
)
def test_a_damaged_chain_is_named(
    filled: Filled, tamper: Callable[[Connection], None], first: str
) -> None:
    engine = filled(a_bit_of_everything)
    last = check(engine).head.seq
    with behind_the_back(engine) as connection:
        tamper(connection)
    assert where(check(engine))[0] == first.format(last=last)


def test_only_a_head_kept_outside_finds_a_ledger_cut_off_with_care(filled: Filled) -> None:
    engine = filled(a_bit_of_everything)
    transact(engine, lambda session: append(session, "export", "case/1", {}))
    known = check(engine).head
    with behind_the_back(engine) as connection:
        _remove_last(connection)
        connection.exec_driver_sql(
            "UPDATE ledger_head SET seq = seq - 1, hash = "
            f"(SELECT hash FROM ledger WHERE seq = {known.seq - 1})"
        )
    assert check(engine).sound
    assert where(check(engine, known=known)) == [f"ledger/{known.seq}"]
    transact(engine, lambda session: append(session, "export", "case/2", {}))
    assert check(engine).sound
    assert where(check(engine, known=known)) == [f"ledger/{known.seq}"]
    assert check(engine, known=Head(0, "0" * 64)).sound


def test_a_forged_entry_that_fits_its_own_hash_is_named_by_the_next(filled: Filled) -> None:
    engine = filled(a_bit_of_everything)
    with behind_the_back(engine) as connection:
        row = connection.execute(
            _LEDGER.select().where(_LEDGER.c.kind == "platform").limit(1)
        ).one()
        forged = entry_hash(row.seq, row.at, row.kind, "platform/9", row.payload, row.prev_hash)
        connection.execute(
            text("UPDATE ledger SET subject = 'platform/9', hash = :hash WHERE seq = :seq"),
            {"hash": forged, "seq": row.seq},
        )
    named = where(check(engine))
    assert f"ledger/{row.seq + 1}" in named
    assert "platform/9" in named


@pytest.mark.parametrize(
    ("payload", "subject"),
    [
        ("{}", "photo/1"),
        ("[1]", "photo/1"),
        ("no json", "photo/1"),
        ('{"digest":1}', "photo/x"),
        ("{}", "elsewhere/1"),
        ("{}", "photo/" + "9" * 40),
    ],
)
def test_entries_that_make_no_sense_do_not_stop_the_check(
    filled: Filled, payload: str, subject: str
) -> None:
    engine = filled(a_bit_of_everything)
    with behind_the_back(engine) as connection:
        connection.execute(
            text("UPDATE ledger SET payload = :payload, subject = :subject WHERE kind = 'photo'"),
            {"payload": payload, "subject": subject},
        )
    assert len(where(check(engine))) >= 5


def test_values_that_no_column_holds_do_not_stop_the_check(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 3)
    engine = filled(a_bit_of_everything)
    sqlite = engine.dialect.name == "sqlite"
    never = "'no time'" if sqlite else "'infinity'"
    with behind_the_back(engine) as connection:
        connection.exec_driver_sql(f"UPDATE finding SET created_at = {never} WHERE id = 2")
        connection.exec_driver_sql(f"UPDATE photo SET received_at = {never} WHERE id = 1")
        connection.exec_driver_sql(f"UPDATE ledger SET at = {never} WHERE seq = 3")
        if sqlite:
            connection.exec_driver_sql("UPDATE quantity SET low = x'ff00' WHERE id = 1")
            connection.exec_driver_sql("UPDATE ledger SET kind = x'ff' WHERE seq = 4")
            connection.exec_driver_sql("UPDATE ledger SET subject = x'ff' WHERE seq = 5")
            connection.exec_driver_sql(
                "UPDATE declared_item SET name = CAST(x'ff' AS TEXT) WHERE id = 1"
            )
    report = check(engine)
    named = where(report)
    assert {"finding/2", "photo/1", "ledger/3"} <= set(named)
    assert ("ledger/4" in named, "ledger/5" in named) == (sqlite, sqlite)
    assert ("measurement/1" in named, "waybill/1" in named) == (sqlite, sqlite)
    assert "finding/1" not in named
    assert any("cannot be read" in problem.what for problem in report.problems)


def test_evidence_that_is_gone_or_changed_is_named(engine: Engine, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    pictures = [store.put(f"picture {number}".encode()) for number in range(4)]
    for number, picture in enumerate(pictures):
        transact(
            engine,
            lambda session, number=number, picture=picture: audit(
                session, f"{number}", {"void": Verdict.VIOLATION}, evidence=picture
            ),
        )
    assert check(engine, store).sound
    assert check(engine, store).checked["evidence"] == 4
    Path(store.place(pictures[0])).unlink()
    Path(store.place(pictures[1])).write_bytes(b"another picture")
    with behind_the_back(engine) as connection:
        connection.exec_driver_sql(
            "UPDATE finding SET evidence_sha256 = '../../x' "
            f"WHERE evidence_sha256 = '{pictures[2]}'"
        )
    named = {problem.where: problem.what for problem in check(engine, store).problems}
    assert "not where it should be" in named[f"evidence/{pictures[0]}"]
    assert named[f"evidence/{pictures[1]}"] == "was changed"
    assert "cannot be read" in named["evidence/../../x"]
    assert f"evidence/{pictures[3]}" not in named


def test_the_check_needs_no_more_memory_for_more_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 10)

    def fill(start: int, end: int) -> None:
        def work(session: Session) -> None:
            for number in range(start, end):
                audit(session, f"{number}", {"void": Verdict.VIOLATION})

        transact(engine, work)

    def peak() -> int:
        tracemalloc.start()
        assert check(engine).sound
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    fill(0, 60)
    check(engine)
    small = peak()
    fill(60, 240)
    assert peak() < 2 * small  # for four times as much
