"""The tables of the hubs page, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from greenpack.language.speaking import moment_text, number_text, tr
from greenpack.reasons import REASONS
from greenpack.records.hub_load import CameraActivity, HubLoad
from greenpack.records.postings import Backlog, Posted
from greenpack.report.durations import duration

Columns = dict[str, list[object]]


@dataclass(frozen=True, slots=True)
class Strain:
    """Whether cameras are told to wait, or soon will be.

    Attributes:
        grave: whether photos are refused now.
        words: what is the matter and what to do about it.
    """

    grave: bool
    words: str


def strains(
    depth: Backlog, free_bytes: int | None, max_backlog: int, min_free_bytes: int
) -> list[Strain]:
    """What keeps photos from being taken in, or is about to; none where all is well.

    Args:
        depth: the queue.
        free_bytes: room where photos are kept, or None if unknown.
        max_backlog: photos that may wait.
        min_free_bytes: room below which no photo is taken in.
    """
    found = []
    if depth.waiting >= max_backlog:
        found.append(
            Strain(
                True,
                tr(
                    "{waiting} photos wait, the limit is {limit}: cameras are told to wait (429). "
                    "Start more workers: greenpack work.",
                    waiting=number_text(depth.waiting),
                    limit=number_text(max_backlog),
                ),
            )
        )
    elif depth.waiting >= max_backlog / 2:
        found.append(
            Strain(
                False,
                tr(
                    "{waiting} photos wait; from {limit} on cameras are told to wait. "
                    "Start more workers: greenpack work.",
                    waiting=number_text(depth.waiting),
                    limit=number_text(max_backlog),
                ),
            )
        )
    if free_bytes is not None and free_bytes < min_free_bytes:
        found.append(
            Strain(
                True,
                tr(
                    "{free} are free, {kept} are kept free: cameras are told to wait (507). "
                    "Make room, or delete what is no longer held: greenpack sweep.",
                    free=size(free_bytes),
                    kept=size(min_free_bytes),
                ),
            )
        )
    elif free_bytes is not None and free_bytes < 2 * min_free_bytes:
        found.append(
            Strain(
                False,
                tr(
                    "{free} are free; below {kept} cameras are told to wait. "
                    "Make room, or delete what is no longer held: greenpack sweep.",
                    free=size(free_bytes),
                    kept=size(min_free_bytes),
                ),
            )
        )
    return found


def size(count: float) -> str:
    """Bytes for people, in decimal units: 850 MB, 12.4 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"


def load_columns(loads: Sequence[HubLoad]) -> Columns:
    """A row for each hub; the load in percent of what it is stated to cope with."""
    return {
        tr("hub"): [load.hub or "-" for load in loads],
        tr("photos, last hour"): [load.photos_last_hour for load in loads],
        tr("parcels, last hour"): [load.parcels_last_hour for load in loads],
        tr("copes with"): [load.capacity_per_hour for load in loads],
        tr("load"): [None if load.load is None else 100 * load.load for load in loads],
        tr("waiting"): [load.backlog for load in loads],
        tr("oldest"): [duration(load.oldest_seconds) for load in loads],
        tr("silent cameras"): [", ".join(load.silent_cameras) for load in loads],
    }


def camera_columns(cameras: Sequence[CameraActivity], zone: ZoneInfo) -> Columns:
    """A row for each camera, the silent ones first; times in the zone."""
    ordered = sorted(cameras, key=lambda camera: not camera.silent)
    return {
        tr("hub"): [camera.hub or "-" for camera in ordered],
        tr("camera"): [camera.name for camera in ordered],
        tr("state"): [_state(camera) for camera in ordered],
        tr("last photo"): [_at(camera.last_seen, zone) for camera in ordered],
        tr("photos, last hour"): [camera.postings_last_hour for camera in ordered],
    }


def failed_columns(postings: Sequence[Posted], zone: ZoneInfo) -> Columns:
    """A row for each photo that was given up; times in the zone."""
    return {
        tr("id"): [posting.id for posting in postings],
        tr("received"): [_at(posting.received_at, zone) for posting in postings],
        tr("hub"): [posting.hub or "-" for posting in postings],
        tr("camera"): [_came_from(posting) for posting in postings],
        tr("photo"): [posting.source_name or posting.sha256[:12] for posting in postings],
        tr("why"): [_why(posting) for posting in postings],
    }


def _state(camera: CameraActivity) -> str:
    if not camera.has_token:
        return tr("cannot post: no token")
    if camera.silent:
        span = duration(60 * camera.silent_after_minutes)
        return tr("silent for more than {span}", span=span)
    return tr("posting") if camera.postings_last_hour else tr("quiet")


def _came_from(posting: Posted) -> str:
    """The camera, or that somebody uploaded it."""
    if posting.uploaded_by is None:
        return posting.camera
    if not posting.uploaded_by:
        return tr("upload")
    return tr("upload by {name}", name=posting.uploaded_by)


def _why(posting: Posted) -> str:
    reason = posting.reason or ""
    meaning = tr(REASONS[reason].meaning) if reason in REASONS else reason
    if not posting.detail:
        return meaning
    return tr("{title}: {text}", title=meaning, text=posting.detail)


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return tr("never") if moment is None else moment_text(moment, zone)
