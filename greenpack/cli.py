"""The command line: parses arguments, calls one function, prints; errors are caught here once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from greenpack import (
    __version__,
    camera_commands,
    camera_token_commands,
    count_commands,
    demo_commands,
    hub_commands,
    queue_commands,
    rules_commands,
    service_commands,
    storage_commands,
    training_commands,
    user_commands,
    worker_commands,
)
from greenpack.command_settings import AsJson, DataFolder, Db, settings_with, wrong_usage
from greenpack.reasons import GreenPackError

app = typer.Typer(
    name="greenpack",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Finds parcels far too big for what is in them. A number only where its conditions hold, "
    "always with an interval, and a violation only when the whole interval is beyond the limit.",
)
rules_commands.add_to(app)
camera_commands.add_to(app)
camera_token_commands.add_to(camera_commands.camera_app)
hub_commands.add_to(app)
queue_commands.add_to(app)
user_commands.add_to(app)
training_commands.add_to(app)
service_commands.add_to(app)
worker_commands.add_to(app)
storage_commands.add_to(app)
count_commands.add_to(app)
demo_commands.add_to(app)

Photos = Annotated[
    list[str],
    typer.Argument(
        help="Photos, folders, globs, zips, or - for standard input.", show_default=False
    ),
]
CameraHeight = Annotated[
    float | None,
    typer.Option(
        help="Camera height above the rim in carton depths, if your protocol fixes it; "
        "default: derived from the picture.",
        min=0.1,
        max=100,
    ),
]


def main() -> None:
    """Entry point: runs the command and turns known errors into a message and exit code 1."""
    try:
        app()
    except GreenPackError as error:
        typer.secho(f"{error}.\n{error.advice}", fg="red", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of a pipe has had enough.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        failed = GreenPackError("storage_failed", str(error))
        typer.secho(f"{failed}.\n{failed.advice}", fg="red", err=True)
        sys.exit(1)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"greenpack {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    # No docstring: it would take the place of the app's help.
    return


@app.command()
def measure(photos: Photos, as_json: AsJson = False, camera_height: CameraHeight = None) -> None:
    """Measure photos and print the numbers; nothing is recorded."""
    from greenpack.examination import measure_settings
    from greenpack.intake.sources import find_sources
    from greenpack.report.measure_lines import measure_line, readable_line
    from greenpack.vision.detector import Detector

    settings = settings_with(camera_height_over_depth=camera_height)
    detector = Detector(settings.weights)
    using = measure_settings(settings, detector.weights)
    for source in find_sources(photos, limits=settings.limits, stdin=sys.stdin.buffer):
        line = measure_line(source, detector, settings, using)
        typer.echo(json.dumps(line, ensure_ascii=False) if as_json else readable_line(line))


@app.command()
def audit(
    photos: Photos,
    profile: Annotated[
        str | None, typer.Option(help="Profile id or TOML file; see `greenpack rules`.")
    ] = None,
    waybills: Annotated[
        Path | None,
        typer.Option(help="CSV of waybills; default: waybills.csv in a folder that is named."),
    ] = None,
    db: Annotated[
        str | None, typer.Option("--db", help="Database address; default: in the data folder.")
    ] = None,
    data_folder: Annotated[
        Path | None, typer.Option(help="Where database and evidence pictures are kept.")
    ] = None,
    camera_height: CameraHeight = None,
    camera: Annotated[
        str | None,
        typer.Option(help="Calibrated camera that took the photos; see `greenpack camera list`."),
    ] = None,
    hub: Annotated[
        str | None, typer.Option(help="Where it hangs, if two cameras have the same name.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure photos, judge them under a profile and record the findings with their evidence.

    Running it again on the same photos changes nothing.
    """
    from greenpack.intake.sources import count_sources, find_sources
    from greenpack.report.audit_run import audit_json, run_audit
    from greenpack.report.audit_summary import summarise
    from greenpack.report.terminal import (
        console_for,
        progress_on,
        show_bad_rows,
        show_photos,
        show_summary,
    )

    settings = settings_with(
        profile=profile,
        database_url=db,
        data_folder=data_folder,
        camera_height_over_depth=camera_height,
    )
    console = console_for(as_json)
    table_file = waybills or _waybills_in(photos)
    run = run_audit(settings, table_file, camera, hub)
    if run.table is not None:
        show_bad_rows(console, str(table_file), run.table.bad_rows)
    lines = []
    found = find_sources(photos, limits=settings.limits, stdin=sys.stdin.buffer)
    total = count_sources(photos, limits=settings.limits) if console.is_terminal else None
    with progress_on(console, total) as advance:
        for source in found:
            line = run.audit.take(source)
            lines.append(line)
            advance()
            if as_json:
                typer.echo(json.dumps(audit_json(line, run.store), ensure_ascii=False))
    if not lines:
        raise GreenPackError("not_found", f"no photos in {', '.join(photos)}")
    if as_json:
        return
    summary = summarise(lines)
    show_photos(console, lines)
    show_summary(console, summary, run.profile)
    console.print(
        f"{summary.photos} photos read, {summary.added} of them new or judged anew.\n"
        f"Evidence pictures: {run.store}\n"
        f"Database:          {run.shown_database}\n"
        "Next: `greenpack verify` checks the records; `streamlit run app.py` shows the findings.",
        soft_wrap=True,
        highlight=False,
    )


