"""HTTP at the edge: who dawdles before a request or sends no HTTP at all is refused and logged.

Uvicorn waits for a request's headers for ever, and answers what is no request in plain text. Both
are put right here; everything else is its own.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from greenpack.reasons import GreenPackError
from greenpack.service.logs import log
from greenpack.service.metrics import Metrics
from greenpack.service.problems import MEDIA_TYPE, problem_response

# From a connection's first moment, or the first byte after an answer, to a whole request.
HEADER_SECONDS = 20.0


class WireProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 with a time limit for headers and problem+json for what is no HTTP.

    The rest of a body whose request was refused is read and thrown away within the same limit, so
    that the sender gets to read why; after that the connection is closed.
    """

    metrics: Metrics | None = None
    header_seconds = HEADER_SECONDS

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for headers."""
        super().connection_made(transport)
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Take what came; stop waiting once there is a request under way."""
        super().data_received(data)
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's own)
        """Answer what is no HTTP request, log it and close."""
        refusal = GreenPackError("request_malformed")
        host = self.client[0] if self.client else None
        log().warning("refused", reason=refusal.code, status=400, client=host)
        if self.metrics is not None:
            self.metrics.refused.labels(refusal.code).inc()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            body = bytes(problem_response(refusal).body)
            headers = [
                ("content-type", MEDIA_TYPE),
                ("content-length", str(len(body))),
                ("connection", "close"),
            ]
            answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
            for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _owed(self) -> bool:
        """Whether something is to come that no part of the service waits for."""
        if self.transport.is_closing():
            return False
        if self.cycle is None:
            return True
        if not self.cycle.response_complete:
            return False
        return self.conn.their_state is not h11.IDLE or bool(self.conn.trailing_data[0])

    def _wait_for_request(self) -> None:
        if not self._owed():
            self._stop_waiting()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.header_seconds, self._too_late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if not self._owed():
            return
        host = self.client[0] if self.client else None
        log().warning("connection closed", reason="request_too_slow", client=host)
        if self.metrics is not None:
            self.metrics.refused.labels("request_too_slow").inc()
        self.transport.abort()


def wire_protocol(metrics: Metrics, header_seconds: float = HEADER_SECONDS) -> type[WireProtocol]:
    """The protocol for one service, which counts there what it refuses."""
    return type(
        "ServiceProtocol",
        (WireProtocol,),
        {"metrics": metrics, "header_seconds": header_seconds},
    )
