"""`greenpack demo`: a folder with made-up parcels, to look at GreenPack with."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenpack.command_settings import settings_with
from greenpack.reasons import GreenPackError

if TYPE_CHECKING:  # imported where they are used: `greenpack --help` must not wait for them
    from greenpack.demo.people import DemoAccount
    from greenpack.settings import Settings

_FOLDER = Path("greenpack-demo")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(demo)


def demo(
    folder: Annotated[
        Path, typer.Option(help="Its own data folder; never one with real records.")
    ] = _FOLDER,
    parcels: Annotated[int, typer.Option(help="How many parcels.", min=50, max=1_000_000)] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same parcels.", min=0)] = 1,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The last day that may have parcels; default: yesterday."
        ),
    ] = None,
    samples: Annotated[
        Path | None,
        typer.Option(help="A folder of sample photos like GreenPack's own, which is the default."),
    ] = None,
    profile: Annotated[str | None, typer.Option(help="Profile id; see `greenpack rules`.")] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Replace a demonstration that is there.")
    ] = False,
    open_: Annotated[
        bool, typer.Option("--open", help="Start the report on it when it is filled.")
    ] = False,
) -> None:
    """Fill a folder of its own with a made-up season, clearly marked, and say how to look at it.

    The samples are measured by the real model; parcels are drawn around them and go through the
    same recording as real ones, so that `greenpack verify` holds.
    """
    settings = settings_with(
        data_folder=folder,
        database_url=f"sqlite:///{folder / 'greenpack.db'}",
        storage_url=str(folder),
        profile=profile,
    )
    if _is_there(settings, anew=anew):
        typer.echo(f"There is a demonstration in {folder} already; --anew replaces it.")
    else:
        # Not today: parcels are received at any hour, and none in the future.
        last = until or datetime.now(settings.camera_zone) - timedelta(days=1)
        people = _make(settings, samples or samples_folder(), seed, parcels, last)
        _say_accounts(people)
    _say_how(folder)
    if open_:
        _open(settings)


def _is_there(settings: Settings, *, anew: bool) -> bool:
    """Whether the folder has a demonstration that stays.

    Raises:
        GreenPackError: ``demo_folder_in_use`` if it has anything else.
    """
    from greenpack.records.database import open_database, reading
    from greenpack.records.demonstration import has_records, is_demo

    folder = settings.data_folder
    database = folder / "greenpack.db"
    if not database.exists():
        if folder.exists() and any(folder.iterdir()):
            raise GreenPackError("demo_folder_in_use", str(folder))
        return False
    engine = open_database(settings.database)
    try:
        with reading(engine) as session:
            demo_there, used = is_demo(session), has_records(session)
    finally:
        engine.dispose()
    if used and not demo_there:
        raise GreenPackError("demo_folder_in_use", str(folder))
    if demo_there and not anew:
        return True
    for name in ("greenpack.db", "greenpack.db-wal", "greenpack.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for part in ("evidence", "originals", "spool"):
        shutil.rmtree(folder / part, ignore_errors=True)
    return False


def _make(
    settings: Settings, samples: Path, seed: int, parcels: int, last: datetime
) -> list[DemoAccount]:
    from greenpack.demo.cases import make_cases
    from greenpack.demo.filling import fill
    from greenpack.demo.people import add_people, decide_some
    from greenpack.demo.templates import measure_samples
    from greenpack.records.database import open_database
    from greenpack.report.terminal import console_for, progress_on
    from greenpack.rules.loading import load_profile

    console = console_for(False)
    judged_under = load_profile(settings.profile, settings.profiles_folder)
    count = len(list(samples.glob("*.jpg")))
    with progress_on(console, count, "measuring the samples") as advance:
        templates = measure_samples(samples, settings, advance)
    engine = open_database(settings.database)
    try:
        with progress_on(console, parcels, "recording parcels") as advance:
            violations = fill(
                engine,
                settings,
                judged_under,
                templates,
                seed=seed,
                parcels=parcels,
                until=last.date(),
                advance=advance,
            )
        people = add_people(engine)
        decided = decide_some(engine, violations, people, seed=seed, until=last.date())
        cases = make_cases(engine, settings, judged_under, people, last.date())
    finally:
        engine.dispose()
    typer.echo(
        f"{parcels} made-up parcels in {settings.data_folder}: {len(violations)} violations, "
        f"{decided} of them decided about, {cases} cases."
    )
    return people


def samples_folder() -> Path:
    """The sample photos: in the installed package, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "samples"
    return installed if installed.is_dir() else package.parent / "samples"


def _say_accounts(people: list[DemoAccount]) -> None:
    typer.echo("Accounts, with passwords that are told this once:")
    for person in people:
        typer.echo(f"  {person.name:<18} {person.password}   sees {person.scope}")


def _say_how(folder: Path) -> None:
    where = shlex.quote(str(folder))
    unset = [
        f"{name}= "
        for name in ("GREENPACK_DATABASE_URL", "GREENPACK_STORAGE_URL")
        if os.environ.get(name)
    ]
    typer.echo(
        "Look at it, or start it with `greenpack demo --open`:\n"
        f"  {''.join(unset)}GREENPACK_DATA_FOLDER={where} streamlit run app.py\n"
        "Without signing in:\n"
        f"  {''.join(unset)}GREENPACK_DATA_FOLDER={where} GREENPACK_SIGN_IN=none "
        "streamlit run app.py\n"
        f"Check it: greenpack verify --data-folder {where}"
    )


def _open(settings: Settings) -> None:
    """Run the report until Ctrl-C."""
    from greenpack.work.whole_machine import report_script

    environment = {
        **os.environ,
        "GREENPACK_DATA_FOLDER": str(settings.data_folder),
        "GREENPACK_DATABASE_URL": settings.database,
        "GREENPACK_STORAGE_URL": str(settings.data_folder),
        "GREENPACK_PROFILE": settings.profile,
    }
    command = [sys.executable, "-m", "streamlit", "run", str(report_script())]
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)
