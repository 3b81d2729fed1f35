"""Strangers are refused and logged, and what they send is not read."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from greenpack.records.camera_tokens import revoke
from greenpack.records.database import transact
from tests.service.running import HUB, RunningService, a_photo
from tests.service.test_limits import answer_of, connected

FILES = {"photo": ("a.jpg", a_photo())}


def last_refusal(service: RunningService) -> dict[str, Any]:
    return [event for event in service.events() if event["event"] == "refused"][-1]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token_missing"),
        ("", "token_missing"),
        ("Bearer", "token_missing"),
        ("Basic Z3JlZW46cGFjaw==", "token_missing"),
        ("Bearer nonsense", "token_unknown"),
        ("Bearer gp_1_" + "A" * 43, "token_unknown"),
        ("Bearer gp_99999999999999999999_" + "A" * 43, "token_unknown"),
        ("Bearer " + "A" * 10_000, "token_unknown"),
        ("Bearer gp_1_' OR 1=1 --", "token_unknown"),
        (b"Bearer \xff\xfe", "token_unknown"),
    ],
)
def test_without_a_token_nothing_is_taken(
    shared_service: RunningService, header: Any, code: str
) -> None:
    headers = {} if header is None else {"Authorization": header}
    shared_service.camera().close()
    with shared_service.client() as stranger:
        for answer in (
            stranger.post("/v1/photos", files=FILES, headers=headers),
            stranger.get("/v1/photos/1", headers=headers),
            stranger.get("/v1/photos", params={"sha256": "0" * 64}, headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, code)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            number = answer.json()["request"]
            (logged,) = [
                event for event in shared_service.events() if event.get("request") == number
            ]
            assert (logged["event"], logged["reason"]) == ("refused", code)
            assert logged["client"] == "127.0.0.1"
    assert "gp_1_" not in shared_service.log
    assert not shared_service.stored()


def test_a_stranger_is_answered_before_anything_is_sent(shared_service: RunningService) -> None:
    with connected(shared_service) as connection:
        connection.sendall(
            b"POST /v1/photos HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n"
        )
        status, problem = answer_of(connection)
    assert (status, problem["code"]) == (401, "token_missing")


def test_a_revoked_token_is_told_apart_in_the_log(service: RunningService) -> None:
    with service.camera() as camera:
        transact(service.engine, lambda session: revoke(session, "line 1"))
        answer = camera.post("/v1/photos", files=FILES)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")
    assert last_refusal(service)["reason"] == "token_revoked"
    assert not service.stored()


def test_a_camera_sees_its_own_photos_only(service: RunningService) -> None:
    with service.camera() as camera, service.camera("line 1", "广东/深圳/宝安") as other:
        sent = camera.post("/v1/photos", files=FILES).json()
        hidden = other.get(sent["status"])
        missing = other.get("/v1/photos/999")
        # The answer does not tell whether there is such a photo.
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json()["title"] == missing.json()["title"]
        refused = other.post("/v1/photos", files=FILES, params={"hub": HUB})
        assert (refused.status_code, refused.json()["code"]) == (403, "hub_not_allowed")
        assert last_refusal(service)["camera"] == 2
        named = camera.post("/v1/photos", files=FILES, params={"hub": "萧山"})
        assert named.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/photos/../../etc/passwd",
        "/v1/photos/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/v1/photos/1%00",
        "/v1/photos/0",
        "/v1/photos/-1",
        "/v1/photos/99999999999999999999",
        "/v1/photos/1e3",
        "//v1//photos",
        "/reasons/..%2f..%2fsettings",
    ],
)
def test_tricks_with_paths_lead_nowhere(shared_service: RunningService, path: str) -> None:
    with shared_service.camera() as camera:
        answer = camera.get(shared_service.url + path)
        assert answer.status_code in {400, 404}
        assert answer.headers["content-type"] == "application/problem+json"
        assert last_refusal(shared_service)["status"] == answer.status_code


def test_a_name_full_of_tricks_stays_a_name(service: RunningService) -> None:
    with service.camera() as camera:
        name = "../../../../tmp/greenpack-was-here.jpg"
        answer = camera.post("/v1/photos", files={"photo": (name, a_photo())})
        assert answer.json()["name"] == "greenpack-was-here.jpg"
    assert [path.parent.parent.name for path in service.stored()] == ["originals"]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50,
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"POST /v1/photos HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/photos HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    ],
    ids=["header", "path", "headers", "tls", "no host", "negative length", "two lengths"],
)
def test_what_is_no_proper_request_is_refused_and_logged(
    shared_service: RunningService, request_bytes: bytes
) -> None:
    with connected(shared_service) as connection:
        try:
            connection.sendall(request_bytes)
            status, problem = answer_of(connection)
        except (TimeoutError, ConnectionError, IndexError):
            pass  # closed while it was still sending
        else:
            assert (status, problem["code"]) == (400, "request_malformed")
    assert last_refusal(shared_service)["reason"] == "request_malformed"
    with httpx.Client(base_url=shared_service.url) as fine:
        assert fine.get("/healthz").json() == {"alive": True}
