"""A folder's photos reach the service, each once, through cuts and refusals."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from greenpack.client.back_off import MOST_SECONDS, pause
from greenpack.client.journal import JOURNAL_NAME, Journal
from greenpack.client.posting_folder import FolderPosting, PostedLine, PostingWishes
from greenpack.client.service_calls import ServiceCalls
from greenpack.reasons import GreenPackError
from tests.service.running import HUB, RunningService, a_photo, sha


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three photos, and what is none."""
    place = tmp_path / "camera"
    (place / "later").mkdir(parents=True)
    for number, name in enumerate(("a.jpg", "b.JPG", "later/c.jpeg")):
        (place / name).write_bytes(a_photo(number))
    (place / "notes.txt").write_text("no photo")
    (place / "empty.jpg").touch()
    return place


def post_all(
    folder: Path, url: str, token: str, wishes: PostingWishes | None = None
) -> list[PostedLine]:
    """Post a folder as `greenpack post` does, without waiting between attempts."""
    calls = ServiceCalls(url, token)
    journal = Journal(folder / JOURNAL_NAME, url)
    try:
        posting = FolderPosting(
            folder, calls, journal, wishes or PostingWishes(), sleep=lambda _seconds: None
        )
        return list(posting.post_all())
    finally:
        journal.close()
        calls.close()


def token_of(running: RunningService) -> str:
    running.camera().close()
    return running.tokens[f"{HUB}/line 1"]


def test_each_photo_is_posted_once(service: RunningService, folder: Path) -> None:
    token = token_of(service)
    lines = post_all(folder, service.url, token)
    assert [(line.path.name, line.outcome) for line in lines] == [
        ("a.jpg", "accepted"),
        ("b.JPG", "accepted"),
        ("c.jpeg", "accepted"),
    ]
    assert {path.stem for path in service.stored()} == {sha(a_photo(n)) for n in range(3)}
    assert post_all(folder, service.url, token) == []
    # The same bytes under another name are known without being sent.
    (folder / "copy.jpg").write_bytes(a_photo(0))
    assert [line.outcome for line in post_all(folder, service.url, token)] == ["duplicate"]
    # Without its journal the service tells.
    (folder / JOURNAL_NAME).unlink()
    assert {line.outcome for line in post_all(folder, service.url, token)} == {"duplicate"}


def test_what_is_refused_is_told_and_not_sent_again(
    service: RunningService,
    folder: Path,
) -> None:
    (folder / "0.jpg").write_bytes(b"no image at all")
    token = token_of(service)
    lines = post_all(folder, service.url, token)
    assert [line.outcome for line in lines] == ["refused", "accepted", "accepted", "accepted"]
    assert lines[0].reason == "unreadable"
    assert post_all(folder, service.url, token) == []
    again = post_all(folder, service.url, token, PostingWishes(again=True))
    assert [(line.path.name, line.outcome) for line in again] == [("0.jpg", "refused")]


def test_sent_photos_are_deleted_where_that_is_wished(
    service: RunningService,
    folder: Path,
) -> None:
    (folder / "0.jpg").write_bytes(b"no image at all")
    post_all(folder, service.url, token_of(service), PostingWishes(delete=True))
    assert sorted(path.name for path in folder.rglob("*.jp*g")) == ["0.jpg", "empty.jpg"]


def test_a_wrong_token_ends_it_at_once(service: RunningService, folder: Path) -> None:
    with pytest.raises(GreenPackError) as refused:
        post_all(folder, service.url, "gp_1_" + "A" * 43)
    assert refused.value.code == "token_unknown"


class Flaky(ThreadingHTTPServer):
    """Stands before a service: cuts every other answer off after the photo went through."""

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Cutting)
        self.behind = behind
        self.posts = 0
        self.waits = 2

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Cutting(BaseHTTPRequestHandler):
    server: Flaky
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.waits:
            self.server.waits -= 1
            self._answer(429, b'{"code": "backlog_full"}', {"Retry-After": "7"})
            return
        self.server.posts += 1
        status, answer = self._pass_on("POST", body)
        if self.server.posts % 2:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            self._answer(status, answer, {})

    def do_GET(self) -> None:
        self._answer(*self._pass_on("GET", b""), {})

    def _pass_on(self, method: str, body: bytes) -> tuple[int, bytes]:
        import httpx

        kept = {"authorization", "content-type", "x-checksum-sha256"}
        headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
        answer = httpx.request(
            method, self.server.behind + self.path, content=body, headers=headers
        )
        return answer.status_code, answer.content

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def flaky(service: RunningService) -> Iterator[Flaky]:
    """A network that breaks off between a service and its client."""
    server = Flaky(service.url)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_that_is_lost_is_asked_for(
    service: RunningService,
    flaky: Flaky,
    folder: Path,
) -> None:
    waits: list[float] = []
    calls = ServiceCalls(flaky.url, token_of(service))
    journal = Journal(folder / JOURNAL_NAME, flaky.url)
    posting = FolderPosting(folder, calls, journal, PostingWishes(), sleep=waits.append)
    lines = list(posting.post_all())
    journal.close()
    calls.close()
    assert [line.photo_id for line in lines] == [1, 2, 3]
    # Each photo crossed the network once, although two answers were cut off.
    assert flaky.posts == 3
    assert all(7 <= seconds <= 7.7 for seconds in waits[:2])
    assert len(service.stored()) == 3


def test_a_service_that_stays_away_ends_it_and_nothing_is_forgotten(
    service: RunningService,
    folder: Path,
) -> None:
    token = token_of(service)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with pytest.raises(GreenPackError) as refused:
        post_all(folder, away, token)
    assert refused.value.code == "service_unreachable"
    assert len(post_all(folder, service.url, token)) == 3


def test_a_journal_has_one_writer(tmp_path: Path) -> None:
    first = Journal(tmp_path / "journal.db", "http://a")
    with pytest.raises(GreenPackError) as refused:
        Journal(tmp_path / "journal.db", "http://a")
    assert refused.value.code == "journal_in_use"
    first.settle("0" * 64, 7, None)
    first.close()
    again = Journal(tmp_path / "journal.db", "http://a")
    assert again.settled("0" * 64) is not None
    again.close()
    # What one service has, another has not.
    other = Journal(tmp_path / "journal.db", "http://b")
    assert other.settled("0" * 64) is None
    other.close()


def test_pauses_grow_and_keep_to_what_is_asked() -> None:
    assert [pause(attempt, None, share=1.0) for attempt in range(4)] == [1, 2, 4, 8]
    assert pause(50, None, share=1.0) == MOST_SECONDS
    assert pause(3, None, share=0.0) == 4
    assert pause(0, 30.0, share=0.0) == 30
    assert pause(9, 30.0, share=1.0) == 33


def test_the_command_posts_and_tells(
    service: RunningService,
    folder: Path,
    tmp_path: Path,
) -> None:
    token = tmp_path / "token"
    token.write_text(token_of(service) + "\n")
    command = [sys.executable, "-m", "greenpack", "post", str(folder), "--url", service.url]
    done = subprocess.run(
        [*command, "--token-file", str(token), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["outcome"] for line in told] == ["accepted"] * 3
    token.write_text("not a token")
    done = subprocess.run(
        [*command, "--token-file", str(token)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "does not hold a camera token" in done.stderr
