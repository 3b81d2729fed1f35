"""Writes the reference pages from the code: `python -m greenpack.report.reference docs`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings

from greenpack.reasons import REASONS, Reason
from greenpack.settings import Settings


def settings_page(settings: type[BaseSettings]) -> str:
    """The page of all settings with their defaults."""
    rows = [
        f"| `GREENPACK_{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Environment variables; options of the command line take precedence. An empty value",
            "counts as not set.",
            "",
            "| variable | default | what it sets |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def reasons_page(reasons: Mapping[str, Reason]) -> str:
    """The page of all reason codes with their advice."""
    rows = [
        f"| `{reason.code}` | {reason.meaning} | {reason.advice} |" for reason in reasons.values()
    ]
    return "\n".join(
        [
            "# Reason codes",
            "",
            "Every refusal, and every verdict, has one. Codes are never renamed.",
            "",
            "| code | meaning | what to do |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _default(field: Any) -> str:
    if field.default_factory is dict:
        return "none"
    if field.default_factory is not None:
        return "the system's folder for user data"
    value = field.default
    if value is None:
        return "none"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def main() -> None:
    """Write both pages into the folder that is named."""
    folder = Path(sys.argv[1])
    (folder / "settings.md").write_text(settings_page(Settings), "utf-8")
    (folder / "reasons.md").write_text(reasons_page(REASONS), "utf-8")


if __name__ == "__main__":
    main()
