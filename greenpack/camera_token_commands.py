"""`greenpack camera add`, `rotate` and `revoke`: which cameras may post, and with what token."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from greenpack.camera_commands import Hub, Name
from greenpack.command_settings import AsJson, DataFolder, Db, settings_with

if TYPE_CHECKING:  # imported where it is used: `greenpack --help` must not wait for the database
    from greenpack.records.camera_tokens import TokenCamera


def add_to(camera_app: typer.Typer) -> None:
    """Register the commands beside the others of `greenpack camera`."""
    for command in (add, rotate, revoke):
        camera_app.command()(command)


def add(
    hub: Annotated[
        str,
        typer.Argument(
            help="Its hub: HUB, or PROVINCE/MUNICIPALITY/HUB where needed.", show_default=False
        ),
    ],
    name: Name,
    silent_after: Annotated[
        float | None,
        typer.Option(
            help="Posting nothing for longer, in minutes, it counts as silent; default: "
            "GREENPACK_SILENT_AFTER_MINUTES.",
            min=0.1,
        ),
    ] = None,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let a camera post photos; prints its token, once. Only its hash is kept.

    The token alone goes to standard output: `greenpack camera add HUB NAME > token.txt`.
    """
    from greenpack.records.camera_tokens import add_camera
    from greenpack.records.database import open_database, transact

    if not hub.strip() or not name.strip():
        raise typer.BadParameter("a hub and a camera need names")
    settings = settings_with(database_url=db, data_folder=data_folder)
    camera, token = transact(
        open_database(settings.database),
        lambda session: add_camera(session, hub, name, silent_after),
    )
    _print(camera, token, "", as_json)


def rotate(
    name: Name,
    hub: Hub = None,
    keep_old: Annotated[
        float, typer.Option(help="Minutes that the old token still serves.", min=0, max=10080)
    ] = 0.0,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Give a camera a new token and print it, once; the old one is refused."""
    from greenpack.records import camera_tokens
    from greenpack.records.database import open_database, transact

    settings = settings_with(database_url=db, data_folder=data_folder)
    camera, token = transact(
        open_database(settings.database),
        lambda session: camera_tokens.rotate(
            session, name, hub, keep_old=timedelta(minutes=keep_old)
        ),
    )
    until = f"in {keep_old:g} minutes" if keep_old else "from now on"
    _print(camera, token, f" The old token is refused {until}.", as_json)


def revoke(
    name: Name,
    hub: Hub = None,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a camera's token from now on; what it posted stays."""
    from greenpack.records import camera_tokens
    from greenpack.records.database import open_database, transact

    settings = settings_with(database_url=db, data_folder=data_folder)
    revoked = transact(
        open_database(settings.database),
        lambda session: camera_tokens.revoke(session, name, hub),
    )
    if as_json:
        typer.echo(json.dumps({"revoked": revoked}))
    elif revoked:
        typer.echo(f"{name} can post no more; `greenpack camera rotate` gives it a new token.")
    else:
        typer.echo(f"{name} had no token that serves.")


def _print(camera: TokenCamera, token: str, more: str, as_json: bool) -> None:
    if as_json:
        content = {
            "camera": camera.name,
            "hub": camera.hub,
            "camera_id": camera.camera_id,
            "token_id": camera.token_id,
            "token": token,
        }
        typer.echo(json.dumps(content, ensure_ascii=False))
        return
    typer.echo(
        f"{camera.name} at {camera.hub} may post with this token, which is shown this once."
        f"{more}\nKeep it where only the camera can read it.",
        err=True,
    )
    typer.echo(token)
