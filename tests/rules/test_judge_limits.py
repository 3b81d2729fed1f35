"""Limits that depend on facts or were only reported, and weights."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.rules.facts import Facts, declared_weight_ratio
from greenpack.rules.judge import judge
from greenpack.rules.loading import load_profile
from greenpack.rules.verdict import Verdict
from tests.rules.example_profile import profile_with
from tests.rules.judging import judged

LAYERS: dict[str, Any] = {
    "quantity": "layers",
    "limit": {
        "direction": "at_most",
        "value": 2,
        "cases": [
            {"value": 4, "when": [{"fact": "goods_classes", "includes": "fresh"}]},
            {"value": 3, "when": [{"fact": "goods_classes", "includes": "fragile"}]},
        ],
    },
}


def goods(*classes: str) -> Facts:
    return Facts(goods_classes=frozenset(classes))


@pytest.mark.parametrize(
    ("layers", "facts", "verdict", "reason", "limit"),
    [
        (2, goods("general"), "compliant", "within_limit", 2),
        (3, goods("general"), "violation", "beyond_limit", 2),
        (3, goods("fragile"), "compliant", "within_limit", 3),
        (4, goods("fragile", "fresh"), "compliant", "within_limit", 4),
        (5, goods("fresh"), "violation", "beyond_limit", 4),
        (2, Facts(), "compliant", "within_limit", 2),
        (3, Facts(), "undetermined", "limit_unknown", None),
        (5, Facts(), "violation", "beyond_limit", 4),
    ],
)
def test_limits_by_goods_class(
    layers: int, facts: Facts, verdict: str, reason: str, limit: float | None
) -> None:
    judgement = judged(profile_with(**LAYERS), Interval(layers, layers, layers), facts)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
    assert judgement.limit == limit


def test_a_limit_that_is_not_known_names_the_fact_and_the_choice() -> None:
    judgement = judged(profile_with(**LAYERS), Interval(3, 3, 3))
    assert judgement.explanation == (
        "The number of packaging layers is 3 (95 % interval 3 to 3), and the limit may be at most "
        "2, 3 or 4, because the class of the goods is unknown."
    )
    wide = judged(profile_with(**LAYERS), Interval(3, 1, 5))
    assert (wide.reason, wide.limit) == ("interval_spans_limit", None)


def test_a_span_of_reported_limits_is_broken_only_beyond_its_loose_end() -> None:
    limit: dict[str, Any] = {"direction": "at_most", "value": 1.5, "loosest": 2.5}
    profile = profile_with(quantity="box_fit_diagonal", verified=False, limit=limit)
    between = judged(profile, Interval(2.0, 1.9, 2.1))
    assert between.reason == "limit_unknown"
    assert between.explanation.endswith(
        "1.5 times or 2.5 times, because the text of the rule is unknown."
    )
    limit["cases"] = [{**limit, "when": [{"fact": "automated_packing", "holds": True}]}]
    del limit["cases"][0]["direction"]
    either = profile_with(quantity="box_fit_diagonal", verified=False, limit=limit)
    both = judged(either, Interval(2.0, 1.9, 2.1))
    assert both.explanation.endswith(
        "because whether a machine packed it and the text of the rule are unknown."
    )
    beyond = judged(profile, Interval(3.0, 2.9, 3.1))
    assert (beyond.screening, beyond.limit) == (Verdict.VIOLATION, 2.5)
    within = judged(profile, Interval(1.2, 1.1, 1.3))
    assert (within.screening, within.limit) == (Verdict.COMPLIANT, 1.5)


def test_a_lower_limit_is_loosest_where_it_is_lowest() -> None:
    limit = {
        "direction": "at_least",
        "value": 0.85,
        "cases": [{"value": 0.6, "when": [{"fact": "automated_packing", "holds": True}]}],
    }
    profile = profile_with(quantity="area_ratio", limit=limit)
    assert judged(profile, Interval(None, 0.5, 0.59)).limit == 0.6
    assert judged(profile, Interval(None, 0.7, 0.8)).reason == "limit_unknown"
    assert judged(profile, Interval(None, 0.9, 1.0)).limit == 0.85
    by_hand = Facts(automated_packing=False)
    assert judged(profile, Interval(None, 0.7, 0.8), by_hand).verdict is Verdict.VIOLATION


def test_the_weight_ratio_comes_from_the_declared_masses() -> None:
    taiwan = load_profile("tw-2023")
    day = date(2026, 1, 1)
    heavy = Facts(packaging_mass_g=600, product_mass_g=1000, packed_on=day)
    judgement = judge(taiwan, {}, None, heavy)[0]
    assert (judgement.screening, judgement.limit) == (Verdict.VIOLATION, 0.3)
    assert judgement.interval is not None
    assert judgement.interval.low == pytest.approx(599.5 / 1000.5)
    assert judgement.interval.high == pytest.approx(600.5 / 999.5)
    small = Facts(packaging_mass_g=600, product_mass_g=249, packed_on=day)
    assert judge(taiwan, {}, None, small)[0].verdict is Verdict.EXEMPT
    weighed = {Quantity.WEIGHT_RATIO: Interval(0.1, 0.1, 0.1)}
    assert judge(taiwan, weighed, None, heavy)[0].screening is Verdict.COMPLIANT


def test_masses_below_the_rounding_give_no_ratio() -> None:
    assert declared_weight_ratio(Facts(packaging_mass_g=5, product_mass_g=0.5)) is None
    assert declared_weight_ratio(Facts(packaging_mass_g=5)) is None
    weightless = declared_weight_ratio(Facts(packaging_mass_g=0, product_mass_g=10))
    assert weightless is not None
    assert weightless.low == 0
