"""Which camera a request comes from, told before its body is read."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from greenpack.reasons import GreenPackError
from greenpack.records.camera_tokens import TokenCamera, camera_of_token
from greenpack.records.columns import storable
from greenpack.records.database import reading
from greenpack.service.waiting_calls import WaitingCalls

# How long an answer of the database is believed; a posting asks again when it is committed.
KNOWN_SECONDS = 5.0
_MOST_KNOWN = 10_000
# Longer than any token, so that nothing is looked up for what cannot be one.
_MOST_CHARACTERS = 200


class Bearer:
    """Knows cameras by their tokens."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        in_thread: WaitingCalls,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare.

        Args:
            engine: gives the opened database.
            in_thread: runs what waits for the database.
            now: the time of day; aware.
        """
        self._engine = engine
        self._in_thread = in_thread
        self._now = now
        self._known: dict[bytes, tuple[TokenCamera, float]] = {}

    async def camera(self, authorization: str | None) -> TokenCamera:
        """The camera that the header ``Authorization`` proves.

        Raises:
            GreenPackError: ``token_missing``, ``token_unknown``, ``token_revoked``.
        """
        token = _token(authorization)
        # Looked up by hash: how long that takes says nothing about tokens there are.
        key = hashlib.sha256(token.encode()).digest()
        found = self._known.get(key)
        if found is not None and found[1] > time.monotonic():
            return found[0]
        self._known.pop(key, None)
        camera = await self._in_thread(lambda: self._look_up(token))
        if camera is None:
            raise GreenPackError("token_unknown")
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = (camera, time.monotonic() + KNOWN_SECONDS)
        return camera

    def _look_up(self, token: str) -> TokenCamera | None:
        with reading(self._engine()) as session:
            return camera_of_token(session, token, self._now())


def check_hub(camera: TokenCamera, named: str | None) -> None:
    """Refuse a camera where the sender names another hub than the token's.

    Raises:
        GreenPackError: ``hub_not_allowed``.
    """
    if named and not f"/{camera.hub}".endswith(f"/{storable(named)}"):
        raise GreenPackError("hub_not_allowed")


def _token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise GreenPackError("token_missing")
    if len(token) > _MOST_CHARACTERS or not token.isascii():
        raise GreenPackError("token_unknown")
    return token
