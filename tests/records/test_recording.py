"""Recording photos, measurements, findings and decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select

from greenpack.reasons import GreenPackError
from greenpack.records.database import reading, transact
from greenpack.records.forms import AttributionSource, DecisionKind, ProfilePin
from greenpack.records.recording import (
    attribute,
    current_findings_of,
    decide,
    measurements_of_waybill,
    record_findings,
    record_photo,
    stored_measurement,
    stored_photo,
)
from greenpack.records.tables import Decision, Finding, Ledger, Measurement, Photo, Row
from greenpack.rules.verdict import Verdict

from .samples import (
    EVIDENCE,
    MODEL,
    PROFILE,
    SETTINGS,
    audit,
    judgement,
    measured,
    photo,
    sha,
    unmeasurable,
)


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {
            name: session.connection().execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in Row.metadata.tables
        }


def test_a_measurement_comes_back_float_for_float(engine: Engine) -> None:
    record = measured()
    stored = transact(engine, lambda session: record_photo(session, photo("a", "SF1"), record))
    assert stored.added
    with reading(engine) as session:
        found = stored_measurement(session, sha("a"), MODEL, SETTINGS)
        assert found is not None
        assert found.record == record
        assert found == stored.measurement
        assert measurements_of_waybill(session, stored.waybill_id or 0, MODEL, [SETTINGS]) == [
            found
        ]
        assert measurements_of_waybill(session, stored.waybill_id or 0, sha("x"), [SETTINGS]) == []
        assert stored_measurement(session, sha("a"), MODEL, sha("other")) is None
        again = stored_photo(session, sha("a"))
        assert again is not None
        assert again.record == photo("a", "SF1")
        assert stored_photo(session, sha("never")) is None


def test_recording_again_changes_nothing(engine: Engine) -> None:
    def work(session: Session) -> bool:
        return audit(session, "a", {"void": Verdict.VIOLATION, "fit": Verdict.COMPLIANT}, "SF1")[
            0
        ].added

    assert transact(engine, work)
    before = counts(engine)
    assert not transact(engine, work)
    assert counts(engine) == before
    assert before["finding"] == 2


def test_times_are_utc_and_naive_ones_refused(engine: Engine) -> None:
    shanghai = timezone(timedelta(hours=8))
    taken = datetime(2026, 11, 11, 0, 0, 0, 1, shanghai)
    transact(engine, lambda session: record_photo(session, photo("a", taken_at=taken), None))
    with reading(engine) as session:
        stored = stored_photo(session, sha("a"))
        assert stored is not None
        assert stored.record.taken_at == taken
        assert stored.record.taken_at.utcoffset() == timedelta(0)
        assert stored.record.taken_at.isoformat() == "2026-11-10T16:00:00.000001+00:00"
    naive = photo("b", received_at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        transact(engine, lambda session: record_photo(session, naive, None))
    assert counts(engine)["photo"] == 1


def test_a_stronger_source_replaces_a_weaker_one_and_nothing_else_does(engine: Engine) -> None:
    def seen_as(number: str | None, source: AttributionSource | None) -> str | None:
        record = photo("a", number, attribution_source=source)
        return transact(
            engine, lambda session: record_photo(session, record, None)
        ).record.waybill_number

    assert seen_as(None, None) is None
    assert seen_as("D", AttributionSource.SIDECAR) == "D"
    assert seen_as("F", AttributionSource.FILE_NAME) == "F"
    assert seen_as("S", AttributionSource.SIDECAR) == "F"
    assert seen_as("G", AttributionSource.FILE_NAME) == "F"
    assert seen_as("B", AttributionSource.BARCODE) == "B"
    assert seen_as("S", AttributionSource.SIDECAR) == "B"
    assert seen_as(None, None) == "B"
    stored = transact(
        engine,
        lambda session: attribute(session, sha("a"), "S", AttributionSource.SIDECAR, "by hand"),
    )
    assert stored.record.waybill_number == "S"
    assert stored.record.attribution_note == "by hand"
    with reading(engine) as session:
        payloads = session.exec(
            select(Ledger.payload).where(Ledger.kind == "attribution").order_by(col(Ledger.seq))
        ).all()
    assert ['"waybill":"F"' in payload for payload in payloads] == [
        False,
        True,
        True,
        False,
    ]
    assert '"before":{"source":"barcode","waybill":"B"}' in payloads[3]
    with pytest.raises(KeyError):
        transact(
            engine, lambda session: attribute(session, sha("z"), "S", AttributionSource.SIDECAR)
        )


def test_refused_bytes_may_turn_out_usable(engine: Engine) -> None:
    refused = photo("a", media_type=None, width=None, height=None, refused_reason="too_many_pixels")
    assert transact(engine, lambda session: record_photo(session, refused, None)).added
    stored = transact(engine, lambda session: record_photo(session, photo("a"), measured()))
    assert not stored.added
    assert stored.record.refused_reason is None
    assert stored.record.width == 4032
    later = transact(engine, lambda session: record_photo(session, refused, None))
    assert later.record.refused_reason is None


@pytest.mark.parametrize(
    ("record", "measurement"),
    [
        (photo("a", "SF1", attribution_source=None), None),
        (photo("a", attribution_source=AttributionSource.BARCODE), None),
        (photo("a", refused_reason="unreadable"), measured()),
        (photo("a", refused_reason="because"), None),
        (photo("a"), unmeasurable("because")),
        (photo("a", " "), None),
        (photo("a", "9" * 201), None),
    ],
)
def test_contradictions_are_refused(engine: Engine, record, measurement) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"."):
        transact(engine, lambda session: record_photo(session, record, measurement))
    assert sum(counts(engine).values()) == 1  # the ledger's head


def test_text_from_outside_is_stored_whatever_it_holds(engine: Engine) -> None:
    name = "x\udcff\x00Ω.jpg"
    stored = transact(
        engine, lambda session: record_photo(session, photo(name, sha256=sha("n")), None)
    )
    assert stored.record.source_name == "x\\udcff\\x00Ω.jpg"


def test_a_new_judgement_supersedes_the_one_before(engine: Engine) -> None:
    def work(verdict: Verdict, profile: ProfilePin = PROFILE, low: float = 0.55) -> int:
        return (
            transact(
                engine,
                lambda session: audit(session, "a", {"void": verdict}, low=low, profile=profile),
            )[1][0].id
            or 0
        )

    first = work(Verdict.VIOLATION)
    second = work(Verdict.UNDETERMINED)
    assert work(Verdict.UNDETERMINED) == second
    third = work(Verdict.UNDETERMINED, ProfilePin("cn", "2", sha("2")))
    other = work(Verdict.UNDETERMINED, ProfilePin("eu", "1", sha("eu")))
    with reading(engine) as session:
        chain = {row.id: row.superseded_by for row in session.exec(select(Finding))}
        assert chain == {first: second, second: third, third: None, other: None}
        photo_id = session.exec(select(Photo.id)).one()
        assert [row.id for row in current_findings_of(session, "cn", photo_id=photo_id)] == [third]
        with pytest.raises(ValueError, match="by its waybill or by its photo"):
            current_findings_of(session, "cn")


def test_rules_that_a_profile_dropped_are_superseded(engine: Engine) -> None:
    both = {"void": Verdict.VIOLATION, "tape": Verdict.VIOLATION}
    transact(engine, lambda session: audit(session, "a", both))
    transact(engine, lambda session: audit(session, "a", {"void": Verdict.VIOLATION}))
    with reading(engine) as session:
        rows = session.exec(select(Finding).where(col(Finding.superseded_by).is_(None))).all()
        assert [row.rule_id for row in rows] == ["void"]


def test_the_photos_of_a_waybill_have_one_finding_in_whatever_order(engine: Engine) -> None:
    def one(name: str, low: float) -> list[Finding]:
        return transact(
            engine,
            lambda session: audit(session, name, {"void": Verdict.VIOLATION}, "SF1", low=low),
        )[1]

    one("a", 0.55)
    kept = one("b", 0.6)  # what both photos together say
    before = counts(engine)
    assert one("a", 0.6)[0].id == kept[0].id
    assert one("b", 0.6)[0].id == kept[0].id
    assert counts(engine) == before
    with reading(engine) as session:
        assert [row.id for row in current_findings_of(session, "cn", waybill_id=1)] == [kept[0].id]


def test_a_photo_that_moves_takes_its_findings_along(engine: Engine) -> None:
    violation = {"void": Verdict.VIOLATION}
    transact(engine, lambda session: audit(session, "a", violation))
    transact(engine, lambda session: audit(session, "a", violation, "SF1"))
    transact(engine, lambda session: attribute(session, sha("a"), "SF2", AttributionSource.BARCODE))
    transact(engine, lambda session: audit(session, "a", violation))
    with reading(engine) as session:
        rows = session.exec(select(Finding).order_by(col(Finding.id))).all()
        assert [(row.waybill_id, row.superseded_by) for row in rows] == [
            (None, rows[1].id),
            (1, rows[2].id),
            (2, None),
        ]


def test_judgements_that_make_no_sense_are_refused(engine: Engine) -> None:
    def work(session: Session, *judgements: object) -> object:
        stored = record_photo(session, photo("a"), measured())
        assert stored.measurement is not None
        return record_findings(session, stored.measurement, judgements, PROFILE, EVIDENCE)  # type: ignore[arg-type]

    assert transact(engine, work) == []
    with pytest.raises(ValueError, match="judges a parcel once"):
        transact(engine, lambda session: work(session, judgement(), judgement()))
    with pytest.raises(ValueError, match="is no reason code"):
        transact(engine, lambda session: work(session, judgement(reason="because")))


def test_decisions_follow_each_other(engine: Engine) -> None:
    finding_id = transact(engine, lambda session: audit(session, "a", {"void": Verdict.VIOLATION}))[
        1
    ][0].id
    assert finding_id is not None
    ids: dict[DecisionKind, int | None] = {}
    for kind in DecisionKind:
        # Of one person the last word is in force.
        withdraws = ids[DecisionKind.DISMISSED] if kind is DecisionKind.WITHDRAWN else None
        made = transact(
            engine,
            lambda session, kind=kind, withdraws=withdraws: decide(
                session, finding_id, kind, "Li", withdraws=withdraws
            ),
        )
        ids[kind] = made.id
        assert made.kind == kind.value
        assert made.created_at.tzinfo is UTC
    with reading(engine) as session:
        assert len(session.exec(select(Decision)).all()) == len(DecisionKind)
    with pytest.raises(GreenPackError) as unknown:
        transact(engine, lambda session: decide(session, 999, DecisionKind.FINED, "Li"))
    assert unknown.value.code == "finding_unknown"
    with pytest.raises(ValueError, match="name of who decided"):
        transact(engine, lambda session: decide(session, finding_id, DecisionKind.FINED, " "))
    transact(engine, lambda session: audit(session, "a", {"void": Verdict.COMPLIANT}))
    with pytest.raises(GreenPackError) as stale:
        transact(engine, lambda session: decide(session, finding_id, DecisionKind.FINED, "Li"))
    assert stale.value.code == "finding_superseded"


def test_foreign_keys_and_words_are_enforced(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        transact(engine, lambda session: record_photo(session, photo("a", hub_id=77), None))
    stored = transact(engine, lambda session: record_photo(session, photo("a"), measured()))
    for statement in (
        "UPDATE measurement SET outcome = 'guessed'",
        "UPDATE quantity SET low = high + 1",
        "UPDATE photo SET sha256 = 'short'",
        "UPDATE photo SET width = NULL",
        "DELETE FROM photo",
    ):
        with pytest.raises(IntegrityError), Session(engine) as session:
            session.connection().execute(text(statement))
    assert stored.measurement is not None
    transposed = replace(stored.measurement, id=12345)
    with pytest.raises(IntegrityError):
        transact(
            engine,
            lambda session: record_findings(session, transposed, [judgement()], PROFILE, EVIDENCE),
        )


def test_what_is_half_done_is_taken_back(engine: Engine) -> None:
    before = counts(engine)

    def work(session: Session) -> None:
        audit(session, "a", {"void": Verdict.VIOLATION}, "SF1")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        transact(engine, work)
    assert counts(engine) == before


def test_whoever_reads_cannot_write(engine: Engine) -> None:
    with reading(engine) as session, pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        session.connection().execute(text("INSERT INTO platform (name) VALUES ('x')"))
    with Session(engine) as session:
        session.connection().execute(text("INSERT INTO platform (name) VALUES ('x')"))
        session.commit()
    with reading(engine) as session:
        assert session.exec(select(Measurement)).all() == []
