"""Commits postings in groups: what arrives while one transaction runs goes into the next.

A commit waits for the disk, and SQLite takes one writer at a time. Fifty cameras at once would
queue up for fifty waits; so they share a few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from greenpack.reasons import GreenPackError
from greenpack.records.database import transact
from greenpack.records.postings import Posted, post
from greenpack.records.tables import CameraToken
from greenpack.service.waiting_calls import WaitingCalls

# The most postings in one transaction.
_MOST = 64


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A photo whose bytes are safe, to be put into the queue.

    Attributes:
        camera_id: the camera that posted it.
        token_id: the token it proved itself with.
        sha256: of the bytes.
        size_bytes: how many.
        source_name: the file name, shown only.
        taken_at: when the camera says it was taken, aware, or None.
        waybill_number: that came with it, or None.
        received_at: now; aware.
    """

    camera_id: int
    token_id: int
    sha256: str
    size_bytes: int
    source_name: str
    taken_at: datetime | None
    waybill_number: str | None
    received_at: datetime


Outcome = tuple[Posted, bool] | Exception


class Committing:
    """Puts postings into the queue, in the order they come."""

    def __init__(self, engine: Callable[[], Engine], in_thread: WaitingCalls) -> None:
        """Prepare.

        Args:
            engine: gives the opened database.
            in_thread: runs what waits for the database.
        """
        self._engine = engine
        self._in_thread = in_thread
        self._waiting: list[tuple[NewPosting, asyncio.Future[tuple[Posted, bool]]]] = []
        self._running: asyncio.Task[None] | None = None

    async def commit(self, new: NewPosting) -> tuple[Posted, bool]:
        """The posting, and whether it is new; when this returns, it is committed.

        Raises:
            GreenPackError: ``token_revoked`` if that happened meanwhile; ``database_busy``.
            sqlalchemy.exc.DBAPIError: where the database fails.
        """
        done: asyncio.Future[tuple[Posted, bool]] = asyncio.get_running_loop().create_future()
        self._waiting.append((new, done))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                group = self._waiting[:_MOST]
                del self._waiting[:_MOST]
                news = [new for new, _ in group]
                outcomes = await self._outcomes(news)
                for (_, done), outcome in zip(group, outcomes, strict=True):
                    if done.done():
                        continue  # its request was given up
                    if isinstance(outcome, Exception):
                        done.set_exception(outcome)
                    else:
                        done.set_result(outcome)
        finally:
            self._running = None

    async def _outcomes(self, news: Sequence[NewPosting]) -> Sequence[Outcome]:
        try:
            return await self._in_thread(lambda: _post_all(self._engine(), news))
        except Exception as error:
            if len(news) == 1:
                return [error]
        # One of them may be to blame: the others shall not share it.
        return [outcome for new in news for outcome in await self._outcomes([new])]


def _post_all(engine: Engine, news: Sequence[NewPosting]) -> Sequence[Outcome]:
    def work(session: Session) -> list[Outcome]:
        valid = _valid_tokens(session, news)
        return [
            _post_one(session, new) if new.token_id in valid else GreenPackError("token_revoked")
            for new in news
        ]

    return transact(engine, work)


def _post_one(session: Session, new: NewPosting) -> tuple[Posted, bool]:
    return post(
        session,
        new.camera_id,
        sha256=new.sha256,
        size_bytes=new.size_bytes,
        source_name=new.source_name,
        taken_at=new.taken_at,
        waybill_number=new.waybill_number,
        received_at=new.received_at,
    )


def _valid_tokens(session: Session, news: Sequence[NewPosting]) -> set[int]:
    """Those tokens that are not revoked at this moment, whatever was known when the photo began."""
    rows = session.exec(
        select(CameraToken.id, CameraToken.revoked_at).where(
            col(CameraToken.id).in_({new.token_id for new in news})
        )
    ).all()
    latest = max(new.received_at for new in news)
    return {
        token_id
        for token_id, revoked_at in rows
        if token_id is not None and (revoked_at is None or revoked_at > latest)
    }
