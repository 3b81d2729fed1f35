"""`greenpack hub`: what hubs have to cope with, held against what they are stated to."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with

hub_app = typer.Typer(
    no_args_is_help=True, help="State what hubs cope with, and see how full they are."
)

HubName = Annotated[
    str,
    typer.Argument(help="HUB, or PROVINCE/MUNICIPALITY/HUB where needed.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(hub_app, name="hub")


@hub_app.command()
def capacity(
    hub: HubName,
    photos_per_hour: Annotated[
        float, typer.Argument(help="Photos an hour that it copes with.", min=1, show_default=False)
    ],
    db: Db = None,
    data_folder: DataFolder = None,
) -> None:
    """State how many photos an hour a hub copes with."""
    from greenpack.records.database import open_database, transact
    from greenpack.records.hub_load import set_capacity
    from greenpack.records.hubs import hub_path

    settings = settings_with(database_url=db, data_folder=data_folder)
    path = transact(
        open_database(settings.database),
        lambda session: hub_path(session, set_capacity(session, hub, photos_per_hour)),
    )
    typer.echo(f"{path} copes with {photos_per_hour:g} photos an hour.")


@hub_app.command()
def load(db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False) -> None:
    """Show how full hubs are: photos and parcels of the last hour, what waits, who is silent."""
    from greenpack.records.columns import now
    from greenpack.records.database import open_database, reading
    from greenpack.records.hub_load import hub_loads
    from greenpack.report.hub_view import load_dict, show_loads
    from greenpack.report.terminal import console_for

    settings = settings_with(database_url=db, data_folder=data_folder)
    with reading(open_database(settings.database)) as session:
        loads = hub_loads(session, now(), settings.silent_after_minutes)
    if as_json:
        for each in loads:
            typer.echo(json.dumps(load_dict(each), ensure_ascii=False))
    else:
        show_loads(console_for(False), loads)
