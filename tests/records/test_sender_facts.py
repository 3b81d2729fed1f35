"""One sender's parcels, and parcels drawn with their sizes: from real findings, both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.records.database import reading, transact
from greenpack.records.forms import DecisionKind, MeasurementRecord
from greenpack.records.recording import decide, record_findings, record_photo
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.sender_facts import (
    GroupedBy,
    OneSender,
    group_counts,
    limits_applied,
    sender_decisions,
    sender_name,
    void_histogram,
    worst_parcels,
)
from greenpack.records.sized_parcels import SizedFilter, air_count, drawn_parcels
from greenpack.records.tables import JudgedParcel, Sender
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict

from .samples import EVIDENCE, MODEL, PROFILE, SETTINGS, Item, full, judgement, photo

DAY = date(2026, 11, 2)
PARCEL = (300.0, 200.0, 100.0)
BOOKS = (
    Item("book", 200.0, 150.0, 30.0, 2, "general"),
    Item("card", 90.0, 50.0, 1.0, 1, "general"),
)
HANGZHOU = Scope("Zhejiang", "Hangzhou")


def _parcel(session: Session, number: int, low: float, **declared: object) -> int:
    """Record a waybill and a photo of it; gives the finding."""
    values: dict[str, object] = {"parcel_mm": PARCEL, "items": BOOKS}
    import_waybills(session, [full(f"SF{number}", **(values | declared))])  # type: ignore[list-item]
    quantities = {
        Quantity.FILLER_RATIO: Interval(0.3, 0.2, 0.4),
        Quantity.VOID_RATIO: Interval(None, low, 1.0),
    }
    record = MeasurementRecord(
        MODEL, SETTINGS, Measurement(Outcome.MEASURED, quantities=quantities)
    )
    at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC) + timedelta(days=number)
    stored = record_photo(session, photo(f"{number}.jpg", f"SF{number}", received_at=at), record)
    assert stored.measurement is not None
    verdict = Verdict.VIOLATION if low > 0.5 else Verdict.UNDETERMINED
    said = [judgement(verdict, low=low)]
    (finding,) = record_findings(session, stored.measurement, said, PROFILE, EVIDENCE)
    return finding.id or 0


@pytest.fixture
def shoes(engine: Engine) -> Iterator[tuple[Session, int]]:
    """Five parcels of one sender, one of another; a session and the first sender's row."""

    def work(session: Session) -> int:
        findings = [
            _parcel(session, 1, 0.55),
            _parcel(session, 2, 0.9),
            _parcel(session, 3, 0.6, items=(Item("vase", 90.0, 90.0, 90.0, 1, "fragile"),)),
            _parcel(session, 4, 0.2, hub="Port", municipality="Ningbo", parcel_mm=None),
            _parcel(session, 5, 1.0, items=()),
        ]
        _parcel(session, 6, 0.8, sender_code="S-8", sender_name="Tea House")
        decide(session, findings[1], DecisionKind.DISMISSED, "Li Wei", "goods missed")
        decide(session, findings[0], DecisionKind.CONFIRMED, "Li Wei", "so it is")
        found = session.exec(select(Sender).where(Sender.code == "S-7")).one().id
        assert found is not None
        return found

    sender_id = transact(engine, work)
    with reading(engine) as session:
        yield session, sender_id


def _of(sender_id: int, days: int = 30) -> OneSender:
    return OneSender(sender_id, PROFILE.id, DAY, DAY + timedelta(days=days))


def test_a_sender_is_known_only_to_who_sees_its_parcels(shoes: tuple[Session, int]) -> None:
    session, sender_id = shoes
    known = sender_name(session, sender_id, PROFILE.id, scope=EVERYTHING)
    assert known is not None
    assert (known.code, known.name, known.platform) == ("S-7", "Silk Road Shoes", "Mall")
    assert sender_name(session, sender_id, PROFILE.id, scope=Scope("Tibet")) is None
    assert sender_name(session, sender_id, "another", scope=EVERYTHING) is None
    assert sender_name(session, 4711, PROFILE.id, scope=EVERYTHING) is None


