"""`greenpack queue`: what waits to be measured, and what was given up."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with

queue_app = typer.Typer(
    no_args_is_help=True, help="See what waits to be measured, and try again what was given up."
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(queue_app, name="queue")


@queue_app.command()
def show(
    limit: Annotated[
        int, typer.Option(help="Failed postings to list at most.", min=0, max=10_000)
    ] = 20,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show how many photos wait, are worked on and were given up, and why."""
    from greenpack.records.columns import now
    from greenpack.records.database import open_database, reading
    from greenpack.records.postings import backlog, failed
    from greenpack.report.hub_view import backlog_dict, show_backlog
    from greenpack.report.terminal import console_for

    settings = settings_with(database_url=db, data_folder=data_folder)
    with reading(open_database(settings.database)) as session:
        depth = backlog(session, now())
        given_up = failed(session, limit)
    if as_json:
        typer.echo(json.dumps(backlog_dict(depth, given_up), ensure_ascii=False))
    else:
        show_backlog(console_for(False), depth, given_up)


@queue_app.command()
def retry(
    ids: Annotated[
        list[int] | None,
        typer.Argument(help="Numbers of failed postings.", show_default=False),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All that failed.")] = False,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let photos that were given up be tried again, as if for the first time."""
    from greenpack.records.columns import now
    from greenpack.records.database import open_database, transact
    from greenpack.records.postings import retry_failed

    if bool(ids) == all_:
        raise typer.BadParameter("name postings by their numbers, or say --all")
    settings = settings_with(database_url=db, data_folder=data_folder)
    waiting = transact(
        open_database(settings.database),
        lambda session: retry_failed(session, None if all_ else ids, now()),
    )
    if as_json:
        typer.echo(json.dumps({"waiting": waiting}))
    else:
        typer.echo(f"{waiting} photos wait again.")
