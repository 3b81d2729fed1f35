"""Photo in, finding recorded: what an inspector can rely on, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from greenpack.audit import Audit, AuditLine
from greenpack.cameras.status import CameraStatus, Standing
from greenpack.intake.limits import Limits
from greenpack.intake.sources import find_sources
from greenpack.intake.waybill_csv import read_waybills
from greenpack.judging import ParcelJudge
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.measure.several_sizes import SIDES
from greenpack.records.database import open_database, reading, transact
from greenpack.records.queries import FindingFilter, current_findings, verdict_counts
from greenpack.records.recording import MeasurementRecord, PhotoRecord
from greenpack.records.verification import verify
from greenpack.records.waybills import import_waybills
from greenpack.report.audit_summary import summarise
from greenpack.rules.loading import load_profile
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings
from greenpack.stores import evidence
from tests.painted import WEIGHTS, PaintedDetector, Scene, write

NUMBER = "SF1234567890123"
ROOMY, FULL = Scene(goods=0.15), Scene(goods=0.8)
STUFFED = Scene(goods=0.1, filler=0.7, seed=1)


class Bench:
    """An audit with its database, ready to take photos."""

    def __init__(self, url: str, folder: Path, profile: str = "screening-50") -> None:
        self.settings = Settings(data_folder=folder, database_url=url)
        self.engine: Engine = open_database(url)
        self.store = evidence(self.settings)
        self.profile = load_profile(profile)
        self.detector = PaintedDetector()

    def audit(self, *photos: Path, sidecar: dict[str, str] | None = None) -> list[AuditLine]:
        run = Audit(
            self.settings, self.engine, self.profile, WEIGHTS, sidecar, lambda: self.detector
        )
        names = [str(photo) for photo in photos]
        return [run.take(source) for source in find_sources(names, limits=Limits())]

    def declare(self, csv: str) -> None:
        table = read_waybills(csv.encode())
        assert not table.bad_rows
        transact(self.engine, lambda session: import_waybills(session, table.waybills))

    def findings(self, **filters: object) -> list:
        with reading(self.engine) as session:
            return current_findings(session, FindingFilter(**filters))

    def parcels(self) -> dict[Verdict, int]:
        with reading(self.engine) as session:
            counts = verdict_counts(session, self.profile.id).by_verdict
        return {verdict: count for verdict, count in counts.items() if count}

    def problems(self) -> tuple:
        with reading(self.engine) as session:
            return verify(session, self.store).problems


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    one = Bench(database_url, tmp_path / "data")
    yield one
    one.engine.dispose()


def test_a_roomy_parcel_is_a_violation_with_its_evidence(bench: Bench, tmp_path: Path) -> None:
    [line] = bench.audit(write(tmp_path / "in", {f"{NUMBER}.jpg": ROOMY}))
    assert line.verdict is Verdict.VIOLATION
    assert line.waybill == NUMBER
    assert line.added
    [finding] = bench.findings()
    assert finding.evidence_sha256 == line.evidence_sha256
    assert bench.store.read(finding.evidence_sha256).startswith(b"\xff\xd8")
    assert finding.model_sha256 == WEIGHTS.sha256
    assert finding.profile_version == bench.profile.version
    assert finding.interval is not None
    assert finding.limit is not None
    assert finding.interval.low > finding.limit
    assert not bench.problems()


def test_running_it_again_changes_nothing_and_needs_no_model(bench: Bench, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in", {"a.jpg": ROOMY, "b.jpg": FULL, f"{NUMBER}.jpg": Scene(opened=False)}
    )
    (folder / "c.jpg").write_text("no picture")
    first = bench.audit(folder)
    shown = bench.detector.seen
    with reading(bench.engine) as session:
        head = verify(session, bench.store).head
    again = bench.audit(folder)
    assert [line.verdict for line in again] == [line.verdict for line in first]
    assert not any(line.added for line in again)
    assert bench.detector.seen == shown
    with reading(bench.engine) as session:
        assert verify(session, bench.store).head == head


def test_the_same_bytes_under_two_names_are_one_photo(bench: Bench, tmp_path: Path) -> None:
    bench.audit(write(tmp_path / "in", {"a.jpg": ROOMY, "b.jpg": ROOMY}))
    assert bench.parcels() == {Verdict.VIOLATION: 1}


def test_no_bad_file_stops_the_batch_or_gets_lost(bench: Bench, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"good.jpg": ROOMY})
    (folder / "cut.jpg").write_bytes(ROOMY.jpeg()[:5000])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("hello")
    lines = {Path(line.name).name: line for line in bench.audit(folder)}
    assert lines["good.jpg"].verdict is Verdict.VIOLATION
    assert {name: line.reason for name, line in lines.items() if line.verdict is None} == {
        "cut.jpg": "truncated",
        "empty.jpg": "unreadable",
        "text.jpg": "unreadable",
    }
    assert not bench.problems()


def test_a_parcel_full_of_filler_is_undetermined_until_it_is_taken_out(
    bench: Bench, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", {f"{NUMBER}_1.jpg": STUFFED})
    [line] = bench.audit(folder)
    assert (line.verdict, line.reason) == (Verdict.UNDETERMINED, "filler_hides_contents")
    write(folder, {f"{NUMBER}_2.jpg": ROOMY})
    lines = bench.audit(folder)
    assert lines[-1].verdict is Verdict.VIOLATION
    assert bench.parcels() == {Verdict.VIOLATION: 1}
    assert bench.audit(folder)[0].verdict is Verdict.VIOLATION
    assert not bench.problems()


@pytest.mark.parametrize("order", [(STUFFED, ROOMY), (ROOMY, STUFFED)])
def test_the_order_of_the_photos_does_not_matter(
    bench: Bench, tmp_path: Path, order: tuple[Scene, Scene]
) -> None:
    photos = {f"{NUMBER}_{index}.jpg": scene for index, scene in enumerate(order)}
    bench.audit(write(tmp_path / "in", photos))
    assert bench.parcels() == {Verdict.VIOLATION: 1}
    [finding] = bench.findings()
    assert finding.waybill_number == NUMBER


def test_goods_that_vanish_between_two_photos_are_reported(bench: Bench, tmp_path: Path) -> None:
    photos = {f"{NUMBER}_1.jpg": Scene(goods=0.6, filler=0.2), f"{NUMBER}_2.jpg": Scene(goods=0.05)}
    lines = bench.audit(write(tmp_path / "in", photos))
    assert (lines[-1].verdict, lines[-1].reason) == (Verdict.UNMEASURABLE, "photos_disagree")


DECLARED = (
    "waybill,sender_code,sender_name,packaging,parcel_length_mm,parcel_width_mm,parcel_height_mm,"
    "item_name,item_length_mm,item_width_mm,item_height_mm,quantity\n"
    f"{NUMBER},S1,Sender One,{{packaging}},400,300,{{height}},Book,{{item}},280,100,1\n"
)


def declared(packaging: str = "single_use", height: int = 110, item: int = 380) -> str:
    return DECLARED.format(packaging=packaging, height=height, item=item)


def test_declared_sizes_prove_compliance(bench: Bench, tmp_path: Path) -> None:
    bench.declare(declared())
    [line] = bench.audit(write(tmp_path / "in", {f"{NUMBER}.jpg": FULL}))
    assert line.verdict is Verdict.COMPLIANT
    assert line.sender == "Sender One"


def test_data_that_come_later_are_applied_by_the_next_run(bench: Bench, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {f"{NUMBER}.jpg": ROOMY})
    assert bench.audit(folder)[0].verdict is Verdict.VIOLATION
    bench.declare(declared(packaging="reusable"))
    [line] = bench.audit(folder)
    assert line.verdict is Verdict.EXEMPT
    assert line.added
    assert bench.parcels() == {Verdict.EXEMPT: 1}
    assert not bench.audit(folder)[0].added
    assert not bench.problems()


def test_a_declaration_that_the_photo_disproves_is_reported(bench: Bench, tmp_path: Path) -> None:
    bench.declare(declared())
    [line] = bench.audit(write(tmp_path / "in", {f"{NUMBER}.jpg": ROOMY}))
    assert (line.verdict, line.reason) == (Verdict.UNMEASURABLE, "declared_contradicts_photo")


def test_declared_goods_that_do_not_go_in_are_noted_and_not_used(
    bench: Bench, tmp_path: Path
) -> None:
    bench.declare(declared(item=900))
    [line] = bench.audit(write(tmp_path / "in", {f"{NUMBER}.jpg": ROOMY}))
    assert line.verdict is Verdict.VIOLATION
    assert "do not go into" in line.note


def test_goods_too_large_to_stand_together_are_noted_too(bench: Bench, tmp_path: Path) -> None:
    # By volume two pieces of 210 x 280 x 100 mm would go into 400 x 300 x 110 mm.
    csv = declared(item=210).replace(",280,100,1", ",280,100,2")
    bench.declare(csv)
    [line] = bench.audit(write(tmp_path / "in", {f"{NUMBER}.jpg": ROOMY}))
    assert "do not go into" in line.note


def test_declared_masses_are_judged_in_taiwan(database_url: str, tmp_path: Path) -> None:
    one = Bench(database_url, tmp_path / "data", profile="tw-2023")
    masses = "单号,打包日期,商品总重(kg),包装重量(g)\n{},2026-11-01,1.2,{}\n"
    folder = write(tmp_path / "in", {f"{NUMBER}.jpg": FULL})
    for grams, hint in ((600, Verdict.VIOLATION), (100, Verdict.COMPLIANT)):
        one.declare(masses.format(NUMBER, grams))
        one.audit(folder)
        [finding] = one.findings()
        assert (finding.verdict, finding.screening) == (Verdict.UNDETERMINED, hint)
        assert finding.interval is not None
        assert finding.interval.value == pytest.approx(grams / 1200)
    assert not one.problems()
    one.engine.dispose()


def test_a_closed_parcels_size_on_the_photo_is_judged_with_the_declared_goods(
    bench: Bench, tmp_path: Path
) -> None:
    proven = CameraStatus(Standing.VERIFIED)
    judge = ParcelJudge(bench.profile, WEIGHTS.sha256, "b" * 64, proven)
    csv = "waybill,packed_on,item_name,item_length_mm,item_width_mm,item_height_mm\n"
    bench.declare(f"{csv}{NUMBER},2026-11-01,Cup,150,100,100\n")
    sides = (300.0, 200.0, 150.0)
    sized = {
        quantity: Interval(side, side - 3, side + 3)
        for quantity, side in zip(SIDES, sides, strict=True)
    }
    measurement = Measurement(Outcome.MEASURED, None, sized, scale="calibrated_camera")
    photo = PhotoRecord("a" * 64, "a.jpg", 9, datetime(2026, 11, 3, tzinfo=UTC))
    record = MeasurementRecord(WEIGHTS.sha256, "b" * 64, measurement, (), 5)
    with reading(bench.engine) as session:
        drawn = judge.judge(session, photo, record, NUMBER)
    assert drawn.verdict is Verdict.VIOLATION
    assert drawn.measurement.quantities[Quantity.VOID_RATIO].value == pytest.approx(0.81, abs=0.03)
    korean = ParcelJudge(load_profile("kr-2024"), WEIGHTS.sha256, "b" * 64, proven)
    with reading(bench.engine) as session:
        # L + W + H is 650 mm beyond doubt: no small box, though no size was declared.
        empty = korean.judge(session, photo, record, NUMBER).judgements[0]
    assert empty.quantity is Quantity.VOID_RATIO_INNER
    assert empty.screening is Verdict.VIOLATION


@pytest.mark.parametrize(
    ("scale", "camera", "why"),
    [
        ("waybill_label", None, "sizes by a waybill label were not held against a tape"),
        ("marker", CameraStatus(Standing.VERIFIED), "sizes by a marker were not held"),
        (
            "calibrated_camera",
            CameraStatus(Standing.NEVER_VERIFIED, "never verified"),
            "the camera was never verified",
        ),
    ],
)
def test_sizes_that_nobody_held_against_a_tape_only_screen(
    bench: Bench, scale: str, camera: CameraStatus | None, why: str
) -> None:
    judge = ParcelJudge(bench.profile, WEIGHTS.sha256, "b" * 64, camera)
    csv = "waybill,packed_on,item_name,item_length_mm,item_width_mm,item_height_mm\n"
    bench.declare(f"{csv}{NUMBER},2026-11-01,Cup,150,100,100\n")
    sized = {
        side: Interval(mm, mm - 3, mm + 3)
        for side, mm in zip(SIDES, (300.0, 200.0, 150.0), strict=True)
    }
    photo = PhotoRecord("a" * 64, "a.jpg", 9, datetime(2026, 11, 3, tzinfo=UTC))
    closed = Measurement(Outcome.MEASURED, None, sized, scale=scale)
    record = MeasurementRecord(WEIGHTS.sha256, "b" * 64, closed, (), 5)
    with reading(bench.engine) as session:
        [said] = judge.judge(session, photo, record, NUMBER).judgements
    assert (said.verdict, said.screening) == (Verdict.UNDETERMINED, Verdict.VIOLATION)
    assert said.reason == "sizes_unproven"
    assert why in said.explanation


@pytest.mark.parametrize(
    ("sides", "declared", "reason"),
    [
        ((300.0, 200.0, 150.0), False, "no_declared_contents"),
        ((300.0, 200.0), True, "faces_not_seen"),
    ],
)
def test_a_measured_closed_parcel_says_what_is_still_lacking(
    bench: Bench, sides: tuple[float, ...], declared: bool, reason: str
) -> None:
    if declared:
        csv = "waybill,packed_on,item_name,item_length_mm,item_width_mm,item_height_mm\n"
        bench.declare(f"{csv}{NUMBER},2026-11-01,Cup,150,100,100\n")
    sized = {side: Interval(mm, mm - 3, mm + 3) for side, mm in zip(SIDES, sides, strict=False)}
    photo = PhotoRecord("a" * 64, "a.jpg", 9, datetime(2026, 11, 3, tzinfo=UTC))
    closed = Measurement(Outcome.MEASURED, None, sized, scale="calibrated_camera")
    record = MeasurementRecord(WEIGHTS.sha256, "b" * 64, closed, (), 5)
    judge = ParcelJudge(bench.profile, WEIGHTS.sha256, "b" * 64, CameraStatus(Standing.VERIFIED))
    with reading(bench.engine) as session:
        [said] = judge.judge(session, photo, record, NUMBER).judgements
    assert (said.verdict, said.reason) == (Verdict.UNDETERMINED, reason)


def test_the_sidecar_ties_a_photo_that_tells_nothing_itself(bench: Bench, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"IMG_1.jpg": ROOMY})
    assert bench.audit(folder)[0].waybill is None
    [line] = bench.audit(folder, sidecar={"IMG_1.jpg": NUMBER})
    assert line.waybill == NUMBER
    assert bench.parcels() == {Verdict.VIOLATION: 1}
    assert not bench.problems()


def test_an_unverified_profile_only_screens(database_url: str, tmp_path: Path) -> None:
    one = Bench(database_url, tmp_path / "data", profile="kr-2024")
    [line] = one.audit(write(tmp_path / "in", {f"{NUMBER}.jpg": ROOMY}))
    assert line.verdict is not Verdict.VIOLATION
    assert all(finding.verdict is not Verdict.VIOLATION for finding in one.findings())
    one.engine.dispose()


def test_two_profiles_stand_beside_each_other(bench: Bench, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {f"{NUMBER}_1.jpg": STUFFED, f"{NUMBER}_2.jpg": ROOMY})
    bench.audit(folder)
    shown = bench.detector.seen
    bench.profile = load_profile("cn-gb45186-2024")
    bench.audit(folder)
    # Only the photo whose evidence is drawn anew is looked at again.
    assert bench.detector.seen <= shown + 1
    assert {finding.profile_id for finding in bench.findings()} == {
        "screening-50",
        "cn-gb45186-2024",
    }
    assert not bench.problems()


def test_a_lost_evidence_picture_is_drawn_again_the_same(bench: Bench, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.jpg": ROOMY})
    [line] = bench.audit(folder)
    assert line.evidence_sha256 is not None
    Path(bench.store.place(line.evidence_sha256)).unlink()
    assert bench.problems()
    assert bench.audit(folder)[0].evidence_sha256 == line.evidence_sha256
    assert not bench.problems()


def test_the_summary_counts_parcels_not_photos(bench: Bench, tmp_path: Path) -> None:
    bench.declare(declared(item=100))
    folder = write(
        tmp_path / "in",
        {f"{NUMBER}_1.jpg": STUFFED, f"{NUMBER}_2.jpg": ROOMY, "IMG_7.jpg": Scene(opened=False)},
    )
    (folder / "bad.jpg").write_bytes(b"")
    summary = summarise(bench.audit(folder))
    assert summary.photos == 3
    assert sum(summary.by_verdict.values()) == 2
    assert [(row.sender, row.attributed, row.parcels) for row in summary.by_sender] == [
        ("Sender One", True, 1),
        (None, False, 1),
    ]
    assert (Verdict.UNMEASURABLE, "no_scale", 1) in summary.by_reason
    assert [line.reason for line in summary.failed] == ["unreadable"]
