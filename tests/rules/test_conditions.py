"""Facts and the conditions on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from greenpack.rules.conditions import Condition, all_met
from greenpack.rules.facts import FACT_NAMES, NUMBER_FACTS, Fact, Facts


def condition(**fields: Any) -> Condition:
    return Condition.model_validate(fields)


@pytest.mark.parametrize(
    ("test", "facts", "met"),
    [
        ({"fact": "packaging", "equals": "reusable"}, Facts(packaging="reusable"), True),
        ({"fact": "packaging", "equals": "reusable"}, Facts(packaging="single_use"), False),
        ({"fact": "packaging", "equals": "reusable"}, Facts(), None),
        (
            {"fact": "goods_classes", "includes": "fragile"},
            Facts(goods_classes=frozenset({"fragile", "fresh"})),
            True,
        ),
        (
            {"fact": "goods_classes", "includes": "fragile"},
            Facts(goods_classes=frozenset()),
            False,
        ),
        ({"fact": "goods_classes", "includes": "fragile"}, Facts(), None),
        ({"fact": "automated_packing", "holds": True}, Facts(automated_packing=True), True),
        ({"fact": "automated_packing", "holds": False}, Facts(automated_packing=True), False),
        ({"fact": "automated_packing", "holds": True}, Facts(), None),
        ({"fact": "parcel_sum_mm", "at_most": 500}, Facts(parcel_mm=(100, 200, 200)), True),
        ({"fact": "parcel_sum_mm", "at_most": 0.6}, Facts(parcel_mm=(0.1, 0.2, 0.3)), True),
        ({"fact": "parcel_sum_mm", "below": 500}, Facts(parcel_mm=(100, 200, 200)), False),
        ({"fact": "parcel_longest_mm", "above": 200}, Facts(parcel_mm=(100, 200, 200)), False),
        ({"fact": "parcel_longest_mm", "at_least": 200}, Facts(parcel_mm=(100, 200, 200)), True),
        ({"fact": "parcel_sum_mm", "at_most": 500}, Facts(), None),
        ({"fact": "parcel_longest_mm", "at_most": 500}, Facts(), None),
        (
            {"fact": "product_mass_g", "at_least": 250, "below": 1000},
            Facts(product_mass_g=250),
            True,
        ),
        ({"fact": "product_count", "at_least": 2}, Facts(product_count=1), False),
    ],
)
def test_a_condition_is_met_or_not_or_unknown(
    test: dict[str, Any], facts: Facts, met: bool | None
) -> None:
    assert condition(**test).met(facts) is met


def test_all_conditions_are_not_met_if_one_is_not_and_unknown_if_one_is() -> None:
    both = [
        condition(fact="packaging", equals="reusable"),
        condition(fact="product_count", at_least=2),
    ]
    assert all_met(both, Facts(packaging="reusable", product_count=2)) is True
    assert all_met(both, Facts(packaging="reusable")) is None
    assert all_met(both, Facts(product_count=1)) is False


@pytest.mark.parametrize(
    "test",
    [
        {"fact": "packaging"},
        {"fact": "packaging", "holds": True},
        {"fact": "packaging", "equals": "cardboard"},
        {"fact": "goods_classes", "includes": "heavy"},
        {"fact": "product_count", "equals": "reusable"},
        {"fact": "paper_filler", "at_least": 1},
        {"fact": "product_count", "at_least": True},
        {"fact": "product_count", "at_least": float("nan")},
    ],
)
def test_a_condition_must_fit_its_fact(test: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        condition(**test)


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ({"fact": "packaging", "equals": "single_use"}, "the kind of packaging is single-use"),
        ({"fact": "goods_classes", "includes": "fresh"}, "the class of the goods includes fresh"),
        ({"fact": "paper_filler", "holds": True}, "the filler is paper"),
        ({"fact": "paper_filler", "holds": False}, "it is not so that the filler is paper"),
        (
            {"fact": "product_mass_g", "at_least": 250, "below": 1000},
            "the mass of the products is at least 250 g and below 1000 g",
        ),
        (
            {"fact": "parcel_sum_mm", "at_most": 500},
            "the parcel's length + width + height is at most 500 mm",
        ),
        ({"fact": "product_count", "above": 1}, "the number of products is above 1"),
    ],
)
def test_a_condition_in_words(test: dict[str, Any], words: str) -> None:
    assert condition(**test).words() == words


def test_every_fact_has_words() -> None:
    assert set(FACT_NAMES) == set(Fact)
    assert set(Fact) > NUMBER_FACTS


@pytest.mark.parametrize(
    "facts",
    [
        {"packaging": "cardboard"},
        {"goods_classes": frozenset({"heavy"})},
        {"product_count": -1},
        {"product_mass_g": float("inf")},
        {"packaging_mass_g": float("nan")},
        {"parcel_mm": (100, 0, 100)},
        {"taken_at": datetime(2026, 11, 11)},  # noqa: DTZ001
    ],
)
def test_facts_out_of_range_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Facts(**facts)
