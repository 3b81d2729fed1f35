"""How full queue and disk are, looked at each second; past the bounds cameras are told to wait.

The bounds lie well before anything breaks, so a look that is a second old is good enough: what
was taken in since then is counted on top.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from greenpack.reasons import GreenPackError
from greenpack.records.database import reading
from greenpack.records.postings import Backlog, backlog
from greenpack.service.logs import log
from greenpack.service.problems import RefusedError, as_refusal
from greenpack.service.waiting_calls import WaitingCalls
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore

LOOK_SECONDS = 1.0
# Workers need a while for a long queue, and a person for a full disk.
BACKLOG_WAIT_SECONDS = 30.0
DISK_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Fullness:
    """What was seen at one look.

    Attributes:
        backlog: the queue, or None where the database did not answer.
        free_bytes: room left by place: ``storage``, ``spool`` and, for a database in a file,
            ``database``. A place whose room is unknown is missing.
    """

    backlog: Backlog | None
    free_bytes: dict[str, int]


class Pressure:
    """Looks regularly, and refuses photos past the bounds."""

    def __init__(
        self,
        settings: Settings,
        engine: Callable[[], Engine],
        store: ContentStore,
        in_thread: WaitingCalls,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare.

        Args:
            settings: the bounds ``max_backlog`` and ``min_free_bytes``.
            engine: gives the opened database.
            store: where photos go.
            in_thread: runs what waits.
            now: the time of day; aware.
        """
        self._settings = settings
        self._engine = engine
        self._store = store
        self._in_thread = in_thread
        self._now = now
        self._seen = Fullness(None, {})
        self._added_photos = 0
        self._added_bytes = 0
        self._unseen: str | None = None

    @property
    def seen(self) -> Fullness:
        """The last look."""
        return self._seen

    def check(self) -> None:
        """Refuse a photo where the bounds are reached.

        Raises:
            RefusedError: ``disk_low`` or ``backlog_full``.
        """
        room = self.room()
        if room is not None and room < self._settings.min_free_bytes:
            raise RefusedError(
                "disk_low",
                f"{room / 1e6:,.0f} MB free, {self._settings.min_free_bytes / 1e6:,.0f} MB kept",
                retry_after=DISK_WAIT_SECONDS,
            )
        waiting = self.waiting()
        if waiting is not None and waiting >= self._settings.max_backlog:
            raise RefusedError(
                "backlog_full", f"{waiting:,} photos wait", retry_after=BACKLOG_WAIT_SECONDS
            )

    def room(self) -> int | None:
        """Bytes left where there are fewest, or None if that is unknown."""
        if not self._seen.free_bytes:
            return None
        return min(self._seen.free_bytes.values()) - self._added_bytes

    def waiting(self) -> int | None:
        """Photos that wait for a worker, or None if that is unknown."""
        if self._seen.backlog is None:
            return None
        return self._seen.backlog.waiting + self._added_photos

    def added(self, size_bytes: int) -> None:
        """Count a photo that was taken in since the last look."""
        self._added_photos += 1
        self._added_bytes += size_bytes

    async def look(self) -> None:
        """Look now; a database that does not answer is logged once."""
        photos, size = self._added_photos, self._added_bytes
        seen, failure = await self._in_thread(self._look)
        # What came while it looked may be seen or not: it stays counted until the next look.
        self._added_photos -= photos
        self._added_bytes -= size
        if seen.backlog is None and self._seen.backlog is not None:
            # The queue as last seen, rather than none: workers do not empty it meanwhile either.
            seen = Fullness(self._seen.backlog, seen.free_bytes)
            self._added_photos += photos
        self._seen = seen
        if failure != self._unseen:
            if failure is not None:
                log().error("queue not seen", reason=failure)
            else:
                log().info("queue seen again")
            self._unseen = failure

    async def keep_looking(self) -> None:
        """Look each second until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log().exception("looking at queue and disk failed")
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> tuple[Fullness, str | None]:
        free = self._free_bytes()
        try:
            with reading(self._engine()) as session:
                return Fullness(backlog(session, self._now()), free), None
        except (GreenPackError, SQLAlchemyError) as error:
            return Fullness(None, free), as_refusal(error).code

    def _free_bytes(self) -> dict[str, int]:
        free: dict[str, int] = {}
        try:
            free["spool"] = shutil.disk_usage(self._store.spool).free
            stored = self._store.free_bytes()
            if stored is not None:
                free["storage"] = stored
            folder = _database_folder(self._settings.database)
            if folder is not None and folder.is_dir():
                free["database"] = shutil.disk_usage(folder).free
        except OSError:
            # A disk that cannot even be asked has no room.
            free["spool"] = 0
        return free


def _database_folder(url: str) -> Path | None:
    """The folder of a database in a file, else None."""
    if "://" not in url:
        return Path(url).expanduser().parent
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):
        return None
    if not target.drivername.startswith("sqlite") or target.database is None:
        return None
    return Path(target.database).expanduser().parent
