"""What the law provides for after a breach, as profiles state it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from greenpack.rules.consequences import Needs, Step
from greenpack.rules.explain import explain_profile
from greenpack.rules.loading import available_profiles, load_profile
from greenpack.rules.soundness import Flaw, UnsoundProfileError

from .example_profile import profile_data, profile_of

FOUND = [{"kind": "found", "cite": "the law"}]
FINE: dict[str, Any] = {
    "id": "fine",
    "step": "fine",
    "title": "Fine",
    "clause": "art. 1",
    "needs": "refusal",
    "low": 10,
    "high": 20,
    "currency": "CNY",
    "verified": True,
    "explanation": "After a refusal.",
    "sources": FOUND,
}
ORDER: dict[str, Any] = {
    "id": "order",
    "step": "correction_order",
    "title": "Order",
    "clause": "art. 1",
    "verified": True,
    "explanation": "First.",
    "sources": FOUND,
}


def law(*consequences: dict[str, Any], is_law: bool = True) -> dict[str, Any]:
    data = profile_data(sources=FOUND)
    return data | {"is_law": is_law, "consequences": [deepcopy(one) for one in consequences]}


def flaws(*consequences: dict[str, Any], is_law: bool = True) -> list[Flaw]:
    try:
        profile_of(law(*consequences, is_law=is_law))
    except ValidationError as error:
        (detail,) = error.errors()
        cause = detail["ctx"]["error"]
        assert isinstance(cause, UnsoundProfileError)
        return list(cause.flaws)
    return []


def test_an_order_and_a_fine_are_read_as_they_are_written() -> None:
    order, fine = profile_of(law(ORDER, FINE)).consequences
    assert (order.step, order.needs) == (Step.CORRECTION_ORDER, Needs.BREACH)
    assert (fine.low, fine.high, fine.currency, fine.needs) == (10, 20, "CNY", Needs.REFUSAL)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": None}, "low"),
        ({"currency": None}, "currency"),
        ({"high": 9}, "high"),
        ({"breach": 1}, "within_days"),
        ({"within_days": 365}, "within_days"),
        ({"days": 10}, "days"),
        ({"addressee": "the court"}, "addressee"),
        ({"sources": [{"kind": "second_hand", "cite": "news"}]}, "verified"),
        (
            {"effective_from": date(2026, 2, 1), "effective_to": date(2026, 1, 1)},
            "effective_to",
        ),
    ],
)
def test_a_fine_that_contradicts_itself_is_named(change: dict[str, Any], field: str) -> None:
    assert [flaw.field for flaw in flaws(ORDER, FINE | change)] == [f"consequences[2].{field}"]


@pytest.mark.parametrize(
    ("change", "field"), [({"low": 1}, "low"), ({"needs": "refusal"}, "needs")]
)
def test_an_order_is_no_fine(change: dict[str, Any], field: str) -> None:
    assert [flaw.field for flaw in flaws(ORDER | change)] == [f"consequences[1].{field}"]


def test_what_is_no_law_has_no_consequences() -> None:
    assert [flaw.problem for flaw in flaws(ORDER, is_law=False)] == [
        "a profile that is not law has no consequences"
    ]


def test_two_of_one_name_are_told() -> None:
    assert [flaw.field for flaw in flaws(ORDER, ORDER)] == ["consequences[2].id"]


@pytest.mark.parametrize(
    "change", [{"low": 1.5}, {"low": "10"}, {"low": -1}, {"currency": "yuan"}, {"step": "jail"}]
)
def test_a_malformed_consequence_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        profile_of(law(FINE | change))


def test_china_first_orders_and_fines_only_on_refusal() -> None:
    steps = load_profile("cn-gb45186-2024").consequences
    assert [(one.step, one.needs, one.low, one.high) for one in steps] == [
        (Step.CORRECTION_ORDER, Needs.BREACH, None, None),
        (Step.FINE, Needs.REFUSAL, 2_000, 20_000),
        (Step.FINE, Needs.REFUSAL, 20_000, 100_000),
    ]
    assert all(one.verified and "art. 105" in one.clause for one in steps)


def test_koreas_fines_were_read_second_hand_and_cannot_be_taken() -> None:
    steps = load_profile("kr-2024").consequences
    assert [(one.breach, one.low, one.high) for one in steps] == [
        (1, 1_000_000, 1_000_000),
        (2, 2_000_000, 2_000_000),
        (3, 3_000_000, 3_000_000),
    ]
    assert not any(one.verified for one in steps)


def test_a_profile_shows_its_consequences() -> None:
    shown = explain_profile(load_profile("kr-2024"))
    assert "not verified: shown, never taken" in shown
    assert "Amount: 1000000 KRW" in shown
    assert "2000 to 20000 CNY" in explain_profile(load_profile("cn-gb45186-2024"))


def test_no_shipped_profile_that_is_no_law_threatens() -> None:
    for profile in available_profiles():
        assert profile.is_law or not profile.consequences


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2027, 1, 1), False)],
)
def test_a_step_is_there_from_its_first_to_its_last_day(day: date, holds: bool) -> None:
    dates = {"effective_from": date(2026, 1, 1), "effective_to": date(2026, 12, 31)}
    (one,) = profile_of(law(ORDER | dates)).consequences
    assert one.in_force(day) is holds
