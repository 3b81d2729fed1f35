"""What the shipped profiles say, held to what was read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.limits import possible_limits
from greenpack.rules.loading import available_profiles, load_profile
from greenpack.rules.profile import Profile, Rule, SourceKind
from greenpack.rules.verdict import Judgement, Verdict

PROFILES = available_profiles()
RULES = [(profile, rule) for profile in PROFILES for rule in profile.rules]
each_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
each_rule = pytest.mark.parametrize(
    ("profile", "rule"), RULES, ids=[f"{profile.id}/{rule.id}" for profile, rule in RULES]
)


def rule_of(profile_id: str, rule_id: str) -> Rule:
    (rule,) = [rule for rule in load_profile(profile_id).rules if rule.id == rule_id]
    return rule


def goods(*classes: str) -> Facts:
    return Facts(goods_classes=frozenset(classes))


# (profile, rule, quantity, direction, facts, limits that may hold, first day in force)
LEGAL_FACTS = [
    ("cn-gb45186-2024", "layers", "layers", "at_most", goods("general"), (2,), "2026-07-01"),
    ("cn-gb45186-2024", "layers", "layers", "at_most", goods("fragile"), (3,), "2026-07-01"),
    ("cn-gb45186-2024", "layers", "layers", "at_most", goods("fresh"), (4,), "2026-07-01"),
    ("cn-gb45186-2024", "layers", "layers", "at_most", Facts(), (2, 3, 4), "2026-07-01"),
    (
        "cn-gb45186-2024",
        "box-fit",
        "box_fit_diagonal",
        "at_most",
        Facts(),
        (1.5, 2.5),
        "2026-07-01",
    ),
    ("cn-gb45186-2024", "tape-width", "tape_width_mm", "at_most", Facts(), (45,), "2026-07-01"),
    (
        "cn-gb45186-2024",
        "tape-length",
        "tape_length_ratio",
        "at_most",
        goods("general"),
        (3, 5),
        "2026-07-01",
    ),
    (
        "cn-gb45186-2024",
        "tape-length",
        "tape_length_ratio",
        "at_most",
        goods("fragile"),
        (6, 10),
        "2026-07-01",
    ),
    ("eu-2025-40-art24", "empty-space", "void_ratio", "at_most", Facts(), (0.5,), "2030-01-01"),
    (
        "kr-2024",
        "empty-space",
        "void_ratio_inner",
        "at_most",
        Facts(paper_filler=False),
        (0.5,),
        "2024-04-30",
    ),
    (
        "kr-2024",
        "empty-space",
        "void_ratio_inner",
        "at_most",
        Facts(paper_filler=True),
        (0.7,),
        "2024-04-30",
    ),
    ("kr-2024", "empty-space", "void_ratio_inner", "at_most", Facts(), (0.5, 0.7), "2024-04-30"),
    ("kr-2024", "passes", "layers", "at_most", Facts(), (1,), "2024-04-30"),
    *(
        (
            "tw-2023",
            "weight-ratio",
            "weight_ratio",
            "below",
            Facts(product_mass_g=grams),
            (limit,),
            "2023-07-01",
        )
        for grams, limit in [(250, 0.4), (999, 0.4), (1000, 0.3), (2999, 0.3), (3000, 0.15)]
    ),
    (
        "tw-2023",
        "weight-ratio",
        "weight_ratio",
        "below",
        Facts(),
        (0.15, 0.3, 0.4),
        "2023-07-01",
    ),
    ("screening-50", "void-ratio", "void_ratio", "at_most", Facts(), (0.5,), None),
]


@pytest.mark.parametrize(
    ("profile_id", "rule_id", "quantity", "direction", "facts", "limits", "begin"), LEGAL_FACTS
)
def test_the_limits_are_those_that_were_read(
    profile_id: str,
    rule_id: str,
    quantity: str,
    direction: str,
    facts: Facts,
    limits: tuple[float, ...],
    begin: str | None,
) -> None:
    rule = rule_of(profile_id, rule_id)
    assert (rule.quantity, rule.limit.direction) == (quantity, direction)
    assert possible_limits(rule.limit, facts) == limits
    assert (rule.effective_from and rule.effective_from.isoformat()) == begin


def test_no_rule_is_missing_from_the_table() -> None:
    assert {(profile.id, rule.id) for profile, rule in RULES} == {row[:2] for row in LEGAL_FACTS}


@each_profile
def test_a_shipped_profile_is_complete(profile: Profile) -> None:
    assert ZoneInfo(profile.timezone)
    assert len(profile.sha256) == 64
    assert profile.notes
    assert profile.checked_on is not None
    assert all(source.cite for note in profile.notes for source in note.sources)


@each_rule
def test_a_shipped_rule_has_sources_and_sane_dates(profile: Profile, rule: Rule) -> None:
    assert rule.sources
    assert all(source.kind is not SourceKind.MEMORY for source in rule.sources)
    if profile.is_law:
        assert rule.effective_from is not None
        assert date(2020, 1, 1) <= rule.effective_from <= date(2030, 1, 1)
        assert rule.open_questions


def test_only_our_own_rule_is_verified_and_it_is_not_law() -> None:
    assert [profile.id for profile, rule in RULES if rule.verified] == ["screening-50"]
    assert [profile.id for profile in PROFILES if not profile.is_law] == ["screening-50"]
    assert {profile.id: profile.jurisdiction for profile in PROFILES} == {
        "cn-gb45186-2024": "CN",
        "eu-2025-40-art24": "EU",
        "kr-2024": "KR",
        "screening-50": "any",
        "tw-2023": "TW",
    }


# How the profiles judge


EMPTY = {
    quantity: Interval(None, 0.72, 1.0)
    for quantity in (Quantity.VOID_RATIO, Quantity.VOID_RATIO_INNER)
}


def by(profile_id: str, facts: Facts) -> Judgement:
    return judge(load_profile(profile_id), EMPTY, None, facts)[0]


def test_the_screening_default_accuses_from_one_photo_and_states_what_it_assumes() -> None:
    judgement = by("screening-50", Facts())
    assert judgement.verdict is Verdict.VIOLATION
    assert judgement.explanation == (
        "The void ratio lies between 72.0 % and 100.0 % (95 % interval), wholly beyond the limit "
        "of at most 50 %, assuming what is not declared: that this is neither reusable packaging "
        "nor a small box (L + W + H at most 500 mm)."
    )


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (Facts(packaging="reusable"), "exempt"),
        (Facts(parcel_mm=(200, 150, 150)), "exempt"),
        (Facts(parcel_mm=(200, 150, 151)), "violation"),
        (Facts(product_kinds=3, product_count=5), "violation"),
        (goods("liquid", "fragile"), "violation"),
    ],
)
def test_what_the_screening_default_exempts(facts: Facts, verdict: str) -> None:
    assert by("screening-50", facts).verdict == verdict


def test_the_european_rule_is_not_in_force_before_2030_in_brussels() -> None:
    last_second = Facts(taken_at=datetime(2029, 12, 31, 22, 59, 59, tzinfo=UTC))
    first_second = Facts(taken_at=datetime(2029, 12, 31, 23, 0, 0, tzinfo=UTC))
    assert by("eu-2025-40-art24", last_second).reason == "not_in_force"
    judgement = by("eu-2025-40-art24", first_second)
    assert (judgement.reason, judgement.screening) == ("screening_only", Verdict.VIOLATION)


KOREAN = {
    "packed_on": date(2026, 11, 11),
    "packaging": "single_use",
    "goods_classes": frozenset({"general"}),
    "product_count": 1,
    "product_kinds": 1,
    "parcel_mm": (400, 300, 200),
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "screening_only"),
        ({"parcel_mm": (200, 150, 150)}, "exempt_by_rule"),
        ({"parcel_mm": None}, "exemption_unknown"),
        ({"parcel_mm": (250, 150, 150)}, "exemption_unknown"),
        ({"parcel_mm": (250, 150, 150), "automated_packing": False}, "screening_only"),
        ({"product_kinds": 2}, "exempt_by_rule"),
        ({"product_count": 2}, "exemption_unknown"),
        ({"goods_classes": frozenset({"liquid"})}, "exempt_by_rule"),
        ({"goods_classes": frozenset({"fragile"})}, "exemption_unknown"),
        ({"packaging": "reusable"}, "exempt_by_rule"),
        ({"packaging": None}, "screening_only"),
        ({"packed_on": date(2024, 4, 29)}, "not_in_force"),
    ],
)
def test_how_the_korean_exemptions_work(change: dict[str, object], reason: str) -> None:
    facts = Facts(**{**KOREAN, **change})  # type: ignore[arg-type]
    assert by("kr-2024", facts).reason == reason


def test_small_korean_boxes_still_keep_to_one_pass() -> None:
    assert "small-box" not in {each.id for each in rule_of("kr-2024", "passes").exemptions}


@pytest.mark.parametrize("rule_id", ["box-fit", "layers", "tape-width", "tape-length"])
def test_chinas_standard_leaves_reusable_packaging_out(rule_id: str) -> None:
    assert [each.id for each in rule_of("cn-gb45186-2024", rule_id).exemptions] == [
        "reusable-packaging"
    ]
