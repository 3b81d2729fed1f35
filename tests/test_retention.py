"""Photos as received go once their time is over, unless something rests on them; nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session

from greenpack import retention, stores
from greenpack.records import postings
from greenpack.records.camera_tokens import add_camera
from greenpack.records.database import open_database, reading, transact
from greenpack.records.forms import DecisionKind
from greenpack.records.recording import decide
from greenpack.records.retention import LEDGER_KIND, mark_removed, removable
from greenpack.records.tables import Ledger, Posting
from greenpack.records.verification import verify
from greenpack.retention import Swept
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings
from tests.records.samples import EVIDENCE, audit

NOW = datetime(2026, 12, 31, tzinfo=UTC)
KEEP = timedelta(days=30)
OLD, YOUNG = NOW - timedelta(days=40), NOW - timedelta(days=20)
COMPLIANT, VIOLATION = {"void": Verdict.COMPLIANT}, {"void": Verdict.VIOLATION}


class Hub:
    """Cameras' photos in the queue, on the disk, and judged."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = Settings(data_folder=folder, database_url=url)
        self.engine: Engine = open_database(url)
        self.originals = stores.originals(self.settings)
        self.cameras = [
            transact(
                self.engine,
                lambda session, name=name: add_camera(session, "A/B/North", name, at=OLD)[0],
            ).camera_id
            for name in ("one", "two")
        ]

    def post(self, name: str, at: datetime = OLD, camera: int = 0) -> tuple[int, str]:
        """A photo whose bytes are its name; gives the posting's id and the SHA-256."""
        sha256 = self.originals.put(name.encode(), ".jpg")
        os.utime(self.originals.place(sha256), (at.timestamp(),) * 2)
        said, _ = transact(
            self.engine,
            lambda session: postings.post(
                session,
                self.cameras[camera],
                sha256=sha256,
                size_bytes=len(name),
                source_name=name,
                taken_at=None,
                waybill_number=None,
                received_at=at,
            ),
        )
        return said.id, sha256

    def judged(
        self, name: str, verdicts: dict[str, Verdict], number: str | None = None, **more: object
    ) -> tuple[int, str, int]:
        """A photo that was posted and judged; gives the finding's id too."""
        posting_id, sha256 = self.post(name, **more)

        def work(session: Session) -> int:
            held = postings.claim(session, "w", 1, OLD, timedelta(minutes=1))
            assert [one.id for one in held] == [posting_id]
            _, findings = audit(session, name, verdicts, number, sha256=sha256)
            assert postings.finish(session, posting_id, "w", sha256, OLD)
            assert findings[-1].id is not None
            return findings[-1].id

        return posting_id, sha256, transact(self.engine, work)

    def decide(self, finding: int, kind: DecisionKind) -> None:
        transact(self.engine, lambda session: decide(session, finding, kind, "Li", "seen"))

    def sweep(self, keep: timedelta = KEEP, dry_run: bool = False) -> Swept:
        evidence = stores.evidence(self.settings)
        return retention.sweep(self.engine, self.originals, evidence, keep, NOW, dry_run)

    def there(self, *names: str) -> list[bool]:
        return [self.originals.intact(name) for name in names]


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    one = Hub(database_url, tmp_path / "data")
    yield one
    one.engine.dispose()


def test_what_is_old_and_judged_goes_and_what_is_younger_or_waits_stays(hub: Hub) -> None:
    _, old, _ = hub.judged("old", COMPLIANT)
    _, young, _ = hub.judged("young", COMPLIANT, at=YOUNG)
    _, waiting = hub.post("waiting")
    assert hub.sweep(dry_run=True) == Swept(1, 3, 0, 0, 0)
    assert hub.there(old, young, waiting) == [True, True, True]
    assert hub.sweep() == Swept(1, 3, 0, 0, 0)
    assert hub.there(old, young, waiting) == [False, True, True]
    assert hub.sweep() == Swept(0, 0, 0, 0, 0)


def test_the_ledger_tells_what_went_and_all_of_it_still_holds(hub: Hub) -> None:
    posting_id, old, _ = hub.judged("old", COMPLIANT)
    hub.sweep()
    with reading(hub.engine) as session:
        rows = session.execute(
            select(Ledger.subject, Ledger.payload).where(Ledger.kind == LEDGER_KIND)
        ).all()
        assert session.get_one(Posting, posting_id).removed_at == NOW
        assert verify(session, None).sound
    assert [row.subject for row in rows] == [f"posting/{posting_id}"]
    told = json.loads(rows[0].payload)
    assert told == {"bytes": 3, "postings": [posting_id], "sha256": [old]}


