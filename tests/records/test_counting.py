"""The counts say what the findings say, whatever was recorded, decided or declared anew."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, select, text
from sqlmodel import Session

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.records.count_check import differences, recount
from greenpack.records.counting import count_profile
from greenpack.records.database import reading, transact
from greenpack.records.deciding import decide
from greenpack.records.forms import (
    AttributionSource,
    DecisionKind,
    MeasurementRecord,
    ProfilePin,
)
from greenpack.records.judging import record_findings
from greenpack.records.ledger import LedgerKind
from greenpack.records.migrating import configuration
from greenpack.records.migrations import first_counts
from greenpack.records.places import ensure_hub
from greenpack.records.recording import attribute, record_photo
from greenpack.records.roll_ups import ROLL_UPS
from greenpack.records.season import counted_zone
from greenpack.records.tables import Finding, JudgedParcel, Ledger, Row, UnmeasuredPhoto
from greenpack.records.verification import verify
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict, overall

from .samples import (
    EVIDENCE,
    MODEL,
    PROFILE,
    RECEIVED,
    SETTINGS,
    Item,
    audit,
    full,
    judgement,
    measured,
    photo,
    sha,
    unmeasurable,
)

V, U, C, E, M = (
    Verdict.VIOLATION,
    Verdict.UNDETERMINED,
    Verdict.COMPLIANT,
    Verdict.EXEMPT,
    Verdict.UNMEASURABLE,
)
CHINA = ProfilePin("cn", "1", sha("profile 1"), "Asia/Shanghai")
COUNTS = [roll_up.table for roll_up in ROLL_UPS]


def parcels(engine: Engine) -> list[JudgedParcel]:
    with reading(engine) as session:
        return list(session.exec(select(JudgedParcel).order_by("id")).scalars())  # type: ignore[call-overload]


def differing(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [difference.table for difference in differences(session)]


def daily(engine: Engine, name: str) -> list[dict[str, Any]]:
    table = Row.metadata.tables[f"daily_{name}_count"]
    with reading(engine) as session:
        rows = session.connection().execute(select(table).order_by(*table.primary_key))
        return [dict(row) for row in rows.mappings()]


def test_a_parcel_is_counted_in_every_table_as_it_was_declared(engine: Engine) -> None:
    def work(session: Session) -> None:
        import_waybills(session, [full("SF1", parcel_mm=(300.0, 200.0, 100.0))])
        audit(session, "a.jpg", {"void": V, "tape": E}, "SF1", low=0.55, profile=CHINA)

    transact(engine, work)
    (parcel,) = parcels(engine)
    assert (parcel.verdict, parcel.dismissed, parcel.day) == (
        "violation",
        False,
        date(2026, 11, 23),
    )
    assert (parcel.low, parcel.high, parcel.goods_class) == (0.55, 1.0, "clothing")
    assert (parcel.parcel_cm3_low, parcel.parcel_cm3_high) == (6000, 6000)
    assert (parcel.air_cm3_low, parcel.air_cm3_high) == (3300, 6000)
    assert parcel.waybill_id == 1
    assert parcel.photo_id is None
    key = {"profile_id": "cn", "day": date(2026, 11, 23), "hub_id": 1, "verdict": "violation"}
    key |= {"dismissed": False, "parcels": 1}
    air = {"sized_parcels": 1, "air_cm3_low": 3300, "air_cm3_high": 6000}
    assert daily(engine, "hub") == [key | air]
    assert daily(engine, "platform") == [key | {"platform_id": 1}]
    assert daily(engine, "goods") == [key | {"goods_class": "clothing"}]
    assert daily(engine, "parcel") == [key | {"platform_id": 1, "goods_class": "clothing"}]
    assert daily(engine, "sender") == [key | {"sender_id": 1} | air]


def test_without_statistics_a_parcels_findings_are_found_by_the_parcel(engine: Engine) -> None:
    """A new SQLite database has none, and may then go through all findings of a profile."""
    if engine.dialect.name != "sqlite":
        pytest.skip("a server gathers statistics by itself")
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        asked.append((sql, values))

    transact(engine, lambda session: audit(session, "a.jpg", {"void": C}))
    event.listen(engine, "after_cursor_execute", note)
    transact(engine, lambda session: audit(session, "a.jpg", {"void": V}, "SF1"))
    transact(engine, lambda session: audit(session, "b.jpg", {"void": V}, "SF1"))
    event.remove(engine, "after_cursor_execute", note)
    with reading(engine) as session:
        driver = session.connection().connection.dbapi_connection
        assert driver is not None
        plans = [
            step[3]
            for sql, values in asked
            if "finding" in sql and sql.startswith(("SELECT", "INSERT INTO judged", "UPDATE"))
            for step in driver.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    assert any("ix_finding_waybill_id" in plan for plan in plans)
    for plan in plans:
        assert "ix_finding_current" not in plan
        assert not plan.startswith(("SCAN finding", "SCAN measurement", "SCAN photo")), plan


def test_unknown_places_and_senders_have_keys_of_their_own(engine: Engine) -> None:
    def work(session: Session) -> None:
        audit(session, "a.jpg", {"void": U})
        audit(session, "b.jpg", {"void": U}, "SF9")

    transact(engine, work)
    assert [
        (row["sender_id"], row["hub_id"], row["parcels"]) for row in daily(engine, "sender")
    ] == [
        (-1, 0, 1),
        (0, 0, 1),
    ]
    assert [(row["platform_id"], row["goods_class"]) for row in daily(engine, "parcel")] == [
        (0, "")
    ]


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", 24), ("America/New_York", 23), ("UTC", 23)]
)
def test_a_day_is_one_of_the_profiles_zone(engine: Engine, zone: str, day: int) -> None:
    pin = ProfilePin("cn", "1", sha("1"), zone)
    at = RECEIVED.replace(hour=17)
    transact(
        engine, lambda session: audit(session, "a.jpg", {"void": U}, profile=pin, received_at=at)
    )
    assert parcels(engine)[0].day == date(2026, 11, day)
    assert differing(engine) == []


def test_another_zone_counts_the_profiles_days_anew_and_no_zone_leaves_them(engine: Engine) -> None:
    late = RECEIVED.replace(hour=20)

    def work(session: Session, name: str, zone: str | None) -> None:
        pin = ProfilePin("cn", "1", sha("1"), zone)
        audit(session, name, {"void": U}, profile=pin, received_at=late)

    transact(engine, lambda session: work(session, "a.jpg", None))
    transact(engine, lambda session: work(session, "b.jpg", "Asia/Seoul"))
    transact(engine, lambda session: work(session, "c.jpg", None))
    assert {parcel.day for parcel in parcels(engine)} == {date(2026, 11, 24)}
    assert differing(engine) == []


def test_a_photo_that_comes_to_a_waybill_is_no_parcel_of_its_own_any_more(engine: Engine) -> None:
    transact(engine, lambda session: audit(session, "a.jpg", {"void": U}))
    transact(engine, lambda session: audit(session, "a.jpg", {"void": U}, "SF1"))
    assert [(parcel.waybill_id, parcel.photo_id) for parcel in parcels(engine)] == [(1, None)]
    assert [row["parcels"] for row in daily(engine, "hub")] == [1]
    assert differing(engine) == []


def test_goods_are_of_one_class_of_several_or_unknown(engine: Engine) -> None:
    def declared(session: Session, *classes: str, complete: bool = True) -> None:
        items = tuple(Item(name, goods_class=name) for name in classes)
        import_waybills(session, [full("SF1", items=items, complete=complete)])

    transact(engine, lambda session: audit(session, "a.jpg", {"void": U}, "SF1"))
    assert parcels(engine)[0].goods_class == ""
    for classes, complete, counted in (
        (("shoes",), True, "shoes"),
        (("shoes", "shoes"), True, "shoes"),
        (("shoes", "tea"), True, "mixed"),
        (("tea",), False, ""),
    ):
        transact(
            engine,
            lambda session, classes=classes, complete=complete: declared(  # type: ignore[misc]
                session, *classes, complete=complete
            ),
        )
        assert [row["goods_class"] for row in daily(engine, "goods")] == [counted]
        assert differing(engine) == []


def test_measured_sizes_count_where_none_are_declared(engine: Engine) -> None:
    sides = {
        Quantity.LENGTH_MM: Interval(300.0, 290.0, 310.0),
        Quantity.WIDTH_MM: Interval(200.0, 190.0, 210.0),
        Quantity.HEIGHT_MM: Interval(100.0, 90.0, 110.0),
    }
    record = MeasurementRecord(MODEL, SETTINGS, Measurement(Outcome.MEASURED, quantities=sides))

    def work(session: Session) -> None:
        stored = record_photo(session, photo("a.jpg", "SF1"), record)
        assert stored.measurement is not None
        said = [judgement(V, low=0.5)]
        record_findings(session, stored.measurement, said, CHINA, EVIDENCE)

    transact(engine, work)
    (parcel,) = parcels(engine)
    assert (parcel.parcel_cm3_low, parcel.parcel_cm3_high) == (4959, 7161)
    assert (parcel.air_cm3_low, parcel.air_cm3_high) == (2480, 7161)


def test_a_parcel_is_dismissed_once_every_violation_on_it_is(engine: Engine) -> None:
    _, findings = transact(
        engine, lambda session: audit(session, "a.jpg", {"void": V, "tape": V, "layers": C})
    )
    ids = [finding.id or 0 for finding in findings]
    states = []
    for finding_id, kind in (
        (ids[0], DecisionKind.DISMISSED),
        (ids[1], DecisionKind.DISMISSED),
        (ids[0], DecisionKind.CONFIRMED),
    ):
        transact(
            engine,
            lambda session, finding_id=finding_id, kind=kind: decide(  # type: ignore[misc]
                session, finding_id, kind, "Li Wei"
            ),
        )
        states.append([(row["dismissed"], row["parcels"]) for row in daily(engine, "hub")])
        assert differing(engine) == []
    assert states == [[(False, 1)], [(True, 1)], [(False, 1)]]


def test_every_mixture_of_verdicts_is_counted_as_the_rules_have_it(engine: Engine) -> None:
    mixtures = [
        [verdict for bit, verdict in enumerate(Verdict) if chosen >> bit & 1]
        for chosen in range(1, 32)
    ]

    def work(session: Session) -> None:
        for number, verdicts in enumerate(mixtures):
            audit(session, f"{number}.jpg", {verdict.value: verdict for verdict in verdicts})

    transact(engine, work)
    counted = {parcel.photo_id: parcel for parcel in parcels(engine)}
    with reading(engine) as session:
        for number, verdicts in enumerate(mixtures, 1):
            parcel = counted[number]
            assert parcel.verdict == overall(verdicts)
            speaking = session.get_one(Finding, parcel.finding_id)
            assert speaking.verdict == parcel.verdict or parcel.verdict not in verdicts


def test_photos_without_numbers_are_listed_by_their_newest_measurement(engine: Engine) -> None:
    port = transact(engine, lambda session: ensure_hub(session, None, None, "Port"))

    def listed() -> list[tuple[str, bool, int | None]]:
        with reading(engine) as session:
            table = Row.metadata.tables[UnmeasuredPhoto.__tablename__]
            rows = session.connection().execute(select(table).order_by(table.c.photo_id))
            return [(row.reason, row.refused, row.hub_id) for row in rows]

    bad = photo("a.jpg", media_type=None, width=None, height=None, refused_reason="unreadable")
    transact(engine, lambda session: record_photo(session, bad, None))
    transact(engine, lambda session: record_photo(session, photo("b", "SF1"), unmeasurable()))
    assert listed() == [("unreadable", True, None), ("too_dark", False, None)]
    transact(engine, lambda session: import_waybills(session, [full("SF1", hub="Port")]))
    assert listed()[1] == ("too_dark", False, (port or 0) + 1)
    transact(engine, lambda session: record_photo(session, photo("b"), measured(model=sha("m2"))))
    transact(
        engine, lambda session: record_photo(session, photo("a.jpg"), unmeasurable("too_dark"))
    )
    assert listed() == [("too_dark", False, None)]
    assert differing(engine) == []


@dataclass
class Season:
    """Somebody who records, decides and declares at random, repeatably."""

    engine: Engine
    choice: random.Random

    def act(self) -> None:
        acts = (self.audit, self.audit, self.audit, self.decide, self.declare, self.attribute)
        transact(self.engine, self.choice.choice(acts))

    def audit(self, session: Session) -> None:
        rules = self.choice.sample(["void", "tape", "fit"], self.choice.randint(1, 3))
        verdicts = {rule: self.choice.choice(list(Verdict)) for rule in rules}
        at: datetime = RECEIVED + timedelta(hours=self.choice.randint(0, 60))
        low = self.choice.choice([0.51, 0.6, 0.9])
        profile = self.choice.choice([CHINA, PROFILE, ProfilePin("eu", "1", sha("eu"), "UTC")])
        audit(session, *self.photo(), verdicts=verdicts, low=low, profile=profile, received_at=at)  # type: ignore[misc]

    def photo(self) -> tuple[str, ...]:
        return (f"{self.choice.randint(0, 5)}.jpg",)

    def declare(self, session: Session) -> None:
        size = self.choice.choice([None, (300.0, 200.0, 100.0), (60.0, 50.0, 40.5)])
        items = tuple(Item(name, goods_class=name) for name in self.choice.sample("xyz", 2)[:1])
        declared = full(
            self.number(),
            hub=self.choice.choice(["North", "South"]),
            sender_code=self.choice.choice(["S-1", "S-2"]),
            parcel_mm=size,
            items=items,
        )
        import_waybills(session, [declared])

    def attribute(self, session: Session) -> None:
        known = session.connection().execute(text("SELECT sha256 FROM photo")).scalars().all()
        if known:
            attribute(session, self.choice.choice(known), self.number(), AttributionSource.BARCODE)

    def number(self) -> str:
        return f"SF{self.choice.randint(1, 3)}"

    def decide(self, session: Session) -> None:
        statement = text("SELECT id FROM finding WHERE superseded_by IS NULL ORDER BY id")
        current: Sequence[int] = session.connection().execute(statement).scalars().all()
        if current:
            kind = self.choice.choice([DecisionKind.CONFIRMED, DecisionKind.DISMISSED])
            who = self.choice.choice(["Li Wei", "Zhang Min"])
            decide(session, self.choice.choice(current), kind, who)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_counts_are_those_made_anew(engine: Engine, seed: int) -> None:
    season = Season(engine, random.Random(seed))
    for step in range(25):
        season.act()
        assert differing(engine) == [], f"after step {step}"
    assert parcels(engine)


def test_a_transaction_that_is_not_finished_leaves_neither_findings_nor_counts(
    engine: Engine,
) -> None:
    transact(engine, lambda session: audit(session, "a.jpg", {"void": V}, "SF1"))
    before = [daily(engine, name) for name in ("hub", "sender")]

    def broken(session: Session) -> None:
        audit(session, "b.jpg", {"void": C}, "SF1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transact(engine, broken)
    assert [daily(engine, name) for name in ("hub", "sender")] == before
    assert differing(engine) == []


@pytest.mark.parametrize("table", ["judged_parcel", "unmeasured_photo", *map(str, COUNTS)])
def test_any_change_of_a_count_is_found_and_mended(engine: Engine, table: str) -> None:
    def work(session: Session) -> None:
        import_waybills(session, [full("SF1")])
        audit(session, "a.jpg", {"void": V}, "SF1")
        record_photo(session, photo("b.jpg"), unmeasurable())

    transact(engine, work)
    for change in _changes(engine, table):
        with Session(engine) as session:
            session.connection().execute(text(change))
            session.commit()
        assert table in differing(engine), change
        with reading(engine) as session:
            problems = {problem.where: problem.what for problem in verify(session, None).problems}
        assert "counts_differ" in problems[table]
        found = transact(engine, recount)
        assert table in {difference.table for difference in found}
        assert differing(engine) == []
    with reading(engine) as session:
        assert verify(session, None).sound


def _changes(engine: Engine, table: str) -> list[str]:
    """A removed row, and another value in each column that may hold any."""
    changes = [f"DELETE FROM {table}"]
    numbers = {"parcels", "sized_parcels", "air_cm3_low", "air_cm3_high", "parcel_cm3_high", "low"}
    for name in Row.metadata.tables[table].c.keys():  # noqa: SIM118
        if name in numbers:
            changes.append(f"UPDATE {table} SET {name} = {name} - 1")
        elif name in {"dismissed", "refused"}:
            changes.append(f"UPDATE {table} SET {name} = NOT {name}")
        elif name in {"hub_id", "platform_id", "sender_id"}:
            other = "NULL" if table in {"judged_parcel", "unmeasured_photo"} else 0
            changes.append(f"UPDATE {table} SET {name} = {other}")
        elif name == "verdict":
            changes.append(f"UPDATE {table} SET verdict = 'exempt'")
        elif name == "day":
            changes.append(f"UPDATE {table} SET day = '2020-01-01'")
    if "rated_parcels" in Row.metadata.tables[table].c:
        changes += [f"UPDATE {table} SET {name} = 9" for name in ("rated_parcels", "violations")]
    if table == "unmeasured_photo":
        changes.remove("UPDATE unmeasured_photo SET hub_id = NULL")  # it is NULL
    return changes


def test_counting_anew_is_in_the_ledger_and_only_if_something_differed(engine: Engine) -> None:
    transact(engine, lambda session: audit(session, "a.jpg", {"void": V}))
    assert transact(engine, recount) == []
    with Session(engine) as session:
        session.connection().execute(text("DELETE FROM counted_profile"))
        session.connection().execute(text("UPDATE daily_hub_count SET parcels = 7"))
        session.commit()
    found = transact(engine, recount)
    assert {difference.table: difference.rows for difference in found} == {
        "counted_profile": 1,
        "judged_parcel": 1,
        "daily_hub_count": 1,
    }
    with reading(engine) as session:
        entries = session.exec(select(Ledger).where(Ledger.kind == LedgerKind.RECOUNT)).all()  # type: ignore[call-overload]
        assert len(entries) == 1
        assert verify(session, None).sound


def test_a_database_of_before_is_filled_as_the_counts_are_kept(engine: Engine) -> None:
    season = Season(engine, random.Random(7))
    for _ in range(20):
        season.act()
    transact(engine, lambda session: record_photo(session, photo("z"), unmeasurable()))
    names = ("parcel", "hub", "platform", "goods", "sender")
    kept = [daily(engine, name) for name in names]
    with reading(engine) as session:
        zone = counted_zone(session, "cn")
    scripts = ScriptDirectory.from_config(configuration())
    first, with_air = (scripts.get_revision(name).module for name in ("0012", "0018"))
    tables = ["judged_parcel", "unmeasured_photo", "counted_profile"]
    tables += [f"daily_{name}_count" for name in names]
    with engine.begin() as connection:
        for table in tables:
            connection.execute(text(f"DELETE FROM {table}"))
        with Operations.context(MigrationContext.configure(connection)):
            first_counts.fill({of: by for of, by in first.KEYS.items() if of != with_air.TABLE})
            with_air.fill()
    # The zone of a profile that did not come with the program is known with its next findings.
    assert zone is not None
    transact(engine, lambda session: count_profile(session, "cn", zone.key))
    assert [daily(engine, name) for name in names] == kept
    assert differing(engine) == []
