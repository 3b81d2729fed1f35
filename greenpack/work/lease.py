"""Holding on to postings while they are worked on: a thread renews the lease."""

from __future__ import annotations

import faulthandler
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from greenpack.reasons import GreenPackError
from greenpack.records.database import transact
from greenpack.records.postings import renew
from greenpack.service.logs import log


@contextmanager
def renewed(
    engine: Engine,
    ids: Sequence[int],
    worker: str,
    lease: timedelta,
    clock: Callable[[], datetime],
) -> Iterator[None]:
    """Renew the lease of postings three times as often as needed, until the block is left.

    A renewal that fails is tried again at the next turn: what was lost meanwhile is found out
    when it is to be finished.
    """
    over = threading.Event()

    def keep() -> None:
        while not over.wait(lease.total_seconds() / 3):
            try:
                transact(engine, lambda session: renew(session, ids, worker, clock(), lease))
            except (SQLAlchemyError, GreenPackError) as error:
                log().warning("lease not renewed", worker=worker, error=str(error))

    thread = threading.Thread(target=keep, name="renew", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End the process, with its stack on standard error, if the block takes longer.

    A photo that makes a library hang cannot be interrupted from Python, whatever thread tries.
    The try was counted, the next worker takes the photo alone, and after three it is given up.
    """
    # Not sys.stderr, which a test or a library may have replaced by something without a file.
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or 2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
