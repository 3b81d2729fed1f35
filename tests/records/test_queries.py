"""The queries against what can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.database import reading, transact
from greenpack.records.forms import DecisionKind, ProfilePin
from greenpack.records.queries import (
    FindingFilter,
    FindingSort,
    ReasonCount,
    SenderGroup,
    count_current_findings,
    current_findings,
    sender_table,
    unmeasurable_counts,
    verdict_counts,
)
from greenpack.records.recording import decide, record_findings, record_photo
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict

from .conftest import Filled
from .samples import (
    EVIDENCE,
    MODEL,
    PROFILE,
    RECEIVED,
    audit,
    full,
    judgement,
    measured,
    photo,
    sha,
    unmeasurable,
)

V, U, C, E, N = (
    Verdict.VIOLATION,
    Verdict.UNDETERMINED,
    Verdict.COMPLIANT,
    Verdict.EXEMPT,
    Verdict.UNMEASURABLE,
)


@pytest.fixture
def season(filled: Filled) -> Engine:
    """A few parcels of three senders, one unknown sender, and photos of nobody's parcels."""

    def work(session: Session) -> None:
        import_waybills(
            session,
            [
                full("A1"),
                full("A2"),
                full("A3"),
                full("B1", sender_code="S-8", sender_name="Tea House", hub="South"),
                full("C1", sender_code="S-7", sender_name="Other shop", platform="Bazaar"),
            ],  # type: ignore[arg-type]
        )
        audit(session, "a1", {"void": V, "tape": C}, "A1", low=0.9)
        audit(session, "a1 too", {"void": V, "tape": C}, "A1", low=0.8)
        audit(session, "a2", {"void": C, "tape": C}, "A2", low=0.1)
        audit(session, "a3", {"void": C, "tape": U}, "A3", low=0.2)
        audit(session, "b1", {"void": V, "tape": E}, "B1", low=0.7)
        audit(session, "b1", {"void": E, "tape": E}, "B1", low=0.7)  # judged again
        audit(session, "c1", {"void": V, "tape": V}, "C1", low=0.6)
        audit(session, "x", {"void": V, "tape": N}, "X1", low=0.55)  # never declared
        later = RECEIVED + timedelta(days=1)
        audit(session, "p", {"void": U, "tape": U}, low=0.4, received_at=later)
        audit(session, "q", {"void": E, "tape": C}, low=0.3, received_at=later)
        audit(session, "q", {"void": V}, profile=ProfilePin("eu", "1", sha("eu")))
        dark = record_photo(session, photo("dark"), unmeasurable())
        assert dark.measurement is not None
        none = [judgement(N, "void", None, "too_dark"), judgement(N, "tape", None, "too_dark")]
        record_findings(session, dark.measurement, none, PROFILE, EVIDENCE)
        record_photo(session, photo("dark too"), unmeasurable())
        record_photo(session, photo("mended"), unmeasurable("too_blurred"))
        record_photo(session, photo("mended"), measured(model=sha("better")))
        record_photo(session, photo("bytes", refused_reason="truncated"), None)

    return filled(work)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement sent to the database."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest: object) -> None:  # type: ignore[no-untyped-def]
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_parcels_are_counted_by_their_overall_verdict(season: Engine) -> None:
    with reading(season) as session:
        counts = verdict_counts(session, "cn")
        assert counts.parcels == 9
        # A1 C1 X1, A3 p, A2 q, B1, dark
        assert counts.by_verdict == {V: 3, U: 2, C: 2, E: 1, N: 1}
        assert verdict_counts(session, "eu").by_verdict[V] == 1
        assert verdict_counts(session, "eu").parcels == 1
        assert verdict_counts(session, "tw").parcels == 0
        assert set(verdict_counts(session, "tw").by_verdict) == set(Verdict)
        day = RECEIVED + timedelta(days=1)
        assert verdict_counts(session, "cn", since=day).parcels == 2
        assert verdict_counts(session, "cn", until=day).parcels == 7


def test_senders_come_with_the_worst_first(season: Engine) -> None:
    with reading(season) as session:
        table = sender_table(session, "cn")
    shown = [
        (
            row.group.value,
            row.code,
            row.name,
            row.platform,
            row.counts.parcels,
            {verdict.value: n for verdict, n in row.counts.by_verdict.items() if n},
        )
        for row in table
    ]
    assert shown == [
        (
            "sender",
            "S-7",
            "Silk Road Shoes",
            "Mall",
            3,
            {"violation": 1, "undetermined": 1, "compliant": 1},
        ),
        ("sender", "S-7", "Other shop", "Bazaar", 1, {"violation": 1}),
        ("sender", "S-8", "Tea House", "Mall", 1, {"exempt": 1}),
        ("unknown", None, None, None, 1, {"violation": 1}),
        (
            "unattributed",
            None,
            None,
            None,
            3,
            {"undetermined": 1, "compliant": 1, "unmeasurable": 1},
        ),
    ]
    assert all((row.sender_id is None) != (row.group is SenderGroup.SENDER) for row in table)


