"""`greenpack up` keeps its children running and ends them in order."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from greenpack.settings import Settings
from greenpack.work.children import Child, run_children
from greenpack.work.whole_machine import Listening, children_of, report_script

SAYS_PID = "import os, time; print('pid', os.getpid(), flush=True); "


class Listener:
    """Keeps what the children print."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def of(self, name: str, start: str = "") -> list[str]:
        return [line for said, line in self.lines if said == name and line.startswith(start)]

    def pids(self, name: str) -> list[int]:
        return [int(line.split()[1]) for line in self.of(name, "pid ")]

    def wait_for(self, there: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not there():
            assert time.monotonic() < deadline, self.lines
            time.sleep(0.02)


@contextmanager
def running(*children: Child, patience: float = 20.0) -> Iterator[Listener]:
    listener, stop = Listener(), threading.Event()
    thread = threading.Thread(
        target=run_children,
        args=(children, stop, listener),
        kwargs={"back_off": (0.1,), "patience": patience},
    )
    thread.start()
    try:
        yield listener
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def program(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", SAYS_PID + code])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_that_dies_is_started_again_and_the_others_go_on() -> None:
    with running(program("a", "time.sleep(60)"), program("b", "time.sleep(60)")) as heard:
        heard.wait_for(lambda: heard.pids("a") and heard.pids("b"))
        os.kill(heard.pids("a")[0], signal.SIGKILL)
        heard.wait_for(lambda: len(heard.pids("a")) == 2)
        assert heard.of("a", "ended by SIGKILL; starting it again")
        assert len(heard.pids("b")) == 1
    assert not any(map(is_alive, [*heard.pids("a"), *heard.pids("b")]))


def test_what_ends_by_itself_is_run_again_in_its_own_time_and_at_once_only_if_it_failed() -> None:
    fails_first = (
        "import pathlib, sys; seen = pathlib.Path(sys.argv[1]); first = not seen.exists()\n"
        "seen.touch(); sys.exit(int(first))"
    )
    with tempfile.TemporaryDirectory() as folder:
        child = Child(
            "a", [*program("a", fails_first).command, f"{folder}/seen"], every_seconds=1.0
        )
        with running(child) as heard:
            heard.wait_for(lambda: len(heard.pids("a")) == 2)
            second = time.monotonic()
            assert heard.of("a", "ended with code 1; starting it again")
            heard.wait_for(lambda: len(heard.pids("a")) == 3)
            assert time.monotonic() - second > 0.5
        assert len(heard.of("a", "ended with code 1")) == 1


def test_a_child_is_let_finish_what_it_holds() -> None:
    finishing = (
        "import signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), print('finished'), sys.exit()))"
        "\nprint('ready', flush=True); time.sleep(60)"
    )
    with running(program("a", finishing)) as heard:
        heard.wait_for(lambda: heard.of("a", "ready"))
    assert heard.of("a")[-2:] == ["finished", "ended with code 0"]


def test_a_child_that_does_not_end_is_killed_with_its_own_children() -> None:
    deaf = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('pid', child.pid, flush=True); time.sleep(60)"
    )
    with running(program("a", deaf), patience=0.3) as heard:
        heard.wait_for(lambda: len(heard.pids("a")) == 2)
    time.sleep(0.1)
    # The grandchild is nobody's to wait for in a container without init: dead, though maybe shown.
    parent, child = heard.pids("a")
    assert not is_alive(parent)
    assert not is_alive(child) or is_zombie(child)


def is_zombie(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    return stat.rpartition(")")[2].split()[0] == "Z"


def test_a_machine_runs_service_workers_report_and_a_daily_sweep(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, service_port=9000)
    children = children_of(settings, Listening("127.0.0.1", 9001, 9002), 2, Path(sys.executable))
    assert [child.name for child in children] == [
        "service",
        "worker1",
        "worker2",
        "report",
        "sweep",
    ]
    assert [child.every_seconds for child in children] == [0, 0, 0, 0, 24 * 3600]
    assert children[2].command[-2:] == ["--metrics-port", "9003"]
    assert {child.environment["GREENPACK_DATA_FOLDER"] for child in children} == {str(tmp_path)}
    assert report_script().is_file()


def test_the_report_is_for_this_machine_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, service_host="0.0.0.0")
    listening = Listening("127.0.0.1", 9001, 0)
    [*_, report, _sweep] = children_of(settings, listening, 1, Path(sys.executable))
    assert "--server.address=127.0.0.1" in report.command
    assert not any("9002" in line for line in listening.addresses(settings))
