"""The service as an ASGI application: its parts, its routes and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from greenpack import __version__
from greenpack.records.columns import now as present
from greenpack.service import asking, posting_photo
from greenpack.service.body_limits import FORM_BYTES, BodyLimits
from greenpack.service.described import describe
from greenpack.service.parts import ServiceParts
from greenpack.service.refusing import refuse_errors
from greenpack.service.request_numbers import RequestNumbers
from greenpack.settings import Settings
from greenpack.storage.content_store import ContentStore

_DESCRIPTION = """\
Hub cameras post photos of parcels here. A photo that was acknowledged is on the disk and in the
queue; it is measured and judged afterwards. Every error is an `application/problem+json` with a
reason code and advice.

A client that loses its connection sends the photo again, or asks first whether it is known: the
same bytes of the same camera are one photo, however often they come. Answers 429, 503 and 507 say
in `Retry-After` how long to wait. `greenpack post` does all that.
"""


def make_app(
    settings: Settings,
    store: ContentStore | None = None,
    now: Callable[[], datetime] = present,
) -> FastAPI:
    """The service, ready to be run by uvicorn.

    Args:
        settings: as set from outside.
        store: where photos as received go; None takes what the settings say.
        now: the time of day, aware; another one in tests.

    Raises:
        GreenPackError: ``storage_url_invalid``. The database is opened when it is first needed.
    """
    parts = ServiceParts(settings, store, now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await parts.start()
        try:
            yield
        finally:
            await parts.stop()

    app = FastAPI(
        title="GreenPack",
        version=__version__,
        summary="Takes in photos of parcels from hub cameras",
        description=_DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.parts = parts
    app.include_router(posting_photo.router, tags=["photos"])
    app.include_router(asking.router)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    refuse_errors(app, parts.metrics)
    # The last one added stands first.
    app.add_middleware(
        BodyLimits,
        most_bytes=settings.max_file_bytes + FORM_BYTES,
        idle_seconds=settings.body_idle_seconds,
    )
    app.add_middleware(RequestNumbers)
    return app
