"""Recording decisions: how findings stand, and that verification notices when they do not."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records.database import open_database, reading, transact
from greenpack.records.deciding import decide
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.migrating import configuration
from greenpack.records.tables import Finding
from greenpack.records.verification import verify
from greenpack.rules.verdict import Verdict

from .samples import audit

HASH, AT = "a" * 64, "2026-11-01 00:00:00Z"


def _found(engine: Engine, verdict: Verdict = Verdict.VIOLATION) -> int:
    _, findings = transact(engine, lambda session: audit(session, "a", {"void": verdict}))
    return findings[0].id or 0


def _decide(engine: Engine, finding: int, kind: DecisionKind, by: str, **more: object) -> int:
    made = transact(
        engine,
        lambda session: decide(session, finding, kind, by, **more),  # type: ignore[arg-type]
    )
    return made.id or 0


def _stands(engine: Engine, finding: int) -> str | None:
    with reading(engine) as session:
        row = session.get(Finding, finding)
        assert row is not None
        return row.standing


def test_a_finding_stands_as_its_decisions_say(engine: Engine) -> None:
    finding = _found(engine)
    assert _stands(engine, finding) is None
    first = _decide(engine, finding, DecisionKind.CONFIRMED, "Li", account_id=None)
    assert _stands(engine, finding) == "one_confirmed"
    _decide(engine, finding, DecisionKind.CONFIRMED, "Wang")
    assert _stands(engine, finding) == "confirmed"
    _decide(engine, finding, DecisionKind.FINED, "Zhao")
    assert _stands(engine, finding) == "confirmed"
    _decide(engine, finding, DecisionKind.WITHDRAWN, "Li", withdraws=first)
    assert _stands(engine, finding) == "one_confirmed"
    reason = DismissalReason.GOODS_MISSED
    _decide(engine, finding, DecisionKind.DISMISSED, "Zhao", reason=reason, settles=True)
    assert _stands(engine, finding) == "dismissed"
    with reading(engine) as session:
        assert verify(session, None).sound


def test_what_is_no_violation_needs_one_person(engine: Engine) -> None:
    finding = _found(engine, Verdict.UNDETERMINED)
    _decide(engine, finding, DecisionKind.CONFIRMED, "Li")
    assert _stands(engine, finding) == "confirmed"


def test_only_what_counts_is_withdrawn_and_reasons_are_of_dismissals(engine: Engine) -> None:
    finding = _found(engine)
    first = _decide(engine, finding, DecisionKind.CONFIRMED, "Li")
    undone = _decide(engine, finding, DecisionKind.WITHDRAWN, "Li", withdraws=first)
    for target in (first, undone, 999):
        with pytest.raises(GreenPackError) as refused:
            _decide(engine, finding, DecisionKind.WITHDRAWN, "Li", withdraws=target)
        assert refused.value.code == "decision_not_in_force"
    for kind, more in (
        (DecisionKind.WITHDRAWN, {}),
        (DecisionKind.CONFIRMED, {"withdraws": first}),
        (DecisionKind.CONFIRMED, {"reason": DismissalReason.OTHER}),
    ):
        with pytest.raises(ValueError, match=r"withdrawal|dismissal"):
            _decide(engine, finding, kind, "Li", **more)


def test_a_standing_that_nobody_decided_is_noticed(engine: Engine) -> None:
    finding = _found(engine)
    changed = "UPDATE finding SET standing = 'confirmed' WHERE id = :id"
    with Session(engine) as session:
        session.connection().execute(text(changed), {"id": finding})
        session.commit()
    with reading(engine) as session:
        problems = {problem.where: problem.what for problem in verify(session, None).problems}
    assert problems[f"finding/{finding}"] == "stands as confirmed, its decisions say open"
    _decide(engine, finding, DecisionKind.CONFIRMED, "Li")
    with reading(engine) as session:
        assert verify(session, None).sound
    with Session(engine) as session:
        session.connection().execute(text(changed), {"id": finding})
        session.commit()
    with reading(engine) as session:
        problems = {problem.where: problem.what for problem in verify(session, None).problems}
    assert problems[f"finding/{finding}"] == "stands as confirmed, its decisions say one_confirmed"


def test_decisions_of_before_say_how_their_findings_stand(empty_database_url: str) -> None:
    address = empty_database_url.replace("postgresql://", "postgresql+psycopg://")
    older = create_engine(address)
    told = (
        (1, "violation", (("confirmed", "Li"), ("confirmed", " LI "))),
        (2, "violation", (("confirmed", "Li"), ("dismissed", "Wang"))),
        (3, "undetermined", (("confirmed", "Li"), ("fined", "Li"))),
        (4, "violation", (("confirmed", "Li"), ("dismissed", "Li"))),
        (5, "violation", (("rectified", "Li"),)),
    )
    with older.begin() as connection:
        command.upgrade(configuration(connection), "0010")
        connection.execute(
            text(
                "INSERT INTO photo (id, sha256, source_name, size_bytes, media_type, width, height,"
                f" received_at) VALUES (1, '{HASH}', 'a', 9, 'image/jpeg', 8, 6, '{AT}')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO measurement (id, photo_id, model_sha256, settings_sha256, outcome,"
                " shapes, budget, assumptions, milliseconds, created_at) VALUES"
                f" (1, 1, '{HASH}', '{HASH}', 'measured', '[]', '[]', '[]', 5, '{AT}')"
            )
        )
        for finding, verdict, decisions in told:
            connection.execute(
                text(
                    "INSERT INTO finding (id, measurement_id, profile_id, profile_version,"
                    " profile_sha256, rule_id, verdict, reason, quantity, explanation,"
                    " model_sha256, evidence_sha256, created_at) VALUES"
                    f" ({finding}, 1, 'p', '1', '{HASH}', 'r{finding}', '{verdict}', 'x',"
                    f" 'void_ratio', 'x', '{HASH}', '{HASH}', '{AT}')"
                )
            )
            for kind, by in decisions:
                connection.execute(
                    text(
                        "INSERT INTO decision (finding_id, kind, decided_by, note, created_at)"
                        f" VALUES ({finding}, '{kind}', '{by}', '', '{AT}')"
                    )
                )
    older.dispose()
    engine = open_database(empty_database_url)
    found = [_stands(engine, finding) for finding, _, _ in told]
    engine.dispose()
    assert found == ["one_confirmed", "contested", "confirmed", "dismissed", None]
