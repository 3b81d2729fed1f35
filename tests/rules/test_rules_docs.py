"""docs/rules.md cannot rot: its examples run and its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.rules.conditions import Condition
from greenpack.rules.consequences import Consequence, Needs, Step
from greenpack.rules.facts import GOODS_CLASSES, PACKAGING_KINDS, Fact, Facts
from greenpack.rules.judge import judge
from greenpack.rules.loading import available_profiles, check_profile, load_profile
from greenpack.rules.profile import (
    Exemption,
    Limit,
    LimitCase,
    Note,
    Profile,
    Rule,
    Source,
    SourceKind,
)
from greenpack.rules.wording import Direction

TEXT = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "city-box-fit-2026.toml"
    path.write_text(block("toml"), "utf-8")
    return path


def test_the_example_is_a_sound_profile(example: Path) -> None:
    assert check_profile(example) == []


@pytest.mark.parametrize(
    ("sides", "verdict"),
    [
        ((300, 200, 200), "compliant"),
        ((600, 400, 300), "violation"),
        ((900, 800, 700), "violation"),
    ],
)
def test_the_example_judges_by_its_table(
    example: Path, sides: tuple[float, float, float], verdict: str
) -> None:
    profile = load_profile("city-box-fit-2026", example.parent)
    facts = Facts(
        packaging="single_use", parcel_mm=sides, packed_on=profile.rules[0].effective_from
    )
    fit = {Quantity.BOX_FIT_DIAGONAL: Interval(2.2, 2.1, 2.3)}
    assert judge(profile, fit, None, facts)[0].verdict == verdict


def test_the_python_example_runs() -> None:
    exec(compile(block("python"), "docs/rules.md", "exec"), {})


def test_every_field_and_word_is_documented() -> None:
    models = (Profile, Rule, Limit, LimitCase, Exemption, Source, Note, Condition, Consequence)
    names = {name for model in models for name in model.model_fields} - {"sha256"}
    for choices in (Quantity, Fact, Direction, SourceKind, Step, Needs):
        names |= {choice.value for choice in choices}
    names |= {*PACKAGING_KINDS, *GOODS_CLASSES}
    written = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`[^`\n]+`", TEXT))))
    assert names - written == set()


def test_the_table_of_profiles_is_complete() -> None:
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|", TEXT, re.MULTILINE)
    assert set(listed) >= {profile.id for profile in available_profiles()}
