"""Which limit applies to a parcel, and on which side of it a measured interval lies."""

from __future__ import annotations

from greenpack.measure.interval import Interval
from greenpack.rules.conditions import all_met
from greenpack.rules.facts import FACT_NAMES, Facts
from greenpack.rules.profile import Limit, LimitCase
from greenpack.rules.verdict import Verdict
from greenpack.rules.wording import Direction


def possible_limits(limit: Limit, facts: Facts) -> tuple[float, ...]:
    """Every limit that may hold given what is known, strictest first; one where all is known.

    A case with an unknown fact may hold or not, so its limit and those after it stay possible.
    """
    possible = {end for option in _options(limit, facts) for end in _ends(option)}
    return tuple(sorted(possible, reverse=not limit.direction.is_upper))


def unknown_facts(limit: Limit, facts: Facts) -> list[str]:
    """What keeps more than one limit possible, in words: facts, or the rule's own text."""
    options = _options(limit, facts)
    names = [
        FACT_NAMES[condition.fact]
        for option in options
        if isinstance(option, LimitCase)
        for condition in option.when
        if condition.met(facts) is None
    ]
    if any(option.loosest is not None for option in options):
        names.append("the text of the rule")
    return names


def guarded(interval: Interval, limit: float, direction: Direction) -> Verdict:
    """The verdict of one interval under one limit.

    The guard band is the interval itself: rejected only if all of it lies beyond the limit,
    accepted only if all of it lies within (ILAC-G8:09/2019 section 4.2.3; guarded rejection and
    guarded acceptance of JCGM 106:2012).

    Args:
        interval: the 95 % interval, in the quantity's unit.
        limit: the limit, in the same unit.
        direction: the side that is allowed, and whether the limit itself is.

    Returns:
        ``violation``, ``compliant`` or ``undetermined``.
    """
    low, high = interval.low, interval.high
    if direction is Direction.AT_MOST:
        beyond, within = low > limit, high <= limit
    elif direction is Direction.BELOW:
        beyond, within = low >= limit, high < limit
    elif direction is Direction.AT_LEAST:
        beyond, within = high < limit, low >= limit
    else:
        beyond, within = high <= limit, low > limit
    if beyond:
        return Verdict.VIOLATION
    return Verdict.COMPLIANT if within else Verdict.UNDETERMINED


def _options(limit: Limit, facts: Facts) -> list[LimitCase | Limit]:
    options: list[LimitCase | Limit] = []
    for case in limit.cases:
        met = all_met(case.when, facts)
        if met is not False:
            options.append(case)
        if met:
            return options
    return [*options, limit]


def _ends(option: LimitCase | Limit) -> tuple[float, ...]:
    return (option.value,) if option.loosest is None else (option.value, option.loosest)
