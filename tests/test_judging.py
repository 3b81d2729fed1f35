"""One parcel judged by the photos of several cameras, proven and unproven, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from greenpack.cameras.status import CameraStatus, Standing
from greenpack.intake.waybill_csv import read_waybills
from greenpack.judging import Judged, ParcelJudge
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.records.database import open_database, reading, transact
from greenpack.records.recording import (
    AttributionSource,
    MeasurementRecord,
    PhotoRecord,
    record_photo,
)
from greenpack.records.waybills import import_waybills
from greenpack.rules.loading import load_profile
from greenpack.rules.verdict import Verdict
from tests.painted import WEIGHTS

NUMBER = "SF1234567890123"
TOP, SIDE, PLAIN = "a" * 64, "b" * 64, "c" * 64
PROVEN = CameraStatus(Standing.VERIFIED)
UNPROVEN = CameraStatus(Standing.NEVER_VERIFIED, "never verified")
LENGTH, WIDTH, HEIGHT = Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM
MOMENT = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_database(database_url)
    yield opened
    opened.dispose()


def declare(engine: Engine, cup: str) -> None:
    head = "waybill,packed_on,item_name,item_length_mm,item_width_mm,item_height_mm\n"
    table = read_waybills(f"{head}{NUMBER},2026-11-01,Cup,{cup}\n".encode())
    transact(engine, lambda session: import_waybills(session, table.waybills))


def photo(name: str) -> PhotoRecord:
    return PhotoRecord(
        name * 64,
        f"{name}.jpg",
        9,
        MOMENT,
        "image/jpeg",
        640,
        480,
        waybill_number=NUMBER,
        attribution_source=AttributionSource.BARCODE,
    )


def sized(settings: str, *, off: float = 0.0, **sides: float) -> MeasurementRecord:
    """A measurement of those sides, 3 mm either way."""
    found = {
        Quantity(side): Interval(mm + off, mm + off - 3, mm + off + 3) for side, mm in sides.items()
    }
    measured = Measurement(Outcome.MEASURED, None, found, scale="calibrated_camera")
    return MeasurementRecord(WEIGHTS.sha256, settings, measured, (), 5)


def judged(
    engine: Engine, cameras: dict[str, CameraStatus | None], at_hand: MeasurementRecord
) -> Judged:
    own = at_hand.settings_sha256
    judge = ParcelJudge(
        load_profile("screening-50"), WEIGHTS.sha256, own, cameras.get(own), cameras
    )
    with reading(engine) as session:
        return judge.judge(session, photo("9"), at_hand, NUMBER)


def test_the_top_and_the_side_camera_measure_one_parcel_together(engine: Engine) -> None:
    declare(engine, "150,100,100")
    top = sized(TOP, length_mm=300, width_mm=200)
    transact(engine, lambda session: record_photo(session, photo("1"), top))
    side = sized(SIDE, height_mm=150, length_mm=300)
    both = judged(engine, {TOP: PROVEN, SIDE: PROVEN, PLAIN: None}, side)
    assert {LENGTH, WIDTH, HEIGHT} <= both.measurement.quantities.keys()
    assert both.verdict is Verdict.VIOLATION
    alone = judged(engine, {SIDE: PROVEN}, side)
    assert WIDTH not in alone.measurement.quantities
    assert alone.verdict is Verdict.UNDETERMINED


def test_a_photo_measured_with_and_without_its_camera_counts_once(engine: Engine) -> None:
    declare(engine, "150,100,100")
    sides = {"length_mm": 300.0, "width_mm": 200.0, "height_mm": 150.0}
    for record in (sized(PLAIN, off=40, **sides), sized(TOP, **sides)):
        transact(engine, lambda session, it=record: record_photo(session, photo("1"), it))
    near = judged(engine, {TOP: PROVEN, SIDE: PROVEN, PLAIN: None}, sized(SIDE, **sides))
    # The plain measurement is 40 mm off: had it counted, the photos would disagree.
    assert near.measurement.outcome is Outcome.MEASURED
    assert near.verdict is Verdict.VIOLATION


@pytest.mark.parametrize(
    ("cup", "hint"), [("150,100,100", Verdict.VIOLATION), ("290,190,140", Verdict.COMPLIANT)]
)
def test_an_unproven_camera_neither_accuses_nor_clears(
    engine: Engine, cup: str, hint: Verdict
) -> None:
    declare(engine, cup)
    sides = {"length_mm": 300.0, "width_mm": 200.0, "height_mm": 150.0}
    at_hand = sized(SIDE, **sides)
    [said] = judged(engine, {SIDE: UNPROVEN}, at_hand).judgements
    assert (said.verdict, said.screening) == (Verdict.UNDETERMINED, hint)
    assert said.reason == "sizes_unproven"
    transact(engine, lambda session: record_photo(session, photo("1"), sized(TOP, **sides)))
    [said] = judged(engine, {TOP: PROVEN, SIDE: UNPROVEN}, at_hand).judgements
    assert (said.verdict, said.screening) == (hint, None)
