"""`greenpack recount`: counts that are not what the findings say are made anew."""

from __future__ import annotations

import json

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(recount)


def recount(db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False) -> None:
    """Count parcels anew where the counts are not what the findings say.

    The counts behind the report's pages are kept with every finding; `greenpack verify` checks
    them. Nothing else is changed, and the ledger says what differed.
    """
    from greenpack.records.count_check import recount as count_anew
    from greenpack.records.database import open_database, transact

    settings = settings_with(database_url=db, data_folder=data_folder)
    engine = open_database(settings.database)
    found = transact(engine, count_anew)
    engine.dispose()
    if as_json:
        typer.echo(json.dumps({"differed": {one.table: one.rows for one in found}}))
    elif found:
        for one in found:
            typer.echo(f"{one.table}: {one.rows:,} rows differed")
        typer.echo("Counted anew; the ledger says so.")
    else:
        typer.echo("The counts are what the findings say; nothing was changed.")
