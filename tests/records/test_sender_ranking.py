"""The ranking of senders against the same worked out parcel by parcel, on both databases."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.records.database import reading, transact
from greenpack.records.forms import DecisionKind
from greenpack.records.halved_period import halved
from greenpack.records.places import ensure_hub
from greenpack.records.recording import decide
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.sender_ranking import (
    RankedSender,
    SenderSort,
    counted_days,
    rank_senders,
    weekly_rates,
)
from greenpack.records.sender_sums import RATED, SenderFilter
from greenpack.records.tables import (
    DailySenderCount,
    Platform,
    Sender,
    WeeklySenderCount,
    WeeklySenderTotal,
)
from greenpack.records.waybills import import_waybills
from greenpack.records.week_of import monday_of
from greenpack.report.proportions import change, wilson
from greenpack.rules.verdict import Verdict

from .samples import PROFILE, audit, full

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 20)
SEASON = halved(FIRST, LAST)
ALL = SenderFilter(PROFILE.id, SEASON)
NAMES = (("A-100%", "Silk Road Shoes"), ("b_2", "丝路茶行"), ("C3", None), ("D4", "Tea House"))


@dataclass(frozen=True)
class Judged:
    """A judged parcel, as the counts see it."""

    sender: int
    hub: int
    day: date
    verdict: Verdict
    dismissed: bool
    air: tuple[int, int] | None


def count(session: Session, parcels: list[Judged], profile_id: str = PROFILE.id) -> None:
    """Write what the counts hold of some parcels."""
    days, weeks = (
        Counter[tuple[object, ...]](),
        defaultdict[tuple[object, ...], list[int]](lambda: [0] * 7),
    )
    air = defaultdict[tuple[object, ...], list[int]](lambda: [0, 0, 0])
    for one in parcels:
        key = (one.day, one.hub, one.sender, one.verdict.value, one.dismissed)
        days[key] += 1
        volume = (1, *one.air) if one.air else (0, 0, 0)
        air[key] = [a + b for a, b in zip(air[key], volume, strict=True)]
        is_violation = one.verdict is Verdict.VIOLATION
        row = (
            1,
            one.verdict in RATED,
            is_violation and not one.dismissed,
            is_violation and one.dismissed,
            *volume,
        )
        week = (monday_of(one.day), one.hub, one.sender)
        weeks[week] = [a + b for a, b in zip(weeks[week], row, strict=True)]
    for (day, hub, sender, verdict, dismissed), parcels_of in days.items():
        sized, low, high = air[day, hub, sender, verdict, dismissed]
        session.add(
            DailySenderCount(
                profile_id=profile_id,
                day=day,
                hub_id=hub,
                sender_id=sender,
                verdict=verdict,
                dismissed=dismissed,
                parcels=parcels_of,
                sized_parcels=sized,
                air_cm3_low=low,
                air_cm3_high=high,
            )
        )
    sums = list(WeeklySenderCount.model_fields)[4:]
    totals: dict[tuple[date, int], list[int]] = {}
    for (week, hub, sender), row in weeks.items():
        total = totals.setdefault((week, sender), [0] * len(sums))
        totals[week, sender] = [before + more for before, more in zip(total, row, strict=True)]
        session.add(
            WeeklySenderCount(
                profile_id=profile_id,
                week=week,
                hub_id=hub,
                sender_id=sender,
                **dict(zip(sums, row, strict=True)),
            )
        )
    for (week, sender), row in totals.items():
        session.add(
            WeeklySenderTotal(
                profile_id=profile_id,
                week=week,
                sender_id=sender,
                **dict(zip(sums, row, strict=True)),
            )
        )


def parcels(
    sender: int,
    violations: int,
    of: int,
    hub: int = 0,
    day: date = FIRST,
    air: tuple[int, int] | None = None,
) -> list[Judged]:
    """Parcels of one day, the first of them violations."""
    return [
        Judged(
            sender,
            hub,
            day,
            Verdict.VIOLATION if number < violations else Verdict.UNDETERMINED,
            False,
            air,
        )
        for number in range(of)
    ]


@pytest.fixture
def senders(engine: Engine) -> list[int]:
    """Four senders, the first two of a platform."""

    def work(session: Session) -> list[int]:
        mall = Platform(name="Mall")
        session.add(mall)
        session.flush()
        rows = [
            Sender(code=code, name=name, platform_id=mall.id if place < 2 else None)
            for place, (code, name) in enumerate(NAMES)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id or 0 for row in rows]

    return transact(engine, work)


def ranked(
    engine: Engine, wanted: SenderFilter = ALL, scope: Scope = EVERYTHING, **how: object
) -> list[RankedSender]:
    with reading(engine) as session:
        rows, total = rank_senders(session, wanted, scope=scope, **how)  # type: ignore[arg-type]
    assert total >= len(rows)
    return rows


def test_three_of_three_come_after_three_hundred_of_four_hundred(
    engine: Engine, senders: list[int]
) -> None:
    few, many, none, unrated = senders
    judged = parcels(few, 3, 3) + parcels(many, 300, 400) + parcels(none, 0, 5000)
    judged += [Judged(unrated, 0, FIRST, Verdict.UNMEASURABLE, False, None)] * 9
    transact(engine, lambda session: count(session, judged))
    assert [row.sender_id for row in ranked(engine)] == [many, few, none, unrated]
    assert [row.sender_id for row in ranked(engine, sort=SenderSort.RATE)][:2] == [few, many]
    upside_down = ranked(engine, descending=False)
    # Of whom nothing is known comes last either way.
    assert [row.sender_id for row in upside_down] == [none, few, many, unrated]
    rows = {row.sender_id: row for row in upside_down}
    assert (rows[many].violations, rows[many].rated, rows[many].parcels) == (300, 400, 400)
    assert (rows[unrated].rated, rows[unrated].parcels) == (0, 9)


def _by_hand(judged: list[Judged], sender: int, first: date, last: date, hubs: set[int]) -> list:
    mine = [
        one
        for one in judged
        if one.sender == sender and first <= one.day <= last and (not hubs or one.hub in hubs)
    ]
    later = halved(first, last).later
    rated = [one for one in mine if one.verdict in RATED]
    violations = [one for one in mine if one.verdict is Verdict.VIOLATION]
    standing = [one for one in violations if not one.dismissed]
    sized = [one.air for one in mine if one.air]
    return [
        len(mine),
        len(rated),
        len(standing),
        len(violations) - len(standing),
        sum(one.day >= later for one in rated),
        sum(one.day >= later for one in standing),
        len(sized),
        (sum(air[0] for air in sized), sum(air[1] for air in sized)),
    ]


def test_every_sum_and_every_order_is_that_of_the_parcels(
    engine: Engine, senders: list[int]
) -> None:
    rng = random.Random(5)
    hubs = transact(
        engine,
        lambda session: [
            ensure_hub(session, "Zhejiang", city, "North") or 0 for city in ("Hangzhou", "Ningbo")
        ],
    )
    judged = [
        Judged(
            rng.choice([*senders, 0, -1]),
            rng.choice([*hubs, 0]),
            FIRST + timedelta(days=rng.randrange(50)),
            verdict := rng.choice(list(Verdict)),
            verdict is Verdict.VIOLATION and rng.random() < 0.3,
            None if rng.random() < 0.5 else (rng.randrange(9000), 9000 + rng.randrange(10**12)),
        )
        for _ in range(3000)
    ]
    other = [Judged(senders[0], 0, FIRST, Verdict.VIOLATION, False, None)]
    transact(engine, lambda session: count(session, judged))
    transact(engine, lambda session: count(session, other, "another profile"))
    hangzhou = Scope("Zhejiang", "Hangzhou")
    for first, last, scope, inside in (
        (FIRST, LAST, EVERYTHING, set()),
        (FIRST, LAST, hangzhou, {hubs[0]}),
        (date(2026, 11, 4), date(2026, 12, 3), EVERYTHING, set()),
        (date(2026, 11, 10), date(2026, 11, 13), EVERYTHING, set()),
    ):
        wanted = SenderFilter(PROFILE.id, halved(first, last))
        rows = ranked(engine, wanted, scope, limit=None)
        assert {row.sender_id for row in rows} == set(senders)
        for row in rows:
            told = [
                row.parcels,
                row.rated,
                row.violations,
                row.dismissals,
                row.rated_later,
                row.violations_later,
                row.sized,
                row.air_cm3,
            ]
            assert told == _by_hand(judged, row.sender_id, first, last, inside)
            alone = SenderFilter(PROFILE.id, wanted.period, sender_id=row.sender_id)
            assert ranked(engine, alone, scope) == [row]

    def rise(row: RankedSender) -> float:
        found = change(
            row.violations - row.violations_later,
            row.rated - row.rated_later,
            row.violations_later,
            row.rated_later,
        )
        assert found is not None
        return found.value or 0.0

    keys = {
        SenderSort.SURE: lambda row: wilson(row.violations, row.rated).low,
        SenderSort.RATE: lambda row: row.violations / row.rated,
        SenderSort.VIOLATIONS: lambda row: row.violations,
        SenderSort.PARCELS: lambda row: row.parcels,
        SenderSort.DISMISSALS: lambda row: row.dismissals,
        SenderSort.TREND: rise,
        SenderSort.AIR: lambda row: row.air_cm3[0],
    }
    for sort, key in keys.items():
        numbers = [key(row) for row in ranked(engine, sort=sort)]
        assert numbers == sorted(numbers, reverse=True), sort
    assert set(SenderSort) - set(keys) == {SenderSort.NAME, SenderSort.REPEATED}


def test_pages_names_and_platforms(engine: Engine, senders: list[int]) -> None:
    judged = [one for sender in senders for one in parcels(sender, sender % 3, 5)]
    transact(engine, lambda session: count(session, judged))
    with reading(engine) as session:
        pages = [
            rank_senders(session, ALL, scope=EVERYTHING, limit=3, offset=offset)
            for offset in (0, 3)
        ]
    assert [len(rows) for rows, _ in pages] == [3, 1]
    assert {total for _, total in pages} == {4}
    assert {row.sender_id for rows, _ in pages for row in rows} == set(senders)
    for search, found in (
        ("shoes", senders[:1]),
        ("丝路", senders[1:2]),
        ("c3", senders[2:3]),
        ("100%", senders[:1]),
        ("%", senders[:1]),
        ("_", senders[1:2]),
        ("nobody", []),
    ):
        wanted = SenderFilter(PROFILE.id, SEASON, search=search)
        assert [row.sender_id for row in ranked(engine, wanted)] == found, search
    mall = SenderFilter(PROFILE.id, SEASON, platform_id=1)
    assert {row.platform for row in ranked(engine, mall)} == {"Mall"}
    assert {row.sender_id for row in ranked(engine, mall)} == set(senders[:2])


def test_nothing_judged_gives_no_days_and_no_senders(engine: Engine) -> None:
    with reading(engine) as session:
        assert counted_days(session, PROFILE.id) is None
        assert rank_senders(session, ALL, scope=EVERYTHING) == ([], 0)
        assert weekly_rates(session, ALL, [], scope=EVERYTHING) == {}


def test_rates_by_week(engine: Engine, senders: list[int]) -> None:
    judged = parcels(senders[0], 1, 4, day=date(2026, 11, 2))
    judged += parcels(senders[0], 3, 4, day=date(2026, 11, 8))
    judged += parcels(senders[0], 2, 2, day=date(2026, 11, 9))
    transact(engine, lambda session: count(session, judged))
    with reading(engine) as session:
        rates = weekly_rates(session, ALL, senders, scope=EVERYTHING)
        assert counted_days(session, PROFILE.id) == (date(2026, 11, 2), date(2026, 11, 9))
    assert rates == {senders[0]: [0.5, 1.0]}


def _record(session: Session, number: int, at: datetime, low: float = 0.6) -> int:
    """A waybill of Silk Road Shoes with a violation; gives the finding."""
    import_waybills(session, [full(f"SF{number}")])  # type: ignore[list-item]
    verdict = {"void": Verdict.VIOLATION}
    _, findings = audit(session, f"{number}.jpg", verdict, f"SF{number}", low=low, received_at=at)
    return findings[0].id or 0


def test_violations_after_a_correction_order_are_counted_from_the_next_day(
    engine: Engine,
) -> None:
    """With real findings and decisions, as the tables are kept."""
    now = datetime.now(UTC)
    period = halved((now - timedelta(days=40)).date(), (now + timedelta(days=9)).date())
    wanted = SenderFilter(PROFILE.id, period)
    before = transact(engine, lambda session: _record(session, 1, now - timedelta(days=9)))
    assert [row.repeated for row in ranked(engine, wanted)] == [None]
    transact(
        engine,
        lambda session: decide(session, before, DecisionKind.CORRECTION_ORDERED, "Li Wei", "do"),
    )
    (row,) = ranked(engine, wanted)
    assert (row.repeated, row.violations) == (0, 1)
    assert row.ordered_on is not None
    # The profile's days are those of UTC here.
    assert abs(row.ordered_on - now.date()) <= timedelta(days=1)
    transact(engine, lambda session: _record(session, 2, now + timedelta(days=2)))
    gone = transact(engine, lambda session: _record(session, 3, now + timedelta(days=3)))
    assert [row.repeated for row in ranked(engine, wanted)] == [2]
    transact(engine, lambda session: decide(session, gone, DecisionKind.DISMISSED, "Li Wei", "no"))
    (row,) = ranked(engine, wanted, sort=SenderSort.REPEATED)
    assert (row.repeated, row.violations, row.dismissals) == (1, 2, 1)
