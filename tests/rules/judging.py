"""Judging under a profile of one rule, as most tests of verdicts do."""

from __future__ import annotations

from greenpack.measure.interval import Interval
from greenpack.reasons import REASONS
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Judgement

EMPTY = Interval(0.7, 0.66, 0.74)
FULL = Interval(0.3, 0.26, 0.34)
SPANNING = Interval(0.5, 0.45, 0.55)
NOBODY_KNOWS = Facts()


def judged(
    profile: Profile,
    interval: Interval | None = EMPTY,
    facts: Facts = NOBODY_KNOWS,
    unmeasurable: str | None = None,
) -> Judgement:
    """The judgement under the first rule of such a profile, checked for its form."""
    quantity = profile.rules[0].quantity
    measured = {} if interval is None else {quantity: interval}
    (judgement,) = judge(profile, measured, unmeasurable, facts)
    assert judgement.reason in REASONS
    assert judgement.explanation.endswith(".")
    assert "\n" not in judgement.explanation
    return judgement
