"""What the law says happens after a breach, as far as a profile states it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, Strict, StringConstraints

from greenpack.rules.conditions import YesNo
from greenpack.rules.profile_parts import Day, Id, Line, Part, Sources, Text
from greenpack.rules.soundness import Flaw

if TYPE_CHECKING:
    from greenpack.rules.profile import Profile

Whole = Annotated[int, Strict(), Field(ge=0)]
Days = Annotated[int, Strict(), Field(ge=1, le=3650)]


class Step(StrEnum):
    """What an authority does, or whom it is done to may do."""

    CORRECTION_ORDER = "correction_order"
    FINE = "fine"
    APPEAL = "appeal"


class Needs(StrEnum):
    """What must have happened before."""

    BREACH = "breach"
    REFUSAL = "refusal"


class Consequence(Part):
    """One step that the law provides for.

    Attributes:
        id: unique among the profile's consequences.
        step: what is done: an order to correct, a fine, or an appeal against either.
        title: a few words, for example "Fine, serious cases".
        clause: article, clause or annex, as one would cite it.
        needs: ``breach``: a confirmed breach is enough; ``refusal``: the correction was ordered
            and refused before.
        breach: for a fine by count, which breach within ``within_days`` it is for: 1, 2, ...; the
            largest of a profile holds for all further ones. None where nothing is counted.
        within_days: the time in which breaches are counted, days.
        low: the least fine, whole units of ``currency``.
        high: the greatest fine, whole units of ``currency``.
        currency: ISO 4217 code.
        days: how long the law gives for correcting or appealing, days; None where it gives none.
        addressee: to whom an appeal goes.
        effective_from: first day in force, in the profile's time zone; None if always.
        effective_to: last day in force, inclusive; None if no end is known.
        verified: whether the author read the law's own text; a step that is not verified is shown
            and cannot be taken.
        explanation: the step in plain language.
        sources: where it was read; one at least.
    """

    id: Id
    step: Step
    title: Line
    clause: Line
    needs: Needs = Needs.BREACH
    breach: Annotated[int, Strict(), Field(ge=1, le=100)] | None = None
    within_days: Days | None = None
    low: Whole | None = None
    high: Whole | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    days: Days | None = None
    addressee: Line | None = None
    effective_from: Day | None = None
    effective_to: Day | None = None
    verified: YesNo
    explanation: Text
    sources: Sources

    def in_force(self, day: date) -> bool:
        """Whether the step is provided for on a day of the profile's time zone."""
        begun = self.effective_from is None or day >= self.effective_from
        return begun and (self.effective_to is None or day <= self.effective_to)


def consequence_flaws(profile: Profile) -> Iterator[Flaw]:
    """What is wrong with a profile's consequences although every field is well formed."""
    seen: set[str] = set()
    for number, one in enumerate(profile.consequences, 1):
        place = f"consequences[{number}]"
        if not profile.is_law:
            yield Flaw(None, place, "a profile that is not law has no consequences")
        if one.id in seen:
            yield Flaw(None, f"{place}.id", f"another consequence is called {one.id}")
        seen.add(one.id)
        for field, problem in _problems(one):
            yield Flaw(None, f"{place}.{field}", problem)


def _problems(one: Consequence) -> Iterator[tuple[str, str]]:
    fine = one.step is Step.FINE
    for field in ("low", "high", "currency"):
        if fine and getattr(one, field) is None:
            yield field, "a fine needs its range and currency"
    for field in ("low", "high", "currency", "breach", "within_days"):
        if not fine and getattr(one, field) is not None:
            yield field, "only a fine has this"
    if one.low is not None and one.high is not None and one.low > one.high:
        yield "high", f"{one.high} is less than low, {one.low}"
    if (one.breach is None) != (one.within_days is None):
        yield "within_days", "breach and within_days are given together"
    if fine and one.days is not None:
        yield "days", "only an order or an appeal has this"
    if one.step is not Step.APPEAL and one.addressee is not None:
        yield "addressee", "only an appeal has this"
    if not fine and one.needs is Needs.REFUSAL:
        yield "needs", "only a fine can need a refusal"
    if one.verified and "found" not in {source.kind.value for source in one.sources}:
        yield "verified", "a verified consequence of law needs a source of kind found"
    begin, end = one.effective_from, one.effective_to
    if begin is not None and end is not None and end < begin:
        yield "effective_to", f"{end} is before effective_from {begin}"