@pytest.mark.parametrize(
    ("kinds", "held"),
    [
        ([], True),
        ([DecisionKind.CONFIRMED], True),
        ([DecisionKind.DISMISSED], False),
        ([DecisionKind.DISMISSED, DecisionKind.CONFIRMED], True),
        ([DecisionKind.CONFIRMED, DecisionKind.DISMISSED], False),
    ],
)
def test_an_accusation_holds_its_photo_until_it_is_dismissed(
    hub: Hub, kinds: list[DecisionKind], held: bool
) -> None:
    _, photo, finding = hub.judged("a", VIOLATION)
    for kind in kinds:
        hub.decide(finding, kind)
    swept = hub.sweep()
    assert (swept.photos, swept.held) == ((0, 1) if held else (1, 0))
    assert hub.there(photo) == [held]


def test_a_persons_decision_holds_a_photo_that_accuses_nobody(hub: Hub) -> None:
    _, photo, finding = hub.judged("a", {"void": Verdict.UNDETERMINED})
    hub.decide(finding, DecisionKind.CORRECTION_ORDERED)
    assert hub.sweep().held == 1
    assert hub.there(photo) == [True]


def test_all_photos_of_an_accused_parcel_are_held(hub: Hub) -> None:
    _, first, _ = hub.judged("first", COMPLIANT, "SF1")
    _, second, _ = hub.judged("second", VIOLATION, "SF1")
    _, other, _ = hub.judged("other", COMPLIANT, "SF2")
    assert hub.sweep().held == 2
    assert hub.there(first, second, other) == [True, True, False]


def test_an_accusation_that_made_way_for_another_verdict_holds_nothing(hub: Hub) -> None:
    _, first, _ = hub.judged("first", VIOLATION, "SF1")
    _, second, _ = hub.judged("second", COMPLIANT, "SF1")
    assert hub.sweep().photos == 2
    assert hub.there(first, second) == [False, False]


def test_bytes_that_another_camera_posted_too_stay_while_its_posting_keeps_them(hub: Hub) -> None:
    _, photo, _ = hub.judged("same", COMPLIANT)
    hub.post("same", at=YOUNG, camera=1)
    assert hub.sweep().photos == 1
    assert hub.there(photo) == [True]


def test_bytes_that_are_stored_again_this_moment_are_not_deleted(hub: Hub) -> None:
    _, photo, _ = hub.judged("same", COMPLIANT)
    hub.originals.put(b"same", ".jpg")  # another camera's, whose row is not committed yet
    os.utime(hub.originals.place(photo), (NOW.timestamp(),) * 2)
    assert hub.sweep().photos == 1
    assert hub.there(photo) == [True]


def test_a_photo_that_was_given_up_goes_and_is_not_tried_again(hub: Hub) -> None:
    posting_id, photo = hub.post("poison")
    with hub.engine.begin() as connection:
        connection.execute(
            update(Posting)
            .where(Posting.id == posting_id)
            .values(state="failed", reason="unreadable", finished_at=OLD)
        )
    assert hub.sweep().photos == 1
    assert hub.there(photo) == [False]
    assert transact(hub.engine, lambda session: postings.retry_failed(session, None, NOW)) == 0


def test_a_photo_that_is_tried_again_meanwhile_stays(hub: Hub) -> None:
    posting_id, _ = hub.post("poison")
    with hub.engine.begin() as connection:
        connection.execute(
            update(Posting)
            .where(Posting.id == posting_id)
            .values(state="failed", reason="unreadable", finished_at=OLD)
        )
    with reading(hub.engine) as session:
        seen = removable(session, NOW)
    assert transact(hub.engine, lambda session: postings.retry_failed(session, None, NOW)) == 1
    assert transact(hub.engine, lambda session: mark_removed(session, seen, NOW)) == []


def test_files_that_no_posting_keeps_go_once_they_are_old_enough(hub: Hub) -> None:
    stray, fresh = (hub.originals.put(data, ".jpg") for data in (b"stray", b"fresh"))
    os.utime(hub.originals.place(stray), (OLD.timestamp(),) * 2)
    os.utime(hub.originals.place(fresh), (NOW.timestamp(),) * 2)
    assert hub.sweep(dry_run=True).strays == 1
    assert hub.sweep(keep=timedelta(0)).strays == 1
    assert hub.there(stray, fresh) == [False, True]


def test_what_a_sweep_left_that_was_cut_off_is_deleted_by_the_next(hub: Hub) -> None:
    _, photo, _ = hub.judged("old", COMPLIANT)
    with reading(hub.engine) as session:
        going = removable(session, NOW)
    transact(hub.engine, lambda session: mark_removed(session, going, NOW))
    assert hub.there(photo) == [True]
    assert hub.sweep().strays == 1
    assert hub.there(photo) == [False]


def test_evidence_is_never_deleted(hub: Hub) -> None:
    evidence = stores.evidence(hub.settings)
    picture = evidence.put(b"picture")
    os.utime(evidence.place(picture), (0, 0))
    hub.judged("old", COMPLIANT)
    hub.sweep(keep=timedelta(0))
    assert evidence.intact(picture)
    assert picture != EVIDENCE
