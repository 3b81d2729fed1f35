"""A killed audit leaves a database that the next run completes: nothing lost, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlmodel import Session, col, func, select

from greenpack.records.database import open_database, reading
from greenpack.records.evidence import EvidenceStore
from greenpack.records.queries import count_current_findings, verdict_counts
from greenpack.records.tables import Finding, Measurement, Photo
from greenpack.records.verification import verify
from tests.painted import Scene, write

ROOT = Path(__file__).parent.parent
PHOTOS = 18
KILLS = 8


def audit(url: str, data: Path, photos: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash_audit", url, str(data), str(photos)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def scenes() -> dict[str, Scene]:
    """Single photos, and pairs of one waybill whose second photo overturns the first's verdict."""
    found: dict[str, Scene] = {}
    for index in range(PHOTOS // 3):
        number = f"SF{index:04d}234567891"
        found[f"{number}_1.jpg"] = Scene(goods=0.1, filler=0.7, seed=3 * index)
        found[f"{number}_2.jpg"] = Scene(goods=0.12, seed=3 * index + 1)
        found[f"single{index}.jpg"] = Scene(goods=0.1 * index, seed=3 * index + 2)
    return found


def test_an_audit_killed_at_any_moment_is_completed_by_the_next(
    database_url: str, tmp_path: Path
) -> None:
    photos, data = write(tmp_path / "photos", scenes()), tmp_path / "data"
    chance = random.Random(20261123)
    killed = 0
    for _ in range(KILLS):
        process = audit(database_url, data, photos)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # From at once to some photos on: within a photo, between two, in any statement.
        time.sleep(chance.uniform(0.0, 0.35))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        killed += process.returncode == -signal.SIGKILL
        engine = open_database(database_url)
        with reading(engine) as session:
            assert not verify(session, EvidenceStore(data / "evidence")).problems
            assert_whole(session)
        engine.dispose()
    assert killed >= KILLS // 2, "the audit ended before it could be killed"

    process = audit(database_url, data, photos)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert len(output.splitlines()) == 1 + PHOTOS
    engine = open_database(database_url)
    with reading(engine) as session:
        assert_whole(session)
        assert session.exec(select(func.count()).select_from(Photo)).one() == PHOTOS
        # Pairs are one parcel each.
        parcels = PHOTOS // 3 * 2
        assert verdict_counts(session, "screening-50").parcels == parcels
        assert count_current_findings(session) == parcels
        assert not verify(session, EvidenceStore(data / "evidence")).problems
    engine.dispose()


def assert_whole(session: Session) -> None:
    """Every recorded photo has its one measurement, and its parcel one current finding."""
    photos = session.exec(select(Photo)).all()
    measured = session.exec(
        select(Measurement.photo_id, func.count()).group_by(col(Measurement.photo_id))
    ).all()
    assert dict(measured) == {photo.id: 1 for photo in photos}
    current = session.exec(
        select(Finding.waybill_id, Measurement.photo_id)
        .join(Measurement)
        .where(col(Finding.superseded_by).is_(None))
    ).all()
    subjects = [("w", waybill) if waybill else ("p", photo) for waybill, photo in current]
    assert sorted(subjects) == sorted(
        {("w", photo.waybill_id) if photo.waybill_id else ("p", photo.id) for photo in photos}
    )
