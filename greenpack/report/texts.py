"""Every text that people are shown, for translating: those in the code and those that are data.

``python -m greenpack.report.texts`` brings the catalogues in ``greenpack/language/locales`` up to
date with the code; ``--check`` only says which texts have no translation, and exits with 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from greenpack.language.catalogue import Message, main, messages_in_code
from greenpack.reasons import REASONS
from greenpack.report.assumptions import shipped_sources
from greenpack.rules.loading import available_profiles
from greenpack.rules.profile import Profile, Rule, Source


def texts() -> Iterator[Message]:
    """All of them, some more than once."""
    yield from messages_in_code()
    for reason in REASONS.values():
        yield reason.meaning
        yield reason.advice
    yield from shipped_sources()
    for profile in available_profiles():
        yield from profile_texts(profile)


def profile_texts(profile: Profile) -> Iterator[str]:
    """What a profile says for people, in English; citations stay as they are."""
    yield profile.title
    yield profile.summary
    for note in profile.notes:
        yield note.topic
        yield note.text
        yield from _stated(note.sources)
    for consequence in profile.consequences:
        yield consequence.title
        yield consequence.clause
        yield consequence.explanation
        yield from _stated(consequence.sources)
        if consequence.addressee is not None:
            yield consequence.addressee
    for rule in profile.rules:
        yield from _rule_texts(rule)


def _rule_texts(rule: Rule) -> Iterator[str]:
    yield rule.title
    yield rule.clause
    yield rule.explanation
    yield from rule.open_questions
    yield from _stated(rule.sources)
    for exemption in rule.exemptions:
        yield exemption.title
        yield exemption.explanation
        yield from _stated(exemption.sources)


def _stated(sources: tuple[Source, ...]) -> Iterator[str]:
    return (source.states for source in sources if source.states is not None)


if __name__ == "__main__":
    sys.exit(main(texts()))
