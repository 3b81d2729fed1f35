"""A profile: one jurisdiction's packaging rules as versioned data, and all it consists of."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from greenpack.measure.measurement import Quantity
from greenpack.rules.conditions import Condition, Number, YesNo
from greenpack.rules.consequences import Consequence
from greenpack.rules.profile_parts import (
    Day,
    Id,
    Line,
    Part,
    Source,
    SourceKind,
    Sources,
    Text,
    not_empty,
)
from greenpack.rules.soundness import UnsoundProfileError, flaws_of
from greenpack.rules.wording import Direction

__all__ = [
    "Consequence",
    "Exemption",
    "Limit",
    "LimitCase",
    "Note",
    "Profile",
    "Rule",
    "Source",
    "SourceKind",
    "WhenMet",
    "WhenUnknown",
]

Conditions = Annotated[tuple[Condition, ...], AfterValidator(not_empty)]


class WhenMet(StrEnum):
    """What an exemption does where its conditions are met."""

    EXEMPT = "exempt"
    UNDETERMINED = "undetermined"


class WhenUnknown(StrEnum):
    """What an exemption does where a fact that it depends on is unknown."""

    UNDETERMINED = "undetermined"
    IGNORE = "ignore"


class Exemption(Part):
    """A case in which a rule does not accuse.

    Attributes:
        id: unique within the rule.
        title: the exempted case as a noun phrase, as in "<title> is exempt".
        when: the conditions, all of which must be met.
        when_met: ``exempt``, or ``undetermined`` where the facts that can be declared do not
            settle whether the exemption applies: it then only blocks a violation.
        when_unknown: whether an unknown fact blocks a violation or is ignored.
        explanation: why it exists and why unknown facts are treated so.
        sources: where it was read, if not where its rule was.
    """

    id: Id
    title: Line
    when: Conditions
    when_met: WhenMet = WhenMet.EXEMPT
    when_unknown: WhenUnknown
    explanation: Text
    sources: tuple[Source, ...] = ()


class LimitCase(Part):
    """The limit that holds where the conditions are met.

    Attributes:
        value: the limit, in the rule's quantity's unit.
        loosest: see ``Limit.loosest``.
        when: the conditions, all of which must be met.
    """

    value: Number
    loosest: Number | None = None
    when: Conditions


class Limit(Part):
    """How far a quantity may go.

    Attributes:
        direction: ``at_most`` and ``at_least`` allow the limit itself, ``below`` and ``above`` do
            not.
        value: the limit where no case holds, in the quantity's unit.
        loosest: where the legal text was not read and reports give a span of limits, its loose
            end; ``value`` is then the strict end.
        cases: limits that depend on declared facts; the first whose conditions are met holds.
    """

    direction: Direction
    value: Number
    loosest: Number | None = None
    cases: tuple[LimitCase, ...] = ()


class Rule(Part):
    """One rule of a profile: one limit on one quantity.

    Attributes:
        id: unique within the profile.
        clause: article, clause or annex, as one would cite it.
        title: a few words.
        quantity: what the rule limits.
        limit: how far the quantity may go.
        effective_from: first day in force, in the profile's time zone; None if always.
        effective_to: last day in force, inclusive; None if no end is known.
        verified: whether the author read the rule's own text; a rule that is not verified only
            screens.
        explanation: the rule in plain language.
        open_questions: what is not known of the rule or of its measurement.
        exemptions: cases in which it does not accuse, tried in file order.
        sources: where it was read; one at least.
    """

    id: Id
    clause: Line
    title: Line
    quantity: Quantity
    limit: Limit
    effective_from: Day | None = None
    effective_to: Day | None = None
    verified: YesNo
    explanation: Text
    open_questions: tuple[Text, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    sources: Sources

    @property
    def has_dates(self) -> bool:
        """Whether the rule begins or ends."""
        return self.effective_from is not None or self.effective_to is not None

    def in_force(self, day: date) -> bool:
        """Whether the rule is in force on a day of the profile's time zone."""
        begun = self.effective_from is None or day >= self.effective_from
        return begun and (self.effective_to is None or day <= self.effective_to)

    def period_words(self) -> str:
        """When the rule is in force, for example ``from 2026-07-01``; ``always`` without dates."""
        begin = f"from {self.effective_from}" if self.effective_from else ""
        end = f"to {self.effective_to}" if self.effective_to else ""
        return f"{begin} {end}".strip() or "always"


class Note(Part):
    """Something the instrument demands that no photo shows, so that no rule here judges it.

    Attributes:
        topic: a few words.
        text: what is demanded and why it is not judged.
        sources: where it was read.
    """

    topic: Text
    text: Text
    sources: tuple[Source, ...] = ()


class Profile(Part):
    """One jurisdiction's rules in one version.

    Attributes:
        id: also the file's name without ``.toml``.
        version: the version of this file's content; change it with every change of a rule.
        title: the instrument's name.
        jurisdiction: ISO 3166 code, ``EU``, or ``any``.
        timezone: IANA name; effective dates are days in it.
        is_law: whether the profile renders law; False for a house rule.
        summary: what the profile is, in plain language.
        checked_on: the day its sources were last looked up.
        notes: what the profile cannot judge.
        consequences: what the law provides for after a breach; none for a house rule.
        rules: one at least, judged in this order.
        sha256: SHA-256 of the file's bytes, in hex; computed on loading.

    Raises:
        pydantic.ValidationError: if a field is malformed, or if the fields contradict each other
            (with an ``UnsoundProfileError`` inside).
    """

    id: Id
    version: Text
    title: Line
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|any)$")]
    timezone: Text
    is_law: YesNo
    summary: Text
    checked_on: Day | None = None
    notes: tuple[Note, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    rules: Annotated[tuple[Rule, ...], AfterValidator(not_empty)]
    sha256: str

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        flaws = flaws_of(self)
        if flaws:
            raise UnsoundProfileError(flaws)
        return self