def test_void_ratios_fall_into_bins_with_their_ends(shoes: tuple[Session, int]) -> None:
    session, sender_id = shoes
    counts = void_histogram(session, _of(sender_id), scope=EVERYTHING)
    lower = {count.bin: count.parcels for count in counts if not count.upper}
    # 0.2 begins bin 4, 0.55 bin 11, 0.6 bin 12, 0.9 bin 18; 1.0 is in the last.
    assert lower == {4: 1, 11: 1, 12: 1, 18: 1, 19: 1}
    assert [(count.bin, count.parcels) for count in counts if count.upper] == [(19, 5)]
    inside = void_histogram(session, _of(sender_id), scope=HANGZHOU)
    assert sum(count.parcels for count in inside if not count.upper) == 4
    first = void_histogram(session, _of(sender_id, days=1), scope=EVERYTHING)
    assert [(count.bin, count.upper) for count in first] == [(11, False), (19, True)]


def test_parcels_are_told_apart_by_goods_and_by_size(shoes: tuple[Session, int]) -> None:
    session, sender_id = shoes
    goods = group_counts(session, _of(sender_id), GroupedBy.GOODS, scope=EVERYTHING)
    assert [(group.group, group.parcels, group.violations) for group in goods] == [
        ("general", 3, 1),
        ("", 1, 1),
        ("fragile", 1, 1),
    ]
    sizes = group_counts(session, _of(sender_id), GroupedBy.SIZE, scope=EVERYTHING)
    # Six litres each, and one of unknown size.
    assert [(group.group, group.parcels) for group in sizes] == [("1", 4), ("-1", 1)]
    (all_of_them,) = group_counts(session, _of(sender_id), GroupedBy.NOTHING, scope=EVERYTHING)
    assert (all_of_them.parcels, all_of_them.rated, all_of_them.violations) == (5, 5, 3)
    by_size = void_histogram(session, _of(sender_id), GroupedBy.SIZE, scope=EVERYTHING)
    assert {count.group for count in by_size} == {"1", "-1"}
    assert limits_applied(session, _of(sender_id), scope=EVERYTHING) == [0.5]


def test_the_worst_come_first_and_dismissed_ones_not_at_all(shoes: tuple[Session, int]) -> None:
    session, sender_id = shoes
    worst, total = worst_parcels(session, _of(sender_id), scope=EVERYTHING, limit=2)
    assert ([parcel.low for parcel in worst], total) == ([1.0, 0.6], 3)
    assert [parcel.waybill for parcel in worst] == ["SF5", "SF3"]
    assert {(parcel.limit, parcel.evidence_sha256) for parcel in worst} == {(0.5, EVIDENCE)}
    rest, _ = worst_parcels(session, _of(sender_id), scope=EVERYTHING, limit=2, offset=2)
    assert [parcel.waybill for parcel in rest] == ["SF1"]


def test_decisions_are_those_of_the_sender_newest_first(shoes: tuple[Session, int]) -> None:
    session, sender_id = shoes
    decisions, total = sender_decisions(session, _of(sender_id), scope=EVERYTHING, limit=9)
    assert [(each.kind, each.waybill) for each in decisions] == [
        (DecisionKind.CONFIRMED, "SF1"),
        (DecisionKind.DISMISSED, "SF2"),
    ]
    assert total == 2
    assert decisions[1].note == "goods missed"
    nothing = sender_decisions(session, _of(sender_id), scope=Scope("Tibet"), limit=9)
    assert nothing == ([], 0)


