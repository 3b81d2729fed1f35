"""The demonstration: the same parcels by seed, marked as made up, sound, and never over records."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlmodel import select
from typer.testing import CliRunner

from greenpack import stores
from greenpack.cli import app
from greenpack.demo.cases import make_cases
from greenpack.demo.filling import FoundViolation, fill
from greenpack.demo.people import add_people, decide_some
from greenpack.demo.season import ZONE, draw_parcels, places, seasons, shops
from greenpack.demo.templates import SamplePhoto, Template, marked, share_moved, shifted
from greenpack.demo_commands import _is_there
from greenpack.intake.waybill_csv import DeclaredItem, DeclaredWaybill
from greenpack.intake.waybill_number import normalise
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.reasons import GreenPackError
from greenpack.records import passwords
from greenpack.records.case_forms import CaseState
from greenpack.records.case_queries import CaseFilter, list_cases
from greenpack.records.database import open_database, reading, transact
from greenpack.records.demonstration import is_demo, mark_as_demo
from greenpack.records.forms import MeasurementRecord
from greenpack.records.scope import EVERYTHING, Scope, scope_from
from greenpack.records.stored import stored_measurement
from greenpack.records.tables import Finding, Hub, Photo, Sender
from greenpack.records.verification import verify
from greenpack.records.waybills import ensure_waybill
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings

UNTIL = date(2026, 11, 24)


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def template(case: str, low: float) -> Template:
    area = 1 - low
    measurement = Measurement(
        Outcome.MEASURED,
        quantities={
            Quantity.AREA_RATIO: Interval(area - 0.02, area - 0.04, area),
            Quantity.VOID_RATIO: Interval(None, low, 1.0),
            Quantity.FILLER_RATIO: Interval(0.0, 0.0, 0.01),
        },
    )
    declared = DeclaredWaybill(
        number="SF1000000000001",
        sender_code="S",
        sender_name="S",
        platform=None,
        hub=None,
        province=None,
        municipality=None,
        packed_on=None,
        packaging="single_use",
        parcel_mm=None,
        items=(DeclaredItem("book", 158, 117, 43, 1, "general"),) if low > 0.5 else (),
        photos=(),
    )
    return Template(
        f"{case}.jpg",
        case,
        MeasurementRecord("a" * 64, "b" * 64, measurement),
        marked(jpeg(), f"{case}.jpg"),
        declared,
        0.9 if low > 0.5 else None,
    )


TEMPLATES = [template("oversized", 0.8), template("medium", 0.3)]


def test_the_same_seed_draws_the_same_parcels() -> None:
    drawn = draw_parcels(7, 300, UNTIL)
    assert drawn == draw_parcels(7, 300, UNTIL)
    assert drawn != draw_parcels(8, 300, UNTIL)
    assert len({parcel.waybill for parcel in drawn}) == 300
    assert all(normalise(parcel.waybill) == parcel.waybill for parcel in drawn)


@given(st.dates(date(2022, 1, 1), date(2035, 12, 31)))
def test_both_seasons_begin_in_november_and_none_lies_ahead(until: date) -> None:
    (before, before_ends), (begins, ends) = seasons(until)
    assert (begins.month, begins.day) == (before.month, before.day) == (11, 1)
    assert begins <= ends <= until
    assert (before_ends - before).days == 91
    assert (ends - begins).days <= 91
    assert begins.year - before.year == 1


def test_parcels_lie_in_the_seasons_and_most_on_the_festivals() -> None:
    drawn = draw_parcels(1, 2000, UNTIL)
    assert drawn == sorted(drawn, key=lambda parcel: parcel.received_at)
    days = [parcel.received_at.astimezone(ZONE).date() for parcel in drawn]
    inside = [any(a <= day <= b for a, b in seasons(UNTIL)) for day in days]
    assert all(inside)
    assert days.count(date(2026, 11, 11)) > 2 * days.count(date(2026, 11, 5))


def test_every_name_says_that_it_is_made_up() -> None:
    for place in places():
        names = (place.province, place.municipality, place.hub)
        assert all("Demo" in name and "演示" in name for name in names)
        # As accounts have it.
        assert scope_from(str(Scope(*names))) == Scope(*names)
    for shop in shops(Random(1), 2000):
        assert "Demo shop" in shop.name
        assert "演示店铺" in shop.name
        assert "演示平台" in shop.platform
        assert all(0 <= share <= 1 for share in shop.oversized)


@given(st.floats(0, 1), st.floats(-3, 3))
def test_a_moved_share_stays_one_and_comes_back(share: float, shift: float) -> None:
    moved = share_moved(share, shift)
    assert 0 <= moved <= 1
    # Closed form: the logit moves by the shift, so moving back gives the share again.
    assert share_moved(moved, -shift) == pytest.approx(share, abs=1e-6)


@given(st.floats(0.01, 3), st.sampled_from((-1, 1)))
def test_a_shifted_measurement_is_emptier_or_fuller(size: float, way: int) -> None:
    before = TEMPLATES[0].measured.measurement
    after = shifted(before, size * way)
    void, area = after.quantities[Quantity.VOID_RATIO], after.quantities[Quantity.AREA_RATIO]
    assert (void.low > before.quantities[Quantity.VOID_RATIO].low) == (way > 0)
    assert (area.high < before.quantities[Quantity.AREA_RATIO].high) == (way > 0)


def test_the_picture_says_that_it_is_a_demonstration() -> None:
    before, after = Image.open(io.BytesIO(jpeg())), Image.open(io.BytesIO(TEMPLATES[0].picture))
    assert after.height > before.height
    strip = after.crop((0, before.height, after.width, after.height))
    assert len(strip.convert("L").getcolors() or []) > 10  # something is written in it


def test_a_filled_database_is_marked_and_sound(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))
    settings = Settings(data_folder=tmp_path, database_url=database_url)
    engine = open_database(database_url)
    advanced: list[int] = []
    photo = SamplePhoto(jpeg(), hashlib.sha256(jpeg()).hexdigest(), 400, 200)
    violations = fill(
        engine,
        settings,
        load_profile("screening-50"),
        [replace(TEMPLATES[0], photo=photo), TEMPLATES[1]],
        seed=1,
        parcels=60,
        until=UNTIL,
        advance=lambda: advanced.append(1),
    )
    people = add_people(engine)
    decided = decide_some(engine, violations, people, seed=1, until=UNTIL)
    made = make_cases(engine, settings, load_profile("screening-50"), people, UNTIL)
    assert len(advanced) == 60
    assert made == 3
    assert 0 < decided <= len(violations) < 60
    with reading(engine) as session:
        assert is_demo(session)
        assert verify(session, stores.evidence(settings)).problems == ()
        photos = session.exec(select(Photo)).all()
        assert len(photos) == 60
        # One parcel is the sample itself: what is shown of its photo is what was measured on it.
        (real,) = [each for each in photos if each.sha256 == photo.sha256]
        assert (real.size_bytes, real.width, real.height) == (len(photo.data), 400, 200)
        assert stores.originals(settings).read(real.sha256) == photo.data
        stored = stored_measurement(session, photo.sha256, "a" * 64, "b" * 64)
        assert stored is not None
        assert stored.record.measurement.quantities[Quantity.VOID_RATIO].low == pytest.approx(0.8)
        assert 6 < len(session.exec(select(Hub)).all()) <= 12
        assert all("Demo" in (name or "") for name in session.exec(select(Sender.name)).all())
        states = {row.state for row in list_cases(session, CaseFilter())}
        assert states == {CaseState.OPEN, CaseState.RECOMMENDED, CaseState.RECTIFIED}
        standing = [row.standing for row in session.exec(select(Finding)).all()]
    assert any(standing)
    assert len({person.password for person in people}) == 4
    assert [person.scope == EVERYTHING for person in people] == [False, True, True, True]
    # Nothing can be filled in twice, and records are never taken for a demonstration.
    with pytest.raises(GreenPackError) as caught:
        transact(engine, lambda session: mark_as_demo(session, 1, 1, UNTIL))
    assert caught.value.code == "demo_folder_in_use"
    engine.dispose()


def test_people_decide_more_of_the_last_season(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenpack.demo.people.decide", lambda *_args, **_more: None)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))
    engine = open_database(database_url)
    people = add_people(engine)
    first = seasons(UNTIL)[1][0]

    def share(day: date) -> float:
        found = [FoundViolation(number, "S", day, "P") for number in range(400)]
        return decide_some(engine, found, people, seed=1, until=UNTIL) / 400

    assert share(first - timedelta(days=30)) > share(first + timedelta(days=5)) + 0.2
    engine.dispose()


def test_a_folder_with_records_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    settings = Settings(data_folder=folder, database_url=f"sqlite:///{folder / 'greenpack.db'}")
    assert not _is_there(settings, anew=False)
    engine = open_database(settings.database)
    assert not _is_there(settings, anew=False)  # a database without any entry is nobody's
    engine.dispose()
    engine = open_database(settings.database)
    transact(engine, lambda session: ensure_waybill(session, "SF1234567890123"))
    for anew in (False, True):
        with pytest.raises(GreenPackError, match="no demonstration"):
            _is_there(settings, anew=anew)
    assert (folder / "greenpack.db").exists()
    engine.dispose()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    result = CliRunner().invoke(app, ["demo", "--folder", str(tmp_path)])
    assert result.exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_demonstration_stays_unless_it_is_to_be_made_anew(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, database_url=f"sqlite:///{tmp_path / 'greenpack.db'}")
    engine = open_database(settings.database)
    transact(engine, lambda session: mark_as_demo(session, 1, 50, UNTIL))
    engine.dispose()
    assert _is_there(settings, anew=False)
    result = CliRunner().invoke(app, ["demo", "--folder", str(tmp_path)])
    assert result.exit_code == 0
    assert "already" in result.output
    assert f"GREENPACK_DATA_FOLDER={tmp_path}" in result.output
    assert not _is_there(settings, anew=True)
    assert not (tmp_path / "greenpack.db").exists()
