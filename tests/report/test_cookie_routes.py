"""The address that sets the cookie: once, for pages of this site, out of reach of scripts."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from greenpack.report.cookie_handover import Tickets, forget_script, keep_script
from greenpack.report.cookie_routes import cookie_routes

HERE = {"origin": "http://testserver"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    return Tickets(clock)


@pytest.fixture
def client(tickets: Tickets) -> TestClient:
    return TestClient(Starlette(routes=cookie_routes(tickets)))


def _shown(ticket: str, **more: str) -> dict[str, str]:
    return {**HERE, "x-greenpack-ticket": ticket, **more}


def test_a_ticket_sets_the_cookie_once(client: TestClient, tickets: Tickets) -> None:
    ticket = tickets.give("the token")
    assert ticket != "the token"
    answer = client.post("/greenpack/session", headers=_shown(ticket))
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith('greenpack_session="the token"; HttpOnly; Path=/; SameSite=strict')
    assert "Secure" not in cookie
    assert "max-age" not in cookie.lower()
    assert client.post("/greenpack/session", headers=_shown(ticket)).status_code == 403
    assert not tickets.is_waiting(ticket)


def test_over_tls_the_cookie_stays_there(client: TestClient, tickets: Tickets) -> None:
    headers = _shown(tickets.give("t"), **{"x-forwarded-proto": "https"})
    assert "; Secure" in client.post("/greenpack/session", headers=headers).headers["set-cookie"]


@pytest.mark.parametrize(
    "origin",
    [{}, {"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_another_site_is_refused_and_costs_no_ticket(
    client: TestClient, tickets: Tickets, origin: dict[str, str]
) -> None:
    ticket = tickets.give("t")
    headers = {**origin, "x-greenpack-ticket": ticket}
    assert client.post("/greenpack/session", headers=headers).status_code == 403
    assert client.delete("/greenpack/session", headers=headers).status_code == 403
    assert tickets.is_waiting(ticket)


def test_a_ticket_is_good_for_a_minute(client: TestClient, tickets: Tickets, clock: Clock) -> None:
    ticket = tickets.give("t")
    clock.now = 60.1
    assert client.post("/greenpack/session", headers=_shown(ticket)).status_code == 403


def test_the_cookie_is_removed_and_keeps_to_the_report_s_path(
    client: TestClient, tickets: Tickets
) -> None:
    answer = client.delete("/greenpack/session", headers=HERE)
    assert "Max-Age=0" in answer.headers["set-cookie"]
    below = client.post("/report/greenpack/session", headers=_shown(tickets.give("t")))
    assert "Path=/report;" in below.headers["set-cookie"]


def test_the_scripts_name_the_address_below_the_report_s_path() -> None:
    assert 'fetch("/greenpack/session", {method: "POST"' in keep_script("abc", "")
    assert '"X-Greenpack-Ticket": "abc"' in keep_script("abc", "")
    assert 'fetch("/report/greenpack/session", {method: "DELETE"' in forget_script("/report/")