@app.command("import")
def import_(
    waybills: Annotated[
        Path,
        typer.Argument(
            help="CSV in UTF-8 or GB18030, English or Chinese headers.", show_default=False
        ),
    ],
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import waybills with their senders and declared items; the same import again changes nothing.

    Columns: waybill (needed), sender_code, sender_name, platform, hub, province, municipality,
    packed_on, packaging, parcel_length_mm, parcel_width_mm, parcel_height_mm (outer size),
    item_name, item_length_mm, item_width_mm, item_height_mm, quantity, goods_class, item_soft (yes
    or no), photo, board_mm, product_mass_g and packaging_mass_g (of all goods, all packaging). One
    row for each declared item; what belongs to the waybill need stand only in its first row.
    """
    from greenpack.records.database import open_database
    from greenpack.report.audit_run import import_table, read_table
    from greenpack.report.terminal import console_for, show_bad_rows

    settings = settings_with(database_url=db, data_folder=data_folder)
    table = read_table(waybills)
    summary = import_table(open_database(settings.database), table)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "added": summary.added,
                    "updated": summary.updated,
                    "unchanged": summary.unchanged,
                    "bad_rows": [
                        {"line": row.line, "column": row.column, "problem": row.problem}
                        for row in table.bad_rows
                    ],
                },
                ensure_ascii=False,
            )
        )
        return
    show_bad_rows(console_for(False), str(waybills), table.bad_rows)
    typer.echo(
        f"{summary.added} waybills added, {summary.updated} updated, {summary.unchanged} "
        f"unchanged, {len(table.bad_rows)} rows left out ({table.encoding})."
    )


@app.command()
def verify(
    case: Annotated[
        Path | None,
        typer.Argument(
            help="The zip of a case, checked without any database; default: the records."
        ),
    ] = None,
    db: Db = None,
    data_folder: Annotated[
        Path | None, typer.Option(help="Where database and evidence pictures are kept.")
    ] = None,
    head: Annotated[
        str | None, typer.Option(help="SEQ:HASH, a head of the ledger that was kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the ledger, every row and every evidence picture; exit code 1 if one is off.

    With the zip of a case, check that instead: every hash, every entry of the ledger in it, every
    step, and every verdict again by its numbers and the enclosed rules.
    """
    from greenpack.report.verify_lines import parse_head, verify_case, verify_records

    settings = settings_with(database_url=db, data_folder=data_folder)
    try:
        known = None if head is None else parse_head(head)
    except ValueError as error:
        wrong_usage(f"--head: {error}")
    if case is not None:
        ok, text = verify_case(case, known, as_json)
    else:
        ok, text = verify_records(settings, known, as_json)
    typer.echo(text)
    if not ok:
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check the installation: weights, model, profiles, database, and what runs the model."""
    from greenpack.report.doctor import diagnose

    checks = diagnose(settings_with())
    if as_json:
        typer.echo(json.dumps(checks, ensure_ascii=False))
    else:
        for check in checks:
            mark = "ok  " if check["ok"] else "FAIL"
            typer.echo(f"{mark}  {check['what']}: {check['detail']}")
    if not all(check["ok"] for check in checks):
        raise typer.Exit(1)


def _waybills_in(photos: list[str]) -> Path | None:
    """The waybill table of the first named folder that has one."""
    tables = (Path(name) / "waybills.csv" for name in photos if name != "-")
    return next((table for table in tables if table.is_file()), None)
