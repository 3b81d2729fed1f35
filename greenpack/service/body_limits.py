"""Bounds on what comes over the wire: size and pace of a body, counted as it arrives.

Nothing here holds a body: at most one piece of it, of the size that the server reads at once.
"""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from greenpack.reasons import GreenPackError

# A body that comes more slowly than this on average holds its place for too long.
LEAST_BYTES_PER_SECOND = 1024
# What a form may have besides its photo: boundaries, headers and the other fields.
FORM_BYTES = 64 * 1024


class BodyLimits:
    """ASGI middleware that lets no body be larger or slower than it may."""

    def __init__(self, app: ASGIApp, most_bytes: int, idle_seconds: float) -> None:
        """Wrap an application.

        Args:
            app: what is wrapped.
            most_bytes: largest body.
            idle_seconds: longest time without any of it coming.
        """
        self._app = app
        self._most = most_bytes
        self._idle = idle_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; whoever reads its body meets the limits as ``GreenPackError``.

        ``file_too_large`` (also as soon as a body is read that says so of itself),
        ``request_too_slow``, ``request_cut_off`` where the sender has gone.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = _announced(scope)
        seen = 0
        began: float | None = None
        ended = False

        async def limited() -> Message:
            nonlocal seen, began, ended
            if ended:
                # The whole body is here; from now on this only tells that the sender has gone.
                return await receive()
            if began is None:
                began = time.monotonic()
                if announced is not None and announced > self._most:
                    raise self._too_large(announced)
            try:
                # Not wait_for, which would make a task for each piece.
                async with asyncio.timeout(self._idle):
                    message = await receive()
            except TimeoutError:
                raise GreenPackError(
                    "request_too_slow", f"nothing came for {self._idle:g} seconds"
                ) from None
            if message["type"] != "http.request":
                raise GreenPackError("request_cut_off", f"{seen:,} bytes had come")
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise self._too_large(seen)
            ended = not message.get("more_body", False)
            taken = time.monotonic() - began
            if not ended and seen < (taken - self._idle) * LEAST_BYTES_PER_SECOND:
                raise GreenPackError("request_too_slow", f"{seen:,} bytes in {taken:.0f} seconds")
            return message

        await self._app(scope, limited, send)

    def _too_large(self, size: int) -> GreenPackError:
        return GreenPackError(
            "file_too_large", f"{size:,} bytes, limit {self._most - FORM_BYTES:,} for the photo"
        )


def _announced(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the HTTP parser has let only digits through
    return None
