"""`greenpack sweep`: photos as received go once their time is over."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(sweep)


def sweep(
    days: Annotated[
        float | None,
        typer.Option(help="Keep photos for so many days; default: the setting.", min=0),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing; say what would go.")
    ] = False,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Delete photos as received that are older than GREENPACK_ORIGINALS_DAYS.

    Measurements, findings and evidence pictures stay. So does a photo that waits to be measured,
    and one that a violation or a person's decision rests on. Run it once a day.
    """
    from dataclasses import asdict
    from datetime import timedelta

    from greenpack import retention, stores
    from greenpack.records.columns import now
    from greenpack.records.database import open_database

    settings = settings_with(database_url=db, data_folder=data_folder, originals_days=days)
    swept = retention.sweep(
        open_database(settings.database),
        stores.originals(settings),
        stores.evidence(settings),
        timedelta(days=settings.originals_days),
        now(),
        dry_run,
    )
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, **asdict(swept)}))
        return
    verb = "Would delete" if dry_run else "Deleted"
    typer.echo(
        f"{verb} {swept.photos:,} photos as received ({swept.bytes / 1e6:,.1f} MB), "
        f"{swept.strays:,} files without a posting, {swept.leftovers:,} unfinished files.\n"
        f"{swept.held:,} photos as old stay: a finding or a decision holds them."
    )
