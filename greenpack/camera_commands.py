"""`greenpack camera`: print the board, calibrate, verify against a tape, and show what is known.

``camera_token_commands`` has what lets a camera post.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from greenpack.command_settings import AsJson, DataFolder, Db, settings_with
from greenpack.reasons import GreenPackError

if TYPE_CHECKING:  # imported where they are used: `greenpack --help` must not wait for OpenCV
    from greenpack.cameras.verification import SizeMeasurer, Sizes
    from greenpack.measure.closed.camera_model import CameraModel
    from greenpack.settings import Settings

camera_app = typer.Typer(
    no_args_is_help=True,
    help="Let cameras post, calibrate them over the belt, and prove them against a tape.",
)

Name = Annotated[str, typer.Argument(help="The camera's name.", show_default=False)]
Photos = Annotated[
    list[str], typer.Argument(help="Photos, folders, globs or zips.", show_default=False)
]
Hub = Annotated[
    str | None, typer.Option(help="Its hub: HUB, or PROVINCE/MUNICIPALITY/HUB where needed.")
]
Squares = Annotated[str | None, typer.Option(help="Squares across and down, for example 9x6.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(camera_app, name="camera")


@camera_app.command()
def board(
    out: Annotated[Path, typer.Argument(help="PDF file to write.", show_default=False)],
    paper: Annotated[str, typer.Option(help="a4 or a3; larger is better for a high camera.")] = (
        "a4"
    ),
    squares: Squares = None,
    square: Annotated[float | None, typer.Option(help="Side of a square in mm.", min=5)] = None,
) -> None:
    """Write the calibration board as a PDF, to be printed at 100 %."""
    from greenpack.cameras.board import RULER_MM, Paper, board_for
    from greenpack.cameras.board_sheet import sheet_pdf

    if paper.lower() not in list(Paper):
        raise typer.BadParameter("a4 or a3", param_hint="--paper")
    sheet = Paper(paper.lower())
    wanted = board_for(sheet, _squares(squares), square)
    out.write_bytes(sheet_pdf(wanted, sheet))
    typer.echo(
        f"{out}: {wanted.text} on {sheet.value.upper()}.\n"
        f"Print it at 100 % ('actual size'), measure the ruler line (it should be "
        f"{RULER_MM:.0f} mm),\nglue the sheet flat on a stiff plate, and go on with\n"
        "  greenpack camera calibrate NAME PHOTOS... --belt PHOTO --ruler MEASURED_MM"
    )


@camera_app.command()
def calibrate(
    name: Name,
    photos: Photos,
    hub: Hub = None,
    belt: Annotated[
        list[str] | None,
        typer.Option(help="Photo of the board lying flat on the belt; may be given again."),
    ] = None,
    ruler: Annotated[
        float | None, typer.Option(help="Measured length of the printed 200 mm line, mm.", min=1)
    ] = None,
    thickness: Annotated[
        float, typer.Option(help="Thickness of the board's plate, mm.", min=0, max=100)
    ] = 0.0,
    squares: Squares = None,
    square: Annotated[
        float | None, typer.Option(help="Measured side of a square, mm; instead of --ruler.", min=1)
    ] = None,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Calibrate a camera from photos of the board; --belt finds where parcels stand.

    Take 15 to 20 sharp photos with the board moved into every corner of the picture and tilted
    20 to 45 degrees in all directions. A later calibration takes the place of this one.
    """
    from greenpack.report.camera_run import BeltPhotos, run_calibration
    from greenpack.report.terminal import console_for

    if belt and ruler is None and square is None:
        raise GreenPackError("board_size_unknown", "the belt's distance hangs on it")
    settings = settings_with(database_url=db, data_folder=data_folder)
    console = console_for(as_json)
    camera = run_calibration(
        settings,
        name,
        hub,
        photos,
        BeltPhotos(belt or [], thickness),
        ruler_mm=ruler,
        squares=_squares(squares),
        square_mm=square,
        console=console,
    )
    _show(camera, console, as_json)
    if not as_json and not camera.status.may_accuse:
        typer.echo("Next: `greenpack camera verify` with photos of parcels measured with a tape.")


