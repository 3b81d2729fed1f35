"""Files are fetched by their ticket, by this site's pages, and go when their time is over."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from greenpack.report.file_handover import (
    FileTickets,
    WaitingFile,
    fetch_script,
    file_address,
    file_to_write,
)
from greenpack.report.file_routes import file_routes


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> FileTickets:
    return FileTickets(clock)


@pytest.fixture
def client(tickets: FileTickets) -> TestClient:
    return TestClient(Starlette(routes=file_routes(tickets)))


def waiting(folder: Path, text: str = "a,b\n") -> WaitingFile:
    with file_to_write(folder / "exports", "csv") as path:
        path.write_text(text)
    return WaitingFile(path, "发件人 senders.csv", "text/csv; charset=utf-8")


def test_a_ticket_fetches_its_file(
    client: TestClient, tickets: FileTickets, tmp_path: Path
) -> None:
    ticket = tickets.give(waiting(tmp_path))
    for base in ("", "report"):
        answer = client.get(file_address(ticket, base))
        assert answer.status_code == 200
        assert answer.text == "a,b\n"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_fetches_it(
    client: TestClient, tickets: FileTickets, tmp_path: Path, site: str
) -> None:
    address = file_address(tickets.give(waiting(tmp_path)), "")
    assert client.get(address, headers={"sec-fetch-site": site}).status_code == 403
    assert client.get(address, headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_an_unknown_ticket_fetches_nothing(client: TestClient) -> None:
    for ticket in ("x", "..%2f..%2fetc%2fpasswd", "%00"):
        assert client.get(f"/greenpack/file/{ticket}").status_code == 404


def test_a_file_goes_with_its_ticket(
    client: TestClient, tickets: FileTickets, clock: Clock, tmp_path: Path
) -> None:
    file = waiting(tmp_path)
    ticket = tickets.give(file)
    clock.now = 599
    assert client.get(file_address(ticket, "")).status_code == 200
    clock.now = 601
    answer = client.get(file_address(ticket, ""))
    assert answer.status_code == 404
    assert "Export" in answer.text
    assert not file.path.exists()


def test_so_many_files_wait_at_most(tickets: FileTickets, tmp_path: Path) -> None:
    files = [waiting(tmp_path) for _ in range(201)]
    given = [tickets.give(file) for file in files]
    tickets.find(given[-1])
    assert not files[0].path.exists()
    assert files[-1].path.exists()


def test_a_file_that_was_not_finished_is_deleted(tmp_path: Path) -> None:
    def write_half() -> None:
        with file_to_write(tmp_path, "csv") as path:
            path.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert list(tmp_path.iterdir()) == []


def test_the_script_holds_the_address_only(tickets: FileTickets, tmp_path: Path) -> None:
    ticket = tickets.give(waiting(tmp_path))
    script = fetch_script(ticket, "base")
    assert f'"/base/greenpack/file/{ticket}"' in script
    assert script.count("<script>") == script.count("</script>") == 1
