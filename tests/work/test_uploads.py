"""What people drop is stored whole, queued once and judged as cameras' photos are."""

from __future__ import annotations

import io
import threading
import tracemalloc
import zipfile
from datetime import timedelta
from typing import BinaryIO, cast

import pytest
from sqlmodel import select

from greenpack.intake.waybill_csv import DeclaredWaybill, read_waybills
from greenpack.reasons import GreenPackError
from greenpack.records.acts import Actor
from greenpack.records.cameras import camera_at
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.ledger import canonical
from greenpack.records.postings import backlog, failed, retry_failed
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.tables import Finding, Ledger, Posting
from greenpack.records.upload_forms import FileGroup, FileState
from greenpack.records.upload_queries import (
    a_worker_works,
    count_photos,
    failed_postings,
    upload,
    upload_photos,
    uploads,
    verdict_counts_of,
)
from greenpack.records.uploads import TakenFile, begin_upload, outside, take_files
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict
from greenpack.uploading import Dropped, Upload, take_in_thread, take_upload
from tests.painted import Scene
from tests.work.conftest import NOON, Hub, small

LI = Actor(None, "Li Wei")
FAR = Scope("Guangdong")
NEAR = Scope("Zhejiang", "Jinhua", "Yiwu")


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def hub_id(hub: Hub) -> int:
    return transact(
        hub.engine, lambda session: camera_at(session, "Belt 1", "Zhejiang/Jinhua/Yiwu").hub_id
    )


def drop(
    hub: Hub,
    files: dict[str, bytes],
    *,
    profile: str = "screening-50",
    at_hub: bool = True,
    sidecar: dict[str, str] | None = None,
    min_free: int = 0,
) -> int:
    """Upload these files; gives the upload's row."""
    where = hub_id(hub) if at_hub else None
    batch = transact(
        hub.engine,
        lambda session: begin_upload(session, LI, profile, where, len(files), NOON),
    )
    take_upload(hub.engine, plan(hub, batch, sidecar, min_free), dropped(files))
    return batch


def plan(hub: Hub, batch: int, sidecar: dict[str, str] | None = None, min_free: int = 0) -> Upload:
    return Upload(batch, LI, hub.originals, hub.settings.limits, min_free, sidecar or {})


def dropped(files: dict[str, bytes]) -> list[Dropped]:
    return [Dropped(name, io.BytesIO(data)) for name, data in files.items()]


def states(hub: Hub, batch: int) -> dict[FileState, int]:
    with reading(hub.engine) as session:
        counts = upload(session, batch).counts
    return {state: count for state, count in counts.items() if count}


def test_each_file_has_its_result(hub: Hub) -> None:
    violation = small(Scene(goods=0.15))
    files = {
        "a.jpg": violation,
        "folder\\again.jpg": violation,
        "notes.txt": b"no photo at all",
        "more.zip": zipped(
            {"x/b.jpg": small(Scene(goods=0.15, seed=1)), "broken.jpg": b"\xff\xd8\xffx"}
        ),
        "empty.zip": zipped({}),
    }
    batch = drop(hub, files, sidecar={"a.jpg": "SF1234567890123"})
    assert states(hub, batch) == {FileState.WAITING: 3, FileState.SAME: 1, FileState.REFUSED: 2}
    with reading(hub.engine) as session:
        assert not a_worker_works(session, batch, now())
    hub.work()
    with reading(hub.engine) as session:
        photos = {one.name: one for one in upload_photos(session, batch, EVERYTHING, limit=50)}
        trouble = upload_photos(session, batch, EVERYTHING, FileGroup.TROUBLE, limit=50)
        assert count_photos(session, batch, EVERYTHING, FileGroup.TROUBLE) == len(trouble) == 3
        assert count_photos(session, batch, EVERYTHING, FileGroup.VIOLATION) == 2
        assert verdict_counts_of(session, batch, EVERYTHING) == {Verdict.VIOLATION: 2}
        about = upload(session, batch)
    first = photos["a.jpg"]
    assert (first.state, first.verdict) == (FileState.JUDGED, Verdict.VIOLATION)
    assert first.waybill == "SF1234567890123"
    assert first.finding_id is not None
    assert not first.known_before
    assert photos["again.jpg"].same_as == "a.jpg"
    assert photos["more.zip!/x/b.jpg"].verdict is Verdict.VIOLATION
    reasons = {one.name: one.reason for one in trouble}
    assert reasons["notes.txt"] == "unreadable"
    assert reasons["more.zip!/broken.jpg"] in {"truncated", "unreadable"}
    assert reasons["empty.zip"] == "unreadable"
    assert about.completed_at is not None
    assert (about.files, about.photos, about.unfinished) == (5, 6, 0)
    assert about.hub == "Zhejiang/Jinhua/Yiwu"
    # The photo is of the hub and of no camera.
    with reading(hub.engine) as session:
        posting = session.exec(
            select(Posting).where(Posting.sha256 == first_sha(hub, "a.jpg"))
        ).one()
    stored = hub.photo(int(posting.id or 0)).record
    assert (stored.camera_id, stored.hub_id) == (None, hub_id(hub))
    assert not hub.problems()


