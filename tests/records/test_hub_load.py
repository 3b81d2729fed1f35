"""How full hubs are, and which cameras have fallen silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records import camera_tokens
from greenpack.records.camera_tokens import add_camera
from greenpack.records.cameras import camera_at
from greenpack.records.database import reading, transact
from greenpack.records.hub_load import (
    CameraActivity,
    HubLoad,
    camera_activity,
    hub_loads,
    set_capacity,
)
from greenpack.records.recording import record_photo
from greenpack.records.verification import verify

from . import queue
from .samples import RECEIVED, photo

NORTH, SOUTH = "Zhejiang/Hangzhou/North", "Zhejiang/Hangzhou/South"
NOW = RECEIVED + timedelta(minutes=30)


def loads(engine: Engine, at: datetime = NOW) -> dict[str, HubLoad]:
    with reading(engine) as session:
        return {load.hub: load for load in hub_loads(session, at, 60.0)}


def activity(engine: Engine, at: datetime) -> dict[str, CameraActivity]:
    with reading(engine) as session:
        return {camera.name: camera for camera in camera_activity(session, at, 60.0)}


def test_photos_parcels_and_the_backlog_are_counted_by_hub(engine: Engine) -> None:
    first, second = queue.camera(engine, "line 1", NORTH), queue.camera(engine, "line 2", NORTH)
    third = queue.camera(engine, "line 1", SOUTH)
    queue.post(engine, first, "old", NOW - timedelta(hours=1))
    queue.post(engine, first, "a", NOW - timedelta(minutes=59), "SF1")
    queue.post(engine, second, "b", NOW, "SF1")  # the same parcel from the other side
    queue.post(engine, second, "c", NOW)
    queue.post(engine, second, "d", NOW)
    queue.post(engine, second, "to come", NOW + timedelta(hours=3))  # the clock was set back
    queue.post(engine, third, "e", NOW)
    # A worker reads the waybill of one off its barcode.
    held = queue.claim(engine, "w", 9, NOW)
    queue.begin(engine, held, at=NOW)
    transact(engine, lambda session: record_photo(session, photo("c", "SF1"), None))
    done = {queue.posted(engine, each).source_name: each for each in held}
    for name in ("old", "c", "e"):
        assert queue.finish(engine, done[name], at=NOW)

    found = loads(engine)
    assert found[NORTH] == HubLoad(
        hub_id=1,
        hub=NORTH,
        photos_last_hour=4,
        parcels_last_hour=2,
        capacity_per_hour=None,
        backlog=4,
        oldest_seconds=59 * 60.0,
        silent_cameras=(),
    )
    assert found[NORTH].load is None
    assert (found[SOUTH].photos_last_hour, found[SOUTH].parcels_last_hour) == (1, 1)
    assert (found[SOUTH].backlog, found[SOUTH].oldest_seconds) == (0, None)


def test_the_fullest_hub_comes_first(engine: Engine) -> None:
    for hub, photos in ((NORTH, 3), (SOUTH, 2)):
        camera_id = queue.camera(engine, "line 1", hub)
        for number in range(photos):
            queue.post(engine, camera_id, f"{hub} {number}", NOW)
    assert list(loads(engine)) == [NORTH, SOUTH]
    transact(engine, lambda session: set_capacity(session, "North", 100))
    transact(engine, lambda session: set_capacity(session, "South", 2))
    found = loads(engine)
    assert list(found) == [SOUTH, NORTH]
    assert (found[SOUTH].load, found[NORTH].load) == (1.0, 0.03)


def test_a_capacity_is_stated_for_a_hub_that_is_known(engine: Engine) -> None:
    with pytest.raises(GreenPackError, match="none is known yet"):
        transact(engine, lambda session: set_capacity(session, "North", 100))
    queue.camera(engine, "line 1", NORTH)
    queue.camera(engine, "line 1", "Hunan/Changsha/North")
    for name, code in (("Nord", "hub_unknown"), ("", "hub_unknown"), ("North", "camera_ambiguous")):
        with pytest.raises(GreenPackError) as refused:
            transact(engine, lambda session, name=name: set_capacity(session, name, 100))
        assert refused.value.code == code
    for number in (0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="above zero"):
            transact(engine, lambda session, number=number: set_capacity(session, NORTH, number))
    for number in (100, 200, 200):
        transact(engine, lambda session, number=number: set_capacity(session, NORTH, number))
    with reading(engine) as session:
        report = verify(session, None)
    assert report.sound
    assert loads(engine)[NORTH].capacity_per_hour == 200.0


def test_a_hub_with_a_capacity_and_no_camera_is_shown(engine: Engine) -> None:
    transact(engine, lambda session: camera_at(session, "line 1", NORTH))
    transact(engine, lambda session: set_capacity(session, NORTH, 100))
    assert loads(engine)[NORTH].load == 0.0


def test_a_camera_is_silent_when_it_has_posted_nothing_for_longer_than_its_time(
    engine: Engine,
) -> None:
    patient = queue.camera(engine, "patient")
    hasty = transact(
        engine, lambda session: add_camera(session, NORTH, "hasty", 5.0, RECEIVED)[0].camera_id
    )
    transact(engine, lambda session: camera_at(session, "without token", NORTH))
    for camera_id in (patient, hasty):
        queue.post(engine, camera_id, "a", RECEIVED + timedelta(minutes=1))

    def silent(minutes: float) -> list[str]:
        found = activity(engine, RECEIVED + timedelta(minutes=minutes))
        return [name for name, camera in found.items() if camera.silent]

    assert silent(6) == []
    assert silent(6.1) == ["hasty"]
    assert silent(61) == ["hasty"]
    assert silent(61.1) == ["hasty", "patient"]
    assert loads(engine, RECEIVED + timedelta(hours=2))[NORTH].silent_cameras == (
        "hasty",
        "patient",
    )
    found = activity(engine, NOW)
    assert found["hasty"].last_seen == RECEIVED + timedelta(minutes=1)
    assert (found["hasty"].silent_after_minutes, found["patient"].silent_after_minutes) == (5, 60)
    assert (found["hasty"].postings_last_hour, found["hasty"].has_token) == (1, True)
    assert (found["without token"].has_token, found["without token"].last_seen) == (False, None)
    # A camera that may post no more is not missed.
    transact(engine, lambda session: camera_tokens.revoke(session, "hasty", at=NOW))
    assert silent(61) == []


def test_a_camera_that_never_posted_is_silent_once_its_token_is_old_enough(engine: Engine) -> None:
    queue.camera(engine)
    assert not activity(engine, RECEIVED + timedelta(minutes=60))["line 1"].silent
    assert activity(engine, RECEIVED + timedelta(minutes=61))["line 1"].silent


def test_without_cameras_there_is_no_load(engine: Engine) -> None:
    def nothing(session: Session) -> list[object]:
        return [*hub_loads(session, NOW), *camera_activity(session, NOW, 60.0)]

    with reading(engine) as session:
        assert nothing(session) == []
