"""Opening, migrating and reaching databases."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records import database
from greenpack.records.columns import UtcDateTime
from greenpack.records.database import REVISION, open_database, reading, transact
from greenpack.records.migrating import configuration
from greenpack.records.tables import Row

from .recorder import FORK
from .samples import database_file


def test_the_migrations_make_exactly_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
        found = inspect(connection)
        for name, table in Row.metadata.tables.items():
            checks = {check["name"] for check in found.get_check_constraints(name)}
            assert checks == {
                constraint.name
                for constraint in table.constraints
                if type(constraint).__name__ == "CheckConstraint"
            }


def test_the_migrated_words_are_the_vocabularies(engine: Engine) -> None:
    def words(sql: str) -> set[str]:
        return set(sql.split("'")[1::2])

    with engine.connect() as connection:
        for name, table in Row.metadata.tables.items():
            for check in inspect(connection).get_check_constraints(name):
                (stated,) = (
                    str(constraint.sqltext)  # type: ignore[attr-defined]
                    for constraint in table.constraints
                    if constraint.name == check["name"]
                )
                assert words(check["sqltext"]) == words(stated)


def test_every_column_has_a_comment_and_postgresql_shows_it(engine: Engine) -> None:
    for table in Row.metadata.tables.values():
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name} has no comment"
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            for column in inspect(connection).get_columns("finding"):
                assert column["comment"] == Row.metadata.tables["finding"].c[column["name"]].comment


def test_the_newest_migration_is_the_one_that_opening_looks_for() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == REVISION


def test_a_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    engine = open_database(database_url)
    with Session(engine) as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    engine.dispose()
    with pytest.raises(GreenPackError) as refused:
        open_database(database_url)
    assert refused.value.code == "database_newer"
    assert "9999" in str(refused.value)


def _open(url: str, barrier: object, answers: object) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    engine = open_database(url)
    with engine.connect() as connection:
        answers.put(connection.execute(text("SELECT seq FROM ledger_head")).scalar_one())  # type: ignore[attr-defined]


def test_processes_that_start_at_once_on_a_new_database_all_work(empty_database_url: str) -> None:
    barrier, answers = FORK.Barrier(4), FORK.Queue()
    processes = [
        FORK.Process(target=_open, args=(empty_database_url, barrier, answers)) for _ in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    assert [answers.get(timeout=5) for _ in processes] == [0] * 4


def test_threads_that_open_a_new_database_at_once_all_work(empty_database_url: str) -> None:
    failures: list[Exception] = []

    def work() -> None:
        try:
            open_database(empty_database_url).dispose()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_a_path_is_enough_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "a % b" / "c" / "records.db"
    engine = open_database(str(path))
    with engine.connect() as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("busy_timeout", 30_000),
        ):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    assert path.exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hunter2@127.0.0.1:1/none",
        "postgres://user:hunter2@127.0.0.1:1/none",
        "postgresql+psycopg://user@127.0.0.1:1/none?password=hunter2",
        "postgresql://user:hun@ter2@127.0.0.1:1/none",
        "postgresql://user:x@127.0.0.1:hunter2/none",
        "mysql://user:hunter2@localhost/none",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_unreachable_database_is_named_without_its_password(url: str) -> None:
    with pytest.raises(GreenPackError) as refused:
        open_database(url)
    assert refused.value.code == "database_unreachable"
    shown = str(refused.value)
    assert "hunter2" not in shown
    assert "ter2" not in shown
    assert refused.value.__cause__ is None


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("these are not the bytes of a database, by far not " * 50)
    for path in (tmp_path, tmp_path / "file", tmp_path / "file" / "records.db"):
        with pytest.raises(GreenPackError) as refused:
            open_database(str(path))
        assert refused.value.code == "database_unreachable"
    assert (tmp_path / "file").read_text().startswith("these")


def test_a_wrong_password_or_database_is_told(postgres_server, database_url: str) -> None:  # type: ignore[no-untyped-def]
    if not database_url.startswith("postgresql"):
        return
    with pytest.raises(GreenPackError, match="does not exist"):
        open_database(postgres_server.url("nowhere"))


def test_a_naive_time_never_reaches_the_database() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001
    assert UtcDateTime().process_bind_param(None, None) is None  # type: ignore[arg-type]


def test_a_row_that_another_wrote_first_is_tried_again(engine: Engine) -> None:
    tries = []

    def work(session: Session) -> int:
        tries.append(1)
        if len(tries) < 3:
            session.connection().execute(text("INSERT INTO camera (hub_id, name) VALUES (7, 'x')"))
        return len(tries)

    assert transact(engine, work) == 3
    tries.clear()

    def never(session: Session) -> None:
        session.connection().execute(text("INSERT INTO camera (hub_id, name) VALUES (7, 'x')"))

    with pytest.raises(IntegrityError):
        transact(engine, never)


def test_a_writer_that_stays_in_the_way_is_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    first, second = open_database(database_url), open_database(database_url)
    with Session(first) as holder:
        holder.connection().execute(text("SELECT seq FROM ledger_head FOR UPDATE")) if (
            first.dialect.name == "postgresql"
        ) else holder.connection()

        def work(session: Session) -> None:
            if second.dialect.name == "postgresql":
                session.connection().execute(text("SET LOCAL lock_timeout = '50ms'"))
            session.connection().execute(text("UPDATE ledger_head SET seq = seq"))

        with pytest.raises(GreenPackError) as busy:
            transact(second, work)
        assert busy.value.code == "database_busy"
    transact(second, work)
    first.dispose()
    second.dispose()


def test_another_failure_is_not_tried_again(engine: Engine) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        raise OperationalError("x", None, Exception("disk full"))

    with pytest.raises(OperationalError):
        transact(engine, work)
    assert tries == [1]


def test_a_table_of_the_ledger_cannot_be_changed(engine: Engine) -> None:
    for table, acts in {
        "ledger": ("UPDATE ledger SET kind = 'x'", "DELETE FROM ledger"),
        "decision": ("UPDATE decision SET note = 'x'", "DELETE FROM decision"),
        "ledger_head": ("DELETE FROM ledger_head",),
    }.items():
        truncate = (f"TRUNCATE {table} CASCADE",) if engine.dialect.name == "postgresql" else ()
        with Session(engine) as session:
            if table == "ledger":
                session.connection().execute(
                    text(
                        "INSERT INTO ledger VALUES (1, '2026-11-23 00:00:00+00', 'x', 'x', '{}', "
                        f"'{'0' * 64}', '{'1' * 64}')"
                    )
                )
                session.commit()
            elif table == "decision":
                _foreign_decision(session)
        for act in (*acts, *truncate):
            with pytest.raises(IntegrityError, match="append-only"), Session(engine) as session:
                session.connection().execute(text(act))


def _foreign_decision(session: Session) -> None:
    from greenpack.records.forms import DecisionKind
    from greenpack.records.recording import decide
    from greenpack.rules.verdict import Verdict

    from .samples import audit

    session.connection().execute(text("UPDATE ledger_head SET seq = 1"))
    _, (finding,) = audit(session, "a", {"void": Verdict.VIOLATION})
    decide(session, finding.id or 0, DecisionKind.FINED, "Li")
    session.commit()


def test_importing_is_quick_enough_and_brings_no_alembic() -> None:
    code = (
        "import sys; import greenpack.records.database; "
        "print([name for name in ('alembic', 'cv2', 'torch', 'streamlit') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_reading_sees_one_state_while_others_write(engine: Engine) -> None:
    with reading(engine) as session:
        query = text("SELECT count(*) FROM platform")
        assert session.connection().execute(query).scalar_one() == 0
        with Session(engine) as writer:
            writer.connection().execute(text("INSERT INTO platform (name) VALUES ('x')"))
            writer.commit()
        assert session.connection().execute(query).scalar_one() == 0


def test_a_sqlite_file_that_switches_late_to_write_ahead_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    path = tmp_path / "records.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE x (y)")
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with pytest.raises(GreenPackError) as refused:
        open_database(f"sqlite:///{path}")
    assert refused.value.code == "database_unreachable"
    assert "locked" in str(refused.value)
    holder.rollback()
    open_database(f"sqlite:///{path}").dispose()
    assert database_file(f"sqlite:///{path}").exists()
