"""A real S3-compatible server in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator

import boto3
import fsspec
import pytest

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server on a port that was free."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stderr is not None
        said = ""
        try:
            for line in server.stderr:
                said += line
                address = _ADDRESS.search(line)
                if address is not None:
                    # A pipe that nobody empties would stop the server one day.
                    threading.Thread(target=server.stderr.read, daemon=True).start()
                    yield address[0]
                    break
            else:
                pytest.fail(f"moto's server does not start:\n{said}")
        finally:
            server.terminate()


@pytest.fixture
def s3_environment(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server as a user names it: by the environment variables of AWS."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    yield
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture
def s3(s3_environment: None) -> object:
    """A client beside GreenPack's, to look and to damage."""
    return boto3.client("s3")


@pytest.fixture
def bucket(s3: object) -> str:
    """The name of an empty bucket."""
    name = f"hub-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    return name
