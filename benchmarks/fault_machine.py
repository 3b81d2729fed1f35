"""The processes of the faults benchmark: started, killed, started again; and what must hold."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
from sqlmodel import Session, col, func, select

from benchmarks.fault_cameras import Promises
from greenpack import stores
from greenpack.records.database import open_database, reading
from greenpack.records.posting_tables import Posting
from greenpack.records.tables import Finding, Measurement, Photo
from greenpack.records.verification import verify
from greenpack.settings import Settings

# Programs are forked from a process that has imported everything and done nothing: so hundreds of
# starts cost little, and most kills hit programs at work rather than at their imports.
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    ["uvicorn.protocols.http.h11_impl", "greenpack.service.app", "greenpack.service.serving",
     "greenpack.cli", "benchmarks.standin_worker", "benchmarks.fault_cameras"]
)  # fmt: skip


def _as_service(log: str, environment: dict[str, str], port: int) -> None:
    _become(log, environment)
    sys.argv = ["greenpack", "serve", "--port", str(port)]
    from greenpack.cli import main

    main()


def _as_worker(log: str, environment: dict[str, str], _port: int) -> None:
    _become(log, environment)
    from benchmarks.standin_worker import main

    main()


def _become(log: str, environment: dict[str, str]) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number in (1, 2):
        os.dup2(output, number)
    os.environ.update(environment)


@dataclass
class Program:
    """A program that is killed and started again.

    Attributes:
        name: ``service`` or ``worker``.
        port: the service's.
        log: where its output goes.
        environment: beside this process's.
        mark: where in the log its last start stands.
    """

    name: str
    port: int
    log: Path
    environment: dict[str, str]
    process: BaseProcess | None = None
    mark: int = 0

    def start(self) -> None:
        """Start it; does not wait."""
        self.log.touch()
        self.mark = self.log.stat().st_size
        target = _as_service if self.name == "service" else _as_worker
        self.process = _FORKING.Process(
            target=target, args=(str(self.log), self.environment, self.port)
        )
        self.process.start()

    def has_said(self, words: bytes) -> bool:
        """Whether its log has these words since it was started; ``ready`` is said by all."""
        with self.log.open("rb") as log:
            log.seek(self.mark)
            said = log.read().replace(b"Uvicorn running", b"ready")
        return words in said

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.is_alive()

    def end(self, number: signal.Signals) -> int | None:
        """Send a signal and wait; returns the exit code."""
        if self.process is None or self.process.pid is None:
            return None
        os.kill(self.process.pid, number)
        self.process.join(120)
        return self.process.exitcode


@dataclass
class Machine:
    """A service and workers on one database and one folder."""

    settings: Settings
    port: int
    logs: Path
    workers: int = 3
    extra: dict[str, str] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        environment = {
            "GREENPACK_DATA_FOLDER": str(self.settings.data_folder),
            "GREENPACK_DATABASE_URL": self.settings.database,
            "GREENPACK_LEASE_SECONDS": "5",
            "GREENPACK_PHOTOS_PER_MINUTE": "1000000",
            "GREENPACK_MIN_FREE_BYTES": str(self.settings.min_free_bytes),
            "GREENPACK_BODY_IDLE_SECONDS": "5",
            **self.extra,
        }
        self.logs.mkdir(exist_ok=True)
        self.programs = [Program("service", self.port, self.logs / "service.log", environment)]
        self.programs += [
            Program("worker", 0, self.logs / f"worker{index}.log", dict(environment))
            for index in range(self.workers)
        ]

    @property
    def url(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start all and wait until each said that it is ready."""
        for program in self.programs:
            program.start()
        deadline = time.monotonic() + 120
        while not all(program.has_said(b"ready") for program in self.programs):
            if time.monotonic() > deadline:
                raise SystemExit(f"not ready: see {self.logs}")
            time.sleep(0.1)

    def revive(self) -> None:
        """Start what ended by itself."""
        for program in self.programs:
            if not program.is_alive():
                program.start()

    def stop(self) -> None:
        """End all in order."""
        for program in self.programs:
            if program.is_alive():
                program.end(signal.SIGTERM)

    def drain(self, seconds: float = 600) -> float:
        """Let the workers finish the queue; returns how long that took."""
        start = time.monotonic()
        engine = open_database(self.settings.database)
        open_states = ("waiting", "working")
        while True:
            self.revive()
            with reading(engine) as session:
                left = session.exec(
                    select(func.count()).where(col(Posting.state).in_(open_states))
                ).one()
            if not left:
                engine.dispose()
                return time.monotonic() - start
            if time.monotonic() - start > seconds:
                raise SystemExit(f"{left} photos still wait after {seconds:.0f} s: {self.logs}")
            time.sleep(0.5)

    def answer(self, path: str) -> httpx.Response:
        """What the service answers."""
        return httpx.get(f"{self.url}{path}", timeout=30)


def faults_found(settings: Settings, promises: Promises) -> tuple[list[str], dict[str, int]]:
    """What was lost, doubled or damaged; and the counts, once the queue is empty."""
    engine = open_database(settings.database)
    store = stores.originals(settings)
    found = list(promises.contradictions)
    with reading(engine) as session:
        rows = {row.id: row for row in session.exec(select(Posting))}
        photos = {row.id: row.sha256 for row in session.exec(select(Photo))}
        for (camera, sha256), posting in promises.acknowledged.items():
            row = rows.get(posting)
            if row is None or (row.camera_id, row.sha256) != (camera, sha256):
                found.append(f"posting {posting} was acknowledged and is not there")
            elif not store.intact(sha256):
                found.append(f"bytes of posting {posting} are not there")
            elif row.state == "done" and photos.get(row.photo_id) != sha256:
                found.append(f"posting {posting} is done and has no photo")
            elif row.state not in ("done", "failed"):
                found.append(f"posting {posting} is {row.state}")
        found += _judged_twice(session)
        found += [str(problem) for problem in verify(session, stores.evidence(settings)).problems]
        counts = {
            "acknowledged": len(promises.acknowledged),
            "photos": len(photos),
            "findings": session.exec(select(func.count()).select_from(Finding)).one(),
            **Counter(f"{row.state} postings" for row in rows.values()),
        }
    engine.dispose()
    return found, counts


def _judged_twice(session: Session) -> list[str]:
    """Each photo here is a parcel of its own, judged by one rule: one measurement, one finding."""
    found = []
    measured = Counter(session.exec(select(Measurement.photo_id)).all())
    judged = Counter(
        session.exec(select(Measurement.photo_id).join(Finding)).all()  # type: ignore[arg-type]
    )
    usable = session.exec(select(Photo.id).where(col(Photo.refused_reason).is_(None))).all()
    for photo in usable:
        if (measured[photo], judged[photo]) != (1, 1):
            found.append(f"photo {photo}: {measured[photo]} measurements, {judged[photo]} findings")
    return found
