"""A lease is kept as long as it is needed, and a hung library does not keep it for ever."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta

from sqlmodel import select

from greenpack.records.database import reading, transact
from greenpack.records.posting_tables import Posting
from greenpack.records.postings import claim
from greenpack.work.lease import renewed
from tests.painted import Scene
from tests.work.conftest import Hub

LEASE = timedelta(seconds=0.15)


def held_until(hub: Hub) -> datetime | None:
    with reading(hub.engine) as session:
        return session.exec(select(Posting.lease_until)).one()


def wait_for(hub: Hub, moment: datetime) -> None:
    deadline = time.monotonic() + 60
    while held_until(hub) != moment:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_lease_is_renewed_until_the_block_is_left(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    posting = hub.post(Scene())
    transact(hub.engine, lambda session: claim(session, "one", 1, hub.clock(), LEASE))
    with renewed(hub.engine, [posting], "one", LEASE, hub.clock):
        for _ in range(2):
            hub.clock.pass_(minutes=1)
            wait_for(hub, hub.clock() + LEASE)
        kept = hub.clock() + LEASE
    assert not [thread for thread in threading.enumerate() if thread.name == "renew"]
    hub.clock.pass_(minutes=1)
    time.sleep(2 * LEASE.total_seconds())
    assert held_until(hub) == kept


def test_a_database_that_is_away_for_a_moment_does_not_end_the_renewing(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    posting = hub.post(Scene())
    transact(hub.engine, lambda session: claim(session, "one", 1, hub.clock(), LEASE))
    tries: list[datetime] = []

    def clock() -> datetime:
        tries.append(hub.clock())
        if len(tries) < 3:
            raise_away()
        return hub.clock()

    with renewed(hub.engine, [posting], "one", LEASE, clock):
        hub.clock.pass_(minutes=1)
        wait_for(hub, hub.clock() + LEASE)
    assert len(tries) >= 3


def raise_away() -> None:
    from sqlalchemy.exc import InterfaceError

    raise InterfaceError("UPDATE posting", {}, Exception("server closed the connection"))


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )


def test_what_takes_too_long_ends_the_process_whatever_it_does() -> None:
    # A call into C that keeps the interpreter's lock, as a library that hangs may do.
    ended = run(
        "import ctypes\n"
        "from greenpack.work.lease import time_limit\n"
        "with time_limit(0.2): ctypes.PyDLL(None).sleep(100)\n"
    )
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr


def test_what_is_quick_enough_goes_on() -> None:
    ended = run(
        "import time\n"
        "from greenpack.work.lease import time_limit\n"
        "with time_limit(1.0): pass\n"
        "time.sleep(1.3); print('there')\n"
    )
    assert ended.stdout == "there\n", ended.stderr
