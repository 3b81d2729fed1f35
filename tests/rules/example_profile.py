"""A small sound profile that tests change one thing of."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from greenpack.rules.profile import Profile

_DATA: dict[str, Any] = {
    "id": "test-profile",
    "version": "1",
    "title": "A profile for tests",
    "jurisdiction": "CN",
    "timezone": "Asia/Shanghai",
    "is_law": False,
    "summary": "One rule.",
    "rules": [
        {
            "id": "void-ratio",
            "clause": "section 1",
            "title": "Not too empty",
            "quantity": "void_ratio",
            "limit": {"direction": "at_most", "value": 0.5},
            "verified": True,
            "explanation": "At most half.",
            "sources": [{"kind": "own", "cite": "here"}],
        }
    ],
}


def profile_data(**rule: Any) -> dict[str, Any]:
    """The profile's data, free to change, with fields of its only rule replaced."""
    data = deepcopy(_DATA)
    data["rules"][0].update(rule)
    return data


def profile_of(data: dict[str, Any]) -> Profile:
    """The profile of such data."""
    return Profile.model_validate({**data, "sha256": "0" * 64})


def profile_with(**rule: Any) -> Profile:
    """The profile with fields of its only rule replaced."""
    return profile_of(profile_data(**rule))


def exemption(**changes: Any) -> dict[str, Any]:
    """The exemption of reusable packaging, with fields replaced."""
    return {
        "id": "reusable",
        "title": "reusable packaging",
        "when": [{"fact": "packaging", "equals": "reusable"}],
        "when_unknown": "undetermined",
        "explanation": "It is used again.",
        **changes,
    }


def write_toml(folder: Path, data: dict[str, Any], name: str | None = None) -> Path:
    """Write a profile's data as TOML, under its own id where no name is given."""
    path = folder / f"{name or data.get('id', 'test-profile')}.toml"
    path.write_text("".join(f"{key} = {_toml(value)}\n" for key, value in data.items()), "utf-8")
    return path


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
