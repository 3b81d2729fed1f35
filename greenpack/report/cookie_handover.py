"""How the sign-in's token gets into a cookie that no script can read.

A page of the report is drawn over a websocket, which cannot set a cookie. So the page gives the
browser a ticket, good once and for a minute; the browser shows it to an address of the same
server, and the answer sets the cookie. The token itself is never in the page.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

COOKIE: Final = "greenpack_session"
PATH: Final = "/greenpack/session"
_TICKET_SECONDS: Final = 60.0
_MOST: Final = 10_000


class Tickets:
    """Tokens that wait for their browser, in this process's memory; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[str, float]] = {}

    def give(self, token: str) -> str:
        """A ticket for a token."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_old()
            self._waiting[ticket] = (token, self._clock() + _TICKET_SECONDS)
        return ticket

    def take(self, ticket: str) -> str | None:
        """The token, once and in time; else None."""
        with self._lock:
            self._forget_old()
            token, _ = self._waiting.pop(ticket, (None, 0.0))
        return token

    def is_waiting(self, ticket: str) -> bool:
        """Whether a ticket was not taken yet and still is good."""
        with self._lock:
            self._forget_old()
            return ticket in self._waiting

    def _forget_old(self) -> None:
        now = self._clock()
        # In the order they were given, so the old ones come first.
        for ticket, (_, until) in list(self._waiting.items()):
            if until > now and len(self._waiting) < _MOST:
                break
            del self._waiting[ticket]


# The one that page and address share.
TICKETS: Final = Tickets()


def keep_script(ticket: str, base: str) -> str:
    """HTML whose script shows the ticket, so that the browser keeps the cookie."""
    return _script("POST", base, ticket)


def forget_script(base: str) -> str:
    """HTML whose script has the cookie removed."""
    return _script("DELETE", base, "")


def _script(method: str, base: str, ticket: str) -> str:
    path = f"/{base.strip('/')}{PATH}" if base.strip("/") else PATH
    # Ticket and path hold nothing that a string in a script could end with.
    return (
        f'<script>fetch("{path}", {{method: "{method}", credentials: "same-origin", '
        f'headers: {{"X-Greenpack-Ticket": "{ticket}"}}}});</script>'
    )
