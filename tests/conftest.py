"""What tests share: a private PostgreSQL server that lives as long as the test run."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import psycopg
import pytest

SKIP = "GREENPACK_SKIP_POSTGRES"

# Speed is measured in benchmarks: a property that holds also holds on a machine with other work.
hypothesis.settings.register_profile("greenpack", deadline=None)
hypothesis.settings.load_profile("greenpack")


@dataclass(frozen=True)
class PostgresServer:
    """A running server that nobody else uses.

    Attributes:
        port: on 127.0.0.1.
        user: a superuser that needs no password.
    """

    port: int
    user: str

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database as a copy of another; return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')  # type: ignore[arg-type]
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')  # type: ignore[arg-type]


def _programs() -> Path | None:
    """The folder with initdb and postgres, which Debian keeps off the path."""
    for found in (
        shutil.which("initdb"),
        *map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    ):
        if found is not None and Path(found).with_name("postgres").exists():
            return Path(found).parent
    if shutil.which("pg_config"):
        shown = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True, check=True
        )
        folder = Path(shown.stdout.strip())
        if (folder / "initdb").exists():
            return folder
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL does not start:\n{log.read_text()}")
            time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A private server in a folder of its own, gone at the end of the run."""
    programs = _programs()
    if programs is None:
        if os.environ.get(SKIP) == "1":
            pytest.skip(f"no PostgreSQL programs, and {SKIP}=1")
        pytest.fail(
            "These tests run on PostgreSQL too and its programs are missing: "
            f"apt-get install postgresql (or leave these tests out with {SKIP}=1)."
        )
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    # In memory where there is such a folder: databases are made and dropped by the hundred.
    memory: str | None = "/dev/shm"
    if not Path(memory).is_dir() or shutil.disk_usage(memory).free < 1 << 30:
        memory = None
    folder = Path(tempfile.mkdtemp(prefix="greenpack-postgres-", dir=memory))
    data, log = folder / "data", folder / "log"
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    superuser = user or getpass.getuser()
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            superuser,
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ],
        user=user,
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
    )
    server = PostgresServer(_free_port(), superuser)
    options = {
        "port": server.port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "timezone": "Asia/Shanghai",  # times must come back in UTC all the same
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data]
            + [word for name, value in options.items() for word in ("-c", f"{name}={value}")],
            user=user,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away anyway
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """The name of a database with the newest schema and no rows, to be copied."""
    from greenpack.records.database import open_database

    name = "greenpack_template"
    open_database(postgres_server.create(name)).dispose()
    return name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema and no rows, to be copied."""
    from greenpack.records.database import open_database

    path = tmp_path_factory.mktemp("template") / "records.db"
    open_database(str(path)).dispose()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any schema, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"empty_{uuid.uuid4().hex}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without rows, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        path = tmp_path / "records.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("migrated_postgres")
    name = f"test_{uuid.uuid4().hex}"
    yield server.create(name, template)
    server.drop(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that load the model into this process come first, while it is still small."""
    items.sort(key=lambda item: "test_detector.py" not in item.nodeid)


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """Puts `__main__` back: Streamlit's tests leave a page there, for spawned processes to load."""
    own = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = own
