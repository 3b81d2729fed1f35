"""How long the report's pages wait for their queries, over a million findings and more.

    python -m benchmarks.report_queries FOLDER [--findings 1000000] [--postgres] [--runs 20]

makes two seasons of findings in FOLDER (a SQLite file, or with --postgres a server of its own),
straight in SQL and without ledger or photos, with the counts that belong to them, one violation in
twelve confirmed by two persons, and times the queries of each page together. A page passes if the
95th percentile of its runs is under a second.
--verify holds the counts against the findings, as greenpack verify does.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, text
from sqlmodel import Session

from benchmarks.private_postgres import PrivatePostgres
from greenpack.records.answers import FindingSort
from greenpack.records.case_finding_queries import senders_to_answer
from greenpack.records.case_queries import CaseFilter, cased_profiles, count_cases, list_cases
from greenpack.records.count_check import differences
from greenpack.records.counting import unmeasured_found
from greenpack.records.database import open_database, reading
from greenpack.records.finding_list import count_listed, listed, listed_profiles, parcel_of
from greenpack.records.finding_wanted import Person, Wanted
from greenpack.records.halved_period import halved
from greenpack.records.hub_load import hub_loads
from greenpack.records.queries import judged_profiles, unmeasurable_counts, verdict_counts
from greenpack.records.roll_ups import ROLL_UPS, UNMEASURED
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.season import Grouping, hub_days, tallies
from greenpack.records.sender_facts import (
    GroupedBy,
    OneSender,
    group_counts,
    sender_decisions,
    void_histogram,
    worst_parcels,
)
from greenpack.records.sender_ranking import SenderSort, rank_senders, weekly_rates
from greenpack.records.sender_sums import SenderFilter
from greenpack.records.sized_parcels import SizedFilter, air_count, drawn_parcels
from greenpack.report.one_finding import one_finding
from greenpack.report.other_photos import other_photos
from greenpack.rules.verdict import Verdict

PROFILE = "cn-gb45186-2024"
HUBS, PLATFORMS, SENDERS = 100, 5, 20_000
FIRST, LAST = date(2026, 11, 1), date(2027, 1, 31)
BEFORE_FIRST, BEFORE_LAST = date(2025, 11, 1), date(2026, 1, 31)
# One with a fifth of this season's parcels: as they are made, five of the ten have none.
PROVINCE = Scope("Province 4")

_SHA = {"sqlite": "printf('%064x', {})", "postgresql": "lpad(to_hex({}), 64, '0')"}
_TIME = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', {}, 'unixepoch')",
    "postgresql": "to_timestamp({})",
}
_DAY = {
    "sqlite": "date({} + 8 * 3600, 'unixepoch')",
    "postgresql": "CAST(timezone('Asia/Shanghai', to_timestamp({})) AS DATE)",
}
_ROWS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < {}) ",
    "postgresql": "WITH n AS (SELECT generate_series({}::bigint, {}::bigint) AS i) ",
}
# One season begins on 2025-11-01 in Shanghai, the next a year later.
_RECEIVED = "1761926400 + 31536000 * (i % 2) + 86400 * ((i * 104729) % 92) + (i * 7919) % 86400"
_ROLL = "(i * 7919 % 100003) % 1000"
_VERDICT = (
    f"CASE WHEN {_ROLL} < 80 THEN 'violation' WHEN {_ROLL} < 480 THEN 'undetermined' "
    f"WHEN {_ROLL} < 900 THEN 'compliant' WHEN {_ROLL} < 930 THEN 'exempt' "
    "ELSE 'unmeasurable' END"
)
# As the column keeps it: a server would reckon with decimals, and round their halves elsewhere.
_LOW = f"CAST(CASE WHEN {_ROLL} < 930 THEN 0.95 - 0.9 * ({_ROLL}) / 1000.0 END AS DOUBLE PRECISION)"
_HIGH = f"CASE WHEN {_ROLL} < 930 THEN 1.0 END"
_STANDING = f"CASE WHEN {_VERDICT} = 'violation' AND i % 12 = 0 THEN 'confirmed' END"
_SENDER = f"1 + (i % 1000) * (i / 1000 % 1000) % {SENDERS}"
_HUB = f"1 + i * 31 % {HUBS}"
_CM3 = "60 * (100 + i % 100)"
_CHUNK = 500_000
# What a server for ten million findings is given. It need not outlive a crash: it is made, read
# and thrown away.
SERVER = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "16GB",
    "random_page_cost": "1.1",
}


def _tables(findings: int, sha: str, at: str, day: str) -> list[tuple[str, int, str]]:
    """Each table, how many rows, and the values of row ``i``."""
    number = sha.format("i")
    same = "'" + "a" * 64 + "'"
    return [
        ("province (id, name)", 10, "i, 'Province ' || i"),
        ("municipality (id, province_id, name)", 40, "i, 1 + i % 10, 'City ' || i"),
        ("hub (id, municipality_id, name, photos_per_hour)", HUBS, "i, 1 + i % 40, 'Hub ' || i, 9"),
        ("platform (id, name)", PLATFORMS, "i, 'Platform ' || i"),
        (
            "sender (id, platform_id, code, name)",
            SENDERS,
            f"i, 1 + i % {PLATFORMS}, 'S' || i, 'Shop ' || i",
        ),
        (
            "waybill (id, number, platform_id, sender_id, hub_id, length_mm, width_mm, height_mm)",
            findings,
            f"i, 'SF' || i, NULL, {_SENDER}, {_HUB}, 300.0, 200.0, 100.0 + i % 100",
        ),
        (
            "declared_item (id, waybill_id, line, name, quantity, goods_class)",
            findings,
            "i, i, 0, 'thing', 1, 'class ' || (i * 13 % 8)",
        ),
        (
            "photo (id, sha256, source_name, size_bytes, media_type, width, height, received_at, "
            "waybill_id, attribution_source)",
            findings,
            f"i, {number}, i || '.jpg', 9, 'image/jpeg', 8, 6, {at.format(_RECEIVED)}, i, "
            "'barcode'",
        ),
        (
            "measurement (id, photo_id, model_sha256, settings_sha256, outcome, reason, shapes, "
            "budget, assumptions, milliseconds, created_at)",
            findings,
            f"i, i, {same}, {same}, CASE WHEN {_ROLL} < 930 THEN 'measured' ELSE 'unmeasurable' "
            f"END, CASE WHEN {_ROLL} < 930 THEN NULL ELSE 'too_dark' END, '[]', '[]', '[]', 9, "
            f"{at.format(_RECEIVED)}",
        ),
        (
            "finding (id, measurement_id, waybill_id, profile_id, profile_version, "
            "profile_sha256, rule_id, verdict, reason, quantity, low, high, limit_value, "
            "explanation, model_sha256, evidence_sha256, created_at, standing)",
            findings,
            f"i, i, i, '{PROFILE}', '1', {same}, 'void', {_VERDICT}, 'beyond_limit', "
            f"'void_ratio', {_LOW}, {_HIGH}, 0.5, 'One sentence.', {same}, {number}, "
            f"{at.format(_RECEIVED)}, {_STANDING}",
        ),
        ("counted_profile (profile_id, timezone)", 1, f"'{PROFILE}', 'Asia/Shanghai'"),
        (
            "judged_parcel (id, profile_id, waybill_id, verdict, dismissed, received_at, day, "
            "hub_id, sender_id, platform_id, goods_class, finding_id, low, high, parcel_cm3_low, "
            "parcel_cm3_high, air_cm3_low, air_cm3_high)",
            findings,
            f"i, '{PROFILE}', i, {_VERDICT}, FALSE, {at.format(_RECEIVED)}, "
            f"{day.format(_RECEIVED)}, {_HUB}, {_SENDER}, 1 + ({_SENDER}) % {PLATFORMS}, "
            f"'class ' || (i * 13 % 8), i, {_LOW}, {_HIGH}, {_CM3}, {_CM3}, "
            f"round({_CM3} * ({_LOW})), round({_CM3} * ({_HIGH}))",
        ),
    ]


def make(engine: Engine, findings: int) -> None:
    """Fill an empty database."""
    kind = engine.dialect.name
    indexes = _without_indexes(engine) if kind == "postgresql" else []
    for table, rows, values in _tables(findings, _SHA[kind], _TIME[kind], _DAY[kind]):
        begun = time.perf_counter()
        for first in range(1, rows + 1, _CHUNK):
            last = min(rows, first + _CHUNK - 1)
            with engine.connect() as connection:
                _trust(connection)
                source = _ROWS[kind].format(first, last)
                into = f"INSERT INTO {table} "
                # SQLite wants the rows' name before the insert or inside it; both take it inside.
                connection.execute(text(f"{into}{source}SELECT {values} FROM n"))
                connection.commit()
        _tell(f"{table.split()[0]}: {rows:,} rows", begun)
    begun = time.perf_counter()
    with engine.connect() as connection:
        _trust(connection)
        for roll_up in ROLL_UPS:
            columns = [*roll_up.keys, *roll_up.sums]
            connection.execute(insert(roll_up.table).from_select(columns, roll_up.counted()))
        names = list(UNMEASURED.c.keys())
        connection.execute(insert(UNMEASURED).from_select(names, unmeasured_found()))
        connection.commit()
    _tell("counts", begun)
    begun = time.perf_counter()
    for statement in indexes:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
            connection.commit()
    _tell(f"{len(indexes)} indexes", begun)
    begun = time.perf_counter()
    _analyze(engine)
    _tell("statistics", begun)


def _without_indexes(engine: Engine) -> list[str]:
    """Take away the indexes that no constraint needs; returns what makes them again."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        connection.commit()
    return [definition for _, definition in found]


