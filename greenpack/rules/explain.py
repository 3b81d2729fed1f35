"""A profile as plain text for a person: what it demands, since when, and how well known."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from greenpack.rules.conditions import Condition
from greenpack.rules.profile import (
    Consequence,
    Exemption,
    Limit,
    Profile,
    Rule,
    Source,
    SourceKind,
    WhenMet,
    WhenUnknown,
)
from greenpack.rules.wording import QUANTITY_WORDS, join_words, limit_words

_WIDTH = 96

_KINDS = {
    SourceKind.FOUND: "read there",
    SourceKind.SECOND_HAND: "read second-hand",
    SourceKind.MEMORY: "from memory, not read",
    SourceKind.NOT_FOUND: "not found",
    SourceKind.OWN: "the author's own",
}

_UNKNOWN = {
    WhenUnknown.UNDETERMINED: "if unknown, a violation stays undetermined",
    WhenUnknown.IGNORE: "if unknown, taken not to apply",
}


def explain_profile(profile: Profile) -> str:
    """The whole profile as plain text in sections, wrapped at 96 characters."""
    return "\n".join(_lines(profile)) + "\n"


def summarise_profile(profile: Profile) -> str:
    """One line: id, version, jurisdiction, law or not, and how many of its rules are verified."""
    verified = sum(rule.verified for rule in profile.rules)
    law = "law" if profile.is_law else "not law"
    return (
        f"{profile.id} (version {profile.version}, {profile.jurisdiction}, {law}): "
        f"{profile.title}; {verified} of {len(profile.rules)} rules verified"
    )


def limit_sentence(rule: Rule) -> str:
    """The rule's limit with all its cases, in one sentence."""
    limit, quantity = rule.limit, rule.quantity
    parts = [
        f"{_span(case.value, case.loosest, rule)} where {_all(case.when)}" for case in limit.cases
    ]
    parts.append(f"{_span(limit.value, limit.loosest, rule)}{' otherwise' if parts else ''}")
    name = QUANTITY_WORDS[quantity].name
    return f"{name[0].upper()}{name[1:]} must be {'; '.join(parts)}."


def _lines(profile: Profile) -> Iterator[str]:
    yield summarise_profile(profile)
    yield from _wrapped(profile.summary, "  ")
    if not profile.is_law:
        yield "  This profile is not law."
    yield f"  Dates are days in {profile.timezone}."
    if profile.checked_on is not None:
        yield f"  Sources last looked up on {profile.checked_on}."
    yield f"  SHA-256 of the file: {profile.sha256}"
    for rule in profile.rules:
        yield ""
        yield from _rule_lines(rule)
    if profile.consequences:
        yield ""
        yield "What the law provides for after a breach"
    for consequence in profile.consequences:
        yield from _consequence_lines(consequence)
    if profile.notes:
        yield ""
        yield "Not judged by this profile"
    for note in profile.notes:
        yield from _wrapped(f"{note.topic}: {note.text}", "  - ")
        yield from _source_lines(note.sources, "    ")


def _rule_lines(rule: Rule) -> Iterator[str]:
    state = "verified" if rule.verified else "not verified: screens only, never accuses"
    yield f"{rule.id} - {rule.title} ({rule.clause}) [{state}]"
    yield from _wrapped(limit_sentence(rule), "  Limit: ")
    yield f"  In force: {rule.period_words()}"
    yield from _wrapped(rule.explanation, "  ")
    for exemption in rule.exemptions:
        yield from _exemption_lines(exemption)
    for question in rule.open_questions:
        yield from _wrapped(question, "  Open: ")
    yield from _source_lines(rule.sources, "  ")


def _exemption_lines(exemption: Exemption) -> Iterator[str]:
    effect = "Exempt" if exemption.when_met is WhenMet.EXEMPT else "Perhaps exempt"
    condition = f"{_all(exemption.when)}; {_UNKNOWN[exemption.when_unknown]}"
    text = f"{exemption.title} ({condition}). {exemption.explanation}"
    yield from _wrapped(text, f"  {effect}: ")
    yield from _source_lines(exemption.sources, "    ")


def _consequence_lines(one: Consequence) -> Iterator[str]:
    state = "verified" if one.verified else "not verified: shown, never taken"
    yield from _wrapped(f"{one.title} ({one.clause}) [{state}]", "  - ")
    if one.low is not None and one.high is not None:
        span = f"{one.low}" if one.low == one.high else f"{one.low} to {one.high}"
        yield f"    Amount: {span} {one.currency}"
    yield from _wrapped(one.explanation, "    ")
    yield from _source_lines(one.sources, "    ")


def _source_lines(sources: tuple[Source, ...], indent: str) -> Iterator[str]:
    for source in sources:
        states = "" if source.states is None else f" - {source.states}"
        yield from _wrapped(f"{source.cite} ({_KINDS[source.kind]}){states}", f"{indent}Source: ")


def _span(value: float, loosest: float | None, rule: Rule) -> str:
    limit: Limit = rule.limit
    words = f"{limit.direction.words} {limit_words(value, rule.quantity)}"
    if loosest is None:
        return words
    return f"{words} or, as reports differ, up to {limit_words(loosest, rule.quantity)}"


def _all(conditions: tuple[Condition, ...]) -> str:
    return join_words([condition.words() for condition in conditions], "and")


def _wrapped(text: str, prefix: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=prefix,
        subsequent_indent=" " * (len(prefix) - len(prefix.lstrip()) + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
