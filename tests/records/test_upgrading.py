"""Bringing a database with rows up to a newer schema."""

from __future__ import annotations

import hashlib
import json

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from greenpack.records.camera_tokens import add_camera, camera_of_token
from greenpack.records.columns import now
from greenpack.records.database import open_database, reading, transact
from greenpack.records.digests import VOUCHED, digest
from greenpack.records.hub_load import set_capacity
from greenpack.records.ledger import LedgerKind, NewEntry, append_all
from greenpack.records.migrating import configuration
from greenpack.records.stored import stored_measurement
from greenpack.records.verification import verify

PHOTO, MODEL, SETTINGS = "a" * 64, "b" * 64, "c" * 64

ROWS = (
    "INSERT INTO photo (id, sha256, source_name, size_bytes, media_type, width, height, "
    f"received_at) VALUES (1, '{PHOTO}', 'a.jpg', 9, 'image/jpeg', 8, 6, '2026-11-01 00:00:00Z')",
    "INSERT INTO measurement (id, photo_id, model_sha256, settings_sha256, outcome, shapes, "
    "budget, assumptions, milliseconds, created_at) VALUES "
    f"(1, 1, '{MODEL}', '{SETTINGS}', 'measured', '[]', '[]', '[]', 5, '2026-11-01 00:00:00Z')",
    "INSERT INTO quantity (id, measurement_id, quantity, value, low, high) "
    "VALUES (1, 1, 'void_ratio', 0.6, 0.5, 0.7)",
)
NEW = "INSERT INTO quantity (id, measurement_id, quantity, low, high) VALUES (2, 1, '{}', 1, 2)"


def test_rows_of_before_closed_parcels_stay_and_new_quantities_fit_in(
    empty_database_url: str,
) -> None:
    address = empty_database_url.replace("postgresql://", "postgresql+psycopg://")
    older = create_engine(address)
    with older.begin() as connection:
        command.upgrade(configuration(connection), "0004")
        for row in ROWS:
            connection.execute(text(row))
    with pytest.raises(IntegrityError), older.begin() as connection:
        connection.execute(text(NEW.format("length_mm")))
    older.dispose()

    engine = open_database(empty_database_url)
    with Session(engine) as session:
        found = stored_measurement(session, PHOTO, MODEL, SETTINGS)
        assert found is not None
        assert [str(q) for q in found.record.measurement.quantities] == ["void_ratio"]
        assert found.record.measurement.cuboid is None
        session.connection().execute(text(NEW.format("length_mm")))
        session.commit()
        with pytest.raises(IntegrityError):
            session.connection().execute(text(NEW.format("happiness").replace("(2,", "(3,")))
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    engine.dispose()


PLACES = (
    "INSERT INTO hub (id, name) VALUES (1, 'North')",
    "INSERT INTO camera (id, hub_id, name) VALUES (1, 1, 'line 1')",
)
# As these rows were vouched for before hubs had capacities and cameras were seen.
VOUCHED_BEFORE = (
    ("hub", "hub/1", '{"id":1,"municipality_id":null,"name":"North"}'),
    ("camera", "camera/1", '{"hub_id":1,"id":1,"name":"line 1"}'),
)


def test_hubs_and_cameras_of_before_the_postings_are_vouched_for_as_they_were(
    empty_database_url: str,
) -> None:
    older = create_engine(empty_database_url.replace("postgresql://", "postgresql+psycopg://"))
    with older.begin() as connection:
        command.upgrade(configuration(connection), "0007")
        for row in PLACES:
            connection.execute(text(row))
    older.dispose()

    engine = open_database(empty_database_url)
    entries = [
        NewEntry(kind, subject, {"digest": hashlib.sha256(content.encode()).hexdigest()})
        for kind, subject, content in VOUCHED_BEFORE
    ]
    transact(engine, lambda session: append_all(session, entries))
    with reading(engine) as session:
        assert verify(session, None).sound
    # And they can be used as those that came later.
    _, token = transact(engine, lambda session: add_camera(session, "North", "line 1", 5.0))
    transact(engine, lambda session: set_capacity(session, "North", 100))
    with reading(engine) as session:
        assert camera_of_token(session, token, now()) is not None
        assert verify(session, None).sound
    engine.dispose()


def test_a_later_column_changes_no_digest_until_it_holds_something() -> None:
    vouched = VOUCHED[LedgerKind.MEASUREMENT]
    row: dict[str, object] = dict.fromkeys(vouched.columns)
    row |= {"id": 1, "milliseconds": 3}
    # As it was before `cuboid` and `scale` were columns.
    assert digest(vouched, row) == digest_of_columns_before(row)
    assert digest(vouched, row | {"scale": "marker"}) != digest(vouched, row)


def digest_of_columns_before(row: dict[str, object]) -> str:
    kept = {name: value for name, value in row.items() if name not in {"cuboid", "scale"}}
    text = json.dumps(
        {**kept, "quantity": []}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
