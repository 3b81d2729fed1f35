"""Claiming: a posting is one worker's at a time, and a poison photo is out of the way in time."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from greenpack.records import postings
from greenpack.records.claiming import BACK_OFF, MAX_TRIES
from greenpack.records.database import open_database, reading, transact
from greenpack.records.postings import PostingState
from greenpack.records.tables import Photo

from . import queue
from .queue import LEASE
from .recorder import FORK
from .samples import RECEIVED, sha

OVER = RECEIVED + LEASE


def test_the_oldest_are_claimed_first_and_nobody_else_gets_them(engine: Engine) -> None:
    ids = queue.filled(engine, 5)
    assert queue.claim(engine, "a", 2) == ids[:2]
    assert queue.claim(engine, "b", 2) == ids[2:4]
    assert queue.claim(engine, "c", 9) == ids[4:]
    assert queue.claim(engine, "d") == []
    with pytest.raises(ValueError, match="at least one"):
        queue.claim(engine, "d", 0)


def test_a_lease_that_is_over_is_another_workers(engine: Engine) -> None:
    ids = queue.filled(engine, 2)
    queue.claim(engine, "a")
    assert queue.claim(engine, "b", at=OVER - timedelta(microseconds=1)) == []
    renewed = transact(
        engine, lambda session: postings.renew(session, [ids[0]], "a", RECEIVED + LEASE / 2, LEASE)
    )
    assert renewed == {ids[0]}
    assert queue.claim(engine, "b", at=OVER) == [ids[1]]


def test_who_lost_a_posting_can_do_nothing_to_it(engine: Engine) -> None:
    ids = queue.filled(engine, 1)
    queue.claim(engine, "a")
    queue.begin(engine, ids, "a")
    assert queue.claim(engine, "b", at=OVER) == ids
    before = queue.posted(engine, ids[0])
    assert queue.begin(engine, ids, "a", OVER) == []
    assert transact(engine, lambda session: postings.renew(session, ids, "a", OVER, LEASE)) == set()
    queue.release(engine, ids, "a")
    assert queue.fail(engine, ids[0], "a") is PostingState.WORKING
    assert not queue.finish(engine, ids[0], "a")
    assert queue.posted(engine, ids[0]) == before
    with reading(engine) as session:
        assert session.get(Photo, 1) is None  # what came with the finish was rolled back
    assert queue.begin(engine, ids, "b", OVER) == ids
    assert queue.finish(engine, ids[0], "b", OVER)
    assert not queue.finish(engine, ids[0], "a", OVER)


def test_a_lease_that_is_over_and_nobody_took_can_still_be_finished(engine: Engine) -> None:
    ids = queue.filled(engine, 1)
    queue.claim(engine, "a")
    queue.begin(engine, ids, "a")
    assert queue.finish(engine, ids[0], "a", OVER + LEASE)
    kept = queue.posted(engine, ids[0])
    assert (kept.state, kept.finished_at) == (PostingState.DONE, OVER + LEASE)
    with reading(engine) as session:
        photo = session.get_one(Photo, kept.photo_id)
        assert photo.sha256 == kept.sha256
    # A worker that does not know whether its commit arrived may ask again.
    assert queue.finish(engine, ids[0], "a", OVER + LEASE)
    with pytest.raises(KeyError):
        transact(engine, lambda session: postings.finish(session, ids[0], "a", sha("?"), OVER))


def test_a_try_counts_from_the_moment_the_bytes_are_touched(engine: Engine) -> None:
    ids = queue.filled(engine, 3)
    queue.claim(engine)
    assert queue.begin(engine, [ids[1], 77, ids[0]]) == [ids[1], ids[0]]
    assert queue.begin(engine, [ids[0]]) == [ids[0]]
    assert [queue.posted(engine, each).tries for each in ids] == [1, 1, 0]
    # An orderly end is no failed try.
    queue.release(engine, ids)
    assert [queue.posted(engine, each).tries for each in ids] == [0, 0, 0]
    assert {queue.posted(engine, each).state for each in ids} == {PostingState.WAITING}
    assert queue.claim(engine, "b") == ids


def test_what_was_tried_before_is_claimed_alone(engine: Engine) -> None:
    ids = queue.filled(engine, 4)
    queue.claim(engine, "a", 2)
    queue.begin(engine, ids[:2], "a")  # and the worker dies
    # Until the lease is over the others are worked on.
    assert queue.claim(engine, "b", 1) == [ids[2]]
    assert queue.claim(engine, "c", 4, OVER) == [ids[0]]
    assert queue.claim(engine, "d", 4, OVER) == [ids[1]]
    queue.post(engine, queue.posted(engine, ids[0]).camera_id, "new")
    queue.begin(engine, ids[:1], "c", OVER)
    assert queue.claim(engine, "e", 4, OVER) == [*ids[2:], ids[3] + 1]


def test_a_posting_that_kills_its_workers_is_given_up_and_blocks_nobody(engine: Engine) -> None:
    ids = queue.filled(engine, 3)
    at, finished = RECEIVED, []
    for turn in range(12):
        worker = f"worker {turn}"
        held = queue.claim(engine, worker, 4, at)
        queue.begin(engine, held, worker, at)
        if ids[0] not in held:  # else the worker dies
            finished += [each for each in held if queue.finish(engine, each, worker, at)]
        at += LEASE
    assert sorted(finished) == ids[1:]
    poison = queue.posted(engine, ids[0])
    assert (poison.state, poison.tries, poison.reason) == (
        PostingState.FAILED,
        MAX_TRIES,
        "worker_died",
    )
    assert poison.detail is not None
    assert "worker " in poison.detail
    assert poison.finished_at is not None


def test_a_failed_try_waits_longer_each_time_and_the_reason_is_kept(engine: Engine) -> None:
    ids = queue.filled(engine, 1)
    at = RECEIVED
    for turn, pause in enumerate(BACK_OFF, 1):
        assert queue.claim(engine, at=at) == ids
        queue.begin(engine, ids, at=at)
        assert queue.fail(engine, ids[0], at=at) is PostingState.WAITING
        kept = queue.posted(engine, ids[0])
        assert (kept.tries, kept.reason, kept.detail) == (turn, "read_failed", "x")
        assert queue.claim(engine, at=at + pause - timedelta(seconds=1)) == []
        at += pause
    assert queue.claim(engine, at=at) == ids
    queue.begin(engine, ids, at=at)
    assert queue.fail(engine, ids[0], at=at) is PostingState.FAILED
    assert queue.posted(engine, ids[0]).reason == "read_failed"
    assert len(BACK_OFF) == MAX_TRIES - 1


def test_a_try_that_helps_forgets_the_reasons_of_those_before(engine: Engine) -> None:
    ids = queue.filled(engine, 1)
    queue.claim(engine)
    queue.fail(engine, ids[0])
    assert queue.posted(engine, ids[0]).tries == 1  # counted although it was never begun
    queue.claim(engine, at=queue.LONG_AFTER)
    queue.begin(engine, ids, at=queue.LONG_AFTER)
    assert queue.finish(engine, ids[0])
    kept = queue.posted(engine, ids[0])
    assert (kept.tries, kept.reason, kept.detail) == (2, None, None)


def test_failing_needs_a_reason_that_is_known_and_a_posting_that_is_there(engine: Engine) -> None:
    (posting_id,) = queue.filled(engine, 1)

    def fail(reason: str, number: int) -> None:
        transact(
            engine,
            lambda session: postings.fail_try(session, number, "w", reason, "", RECEIVED),
        )

    with pytest.raises(ValueError, match="no reason code"):
        fail("because", posting_id)
    with pytest.raises(KeyError):
        fail("read_failed", 77)


def test_a_clock_that_was_set_back_leaves_nothing_lying(engine: Engine) -> None:
    ids = queue.filled(engine, 2)
    queue.claim(engine, "a", 1)
    queue.begin(engine, ids[:1], "a")
    queue.fail(engine, ids[0], "a")
    assert queue.claim(engine, "a", 1) == [ids[1]]  # and the worker dies
    # By the new clock the pause and the lease end in a day.
    back = RECEIVED - timedelta(days=1)
    assert queue.claim(engine, "b", 4, back) == [ids[0]]
    assert queue.claim(engine, "c", 4, back) == [ids[1]]


def test_a_claim_that_is_not_committed_holds_nothing(engine: Engine) -> None:
    ids = queue.filled(engine, 2)
    with Session(engine) as session:
        postings.claim(session, "a", 2, RECEIVED, LEASE)
    assert queue.claim(engine, "b") == ids


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_on_postgresql_a_claim_waits_for_no_other(engine: Engine) -> None:
    ids = queue.filled(engine, 4)
    with Session(engine) as first, Session(engine) as second:
        for session in (first, second):
            session.connection().execute(text("SET LOCAL lock_timeout = '1s'"))
        held = postings.claim(first, "a", 2, RECEIVED, LEASE)
        others = postings.claim(second, "b", 4, RECEIVED, LEASE)
        first.commit()
        second.commit()
    assert [each.id for each in held] == ids[:2]
    assert [each.id for each in others] == ids[2:]


POSTED = 60


def _work(url: str, name: str, answers: object) -> None:
    """Claim until nothing is left, from two threads of one process."""
    engine = open_database(url)
    taken: list[tuple[str, int, bool]] = []

    def work(worker: str) -> None:
        while held := queue.claim(engine, worker, 3):
            begun = queue.begin(engine, held, worker)
            taken.extend((worker, each, queue.finish(engine, each, worker)) for each in begun)

    threads = [threading.Thread(target=work, args=(f"{name}{turn}",)) for turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    engine.dispose()
    answers.put(taken)  # type: ignore[attr-defined]


def test_workers_that_claim_at_once_never_get_the_same_posting(database_url: str) -> None:
    engine = open_database(database_url)
    ids = queue.filled(engine, POSTED)
    engine.dispose()
    answers = FORK.Queue()
    workers = [
        FORK.Process(target=_work, args=(database_url, f"process {turn} ", answers))
        for turn in range(3)
    ]
    for worker in workers:
        worker.start()
    taken = [each for _ in workers for each in answers.get(timeout=60)]
    for worker in workers:
        worker.join(60)
    assert Counter(posting_id for _, posting_id, _ in taken) == Counter(ids)
    assert all(finished for *_, finished in taken)
    assert len({worker for worker, *_ in taken}) > 1
    engine = open_database(database_url)
    with reading(engine) as session:
        assert postings.backlog(session, RECEIVED) == postings.Backlog(0, 0, 0, None)
    engine.dispose()
