"""A lease is kept as long as it is needed, and a hung library does not keep it for ever."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from greenpack.records.database import transact
from greenpack.records.postings import claim
from greenpack.work.lease import renewed
from tests.painted import Scene
from tests.work.conftest import Hub

LEASE = timedelta(seconds=0.3)


def now() -> datetime:
    return datetime.now(UTC)


def test_a_lease_is_renewed_until_the_block_is_left(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    hub.clock.at = now()
    posting = hub.post(Scene())

    def claimed_by(worker: str) -> list[int]:
        return [
            each.id
            for each in transact(
                hub.engine, lambda session: claim(session, worker, 1, now(), LEASE)
            )
        ]

    assert claimed_by("one") == [posting]
    with renewed(hub.engine, [posting], "one", LEASE, now):
        time.sleep(3 * LEASE.total_seconds())
        assert claimed_by("two") == []
    assert not [thread for thread in threading.enumerate() if thread.name == "renew"]
    time.sleep(1.2 * LEASE.total_seconds())
    assert claimed_by("two") == [posting]


def test_what_takes_too_long_ends_the_process_whatever_it_does() -> None:
    # A thread in C code that keeps the interpreter's lock, as a library that hangs may do.
    code = (
        "import ctypes\n"
        "from greenpack.work.lease import time_limit\n"
        "with time_limit(0.2): ctypes.PyDLL(None).sleep(30)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=20
    )
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr


def test_what_is_quick_enough_goes_on() -> None:
    code = (
        "import time\n"
        "from greenpack.work.lease import time_limit\n"
        "with time_limit(0.2): pass\n"
        "time.sleep(0.4); print('there')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20
    )
    assert ended.stdout == "there\n"
