"""Judges one parcel under every rule of a profile: pure, guard-banded, in doubt no violation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from greenpack.language.speaking import Language, speaking
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.reasons import REASONS
from greenpack.rules.conditions import all_met
from greenpack.rules.facts import FACT_NAMES, Facts, declared_weight_ratio
from greenpack.rules.limits import guarded, possible_limits, unknown_facts
from greenpack.rules.profile import Exemption, Profile, Rule, WhenMet, WhenUnknown
from greenpack.rules.verdict import Judgement, Verdict
from greenpack.rules.wording import (
    QUANTITY_WORDS,
    interval_words,
    join_words,
    limit_words,
    unknown_words,
)


def judge(
    profile: Profile,
    quantities: Mapping[Quantity, Interval],
    unmeasurable: str | None,
    facts: Facts,
) -> tuple[Judgement, ...]:
    """Judge one parcel under every rule of a profile.

    Asked in this order, the first that answers decides: was the rule in force; does an exemption
    apply; could the photo be measured; was this quantity measured; is the date known; on which
    side of the limit is the interval; may the rule accuse at all.

    Args:
        profile: the rules.
        quantities: the measured intervals, each in its quantity's unit. A weight ratio that is
            missing is taken from the declared masses.
        unmeasurable: a key of ``REASONS`` where the photo gave no numbers, else None.
        facts: what is declared of the parcel.

    Returns:
        one judgement per rule, in the profile's order.

    Raises:
        ValueError: if ``unmeasurable`` is no reason code.
    """
    if unmeasurable is not None and unmeasurable not in REASONS:
        raise ValueError(f"no such reason code: {unmeasurable!r}")
    measured = dict(quantities)
    declared = declared_weight_ratio(facts)
    if declared is not None:
        measured.setdefault(Quantity.WEIGHT_RATIO, declared)
    days = _days(facts, ZoneInfo(profile.timezone))
    # Records are in English whoever asks; pages say them again in the reader's language.
    with speaking(Language.ENGLISH):
        return tuple(
            _judge_rule(rule, measured.get(rule.quantity), unmeasurable, facts, days)
            for rule in profile.rules
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    """A verdict with its reason and the clause that explains it, without a full stop."""

    verdict: Verdict
    reason: str
    clause: str
    limit: float | None = None


def _judge_rule(
    rule: Rule,
    interval: Interval | None,
    unmeasurable: str | None,
    facts: Facts,
    days: tuple[date, ...],
) -> Judgement:
    answer = (
        _not_in_force(rule, days)
        or _exempt(rule, facts)
        or _unmeasurable(unmeasurable)
        or _measured(rule, interval, facts, days)
    )
    screening: Verdict | None = None
    if not rule.verified and answer.verdict in (Verdict.VIOLATION, Verdict.COMPLIANT):
        screening = answer.verdict
        answer = _Answer(
            Verdict.UNDETERMINED,
            "screening_only",
            f"{answer.clause}; the text of this rule was not verified, so this is only a hint",
            answer.limit,
        )
    return Judgement(
        rule_id=rule.id,
        verdict=answer.verdict,
        reason=answer.reason,
        quantity=rule.quantity,
        interval=None if answer.verdict is Verdict.UNMEASURABLE else interval,
        limit=answer.limit,
        explanation=f"{answer.clause[0].upper()}{answer.clause[1:]}.",
        screening=screening,
    )


def _days(facts: Facts, zone: ZoneInfo) -> tuple[date, ...]:
    """The days that date the parcel: the photo's, local to the profile, and the declared one."""
    try:
        taken = None if facts.taken_at is None else facts.taken_at.astimezone(zone).date()
    except OverflowError:
        # A camera whose clock stands at the end of the year 9999 does not know the day.
        taken = None
    return tuple(day for day in (taken, facts.packed_on) if day is not None)


def _not_in_force(rule: Rule, days: tuple[date, ...]) -> _Answer | None:
    if not days or any(rule.in_force(day) for day in days):
        return None
    return _Answer(
        Verdict.EXEMPT,
        "not_in_force",
        f"the rule is in force {rule.period_words()}, not on {days[0]}",
    )


