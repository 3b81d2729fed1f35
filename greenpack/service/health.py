"""Whether the service can do its work now: database, disk and model, each by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from pydantic import BaseModel, Field
from sqlalchemy import Engine, text

from greenpack.reasons import GreenPackError
from greenpack.records.database import reading
from greenpack.service.logs import log
from greenpack.service.pressure import Pressure
from greenpack.service.problems import as_refusal
from greenpack.service.waiting_calls import WaitingCalls
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore
from greenpack.vision.weights import Weights, load_weights

# Whoever asks more often gets the last answer: asking must not cost what photos need.
KNOWN_SECONDS = 2.0
# The weights' checksums take longer, and change only when somebody installs others.
WEIGHTS_SECONDS = 60.0


class Check(BaseModel):
    """One part that was looked at."""

    what: str = Field(description="database, disk or model")
    ok: bool = Field(description="whether it is usable")
    code: str | None = Field(default=None, description="the reason code where it is not")
    detail: str | None = Field(default=None, description="what it means")
    advice: str | None = Field(default=None, description="what to do about it")


class Readiness(BaseModel):
    """Whether photos can be taken in and measured."""

    ready: bool = Field(description="whether all parts are usable")
    checks: list[Check]


class Health:
    """Looks at the parts when asked, and remembers the answer for a moment."""

    def __init__(
        self,
        settings: Settings,
        engine: Callable[[], Engine],
        store: ContentStore,
        pressure: Pressure,
        in_thread: WaitingCalls,
    ) -> None:
        """Prepare; the arguments are the service's parts."""
        self._settings = settings
        self._engine = engine
        self._store = store
        self._pressure = pressure
        self._in_thread = in_thread
        self._lock = asyncio.Lock()
        self._known: tuple[Readiness, float] | None = None
        self._weights: tuple[Weights, float] | None = None

    async def readiness(self) -> Readiness:
        """The state of all parts, at most two seconds old."""
        async with self._lock:
            if self._known is None or self._known[1] < time.monotonic():
                found = await self._in_thread(self._look)
                self._known = (found, time.monotonic() + KNOWN_SECONDS)
            return self._known[0]

    def _look(self) -> Readiness:
        checks = [
            _checked("database", self._database),
            _checked("disk", self._disk),
            _checked("model", self._model),
        ]
        return Readiness(ready=all(check.ok for check in checks), checks=checks)

    def _database(self) -> None:
        with reading(self._engine()) as session:
            session.connection().execute(text("SELECT 1 FROM posting LIMIT 1"))

    def _disk(self) -> None:
        self._store.probe()
        room = self._pressure.room()
        if room is not None and room < self._settings.min_free_bytes:
            raise GreenPackError("disk_low", f"{room / 1e6:,.0f} MB free")

    def _model(self) -> None:
        if self._weights is None or self._weights[1] < time.monotonic():
            self._weights = None
            self._weights = (
                load_weights(self._settings.weights),
                time.monotonic() + WEIGHTS_SECONDS,
            )
        if not self._weights[0].path.exists():
            self._weights = None
            raise GreenPackError("weights_missing")


def _checked(what: str, look: Callable[[], None]) -> Check:
    try:
        look()
    except Exception as error:
        refusal = as_refusal(error)
        log().warning("not ready", what=what, reason=refusal.code, error=str(error))
        return Check(
            what=what,
            ok=False,
            code=refusal.code,
            detail=refusal.reason.meaning,
            advice=refusal.advice,
        )
    return Check(what=what, ok=True)
