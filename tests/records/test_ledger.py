"""The ledger's format, and that writers never fork it."""

from __future__ import annotations

import hashlib
import json
import math
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, RowMapping, text
from sqlmodel import col, select

from greenpack.records.database import open_database, reading, transact
from greenpack.records.digests import VOUCHED, digest
from greenpack.records.evidence import EvidenceStore
from greenpack.records.ledger import (
    GENESIS,
    LedgerKind,
    append,
    append_all,
    canonical,
    head,
    moment,
)
from greenpack.records.tables import Ledger
from greenpack.records.verification import verify

from .conftest import Filled
from .recorder import FORK
from .samples import a_bit_of_everything

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_canonical_json_is_the_value_and_always_the_same(value: object) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), LEAVES, min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_keep_every_bit(number: float) -> None:
    assert math.copysign(1, json.loads(canonical(number))) == math.copysign(1, number)
    assert json.loads(canonical(number)) == number


@pytest.mark.parametrize("value", [math.nan, math.inf, "\udcff", {1, 2}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical(value)


def test_times_are_written_in_utc_to_the_microsecond() -> None:
    at = datetime(2026, 11, 11, 0, 0, tzinfo=timezone(timedelta(hours=8)))
    assert moment(at) == "2026-11-10T16:00:00.000000Z"


def test_a_stranger_can_check_the_chain_with_a_few_lines(engine: Engine) -> None:
    transact(engine, lambda session: append(session, "käse", "x/1", {"b": [1.5, None], "a": "嘉"}))
    transact(engine, a_bit_of_everything)
    with reading(engine) as session:
        rows = session.exec(select(Ledger).order_by(col(Ledger.seq))).all()
        last = head(session)
    previous = GENESIS
    for number, row in enumerate(rows, 1):
        # Deliberately written anew from docs/records.md rather than with our own functions.
        content = {
            "seq": number,
            "at": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "kind": row.kind,
            "subject": row.subject,
            "payload": json.loads(row.payload),
            "prev_hash": previous,
        }
        written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(written.encode()).hexdigest()
        assert row.hash == previous
    assert (last.seq, last.hash) == (len(rows), previous)


def test_a_stranger_can_make_the_digests_from_plain_rows(filled: Filled) -> None:
    engine = filled(a_bit_of_everything)
    times = {"received_at", "taken_at", "created_at", "declared_at"}
    guide = (Path(__file__).parents[2] / "docs" / "records.md").read_text("utf-8")
    later = {
        (part.split("\n", 1)[0], line.split("`")[1])
        for part in guide.split("\n### ")
        for line in part.splitlines()
        if line.startswith("| `") and "left out of the digest while NULL" in line
    }
    assert {("measurement", "cuboid"), ("decision", "reason")} <= later

    def content(table: str, row: RowMapping, left_out: set[str]) -> dict[str, object]:
        # Deliberately written anew from docs/records.md rather than with our own functions.
        found: dict[str, object] = {}
        for name, value in row.items():
            if name in left_out or ((table, name) in later and value is None):
                continue
            if name in times and value is not None:
                at = datetime.fromisoformat(str(value))
                at = at if at.tzinfo else at.replace(tzinfo=UTC)
                found[name] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            elif name == "packed_on" and value is not None:
                found[name] = str(value)
            elif name == "items_complete" and value is not None:
                found[name] = bool(value)
            else:
                found[name] = value
        return found

    attribution = {"waybill_id", "attribution_source", "attribution_note"}
    checked = 0
    with reading(engine) as session:
        connection = session.connection()

        def rows(query: str) -> list[RowMapping]:
            return list(connection.exec_driver_sql(query).mappings())

        for kind, left_out, part in (
            ("photo", attribution, None),
            ("finding", {"superseded_by", "standing"}, None),
            ("decision", set(), None),
            ("measurement", set(), "quantity"),
            ("waybill", set(), "declared_item"),
        ):
            for row in rows(f"SELECT * FROM {kind}"):
                whole = content(kind, row, left_out)
                if part is not None:
                    query = f"SELECT * FROM {part} WHERE {kind}_id = {row['id']} ORDER BY id"
                    whole[part] = [content(part, each, set()) for each in rows(query)]
                written = json.dumps(
                    whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False
                )
                (entry, *_) = rows(
                    f"SELECT payload FROM ledger WHERE kind = '{kind}' "
                    f"AND subject = '{kind}/{row['id']}'"
                )
                own = hashlib.sha256(written.encode()).hexdigest()
                assert json.loads(entry["payload"])["digest"] == own
                checked += 1
    assert checked == 4 + 4 + 1 + 3 + 3


def test_every_kind_is_written(filled: Filled) -> None:
    engine = filled(a_bit_of_everything)
    with reading(engine) as session:
        kinds = set(session.exec(select(Ledger.kind)).all())
    # That counts were made anew is about no row of evidence.
    about_rows = set(LedgerKind) - {LedgerKind.RECOUNT}
    assert kinds == about_rows
    assert set(VOUCHED) == about_rows


def test_nothing_to_append_writes_nothing(engine: Engine) -> None:
    assert transact(engine, lambda session: append_all(session, [])) == []
    with reading(engine) as session:
        assert head(session).seq == 0


def test_the_digest_does_not_depend_on_how_a_database_gives_numbers_back() -> None:
    vouched = VOUCHED[LedgerKind.WAYBILL]
    row: dict[str, object] = dict.fromkeys(vouched.columns)
    assert digest(vouched, row | {"length_mm": 300}) == digest(vouched, row | {"length_mm": 300.0})
    assert digest(vouched, row | {"length_mm": -0.0}) == digest(vouched, row | {"length_mm": 0.0})
    with pytest.raises(ValueError, match="no parts"):
        _ = VOUCHED[LedgerKind.PHOTO].parent


def test_both_databases_write_the_same_digests(database_url: str, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    other = open_database(str(tmp_path_factory.mktemp("other") / "records.db"))
    engine = open_database(database_url)
    fixed = datetime(2026, 11, 23, tzinfo=UTC)
    digests = []
    for each in (engine, other):
        with pytest.MonkeyPatch.context() as patch:
            for module in (
                "recording",
                "judging",
                "waybills",
                "accounts",
                "deciding",
                "case_recording",
            ):
                patch.setattr(f"greenpack.records.{module}.now", lambda: fixed)
            patch.setattr("secrets.token_urlsafe", lambda _: "A" * 43)
            transact(each, a_bit_of_everything)
        with reading(each) as session:
            digests.append(session.exec(select(Ledger.payload).order_by(col(Ledger.seq))).all())
        each.dispose()
    assert digests[0] == digests[1]


def _append_many(url: str, name: str) -> None:
    engine = open_database(url)
    for number in range(25):
        transact(
            engine, lambda session, number=number: append(session, "test", name, {"n": number})
        )


def test_processes_and_threads_never_fork_the_chain(database_url: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    processes = [
        FORK.Process(target=_append_many, args=(database_url, f"process/{n}")) for n in range(2)
    ]
    threads = [
        threading.Thread(target=_append_many, args=(database_url, f"thread/{n}")) for n in range(2)
    ]
    for worker in (*processes, *threads):
        worker.start()
    for worker in (*processes, *threads):
        worker.join(60)
    engine = open_database(database_url)
    with reading(engine) as session:
        report = verify(session, EvidenceStore(tmp_path))
        assert report.sound
        assert report.checked["ledger"] == 100
        assert session.connection().execute(text("SELECT count(*) FROM ledger")).scalar_one() == 100
    engine.dispose()
