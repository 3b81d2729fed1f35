"""What the service's routes share: one of each part, started and stopped together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from greenpack.records.camera_tokens import TokenCamera
from greenpack.records.columns import now as present
from greenpack.service.bearer import Bearer
from greenpack.service.committing import Committing
from greenpack.service.database import Database
from greenpack.service.health import Health
from greenpack.service.metrics import Metrics
from greenpack.service.pressure import Pressure
from greenpack.service.rate_limit import RateLimit
from greenpack.service.waiting_calls import WaitingCalls
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore
from greenpack.stores import originals


class ServiceParts:
    """One service's parts.

    Attributes:
        settings: as set from outside.
        now: the time of day; aware.
        calls: the threads that wait for disk and database.
        database: the records.
        store: where photos as received are kept.
        bearer: knows cameras by their tokens.
        rates: counts each camera's photos.
        pressure: how full queue and disk are.
        committing: puts photos into the queue.
        metrics: the counters.
        health: whether all is usable.
    """

    def __init__(
        self,
        settings: Settings,
        store: ContentStore | None = None,
        now: Callable[[], datetime] = present,
    ) -> None:
        self.settings = settings
        self.now = now
        self.calls = WaitingCalls()
        self.database = Database(settings.database)
        self.store = store or originals(settings)
        engine = self.database.engine
        self.bearer = Bearer(engine, self.calls, now)
        self.rates = RateLimit(settings.photos_per_minute)
        self.pressure = Pressure(settings, engine, self.store, self.calls, now)
        self.committing = Committing(engine, self.calls)
        self.metrics = Metrics()
        self.metrics.watch(engine, self.pressure, now, settings.silent_after_minutes)
        self.health = Health(settings, engine, self.store, self.pressure, self.calls)
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look once, and go on looking."""
        await self.pressure.look()
        self._looking = asyncio.create_task(self.pressure.keep_looking())

    async def stop(self) -> None:
        """End the looking, the threads and the connections; all requests have ended before."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        self.calls.close()
        self.database.close()


async def service_parts(request: Request) -> ServiceParts:
    """The parts of the service that a request came to."""
    # Not a plain function: FastAPI would send that to a thread.
    return cast(ServiceParts, request.app.state.parts)


Parts = Annotated[ServiceParts, Depends(service_parts)]


async def camera_of(request: Request, parts: Parts) -> TokenCamera:
    """The camera that a request proves to come from.

    Raises:
        GreenPackError: ``token_missing``, ``token_unknown``, ``token_revoked``.
    """
    camera = await parts.bearer.camera(request.headers.get("authorization"))
    request.scope["greenpack.camera"] = camera
    return camera


Camera = Annotated[TokenCamera, Depends(camera_of)]
