"""Importing what platforms declare."""

from __future__ import annotations

import json
import threading
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from greenpack.intake.waybill_csv import DeclaredItem as ReadItem
from greenpack.intake.waybill_csv import DeclaredWaybill
from greenpack.records import waybills
from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.places import ensure_camera, ensure_hub
from greenpack.records.tables import (
    DeclaredItem,
    Hub,
    Ledger,
    Municipality,
    Platform,
    Province,
    Sender,
    Waybill,
)
from greenpack.records.verification import verify
from greenpack.records.waybills import (
    ImportSummary,
    ensure_waybill,
    import_waybills,
    waybill_by_number,
)

from .samples import Declared, Item, full


def take(engine: Engine, *declared: Declared) -> ImportSummary:
    summary = transact(engine, lambda session: import_waybills(session, declared))  # type: ignore[arg-type]
    with reading(engine) as session:
        assert verify(session, None).sound
    return summary


def entries(engine: Engine, kind: str) -> list[dict[str, object]]:
    with reading(engine) as session:
        rows = session.exec(
            select(Ledger.payload).where(Ledger.kind == kind).order_by(col(Ledger.seq))
        )
        return [json.loads(row) for row in rows]


def test_the_samples_are_shaped_as_the_reader_writes_them() -> None:
    assert {field.name for field in fields(Declared)} == {
        field.name for field in fields(DeclaredWaybill)
    }
    assert {field.name for field in fields(Item)} == {field.name for field in fields(ReadItem)}


def test_an_import_again_changes_nothing(engine: Engine) -> None:
    batch = [full("SF1"), full("SF2", sender_code=None, sender_name=None), Declared("SF3")]
    assert take(engine, *batch) == ImportSummary(added=3, updated=0, unchanged=0)
    with reading(engine) as session:
        before = [row.model_dump() for row in session.exec(select(Waybill))]
        last = verify(session, None).head
    assert take(engine, *batch) == ImportSummary(added=0, updated=0, unchanged=3)
    assert take(engine, *map(replace, reversed(batch))) == ImportSummary(0, 0, 3)
    with reading(engine) as session:
        assert [row.model_dump() for row in session.exec(select(Waybill))] == before
        assert verify(session, None).head == last


def test_everything_declared_is_stored(engine: Engine) -> None:
    take(engine, full(" SF1 "))
    with reading(engine) as session:
        row = waybill_by_number(session, "SF1")
        assert row is not None
        hub = session.get_one(Hub, row.hub_id)
        municipality = session.get_one(Municipality, hub.municipality_id)
        assert session.get_one(Province, municipality.province_id).name == "Zhejiang"
        assert (hub.name, municipality.name) == ("North", "Hangzhou")
        sender = session.get_one(Sender, row.sender_id)
        assert (sender.code, sender.name) == ("S-7", "Silk Road Shoes")
        assert session.get_one(Platform, sender.platform_id).name == "Mall"
        assert (row.packed_on, row.packaging) == (date(2026, 11, 20), "carton")
        assert (row.length_mm, row.width_mm, row.height_mm) == (300.0, 200.0, 100.5)
        assert row.declared_at is not None
        assert row.items_complete is True
        items = session.exec(select(DeclaredItem).order_by(col(DeclaredItem.line))).all()
        assert [(item.name, item.length_mm, item.quantity) for item in items] == [
            ("shoes", 100.0, 1),
            ("laces", None, 2),
        ]


def test_a_change_is_kept_with_what_stood_there_before(engine: Engine) -> None:
    take(engine, full("SF1"))
    changed = full("SF1", sender_code="S-9", parcel_mm=(400.0, 200.0, 100.5), items=(Item("hat"),))
    assert take(engine, changed) == ImportSummary(0, 1, 0)
    first, second = entries(engine, "waybill")
    assert first["before"] is None
    before, now = second["before"], second["now"]
    assert isinstance(before, dict)
    assert isinstance(now, dict)
    assert (before["sender"], now["sender"]) == ("S-7", "S-9")
    assert (before["parcel_mm"][0], now["parcel_mm"][0]) == (300.0, 400.0)
    assert [item["name"] for item in before["items"]] == ["shoes", "laces"]
    assert [item["name"] for item in now["items"]] == ["hat"]
    with reading(engine) as session:
        assert [item.name for item in session.exec(select(DeclaredItem))] == ["hat"]


def test_what_is_left_open_keeps_what_was_known(engine: Engine) -> None:
    take(engine, full("SF1"))
    assert take(engine, Declared("SF1")) == ImportSummary(0, 0, 1)
    assert take(engine, Declared("SF1", packaging="bag")) == ImportSummary(0, 1, 0)
    assert take(engine, Declared("SF1", complete=False)) == ImportSummary(0, 1, 0)
    with reading(engine) as session:
        row = waybill_by_number(session, "SF1")
        assert row is not None
        assert row.packaging == "bag"
        assert row.items_complete is False
        assert row.sender_id is not None
        assert len(session.exec(select(DeclaredItem)).all()) == 2
    # A sender named without its platform is looked for on the platform that is known.
    assert take(engine, Declared("SF1", sender_code="S-7")) == ImportSummary(0, 0, 1)


