"""A hub with a camera, its queue and its stores, for the tests of the worker."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import func, select

from greenpack import stores
from greenpack.records.cameras import camera_at
from greenpack.records.database import open_database, reading, transact
from greenpack.records.postings import Posted, post, posted
from greenpack.records.queries import verdict_counts
from greenpack.records.recording import StoredPhoto
from greenpack.records.stored import given, photo_form
from greenpack.records.tables import Finding, Photo
from greenpack.records.verification import verify
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.work.audits import CameraAudits
from greenpack.work.worker import Worker
from tests.painted import WEIGHTS, PaintedDetector, Scene

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def small(scene: Scene) -> bytes:
    """The scene at half its size: what is tested here is not the measuring."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(scene.jpeg()))
    picture.reduce(2).save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


@dataclass
class Clock:
    """Tells the time it was set to."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Hub:
    """One hub's database and stores; photos are posted to it and workers work for it."""

    url: str
    folder: Path
    batch: int = 4
    clock: Clock = field(default_factory=Clock)
    detector: PaintedDetector = field(default_factory=PaintedDetector)

    def __post_init__(self) -> None:
        self.settings = Settings(
            data_folder=self.folder,
            database_url=self.url,
            worker_batch=self.batch,
            min_free_bytes=0,
        )
        self.engine: Engine = open_database(self.url)
        self.originals = stores.originals(self.settings)
        self.camera = self.camera_named("Belt 1")

    def camera_named(self, name: str) -> int:
        return transact(
            self.engine, lambda session: given(camera_at(session, name, "Zhejiang/Jinhua/Yiwu").id)
        )

    def post(
        self,
        photo: Scene | bytes,
        *,
        camera: int | None = None,
        name: str = "",
        taken_at: datetime | None = None,
        waybill: str | None = None,
    ) -> int:
        data = small(photo) if isinstance(photo, Scene) else photo
        sha256 = self.originals.put(data, ".jpg")
        said, _ = transact(
            self.engine,
            lambda session: post(
                session,
                camera or self.camera,
                sha256=sha256,
                size_bytes=len(data),
                source_name=name,
                taken_at=taken_at,
                waybill_number=waybill,
                received_at=self.clock(),
            ),
        )
        return said.id

    def worker(self, detector: Any = None, **options: Any) -> Worker:
        audits = CameraAudits(
            self.settings,
            self.engine,
            load_profile("screening-50"),
            WEIGHTS,
            cast(Detector, detector or self.detector),
        )
        return Worker(
            self.settings, self.engine, self.originals, audits, clock=self.clock, **options
        )

    def work(self, detector: Any = None) -> Worker:
        """Let a worker work until nothing waits."""
        worker = self.worker(detector)
        worker.run(threading.Event(), once=True)
        return worker

    def posted(self, posting_id: int) -> Posted:
        with reading(self.engine) as session:
            found = posted(session, posting_id)
        assert found is not None
        return found

    def photo(self, posting_id: int) -> StoredPhoto:
        with reading(self.engine) as session:
            row = session.get_one(Photo, self.posted(posting_id).photo_id)
            return photo_form(session, row, added=False)

    def count(self, table: type[Photo] | type[Finding] = Photo) -> int:
        with reading(self.engine) as session:
            return session.exec(select(func.count()).select_from(table)).one()

    def verdicts(self) -> dict[str, int]:
        with reading(self.engine) as session:
            counts = verdict_counts(session, "screening-50").by_verdict
        return {verdict.value: count for verdict, count in counts.items() if count}

    def problems(self) -> tuple[object, ...]:
        with reading(self.engine) as session:
            return verify(session, stores.evidence(self.settings)).problems


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    one = Hub(database_url, tmp_path / "data")
    yield one
    one.engine.dispose()


@pytest.fixture
def sqlite_hub(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Hub]:
    """For what does not depend on the database."""
    path = tmp_path / "records.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    one = Hub(f"sqlite:///{path}", tmp_path / "data")
    yield one
    one.engine.dispose()
