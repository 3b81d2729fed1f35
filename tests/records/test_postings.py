"""Posting: every photo once, whoever sends it how often, and nothing forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from greenpack.records import postings
from greenpack.records.database import reading, transact
from greenpack.records.ledger import head
from greenpack.records.posting_group import NewPosting, post_all
from greenpack.records.postings import Backlog, PostingState
from greenpack.records.tables import Camera
from greenpack.records.verification import verify

from . import queue
from .samples import RECEIVED, sha


def test_a_posting_comes_back_as_it_was_posted(engine: Engine) -> None:
    camera_id = queue.camera(engine)
    taken = RECEIVED - timedelta(minutes=1)

    def work(session: Session) -> tuple[postings.Posted, bool]:
        return postings.post(
            session,
            camera_id,
            sha256=sha("a"),
            size_bytes=5_000_000_000,
            source_name="嘉\udcff\x00.jpg",
            taken_at=taken,
            waybill_number="SF1",
            received_at=RECEIVED,
        )

    kept, added = transact(engine, work)
    assert added
    assert kept.camera_id == camera_id
    assert (kept.camera, kept.hub) == ("line 1", "Zhejiang/Hangzhou/North")
    assert (kept.sha256, kept.size_bytes) == (sha("a"), 5_000_000_000)
    assert kept.source_name == "嘉\\udcff\\x00.jpg"
    assert (kept.taken_at, kept.received_at) == (taken, RECEIVED)
    assert (kept.waybill_number, kept.state, kept.tries) == ("SF1", PostingState.WAITING, 0)
    assert (kept.reason, kept.detail, kept.photo_id, kept.finished_at) == (None,) * 4
    assert queue.posted(engine, kept.id) == kept
    with reading(engine) as session:
        assert postings.posted_bytes(session, camera_id, sha("a")) == kept
        assert postings.posted_bytes(session, camera_id, sha("b")) is None
        assert postings.posted_bytes(session, camera_id + 1, sha("a")) is None
        assert postings.posted(session, kept.id + 1) is None


def test_the_same_bytes_of_a_camera_are_one_posting(engine: Engine) -> None:
    first, second = queue.camera(engine), queue.camera(engine, "line 2")
    kept, _ = queue.post(engine, first, "a")
    later = RECEIVED + timedelta(hours=1)
    assert queue.post(engine, first, "a", later, "SF9") == (kept, False)
    other, added = queue.post(engine, second, "a")
    assert added
    assert other.id != kept.id


def test_the_same_bytes_that_arrive_at_once_are_one_posting(engine: Engine) -> None:
    camera_id = queue.camera(engine)
    barrier = threading.Barrier(6)
    answers: list[tuple[int, str, bool]] = []

    def work(turn: int) -> None:
        for number in range(8):
            barrier.wait(30)
            kept, added = queue.post(engine, camera_id, f"{number}")
            answers.append((kept.id, kept.sha256, added))

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 48
    assert sum(added for *_, added in answers) == 8
    assert len({(posting_id, sha256) for posting_id, sha256, _ in answers}) == 8


def test_a_group_of_postings_is_answered_one_by_one(engine: Engine) -> None:
    first, second = queue.camera(engine), queue.camera(engine, "line 2")
    known, _ = queue.post(engine, second, "known")
    named = [(second, "b"), (first, "a"), (second, "known"), (second, "a"), (first, "a")]
    group = [
        NewPosting(camera_id, sha(name), 9, name, None, None, RECEIVED) for camera_id, name in named
    ]
    answers = transact(engine, lambda session: post_all(session, group))
    assert [(kept.camera_id, kept.source_name) for kept, _ in answers] == named
    assert [added for _, added in answers] == [True, True, False, True, False]
    assert answers[2][0] == known
    assert answers[4][0] == answers[1][0]
    assert transact(engine, lambda session: post_all(session, [])) == []
    with reading(engine) as session:
        assert postings.backlog(session, RECEIVED).waiting == 4
        for camera_id in (first, second):
            assert session.get_one(Camera, camera_id).last_seen_at == RECEIVED


def test_a_posting_that_is_not_committed_is_not_there(engine: Engine) -> None:
    camera_id = queue.camera(engine)
    with Session(engine) as session:
        postings.post(
            session,
            camera_id,
            sha256=sha("a"),
            size_bytes=1,
            source_name="",
            taken_at=None,
            waybill_number=None,
            received_at=RECEIVED,
        )
    with reading(engine) as session:
        assert postings.backlog(session, RECEIVED) == Backlog(0, 0, 0, None)
        assert session.get_one(Camera, camera_id).last_seen_at is None


def test_posting_shows_that_a_camera_is_alive_and_seldom_rewrites_its_row(engine: Engine) -> None:
    camera_id = queue.camera(engine)

    def seen_at() -> object:
        with reading(engine) as session:
            return session.get_one(Camera, camera_id).last_seen_at

    queue.post(engine, camera_id, "a")
    assert seen_at() == RECEIVED
    queue.post(engine, camera_id, "b", RECEIVED + timedelta(seconds=9))
    assert seen_at() == RECEIVED
    # What is sent again shows it too.
    later = RECEIVED + timedelta(seconds=10)
    queue.post(engine, camera_id, "a", later)
    assert seen_at() == later
    # The clock was set back.
    earlier = RECEIVED - timedelta(hours=5)
    queue.post(engine, camera_id, "c", earlier)
    assert seen_at() == earlier


def test_the_ledger_takes_no_part_in_the_queue(engine: Engine) -> None:
    ids = queue.filled(engine, 2)
    with reading(engine) as session:
        before = head(session)
    queue.claim(engine)
    queue.begin(engine, ids)
    queue.fail(engine, ids[0])
    queue.release(engine, ids)
    with reading(engine) as session:
        assert head(session) == before
        report = verify(session, None)
    assert report.sound
    assert "posting" not in report.checked


def test_the_backlog_is_counted_and_its_age_told(engine: Engine) -> None:
    camera_id = queue.camera(engine)
    with reading(engine) as session:
        assert postings.backlog(session, RECEIVED) == Backlog(0, 0, 0, None)
    for number in range(5):
        queue.post(engine, camera_id, f"{number}", RECEIVED + timedelta(seconds=number))
    held = queue.claim(engine, count=2)
    queue.begin(engine, held)
    for _ in range(2):
        queue.fail(engine, held[0])
    after = RECEIVED + timedelta(seconds=90)
    with reading(engine) as session:
        assert postings.backlog(session, after) == Backlog(4, 1, 0, 90.0)
    assert queue.finish(engine, held[1])
    with reading(engine) as session:
        assert postings.backlog(session, after) == Backlog(4, 0, 0, 90.0)
        # No age is below zero, whatever the clock says.
        assert postings.backlog(session, RECEIVED - timedelta(days=1)).oldest_seconds == 0


def test_what_was_given_up_is_listed_and_can_be_tried_again(engine: Engine) -> None:
    ids = queue.filled(engine, 3)
    for turn in range(3):
        for posting_id in ids:
            at = queue.LONG_AFTER + turn * timedelta(hours=1)
            assert queue.claim(engine, "w", 1, at) == [posting_id]
            queue.begin(engine, [posting_id], at=at)
            queue.fail(engine, posting_id, at=at)
    at = queue.LONG_AFTER + timedelta(hours=9)
    with reading(engine) as session:
        listed = postings.failed(session, 2)
        assert postings.backlog(session, at) == Backlog(0, 0, 3, None)
    assert [each.id for each in listed] == [ids[2], ids[1]]
    assert {(each.state, each.tries, each.reason, each.detail) for each in listed} == {
        (PostingState.FAILED, 3, "read_failed", "x")
    }
    assert queue.claim(engine, at=at) == []

    transact(
        engine,
        lambda session: session.connection().execute(
            text("UPDATE posting SET removed_at = received_at WHERE id = :id"), {"id": ids[2]}
        ),
    )
    again = transact(engine, lambda session: postings.retry_failed(session, [ids[0], 99], at))
    assert again == 1
    kept = queue.posted(engine, ids[0])
    assert (kept.state, kept.tries, kept.reason, kept.finished_at) == (
        PostingState.WAITING,
        0,
        None,
        None,
    )
    # Whose bytes are gone cannot be tried again.
    assert transact(engine, lambda session: postings.retry_failed(session, None, at)) == 1
    assert queue.posted(engine, ids[2]).state is PostingState.FAILED
    assert queue.claim(engine, at=at) == ids[:2]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'happy'",
        "state = 'working'",
        "state = 'done'",
        "state = 'failed'",
        "state = 'done', finished_at = received_at",
        "state = 'failed', finished_at = received_at",
        "lease_until = received_at",
        "finished_at = received_at",
        "sha256 = 'abc'",
        "camera_id = 99",
        "tries = -1",
    ],
)
def test_the_database_holds_no_posting_that_makes_no_sense(engine: Engine, change: str) -> None:
    queue.filled(engine, 1)
    with pytest.raises(IntegrityError), Session(engine) as session:
        session.connection().execute(text(f"UPDATE posting SET {change}"))
