"""Each camera's photos are measured with its own calibration, as it stands now."""

from __future__ import annotations

import threading

from sqlmodel import select

from greenpack.records.cameras import record_calibration
from greenpack.records.database import reading, transact
from greenpack.records.tables import Measurement
from tests.painted import Scene
from tests.records.samples import calibration
from tests.work.conftest import NOON, Hub

NUMBER = "SF1234567890123"


def calibrate(hub: Hub, camera: int, focal: float) -> None:
    transact(
        hub.engine, lambda session: record_calibration(session, camera, calibration(focal), NOON)
    )


def settings_of(hub: Hub, posting: int) -> str:
    """The settings that the posting's photo was measured with."""
    with reading(hub.engine) as session:
        statement = select(Measurement.settings_sha256).where(
            Measurement.photo_id == hub.posted(posting).photo_id
        )
        return session.exec(statement).one()


def test_each_camera_measures_with_its_own_calibration(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    cameras = [hub.camera, hub.camera_named("Belt 2"), hub.camera_named("Belt 3")]
    calibrate(hub, cameras[1], 1000.0)
    calibrate(hub, cameras[2], 1100.0)
    postings = [hub.post(Scene(seed=seed), camera=camera) for seed, camera in enumerate(cameras, 1)]
    hub.work()
    assert len({settings_of(hub, posting) for posting in postings}) == 3


def test_a_worker_notices_that_a_camera_was_calibrated(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    worker = hub.worker()
    before = hub.post(Scene(seed=1))
    worker.run(threading.Event(), once=True)
    calibrate(hub, hub.camera, 1000.0)
    after = hub.post(Scene(seed=2))
    worker.run(threading.Event(), once=True)
    assert settings_of(hub, before) != settings_of(hub, after)


def test_one_parcel_is_judged_by_all_cameras_that_saw_it(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    second = hub.camera_named("Belt 2")
    calibrate(hub, second, 1000.0)
    # The first photo proves the violation; the second, by another camera, shows filler only.
    hub.post(Scene(goods=0.15), waybill=NUMBER)
    hub.post(Scene(goods=0.1, filler=0.7, seed=1), camera=second, waybill=NUMBER)
    hub.work()
    assert hub.verdicts() == {"violation": 1}
    assert not hub.problems()
