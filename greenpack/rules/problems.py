"""What is wrong with a profile's file, in plain words: one line that names file, rule and field."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from greenpack.measure.measurement import Quantity
from greenpack.rules.conditions import Condition
from greenpack.rules.consequences import Needs, Step
from greenpack.rules.facts import Fact
from greenpack.rules.profile import (
    Consequence,
    Exemption,
    Limit,
    LimitCase,
    Note,
    Profile,
    Rule,
    Source,
    SourceKind,
    WhenMet,
    WhenUnknown,
)
from greenpack.rules.soundness import UnsoundProfileError
from greenpack.rules.wording import Direction

_TABLES: dict[str, type[BaseModel]] = {
    "": Profile,
    "rules": Rule,
    "limit": Limit,
    "cases": LimitCase,
    "when": Condition,
    "exemptions": Exemption,
    "sources": Source,
    "notes": Note,
    "consequences": Consequence,
}

_CHOICES: dict[str, type[StrEnum]] = {
    "quantity": Quantity,
    "direction": Direction,
    "fact": Fact,
    "kind": SourceKind,
    "when_met": WhenMet,
    "when_unknown": WhenUnknown,
    "step": Step,
    "needs": Needs,
}

_WANTED = {
    "string_type": "must be text in quotes",
    "float_type": "must be a number without quotes",
    "int_type": "must be a whole number without quotes",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false, without quotes",
    "date_type": "must be a date such as 2026-07-01, without quotes",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "string_too_short": "is empty",
    "missing": "is missing",
}

_PATTERNS = {
    "id": "must be lower-case letters, digits and single hyphens, as in void-ratio",
    "title": "must be one line",
    "clause": "must be one line",
    "currency": "must be an ISO 4217 code such as CNY",
    "jurisdiction": "must be an ISO 3166 code such as CN or DE-BY, or EU, or any",
}


@dataclass(frozen=True, slots=True)
class ProfileProblem:
    """One thing that is wrong with a profile's file; ``str()`` gives it as one line.

    Attributes:
        file: the file's path.
        rule: the rule's id, or ``#2`` for the second rule where it has none; None for the profile.
        field: the field's path within the rule or the profile, or None for the whole file.
        problem: what is wrong and, where that can be said, what would be right.
    """

    file: str
    rule: str | None
    field: str | None
    problem: str

    def __str__(self) -> str:
        rule = None if self.rule is None else f"rule {self.rule}"
        parts = (self.file, rule, self.field, self.problem)
        return ": ".join(part for part in parts if part is not None).replace("\n", " ")


def problems_in(file: str, data: Mapping[str, Any], error: ValidationError) -> list[ProfileProblem]:
    """The problems that pydantic found, in plain words.

    Args:
        file: the path to name.
        data: the TOML that was validated, to find the rules' ids in.
        error: what the validation of ``Profile`` raised.
    """
    problems: list[ProfileProblem] = []
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, UnsoundProfileError):
            problems += [ProfileProblem(file, *flaw) for flaw in cause.flaws]
            continue
        rule, place = _rule_of(data, detail["loc"])
        problems.append(ProfileProblem(file, rule, _path(place) or None, _words(detail)))
    return problems


def _rule_of(
    data: Mapping[str, Any], place: tuple[int | str, ...]
) -> tuple[str | None, tuple[int | str, ...]]:
    """The rule an error lies in, and the place within that rule."""
    if len(place) < 2 or place[0] != "rules" or not isinstance(place[1], int):
        return None, place
    rules, number = data["rules"], place[1]
    rule = rules[number] if isinstance(rules, Sequence) else None
    name = rule.get("id") if isinstance(rule, Mapping) else None
    return name if isinstance(name, str) and name else f"#{number + 1}", place[2:]


def _path(place: tuple[int | str, ...]) -> str:
    """A place as people write it, counting from one: ``exemptions[1].when[2].fact``."""
    path = ""
    for step in place:
        path += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".")


def _words(detail: ErrorDetails) -> str:
    kind, given = detail["type"], detail["input"]
    names = [step for step in detail["loc"] if isinstance(step, str)]
    field = names[-1] if names else ""
    if kind == "extra_forbidden":
        table = _TABLES[names[-2] if len(names) > 1 else ""]
        fields = [name for name in table.model_fields if name != "sha256"]
        return _did_you_mean("unknown field", field, fields)
    if kind == "enum":
        known = [choice.value for choice in _CHOICES[field]]
        return _did_you_mean(f"unknown {field} '{given}'", str(given), known, listed=True)
    if kind == "string_pattern_mismatch":
        return f"{_PATTERNS.get(field, 'is not in the right form')}, not '{given}'"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "tuple_type" and isinstance(given, Mapping):
        return "must be a list: write [[double brackets]] around its name"
    return _WANTED.get(kind, detail["msg"])


def _did_you_mean(problem: str, given: str, known: list[str], listed: bool = False) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    if listed:
        problem += f"; known are {', '.join(known)}"
    return f"{problem}; did you mean {near[0]}?" if near else problem