def _tell(what: str, begun: float) -> None:
    print(f"{what} in {time.perf_counter() - begun:.0f} s", flush=True)


def _analyze(engine: Engine) -> None:
    """Let a server learn what it holds, as it does by itself in its own time.

    SQLite has no statistics unless somebody asks for them, which the program does not.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _trust(connection: Connection) -> None:
    """Leave out what would check each row against others."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA synchronous = OFF")
        driver.execute("PRAGMA cache_size = -1000000")  # KiB; a season is filled at one go
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("SET work_mem = '256MB'")


Queries = Callable[[Session], object]


def overview(session: Session, scope: Scope = EVERYTHING) -> None:
    """What the overview asks when its tables are by goods, and its comparison by platform."""
    judged_profiles(session, scope)
    for by in (Grouping.DAY, Grouping.GOODS, Grouping.PLATFORM, Grouping.HUB):
        for first, last in ((FIRST, LAST), (BEFORE_FIRST, BEFORE_LAST)):
            tallies(session, PROFILE, by, first, last, scope)
    hub_days(session, PROFILE, FIRST, LAST, scope)
    unmeasurable_counts(session, scope)


def findings_page(wanted: Wanted, sort: FindingSort = FindingSort.NEWEST, deep: int = 0) -> Queries:
    """What the list asks for one page, here or behind a row deep in it."""

    def ask(session: Session) -> None:
        listed_profiles(session, wanted.scope)
        listed(session, wanted, sort, limit=50, after=deep or None)
        count_listed(session, wanted)

    return ask