@camera_app.command()
def verify(
    name: Name,
    photos: Photos,
    truth: Annotated[
        Path, typer.Option(help="CSV: photo, length_mm, width_mm, height_mm, and maybe parcel.")
    ],
    hub: Hub = None,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Hold a camera's sizes of known parcels against the tape's; exit code 1 if it does not pass.

    Ten different parcels at least, of the sizes that pass on the belt. The result is kept, and a
    camera that does not pass may only screen.
    """
    from greenpack.report.camera_run import run_verification
    from greenpack.report.terminal import console_for

    settings = settings_with(database_url=db, data_folder=data_folder)
    console = console_for(as_json)
    camera = run_verification(settings, name, hub, photos, truth, size_measurer, console)
    _show(camera, console, as_json)
    if not camera.status.may_accuse:
        raise typer.Exit(1)


@camera_app.command("list")
def list_(db: Db = None, data_folder: DataFolder = None, as_json: AsJson = False) -> None:
    """List the cameras: whether they post, and whether they may accuse."""
    from greenpack.records.cameras import known_cameras
    from greenpack.records.columns import now
    from greenpack.records.database import open_database, reading
    from greenpack.records.hub_load import camera_activity
    from greenpack.report.camera_view import activity_dict, camera_dict, show_cameras
    from greenpack.report.terminal import console_for

    settings = settings_with(database_url=db, data_folder=data_folder)
    with reading(open_database(settings.database)) as session:
        at = now()
        cameras = known_cameras(session, settings.camera_limits)
        activities = camera_activity(session, at, settings.silent_after_minutes)
    activity = {each.camera_id: each for each in activities}
    if as_json:
        for camera in cameras:
            line = {**camera_dict(camera), **activity_dict(activity[camera.id])}
            typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        show_cameras(console_for(False), cameras, activity, at)


@camera_app.command()
def show(
    name: Name,
    hub: Hub = None,
    db: Db = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show one camera: its last calibration, its last verification and its status."""
    from greenpack.records.cameras import known_camera
    from greenpack.records.database import open_database, reading
    from greenpack.report.terminal import console_for

    settings = settings_with(database_url=db, data_folder=data_folder)
    with reading(open_database(settings.database)) as session:
        camera = known_camera(session, name, settings.camera_limits, hub)
    _show(camera, console_for(as_json), as_json)


def size_measurer(settings: Settings, camera: CameraModel) -> tuple[SizeMeasurer, str]:
    """What measures parcels with this camera, and the SHA-256 of its model's weights."""
    from greenpack.examination import examine, measure_settings
    from greenpack.measure.acceptance import UnmeasurableError
    from greenpack.measure.closed.scale import ScaleSource
    from greenpack.measure.several_sizes import SIDES
    from greenpack.vision.detector import Detector

    if camera.belt is None:
        raise GreenPackError(
            "camera_not_calibrated", "where its belt lies is unknown: calibrate with --belt"
        )
    detector = Detector(settings.weights)
    using = measure_settings(settings, detector.weights, camera)

    def measurer(name: str, data: bytes) -> Sizes:
        found = examine(name, data, detector, settings, using, attributing=False).measurement
        if found.reason is not None:
            raise UnmeasurableError(found.reason)
        if found.scale != ScaleSource.CALIBRATED_CAMERA:
            # An opened parcel, or a scale that is not what is to be proven.
            raise UnmeasurableError("no_scale")
        length, width, height = (found.quantities.get(side) for side in SIDES)
        return length, width, height

    return measurer, detector.weights.sha256


def _show(camera: Any, console: Any, as_json: bool) -> None:
    from greenpack.records.columns import now
    from greenpack.report.camera_view import camera_dict, show_camera

    if as_json:
        typer.echo(json.dumps(camera_dict(camera), ensure_ascii=False))
    else:
        show_camera(console, camera, now())


def _squares(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,3})\s*[x×*]\s*(\d{1,3})", text.strip().lower())
    if match is None:
        raise typer.BadParameter("write for example 7x5", param_hint="--squares")
    return int(match[1]), int(match[2])
