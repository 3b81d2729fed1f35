"""`greenpack serve` and `greenpack post`: the service, and what sends photos to it."""

from __future__ import annotations

from typing import Annotated

import typer

from greenpack.command_settings import DataFolder, Db, settings_with


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; 0 takes any that is free.", min=0, max=65535)
    ] = None,
    db: Db = None,
    data_folder: DataFolder = None,
    storage: Annotated[
        str | None, typer.Option(help="Where photos are kept: a folder, or s3://bucket/path.")
    ] = None,
) -> None:
    """Take in photos from hub cameras over HTTP; `greenpack work` measures them.

    Cameras get their tokens from `greenpack camera add`. The service is described at /docs. Logs
    are JSON lines on standard error. Ctrl-C or SIGTERM: photos under way are finished first.
    """
    from greenpack.service.app import make_app
    from greenpack.service.logs import configure_logs
    from greenpack.service.serving import make_server, serve_until_stopped

    settings = settings_with(
        service_host=host,
        service_port=port,
        database_url=db,
        data_folder=data_folder,
        storage_url=storage,
    )
    configure_logs()
    server = make_server(make_app(settings), settings.service_host, settings.service_port)
    if not serve_until_stopped(server):
        raise typer.Exit(1)