def senders(session: Session, scope: Scope = EVERYTHING) -> None:
    """What the ranking asks, the surest first."""
    wanted = SenderFilter(PROFILE, halved(FIRST, LAST))
    rows, _ = rank_senders(session, wanted, scope=scope, sort=SenderSort.SURE)
    weekly_rates(session, wanted, [row.sender_id for row in rows], scope=scope)


def one_sender(session: Session) -> None:
    """What a sender's page asks."""
    wanted = OneSender(sender_id=1, profile_id=PROFILE, first=FIRST, last=LAST)
    void_histogram(session, wanted, scope=EVERYTHING)
    for by in (GroupedBy.GOODS, GroupedBy.SIZE):
        group_counts(session, wanted, by, scope=EVERYTHING)
    worst_parcels(session, wanted, scope=EVERYTHING, limit=12)
    sender_decisions(session, wanted, scope=EVERYTHING, limit=15)


def one_finding_open(session: Session) -> None:
    """What a finding's page asks: the finding, its neighbours in the list of violations, how many
    of them still wait for who reads, and the waybill's other photos."""
    wanted = Wanted(PROFILE, verdict=Verdict.VIOLATION.value)
    number = listed(session, wanted, limit=1).rows[0].id
    parcel = parcel_of(session, number)
    listed(session, wanted, limit=1, after=parcel)
    listed(session, wanted, limit=1, before=parcel)
    count_listed(session, replace(wanted, waits_for=Person("reviewer", 1)))
    count_listed(session, wanted)
    other_photos(session, one_finding(session, number))