def test_a_sender_that_is_renamed_keeps_its_parcels(engine: Engine) -> None:
    take(engine, full("SF1"), full("SF2", sender_name="Silk Shoes"))
    again = take(engine, full("SF1"), full("SF2", sender_name="Silk Shoes"))
    assert again == ImportSummary(0, 0, 2)
    assert len(entries(engine, "sender")) == 1
    take(engine, full("SF1", sender_name="Shoes"))
    assert entries(engine, "sender")[1]["before"] == {"name": "Silk Shoes"}
    with reading(engine) as session:
        assert [row.name for row in session.exec(select(Sender))] == ["Shoes"]


def test_codes_are_a_platforms_own_and_a_name_stands_in_for_one(engine: Engine) -> None:
    take(
        engine,
        full("1"),
        full("2", platform="Bazaar"),
        full("3", platform=None),
        full("4", platform=None),
        full("5", sender_code=None),
        full("6", sender_code=None, sender_name=None),
    )
    with reading(engine) as session:
        senders = session.exec(select(Sender.platform_id, Sender.code).order_by(col(Sender.id)))
        assert list(senders) == [(1, "S-7"), (2, "S-7"), (None, "S-7"), (1, "Silk Road Shoes")]
        rows = session.exec(select(Waybill.sender_id).order_by(col(Waybill.id)))
        assert list(rows) == [1, 2, 3, 3, 4, None]


def test_places_are_kept_as_far_as_they_are_named(engine: Engine) -> None:
    def place(number: str, *names: str | None) -> Declared:
        province, municipality, hub = names
        return Declared(number, province=province, municipality=municipality, hub=hub)

    take(
        engine,
        place("1", "Z", "H", "N"),
        place("2", "Z", "H", None),
        place("3", "Z", None, None),
        place("4", None, "H", "N"),
        place("5", None, None, "N"),
        place("6", None, None, "N"),
        place("7", None, None, None),
    )
    statement = (
        select(Waybill.number, Hub.name, Municipality.name, Province.name)
        .select_from(Waybill)
        .outerjoin(Hub, col(Hub.id) == Waybill.hub_id)
        .outerjoin(Municipality, col(Municipality.id) == Hub.municipality_id)
        .outerjoin(Province, col(Province.id) == Municipality.province_id)
        .order_by(Waybill.number)
    )
    with reading(engine) as session:
        assert [tuple(row) for row in session.exec(statement)] == [
            ("1", "N", "H", "Z"),
            ("2", "", "H", "Z"),
            ("3", "", "", "Z"),
            ("4", "N", "H", None),
            ("5", "N", None, None),
            ("6", "N", None, None),
            ("7", None, None, None),
        ]
        assert len(session.exec(select(Hub)).all()) == 5


def test_a_number_read_from_a_photo_waits_for_its_declaration(engine: Engine) -> None:
    first = transact(engine, lambda session: ensure_waybill(session, "SF1"))
    assert transact(engine, lambda session: ensure_waybill(session, " SF1\n")).id == first.id
    assert first.declared_at is None
    assert take(engine, full("SF1")) == ImportSummary(0, 1, 0)
    with reading(engine) as session:
        assert waybill_by_number(session, "SF2") is None


def test_of_a_number_that_comes_twice_the_last_counts(engine: Engine) -> None:
    twice = (full("SF1", packaging="bag"), full("SF1"))
    assert take(engine, *twice) == ImportSummary(1, 0, 0)
    assert take(engine, *twice) == ImportSummary(0, 0, 1)


def test_many_waybills_go_through_in_batches(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waybills, "_BATCH", 7)
    many = [full(f"SF{number}") for number in range(20)]
    assert take(engine, *many) == ImportSummary(20, 0, 0)
    assert take(engine, *many, full("SF20")) == ImportSummary(1, 0, 20)


def test_numbers_that_are_none_are_refused(engine: Engine) -> None:
    for number in ("", "  ", "9" * 201):
        with pytest.raises(ValueError, match="waybill number"):
            take(engine, full(number))


def test_two_imports_at_once_add_every_waybill_once(database_url: str, tmp_path: Path) -> None:
    summaries: list[ImportSummary] = []

    def work() -> None:
        engine = open_database(database_url)
        batch = [full(f"SF{number}") for number in range(30)]
        summaries.append(transact(engine, lambda session: import_waybills(session, batch)))  # type: ignore[arg-type]
        engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(summary.added for summary in summaries) == [0, 0, 30]
    assert sorted(summary.unchanged for summary in summaries) == [0, 30, 30]
    engine = open_database(database_url)
    with reading(engine) as session:
        assert verify(session, EvidenceStore(tmp_path)).sound
        assert len(session.exec(select(Sender)).all()) == 1
    engine.dispose()


def test_hubs_and_cameras_are_made_once(engine: Engine) -> None:
    def work(session: Session) -> tuple[int | None, int | None]:
        hub_id = ensure_hub(session, "Zhejiang", "Hangzhou", "North")
        assert hub_id is not None
        return hub_id, ensure_camera(session, hub_id, "line 1").id

    assert transact(engine, work) == transact(engine, work) == (1, 1)
    assert transact(engine, lambda session: ensure_hub(session, None, None, None)) is None
    with reading(engine) as session:
        report = verify(session, None)
        assert report.sound
        assert report.checked["camera"] == report.checked["hub"] == 1
