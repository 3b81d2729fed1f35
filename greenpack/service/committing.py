"""Commits postings in groups: what arrives while one transaction runs goes into the next.

A commit waits for the disk, and SQLite takes one writer at a time. Fifty cameras at once would
queue up for fifty waits; so they share a few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from greenpack.reasons import GreenPackError
from greenpack.records.database import transact
from greenpack.records.posting_group import NewPosting, post_all
from greenpack.records.postings import Posted
from greenpack.records.tables import CameraToken
from greenpack.service.waiting_calls import WaitingCalls

# The most postings in one transaction.
_MOST = 64
# While so many photos more are on their way, a transaction waits so long for some of them: under
# load the transactions then are fewer and larger, and a camera alone never waits.
_ON_THEIR_WAY = 4
_GATHER_SECONDS = 0.02


# A photo whose bytes are safe, and the token its camera proved itself with.
Held = tuple[NewPosting, int]
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
        self._waiting: list[tuple[Held, asyncio.Future[tuple[Posted, bool]]]] = []
        self._running: asyncio.Task[None] | None = None
        self._expected = 0

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Within this block a photo is on its way to be committed."""
        self._expected += 1
        try:
            yield
        finally:
            self._expected -= 1

    async def commit(self, new: NewPosting, token_id: int) -> tuple[Posted, bool]:
        """The posting, and whether it is new; when this returns, it is committed.

        Raises:
            GreenPackError: ``token_revoked`` if that happened meanwhile; ``database_busy``.
            sqlalchemy.exc.DBAPIError: where the database fails.
        """
        done: asyncio.Future[tuple[Posted, bool]] = asyncio.get_running_loop().create_future()
        self._waiting.append(((new, token_id), done))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                if self._expected - len(self._waiting) >= _ON_THEIR_WAY:
                    await asyncio.sleep(_GATHER_SECONDS)
                group = self._waiting[:_MOST]
                del self._waiting[:_MOST]
                outcomes = await self._outcomes([held for held, _ in group])
                for (_, done), outcome in zip(group, outcomes, strict=True):
                    if done.done():
                        continue  # its request was given up
                    if isinstance(outcome, Exception):
                        done.set_exception(outcome)
                    else:
                        done.set_result(outcome)
        finally:
            self._running = None

    async def _outcomes(self, group: Sequence[Held]) -> Sequence[Outcome]:
        try:
            return await self._in_thread(lambda: _post_all(self._engine(), group))
        except Exception as error:
            if len(group) == 1:
                return [error]
        # One of them may be to blame: the others shall not share it.
        return [outcome for held in group for outcome in await self._outcomes([held])]


def _post_all(engine: Engine, group: Sequence[Held]) -> Sequence[Outcome]:
    def work(session: Session) -> list[Outcome]:
        valid = _valid_tokens(session, group)
        posted = iter(post_all(session, [new for new, token in group if token in valid]))
        return [
            next(posted) if token in valid else GreenPackError("token_revoked")
            for _, token in group
        ]

    return transact(engine, work)


def _valid_tokens(session: Session, group: Sequence[Held]) -> set[int]:
    """Those that are not revoked at this moment, whatever was known when the photos began."""
    rows = session.exec(
        select(CameraToken.id, CameraToken.revoked_at).where(
            col(CameraToken.id).in_({token for _, token in group})
        )
    ).all()
    latest = max(new.received_at for new, _ in group)
    return {
        token_id
        for token_id, revoked_at in rows
        if token_id is not None and (revoked_at is None or revoked_at > latest)
    }
