"""What all commands share: options of one wording, and the settings with what they give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:  # imported where they are used: `greenpack --help` must not wait for them
    from greenpack.settings import Settings


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Db = Annotated[str | None, typer.Option("--db", help="Database address.")]
DataFolder = Annotated[Path | None, typer.Option(help="Where the database is kept.")]


def settings_with(**given: Any) -> Settings:
    """The settings, with what the command line gives taking precedence; None gives nothing.

    Raises:
        typer.Exit: with code 2 and the setting's name, where one is out of its range.
    """
    from pydantic import ValidationError

    from greenpack.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong_usage(
            "\n".join(
                f"GREENPACK_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
                for problem in error.errors()
            )
        )


def wrong_usage(message: str) -> NoReturn:
    """Say what was asked wrongly, and end with code 2."""
    typer.secho(message, fg="red", err=True)
    raise typer.Exit(2)
