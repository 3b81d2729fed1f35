"""A PostgreSQL server of one's own, that may be killed: on disk, with everything synchronous."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PrivatePostgres:
    """A server below a folder; killing it loses nothing that it committed.

    Args:
        folder: one that it was made in before, or empty, or not there yet.
        settings: names and values as in ``postgresql.conf``.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._settings = dict(settings or {})
        self._user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        self._superuser = self._user or getpass.getuser()
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if not (folder / "data").exists():
            self._make()
        self.start()

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://{self._superuser}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = {
            **self._settings,
            "port": str(self._port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", str(self._folder / "data")]
                + [word for name, value in settings.items() for word in ("-c", f"{name}={value}")],
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, as a crash would: connections break, nothing is written any more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
            self._process = None

    def _make(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._user is not None:
            os.chown(self._folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._run(
            "initdb", "-D", str(self._folder / "data"), "-U", self._superuser, "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_program(program), *arguments],
            user=self._user,
            cwd=self._folder,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=True,
            capture_output=True,
        )


def _program(name: str) -> str:
    found = shutil.which(name) or next(
        map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise SystemExit(f"{name} is missing: apt-get install postgresql")
    return found
