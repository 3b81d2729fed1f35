"""The upload page as people meet it: choosing, seeing how far it is, reloading, trying again."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image
from sqlalchemy import Engine, update
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.postings import begin, claim, fail_try
from greenpack.records.scope import EVERYTHING
from greenpack.records.tables import Ledger, Posting, UploadBatch, UploadFile, Waybill
from greenpack.records.upload_queries import uploads
from greenpack.report.pages import upload as page_module
from greenpack.uploading import take_in_thread

TABLE = "waybill,hub,photo\nSF1234567890123,North hub,a.jpg\nnot a number,,b.jpg\n"


def photo(colour: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (200, 180), (colour, 90, 60)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    """The threads that the page starts, so that a test can wait for them."""
    started: list[threading.Thread] = []

    def take(*given: object) -> threading.Thread:
        thread = take_in_thread(*given)  # type: ignore[arg-type]
        started.append(thread)
        return thread

    with patch.object(page_module, "take_in_thread", take):
        yield started
    for thread in started:
        thread.join(60)


@pytest.fixture
def upload_page(engine: Engine, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page alone, over filled records."""
    monkeypatch.setenv("GREENPACK_MIN_FREE_BYTES", "0")

    return AppTest.from_function(_whole_page, default_timeout=120)


def texts(page: AppTest) -> str:
    shown = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error, *page.code]
    return "\n".join(str(one.value) for one in shown)


