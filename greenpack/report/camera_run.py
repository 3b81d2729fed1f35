"""Calibrating and verifying a camera from files, with everything kept in the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from sqlmodel import Session

from greenpack.cameras.belt import locate_belt
from greenpack.cameras.board_photo import BoardView
from greenpack.cameras.calibrating import RejectedPhoto, calibrate
from greenpack.cameras.lens_fit import MOST_GROUPS
from greenpack.cameras.photo_views import board_views
from greenpack.cameras.tape_table import TapedParcel, read_tape
from greenpack.cameras.verification import SizeMeasurer, SizePair
from greenpack.intake.source import Refused, Source
from greenpack.intake.sources import count_sources, find_sources
from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.reasons import GreenPackError
from greenpack.records.cameras import (
    KnownCamera,
    camera_at,
    camera_by_id,
    known_camera,
    record_calibration,
    record_verification,
)
from greenpack.records.columns import now
from greenpack.records.database import open_database, reading, transact
from greenpack.records.stored import given
from greenpack.report.terminal import progress_on
from greenpack.settings import Settings

# Gives what measures with a camera, and the SHA-256 of its model's weights.
MeasurerOf = Callable[[Settings, CameraModel], tuple[SizeMeasurer, str]]


@dataclass(frozen=True, slots=True)
class BeltPhotos:
    """Photos of the board lying on the belt; none leaves the belt unknown.

    Attributes:
        paths: as for ``find_sources``.
        thickness_mm: of the board's plate, >= 0.
    """

    paths: Sequence[str]
    thickness_mm: float


def run_calibration(
    settings: Settings,
    name: str,
    hub: str | None,
    photos: Sequence[str],
    belt: BeltPhotos,
    *,
    ruler_mm: float | None,
    squares: tuple[int, int] | None,
    square_mm: float | None,
    console: Console,
) -> KnownCamera:
    """Calibrate a camera and keep the result; nothing is kept of what is refused.

    Raises:
        GreenPackError: why the photos make no calibration, or which camera is meant.
    """

    def views(paths: Sequence[str], doing: str) -> tuple[list[BoardView], list[RejectedPhoto]]:
        with progress_on(console, _count(paths, settings, console), doing) as advance:
            return board_views(
                find_sources(paths, limits=settings.limits),
                settings.limits,
                settings.camera_zone,
                squares,
                square_mm,
                advance,
            )

    engine = open_database(settings.database)
    seen, unread = views(photos, "looking for the board")
    with progress_on(console, min(len(seen), MOST_GROUPS), "calibrating") as advance:
        found = calibrate(
            seen, unread=unread, ruler_mm=ruler_mm, square_mm=square_mm, advance=advance
        )
    flat: list[BoardView] = []
    if belt.paths:
        flat, missing = views(belt.paths, "looking for the belt")
        for photo in missing:
            raise GreenPackError("belt_not_seen", f"{photo.name}: {photo.why}")
        plane = locate_belt(found.camera, found.rms, found.board, flat, belt.thickness_mm)
        found = replace(found, camera=replace(found.camera, belt=plane))
    laid = [{"name": view.name, "sha256": view.sha256} for view in flat]

    def keep(session: Session) -> KnownCamera:
        camera_id = given(camera_at(session, name, hub).id)
        record_calibration(session, camera_id, found, now(), laid)
        return camera_by_id(session, camera_id, settings.camera_limits)

    return transact(engine, keep)


def run_verification(
    settings: Settings,
    name: str,
    hub: str | None,
    photos: Sequence[str],
    truth: Path,
    measurer_of: MeasurerOf,
    console: Console,
) -> KnownCamera:
    """Hold a camera's sizes against the tape's and keep the result, whether it passes or not.

    Raises:
        GreenPackError: for a table, camera or photos that cannot be used.
    """
    if not truth.is_file():
        raise GreenPackError("not_found", str(truth))
    tape = read_tape(truth.read_bytes())
    engine = open_database(settings.database)
    with reading(engine) as session:
        camera = known_camera(session, name, settings.camera_limits, hub)
    calibration = camera.calibration
    if calibration is None or camera.model is None:
        raise GreenPackError("camera_not_calibrated", name)
    measurer, model_sha256 = measurer_of(settings, camera.model)
    pairs: list[SizePair] = []
    failed: list[dict[str, str]] = []
    with progress_on(console, _count(photos, settings, console), "measuring") as advance:
        for source in find_sources(photos, limits=settings.limits):
            outcome = compare(source, tape, measurer)
            if isinstance(outcome, SizePair):
                pairs.append(outcome)
            else:
                failed.append({"photo": source.name, "reason": outcome})
            advance()
    if not any(size is not None and size.value is not None for p in pairs for size in p.measured):
        listed = "".join(f"\n  {each['photo']}: {each['reason']}" for each in failed)
        raise GreenPackError("verification_empty", f"{len(pairs) + len(failed)} photos{listed}")

    def keep(session: Session) -> KnownCamera:
        record_verification(session, calibration, pairs, failed, model_sha256, now())
        return camera_by_id(session, camera.id, settings.camera_limits)

    return transact(engine, keep)


def compare(
    source: Source | Refused, tape: Mapping[str, TapedParcel], measurer: SizeMeasurer
) -> SizePair | str:
    """One photo's sizes beside the tape's, or the code of the reason why there are none."""
    if isinstance(source, Refused):
        return source.reason
    taped = tape.get(source.sidecar_name.lower())
    if taped is None:
        return "not_in_tape_table"
    try:
        sizes = measurer(source.name, source.data)
    except GreenPackError as error:
        return error.code
    except UnmeasurableError as error:
        return str(error)
    return SizePair(source.name, taped.parcel, sizes, taped.sizes)


def _count(paths: Sequence[str], settings: Settings, console: Console) -> int | None:
    return count_sources(paths, limits=settings.limits) if console.is_terminal else None
