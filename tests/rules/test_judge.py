"""Every way to a verdict, in closed form."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.reasons import REASONS
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.verdict import Verdict
from tests.rules.example_profile import exemption, profile_data, profile_of, profile_with
from tests.rules.judging import EMPTY, FULL, SPANNING, judged


@pytest.mark.parametrize(
    ("direction", "low", "high", "verdict"),
    [
        ("at_most", 0.5, 0.5, "compliant"),
        ("at_most", 0.4, 0.5, "compliant"),
        ("at_most", 0.5, 0.6, "undetermined"),
        ("at_most", 0.50001, 0.6, "violation"),
        ("below", 0.4, 0.49999, "compliant"),
        ("below", 0.4, 0.5, "undetermined"),
        ("below", 0.5, 0.6, "violation"),
        ("below", 0.5, 0.5, "violation"),
        ("at_least", 0.5, 0.6, "compliant"),
        ("at_least", 0.4, 0.5, "undetermined"),
        ("at_least", 0.4, 0.49999, "violation"),
        ("above", 0.50001, 0.6, "compliant"),
        ("above", 0.5, 0.6, "undetermined"),
        ("above", 0.4, 0.5, "violation"),
    ],
)
def test_the_limit_itself_is_allowed_or_not_as_the_direction_says(
    direction: str, low: float, high: float, verdict: str
) -> None:
    profile = profile_with(limit={"direction": direction, "value": 0.5})
    judgement = judged(profile, Interval(None, low, high))
    assert judgement.verdict == verdict
    assert judgement.limit == 0.5


def test_the_three_plain_verdicts_and_their_sentences() -> None:
    profile = profile_with()
    violation, compliant, spanning = (judged(profile, i) for i in (EMPTY, FULL, SPANNING))
    assert (violation.verdict, violation.reason) == (Verdict.VIOLATION, "beyond_limit")
    assert violation.explanation == (
        "The void ratio is 70.0 % (95 % interval 66.0 % to 74.0 %), "
        "wholly beyond the limit of at most 50 %."
    )
    assert (compliant.verdict, compliant.reason) == (Verdict.COMPLIANT, "within_limit")
    assert compliant.explanation == (
        "The void ratio is 30.0 % (95 % interval 26.0 % to 34.0 %), "
        "wholly within the limit of at most 50 %."
    )
    assert (spanning.verdict, spanning.reason) == (Verdict.UNDETERMINED, "interval_spans_limit")
    assert spanning.explanation == (
        "The void ratio is 50.0 % (95 % interval 45.0 % to 55.0 %), "
        "on both sides of the limit of at most 50 %."
    )
    assert violation.screening is None
    assert violation.interval == EMPTY


def test_a_bound_without_a_best_value_is_told_as_a_range_and_never_rounded_onto_the_limit() -> None:
    judgement = judged(profile_with(), Interval(None, 0.50004, 1.0))
    assert judgement.explanation == (
        "The void ratio lies between 50.004 % and 100.0 % (95 % interval), "
        "wholly beyond the limit of at most 50 %."
    )


# Exemptions


def test_an_exemption_that_applies_names_itself() -> None:
    judgement = judged(profile_with(exemptions=[exemption()]), facts=Facts(packaging="reusable"))
    assert (judgement.verdict, judgement.reason) == (Verdict.EXEMPT, "exempt_by_rule")
    assert judgement.explanation == "Reusable packaging is exempt from this rule."
    assert judgement.limit is None
    assert judgement.interval == EMPTY


def test_an_exemption_that_does_not_apply_leaves_the_violation() -> None:
    judgement = judged(profile_with(exemptions=[exemption()]), facts=Facts(packaging="single_use"))
    assert judgement.verdict is Verdict.VIOLATION
    assert "assuming" not in judgement.explanation


def test_an_exemption_whose_fact_is_unknown_blocks_a_violation_where_the_rule_says_so() -> None:
    judgement = judged(profile_with(exemptions=[exemption()]))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNDETERMINED, "exemption_unknown")
    assert judgement.explanation.endswith(
        "but reusable packaging would be exempt, and the kind of packaging is unknown."
    )
    assert "waybill" in REASONS["exemption_unknown"].advice


def test_an_exemption_whose_fact_is_unknown_does_not_exempt_nor_block_compliance() -> None:
    profile = profile_with(exemptions=[exemption()])
    assert judged(profile, FULL).verdict is Verdict.COMPLIANT
    assert judged(profile, SPANNING).reason == "interval_spans_limit"


def test_an_unknown_fact_that_is_ignored_is_stated() -> None:
    one = profile_with(exemptions=[exemption(when_unknown="ignore")])
    judgement = judged(one)
    assert judgement.verdict is Verdict.VIOLATION
    assert judgement.explanation.endswith(
        "assuming what is not declared: that this is not reusable packaging."
    )
    small = exemption(
        id="small",
        title="a small box",
        when=[{"fact": "parcel_sum_mm", "at_most": 500}],
        when_unknown="ignore",
    )
    two = profile_with(exemptions=[exemption(when_unknown="ignore"), small])
    assert judged(two).explanation.endswith(
        "that this is neither reusable packaging nor a small box."
    )


def test_an_exemption_that_no_declaration_settles_blocks_a_violation_and_exempts_nobody() -> None:
    profile = profile_with(exemptions=[exemption(when_met="undetermined")])
    judgement = judged(profile, facts=Facts(packaging="reusable"))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNDETERMINED, "exemption_unknown")
    assert "does not settle" in judgement.explanation
    assert judged(profile, FULL, Facts(packaging="reusable")).verdict is Verdict.COMPLIANT
    assert judged(profile, facts=Facts(packaging="single_use")).verdict is Verdict.VIOLATION


# Dates

FROM_JULY = {"effective_from": date(2026, 7, 1), "effective_to": date(2026, 12, 31)}


def at(month: int, day: int, hour: int, minute: int) -> Facts:
    return Facts(taken_at=datetime(2026, month, day, hour, minute, tzinfo=UTC))


@pytest.mark.parametrize(
    ("facts", "verdict", "reason"),
    [
        # 16:00 UTC is midnight in Shanghai.
        (at(6, 30, 15, 59), "exempt", "not_in_force"),
        (at(6, 30, 16, 0), "violation", "beyond_limit"),
        (at(12, 31, 15, 59), "violation", "beyond_limit"),
        (at(12, 31, 16, 0), "exempt", "not_in_force"),
        (Facts(packed_on=date(2026, 6, 30)), "exempt", "not_in_force"),
        (Facts(packed_on=date(2026, 7, 1)), "violation", "beyond_limit"),
        (Facts(), "undetermined", "date_unknown"),
    ],
)
def test_effective_dates_are_days_in_the_profiles_time_zone(
    facts: Facts, verdict: str, reason: str
) -> None:
    judgement = judged(profile_with(**FROM_JULY), facts=facts)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)


def test_a_rule_not_in_force_says_when_it_is() -> None:
    judgement = judged(profile_with(**FROM_JULY), facts=Facts(packed_on=date(2026, 6, 30)))
    assert judgement.explanation == (
        "The rule is in force from 2026-07-01 to 2026-12-31, not on 2026-06-30."
    )


def test_a_parcel_packed_before_the_rule_and_photographed_after_it_is_not_accused() -> None:
    facts = Facts(packed_on=date(2026, 6, 30), taken_at=datetime(2026, 7, 2, tzinfo=UTC))
    judgement = judged(profile_with(**FROM_JULY), facts=facts)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNDETERMINED, "date_unknown")
    both = Facts(packed_on=date(2026, 7, 1), taken_at=datetime(2026, 7, 2, tzinfo=UTC))
    assert judged(profile_with(**FROM_JULY), facts=both).verdict is Verdict.VIOLATION


def test_a_clock_at_the_end_of_time_is_no_date() -> None:
    facts = Facts(taken_at=datetime.max.replace(tzinfo=UTC))
    assert judged(profile_with(**FROM_JULY), facts=facts).reason == "date_unknown"


def test_a_rule_without_dates_needs_none() -> None:
    assert judged(profile_with()).verdict is Verdict.VIOLATION


@pytest.mark.parametrize("field", ["effective_from", "effective_to"])
def test_a_rule_with_one_date_needs_to_know_the_day(field: str) -> None:
    judgement = judged(profile_with(**{field: date(2026, 7, 1)}))
    assert judgement.reason == "date_unknown"


# Photos and quantities that were not measured


def test_a_photo_that_could_not_be_measured_gives_its_own_reason() -> None:
    judgement = judged(profile_with(), None, unmeasurable="too_blurred")
    assert (judgement.verdict, judgement.reason) == (Verdict.UNMEASURABLE, "too_blurred")
    expected = "The photo could not be measured, because the photo is blurred."
    assert judgement.explanation == expected
    assert judgement.interval is None
    assert judgement.limit is None


def test_an_exempt_parcel_is_exempt_even_if_the_photo_is_bad() -> None:
    profile = profile_with(exemptions=[exemption()], **FROM_JULY)
    reusable = Facts(packaging="reusable")
    assert judged(profile, None, reusable, "too_dark").verdict is Verdict.EXEMPT
    early = Facts(packed_on=date(2026, 1, 1))
    assert judged(profile, None, early, "too_dark").reason == "not_in_force"
    assert judged(profile, None, Facts(), "too_dark").reason == "too_dark"


def test_a_quantity_that_was_not_measured_is_undetermined() -> None:
    judgement = judged(profile_with(), None)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNDETERMINED, "metric_not_measured")
    assert judgement.explanation == "The rule limits the void ratio, which was not measured."


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="no such reason code"):
        judged(profile_with(), None, unmeasurable="bad_mood")


# Rules that only screen


@pytest.mark.parametrize(("interval", "hint"), [(EMPTY, "violation"), (FULL, "compliant")])
def test_an_unverified_rule_only_screens(interval: Interval, hint: str) -> None:
    judgement = judged(profile_with(verified=False), interval)
    assert (judgement.verdict, judgement.reason) == (Verdict.UNDETERMINED, "screening_only")
    assert judgement.screening == hint
    assert judgement.limit == 0.5
    assert judgement.explanation.endswith("was not verified, so this is only a hint.")


def test_an_unverified_rule_says_what_any_rule_says_where_nothing_is_decided() -> None:
    profile = profile_with(verified=False, exemptions=[exemption()])
    assert judged(profile, SPANNING).screening is None
    assert judged(profile, facts=Facts(packaging="reusable")).verdict is Verdict.EXEMPT
    assert judged(profile, None, unmeasurable="too_dark").verdict is Verdict.UNMEASURABLE
    assert judged(profile, None).reason == "metric_not_measured"
    assert judged(profile).reason == "exemption_unknown"


# The whole profile


def test_one_judgement_per_rule_in_file_order() -> None:
    data = profile_data()
    data["rules"].append({**data["rules"][0], "id": "area", "quantity": "area_ratio"})
    judgements = judge(profile_of(data), {Quantity.VOID_RATIO: FULL}, None, Facts())
    assert [(j.rule_id, j.verdict) for j in judgements] == [
        ("void-ratio", Verdict.COMPLIANT),
        ("area", Verdict.UNDETERMINED),
    ]


def test_judging_needs_neither_torch_nor_opencv() -> None:
    code = (
        "import sys, greenpack.rules.judge, greenpack.rules.loading, greenpack.rules.explain;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'cv2', 'ultralytics')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
