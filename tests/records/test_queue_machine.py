"""Any order of posts, claims, deaths, failures and clocks: the queue does what its rules say.

The model beside it is the rules written down once more, in the plainest way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlmodel import col, select

from greenpack.records import postings
from greenpack.records.claiming import BACK_OFF, MAX_TRIES
from greenpack.records.database import reading, transact
from greenpack.records.posting_tables import Posting
from greenpack.records.postings import PostingState

from . import queue
from .queue import LEASE
from .samples import RECEIVED

WORKERS = st.sampled_from(["a", "b", "c"])
SECONDS = st.sampled_from([0, 1, 9, 10, 30, 59, 60, 61, 300])


@dataclass
class Expected:
    """A posting as the rules have it."""

    state: PostingState = PostingState.WAITING
    worker: str | None = None
    until: datetime | None = None
    begun: bool = False
    tries: int = 0
    not_before: datetime | None = None
    reason: str | None = None


class Queue(RuleBasedStateMachine):
    """The queue beside its model."""

    engine: Engine
    camera_id: int

    def __init__(self) -> None:
        super().__init__()
        transact(
            self.engine, lambda session: session.connection().execute(text("DELETE FROM posting"))
        )
        self.now = RECEIVED
        self.model: dict[int, Expected] = {}
        self.judged: set[int] = set()
        self.names = 0

    def _held_by(self, worker: str) -> list[int]:
        return [
            posting_id
            for posting_id, each in self.model.items()
            if each.state is PostingState.WORKING and each.worker == worker
        ]

    @rule()
    def post(self) -> None:
        self.names += 1
        kept, added = queue.post(self.engine, self.camera_id, f"{self.names}", self.now)
        assert added
        self.model[kept.id] = Expected()

    @precondition(lambda self: self.names)
    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, self.names))
        kept, added = queue.post(self.engine, self.camera_id, f"{number}", self.now)
        assert not added
        assert kept.id == sorted(self.model)[number - 1]

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(worker=WORKERS, count=st.integers(1, 3))
    def claim(self, worker: str, count: int) -> None:
        def is_free(each: Expected) -> bool:
            if each.state is PostingState.WORKING:
                return each.until is not None and each.until <= self.now
            paused = each.not_before is not None and each.not_before > self.now
            return each.state is PostingState.WAITING and not paused

        # One that was worn out by deaths is given up as soon as a claim comes upon it.
        while True:
            free = [key for key in sorted(self.model) if is_free(self.model[key])][:count]
            worn = [key for key in free if self.model[key].tries >= MAX_TRIES]
            if not worn:
                break
            for key in worn:
                self.model[key].state = PostingState.FAILED
                self.model[key].until = None
                self.model[key].reason = "worker_died"
        if free and self.model[free[0]].tries:
            free = free[:1]
        else:
            free = [key for key in free if not self.model[key].tries]
        for key in free:
            each = self.model[key]
            each.state, each.worker, each.until = PostingState.WORKING, worker, self.now + LEASE
            each.begun, each.not_before = False, None
        assert queue.claim(self.engine, worker, count, self.now) == free

    @rule(worker=WORKERS, data=st.data())
    def begin(self, worker: str, data: st.DataObject) -> None:
        ids = data.draw(st.permutations(sorted(self.model)))
        held = [key for key in ids if key in self._held_by(worker)]
        assert queue.begin(self.engine, ids, worker, self.now) == held
        for key in held:
            each = self.model[key]
            each.tries += not each.begun
            each.begun, each.until = True, self.now + LEASE

    @rule(worker=WORKERS)
    def renew(self, worker: str) -> None:
        held = self._held_by(worker)
        renewed = transact(
            self.engine,
            lambda session: postings.renew(session, self.model, worker, self.now, LEASE),
        )
        assert renewed == set(held)
        for key in held:
            self.model[key].until = self.now + LEASE

    @rule(worker=WORKERS)
    def release(self, worker: str) -> None:
        queue.release(self.engine, list(self.model), worker)
        for key in self._held_by(worker):
            each = self.model[key]
            each.state, each.until = PostingState.WAITING, None
            each.tries -= each.begun
            each.begun = False

    @precondition(lambda self: self.model)
    @rule(worker=WORKERS, data=st.data())
    def finish(self, worker: str, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model)))
        each = self.model[key]
        is_held = key in self._held_by(worker)
        was_its_own = each.state is PostingState.DONE and each.worker == worker
        assert queue.finish(self.engine, key, worker, self.now) == (is_held or was_its_own)
        if is_held:
            assert key not in self.judged
            self.judged.add(key)
            each.state, each.until, each.reason = PostingState.DONE, None, None

    @precondition(lambda self: self.model)
    @rule(worker=WORKERS, data=st.data())
    def fail(self, worker: str, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model)))
        each = self.model[key]
        if key in self._held_by(worker):
            each.tries += not each.begun
            each.until, each.reason = None, "read_failed"
            if each.tries >= MAX_TRIES:
                each.state = PostingState.FAILED
            else:
                each.state, each.begun = PostingState.WAITING, False
                each.not_before = self.now + BACK_OFF[each.tries - 1]
        assert queue.fail(self.engine, key, worker, self.now) is each.state

    @rule()
    def retry(self) -> None:
        waiting = transact(
            self.engine, lambda session: postings.retry_failed(session, None, self.now)
        )
        again = [each for each in self.model.values() if each.state is PostingState.FAILED]
        assert waiting == len(again)
        for each in again:
            each.state, each.tries, each.begun = PostingState.WAITING, 0, False
            each.not_before, each.reason = self.now, None

    @invariant()
    def is_as_the_rules_have_it(self) -> None:
        with reading(self.engine) as session:
            rows = session.exec(select(Posting).order_by(col(Posting.id))).all()
            depth = postings.backlog(session, self.now)
        assert [row.id for row in rows] == sorted(self.model)  # none is ever lost
        for row, each in zip(rows, (self.model[key] for key in sorted(self.model)), strict=True):
            assert (row.state, row.tries, row.reason) == (each.state, each.tries, each.reason)
            assert row.lease_until == each.until
            assert (row.photo_id is not None) == (each.state is PostingState.DONE)
            if each.state is PostingState.WORKING:
                assert row.worker == each.worker
        states = [each.state for each in self.model.values()]
        assert (depth.waiting, depth.working, depth.failed) == tuple(
            states.count(state)
            for state in (PostingState.WAITING, PostingState.WORKING, PostingState.FAILED)
        )


def test_whatever_happens_the_queue_keeps_its_rules(engine: Engine) -> None:
    camera = queue.camera(engine)

    class OnThisDatabase(Queue):
        pass

    OnThisDatabase.engine, OnThisDatabase.camera_id = engine, camera
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