def send(page: AppTest, threads: list[threading.Thread], table: str | None = None) -> AppTest:
    """Choose two photos (one in a zip) and something else, and click."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b.jpg", photo(200))
    page.run()
    page.file_uploader[0].set_value(
        [("a.jpg", photo(1), "image/jpeg"), ("more.zip", packed.getvalue(), "application/zip")]
    )
    if table is not None:
        page.file_uploader[1].set_value(("table.csv", table.encode(), "text/csv"))
    page.run()
    (button,) = [one for one in page.button if one.label == "Upload 2 files"]
    button.click().run()
    for thread in threads:
        thread.join(60)
    # What a refused click says stands on the page until the next one.
    return page if page.error else page.run()


def batch_of(engine: Engine) -> int:
    with reading(engine) as session:
        return uploads(session, EVERYTHING, 1)[0].id


def test_before_anything_was_uploaded_the_page_says_what_to_do(upload_page: AppTest) -> None:
    page = upload_page.run()
    assert not page.exception
    assert "Drop photos or a zip above" in texts(page)
    assert "Nobody has uploaded photos yet" in texts(page)
    (button,) = [one for one in page.button if one.label == "Upload"]
    assert button.disabled


def test_a_press_outlives_the_drawing_that_it_broke_into(
    upload_page: AppTest, engine: Engine, threads: list[threading.Thread]
) -> None:
    # A file that arrives just after the press starts the page anew, and only what the press left in
    # the session is still there.
    page = upload_page.run()
    page.session_state["upload_pressed"] = 0
    page.run()
    assert not page.query_params, "nothing to upload yet"
    page.file_uploader[0].set_value([("a.jpg", photo(1), "image/jpeg")]).run()
    assert not page.query_params, "a press on nothing is forgotten"
    page.session_state["upload_pressed"] = 0
    page.run()
    for thread in threads:
        thread.join(60)
    assert page.query_params["batch"] in ("1", ["1"])
    assert batch_of(engine) == 1


def test_what_is_dropped_waits_in_the_queue_and_survives_a_reload(
    upload_page: AppTest, engine: Engine, threads: list[threading.Thread]
) -> None:
    page = send(upload_page, threads, TABLE)
    assert not page.exception
    batch = batch_of(engine)
    assert page.query_params["batch"] in (str(batch), [str(batch)])
    assert r"0 of 2 photos done\." in str(page.get("progress")[0].proto.text)
    assert r"1 waybill taken\, 1 row left out\." in texts(page)
    assert "Line 3" in str(page.text[0].value)
    with reading(engine) as session:
        numbers = set(session.exec(select(Posting.waybill_number)).all())
        assert numbers == {"SF1234567890123", None}
        assert session.exec(select(Waybill).where(Waybill.number == "SF1234567890123")).one()
    # Another browser, or the same one loaded again, reads the same from the records.
    again = AppTest.from_function(_whole_page, default_timeout=120)
    again.query_params["batch"] = str(batch)
    again.run()
    assert r"0 of 2 photos done\." in str(again.get("progress")[0].proto.text)
    # Long after, nobody measures: the page says so and how to start somebody.
    old = now() - timedelta(minutes=5)
    transact(
        engine,
        lambda session: session.connection().execute(
            update(UploadBatch.__table__).values(touched_at=old)  # type: ignore[attr-defined]
        ),
    )
    again.run()
    assert "no worker seems to run" in texts(again)
    assert "greenpack work" in texts(again)


def _whole_page() -> None:
    from greenpack.report.pages import upload

    upload.show()


def test_each_photo_has_a_result_and_what_was_given_up_is_tried_again(
    upload_page: AppTest, engine: Engine, threads: list[threading.Thread]
) -> None:
    page = send(upload_page, threads)
    lease = timedelta(seconds=60)
    for turn in range(3):
        at = now() + timedelta(minutes=10 * turn)

        def fail(session, at=at):  # type: ignore[no-untyped-def]
            for posted in claim(session, "w", 1, at, lease):
                begin(session, [posted.id], "w", at, lease)
                fail_try(session, posted.id, "w", "read_failed", "the disk", at)

        for _ in range(2):
            transact(engine, fail)
    page.run()
    (table,) = page.dataframe
    assert list(table.value["result"]) == ["given up", "given up"]
    assert all("the disk" in why for why in table.value["why"])
    assert all(table.value["what to do"])
    (retry,) = [one for one in page.button if one.label == "Try 2 photos again"]
    retry.click().run()
    assert list(page.dataframe[0].value["result"]) == ["waiting", "waiting"]
    with reading(engine) as session:
        assert set(session.exec(select(Posting.state)).all()) == {"waiting"}


def test_a_broken_off_upload_is_told(
    upload_page: AppTest, engine: Engine, threads: list[threading.Thread]
) -> None:
    send(upload_page, threads)
    transact(
        engine,
        lambda session: session.connection().execute(
            update(UploadBatch.__table__).values(  # type: ignore[attr-defined]
                completed_at=None, touched_at=now() - timedelta(minutes=5)
            )
        ),
    )
    upload_page.run()
    assert "This upload broke off" in texts(upload_page)
    del upload_page.query_params["batch"]
    upload_page.run()
    assert list(upload_page.dataframe[0].value["state"]) == ["broke off"]


def test_a_zip_without_a_photo_is_refused_as_such(
    upload_page: AppTest, threads: list[threading.Thread]
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("photos/", b"")
    page = upload_page.run()
    page.file_uploader[0].set_value([("all.zip", packed.getvalue(), "application/zip")]).run()
    (button,) = [one for one in page.button if one.label == "Upload 1 file"]
    button.click().run()
    for thread in threads:
        thread.join(60)
    page.run()
    (table,) = page.dataframe
    assert list(table.value["result"]) == ["refused"]
    assert "a zip without photos" in table.value["why"][0]


def test_an_unknown_upload_is_told(upload_page: AppTest) -> None:
    upload_page.query_params["batch"] = "99999999999999"
    upload_page.run()
    assert "There is no such upload" in texts(upload_page)


def test_a_queue_that_is_full_takes_no_upload(
    upload_page: AppTest,
    engine: Engine,
    threads: list[threading.Thread],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(upload_page, threads)
    del upload_page.query_params["batch"]
    monkeypatch.setenv("GREENPACK_MAX_BACKLOG", "2")
    send(upload_page, threads)
    assert "too many photos wait" in str(upload_page.error[0].value).lower()
    with reading(engine) as session:
        assert len(session.exec(select(UploadBatch)).all()) == 1
        assert len(session.exec(select(UploadFile)).all()) == 2


def test_the_results_can_be_taken_out(
    upload_page: AppTest, engine: Engine, threads: list[threading.Thread], data_folder: Path
) -> None:
    page = send(upload_page, threads)
    batch = batch_of(engine)
    page.button(key=f"upload_{batch}_csv").click().run()
    assert not page.exception
    assert "is saved by your browser" in "\n".join(str(one.value) for one in page.success)
    (file,) = (data_folder / "spool" / "exports").iterdir()
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("photo,result,why")
    assert len(lines) == 3
    with reading(engine) as session:
        entries = session.exec(select(Ledger).where(Ledger.kind == "export")).all()
    assert len(entries) == 1
    assert '"rows":2' in entries[0].payload
