"""What a worker counts, for Prometheus: on a port of its own, being a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

Stage = Literal["fetch", "decode", "see", "measure", "record"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class WorkMetrics:
    """The worker's figures.

    Attributes:
        registry: what holds them; another process has another.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._stages = Histogram(
            "greenpack_work_stage_seconds",
            "Time of each stage: of a batch where the model sees it, else of one photo",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._verdicts = Counter(
            "greenpack_work_verdicts",
            "Photos judged, by the verdict on their parcel",
            ["verdict"],
            registry=self.registry,
        )
        self._refused = Counter(
            "greenpack_work_refused",
            "Photos posted that turned out to be none, by reason code",
            ["reason"],
            registry=self.registry,
        )
        self._failed = Counter(
            "greenpack_work_failed_tries",
            "Tries that failed through the photo, by reason code",
            ["reason"],
            registry=self.registry,
        )
        self._lost = Counter(
            "greenpack_work_lost",
            "Photos that another worker took over because the lease was not renewed in time",
            registry=self.registry,
        )
        self._pauses = Counter(
            "greenpack_work_pauses",
            "Times the worker waited for the database or the storage, by reason code",
            ["reason"],
            registry=self.registry,
        )
        self._held = Gauge(
            "greenpack_work_held", "Photos held at the moment", registry=self.registry
        )

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Time what is done within."""
        with self._stages.labels(name).time():
            yield

    def judged(self, verdict: str) -> None:
        """Count a photo whose parcel was judged."""
        self._verdicts.labels(verdict).inc()

    def refused(self, reason: str) -> None:
        """Count bytes that are no photo."""
        self._refused.labels(reason).inc()

    def failed(self, reason: str) -> None:
        """Count a try that failed."""
        self._failed.labels(reason).inc()

    def lost(self) -> None:
        """Count a photo that another worker has taken over."""
        self._lost.inc()

    def paused(self, reason: str) -> None:
        """Count a wait for database or storage."""
        self._pauses.labels(reason).inc()

    def holding(self, count: int) -> None:
        """Set how many photos are held now."""
        self._held.set(count)

    def serve(self, port: int, host: str = "127.0.0.1") -> None:
        """Answer Prometheus at ``http://host:port/metrics`` from a thread.

        Raises:
            OSError: if the port is taken.
        """
        start_http_server(port, addr=host, registry=self.registry)
