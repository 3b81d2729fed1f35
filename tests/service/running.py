"""A real service on a real port, with cameras that may post to it."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from greenpack.records.camera_tokens import add_camera
from greenpack.records.database import open_database, transact
from greenpack.service.app import make_app
from greenpack.service.logs import configure_logs
from greenpack.service.serving import make_server, port_of
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore
from greenpack.stores import originals

# Logs are the process's, not one service's: all services of a test run write here.
LOG = io.StringIO()
HUB = "浙江/杭州/萧山"


def a_photo(number: int = 0, size: int = 600) -> bytes:
    """Bytes that begin as a JPEG does; each number gives others."""
    return b"\xff\xd8\xff\xe0" + f"photo {number} ".encode() * (size // 10)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class RunningService:
    """A service that answers.

    Attributes:
        url: its address.
        settings: what it runs with.
        log_start: where in the log it begins.
    """

    url: str
    port: int
    settings: Settings
    log_start: int
    tokens: dict[str, str] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        """Its database, seen from outside."""
        return open_database(self.settings.database)

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()

    def camera(self, name: str = "line 1", hub: str = HUB) -> httpx.Client:
        """A client with the token of that camera, which is made where it is missing."""
        key = f"{hub}/{name}"
        if key not in self.tokens:
            made = transact(self.engine, lambda session: add_camera(session, hub, name))
            self.tokens[key] = made[1]
        return self.client(self.tokens[key])

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def events(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.splitlines()]

    @property
    def log(self) -> str:
        """What was logged since it started."""
        return LOG.getvalue()[self.log_start :]

    def stored(self) -> list[Path]:
        """The files in the store of originals, unfinished ones included."""
        folder = self.settings.data_folder / "originals"
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def store(self) -> ContentStore:
        return originals(self.settings)


@contextmanager
def running(
    settings: Settings,
    *,
    header_seconds: float = 20.0,
    clock: Any = None,
    store: ContentStore | None = None,
) -> Iterator[RunningService]:
    """Run a service in a thread of this process until the block ends."""
    configure_logs(LOG)
    app = make_app(settings, store, clock) if clock else make_app(settings, store)
    server = make_server(app, "127.0.0.1", 0, header_seconds)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), LOG.getvalue()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        port = port_of(server)
        service = RunningService(f"http://127.0.0.1:{port}", port, settings, LOG.tell())
        try:
            yield service
        finally:
            service.close()
    finally:
        server.should_exit = True
        thread.join(60)


def settings_in(folder: Path, database_url: str, **given: Any) -> Settings:
    """Settings for a test; the disk of the machine does not matter."""
    return Settings(data_folder=folder, database_url=database_url, **{"min_free_bytes": 0, **given})
