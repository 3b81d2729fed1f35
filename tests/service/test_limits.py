"""Before anything breaks cameras are told to wait; what is too large or too slow is cut off."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from pathlib import Path

import pytest
from sqlmodel import Session

from greenpack.records.camera_tokens import revoke
from greenpack.records.database import transact
from greenpack.service.problems import RefusedError
from greenpack.service.rate_limit import RateLimit
from greenpack.storage.local_store import LocalStore
from tests.service.running import HUB, RunningService, a_photo, running, settings_in

HEAD = "POST /v1/photos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
FORM = "Content-Type: multipart/form-data; boundary=x\r\n"
PART = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'


def answer_of(connection: socket.socket) -> tuple[int, dict[str, object]]:
    """Status and problem of the answer, which the service ends by itself or not."""
    seen = b""
    while b"\r\n\r\n" not in seen or not seen.rstrip().endswith(b"}"):
        piece = connection.recv(65536)
        if not piece:
            break
        seen += piece
    head, _, body = seen.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def connected(service: RunningService) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def token_of(service: RunningService) -> str:
    service.camera().close()
    return service.tokens[f"{HUB}/line 1"]


def test_a_camera_may_post_a_minutes_photos_at_once_then_as_time_goes() -> None:
    clock = [100.0]
    rates = RateLimit(6, lambda: clock[0])
    for _ in range(6):
        rates.take(1)
    with pytest.raises(RefusedError) as refused:
        rates.take(1)
    assert refused.value.retry_after == pytest.approx(10)
    rates.take(2)
    clock[0] += 10
    rates.take(1)
    with pytest.raises(RefusedError):
        rates.take(1)
    clock[0] += 3600
    for _ in range(6):
        rates.take(1)
    with pytest.raises(RefusedError):
        rates.take(1)


def test_too_many_photos_of_one_camera_wait(tmp_path: Path, migrated_sqlite: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}", photos_per_minute=2)
    with running(settings) as service, service.camera() as camera, service.camera("b") as other:
        codes = [camera.post("/v1/photos", files={"photo": ("a", a_photo(n))}) for n in range(3)]
        assert [code.status_code for code in codes] == [202, 202, 429]
        assert 1 <= int(codes[2].headers["retry-after"]) <= 30
        assert codes[2].json()["code"] == "rate_limited"
        assert other.post("/v1/photos", files={"photo": ("a", a_photo())}).status_code == 202


def test_a_long_queue_makes_cameras_wait_and_lets_them_on(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}", max_backlog=3)
    with running(settings) as service, service.camera() as camera:
        answers = [camera.post("/v1/photos", files={"photo": ("a", a_photo(n))}) for n in range(5)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
        assert answers[3].json()["code"] == "backlog_full"
        assert answers[3].headers["retry-after"] == "30"
        assert len(service.stored()) == 3
        with Session(service.engine) as session:
            session.connection().exec_driver_sql("DELETE FROM posting")
            session.commit()
        deadline = time.monotonic() + 10
        while camera.post("/v1/photos", files={"photo": ("a", a_photo(9))}).status_code != 202:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_disk_that_is_nearly_full_takes_no_photo(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}", min_free_bytes=1 << 60)
    with running(settings) as service, service.camera() as camera:
        answer = camera.post("/v1/photos", files={"photo": ("a", a_photo())})
        assert (answer.status_code, answer.json()["code"]) == (507, "disk_low")
        assert answer.headers["retry-after"] == "60"
        ready = camera.get("/readyz")
        assert ready.status_code == 503
        assert {check["what"]: check["ok"] for check in ready.json()["checks"]} == {
            "database": True,
            "disk": False,
            "model": True,
        }
        assert not service.stored()


class _FullStore(LocalStore):
    def put_file(self, path: Path, sha256: str, suffix: str) -> None:
        raise OSError(28, "No space left on device")


def test_a_disk_that_is_full_all_the_same_acknowledges_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}")
    with running(settings, store=_FullStore(tmp_path / "originals")) as service:
        with service.camera() as camera:
            answer = camera.post("/v1/photos", files={"photo": ("a", a_photo(1))})
            assert (answer.status_code, answer.json()["code"]) == (507, "disk_low")
            assert "device" not in answer.text
            asked = camera.get("/v1/photos/1")
            assert asked.status_code == 404
        assert not service.stored()


def test_a_body_without_end_costs_neither_memory_nor_disk(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}", max_file_bytes=1_000_000)
    with running(settings, header_seconds=0.5) as service:
        head = HEAD.format(token=token_of(service)) + FORM
        with connected(service) as connection:
            # It says so itself: refused before a byte of it is read.
            connection.sendall((head + f"Content-Length: {5 << 30}\r\n\r\n").encode() + PART)
            assert answer_of(connection)[0] == 413
        with connected(service) as connection:
            # It does not say so: cut off at the limit, and the connection is closed soon after.
            connection.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
            chunk = b"10000\r\n" + b"\xff\xd8\xff\xe0" * 0x4000 + b"\r\n"
            connection.sendall(b"%x\r\n%b\r\n" % (len(PART), PART))
            assert 1_000_000 < _sent_until_closed(connection, chunk) < 5 << 30
        assert not service.stored()
        assert any(event.get("reason") == "file_too_large" for event in service.events())


def _sent_until_closed(connection: socket.socket, chunk: bytes) -> int:
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < 5 << 30:
            connection.sendall(chunk)
            sent += len(chunk)
    return sent


def test_a_sender_that_falls_silent_is_let_go(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}", body_idle_seconds=0.3)
    with running(settings, header_seconds=0.5) as service:
        head = HEAD.format(token=token_of(service)) + FORM + "Content-Length: 5000\r\n\r\n"
        with connected(service) as connection:
            connection.sendall(head.encode() + PART + a_photo())
            assert answer_of(connection)[0] == 408
        for start in (b"", b"POST /v1/pho", b"GET /healthz HTTP/1.1\r\nX: "):
            with connected(service) as connection:
                connection.sendall(start)
                began = time.monotonic()
                with contextlib.suppress(ConnectionResetError):
                    assert connection.recv(100) == b""
                assert time.monotonic() - began < 5
        assert not service.stored()


def test_half_a_photo_is_no_photo(service: RunningService) -> None:
    head = HEAD.format(token=token_of(service)) + FORM + "Content-Length: 5000000\r\n\r\n"
    with connected(service) as connection:
        connection.sendall(head.encode() + PART + a_photo(size=3_000_000))
        time.sleep(0.2)
    deadline = time.monotonic() + 10
    while not any(event.get("reason") == "request_cut_off" for event in service.events()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not service.stored()
    with service.camera() as camera:
        assert camera.get("/v1/photos/1").status_code == 404


def test_a_connection_serves_after_an_answer_that_came_early(service: RunningService) -> None:
    with connected(service) as connection:
        body = PART + a_photo(size=100_000) + b"\r\n--x--\r\n"
        head = "POST /v1/photos HTTP/1.1\r\nHost: x\r\n" + FORM
        connection.sendall((head + f"Content-Length: {len(body)}\r\n\r\n").encode())
        assert answer_of(connection)[0] == 401
        connection.sendall(body)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer_of(connection)[0] == 200


def test_a_token_revoked_while_its_photo_arrives_posts_nothing(service: RunningService) -> None:
    with service.camera() as camera:
        assert camera.get("/v1/photos/1").status_code == 404  # the token is known by now
        assert transact(service.engine, lambda session: revoke(session, "line 1")) == 1
        answer = camera.post("/v1/photos", files={"photo": ("a", a_photo())})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")
    with Session(service.engine) as session:
        count = session.connection().exec_driver_sql("SELECT count(*) FROM posting").scalar()
        assert count == 0


def test_a_database_that_is_away_is_told_and_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "not yet"
    folder.write_text("a file where the folder should be")
    settings = settings_in(tmp_path, f"sqlite:///{folder / 'a.db'}")
    with running(settings) as service:
        with service.client("gp_1_" + "A" * 43) as camera:
            answer = camera.post("/v1/photos", files={"photo": ("a", a_photo())})
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unreachable")
            assert answer.headers["retry-after"] == "10"
            ready = camera.get("/readyz")
            assert (ready.status_code, ready.json()["checks"][0]["ok"]) == (503, False)
            assert "greenpack_database_up 0.0" in camera.get("/metrics").text
        folder.unlink()
        with service.camera() as camera:
            answer = camera.post("/v1/photos", files={"photo": ("a", a_photo())})
            assert answer.status_code == 202