def first_sha(hub: Hub, name: str) -> str:
    with reading(hub.engine) as session:
        return session.exec(select(Posting.sha256).where(Posting.source_name == name)).one()


def test_the_ledger_keeps_who_uploaded_which_photos(sqlite_hub: Hub) -> None:
    batch = drop(sqlite_hub, {"a.jpg": small(Scene())})
    with reading(sqlite_hub.engine) as session:
        entries = session.exec(select(Ledger).where(Ledger.kind == "upload")).all()
    assert [entry.subject for entry in entries] == [f"upload_batch/{batch}"] * 2
    assert canonical("Li Wei") in entries[0].payload
    assert first_sha(sqlite_hub, "a.jpg") in entries[1].payload


def test_an_upload_is_judged_under_the_profile_that_was_chosen(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    drop(hub, {"a.jpg": small(Scene(goods=0.15))}, profile="kr-2024")
    lost = drop(hub, {"b.jpg": small(Scene(seed=3))}, profile="no-such-profile")
    worker = hub.work()
    for _ in range(3):
        hub.clock.pass_(minutes=5)
        worker.run(threading.Event(), once=True)
    with reading(hub.engine) as session:
        found = {row.profile_id for row in session.exec(select(Finding)).all()}
        (gone,) = upload_photos(session, lost, EVERYTHING, limit=5)
    assert found == {"kr-2024"}
    assert (gone.state, gone.reason) == (FileState.FAILED, "upload_profile_missing")
    assert "no-such-profile" in str(gone.detail)


def test_what_was_given_up_waits_again_when_told(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    batch = drop(hub, {"a.jpg": small(Scene())})
    hub.originals.delete(first_sha(hub, "a.jpg"))
    worker = hub.work()
    for _ in range(3):
        hub.clock.pass_(minutes=5)
        worker.run(threading.Event(), once=True)
    assert states(hub, batch) == {FileState.FAILED: 1}
    hub.originals.put(small(Scene()), ".jpg")
    with reading(hub.engine) as session:
        ids = failed_postings(session, batch)
    transact(hub.engine, lambda session: retry_failed(session, ids, hub.clock()))
    hub.work()
    assert states(hub, batch) == {FileState.JUDGED: 1}


def test_a_photo_of_an_earlier_upload_is_told_and_judged_once(hub: Hub) -> None:
    drop(hub, {"a.jpg": small(Scene())})
    hub.work()
    later = transact(
        hub.engine,
        lambda session: begin_upload(session, LI, "screening-50", None, 1, now()),
    )
    take_upload(hub.engine, plan(hub, later), dropped({"b.jpg": small(Scene())}))
    hub.work()
    with reading(hub.engine) as session:
        (again,) = upload_photos(session, later, EVERYTHING, limit=5)
    assert again.known_before
    assert hub.count() == 1
    assert sum(hub.verdicts().values()) == 1


def test_who_sees_one_place_sees_its_uploads_only(hub: Hub) -> None:
    here, nowhere = drop(hub, {"a.jpg": small(Scene())}), drop(hub, {"b.jpg": b""}, at_hub=False)
    hub.work()
    with reading(hub.engine) as session:
        assert [one.id for one in uploads(session, EVERYTHING, 10)] == [nowhere, here]
        assert [one.id for one in uploads(session, EVERYTHING, 10, before_id=nowhere)] == [here]
        assert [one.id for one in uploads(session, NEAR, 10)] == [here]
        assert uploads(session, FAR, 10) == []
        for batch in (here, nowhere):
            with pytest.raises(GreenPackError, match="no such upload"):
                upload(session, batch, FAR)
        (mine,) = upload_photos(session, here, NEAR, limit=5)
        (hidden,) = upload_photos(session, here, FAR, limit=5)
    assert mine.verdict is not None
    assert (hidden.verdict, hidden.finding_id) == (None, None)


def test_the_queue_of_a_place_counts_its_uploads(hub: Hub) -> None:
    drop(hub, {"a.jpg": small(Scene())})
    with reading(hub.engine) as session:
        for scope, waiting in ((EVERYTHING, 1), (NEAR, 1), (FAR, 0)):
            assert backlog(session, now(), scope).waiting == waiting
        assert failed(session, 5, NEAR) == []


@pytest.mark.parametrize(("scope", "named"), [(FAR, True), (NEAR, False)])
def test_nobody_uploads_for_a_place_they_do_not_see(hub: Hub, scope: Scope, named: bool) -> None:
    where = hub_id(hub) if named else None
    with pytest.raises(GreenPackError) as caught:
        transact(
            hub.engine,
            lambda session: begin_upload(session, LI, "screening-50", where, 1, NOON, scope),
        )
    assert caught.value.code == "upload_hub_unknown"


TABLE = """waybill,hub,province,municipality
SF1000000000001,Yiwu,Zhejiang,Jinhua
SF1000000000002,Baiyun,Guangdong,Guangzhou
SF1000000000003,,,
"""


def test_who_sees_one_place_declares_nothing_of_another(hub: Hub) -> None:
    table = read_waybills(TABLE.encode())
    elsewhere = read_waybills(TABLE.replace("SF1000000000002", "SF1000000000003").encode())

    def refused(waybills: tuple[DeclaredWaybill, ...], scope: Scope) -> set[str]:
        with reading(hub.engine) as session:
            return outside(session, waybills, scope)

    assert refused(table.waybills, EVERYTHING) == set()
    assert refused(table.waybills, NEAR) == {"SF1000000000002"}
    # Number 3 says nothing of its place, but the records know it as another's.
    transact(hub.engine, lambda session: import_waybills(session, elsewhere.waybills))
    assert refused(table.waybills, NEAR) == {"SF1000000000002", "SF1000000000003"}


def test_what_breaks_off_leaves_whole_files_and_says_so(sqlite_hub: Hub) -> None:
    hub = sqlite_hub

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100:
                raise OSError("the memory is gone")
            return super().read(size)

    files = dropped({f"{n}.jpg": small(Scene(seed=n)) for n in range(17)})
    files.append(Dropped("bad.jpg", cast(BinaryIO, Broken(small(Scene(seed=99))))))
    batch = transact(
        hub.engine, lambda session: begin_upload(session, LI, "screening-50", None, 18, NOON)
    )
    take_in_thread(hub.engine, plan(hub, batch), files).join(60)
    with reading(hub.engine) as session:
        about = upload(session, batch)
    assert about.completed_at is None
    assert about.counts[FileState.WAITING] == 16
    # And what came is measured all the same.
    assert list(hub.originals.spool.glob("*.part")) == []


def test_a_full_disk_refuses_photos_with_its_reason(sqlite_hub: Hub) -> None:
    batch = drop(sqlite_hub, {"a.jpg": small(Scene())}, min_free=1 << 60)
    with reading(sqlite_hub.engine) as session:
        (photo,) = upload_photos(session, batch, EVERYTHING, limit=5)
    assert (photo.state, photo.reason) == (FileState.REFUSED, "disk_low")


def test_photos_are_not_held_a_second_time(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    photo = b"\xff\xd8\xff" + bytes(8 << 20)
    files = [Dropped(f"{n}.jpg", io.BytesIO(photo + bytes([n]))) for n in range(8)]
    batch = transact(
        hub.engine, lambda session: begin_upload(session, LI, "screening-50", None, 8, NOON)
    )
    tracemalloc.start()
    take_upload(hub.engine, plan(hub, batch), files)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 64 MiB came; more than a piece and what the database needs is never held.
    assert peak < 8 << 20
    assert states(hub, batch) == {FileState.WAITING: 8}


def test_a_file_is_stored_or_has_a_reason(sqlite_hub: Hub) -> None:
    for wrong in (TakenFile("a.jpg"), TakenFile("a.jpg", reason="no such code")):
        with pytest.raises(ValueError, match="reason"):
            transact(
                sqlite_hub.engine,
                lambda session, file=wrong: take_files(session, 1, [file], LI, NOON),  # type: ignore[misc]
            )


def test_a_worker_that_holds_a_photo_is_seen(sqlite_hub: Hub) -> None:
    hub = sqlite_hub
    batch = drop(hub, {"a.jpg": small(Scene())})
    hub.work()
    with reading(hub.engine) as session:
        assert a_worker_works(session, batch, hub.clock())
        assert not a_worker_works(session, batch, hub.clock() + timedelta(minutes=2))
