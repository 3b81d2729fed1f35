"""Each request gets a number that stands in its log lines and in its answer."""

from __future__ import annotations

import secrets

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestNumbers:
    """ASGI middleware: the header ``X-Request-Id`` of every answer, and ``request`` in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its number."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        scope["greenpack.request"] = number
        client = scope.get("client")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request=number, client=None if client is None else client[0]
        )

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), (b"x-request-id", number.encode())]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, numbered)
