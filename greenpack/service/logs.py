"""Logs as JSON lines: one event a line, with the photo's and the camera's numbers.

Everything that a process logs goes through here, also what libraries log by ``logging``.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

# What holds a secret, should it ever get so far.
_SECRET = {"token", "authorization", "password"}


def configure_logs(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all logs of this process to a stream, standard error if none is given."""
    target = sys.stderr if stream is None else stream
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _without_secrets,
        structlog.processors.format_exc_info,
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    structlog.configure(
        processors=[*shared, _first_things_first, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _first_things_first,
                render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # They tell of each request, each step of a migration, each byte after a form's end.
    for name in ("httpx", "alembic", "python_multipart"):
        logging.getLogger(name).setLevel(logging.ERROR)


def log() -> FilteringBoundLogger:
    """The logger: ``log().info("photo accepted", photo=17, camera=3)``."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def _without_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: "***" if name in _SECRET else value for name, value in event.items()}


def _first_things_first(_logger: Any, _method: str, event: EventDict) -> EventDict:
    first = {name: event.pop(name) for name in ("time", "level", "event") if name in event}
    return {**first, **event}
