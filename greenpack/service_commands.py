"""`greenpack serve` and `greenpack post`: the service, and what sends photos to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with, wrong_usage
from greenpack.reasons import GreenPackError

if TYPE_CHECKING:  # imported where it is used: `greenpack --help` must not wait for httpx
    from greenpack.client.posting_folder import PostedLine


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(serve)
    app.command()(post)


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


def post(
    folder: Annotated[Path, typer.Argument(help="Where the photos lie.", show_default=False)],
    url: Annotated[str, typer.Option(help="The service, such as http://hub-server:8600.")],
    token_file: Annotated[
        Path, typer.Option(help="File with the token that `greenpack camera add` printed.")
    ],
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with what is added, until Ctrl-C.")
    ] = False,
    delete_sent: Annotated[
        bool, typer.Option("--delete-sent", help="Delete photos that the service has.")
    ] = False,
    file_times: Annotated[
        bool,
        typer.Option(
            "--file-times", help="Send the files' times as capture times, where EXIF has none."
        ),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Send once more what was refused before.")
    ] = False,
    hub: Annotated[
        str | None, typer.Option(help="The camera's hub; refused if the token is another's.")
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(help="Where is kept what was sent; default: a hidden file in the folder."),
    ] = None,
    patience: Annotated[
        float, typer.Option(help="Seconds to wait for a service that is away.", min=0)
    ] = 300.0,
    as_json: AsJson = False,
) -> None:
    """Post the photos of a folder to the service; cut off and started again, it goes on.

    Nothing is sent twice and nothing is forgotten: the folder is the store of what is still to be
    sent, and a journal in it remembers what the service has. Exit code 1 if any photo was refused,
    or the service stayed away.
    """
    from greenpack.client.journal import JOURNAL_NAME, Journal
    from greenpack.client.posting_folder import FolderPosting, PostingWishes
    from greenpack.client.service_calls import ServiceCalls

    if not url.startswith(("http://", "https://")):
        wrong_usage("--url: write it as http://HOST:PORT")
    if not folder.is_dir():
        raise GreenPackError("not_found", str(folder))
    calls = ServiceCalls(url, _token(token_file), hub)
    kept = Journal(journal or folder / JOURNAL_NAME, url.rstrip("/"))
    wishes = PostingWishes(
        with_times=file_times,
        delete=delete_sent,
        again=again,
        patience_seconds=None if watch else patience,
    )
    posting = FolderPosting(folder, calls, kept, wishes, _waiting)
    counts = dict.fromkeys(("accepted", "duplicate", "refused"), 0)
    try:
        for line in posting.watch() if watch else posting.post_all():
            if line is not None:
                counts[line.outcome] += 1
                _show(line, as_json)
    except KeyboardInterrupt:
        pass
    finally:
        kept.close()
        calls.close()
        if not as_json:
            told = ", ".join(f"{count} {word}" for word, count in counts.items())
            typer.echo(f"{told}.")
    if counts["refused"]:
        raise typer.Exit(1)


def _token(file: Path) -> str:
    """The token in a file.

    Raises:
        GreenPackError: ``token_file_unusable``, ``not_found``.
    """
    try:
        token = file.read_text("utf-8").strip()
    except FileNotFoundError:
        raise GreenPackError("not_found", str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise GreenPackError("token_file_unusable", f"{file}: {error}") from None
    if not token.startswith("gp_") or not token.isascii() or len(token.split()) != 1:
        raise GreenPackError("token_file_unusable", str(file))
    return token


def _waiting(text: str, seconds: float) -> None:
    typer.secho(f"{text}; again in {seconds:.0f} s", fg="yellow", err=True)


def _show(line: PostedLine, as_json: bool) -> None:
    if as_json:
        told = {
            "path": str(line.path),
            "sha256": line.sha256,
            "outcome": line.outcome,
            "id": line.photo_id,
            "reason": line.reason,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif line.outcome == "refused":
        typer.secho(f"{line.path}: refused, {line.reason}. {line.text}", fg="red")
    else:
        typer.echo(f"{line.path}: {line.outcome}, photo {line.photo_id}")
