"""What a hub can rely on: every photo posted is measured once, whatever happens to a worker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry

from greenpack.records.database import transact
from greenpack.records.postings import PostingState, claim
from greenpack.records.recording import AttributionSource
from greenpack.records.tables import Finding
from greenpack.vision.shapes import Shape
from greenpack.work.unavailable import UnavailableError
from tests.painted import PaintedDetector, Scene
from tests.work.conftest import NOON, Hub, small

NUMBER = "SF1234567890123"
ROOMY, FULL = Scene(goods=0.15), Scene(goods=0.8)


def scenes(count: int) -> list[Scene]:
    return [Scene(goods=0.15, seed=seed) for seed in range(1, count + 1)]


def test_what_was_posted_is_recorded_with_its_camera_and_what_came_with_it(hub: Hub) -> None:
    taken = NOON - timedelta(minutes=3)
    hub.clock.at = NOON
    posting = hub.post(ROOMY, name="shot.jpg", taken_at=taken, waybill=NUMBER)
    hub.work()
    assert hub.posted(posting).state is PostingState.DONE
    photo = hub.photo(posting).record
    assert (photo.camera_id, photo.source_name) == (hub.camera, "shot.jpg")
    assert photo.hub_id == hub.posted(posting).hub_id
    assert (photo.taken_at, photo.received_at) == (taken, NOON)
    assert photo.waybill_number == NUMBER
    assert photo.attribution_source is AttributionSource.SIDECAR
    assert photo.attribution_note == "posted with the photo"
    assert hub.verdicts() == {"violation": 1}
    assert not hub.problems()


def test_a_batch_is_seen_at_once_and_gives_each_photo_its_own(hub: Hub) -> None:
    seen: list[int] = []

    class Counting(PaintedDetector):
        def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
            seen.append(len(images))
            return super().shapes_of(images)

    postings = [hub.post(scene) for scene in [ROOMY, FULL, *scenes(3)]]
    hub.work(Counting())
    assert seen == [4, 1]
    assert {hub.posted(posting).state for posting in postings} == {PostingState.DONE}
    assert hub.verdicts() == {"violation": 4, "undetermined": 1}


def test_bytes_that_are_no_photo_are_answered_and_harm_no_neighbour(hub: Hub) -> None:
    cut = hub.post(small(ROOMY)[:5000])
    good = hub.post(ROOMY)
    text = hub.post(b"no picture at all")
    hub.work()
    assert hub.photo(cut).record.refused_reason == "truncated"
    assert hub.photo(text).record.refused_reason == "unreadable"
    assert hub.photo(text).record.camera_id == hub.camera
    assert hub.photo(good).record.refused_reason is None
    assert not hub.problems()


class Choking(PaintedDetector):
    """Cannot bear one picture, known by its size."""

    def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
        if any(image.shape[:2] == (300, 350) for image in images):
            raise RuntimeError("could not create a primitive")
        return super().shapes_of(images)


def test_a_photo_that_breaks_the_model_is_given_up_alone_after_three_tries(hub: Hub) -> None:
    bad = hub.post(Scene(size=(700, 600)))
    good = [hub.post(scene) for scene in scenes(3)]
    hub.work(Choking())
    assert {hub.posted(posting).state for posting in good} == {PostingState.DONE}
    assert (hub.posted(bad).state, hub.posted(bad).tries) == (PostingState.WAITING, 1)
    for _ in range(2):
        hub.clock.pass_(minutes=5)
        hub.work(Choking())
    failed = hub.posted(bad)
    assert (failed.state, failed.reason) == (PostingState.FAILED, "measuring_failed")
    assert "could not create a primitive" in (failed.detail or "")


def test_a_posting_whose_bytes_are_gone_fails_with_that_reason(hub: Hub) -> None:
    lost = hub.post(ROOMY)
    hub.originals.delete(hub.posted(lost).sha256)
    for _ in range(3):
        hub.work()
        hub.clock.pass_(minutes=5)
    assert hub.posted(lost).state is PostingState.FAILED
    assert hub.posted(lost).reason == "content_missing"


def test_the_same_bytes_from_two_cameras_are_one_photo_judged_once(hub: Hub) -> None:
    first = hub.post(ROOMY)
    second = hub.post(ROOMY, camera=hub.camera_named("Belt 2"))
    assert first != second
    hub.work()
    assert hub.posted(first).photo_id == hub.posted(second).photo_id
    assert (hub.count(), hub.count(Finding)) == (1, 1)


def test_who_lost_the_lease_records_nothing(hub: Hub) -> None:
    posting = hub.post(ROOMY)

    class Slow(PaintedDetector):
        """Takes so long that another worker takes over."""

        def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
            hub.clock.pass_(seconds=hub.settings.lease_seconds + 1)
            lease = timedelta(hours=1)
            taken = transact(
                hub.engine, lambda session: claim(session, "other", 1, hub.clock(), lease)
            )
            assert [each.id for each in taken] == [posting]
            return super().shapes_of(images)

    worker = hub.worker(Slow())
    assert worker.work_batch() == 1
    assert (hub.count(), hub.count(Finding)) == (0, 0)
    assert hub.posted(posting).state is PostingState.WORKING
    assert value(worker.metrics.registry, "greenpack_work_lost_total") == 1


def test_no_photo_is_blamed_while_the_storage_is_away(
    sqlite_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = sqlite_hub
    postings = [hub.post(scene) for scene in scenes(2)]
    worker = hub.worker()
    monkeypatch.setattr(type(worker._audits.of(0)._store), "put", full_disk)
    for _ in range(4):
        with pytest.raises(UnavailableError, match="No space left"):
            worker.work_batch()
    monkeypatch.undo()
    worker.run(threading.Event(), once=True)
    assert [hub.posted(posting).state for posting in postings] == [PostingState.DONE] * 2
    assert [hub.posted(posting).tries for posting in postings] == [1, 1]
    assert not hub.problems()


def full_disk(*_: Any, **__: Any) -> str:
    raise OSError(28, "No space left on device")


def value(registry: CollectorRegistry, name: str, **labels: str) -> float:
    found = registry.get_sample_value(name, labels)
    assert found is not None
    return found


def test_a_worker_counts_what_it_does(sqlite_hub: Hub) -> None:
    sqlite_hub.post(ROOMY)
    sqlite_hub.post(b"no picture")
    registry = sqlite_hub.work().metrics.registry
    assert value(registry, "greenpack_work_verdicts_total", verdict="violation") == 1
    assert value(registry, "greenpack_work_refused_total", reason="unreadable") == 1
    assert value(registry, "greenpack_work_held") == 0
    for stage, times in {"fetch": 2, "decode": 2, "see": 1, "measure": 1, "record": 2}.items():
        assert value(registry, "greenpack_work_stage_seconds_count", stage=stage) == times


def test_a_told_stop_finishes_what_is_held_and_takes_no_more(sqlite_hub: Hub) -> None:
    hub, stop = sqlite_hub, threading.Event()

    class Stopping(PaintedDetector):
        def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
            stop.set()
            return super().shapes_of(images)

    postings = [hub.post(scene) for scene in scenes(6)]
    hub.worker(Stopping()).run(stop)
    states = [hub.posted(posting).state for posting in postings]
    assert states == [PostingState.DONE] * 4 + [PostingState.WAITING] * 2


def test_two_workers_share_the_queue_and_judge_nothing_twice(hub: Hub) -> None:
    postings = [hub.post(scene) for scene in scenes(6)]
    workers = [hub.worker(PaintedDetector()) for _ in range(2)]
    threads = [
        threading.Thread(target=worker.run, args=(threading.Event(),), kwargs={"once": True})
        for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {hub.posted(posting).state for posting in postings} == {PostingState.DONE}
    assert (hub.count(), hub.count(Finding)) == (6, 6)
    assert not hub.problems()
