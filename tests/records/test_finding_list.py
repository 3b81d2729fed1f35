"""The list of findings, page by page, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session

from greenpack.records.answers import FindingSort, SenderGroup
from greenpack.records.database import reading, transact
from greenpack.records.deciding import decide
from greenpack.records.finding_list import (
    MOST_COUNTED,
    Count,
    Person,
    Wanted,
    count_listed,
    find_senders,
    listed,
    parcel_of,
)
from greenpack.records.finding_rows import ListedRow
from greenpack.records.forms import DecisionKind
from greenpack.records.recording import record_findings, record_photo
from greenpack.records.scope import Scope
from greenpack.records.standing import Standing
from greenpack.records.tables import Row
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict

from .conftest import Filled
from .samples import (
    EVIDENCE,
    PROFILE,
    RECEIVED,
    Item,
    audit,
    full,
    judgement,
    photo,
    unmeasurable,
)

V, U, C = Verdict.VIOLATION, Verdict.UNDETERMINED, Verdict.COMPLIANT
LI, WANG = Person("Li Wei"), Person("Wang Fang")
ALL = Wanted("cn")
_HUB = Row.metadata.tables["hub"]


@pytest.fixture
def season(filled: Filled) -> Engine:
    """Fourteen parcels: of two senders at two hubs, of no sender, of no waybill."""

    def work(session: Session) -> None:
        shoes, tea = {"goods_class": "general"}, {"goods_class": "fresh"}
        import_waybills(
            session,
            [
                *(full(f"A{n}", items=(Item("shoes", **shoes),)) for n in range(5)),  # type: ignore[arg-type]
                *(
                    full(
                        f"B{n}",
                        sender_code="T_8",
                        sender_name="Tea 100% House",
                        hub="South",
                        municipality="Ningbo",
                        platform="Bazaar",
                        items=(Item("tea", **tea),),  # type: ignore[arg-type]
                    )
                    for n in range(4)
                ),
                full("N1", sender_code=None, sender_name=None, platform=None),
            ],  # type: ignore[arg-type]
        )
        for n in range(5):
            at = RECEIVED + timedelta(days=n)
            audit(session, f"a{n}", {"void": V, "tape": C}, f"A{n}", low=0.9, received_at=at)
        for n in range(4):
            verdict = V if n < 2 else U
            audit(session, f"b{n}", {"void": verdict, "tape": U}, f"B{n}", low=0.6 + n / 100)
        audit(session, "n", {"void": C, "tape": V}, "N1", low=0.2)
        for n in range(3):
            audit(session, f"p{n}", {"void": U}, low=0.3)
        dark = record_photo(session, photo("d"), unmeasurable())
        assert dark.measurement is not None
        none = [judgement(Verdict.UNMEASURABLE, "void", None, "too_dark")]
        record_findings(session, dark.measurement, none, PROFILE, EVIDENCE)

    return filled(work)


def _all(session: Session, wanted: Wanted, sort: FindingSort) -> list[ListedRow]:
    return list(listed(session, wanted, sort, limit=1000).rows)


@pytest.mark.parametrize("sort", FindingSort)
def test_pages_forwards_and_back_are_the_list(season: Engine, sort: FindingSort) -> None:
    with reading(season) as session:
        whole = _all(session, ALL, sort)
        assert len({row.parcel_id for row in whole}) == 14
        for size in (1, 3, 14):
            walked: list[ListedRow] = []
            page = listed(session, ALL, sort, limit=size)
            assert not page.has_before
            while True:
                walked += page.rows
                if not page.has_after:
                    break
                page = listed(session, ALL, sort, limit=size, after=page.rows[-1].parcel_id)
                assert page.has_before
            assert walked == whole
            back: list[ListedRow] = []
            page = listed(session, ALL, sort, limit=size, before=whole[-1].parcel_id)
            while page.rows:
                back = [*page.rows, *back]
                assert page.has_after
                if not page.has_before:
                    break
                page = listed(session, ALL, sort, limit=size, before=page.rows[0].parcel_id)
            assert back == whole[:-1]


def test_orders(season: Engine) -> None:
    with reading(season) as session:
        newest = [row.parcel_id for row in _all(session, ALL, FindingSort.NEWEST)]
        assert newest == sorted(newest, reverse=True)
        assert [row.parcel_id for row in _all(session, ALL, FindingSort.OLDEST)] == newest[::-1]
        lows = [
            -1.0 if row.interval is None else row.interval.low
            for row in _all(session, ALL, FindingSort.LARGEST)
        ]
        # The void ratio orders them; the tape's violation of N1 rests on another quantity's row.
        assert all(one >= other for one, other in pairwise(lows))
        assert lows[-1] == -1.0
        senders = [row.sender_id for row in _all(session, ALL, FindingSort.SENDER)]
        assert senders[-5:] == [None] * 5
        assert senders[:9] == sorted(senders[:9])  # type: ignore[type-var]


def test_rows_that_come_in_meanwhile_move_nothing(season: Engine) -> None:
    with reading(season) as session:
        first = listed(session, ALL, limit=5)
        second = listed(session, ALL, limit=5, after=first.rows[-1].parcel_id)
    transact(season, lambda session: audit(session, "new", {"void": V}, "A9"))
    with reading(season) as session:
        again = listed(session, ALL, limit=5, after=first.rows[-1].parcel_id)
        assert again.rows == second.rows
        before = listed(session, ALL, limit=5, before=second.rows[0].parcel_id)
        assert before.rows == first.rows
        assert before.has_before  # the new one


def _hub(engine: Engine, name: str) -> int:
    with reading(engine) as session:
        found = session.connection().execute(select(_HUB.c.id).where(_HUB.c.name == name))
        return int(found.scalar_one())


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (replace(ALL, verdict=V), ["n", "b1", "b0", "a4", "a3", "a2", "a1", "a0"]),
        (replace(ALL, verdict=Verdict.EXEMPT), []),
        (replace(ALL, since=date(2026, 11, 25)), ["a4", "a3", "a2"]),
        (replace(ALL, since=date(2026, 11, 24), until=date(2026, 11, 25)), ["a2", "a1"]),
        (replace(ALL, sender_group=SenderGroup.UNATTRIBUTED), ["d", "p2", "p1", "p0"]),
        (replace(ALL, sender_group=SenderGroup.UNKNOWN), ["n"]),
        (replace(ALL, sender_group=SenderGroup.SENDER, verdict=U), ["b3", "b2"]),
        (replace(ALL, goods_class="fresh", verdict=V), ["b1", "b0"]),
        (replace(ALL, rule_id="tape"), ["n"]),
        (replace(ALL, waybill_number="B2"), ["b2"]),
        (replace(ALL, waybill_number="B"), []),
        (replace(ALL, scope=Scope("Zhejiang", "Ningbo")), ["b3", "b2", "b1", "b0"]),
        (replace(ALL, scope=Scope("Tibet")), []),
        (replace(ALL, goods_class=""), ["d", "p2", "p1", "p0"]),
        (replace(ALL, hub_id=0), ["d", "p2", "p1", "p0"]),
        (replace(ALL, province_id=0, verdict=U), ["p2", "p1", "p0"]),
        (replace(ALL, platform_id=0), ["d", "p2", "p1", "p0", "n"]),
        (replace(ALL, hub_id=0, scope=Scope("Zhejiang")), []),
        (Wanted("eu"), []),
    ],
)
def test_filters(season: Engine, wanted: Wanted, names: list[str]) -> None:
    with reading(season) as session:
        rows = listed(session, wanted, limit=100).rows
        assert [row.source_name for row in rows] == names
        assert count_listed(session, wanted) == Count(len(names))


def test_filters_by_rows_of_places_senders_and_platforms(season: Engine) -> None:
    south = _hub(season, "South")
    with reading(season) as session:
        (tea,) = (row for row in listed(session, ALL, limit=100).rows if row.source_name == "b0")
        hub = Row.metadata.tables["hub"]
        municipality = Row.metadata.tables["municipality"]
        place = session.connection().execute(
            select(municipality.c.id, municipality.c.province_id)
            .join(hub, hub.c.municipality_id == municipality.c.id)
            .where(hub.c.id == south)
        )
        municipality_id, province_id = place.one()
        platforms = Row.metadata.tables["platform"]
        bazaar = (
            session.connection()
            .execute(select(platforms.c.id).where(platforms.c.name == "Bazaar"))
            .scalar_one()
        )
        for more in (
            {"hub_id": south},
            {"municipality_id": municipality_id},
            {"sender_id": tea.sender_id},
            {"platform_id": bazaar},
            {"platform_id": bazaar, "goods_class": "fresh"},
            {"sender_id": tea.sender_id, "platform_id": bazaar},
            {"province_id": province_id, "sender_id": tea.sender_id},
        ):
            wanted = replace(ALL, **more)  # type: ignore[arg-type]
            names = [row.source_name for row in listed(session, wanted, limit=9).rows]
            assert names == ["b3", "b2", "b1", "b0"]
            assert count_listed(session, wanted) == Count(4)
        # What a scope leaves out stays out, whatever is asked for.
        outside = replace(ALL, hub_id=south, scope=Scope("Zhejiang", "Hangzhou"))
        assert not listed(session, outside, limit=9).rows
        assert count_listed(session, outside) == Count(0)


def _decide(
    engine: Engine, names: str, kind: DecisionKind, person: Person, withdraws: int | None = None
) -> int:
    def work(session: Session) -> int:
        found = {row.source_name: row.id for row in listed(session, ALL, limit=100).rows}
        made = [
            decide(session, found[name], kind, person.name, withdraws=withdraws).id
            for name in names.split()
        ]
        return made[-1] or 0

    return transact(engine, work)


def test_decisions_narrow_the_list(season: Engine) -> None:
    _decide(season, "a0 a1 a2", DecisionKind.CONFIRMED, LI)
    _decide(season, "a0", DecisionKind.CONFIRMED, WANG)
    _decide(season, "a1", DecisionKind.DISMISSED, WANG)
    _decide(season, "a3", DecisionKind.DISMISSED, LI)
    undone = _decide(season, "a4", DecisionKind.CONFIRMED, LI)
    _decide(season, "a4", DecisionKind.WITHDRAWN, WANG, undone)

    violations = replace(ALL, verdict=V)

    def names(**more: object) -> list[str]:
        wanted = replace(violations, **more)  # type: ignore[arg-type]
        with reading(season) as session:
            rows = listed(session, wanted, limit=100).rows
            assert count_listed(session, wanted) == Count(len(rows))
            return [row.source_name for row in rows]

    assert names(standing=Standing.CONFIRMED) == ["a0"]
    assert names(standing=Standing.CONFIRMED, two_person=False) == ["a2", "a0"]
    assert names(standing=Standing.CONTESTED) == ["a1"]
    assert names(standing=Standing.ONE_CONFIRMED) == ["a2"]
    assert names(standing=Standing.DISMISSED) == ["a3"]
    assert names(standing=Standing.OPEN) == ["n", "b1", "b0", "a4"]
    # A second person is still wanted, but not the first one again.
    assert names(waits_for=LI) == ["n", "b1", "b0", "a4"]
    assert names(waits_for=WANG) == ["n", "b1", "b0", "a4", "a2"]
    assert names(waits_for=WANG, two_person=False) == ["n", "b1", "b0", "a4"]
    with reading(season) as session:
        (row,) = listed(session, replace(ALL, standing=Standing.CONTESTED), limit=9).rows
        assert row.standing is Standing.CONTESTED


def test_a_finding_has_its_place_in_the_list(season: Engine) -> None:
    with reading(season) as session:
        rows = listed(session, ALL, limit=100).rows
        for row in rows:
            assert parcel_of(session, row.id) == row.parcel_id
        assert parcel_of(session, 10**6) is None


def test_a_count_stops_somewhere(season: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_COUNTED == 10_000
    monkeypatch.setattr("greenpack.records.finding_list.MOST_COUNTED", 3)
    with reading(season) as session:
        assert count_listed(session, replace(ALL, standing=Standing.OPEN)) == Count(3, True)
        assert count_listed(session, replace(ALL, rule_id="tape")) == Count(1)


def test_senders_are_found_by_name_or_code(season: Engine) -> None:
    def found(text: str, scope: Scope = ALL.scope) -> list[str]:
        with reading(season) as session:
            return [words for _, words in find_senders(session, text, scope)]

    assert found("TEA") == ["Tea 100% House (T_8)"]
    assert found(" silk ") == ["Silk Road Shoes (S-7)"]
    assert found("0%") == ["Tea 100% House (T_8)"]
    assert found("_") == ["Tea 100% House (T_8)"]  # no wildcard
    assert found("nobody") == []
    assert found("") == []
    assert found("tea", Scope("Zhejiang", "Hangzhou")) == []
