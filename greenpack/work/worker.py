"""The worker: takes postings from the queue, has them measured and judged, and records them."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.arrival import Arrival
from greenpack.audit import Audit
from greenpack.audit_line import AuditLine
from greenpack.examination import Examined
from greenpack.intake.source import Source, printable
from greenpack.reasons import GreenPackError
from greenpack.records.columns import now
from greenpack.records.database import transact
from greenpack.records.postings import (
    Posted,
    begin,
    claim,
    fail_try,
    finish,
    release,
)
from greenpack.service.logs import log
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore
from greenpack.work.audits import CameraAudits
from greenpack.work.batch import Loaded, Outcome, examine_batch
from greenpack.work.lease import renewed, time_limit
from greenpack.work.unavailable import UnavailableError, away_is_unavailable, told
from greenpack.work.work_metrics import WorkMetrics

# How often an idle worker looks into the queue, and the longest it waits for what is away.
IDLE_SECONDS = 0.5
PAUSE_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
# What a batch may take from bytes to numbers; past it a library hangs.
LONGEST_SECONDS = 60.0
LONGEST_SECONDS_PER_PHOTO = 10.0
# So often may database or storage fail at one posting before it is the posting's fault.
_MOST_TROUBLES = 5
# Room that evidence pictures and records of a batch need, bytes.
_LEAST_ROOM = 64 << 20


class _LostError(Exception):
    """The lease was over, and another worker has the posting now."""


class Worker:
    """Works the queue off, batch by batch.

    Any number may run on one database. What a worker holds when it is killed is taken up by
    another, or by the next, when the lease is over. Recording and finishing a posting are one
    transaction, so that nothing is judged twice and nothing is left half done.

    Attributes:
        name: in the records; no other worker has or had it.
        metrics: what is counted.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        originals: ContentStore,
        audits: CameraAudits,
        *,
        metrics: WorkMetrics | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.metrics = metrics or WorkMetrics()
        self._settings = settings
        self._engine = engine
        self._originals = originals
        self._audits = audits
        self._clock = clock
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._held: set[int] = set()
        self._troubles: dict[int, int] = {}

    def run(self, stop: threading.Event, *, once: bool = False) -> None:
        """Work until told to stop; what is held then is finished first.

        Args:
            stop: set from elsewhere, for example by a signal.
            once: return as soon as nothing waits. What failed and waits for another try is left.

        Raises:
            UnavailableError: if ``once`` and database or storage cannot be used.
        """
        log().info("worker ready", worker=self.name)
        pauses = 0
        while not stop.is_set():
            try:
                if pauses:
                    self._require_room()
                count = self.work_batch()
            except UnavailableError as error:
                if once:
                    raise
                wait = PAUSE_SECONDS[min(pauses, len(PAUSE_SECONDS) - 1)]
                pauses += 1
                self.metrics.paused(error.reason)
                log().warning("waiting", reason=error.reason, detail=str(error), seconds=wait)
                stop.wait(wait)
                continue
            pauses = 0
            if not count:
                if once:
                    break
                stop.wait(IDLE_SECONDS)
        with suppress(UnavailableError):  # then the lease will be over some time
            self._give_back()
        log().info("worker stopped", worker=self.name)

    def work_batch(self) -> int:
        """Take what waits, up to a batch, and finish it; returns how many were taken.

        Raises:
            UnavailableError: if database or storage cannot be used; what is held is given back
                when they can be used again, and no try counted.
        """
        try:
            self._give_back()
            with away_is_unavailable():
                self._audits.refresh()
                held = transact(
                    self._engine,
                    lambda session: claim(
                        session, self.name, self._settings.worker_batch, self._clock(), self._lease
                    ),
                )
            self._held = {posting.id for posting in held}
            self.metrics.holding(len(held))
            if held:
                ids = [posting.id for posting in held]
                with renewed(self._engine, ids, self.name, self._lease, self._clock):
                    self._work(held)
            return len(held)
        finally:
            self.metrics.holding(len(self._held))

    def _work(self, held: Sequence[Posted]) -> None:
        fetched = [
            (posting, data) for posting in held if (data := self._fetch(posting)) is not None
        ]
        ids = [posting.id for posting, _ in fetched]
        with away_is_unavailable():
            begun = transact(
                self._engine,
                lambda session: begin(session, ids, self.name, self._clock(), self._lease),
            )
        kept = [(posting, data) for posting, data in fetched if posting.id in begun]
        photos = [
            Loaded(_name(posting), data, self._audit_of(posting).measuring)
            for posting, data in kept
        ]
        with time_limit(LONGEST_SECONDS + LONGEST_SECONDS_PER_PHOTO * len(photos)):
            outcomes = examine_batch(photos, self._audits.detector, self._settings, self.metrics)
        for (posting, data), outcome in zip(kept, outcomes, strict=True):
            self._settle(posting, data, outcome)
        # What begin() did not give was lost to another worker.
        self._held.clear()

    def _fetch(self, posting: Posted) -> bytes | None:
        """The bytes as received, or None where they are gone and the try has failed."""
        try:
            self._audit_of(posting)
        except GreenPackError as error:
            self._fail(posting, "upload_profile_missing", str(error))
            return None
        try:
            with self.metrics.stage("fetch"), away_is_unavailable():
                return self._originals.read(posting.sha256)
        except GreenPackError as error:
            self._fail(posting, error.code, error.detail)
            return None

    def _settle(self, posting: Posted, data: bytes, outcome: Outcome) -> None:
        if not isinstance(outcome, Examined | GreenPackError):
            self._fail(posting, "measuring_failed", told(outcome), outcome)
            return
        arrival = Arrival(
            received_at=posting.received_at,
            taken_at=posting.taken_at,
            waybill_number=posting.waybill_number,
            hub_id=posting.hub_id,
            camera_id=posting.camera_id,
            posted=posting.camera_id is not None,
        )
        name = _name(posting)
        source = Source(name, data, None, name)

        def also(session: Session, photo_sha256: str) -> None:
            if not finish(session, posting.id, self.name, photo_sha256, self._clock()):
                raise _LostError

        try:
            with self.metrics.stage("record"), away_is_unavailable():
                line = self._audit_of(posting).take(source, arrival, outcome, also)
        except _LostError:
            self._held.discard(posting.id)
            self.metrics.lost()
            log().warning("photo lost to another worker", **_about(posting))
        except UnavailableError as error:
            self._troubles[posting.id] = self._troubles.get(posting.id, 0) + 1
            if self._troubles[posting.id] <= _MOST_TROUBLES:
                raise
            self._fail(posting, error.reason, str(error), error)
        except Exception as error:
            self._fail(posting, "measuring_failed", told(error), error)
        else:
            self._done(posting, line)

    def _audit_of(self, posting: Posted) -> Audit:
        """What measures and judges the posting's photo.

        Raises:
            GreenPackError: if the profile that an upload wants cannot be loaded.
        """
        return self._audits.of(posting.camera_id, posting.profile_id)

    def _done(self, posting: Posted, line: AuditLine) -> None:
        self._held.discard(posting.id)
        self._troubles.pop(posting.id, None)
        if line.verdict is None:
            self.metrics.refused(line.reason or "")
            log().info("photo refused", **_about(posting), reason=line.reason, detail=line.note)
        else:
            self.metrics.judged(line.verdict.value)
            log().info(
                "photo judged",
                **_about(posting),
                verdict=line.verdict.value,
                reason=line.reason,
                waybill_known=line.waybill is not None,
            )

    def _fail(
        self, posting: Posted, reason: str, detail: str, error: Exception | None = None
    ) -> None:
        """Note that a try failed through the photo."""
        with away_is_unavailable():
            state = transact(
                self._engine,
                lambda session: fail_try(
                    session, posting.id, self.name, reason, detail, self._clock()
                ),
            )
        self._held.discard(posting.id)
        self._troubles.pop(posting.id, None)
        self.metrics.failed(reason)
        log().error(
            "try failed",
            **_about(posting),
            reason=reason,
            detail=detail,
            state=state.value,
            exc_info=error,
        )

    def _give_back(self) -> None:
        """Give back what an interrupted batch left."""
        if self._held:
            with away_is_unavailable():
                transact(
                    self._engine, lambda session: release(session, sorted(self._held), self.name)
                )
            self._held.clear()

    def _require_room(self) -> None:
        """Make sure that evidence can be written before photos are begun with.

        Raises:
            UnavailableError: if not.
        """
        with away_is_unavailable():
            self._originals.probe()
            free = self._originals.free_bytes()
            if free is not None and free < min(_LEAST_ROOM, self._settings.min_free_bytes):
                raise GreenPackError("disk_low", f"{free >> 20} MiB")


def _name(posting: Posted) -> str:
    """The photo's name for people; a camera need not give one."""
    return printable(posting.source_name) or posting.sha256[:16]


def _about(posting: Posted) -> dict[str, object]:
    """What every line of the log says of a photo."""
    about: dict[str, object] = {"photo": posting.id, "sha256": posting.sha256}
    if posting.camera_id is None:
        return {**about, "upload": posting.upload_batch_id}
    return {**about, "camera": posting.camera_id}
