"""A running report and a browser to open it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.report.pages.example_records import make_records

ROOT = Path(__file__).parents[2]
SKIP = "GREENPACK_SKIP_BROWSER"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get(SKIP) == "1":
            pytest.skip(f"no Chromium, and {SKIP}=1")
        pytest.fail(
            "These tests drive a real browser and Chromium is missing: "
            f"apt-get install chromium (or leave these tests out with {SKIP}=1)."
        )
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def report(tmp_path: Path) -> Iterator[str]:
    """The address of a report on a data folder of its own that asks nobody who they are."""
    data = tmp_path / "data"
    data.mkdir()
    make_records(data).dispose()
    with served(tmp_path, data, GREENPACK_SIGN_IN="none") as address:
        yield address


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    folder: Path,
    data: Path,
    *,
    port: int | None = None,
    options: Sequence[str] = (),
    **settings: str,
) -> Iterator[str]:
    """A report as the readme says it is started.

    Args:
        folder: for its log.
        data: the data folder.
        port: to listen on; None: any.
        options: further ones of Streamlit's command line.
        settings: environment variables.
    """
    port = free_port() if port is None else port
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GREENPACK_", "STREAMLIT_"))
    }
    listening = ["--server.headless", "true", "--server.port", str(port)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *listening, *options],
            cwd=ROOT,
            env={**kept, "GREENPACK_DATA_FOLDER": str(data), **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the report does not start:\n{log.read_text()}")
            time.sleep(0.1)
