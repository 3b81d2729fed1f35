"""Cases in the database: who may see them, what they rest on, and that nothing is ever changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from greenpack.reasons import GreenPackError
from greenpack.records.case_entries import Attached
from greenpack.records.case_finding_queries import (
    candidates,
    case_finding_ids,
    senders_to_answer,
)
from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.case_queries import (
    CaseFilter,
    CaseSort,
    cased_profiles,
    count_cases,
    list_cases,
    whole_case,
)
from greenpack.records.case_reading import earlier_fines
from greenpack.records.case_steps import Wanted
from greenpack.records.database import reading, transact
from greenpack.records.deciding import decide
from greenpack.records.forms import DecisionKind
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.tables import CaseEvent, ComplianceCase, Decision
from greenpack.records.verification import verify

from .case_examples import DUE, PROFILE, breach, opened, sender_of, stepped
from .samples import sha

Kind = CaseEventKind
ORDER = Wanted(Kind.CORRECTION_ORDERED, due_on=DUE)
REFUSED = Wanted(Kind.REFUSED, "nothing was changed")


@pytest.fixture
def case(engine: Engine) -> ComplianceCase:
    """A case of two findings."""

    def work(session: Session) -> ComplianceCase:
        findings = [breach(session, number) for number in (1, 2)]
        return opened(session, findings, sender_of(session, 1))

    return transact(engine, work)


def state(engine: Engine, case: ComplianceCase) -> CaseState:
    with reading(engine) as session:
        return whole_case(session, case.id or 0).life.state


def step(engine: Engine, case: ComplianceCase, wanted: Wanted, **more: object) -> CaseEvent:
    return transact(engine, lambda session: stepped(session, case, wanted, **more))  # type: ignore[arg-type]


def refused_by(engine: Engine, case: ComplianceCase, wanted: Wanted, **more: object) -> str:
    with pytest.raises(GreenPackError) as refused:
        step(engine, case, wanted, **more)
    return refused.value.code


def test_a_case_goes_from_opening_to_a_fine_and_every_row_is_vouched_for(
    engine: Engine, case: ComplianceCase
) -> None:
    assert case.number == "GP-2026-000001"
    letter = Attached(sha("letter"), "letter.pdf", 9)
    step(engine, case, ORDER, file=letter, addressed_to="Shop\n1 Road")
    step(engine, case, REFUSED, day=DUE + timedelta(days=1))
    step(engine, case, Wanted(Kind.FINE_PROPOSED, "refused", consequence="fine"))
    step(engine, case, Wanted(Kind.FINED, "first time", amount=5_000))
    with reading(engine) as session:
        whole = whole_case(session, case.id or 0)
        assert [event.kind for event in whole.events] == [
            *("opened", "finding_added", "finding_added", "correction_ordered", "refused"),
            *("fine_proposed", "fined"),
        ]
        assert [event.state for event in whole.events][-4:] == [
            *("ordered", "refused", "fine_proposed", "fined"),
        ]
        assert whole.life.state is CaseState.FINED
        assert (whole.events[-1].amount, whole.events[-1].currency) == (5_000, "CNY")
        assert (whole.events[-2].fine_low, whole.events[-2].fine_high) == (2_000, 20_000)
        assert whole.events[3].addressed_to == "Shop\n1 Road"
        for finding in whole.findings:
            kinds = session.exec(
                select(Decision.kind).where(Decision.finding_id == finding.id).order_by(Decision.id)  # type: ignore[arg-type]
            ).all()
            assert kinds[-3:] == ["correction_ordered", "refused", "fined"]
            assert finding.standing == "confirmed"
        assert verify(session, None).sound


def test_nothing_of_a_case_is_changed_or_removed(engine: Engine, case: ComplianceCase) -> None:
    for statement in (
        "UPDATE compliance_case SET number = 'x'",
        "DELETE FROM compliance_case",
        "UPDATE case_event SET note = 'x'",
        "DELETE FROM case_event",
    ):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))


def test_numbers_go_on_within_a_year(engine: Engine, case: ComplianceCase) -> None:
    def work(session: Session) -> list[str]:
        return [
            opened(session, [breach(session, number)], sender_of(session, number)).number
            for number in (3, 4)
        ]

    assert transact(engine, work) == ["GP-2026-000002", "GP-2026-000003"]


@pytest.mark.parametrize("what", ["unconfirmed", "other sender", "compliant", "taken", "gone"])
def test_only_confirmed_findings_of_the_sender_are_bundled(
    engine: Engine, case: ComplianceCase, what: str
) -> None:
    def work(session: Session) -> None:
        finding = {
            "unconfirmed": lambda: breach(session, 3, confirmed=False),
            "other sender": lambda: breach(session, 3, "S-8"),
            "compliant": lambda: breach(session, 3, low=0.2),
            "taken": lambda: case_finding_ids(session, case.id or 0)[0],
            "gone": lambda: 999,
        }[what]()
        opened(session, [breach(session, 9), finding], sender_of(session, 1))

    with pytest.raises(GreenPackError) as refused:
        transact(engine, work)
    assert refused.value.code == "case_finding_unfit"
    with reading(engine) as session:
        assert count_cases(session, CaseFilter()) == 1


def test_an_empty_case_is_none(engine: Engine) -> None:
    with pytest.raises(GreenPackError) as refused:
        transact(engine, lambda session: opened(session, [], 1))
    assert refused.value.code == "case_empty"


def test_one_confirmation_is_enough_only_without_the_two_person_rule(engine: Engine) -> None:
    def work(session: Session) -> int:
        finding = breach(session, 1, confirmed=False)
        decide(session, finding, DecisionKind.CONFIRMED, "Wang Fang", "seen")
        return sender_of(session, 1)

    sender = transact(engine, work)
    with reading(engine) as session:
        assert not candidates(session, PROFILE.id, sender, EVERYTHING)
        (one,) = candidates(session, PROFILE.id, sender, EVERYTHING, two_person=False)
        assert one.standing == "one_confirmed"


def test_findings_come_and_go_with_a_reason_until_something_is_ordered(
    engine: Engine, case: ComplianceCase
) -> None:
    third = transact(engine, lambda session: breach(session, 3))
    step(engine, case, Wanted(Kind.FINDING_ADDED), finding_id=third)
    away = Wanted(Kind.FINDING_REMOVED, "another parcel of the same order")
    step(engine, case, away, finding_id=third)
    assert refused_by(engine, case, away, finding_id=third) == "case_finding_unfit"
    with reading(engine) as session:
        assert len(case_finding_ids(session, case.id or 0)) == 2
        assert [one.id for one in candidates(session, PROFILE.id, case.sender_id, EVERYTHING)] == [
            third
        ]
    step(engine, case, ORDER)
    late = refused_by(engine, case, Wanted(Kind.FINDING_ADDED), finding_id=third)
    assert late == "case_step_not_allowed"


def test_an_order_does_not_rest_on_a_finding_that_was_dismissed_meanwhile(
    engine: Engine, case: ComplianceCase
) -> None:
    def dismiss(session: Session) -> None:
        (first, _) = case_finding_ids(session, case.id or 0)
        decide(session, first, DecisionKind.DISMISSED, "Zhao", "a reusable box")

    transact(engine, dismiss)
    assert refused_by(engine, case, ORDER) == "case_finding_unfit"


def test_two_people_do_not_pass_each_other(engine: Engine, case: ComplianceCase) -> None:
    step(engine, case, Wanted(Kind.ANSWERED, "We will look into it"))
    assert refused_by(engine, case, ORDER, seen=3) == "case_changed_meanwhile"


def test_undoing_an_order_takes_back_what_was_said_of_the_findings(
    engine: Engine, case: ComplianceCase
) -> None:
    step(engine, case, ORDER)
    event = step(engine, case, Wanted(Kind.UNDONE, "the wrong sender"))
    assert (event.state, event.undoes, event.due_on) == ("open", 4, None)
    with reading(engine) as session:
        decisions = session.exec(select(Decision).where(Decision.kind == "withdrawn")).all()
        assert len(decisions) == 2
        withdrawn = [session.get_one(Decision, one.withdraws) for one in decisions]
        assert {one.kind for one in withdrawn} == {"correction_ordered"}
        assert verify(session, None).sound
    step(engine, case, ORDER)
    assert state(engine, case) is CaseState.ORDERED


def test_an_answer_and_an_appeal_are_kept_with_their_files(
    engine: Engine, case: ComplianceCase
) -> None:
    step(engine, case, ORDER)
    file = Attached(sha("scan"), "answer.pdf", 1_234)
    step(engine, case, Wanted(Kind.ANSWERED, "We use smaller boxes now", True), file=file)
    step(engine, case, Wanted(Kind.APPEALED, "We disagree"))
    outcome = AppealOutcome.CHANGED
    later = DUE + timedelta(days=30)
    step(engine, case, Wanted(Kind.APPEAL_DECIDED, "later", due_on=later, outcome=outcome))
    with reading(engine) as session:
        whole = whole_case(session, case.id or 0)
        answer = whole.events[-3]
        assert (answer.file_sha256, answer.file_name) == (sha("scan"), "answer.pdf")
        assert (whole.life.state, whole.life.due_on) == (CaseState.ORDERED, later)


def test_a_case_is_seen_by_those_whose_jurisdiction_keeps_it(engine: Engine) -> None:
    def work(session: Session) -> ComplianceCase:
        scope = Scope("Zhejiang", "Hangzhou")
        return opened(session, [breach(session, 1)], sender_of(session, 1), scope)

    case = transact(engine, work)
    with reading(engine) as session:
        for scope, seen in (
            (EVERYTHING, True),
            (Scope("Zhejiang"), True),
            (Scope("Zhejiang", "Hangzhou"), True),
            (Scope("Zhejiang", "Ningbo"), False),
            (Scope("Zhejiang", "Hangzhou", "North"), False),
            (Scope("Tibet"), False),
        ):
            assert bool(list_cases(session, CaseFilter(scope=scope))) is seen
            assert count_cases(session, CaseFilter(scope=scope)) == seen
            assert (cased_profiles(session, scope) == ["city-law"]) is seen
            if not seen:
                with pytest.raises(GreenPackError) as refused:
                    whole_case(session, case.id or 0, scope)
                assert refused.value.code == "case_unknown"


def test_a_jurisdiction_s_case_takes_only_its_own_findings(engine: Engine) -> None:
    def work(session: Session) -> None:
        finding = breach(session, 1, municipality="Ningbo")
        opened(session, [finding], sender_of(session, 1), Scope("Zhejiang", "Hangzhou"))

    with pytest.raises(GreenPackError) as refused:
        transact(engine, work)
    assert refused.value.code == "case_finding_unfit"
    with reading(engine) as session:
        assert senders_to_answer(session, PROFILE.id, Scope("Zhejiang")) == []


def test_the_list_is_filtered_sorted_and_turned_a_page_at_a_time(engine: Engine) -> None:
    def work(session: Session) -> None:
        for number in range(1, 6):
            case = opened(
                session, [breach(session, number, f"S-{number}")], sender_of(session, number)
            )
            if number > 2:
                due = DUE + timedelta(days=10 - number)
                stepped(session, case, Wanted(Kind.CORRECTION_ORDERED, due_on=due))

    transact(engine, work)
    with reading(engine) as session:

        def numbers(sort: CaseSort, wanted: CaseFilter | None = None) -> list[int]:
            found, last = [], None
            while True:
                page = list_cases(session, wanted or CaseFilter(), sort=sort, after=last, limit=2)
                found += [int(line.number[-6:]) for line in page]
                if len(page) < 2:
                    return found
                last = page[-1]

        assert numbers(CaseSort.NEWEST) == [5, 4, 3, 2, 1]
        assert numbers(CaseSort.OLDEST) == [1, 2, 3, 4, 5]
        assert numbers(CaseSort.DUE) == [5, 4, 3, 1, 2]
        ordered = CaseFilter(states=(CaseState.ORDERED,))
        assert numbers(CaseSort.OLDEST, ordered) == [3, 4, 5]
        overdue = CaseFilter(overdue_on=DUE + timedelta(days=7))
        assert numbers(CaseSort.OLDEST, overdue) == [4, 5]
        assert numbers(CaseSort.OLDEST, CaseFilter(sender="shop s-4")) == [4]
        assert numbers(CaseSort.OLDEST, CaseFilter(sender="000002")) == [2]
        assert numbers(CaseSort.OLDEST, CaseFilter(sender="100%")) == []
        assert numbers(CaseSort.OLDEST, CaseFilter(profile_id="eu")) == []
        (line,) = list_cases(session, CaseFilter(sender="S-3"))
        assert (line.findings, line.state, line.platform) == (1, CaseState.ORDERED, "Mall")


def test_senders_with_most_that_is_unanswered_come_first(engine: Engine) -> None:
    def work(session: Session) -> None:
        for number in range(1, 4):
            breach(session, number, "S-7" if number > 1 else "S-8")
        breach(session, 4, "S-9", confirmed=False)

    transact(engine, work)
    with reading(engine) as session:
        found = senders_to_answer(session, PROFILE.id, EVERYTHING)
        assert [(one.code, one.findings) for one in found] == [("S-7", 2), ("S-8", 1)]


def test_earlier_fines_are_counted_unless_they_were_undone(engine: Engine) -> None:
    def work(session: Session) -> dict[int, int]:
        for number in (1, 2, 3):
            case = opened(session, [breach(session, number)], sender_of(session, number))
            stepped(session, case, ORDER)
            stepped(session, case, REFUSED, day=DUE + timedelta(days=1))
            stepped(session, case, Wanted(Kind.FINE_PROPOSED, "x", consequence="fine"))
            stepped(session, case, Wanted(Kind.FINED, "x", amount=2_000))
            if number == 2:
                stepped(session, case, Wanted(Kind.UNDONE, "a slip"))
        by_count = [one.model_copy(update={"within_days": 365}) for one in PROFILE.consequences]
        return earlier_fines(
            session, case, PROFILE.model_copy(update={"consequences": tuple(by_count)})
        )

    assert transact(engine, work) == {365: 1}
