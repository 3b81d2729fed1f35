"""`greenpack rules`: list, explain and check the rules that parcels are judged by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from greenpack.command_settings import AsJson, settings_with

rules_app = typer.Typer(help="List, explain and check the rules that parcels are judged by.")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(rules_app, name="rules")


@rules_app.callback(invoke_without_command=True)
def _rules(
    context: typer.Context,
    as_json: AsJson = False,
) -> None:
    """List the profiles there are."""
    from greenpack.rules.explain import summarise_profile
    from greenpack.rules.loading import available_profiles

    if context.invoked_subcommand is not None:
        return
    for profile in available_profiles(settings_with().profiles_folder):
        typer.echo(
            profile.model_dump_json(exclude_none=True) if as_json else summarise_profile(profile)
        )
    if not as_json:
        typer.echo("\n`greenpack rules show ID` explains one; --profile ID judges by it.")


@rules_app.command()
def show(
    profile: Annotated[str, typer.Argument(help="A profile's id, or a TOML file.")],
) -> None:
    """Explain a profile: each rule with its limit, exemptions, dates and sources."""
    from greenpack.rules.explain import explain_profile
    from greenpack.rules.loading import load_profile

    typer.echo(explain_profile(load_profile(profile, settings_with().profiles_folder)))


@rules_app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Profiles as TOML files.")],
) -> None:
    """Check an agency's own profiles; names file, rule and field of each problem."""
    from greenpack.rules.loading import check_profile

    problems = [problem for file in files for problem in check_profile(file)]
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        raise typer.Exit(1)
    typer.echo(f"{len(files)} profile(s), no problem found.")
