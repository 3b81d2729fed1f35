"""Every problem a profile's file can have, in words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from greenpack.rules.loading import check_profile
from tests.rules.example_profile import exemption, profile_data, write_toml

LIMIT = {"direction": "at_most", "value": 0.5}
TWICE = [exemption(), exemption()]


def problems(folder: Path, data: dict[str, Any]) -> list[str]:
    """The problems' lines without the file's name, which each must begin with."""
    path = write_toml(folder, data)
    lines = [str(problem) for problem in check_profile(path)]
    assert all(line.startswith(f"{path}: ") and "\n" not in line for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def test_a_sound_file_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path, profile_data()) == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            {"quantity": "void_ration"},
            "rule void-ratio: quantity: unknown quantity 'void_ration'; known are area_ratio, "
            "filler_ratio, void_ratio, box_fit_linear, box_fit_diagonal, box_fit_volume, layers, "
            "tape_width_mm, tape_length_ratio, weight_ratio, length_mm, "
            "width_mm, height_mm, void_ratio_inner, void_ratio_outer; did you mean void_ratio?",
        ),
        (
            {"limit": {"direction": "upwards", "value": 0.5}},
            "rule void-ratio: limit.direction: unknown direction 'upwards'; "
            "known are at_most, below, at_least, above",
        ),
        (
            {"limit": {**LIMIT, "value": 50}},
            "rule void-ratio: limit.value: 50 is out of range: "
            "a limit of void_ratio lies between 0 and 1",
        ),
        (
            {"limit": {**LIMIT, "value": "0.5"}},
            "rule void-ratio: limit.value: must be a number without quotes",
        ),
        (
            {"limit": {**LIMIT, "value": float("inf")}},
            "rule void-ratio: limit.value: must be a finite number",
        ),
        ({"limit": 0.5}, "rule void-ratio: limit: must be a table"),
        (
            {"limit": {**LIMIT, "loosest": 0.4}, "verified": False},
            "rule void-ratio: limit.loosest: 40 % is not looser than the value 50 %",
        ),
        (
            {"limit": {**LIMIT, "loosest": 0.7}},
            "rule void-ratio: limit.loosest: a verified rule has one limit, not a span of them",
        ),
        (
            {
                "limit": {
                    **LIMIT,
                    "cases": [{"value": 2, "when": [{"fact": "paper_filler", "holds": True}]}],
                }
            },
            "rule void-ratio: limit.cases[1].value: 2 is out of range: "
            "a limit of void_ratio lies between 0 and 1",
        ),
        (
            {"limit": {**LIMIT, "cases": [{"value": 0.7, "when": []}]}},
            "rule void-ratio: limit.cases[1].when: needs one entry at least",
        ),
        (
            {"effective_from": date(2026, 7, 1), "effective_to": date(2026, 6, 30)},
            "rule void-ratio: effective_to: 2026-06-30 is before effective_from 2026-07-01",
        ),
        (
            {"effective_from": "2026-07-01"},
            "rule void-ratio: effective_from: must be a date such as 2026-07-01, without quotes",
        ),
        (
            {"effective_from": datetime(2026, 7, 1, 12, 0)},  # noqa: DTZ001
            "rule void-ratio: effective_from: must be a date such as 2026-07-01, without quotes",
        ),
        (
            {"verified": "yes"},
            "rule void-ratio: verified: must be true or false, without quotes",
        ),
        (
            {"sources": [{"kind": "memory", "cite": "x"}]},
            "rule void-ratio: verified: a verified rule needs a source of kind found or own",
        ),
        ({"sources": []}, "rule void-ratio: sources: needs one entry at least"),
        ({"sources": "x"}, "rule void-ratio: sources: must be a list"),
        (
            {"sources": [{"kind": "hearsay", "cite": "x"}]},
            "rule void-ratio: sources[1].kind: unknown kind 'hearsay'; "
            "known are found, second_hand, memory, not_found, own",
        ),
        (
            {"sources": [{"kind": "own", "site": "x", "cite": "y"}]},
            "rule void-ratio: sources[1].site: unknown field; did you mean cite?",
        ),
        ({"quantitty": "x"}, "rule void-ratio: quantitty: unknown field; did you mean quantity?"),
        ({"zzz": 1}, "rule void-ratio: zzz: unknown field"),
        (
            {"exemptions": exemption()},
            "rule void-ratio: exemptions: must be a list: "
            "write [[double brackets]] around its name",
        ),
        ({"title": "a\nb"}, "rule void-ratio: title: must be one line, not 'a b'"),
        ({"title": ""}, "rule void-ratio: title: is empty"),
        ({"title": 3}, "rule void-ratio: title: must be text in quotes"),
        (
            {"id": "Void Ratio"},
            "rule Void Ratio: id: must be lower-case letters, digits and single hyphens, "
            "as in void-ratio, not 'Void Ratio'",
        ),
        (
            {"exemptions": TWICE},
            "rule void-ratio: exemptions: two exemptions have the id 'reusable'",
        ),
        (
            {"exemptions": [exemption(when=[{"fact": "packing", "equals": "reusable"}])]},
            "rule void-ratio: exemptions[1].when[1].fact: unknown fact 'packing'; known are "
            "packaging, goods_classes, product_count, product_kinds, parcel_sum_mm, "
            "parcel_longest_mm, product_mass_g, packaging_mass_g, automated_packing, "
            "paper_filler, ships_in_sales_packaging; did you mean packaging?",
        ),
        (
            {"exemptions": [exemption(when=[{"fact": "packaging", "equals": "card"}])]},
            "rule void-ratio: exemptions[1].when[1]: "
            "equals must be single_use or reusable, not card",
        ),
        (
            {"exemptions": [exemption(when=[{"fact": "packaging", "holds": True}])]},
            "rule void-ratio: exemptions[1].when[1]: the fact packaging is tested with equals",
        ),
        (
            {"exemptions": [exemption(when_unknown="block")]},
            "rule void-ratio: exemptions[1].when_unknown: unknown when_unknown 'block'; "
            "known are undetermined, ignore",
        ),
    ],
)
def test_a_problem_of_a_rule_is_one_plain_line(
    tmp_path: Path, rule: dict[str, Any], line: str
) -> None:
    assert problems(tmp_path, profile_data(**rule)) == [line]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"timezone": "Asia/Beijing"},
            "timezone: unknown time zone 'Asia/Beijing'; name one as in Asia/Shanghai",
        ),
        (
            {"timezone": "../etc"},
            "timezone: unknown time zone '../etc'; name one as in Asia/Shanghai",
        ),
        (
            {"jurisdiction": "China"},
            "jurisdiction: must be an ISO 3166 code such as CN or DE-BY, or EU, or any, "
            "not 'China'",
        ),
        (
            {"is_law": True},
            "rule void-ratio: verified: "
            "a verified rule of law needs a source of kind found, not only own",
        ),
        ({"is_lawful": True}, "is_lawful: unknown field; did you mean is_law?"),
        ({"sha256": "0" * 64}, "sha256: is computed from the file; remove it"),
        ({"rules": []}, "rules: needs one entry at least"),
        ({"rules": 3}, "rules: must be a list"),
        ({"rules": [3]}, "rule #1: must be a table"),
        ({"notes": [{"topic": "x"}]}, "notes[1].text: is missing"),
    ],
)
def test_a_problem_of_the_profile_is_one_plain_line(
    tmp_path: Path, change: dict[str, Any], line: str
) -> None:
    assert problems(tmp_path, profile_data() | change) == [line]


def test_duplicate_rules_and_several_problems_are_all_told(tmp_path: Path) -> None:
    data = profile_data()
    data["rules"].append(data["rules"][0] | {"limit": {**LIMIT, "value": 7.0}})
    assert problems(tmp_path, data) == [
        "rule void-ratio: id: another rule of this profile has the same id",
        "rule void-ratio: limit.value: 7 is out of range: "
        "a limit of void_ratio lies between 0 and 1",
    ]


def test_a_missing_field_of_a_rule_without_an_id_counts_the_rules(tmp_path: Path) -> None:
    data = profile_data()
    del data["rules"][0]["id"]
    assert problems(tmp_path, data) == ["rule #1: id: is missing"]


def test_the_id_is_the_files_name(tmp_path: Path) -> None:
    path = write_toml(tmp_path, profile_data(), "another-name")
    (problem,) = check_profile(path)
    assert str(problem) == (
        f"{path}: id: must be the file's name: "
        "rename the file to test-profile.toml or the id to another-name"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id = 'x'\nversion = \n", "is no valid TOML: Invalid value (at line 2, column 11)"),
        ("id = '限制'".encode("gb18030"), "is not written in UTF-8"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    (problem,) = check_profile(str(path))
    assert (problem.rule, problem.field, problem.problem) == (None, None, words)


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    (problem,) = check_profile(tmp_path / "none.toml")
    assert problem.problem == "there is no such file"
    (problem,) = check_profile(tmp_path)
    assert problem.problem.startswith("cannot be read: ")