def test_findings_come_with_all_that_is_known_of_their_parcel(season: Engine) -> None:
    with reading(season) as session:
        (row,) = current_findings(
            session, FindingFilter("cn", V, rule_id="void", waybill_number="A1")
        )
    assert (row.source_name, row.photo_sha256) == ("a1 too", sha("a1 too"))
    assert (row.sender_code, row.sender_name, row.platform) == ("S-7", "Silk Road Shoes", "Mall")
    assert (row.hub, row.municipality, row.province) == ("North", "Hangzhou", "Zhejiang")
    assert row.interval == Interval(None, 0.8, 1.0)
    assert row.quantity is Quantity.VOID_RATIO
    assert (row.limit, row.verdict, row.screening) == (0.5, V, None)
    assert (row.profile_id, row.profile_version, row.model_sha256) == ("cn", "1", MODEL)
    assert row.received_at == RECEIVED
    assert row.decision is None
    kinds = (DecisionKind.CONFIRMED, DecisionKind.CORRECTION_ORDERED)
    for kind in kinds:
        transact(season, lambda session, kind=kind: decide(session, row.id, kind, "Li"))
    with reading(season) as session:
        (row,) = current_findings(session, FindingFilter("cn", V, "void", waybill_number="A1"))
        assert row.decision is DecisionKind.CORRECTION_ORDERED


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (FindingFilter("cn", V), ["a1 too", "c1", "c1", "x"]),
        (FindingFilter("cn", rule_id="tape", sender_id=1), ["a1 too", "a2", "a3"]),
        (FindingFilter("cn", rule_id="void", sender_group=SenderGroup.UNKNOWN), ["x"]),
        (
            FindingFilter("cn", rule_id="void", sender_group=SenderGroup.UNATTRIBUTED),
            ["p", "q", "dark"],
        ),
        (
            FindingFilter("cn", rule_id="void", sender_group=SenderGroup.SENDER),
            ["a1 too", "a2", "a3", "b1", "c1"],
        ),
        (FindingFilter("eu"), ["q"]),
        (FindingFilter(since=RECEIVED + timedelta(seconds=1), rule_id="void"), ["p", "q", "q"]),
        (
            FindingFilter("cn", until=RECEIVED + timedelta(seconds=1), verdict=E),
            ["b1", "b1"],
        ),
        (FindingFilter("nowhere"), []),
    ],
)
def test_filters(season: Engine, filters: FindingFilter, names: list[str]) -> None:
    with reading(season) as session:
        rows = current_findings(session, filters, sort=FindingSort.OLDEST)
        assert [row.source_name for row in rows] == names
        assert count_current_findings(session, filters) == len(names)


def test_pages_and_orders(season: Engine) -> None:
    void = FindingFilter("cn", rule_id="void")

    def lows(sort: FindingSort, limit: int = 100, offset: int = 0) -> list[float | None]:
        with reading(season) as session:
            rows = current_findings(session, void, sort=sort, limit=limit, offset=offset)
            return [None if row.interval is None else row.interval.low for row in rows]

    oldest = [0.8, 0.1, 0.2, 0.7, 0.6, 0.55, 0.4, 0.3, None]
    assert lows(FindingSort.OLDEST) == oldest
    assert lows(FindingSort.NEWEST) == oldest[::-1]
    assert lows(FindingSort.LARGEST) == [0.8, 0.7, 0.6, 0.55, 0.4, 0.3, 0.2, 0.1, None]
    assert lows(FindingSort.SENDER) == [0.8, 0.1, 0.2, 0.6, 0.7, 0.55, 0.4, 0.3, None]
    assert lows(FindingSort.OLDEST, 3, 2) == oldest[2:5]
    with reading(season) as session:
        assert count_current_findings(session) == 19


def test_reasons_are_counted_by_the_newest_measurement(season: Engine) -> None:
    with reading(season) as session:
        assert unmeasurable_counts(session) == [
            ReasonCount("too_dark", 2, refused=False),
            ReasonCount("truncated", 1, refused=True),
        ]


def test_every_answer_takes_one_statement_however_many_rows(season: Engine) -> None:
    for ask in (
        lambda session: verdict_counts(session, "cn"),
        lambda session: sender_table(session, "cn"),
        lambda session: current_findings(session, FindingFilter("cn")),
        lambda session: count_current_findings(session, FindingFilter("cn")),
    ):
        with reading(season) as session:
            session.connection()
            with statements(season) as sent:
                ask(session)
        assert len([statement for statement in sent if statement.startswith("SELECT")]) == 1


def test_a_parcel_not_judged_again_keeps_its_older_finding(season: Engine) -> None:
    newer = ProfilePin("cn", "2", sha("cn 2"))
    transact(season, lambda session: audit(session, "p", {"void": C}, profile=newer, low=0.4))
    with reading(season) as session:
        assert verdict_counts(session, "cn").parcels == 9
        rows = current_findings(session, FindingFilter("cn", sender_group=SenderGroup.UNATTRIBUTED))
        assert {(row.source_name, row.profile_version) for row in rows} == {
            ("p", "2"),
            ("q", "1"),
            ("dark", "1"),
        }
        assert [row.rule_id for row in rows if row.source_name == "p"] == ["void"]
