"""Runs the service with uvicorn."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI

from greenpack.service.wire import HEADER_SECONDS, wire_protocol

# Photos under way when the service is told to stop may still come whole.
_STOP_SECONDS = 30
# A camera posts every few seconds: its connection is kept, which saves a handshake a photo.
_KEEP_SECONDS = 75
# More connections than this are refused at once with 503.
_MOST_CONNECTIONS = 1000
# How long one thread may keep the interpreter from the others. A photo crosses between loop and
# threads several times, each of them short: waiting Python's usual 5 ms each time halves the rate.
_TURN_SECONDS = 0.0005


def make_server(
    app: FastAPI, host: str, port: int, header_seconds: float = HEADER_SECONDS
) -> uvicorn.Server:
    """A server for the application that ``make_app`` gives; ``run`` serves until a signal.

    Args:
        app: the service.
        host: the address to listen on.
        port: 0 takes any that is free.
        header_seconds: how long a connection may take to send a request's headers.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=wire_protocol(app.state.parts.metrics, header_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
    )
    return uvicorn.Server(config)


def serve_until_stopped(server: uvicorn.Server) -> bool:
    """Serve until a signal comes; returns whether it could start at all."""
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        server.run()
    except KeyboardInterrupt:
        # Uvicorn has stopped cleanly and raises the signal once more.
        return True
    return server.started


def port_of(server: uvicorn.Server) -> int:
    """The port that a started server listens on."""
    return int(server.servers[0].sockets[0].getsockname()[1])
