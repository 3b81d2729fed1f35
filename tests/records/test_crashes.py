"""Killed at any moment, a photo is recorded whole or not at all; two at once count once."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.verification import verify
from greenpack.rules.verdict import Verdict

from .recorder import FORK, RULES, Recorder, record_all
from .samples import audit

LAST = 399


def number(session: Session, table: str) -> int:
    return int(session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def is_whole(url: str, folder: Path) -> int:
    """Check that every photo has all that belongs to it; return how many there are."""
    engine = open_database(url)
    with reading(engine) as session:
        report = verify(session, EvidenceStore(folder))
        assert report.problems == ()
        photos = number(session, "photo")
        assert number(session, "measurement") == photos
        assert number(session, "quantity") == 2 * photos
        # Two photos of a parcel say the same, so the second one finds its findings there.
        assert number(session, "finding") == len(RULES) * ((photos + 1) // 2)
        assert number(session, "waybill") == (photos + 1) // 2
        assert number(session, "sender") == number(session, "hub") == 1
    engine.dispose()
    return photos


def test_a_program_killed_at_any_moment_leaves_whole_photos(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(20261123)
    folder = tmp_path / "evidence"
    recorded = 0
    for _ in range(10):
        recorder = Recorder(database_url, folder, max(0, recorded - 3), LAST)
        # It first meets photos that are there already; it is killed in the midst of new ones.
        for line in iter(recorder.told.readline, ""):
            if int(line) >= recorded + 2:
                break
        time.sleep(chance.uniform(0, 0.03))
        safe = recorder.kill()
        now = is_whole(database_url, folder)
        assert now >= max([recorded + 3, *(last + 1 for last in safe)])
        recorded = now
    assert recorded < LAST
    record_all(database_url, str(folder), 0, recorded + 4)
    assert is_whole(database_url, folder) == recorded + 5


def test_two_programs_at_once_record_everything_once(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    programs = [
        FORK.Process(target=record_all, args=(database_url, str(folder), 0, 39)) for _ in range(2)
    ]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert [program.exitcode for program in programs] == [0, 0]
    assert is_whole(database_url, folder) == 40


def test_threads_that_judge_one_photo_at_once_leave_one_current_finding(
    database_url: str,
) -> None:
    engine = open_database(database_url)
    failures: list[BaseException] = []

    def work(verdict: Verdict) -> None:
        try:
            for low in (0.5, 0.6, 0.7):
                transact(
                    engine, lambda session, low=low: audit(session, "a", {"void": verdict}, low=low)
                )
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(verdict,)) for verdict in Verdict]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with reading(engine) as session:
        current = text("SELECT count(*) FROM finding WHERE superseded_by IS NULL")
        assert session.connection().execute(current).scalar_one() == 1
        assert number(session, "photo") == number(session, "measurement") == 1
        assert verify(session, None).sound
    engine.dispose()


@pytest.mark.postgres
def test_a_server_that_was_restarted_is_found_again(database_url: str) -> None:
    engine = open_database(database_url)
    transact(engine, lambda session: audit(session, "a", {"void": Verdict.VIOLATION}))
    if engine.dialect.name == "postgresql":
        with open_database(database_url).connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    transact(engine, lambda session: audit(session, "b", {"void": Verdict.VIOLATION}))
    with reading(engine) as session:
        assert number(session, "photo") == 2
    engine.dispose()