def test_drawn_parcels_have_their_sizes_goods_and_filler(shoes: tuple[Session, int]) -> None:
    session, sender_id = shoes
    everybody = SizedFilter(PROFILE.id, DAY, DAY + timedelta(days=30))
    counted = air_count(session, everybody, scope=EVERYTHING)
    assert (counted.parcels, counted.sized) == (6, 5)
    # 6 L each: 0.55 + 0.9 + 0.6 + 1.0 + 0.8 of it at least, all of it at most.
    assert counted.air_cm3 == (23_100, 30_000)
    drawn = drawn_parcels(session, everybody, counted.sized, scope=EVERYTHING, most=100)
    assert len(drawn) == 5
    assert {parcel.size.high for parcel in drawn} == {PARCEL}
    assert {parcel.filler for parcel in drawn} == {Interval(0.3, 0.2, 0.4)}
    assert sorted(len(parcel.goods) for parcel in drawn) == [0, 1, 2, 2, 2]
    assert max(parcel.goods[0].quantity for parcel in drawn if parcel.goods) == 2
    again = drawn_parcels(session, everybody, counted.sized, scope=EVERYTHING, most=100)
    assert again == drawn
    few = drawn_parcels(session, everybody, counted.sized, scope=EVERYTHING, most=2)
    assert len(few) == 2
    one = SizedFilter(PROFILE.id, DAY, DAY + timedelta(days=30), sender_id)
    assert air_count(session, one, scope=EVERYTHING).sized == 4
    assert len(drawn_parcels(session, one, 4, scope=EVERYTHING, most=9)) == 4
    assert drawn_parcels(session, one, 0, scope=EVERYTHING, most=9) == []
    assert air_count(session, everybody, scope=Scope("Tibet")).air_cm3 == (0, 0)


def test_guessed_rows_are_drawn_evenly(
    shoes: tuple[Session, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with millions, where rows are guessed: each parcel about as often as another."""
    monkeypatch.setattr("greenpack.records.sized_parcels._LISTED", 0)
    session, _ = shoes
    days = [
        SizedFilter(PROFILE.id, DAY - timedelta(days=n), DAY + timedelta(days=30))
        for n in range(60)
    ]
    drawn = [drawn_parcels(session, wanted, 5, scope=EVERYTHING, most=1)[0].id for wanted in days]
    sized = session.exec(
        select(JudgedParcel.id).where(JudgedParcel.air_cm3_low.is_not(None))  # type: ignore[union-attr]
    ).all()
    assert set(drawn) == set(sized)
    assert max(drawn.count(row or 0) for row in sized) < 30


def test_a_measured_size_is_used_where_none_is_declared(engine: Engine) -> None:
    def work(session: Session) -> None:
        values = {"parcel_mm": None, "items": BOOKS}
        import_waybills(session, [full("SF9", **values)])  # type: ignore[list-item]
        sides = {
            Quantity.LENGTH_MM: Interval(300.0, 294.0, 306.0),
            Quantity.WIDTH_MM: Interval(200.0, 196.0, 204.0),
            Quantity.HEIGHT_MM: Interval(None, 80.0, 120.0),
            Quantity.VOID_RATIO: Interval(None, 0.6, 0.9),
        }
        record = MeasurementRecord(MODEL, SETTINGS, Measurement(Outcome.MEASURED, quantities=sides))
        stored = record_photo(session, photo("9.jpg", "SF9"), record)
        assert stored.measurement is not None
        record_findings(session, stored.measurement, [judgement(low=0.6)], PROFILE, EVIDENCE)

    transact(engine, work)
    wanted = SizedFilter(PROFILE.id, date(2026, 1, 1), date(2026, 12, 31))
    with reading(engine) as session:
        (parcel,) = drawn_parcels(session, wanted, 1, scope=EVERYTHING, most=9)
    assert parcel.size.low == (300.0, 200.0, 80.0)
    assert parcel.size.high == (300.0, 200.0, 120.0)
    assert parcel.size.shared == pytest.approx(0.02 / 1.96, rel=1e-3)
    assert parcel.filler is None
