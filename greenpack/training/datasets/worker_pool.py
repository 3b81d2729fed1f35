"""Works through numbered jobs in processes that may crash or hang.

Blender draws in C: a bad scene can end the whole process, or never come back. So each job runs in
a process of its own kind, one after another; a dead process is replaced, a hanging one is killed,
and what cannot be done is left out and named.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from greenpack.training.refusals import RefusedError

Job = Callable[[int], None]

MOST_CRASHES = 2
"""A job that ended this many processes is left out."""
JOBS_A_PROCESS = 200
"""A process is replaced after so many jobs: whatever Blender leaks is given back."""
_LOOK_EVERY_S = 0.5
_PATIENCE_S = 5.0
_START_S = 120.0
_READY = None


@dataclass(frozen=True)
class Skipped:
    """A job that was left out, and why."""

    number: int
    reason: str


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    seat: int
    jobs: int = 0
    number: int | None = None
    since: float = 0.0
    ready: bool = False


@dataclass
class Pool:
    """Works through jobs; `done` and `skipped` fill as it goes.

    Args:
        job: Does one job, given its number; must be picklable, since processes start afresh.
        workers: How many processes, at least 1.
        limit: Seconds a job may take; then its process is killed and the job left out.
    """

    job: Job
    workers: int
    limit: float
    done: list[int] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _live: list[_Worker] = field(default_factory=list)
    _crashes: Counter[int] = field(default_factory=Counter)

    def work(self, numbers: Sequence[int], tell: Callable[[Pool], None]) -> None:
        """Do all jobs; calls `tell` about twice a second and after each job.

        Raises:
            RefusedError: if the processes lack a package, so that no job can succeed.
        """
        waiting = deque(numbers)
        try:
            while waiting or any(w.number is not None for w in self._live):
                self._hand_out(waiting)
                busy = {w.connection: w for w in self._live if w.number is not None}
                for ready in wait(list(busy), _LOOK_EVERY_S):
                    worker = busy[ready]  # type: ignore[index]
                    self._hear(worker, waiting)
                self._end_the_late()
                tell(self)
        finally:
            self._close()

    def _hand_out(self, waiting: deque[int]) -> None:
        for worker in [w for w in self._live if w.number is None and w.jobs >= JOBS_A_PROCESS]:
            self._dismiss(worker)
        busy = sum(w.number is not None for w in self._live)
        while len(self._live) < min(self.workers, busy + len(waiting)):
            taken = {w.seat for w in self._live}
            self._live.append(_start(self.job, min(set(range(self.workers)) - taken)))
        for worker in [w for w in self._live if w.number is None]:
            if not waiting:
                return
            number = waiting.popleft()
            worker.number, worker.since = number, time.monotonic()
            try:
                worker.connection.send(number)
            except OSError:
                self._crashed(worker, waiting)

    def _hear(self, worker: _Worker, waiting: deque[int]) -> None:
        number = worker.number
        assert number is not None
        try:
            told = worker.connection.recv()
        except (EOFError, OSError):
            self._crashed(worker, waiting)
            return
        if told is _READY:
            worker.since = time.monotonic()  # starting the process is not the job's time
            worker.ready = True
            return
        problem, hopeless = told
        if hopeless:
            raise RefusedError(f"The worker process cannot start: {problem}")
        if problem is None:
            self.done.append(number)
        else:
            self.skipped.append(Skipped(number, problem))
        worker.number = None
        worker.jobs += 1

    def _crashed(self, worker: _Worker, waiting: deque[int]) -> None:
        number = worker.number
        assert number is not None
        self._dismiss(worker, now=True)
        self._crashes[number] += 1
        if self._crashes[number] < MOST_CRASHES:
            waiting.append(number)
            return
        code = worker.process.exitcode
        self.skipped.append(
            Skipped(number, f"ended its process {MOST_CRASHES} times, last with code {code}")
        )

    def _end_the_late(self) -> None:
        now = time.monotonic()
        for worker in [w for w in self._live if w.number is not None]:
            limit = self.limit if worker.ready else max(self.limit, _START_S)
            if now - worker.since > limit and not worker.connection.poll():
                assert worker.number is not None
                self.skipped.append(Skipped(worker.number, f"took longer than {limit:g} s"))
                self._dismiss(worker, now=True)

    def _dismiss(self, worker: _Worker, now: bool = False) -> None:
        self._live.remove(worker)
        worker.connection.close()  # an idle process ends by itself when nobody is left to hear it
        if now:
            worker.process.kill()
        worker.process.join(_PATIENCE_S)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()

    def _close(self) -> None:
        for worker in list(self._live):
            self._dismiss(worker, now=worker.number is not None)


def _start(job: Job, seat: int) -> _Worker:
    # Spawned, not forked: Blender does not survive a fork, nor would a lock held by a thread.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, job, seat), daemon=True)
    process.start()
    there.close()
    return _Worker(process, here, seat)


def _serve(connection: Connection, job: Job, seat: int) -> None:
    """The process's side: do what comes, tell how it went, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _sit(seat)
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Blender's own chatter
    try:
        connection.send(_READY)
        while True:
            connection.send(_do(job, connection.recv()))
    except (EOFError, OSError):
        return


def _sit(seat: int) -> None:
    """Keep to one processor, where the system can.

    Cycles starts a thread for each processor whatever it is told, and the threads of two processes
    wait for one another: on two processors, two such processes got 27 pictures a minute done, two
    that kept to one each got 50.
    """
    if sys.platform == "linux":
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[seat % len(processors)]})


def _do(job: Job, number: int) -> tuple[str | None, bool]:
    """What went wrong, if anything, and whether all other jobs would fail as well."""
    try:
        job(number)
    except ImportError as error:
        return f"{type(error).__name__}: {error}", True
    except Exception as error:  # one bad job must not end the run; it is told and left out
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return f"{type(error).__name__}: {error} ({where})", False
    return None, False