def cases(session: Session, scope: Scope = EVERYTHING) -> None:
    """What the list of cases asks, and for whose confirmed findings there is none yet."""
    judged_profiles(session, scope)
    cased_profiles(session, scope)
    for wanted in (CaseFilter(scope=scope), CaseFilter(overdue_on=LAST, scope=scope)):
        count_cases(session, wanted)
    list_cases(session, CaseFilter(scope=scope))
    senders_to_answer(session, PROFILE, scope)


def sized(sender_id: int | None, drawn: int, scope: Scope = EVERYTHING) -> Queries:
    """What Green logistics asks, or a sender's page of the boxes that would have fitted."""

    def ask(session: Session) -> None:
        wanted = SizedFilter(PROFILE, FIRST, LAST, sender_id)
        found = air_count(session, wanted, scope=scope).sized
        drawn_parcels(session, wanted, found, scope=scope, most=drawn)

    return ask


def hubs(session: Session) -> None:
    """What the hubs page asks of the records."""
    from greenpack.records.columns import now

    hub_loads(session, now())


def pages(findings: int) -> dict[str, Queries]:
    """The queries of each page, each once as it opens and as it is worst."""
    violations = Wanted(PROFILE, verdict=Verdict.VIOLATION.value)
    middle = findings // 2
    return {
        "Overview": overview,
        "Overview, one province": lambda s: overview(s, PROVINCE),
        "Findings": findings_page(Wanted(PROFILE)),
        "Findings, deep": findings_page(Wanted(PROFILE), deep=middle),
        "Findings, violations": findings_page(violations, deep=middle),
        "Findings, largest": findings_page(violations, FindingSort.LARGEST),
        "Findings, hub and days": findings_page(
            Wanted(PROFILE, hub_id=7, since=FIRST, until=date(2026, 11, 11))
        ),
        "Findings, one sender": findings_page(Wanted(PROFILE, sender_id=1)),
        "Findings, one province": findings_page(Wanted(PROFILE, scope=PROVINCE)),
        "Findings, platform and goods": findings_page(
            Wanted(PROFILE, platform_id=3, goods_class="class 1")
        ),
        "Senders": senders,
        "Senders, one province": lambda s: senders(s, PROVINCE),
        "One sender": lambda s: (one_sender(s), sized(1, 150)(s)),
        "One finding": one_finding_open,
        "Cases": cases,
        "Cases, one province": lambda s: cases(s, PROVINCE),
        "Green logistics": sized(None, 2000),
        "Green logistics, one province": sized(None, 2000, PROVINCE),
        "Hubs": hubs,
        "Verdicts of all (CLI)": lambda s: verdict_counts(s, PROFILE),
    }


def measure(engine: Engine, runs: int, findings: int) -> list[dict[str, object]]:
    """Seconds of each page: the median and the 95th percentile of some runs after one more."""
    found = []
    for name, ask in pages(findings).items():
        taken = []
        for _ in range(runs + 1):
            begun = time.perf_counter()
            with reading(engine) as session:
                ask(session)
            taken.append(time.perf_counter() - begun)
        ordered = sorted(taken[1:])
        worst = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        found.append({"page": name, "median": ordered[len(ordered) // 2], "p95": worst})
        print(
            f"{name:32} median {ordered[len(ordered) // 2]:6.3f} s   p95 {worst:6.3f} s", flush=True
        )
    return found


def main() -> None:
    """Make, measure, and say whether every page passes."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("folder", type=Path)
    options.add_argument("--findings", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--verify", action="store_true", help="also time the check of the counts")
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    server = PrivatePostgres(given.folder / "server", SERVER) if given.postgres else None
    try:
        url = server.url if server else f"sqlite:///{given.folder / 'findings.db'}"
        engine = open_database(url)
        with reading(engine) as session:
            is_new = not judged_profiles(session)
        if is_new:
            make(engine, given.findings)
        results = measure(engine, given.runs, given.findings)
        if given.verify:
            begun = time.perf_counter()
            with reading(engine) as session:
                print(f"differences: {differences(session)}, {time.perf_counter() - begun:.0f} s")
        (given.folder / "report_queries.json").write_text(json.dumps(results, indent=1))
        engine.dispose()
    finally:
        if server is not None:
            server.kill()
    slow = [str(result["page"]) for result in results if float(str(result["p95"])) >= 1]
    raise SystemExit(f"over a second: {', '.join(slow)}" if slow else 0)


if __name__ == "__main__":
    main()
