"""What Prometheus reads at /metrics: what came, what was refused, how full queue and hubs are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from greenpack.reasons import GreenPackError
from greenpack.records.database import reading
from greenpack.records.hub_load import HubLoad, hub_loads
from greenpack.service.pressure import Pressure

# When each counter began is told by the process's start.
disable_created_metrics()  # type: ignore[no-untyped-call]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one service, and what is looked up when they are read."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.accepted = Counter(
            "greenpack_photos_accepted",
            "Photos acknowledged as new: bytes on the disk, row committed.",
            ["hub"],
            registry=self.registry,
        )
        self.duplicate = Counter(
            "greenpack_photos_duplicate",
            "Photos whose bytes the camera had posted before.",
            ["hub"],
            registry=self.registry,
        )
        self.refused = Counter(
            "greenpack_requests_refused",
            "Requests answered with an error, by reason code.",
            ["reason"],
            registry=self.registry,
        )
        self.bytes = Counter(
            "greenpack_photo_bytes",
            "Bytes of photos acknowledged as new.",
            registry=self.registry,
        )
        self.acknowledgement = Histogram(
            "greenpack_acknowledgement_seconds",
            "From the first byte of a posting's body read to its acknowledgement.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "greenpack_postings_in_progress",
            "Postings whose body is being received or stored.",
            registry=self.registry,
        )

    def watch(
        self,
        engine: Callable[[], Engine],
        pressure: Pressure,
        now: Callable[[], datetime],
        silent_after_minutes: float,
    ) -> None:
        """Look up queue, disk and hubs whenever the metrics are read."""
        self.registry.register(_Looked(engine, pressure, now, silent_after_minutes))

    def text(self) -> bytes:
        """All of them in Prometheus's text format; asks the database, so not on the loop."""
        return generate_latest(self.registry)


class _Looked:
    """Figures that are looked up, not counted."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        pressure: Pressure,
        now: Callable[[], datetime],
        silent_after_minutes: float,
    ) -> None:
        self._engine = engine
        self._pressure = pressure
        self._now = now
        self._silent_after_minutes = silent_after_minutes

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment; what the database does not tell is missing."""
        seen = self._pressure.seen
        queue = GaugeMetricFamily(
            "greenpack_queue_photos", "Photos in the queue by state.", labels=["state"]
        )
        if seen.backlog is not None:
            queue.add_metric(["waiting"], seen.backlog.waiting)
            queue.add_metric(["working"], seen.backlog.working)
            queue.add_metric(["failed"], seen.backlog.failed)
            yield GaugeMetricFamily(
                "greenpack_queue_oldest_seconds",
                "How long the oldest photo has been waiting; 0 where none waits.",
                value=seen.backlog.oldest_seconds or 0.0,
            )
        yield queue
        free = GaugeMetricFamily(
            "greenpack_disk_free_bytes", "Room left, by what lies there.", labels=["place"]
        )
        for place, size in seen.free_bytes.items():
            free.add_metric([place], size)
        yield free
        loads = self._loads()
        yield GaugeMetricFamily(
            "greenpack_database_up",
            "Whether the database answered when these metrics were read.",
            value=float(loads is not None),
        )
        yield from _hub_metrics(loads or ())

    def _loads(self) -> Sequence[HubLoad] | None:
        try:
            with reading(self._engine()) as session:
                return hub_loads(session, self._now(), self._silent_after_minutes)
        except (GreenPackError, SQLAlchemyError):
            return None


_HUB_FIGURES: tuple[tuple[str, str, Callable[[HubLoad], float | None]], ...] = (
    (
        "greenpack_hub_photos_last_hour",
        "Photos a hub's cameras posted within the last hour.",
        lambda load: load.photos_last_hour,
    ),
    (
        "greenpack_hub_parcels_last_hour",
        "Parcels photographed at a hub within the last hour.",
        lambda load: load.parcels_last_hour,
    ),
    (
        "greenpack_hub_capacity_per_hour",
        "Photos an hour that a hub is stated to be able to take; missing where not stated.",
        lambda load: load.capacity_per_hour,
    ),
    (
        "greenpack_hub_backlog_photos",
        "Photos of a hub that wait or are being measured.",
        lambda load: load.backlog,
    ),
    (
        "greenpack_hub_oldest_seconds",
        "How long a hub's oldest photo has been waiting; 0 where none waits.",
        lambda load: load.oldest_seconds or 0.0,
    ),
    (
        "greenpack_hub_silent_cameras",
        "Cameras of a hub that have been silent for longer than their set time.",
        lambda load: len(load.silent_cameras),
    ),
)


def _hub_metrics(loads: Sequence[HubLoad]) -> Iterator[Metric]:
    for name, meaning, figure in _HUB_FIGURES:
        family = GaugeMetricFamily(name, meaning, labels=["hub"])
        for load in loads:
            value = figure(load)
            if value is not None:
                family.add_metric([load.hub], float(value))
        yield family
