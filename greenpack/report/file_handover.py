"""How a file that was made for somebody gets to their browser, from the disk and not from memory.

A page is drawn over a websocket. So the page gives the browser a ticket, good for some minutes,
and the browser fetches the file with it from an address of the same server.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATH: Final = "/greenpack/file"
_TICKET_SECONDS: Final = 600.0
_MOST: Final = 200
# What a process that was killed left behind is older than any file that is being written.
_LEFT_SECONDS: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that waits for its browser.

    Attributes:
        path: where it is; deleted once its ticket is no good any more.
        name: as the browser keeps it.
        media_type: as the browser is told.
    """

    path: Path
    name: str
    media_type: str


class FileTickets:
    """Files that wait for their browsers, known to this process alone; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[WaitingFile, float]] = {}

    def give(self, file: WaitingFile) -> str:
        """A ticket for a file, which is this object's from now on."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_old()
            self._waiting[ticket] = (file, self._clock() + _TICKET_SECONDS)
        return ticket

    def find(self, ticket: str) -> WaitingFile | None:
        """The file, as often as it is asked for in time: browsers ask again where one breaks off.

        What the browser has begun to read stays readable to it when the file is deleted.
        """
        with self._lock:
            self._forget_old()
            found = self._waiting.get(ticket)
        return None if found is None else found[0]

    def _forget_old(self) -> None:
        now = self._clock()
        for ticket, (file, until) in list(self._waiting.items()):
            if until > now and len(self._waiting) < _MOST:
                break
            del self._waiting[ticket]
            with suppress(OSError):
                file.path.unlink()


# The one that pages and address share.
FILES: Final = FileTickets()


@contextmanager
def file_to_write(folder: Path, ending: str) -> Iterator[Path]:
    """A path for a new file in a folder; if the block does not end well, the file is deleted.

    Raises:
        OSError: if the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear_left(folder)
    path = folder / f"{secrets.token_hex(16)}.{ending}"
    try:
        yield path
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def fetch_script(ticket: str, base: str) -> str:
    """HTML whose script has the browser save the file, once however often it is drawn."""
    address = file_address(ticket, base)
    return (
        "<script>(() => {"
        f"const key = {json.dumps('greenpack ' + ticket)};"
        "if (!sessionStorage.getItem(key)) {"
        "sessionStorage.setItem(key, '1');"
        "const link = document.createElement('a');"
        # Not put into the page: a click elsewhere in it would close what the button stands in.
        f"link.href = {json.dumps(address)}; link.download = ''; link.click();}}"
        "})();</script>"
    )


def file_address(ticket: str, base: str) -> str:
    """Where the browser fetches it, without the server's name."""
    before = f"/{base.strip('/')}" if base.strip("/") else ""
    return f"{before}{PATH}/{ticket}"


def _clear_left(folder: Path) -> None:
    oldest = time.time() - _LEFT_SECONDS
    for path in folder.iterdir():
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
