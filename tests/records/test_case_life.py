"""The life of a case: the law's order, undoing, appeals, and what each step needs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.reasons import GreenPackError
from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.case_life import Happened, Life, after, follows, life_of
from greenpack.records.case_steps import (
    Terms,
    Wanted,
    allowed_steps,
    check_step,
    open_fines,
    terms_of,
)
from greenpack.rules.consequences import Consequence
from greenpack.rules.loading import load_profile

Kind = CaseEventKind
TODAY = date(2026, 11, 24)
DUE = date(2026, 12, 24)
CHINA = terms_of(load_profile("cn-gb45186-2024"), TODAY)
SCREENING = terms_of(load_profile("screening-50"), TODAY)


def event(kind: CaseEventKind, number: int, **more: Any) -> Happened:
    if kind is Kind.FINE_PROPOSED:
        more = {
            "consequence": "fine",
            "fine_low": 2_000,
            "fine_high": 20_000,
            "currency": "CNY",
        } | more
    if kind in (Kind.CORRECTION_ORDERED, Kind.EXTENDED):
        more = {"due_on": DUE} | more
    if kind is Kind.FINED:
        more = {"amount": 5_000} | more
    return Happened(number, kind, **more)


def lived(*kinds: CaseEventKind | tuple[CaseEventKind, dict[str, Any]]) -> Life:
    happened = [Happened(1, Kind.OPENED)]
    for number, one in enumerate(kinds, 2):
        kind, more = one if isinstance(one, tuple) else (one, {})
        happened.append(event(kind, number, **more))
    return life_of(happened)


def refused_by(life: Life, wanted: Wanted, terms: Terms = CHINA, today: date = TODAY) -> str:
    with pytest.raises(GreenPackError) as refused:
        check_step(life, terms, wanted, today)
    return refused.value.code


def test_the_laws_order_ends_in_a_fine_within_the_range() -> None:
    life = lived()
    for wanted, number, today in (
        (Wanted(Kind.CORRECTION_ORDERED, due_on=DUE), 2, TODAY),
        (Wanted(Kind.REFUSED, "nothing was changed"), 3, DUE + timedelta(days=1)),
        (Wanted(Kind.FINE_PROPOSED, "refused", consequence="fine"), 4, DUE + timedelta(days=2)),
        (Wanted(Kind.FINED, "first case", amount=20_000), 5, DUE + timedelta(days=3)),
    ):
        check_step(life, CHINA, wanted, today)
        life = after(
            life,
            event(
                wanted.kind,
                number,
                **{"amount": 20_000} if wanted.kind is Kind.FINED else {},
            ),
        )
    assert life.state is CaseState.FINED
    assert (life.amount, life.due_on) == (20_000, DUE)
    assert life.proposed is not None
    assert life.proposed.currency == "CNY"


def test_nobody_is_fined_who_was_not_ordered_and_did_not_refuse() -> None:
    for life in (
        lived(),
        lived(Kind.CORRECTION_ORDERED),
        lived(Kind.CORRECTION_ORDERED, Kind.RECTIFIED),
    ):
        assert Kind.FINE_PROPOSED not in allowed_steps(life, CHINA, DUE + timedelta(days=9))
        assert Kind.FINED not in follows(life)


def test_a_refusal_waits_for_the_due_date_or_an_answer() -> None:
    ordered = lived(Kind.CORRECTION_ORDERED)
    refuse = Wanted(Kind.REFUSED, "nothing was changed")
    assert refused_by(ordered, refuse, today=DUE) == "case_refusal_too_early"
    check_step(ordered, CHINA, refuse, DUE + timedelta(days=1))
    check_step(lived(Kind.CORRECTION_ORDERED, Kind.ANSWERED), CHINA, refuse, TODAY)
    # An answer from before the order says nothing about the order.
    before = lived(Kind.ANSWERED, Kind.CORRECTION_ORDERED)
    assert refused_by(before, refuse) == "case_refusal_too_early"


def test_what_is_no_law_ends_at_a_recommendation() -> None:
    steps = allowed_steps(lived(), SCREENING, TODAY)
    assert Kind.RECOMMENDED in steps
    assert {Kind.CORRECTION_ORDERED, Kind.FINE_PROPOSED}.isdisjoint(steps)
    recommended = lived(Kind.RECOMMENDED)
    assert set(allowed_steps(recommended, SCREENING, TODAY)) == {
        Kind.ANSWERED,
        Kind.RECTIFIED,
        Kind.CLOSED,
        Kind.UNDONE,
    }
    assert Kind.RECOMMENDED not in allowed_steps(lived(), CHINA, TODAY)
    assert refused_by(lived(), Wanted(Kind.CORRECTION_ORDERED, due_on=DUE), SCREENING) == (
        "case_consequence_unknown"
    )


def test_a_step_that_is_only_reported_is_never_taken() -> None:
    korea = terms_of(load_profile("kr-2024"), TODAY)
    assert korea.order is None
    assert korea.fines == ()
    assert len(korea.unverified) == 3
    assert Kind.FINE_PROPOSED not in allowed_steps(lived(), korea, TODAY)


def _by_count(**changes: Any) -> list[Consequence]:
    steps = load_profile("kr-2024").consequences
    return [one.model_copy(update={"verified": True} | changes) for one in steps]


@pytest.mark.parametrize(
    ("earlier", "low"), [(0, 1_000_000), (1, 2_000_000), (2, 3_000_000), (7, 3_000_000)]
)
def test_a_fine_by_count_is_that_of_this_breach(earlier: int, low: int) -> None:
    korea = load_profile("kr-2024").model_copy(update={"consequences": tuple(_by_count())})
    terms = terms_of(korea, TODAY, {365: earlier})
    (fine,) = open_fines(lived(), terms)
    assert fine.low == low
    check_step(lived(), terms, Wanted(Kind.FINE_PROPOSED, "breach", consequence=fine.id), TODAY)


@pytest.mark.parametrize("amount", [None, 1_999, 20_001, -1])
def test_a_fine_outside_the_range_is_refused(amount: int | None) -> None:
    proposed = lived(Kind.CORRECTION_ORDERED, Kind.ANSWERED, Kind.REFUSED, Kind.FINE_PROPOSED)
    wanted = Wanted(Kind.FINED, "why", amount=amount)
    assert refused_by(proposed, wanted) == "case_amount_out_of_range"


@pytest.mark.parametrize("due", [None, TODAY, TODAY - timedelta(days=1)])
def test_an_order_needs_a_day_to_come(due: date | None) -> None:
    wanted = Wanted(Kind.CORRECTION_ORDERED, due_on=due)
    assert refused_by(lived(), wanted) == "case_due_date_wrong"


def test_an_extension_is_longer_than_what_it_extends() -> None:
    ordered = lived(Kind.CORRECTION_ORDERED)
    assert refused_by(ordered, Wanted(Kind.EXTENDED, "asked", due_on=DUE)) == "case_due_date_wrong"
    later = DUE + timedelta(days=5)
    check_step(ordered, CHINA, Wanted(Kind.EXTENDED, "asked", due_on=later), TODAY)
    longer = lived(Kind.CORRECTION_ORDERED, (Kind.EXTENDED, {"due_on": later}))
    assert longer.days_left(TODAY) == (later - TODAY).days


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        (Kind.RECTIFIED, (Kind.CORRECTION_ORDERED,)),
        (Kind.CLOSED, ()),
        (Kind.REOPENED, (Kind.CLOSED,)),
        (Kind.ANSWERED, ()),
        (Kind.UNDONE, (Kind.ANSWERED,)),
    ],
)
def test_reasons_are_put_in_words(kind: CaseEventKind, before: tuple[CaseEventKind, ...]) -> None:
    assert refused_by(lived(*before), Wanted(kind, "  ")) == "case_note_missing"
    check_step(lived(*before), CHINA, Wanted(kind, "because"), TODAY)


def test_an_answer_may_be_a_file_alone() -> None:
    check_step(lived(), CHINA, Wanted(Kind.ANSWERED, has_file=True), TODAY)
    closing = Wanted(Kind.CLOSED, has_file=True)
    assert refused_by(lived(), closing) == "case_note_missing"


FINED = (Kind.CORRECTION_ORDERED, Kind.ANSWERED, Kind.REFUSED, Kind.FINE_PROPOSED, Kind.FINED)


def test_an_appeal_leaves_changes_or_ends_what_it_is_against() -> None:
    def decided(outcome: AppealOutcome, *before: CaseEventKind, **more: Any) -> Life:
        return lived(*before, Kind.APPEALED, (Kind.APPEAL_DECIDED, {"outcome": outcome} | more))

    assert decided(AppealOutcome.UPHELD, *FINED).amount == 5_000
    lower = decided(AppealOutcome.CHANGED, *FINED, amount=1_000)
    assert (lower.state, lower.amount) == (CaseState.FINED, 1_000)
    gone = decided(AppealOutcome.SET_ASIDE, *FINED)
    assert (gone.state, gone.amount, gone.due_on) == (CaseState.SET_ASIDE, None, None)
    later = DUE + timedelta(days=30)
    again = decided(
        AppealOutcome.CHANGED, Kind.CORRECTION_ORDERED, Kind.ANSWERED, Kind.REFUSED, due_on=later
    )
    assert (again.state, again.due_on) == (CaseState.ORDERED, later)


def test_an_appeal_needs_its_outcome_and_a_change_its_new_terms() -> None:
    against_order = lived(Kind.CORRECTION_ORDERED, Kind.APPEALED)
    against_fine = lived(*FINED, Kind.APPEALED)
    changed = AppealOutcome.CHANGED
    for life, wanted, code in (
        (against_order, Wanted(Kind.APPEAL_DECIDED, "read"), "case_step_not_allowed"),
        (against_order, Wanted(Kind.APPEAL_DECIDED, "x", outcome=changed), "case_due_date_wrong"),
        (
            against_fine,
            Wanted(Kind.APPEAL_DECIDED, "x", outcome=changed, amount=20_001),
            "case_amount_out_of_range",
        ),
        (
            against_fine,
            Wanted(Kind.APPEAL_DECIDED, "x", outcome=AppealOutcome.UPHELD, amount=3_000),
            "case_amount_out_of_range",
        ),
    ):
        assert refused_by(life, wanted) == code
    check_step(
        against_fine, CHINA, Wanted(Kind.APPEAL_DECIDED, "x", outcome=changed, amount=0), TODAY
    )


def test_closing_and_reopening_lead_back() -> None:
    assert lived(Kind.CORRECTION_ORDERED, Kind.CLOSED, Kind.REOPENED).state is CaseState.ORDERED
    assert lived(Kind.CORRECTION_ORDERED, Kind.CLOSED).overdue_since is None


def test_only_the_last_step_is_undone_and_not_twice() -> None:
    ordered = lived(Kind.CORRECTION_ORDERED, Kind.ANSWERED)
    with pytest.raises(ValueError, match="only event 3"):
        after(ordered, Happened(4, Kind.UNDONE, undoes=2))
    once = after(ordered, Happened(4, Kind.UNDONE, undoes=3))
    assert not once.answered
    twice = after(once, Happened(5, Kind.UNDONE, undoes=2))
    assert twice.state is CaseState.OPEN
    assert Kind.UNDONE not in follows(twice)


def test_a_case_begins_with_its_opening() -> None:
    for events in ([], [Happened(1, Kind.CLOSED)]):
        with pytest.raises(ValueError, match="case"):
            life_of(events)


@given(st.lists(st.sampled_from(list(Kind)), max_size=12), st.data())
def test_undoing_any_step_gives_back_exactly_what_was_there(
    kinds: list[CaseEventKind], data: st.DataObject
) -> None:
    life = lived()
    for number, kind in enumerate(kinds, 2):
        if kind not in follows(life):
            with pytest.raises(ValueError, match="follow"):
                after(life, Happened(number, kind))
            continue
        more: dict[str, Any] = {}
        if kind is Kind.UNDONE:
            more["undoes"] = life.number
        if kind is Kind.APPEAL_DECIDED:
            more["outcome"] = data.draw(st.sampled_from(list(AppealOutcome)))
            more["due_on"] = DUE
        then = after(life, event(kind, number, **more))
        if Kind.UNDONE in follows(then) and kind is not Kind.UNDONE:
            undone = after(then, Happened(number + 1, Kind.UNDONE, undoes=number))
            assert undone == life
        assert then.state in CaseState
        if then.state is CaseState.FINED:
            assert then.amount is not None
        life = then
