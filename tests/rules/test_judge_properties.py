"""What must hold of every judgement, whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.rules.facts import GOODS_CLASSES, Facts
from greenpack.rules.judge import judge
from greenpack.rules.limits import guarded
from greenpack.rules.loading import available_profiles
from greenpack.rules.verdict import Verdict
from greenpack.rules.wording import Direction
from tests.rules.example_profile import profile_with

# A coarse grid, so that bounds often meet the limit exactly.
ratios = st.integers(0, 40).map(lambda n: n / 40)
intervals = st.tuples(ratios, ratios).map(lambda ends: Interval(None, min(ends), max(ends)))
directions = st.sampled_from(Direction)
limits = ratios
facts = st.builds(
    Facts,
    packaging=st.sampled_from([None, "single_use", "reusable"]),
    goods_classes=st.none() | st.frozensets(st.sampled_from(GOODS_CLASSES)),
    product_count=st.none() | st.integers(0, 5),
    product_kinds=st.none() | st.integers(0, 5),
    parcel_mm=st.none() | st.tuples(*[st.floats(10, 1000)] * 3),
    product_mass_g=st.none() | st.floats(0, 5000),
    packaging_mass_g=st.none() | st.floats(0, 5000),
    packed_on=st.none() | st.dates(),
    automated_packing=st.none() | st.booleans(),
    paper_filler=st.none() | st.booleans(),
    ships_in_sales_packaging=st.none() | st.booleans(),
)
measured = st.dictionaries(
    st.sampled_from(Quantity),
    st.tuples(st.floats(0, 100), st.floats(0, 100)).map(
        lambda ends: Interval(None, min(ends), max(ends))
    ),
)
PROFILES = available_profiles()


def _allowed(value: float, limit: float, direction: Direction) -> bool:
    return {
        Direction.AT_MOST: value <= limit,
        Direction.BELOW: value < limit,
        Direction.AT_LEAST: value >= limit,
        Direction.ABOVE: value > limit,
    }[direction]


@given(intervals, limits, directions)
def test_a_violation_never_touches_the_good_side(
    interval: Interval, limit: float, direction: Direction
) -> None:
    verdict = guarded(interval, limit, direction)
    ends = [_allowed(end, limit, direction) for end in (interval.low, interval.high)]
    assert (verdict is Verdict.VIOLATION) == (not any(ends))
    assert (verdict is Verdict.COMPLIANT) == all(ends)


@given(intervals, limits, st.floats(0, 1), directions)
def test_moving_away_from_the_good_side_never_betters_a_verdict(
    interval: Interval, limit: float, shift: float, direction: Direction
) -> None:
    order = [Verdict.COMPLIANT, Verdict.UNDETERMINED, Verdict.VIOLATION]
    step = shift if direction.is_upper else -shift
    moved = Interval(None, interval.low + step, interval.high + step)
    before, after = (order.index(guarded(i, limit, direction)) for i in (interval, moved))
    assert after >= before


@given(intervals, limits, directions, st.floats(0, 1), st.floats(0, 1))
def test_widening_an_interval_never_creates_a_violation_or_compliance(
    interval: Interval, limit: float, direction: Direction, below: float, above: float
) -> None:
    wide = guarded(Interval(None, interval.low - below, interval.high + above), limit, direction)
    assert wide in (Verdict.UNDETERMINED, guarded(interval, limit, direction))


@given(measured, facts, st.sampled_from([None, "too_dark", "no_parcel"]))
def test_an_unverified_rule_never_accuses_nor_clears(
    quantities: dict[Quantity, Interval], known: Facts, unmeasurable: str | None
) -> None:
    for profile in PROFILES:
        judgements = judge(profile, quantities, unmeasurable, known)
        assert len(judgements) == len(profile.rules)
        for rule, judgement in zip(profile.rules, judgements, strict=True):
            if not rule.verified:
                assert judgement.verdict not in (Verdict.VIOLATION, Verdict.COMPLIANT)
            assert (judgement.screening is not None) == (judgement.reason == "screening_only")
            assert judgement.explanation[0].isupper()
            assert judgement.explanation.endswith(".")


@given(ratios, ratios, ratios, st.none() | st.booleans())
def test_learning_a_fact_never_contradicts_what_was_said_without_it(
    value: float, limit: float, other: float, paper: bool | None
) -> None:
    case = {"value": other, "when": [{"fact": "paper_filler", "holds": True}]}
    profile = profile_with(limit={"direction": "at_most", "value": limit, "cases": [case]})
    quantities = {Quantity.VOID_RATIO: Interval(value, value, value)}
    blind, seeing = (
        judge(profile, quantities, None, known)[0].verdict
        for known in (Facts(), Facts(paper_filler=paper))
    )
    assert blind in (seeing, Verdict.UNDETERMINED)
