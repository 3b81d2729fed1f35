"""Several programs as children of one: their output prefixed, the dead restarted, all ended."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

# Pauses before a child is started again; one that ran this long was sound and starts at once.
BACK_OFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
SOUND_SECONDS = 60.0
# How long a child may take to finish what it holds.
PATIENCE_SECONDS = 30.0

Say = Callable[[str, str], None]


@dataclass
class Child:
    """A program that is to run all the time, or again and again.

    Attributes:
        name: a word that stands before each line it prints.
        command: program and arguments.
        environment: variables that it gets besides this process's.
        every_seconds: of one that ends by itself, how long after its start it is run again; 0 for
            one that is to run all the time.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    every_seconds: float = 0.0


class _Running:
    """A child with its process, its deaths, and when it may start again."""

    def __init__(self, child: Child, say: Say, back_off: Sequence[float]) -> None:
        self.child = child
        self.process: subprocess.Popen[str] | None = None
        self._say = say
        self._back_off = back_off
        self._deaths = 0
        self._started = 0.0
        self._next_start = 0.0
        self._readers: list[threading.Thread] = []

    def keep_alive(self) -> None:
        """Start it where it does not run and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self._bury(code, now)
        if now >= self._next_start:
            self._start(now)

    def _start(self, now: float) -> None:
        # A session of its own: Ctrl-C on the terminal reaches the parent alone, which then ends
        # its children in order.
        self.process = subprocess.Popen(
            list(self.child.command),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.child.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._started = now
        assert self.process.stdout is not None
        reader = threading.Thread(target=self._pass_on, args=(self.process.stdout,), daemon=True)
        reader.start()
        self._readers = [reader]

    def _pass_on(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self._say(self.child.name, line.rstrip("\n"))

    def _bury(self, code: int, now: float) -> None:
        for reader in self._readers:
            reader.join(1.0)
        self.process = None
        if self.child.every_seconds and code == 0:
            self._deaths = 0
            self._next_start = self._started + self.child.every_seconds
            return
        self._deaths = 0 if now - self._started > SOUND_SECONDS else self._deaths + 1
        wait = self._back_off[min(self._deaths, len(self._back_off)) - 1] if self._deaths else 0.0
        self._next_start = now + wait
        self._say(self.child.name, f"ended {_how(code)}; starting it again in {wait:.0f} s")

    def tell_to_end(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until it has ended; past the deadline it is killed with all of its own children."""
        if self.process is None:
            return
        try:
            code = self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._say(self.child.name, "does not end; killed")
            os.killpg(self.process.pid, signal.SIGKILL)
            code = self.process.wait()
        for reader in self._readers:
            reader.join(1.0)
        self._say(self.child.name, f"ended {_how(code)}")
        self.process = None


def run_children(
    children: Sequence[Child],
    stop: threading.Event,
    say: Say,
    *,
    back_off: Sequence[float] = BACK_OFF_SECONDS,
    patience: float = PATIENCE_SECONDS,
) -> None:
    """Keep the children running until told to stop, then end them; the first is ended first.

    Args:
        children: what is to run.
        stop: set from elsewhere.
        say: gets a child's name and a line that it printed, from several threads.
        back_off: pauses before a child that died is started again, seconds.
        patience: how long they may take to end, seconds.
    """
    running = [_Running(child, say, back_off) for child in children]
    try:
        while not stop.is_set():
            for one in running:
                one.keep_alive()
            stop.wait(0.2)
    finally:
        deadline = time.monotonic() + patience
        for one in running:
            one.tell_to_end()
        for one in running:
            one.end(deadline)


def _how(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
