"""The five verdicts, and one rule's judgement of one parcel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from greenpack.language.speaking import mark
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity


class Verdict(StrEnum):
    """What can be said of a parcel under a rule."""

    VIOLATION = mark("violation")
    UNDETERMINED = mark("undetermined")
    COMPLIANT = mark("compliant")
    EXEMPT = mark("exempt")
    UNMEASURABLE = mark("unmeasurable")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule applied to one parcel.

    Attributes:
        rule_id: the rule's id within its profile.
        verdict: what the rule says of the parcel.
        reason: a key of ``greenpack.reasons.REASONS``: how the verdict came about.
        quantity: what the rule limits.
        interval: the measured quantity, or None where it was not measured.
        limit: the limit that was applied, in the quantity's unit, or None where none was.
        explanation: the whole judgement in one sentence, for a person.
        screening: for a rule that may only screen, what it would have said; else None.
    """

    rule_id: str
    verdict: Verdict
    reason: str
    quantity: Quantity
    interval: Interval | None
    limit: float | None
    explanation: str
    screening: Verdict | None = None


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a parcel from the verdicts of all rules of a profile.

    A violation of one rule is a violation. Exempt rules say nothing beside others. What is left
    must agree: only if every other rule is compliant is the parcel compliant.

    Raises:
        ValueError: if there are no verdicts.
    """
    seen = set(verdicts)
    if not seen:
        raise ValueError("a parcel judged under no rule has no verdict")
    if Verdict.VIOLATION in seen:
        return Verdict.VIOLATION
    seen -= {Verdict.EXEMPT}
    if not seen:
        return Verdict.EXEMPT
    return seen.pop() if len(seen) == 1 else Verdict.UNDETERMINED
