"""What makes a profile unsound although every single field is well formed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from greenpack.rules.wording import QUANTITY_WORDS, Direction, limit_words

if TYPE_CHECKING:
    from greenpack.rules.profile import Profile, Rule


class Flaw(NamedTuple):
    """One flaw: the rule's id (None for the profile), the field, and what is wrong with it."""

    rule: str | None
    field: str
    problem: str


class UnsoundProfileError(ValueError):
    """Raised by ``Profile`` for all its flaws at once.

    Attributes:
        flaws: every flaw, in file order.
    """

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__("; ".join(f"{flaw.field}: {flaw.problem}" for flaw in flaws))


def flaws_of(profile: Profile) -> tuple[Flaw, ...]:
    """Every flaw of a profile whose fields are well formed; empty for a sound one."""
    return tuple(_flaws(profile))


def _flaws(profile: Profile) -> Iterator[Flaw]:
    try:
        ZoneInfo(profile.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Flaw(
            None,
            "timezone",
            f"unknown time zone '{profile.timezone}'; name one as in Asia/Shanghai",
        )
    seen: set[str] = set()
    for rule in profile.rules:
        if rule.id in seen:
            yield Flaw(rule.id, "id", "another rule of this profile has the same id")
        seen.add(rule.id)
        yield from _rule_flaws(rule, profile.is_law)
    # Imported here: a consequence's flaws are made of this module's.
    from greenpack.rules.consequences import consequence_flaws

    yield from consequence_flaws(profile)


def _rule_flaws(rule: Rule, is_law: bool) -> Iterator[Flaw]:
    begin, end = rule.effective_from, rule.effective_to
    if begin is not None and end is not None and end < begin:
        yield Flaw(rule.id, "effective_to", f"{end} is before effective_from {begin}")
    kinds = {source.kind.value for source in rule.sources}
    if rule.verified and not kinds & {"found", "own"}:
        yield Flaw(rule.id, "verified", "a verified rule needs a source of kind found or own")
    elif rule.verified and is_law and "found" not in kinds:
        yield Flaw(
            rule.id, "verified", "a verified rule of law needs a source of kind found, not only own"
        )
    yield from _limit_flaws(rule)
    names = [exemption.id for exemption in rule.exemptions]
    for name, following in pairwise(sorted(names)):
        if name == following:
            yield Flaw(rule.id, "exemptions", f"two exemptions have the id '{name}'")


def _limit_flaws(rule: Rule) -> Iterator[Flaw]:
    words = QUANTITY_WORDS[rule.quantity]
    direction = rule.limit.direction
    spans = [("limit", rule.limit.value, rule.limit.loosest)]
    for number, case in enumerate(rule.limit.cases, start=1):
        spans.append((f"limit.cases[{number}]", case.value, case.loosest))
    for place, value, loosest in spans:
        for field, limit in (("value", value), ("loosest", loosest)):
            if limit is not None and not words.lowest <= limit <= words.highest:
                yield Flaw(
                    rule.id,
                    f"{place}.{field}",
                    f"{limit:g} is out of range: a limit of {rule.quantity.value} lies between "
                    f"{words.lowest:g} and {words.highest:g}",
                )
        if loosest is None:
            continue
        if not _is_looser(loosest, value, direction):
            yield Flaw(
                rule.id,
                f"{place}.loosest",
                f"{limit_words(loosest, rule.quantity)} is not looser than the value "
                f"{limit_words(value, rule.quantity)}",
            )
        if rule.verified:
            yield Flaw(
                rule.id, f"{place}.loosest", "a verified rule has one limit, not a span of them"
            )


def _is_looser(limit: float, than: float, direction: Direction) -> bool:
    return limit > than if direction.is_upper else limit < than
