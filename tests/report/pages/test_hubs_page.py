"""The hubs page: load, silence, backlog and what was given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from greenpack.records.camera_tokens import add_camera
from greenpack.records.columns import now
from greenpack.records.database import open_database, transact
from greenpack.records.hub_load import set_capacity
from greenpack.records.postings import Backlog, begin, claim, fail_try, post
from greenpack.report.hub_columns import size, strains

HUB = "Zhejiang/Hangzhou/Xiaoshan"


@pytest.fixture
def hubs(data_folder: Path) -> AppTest:
    page = AppTest.from_string(
        "from greenpack.report.pages import hubs\nhubs.show()", default_timeout=60
    )
    open_database(f"sqlite:///{data_folder / 'greenpack.db'}").dispose()
    return page


@pytest.fixture
def engine(data_folder: Path) -> Engine:
    return open_database(f"sqlite:///{data_folder / 'greenpack.db'}")


def _run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def _metric(page: AppTest, label: str) -> str:
    return next(metric.value for metric in page.metric if metric.label == label)


def _words(page: AppTest) -> str:
    parts = [*page.error, *page.warning, *page.info, *page.caption]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def _camera(engine: Engine, name: str, at: datetime | None = None) -> int:
    camera, _ = transact(engine, lambda session: add_camera(session, HUB, name, 30, at))
    return camera.camera_id


def _post(engine: Engine, camera: int, number: int, at: datetime) -> int:
    added, _ = transact(
        engine,
        lambda session: post(
            session,
            camera,
            sha256=f"{number:064x}",
            size_bytes=9,
            source_name=f"{number}.jpg",
            taken_at=None,
            waybill_number=None,
            received_at=at,
        ),
    )
    return added.id


def test_without_cameras_it_says_how_to_add_one(hubs: AppTest) -> None:
    _run(hubs)
    assert "No hub has a camera yet" in _words(hubs)
    assert "greenpack camera add HUB NAME" in [code.value for code in hubs.code]
    assert _metric(hubs, "Waiting") == "0"


def test_a_hub_is_shown_with_its_load_and_its_silent_camera(hubs: AppTest, engine: Engine) -> None:
    moment = now()
    busy = _camera(engine, "lane-1")
    _camera(engine, "lane-2", moment - timedelta(hours=2))
    for number in range(3):
        _post(engine, busy, number, moment - timedelta(minutes=20))
    transact(engine, lambda session: set_capacity(session, HUB, 2))
    _run(hubs)
    assert _metric(hubs, "Photos, last hour") == "3"
    assert _metric(hubs, "Oldest waiting") == "20 min"
    assert _metric(hubs, "Silent cameras") == "1 of 2"
    loads, cameras = hubs.dataframe[0].value, hubs.dataframe[1].value
    assert list(loads["hub"]) == [HUB]
    assert list(loads["load"]) == [150.0]
    assert list(loads["silent cameras"]) == ["lane-2"]
    assert list(cameras["camera"]) == ["lane-2", "lane-1"]
    assert list(cameras["state"]) == ["silent for more than 30 min", "posting"]


def test_the_tables_are_taken_away_as_they_are_then(
    hubs: AppTest, engine: Engine, data_folder: Path
) -> None:
    _camera(engine, "lane-1")
    _run(hubs)
    hubs.button(key="hubs_0_csv").click().run()
    hubs.button(key="hubs_1_csv").click().run()
    assert not hubs.exception
    written = sorted(
        path.read_text("utf-8-sig").splitlines()
        for path in (data_folder / "spool" / "exports").glob("*.csv")
    )
    assert [lines[0].startswith("hub,camera,") for lines in written] == [False, True]
    assert all(lines[1].startswith(HUB) for lines in written)


def test_what_was_given_up_says_why_and_how_to_try_again(hubs: AppTest, engine: Engine) -> None:
    moment, lease = now(), timedelta(seconds=60)
    number = _post(engine, _camera(engine, "lane-1"), 7, moment)
    for _ in range(3):
        moment += timedelta(hours=1)
        held = transact(engine, lambda session, at=moment: claim(session, "w", 1, at, lease))
        assert [posting.id for posting in held] == [number]
        transact(engine, lambda session, at=moment: begin(session, [number], "w", at, lease))
        transact(
            engine,
            lambda session, at=moment: fail_try(session, number, "w", "truncated", "7.jpg", at),
        )
    _run(hubs)
    assert _metric(hubs, "Given up") == "1"
    given_up = hubs.dataframe[2].value
    assert list(given_up["id"]) == [number]
    assert "cut off" in given_up["why"][0]
    assert "greenpack queue retry --all" in [code.value for code in hubs.code]


def test_a_full_queue_is_told_on_the_page(
    hubs: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPACK_MAX_BACKLOG", "1")
    monkeypatch.setenv("GREENPACK_MIN_FREE_BYTES", "0")
    _post(engine, _camera(engine, "lane-1"), 1, now())
    _run(hubs)
    assert "cameras are told to wait (429)" in _words(hubs)


@pytest.mark.parametrize(
    ("waiting", "free", "grave"),
    [(0, 10_000, []), (49, None, []), (50, 10_000, [False]), (100, 10_000, [True]),
     (0, 1_999, [False]), (0, 999, [True]), (100, 999, [True, True])],
)  # fmt: skip
def test_strain_is_told_before_and_when_cameras_must_wait(
    waiting: int, free: int | None, grave: list[bool]
) -> None:
    found = strains(Backlog(waiting, 0, 0, None), free, 100, 1_000)
    assert [strain.grave for strain in found] == grave


def test_sizes_are_in_decimal_units() -> None:
    assert [size(n) for n in (0, 999, 1000, 12_400_000_000, 3e15)] == [
        "0 B", "999 B", "1 kB", "12.4 GB", "3e+03 TB",
    ]  # fmt: skip
