"""A photo is acknowledged once it is safe, and once however often it comes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from greenpack.records.database import reading
from greenpack.records.posting_tables import Posting
from greenpack.service.incoming import bare_name
from tests.service.running import HUB, RunningService, a_photo, running, settings_in, sha


def test_a_photo_is_stored_queued_and_told_of(service_on_each: RunningService) -> None:
    photo = a_photo(1, size=3_000_000)
    with service_on_each.camera() as camera:
        answer = camera.post(
            "/v1/photos",
            files={"photo": ("扫描.jpg", photo, "image/jpeg")},
            data={"taken_at": "2026-11-23T10:15:00+08:00", "waybill": "sf 1234567890123"},
        )
        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert told["sha256"] == sha(photo)
        assert told["state"] == "waiting"
        assert told["waybill"] == "SF1234567890123"
        assert told["taken_at"] == "2026-11-23T02:15:00Z"
        assert told["hub"] == HUB
        assert told["name"] == "扫描.jpg"
        assert answer.headers["location"] == told["status"]
        assert camera.get(told["status"]).json() == told
    assert service_on_each.store().read(sha(photo)) == photo
    with reading(service_on_each.engine) as session:
        row = session.exec(select(Posting)).one()
        assert (row.id, row.sha256, row.size_bytes) == (told["id"], sha(photo), len(photo))
        assert row.taken_at == datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
    assert not list(service_on_each.store().spool.iterdir())


def test_the_same_bytes_are_one_photo_however_they_come(service_on_each: RunningService) -> None:
    photo = a_photo(2)
    answers = []
    with service_on_each.camera() as camera:

        def post() -> None:
            answers.append(camera.post("/v1/photos", files={"photo": ("a.jpg", photo)}))

        threads = [threading.Thread(target=post) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
        assert len({answer.json()["id"] for answer in answers}) == 1
        again = camera.post("/v1/photos", files={"photo": ("b.jpg", photo)})
        assert (again.status_code, again.json()["duplicate"]) == (200, True)
        assert again.json()["name"] == "a.jpg"
    with service_on_each.camera("line 2") as other:
        assert other.post("/v1/photos", files={"photo": ("a.jpg", photo)}).status_code == 202
    assert not list(service_on_each.store().spool.iterdir())


def test_a_known_checksum_can_be_asked_for(service: RunningService) -> None:
    photo = a_photo(3)
    with service.camera() as camera, service.camera("line 2") as other:
        assert camera.head("/v1/photos", params={"sha256": sha(photo)}).status_code == 404
        sent = camera.post("/v1/photos", files={"photo": ("a.jpg", photo)}).json()
        asked = camera.get("/v1/photos", params={"sha256": sha(photo).upper()})
        assert asked.json() == sent
        assert camera.head("/v1/photos", params={"sha256": sha(photo)}).status_code == 200
        assert other.get("/v1/photos", params={"sha256": sha(photo)}).status_code == 404


def test_a_checksum_that_does_not_agree_keeps_nothing(service: RunningService) -> None:
    photo = a_photo(4)
    with service.camera() as camera:
        right = camera.post(
            "/v1/photos",
            files={"photo": ("a.jpg", photo)},
            headers={"X-Checksum-SHA256": sha(photo).upper()},
        )
        assert right.status_code == 202
        kept = service.stored()
        for checksum, code in ((sha(b"x"), "checksum_mismatch"), ("12", "checksum_invalid")):
            wrong = camera.post(
                "/v1/photos",
                files={"photo": ("a.jpg", a_photo(5))},
                headers={"X-Checksum-SHA256": checksum},
            )
            assert (wrong.status_code, wrong.json()["code"]) == (400, code)
            assert wrong.headers["content-type"] == "application/problem+json"
    assert service.stored() == kept


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"files": {"photo": ("a.txt", b"no image at all")}}, 415, "unreadable"),
        ({"files": {"photo": ("a.jpg", b"")}}, 400, "photo_missing"),
        ({"files": {"photo": ("a.jpg", b"\xff\xd8")}}, 415, "unreadable"),
        ({"files": {"other": ("a.jpg", a_photo())}}, 400, "photo_missing"),
        ({"data": {"photo": "text"}}, 415, "media_type_unsupported"),
        ({"json": {"photo": "text"}}, 415, "media_type_unsupported"),
        ({"content": a_photo(), "headers": {"Content-Type": "image/jpeg"}}, 415, None),
        (
            {
                "content": b"--x\r\n",
                "headers": {"Content-Type": "multipart/form-data; boundary=x"},
            },
            400,
            "form_invalid",
        ),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, 400, None),
        (
            {"files": {"photo": ("a.jpg", a_photo())}, "data": {"taken_at": "noon"}},
            400,
            "taken_at_invalid",
        ),
        (
            {
                "files": {"photo": ("a.jpg", a_photo())},
                "data": {"taken_at": "0001-01-01T00:00:00+14:00"},
            },
            400,
            "taken_at_invalid",
        ),
        (
            {"files": {"photo": ("a.jpg", a_photo())}, "data": {"waybill": "12"}},
            400,
            "waybill_invalid",
        ),
        (
            {"files": {"photo": ("a.jpg", a_photo())}, "data": {"waybill": "1" * 5000}},
            400,
            "form_invalid",
        ),
        (
            {"files": [("photo", ("a.jpg", a_photo(1))), ("photo", ("b.jpg", a_photo(2)))]},
            400,
            "form_invalid",
        ),
    ],
)
def test_what_is_no_photo_is_refused_with_its_reason(
    shared_service: RunningService, body: dict[str, object], status: int, code: str | None
) -> None:
    with shared_service.camera() as camera:
        answer = camera.post("/v1/photos", **body)  # type: ignore[arg-type]
        assert answer.status_code == status, answer.text
        told = answer.json()
        assert code in {None, told["code"]}
        assert told["advice"]
        # The problem's type leads to its explanation.
        explained = camera.get(told["type"]).json()
        assert explained["meaning"] == told["title"]
    assert not list(shared_service.store().spool.iterdir())
    assert not shared_service.stored()


def test_a_photo_may_have_its_largest_size_and_no_byte_more(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    settings = settings_in(tmp_path, f"sqlite:///{tmp_path / 'a.db'}", max_file_bytes=200_000)
    with running(settings) as service, service.camera() as camera:
        photo = a_photo(1, size=250_000)[:200_000]
        assert camera.post("/v1/photos", files={"photo": ("a.jpg", photo)}).status_code == 202
        larger = camera.post("/v1/photos", files={"photo": ("a.jpg", photo + b"x")})
        assert (larger.status_code, larger.json()["code"]) == (413, "file_too_large")
        assert len(service.stored()) == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/abs/olute.jpg", "olute.jpg"),
        ("a\x00b\r\n.jpg", "ab.jpg"),
        ("..", ""),
        ("x" * 500 + ".jpg", "x" * 196 + ".jpg"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_name_is_shown_and_never_a_path(sent: str, kept: str) -> None:
    assert bare_name(sent) == kept


def test_bytes_deleted_after_their_time_are_not_kept_again(service: RunningService) -> None:
    photo = a_photo(6)
    with service.camera() as camera:
        sent = camera.post("/v1/photos", files={"photo": ("a.jpg", photo)}).json()
        _remove(service, sent["id"], photo)
        again = camera.post("/v1/photos", files={"photo": ("a.jpg", photo)})
        assert (again.status_code, again.json()["id"]) == (200, sent["id"])
        assert not service.stored()
        # Another camera's photo of the same bytes is a photo of its own.
        with service.camera("line 2") as other:
            assert other.post("/v1/photos", files={"photo": ("a.jpg", photo)}).status_code == 202
        assert camera.post("/v1/photos", files={"photo": ("a.jpg", photo)}).status_code == 200
        assert service.store().read(sha(photo)) == photo


def _remove(service: RunningService, posting_id: int, photo: bytes) -> None:
    """What the sweep does when a photo's time is over."""
    from sqlmodel import Session

    with Session(service.engine) as session:
        row = session.get_one(Posting, posting_id)
        row.state, row.reason = "failed", "worker_died"
        row.finished_at = row.removed_at = datetime.now(UTC)
        session.add(row)
        session.commit()
    service.store().delete(sha(photo))
