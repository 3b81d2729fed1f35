"""Profiles in words."""

from __future__ import annotations

from datetime import date

import pytest

from greenpack.measure.measurement import Quantity
from greenpack.rules.explain import explain_profile, limit_sentence, summarise_profile
from greenpack.rules.loading import available_profiles, load_profile
from greenpack.rules.profile import Profile, Rule
from greenpack.rules.wording import QUANTITY_WORDS
from tests.rules.example_profile import exemption, profile_with

each_profile = pytest.mark.parametrize(
    "profile", available_profiles(), ids=lambda profile: profile.id
)


def rule_of(profile_id: str, rule_id: str) -> Rule:
    (rule,) = [rule for rule in load_profile(profile_id).rules if rule.id == rule_id]
    return rule


@each_profile
def test_a_profile_explains_itself_whole(profile: Profile) -> None:
    text = explain_profile(profile)
    words = " ".join(text.split())
    assert text.endswith("\n")
    assert profile.sha256 in text
    assert ("This profile is not law." in text) is not profile.is_law
    for rule in profile.rules:
        assert limit_sentence(rule) in words
        assert rule.title in words
        assert all(source.cite in words for source in rule.sources)
        assert all(question in words for question in rule.open_questions)
        assert all(each.title in words for each in rule.exemptions)
    assert all(note.topic in words for note in profile.notes)


def test_a_limit_is_told_with_its_cases() -> None:
    assert limit_sentence(rule_of("cn-gb45186-2024", "tape-length")) == (
        "The tape length ratio must be at most 6 times or, as reports differ, up to 10 times "
        "where the class of the goods includes fragile; at most 3 times or, as reports differ, "
        "up to 5 times otherwise."
    )
    assert limit_sentence(rule_of("cn-gb45186-2024", "tape-width")) == (
        "The tape width must be at most 45 mm."
    )


def test_a_profile_is_summarised_in_one_line() -> None:
    assert summarise_profile(load_profile("screening-50")) == (
        "screening-50 (version 1, any, not law): Half-empty parcels: GreenPack's own screening "
        "default; 1 of 1 rules verified"
    )


def test_a_bare_profile_is_explained_too() -> None:
    profile = profile_with(
        exemptions=[exemption(when_met="undetermined")],
        effective_to=date(2026, 12, 31),
        limit={"direction": "at_least", "value": 0.5},
    )
    text = explain_profile(profile)
    assert "In force: to 2026-12-31" in text
    assert "Perhaps exempt: reusable packaging" in text
    assert "Not judged" not in text
    assert "looked up" not in text


def test_every_quantity_has_words_and_a_range() -> None:
    assert set(QUANTITY_WORDS) == set(Quantity)
    assert all(words.lowest < words.highest for words in QUANTITY_WORDS.values())