def _date_unknown(rule: Rule, days: tuple[date, ...]) -> _Answer | None:
    if not rule.has_dates:
        return None
    if not days:
        clause = (
            f"the rule is in force {rule.period_words()}, and it is not known when this was packed"
        )
    elif all(rule.in_force(day) for day in days):
        return None
    else:
        # A parcel packed before the rule and photographed after it must not be accused, nor may
        # a declaration alone clear it.
        clause = (
            f"the rule is in force {rule.period_words()}, and only one of photo ({days[0]}) and "
            f"declared packing day ({days[1]}) lies in that time"
        )
    return _Answer(Verdict.UNDETERMINED, "date_unknown", clause)


def _exempt(rule: Rule, facts: Facts) -> _Answer | None:
    for exemption in rule.exemptions:
        if exemption.when_met is WhenMet.EXEMPT and all_met(exemption.when, facts):
            return _Answer(
                Verdict.EXEMPT, "exempt_by_rule", f"{exemption.title} is exempt from this rule"
            )
    return None


def _unmeasurable(reason: str | None) -> _Answer | None:
    if reason is None:
        return None
    clause = f"the photo could not be measured, because {REASONS[reason].meaning}"
    return _Answer(Verdict.UNMEASURABLE, reason, clause)


def _measured(
    rule: Rule, interval: Interval | None, facts: Facts, days: tuple[date, ...]
) -> _Answer:
    if interval is None:
        clause = f"the rule limits {QUANTITY_WORDS[rule.quantity].name}, which was not measured"
        return _Answer(Verdict.UNDETERMINED, "metric_not_measured", clause)
    return _date_unknown(rule, days) or _blocked(rule, _compared(rule, interval, facts), facts)


def _compared(rule: Rule, interval: Interval, facts: Facts) -> _Answer:
    """The interval under every limit that may hold: they must agree."""
    quantity, direction = rule.quantity, rule.limit.direction
    limits = possible_limits(rule.limit, facts)
    verdicts = {guarded(interval, limit, direction) for limit in limits}
    numbers = f"{QUANTITY_WORDS[quantity].name} {interval_words(interval, quantity, limits)}"
    strictest, loosest = (
        f"{direction.words} {limit_words(limit, quantity)}" for limit in (limits[0], limits[-1])
    )
    if verdicts == {Verdict.VIOLATION}:
        clause = f"{numbers}, wholly beyond the limit of {loosest}"
        return _Answer(Verdict.VIOLATION, "beyond_limit", clause, limits[-1])
    if verdicts == {Verdict.COMPLIANT}:
        clause = f"{numbers}, wholly within the limit of {strictest}"
        return _Answer(Verdict.COMPLIANT, "within_limit", clause, limits[0])
    if len(limits) == 1:
        clause = f"{numbers}, on both sides of the limit of {strictest}"
        return _Answer(Verdict.UNDETERMINED, "interval_spans_limit", clause, limits[0])
    choice = join_words([limit_words(limit, quantity) for limit in limits], "or")
    cause = unknown_words(unknown_facts(rule.limit, facts))
    clause = f"{numbers}, and the limit may be {direction.words} {choice}, because {cause}"
    if len(verdicts) == 1:
        return _Answer(Verdict.UNDETERMINED, "interval_spans_limit", clause)
    return _Answer(Verdict.UNDETERMINED, "limit_unknown", clause)


def _blocked(rule: Rule, answer: _Answer, facts: Facts) -> _Answer:
    """The answer, unless it is a violation that an exemption may still excuse."""
    if answer.verdict is not Verdict.VIOLATION:
        return answer
    assumed: list[Exemption] = []
    for exemption in rule.exemptions:
        met = all_met(exemption.when, facts)
        if met or (met is None and exemption.when_unknown is WhenUnknown.UNDETERMINED):
            doubt = _missing(exemption, facts)
            clause = f"{answer.clause}, but {exemption.title} would be exempt, and {doubt}"
            return _Answer(Verdict.UNDETERMINED, "exemption_unknown", clause, answer.limit)
        if met is None:
            assumed.append(exemption)
    if not assumed:
        return answer
    titles = join_words([exemption.title for exemption in assumed], "nor")
    neither = "not" if len(assumed) == 1 else "neither"
    clause = f"{answer.clause}, assuming what is not declared: that this is {neither} {titles}"
    return _Answer(answer.verdict, answer.reason, clause, answer.limit)


def _missing(exemption: Exemption, facts: Facts) -> str:
    unknown = [condition.fact for condition in exemption.when if condition.met(facts) is None]
    if not unknown:
        return "what can be declared does not settle whether this is one"
    return unknown_words([FACT_NAMES[fact] for fact in unknown])
