"""What `greenpack camera` shows: a camera's calibration, verification and status."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenpack.cameras.belt import height_of
from greenpack.cameras.verification import AxisError
from greenpack.reasons import REASONS
from greenpack.records.cameras import KnownCamera
from greenpack.records.hub_load import CameraActivity
from greenpack.report.durations import duration


def camera_dict(camera: KnownCamera) -> dict[str, Any]:
    """A camera for programs; what is not known is null."""
    calibration, model = camera.calibration, camera.model
    verification, errors = camera.verification, camera.errors
    return {
        "camera": camera.name,
        "hub": camera.hub,
        "may_accuse": camera.status.may_accuse,
        "status": camera.status.standing.value,
        "status_text": camera.status.text,
        "calibration": None
        if calibration is None or model is None
        else {
            "at": calibration.created_at.isoformat(),
            "photos": calibration.photos,
            "rms_px": round(calibration.rms_px, 4),
            "focal_px": [round(value, 3) for value in model.focal],
            "focal_error": round(model.focal_error, 6),
            "centre_px": [round(value, 3) for value in model.centre],
            "distortion": list(model.distortion),
            "width": model.width,
            "height": model.height,
            "belt_height_mm": None if model.belt is None else round(height_of(model.belt), 2),
            "belt_error_mm": None if model.belt is None else round(model.belt.error, 2),
            "board": json.loads(calibration.board),
            **json.loads(calibration.grounds),
        },
        "verification": None
        if verification is None or errors is None
        else {
            "at": verification.created_at.isoformat(),
            "model": verification.model_sha256,
            "overall": _error_dict(errors.overall),
            "axes": {axis: _error_dict(error) for axis, error in errors.axes.items()},
            "failed": json.loads(verification.failed),
        },
    }


def activity_dict(activity: CameraActivity) -> dict[str, Any]:
    """Whether a camera posts, for programs."""
    seen = activity.last_seen
    return {
        "last_seen": None if seen is None else seen.isoformat(),
        "silent": activity.silent,
        "silent_after_minutes": activity.silent_after_minutes,
        "postings_last_hour": activity.postings_last_hour,
        "has_token": activity.has_token,
    }


def show_cameras(
    console: Console,
    cameras: Sequence[KnownCamera],
    activity: Mapping[int, CameraActivity],
    at: datetime,
) -> None:
    """One row a camera; ``activity`` is by the ids of the cameras' rows."""
    if not cameras:
        console.print("No camera is known yet. `greenpack camera add HUB NAME` adds one.")
        return
    table = Table()
    for title in ("camera", "hub", "last seen", "calibrated", "verified", "status"):
        table.add_column(title, overflow="fold")
    for camera in cameras:
        calibration, verification = camera.calibration, camera.verification
        table.add_row(
            escape(camera.name),
            escape(camera.hub or "-"),
            _seen(activity[camera.id], at),
            "-" if calibration is None else age(calibration.created_at, at),
            "-" if verification is None else age(verification.created_at, at),
            _status(camera),
        )
    console.print(table)


def show_camera(console: Console, camera: KnownCamera, at: datetime) -> None:
    """All that is known of one camera."""
    where = f" at {camera.hub}" if camera.hub else ""
    console.print(f"{escape(camera.name + where)}: {_status(camera)}", soft_wrap=True)
    calibration, model = camera.calibration, camera.model
    if calibration is not None and model is not None:
        grounds = json.loads(calibration.grounds)
        belt = "not known (no --belt photo)"
        if model.belt is not None:
            belt = f"{height_of(model.belt):.0f} mm under the camera, ± {model.belt.error:.1f} mm"
        focal = " x ".join(f"{value:.1f}" for value in model.focal)
        lines = (
            f"Calibrated   {age(calibration.created_at, at)} from {calibration.photos} photos of "
            f"{model.width} x {model.height} pixels",
            f"Error        {calibration.rms_px:.2f} pixels rms",
            f"Focal length {focal} pixels, ± {model.focal_error:.2%}",
            f"Board        seen in {grounds['coverage']:.0%} of the picture, turned by "
            f"{grounds['turn_degrees']:.0f} degrees",
            f"Belt         {belt}",
        )
        for line in lines:
            console.print(line, soft_wrap=True)
        for photo in grounds["rejected"]:
            console.print(
                f"Left out     {escape(photo['name'])}: {escape(photo['why'])}", soft_wrap=True
            )
    if camera.verification is not None and camera.errors is not None:
        console.print(f"Verified     {age(camera.verification.created_at, at)}", soft_wrap=True)
        table = Table()
        for title in ("sizes", "parcels", "bias mm", "95 % of the bias", "sd mm", "in interval"):
            table.add_column(title, justify="left" if title == "sizes" else "right")
        for axis, error in {**camera.errors.axes, "all": camera.errors.overall}.items():
            table.add_row(axis, *_cells(error))
        console.print(table)
        for photo in json.loads(camera.verification.failed):
            reason = REASONS[photo["reason"]].meaning
            console.print(f"Not measured {escape(photo['photo'])}: {reason}", soft_wrap=True)


def age(at: datetime, now: datetime) -> str:
    """A day, and how long ago that was."""
    days = (now - at).days
    ago = "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"
    return f"{at:%Y-%m-%d} ({ago})"


def _seen(activity: CameraActivity, at: datetime) -> str:
    """When a camera last posted, and whether that is too long ago."""
    seen = activity.last_seen
    ago = "never" if seen is None else f"{duration(max(0.0, (at - seen).total_seconds()))} ago"
    if not activity.has_token:
        return "no token" if seen is None else f"{ago}, no token"
    return f"[red]silent: {ago}[/]" if activity.silent else ago


def _status(camera: KnownCamera) -> str:
    colour = "green" if camera.status.may_accuse else "yellow"
    return f"[{colour}]{escape(camera.status.text)}[/]"


def _cells(error: AxisError) -> tuple[str, ...]:
    bias = error.bias
    known = bias is not None and bias.value is not None
    return (
        str(error.parcels),
        f"{bias.value:+.1f}" if known and bias is not None else "-",
        f"{bias.low:+.1f} to {bias.high:+.1f}" if bias is not None else "-",
        "-" if error.sd is None else f"{error.sd:.1f}",
        f"{error.inside} of {error.sizes}",
    )


def _error_dict(error: AxisError) -> dict[str, Any]:
    return {
        "parcels": error.parcels,
        "sizes": error.sizes,
        "bias_mm": None if error.bias is None else error.bias.as_dict(),
        "sd_mm": None if error.sd is None else round(error.sd, 4),
        "inside": error.inside,
    }
