"""`greenpack work` and `greenpack up`: a worker, and all that one machine needs."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from greenpack.command_settings import DataFolder, Db, settings_with
from greenpack.reasons import GreenPackError

Storage = Annotated[
    str | None, typer.Option(help="Where photos are kept: a folder, or s3://bucket/path.")
]
Profile = Annotated[
    str | None, typer.Option(help="Profile id or TOML file; see `greenpack rules`.")
]
# The ports beside the service's own, where none is given.
REPORT_PORT = 8501
METRICS_PORT = 8601


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(work)
    app.command()(up)


def work(
    once: Annotated[bool, typer.Option("--once", help="End as soon as nothing waits.")] = False,
    batch: Annotated[
        int | None, typer.Option(help="Photos that are taken at once.", min=1, max=64)
    ] = None,
    profile: Profile = None,
    db: Db = None,
    data_folder: DataFolder = None,
    storage: Storage = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Answer Prometheus on this port.", min=1, max=65535),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(help="Address that goes with --metrics-port.")
    ] = "127.0.0.1",
) -> None:
    """Measure and judge what cameras posted; any number of workers may run on one database.

    Logs are JSON lines on standard error. Ctrl-C or SIGTERM: what the worker holds is finished
    first; a second one ends it at once, and the photos are taken up again later.
    """
    from greenpack.service.logs import configure_logs
    from greenpack.work.starting import make_worker
    from greenpack.work.stopping import told_to_stop
    from greenpack.work.unavailable import UnavailableError
    from greenpack.work.work_metrics import WorkMetrics

    settings = settings_with(
        worker_batch=batch,
        profile=profile,
        database_url=db,
        data_folder=data_folder,
        storage_url=storage,
    )
    configure_logs()
    metrics = WorkMetrics()
    if metrics_port is not None:
        metrics.serve(metrics_port, metrics_host)
    with told_to_stop() as stop:
        try:
            make_worker(settings, metrics).run(stop, once=once)
        except UnavailableError as error:
            raise GreenPackError(error.reason, str(error)) from error


def up(
    workers: Annotated[int, typer.Option(help="How many workers.", min=1, max=64)] = 1,
    host: Annotated[str | None, typer.Option(help="Address that the service listens on.")] = None,
    port: Annotated[int | None, typer.Option(help="The service's port.", min=1, max=65535)] = None,
    report_host: Annotated[
        str, typer.Option(help="The report's address; over a network it needs TLS.")
    ] = "127.0.0.1",
    report_port: Annotated[
        int, typer.Option(help="The report's port.", min=1, max=65535)
    ] = REPORT_PORT,
    metrics_port: Annotated[
        int,
        typer.Option(help="The first worker's port for Prometheus; 0 for none.", min=0, max=65535),
    ] = METRICS_PORT,
    db: Db = None,
    data_folder: DataFolder = None,
    storage: Storage = None,
) -> None:
    """Run service, workers, report and a daily sweep on this machine until Ctrl-C.

    Each line they print stands behind the name of who printed it. One that dies is started again.
    """
    from greenpack.records.database import open_database
    from greenpack.work.children import run_children
    from greenpack.work.stopping import told_to_stop
    from greenpack.work.whole_machine import Listening, children_of

    settings = settings_with(
        service_host=host,
        service_port=port,
        database_url=db,
        data_folder=data_folder,
        storage_url=storage,
    )
    # Made and migrated once, before the children would all try it at the same time.
    open_database(settings.database).dispose()
    listening = Listening(report_host, report_port, metrics_port)
    children = children_of(settings, listening, workers, Path(sys.executable))
    width = max(len(child.name) for child in children)
    one_line_at_a_time = threading.Lock()

    def say(name: str, line: str) -> None:
        with one_line_at_a_time:
            typer.echo(f"{name:<{width}} | {line}")

    for address in listening.addresses(settings):
        say("greenpack", address)
    with told_to_stop() as stop:
        run_children(children, stop, say)
    say("greenpack", "stopped")
