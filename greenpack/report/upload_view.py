"""What the upload page shows, as plain words and columns; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.language.speaking import moment_text, number_text, tr, trn
from greenpack.records.upload_forms import FileState, Upload, UploadedPhoto
from greenpack.report.finding_address import findings_link
from greenpack.report.findings_view import advice_on, meaning_of
from greenpack.rules.verdict import Verdict

Columns = dict[str, list[str | int | None]]

# An upload that takes nothing in for longer has broken off.
BROKEN_AFTER: Final = timedelta(seconds=60)
# A worker looks into the queue far more often than this.
WORKER_WITHIN: Final = timedelta(seconds=15)
_CLEAR: Final = (Verdict.VIOLATION, Verdict.COMPLIANT, Verdict.EXEMPT)


def is_broken(upload: Upload, now: datetime) -> bool:
    """Whether files of it that were chosen never came, and come no more."""
    return upload.completed_at is None and now - upload.touched_at > BROKEN_AFTER


def is_over(upload: Upload, now: datetime) -> bool:
    """Whether nothing of it changes any more by itself."""
    ended = upload.completed_at is not None or is_broken(upload, now)
    return ended and not upload.unfinished


def lacks_worker(upload: Upload, now: datetime, *, works: bool) -> bool:
    """Whether its photos wait and nobody seems to measure any."""
    return upload.unfinished > 0 and not works and now - upload.touched_at > WORKER_WITHIN


def share_done(upload: Upload) -> float:
    """How much of it is done, 0 to 1; while files are still coming each zip counts as one photo."""
    expected = max(upload.photos, upload.files if upload.completed_at is None else 0)
    return (upload.photos - upload.unfinished) / expected if expected else 1.0


def progress_words(upload: Upload, now: datetime) -> str:
    """How far it is, in one sentence."""
    done = number_text(upload.photos - upload.unfinished)
    photos = number_text(upload.photos)
    if upload.completed_at is None and not is_broken(upload, now):
        return tr(
            "Taking in: {photos} photos so far, {done} of them done.", photos=photos, done=done
        )
    if upload.unfinished:
        return tr("{done} of {photos} photos done.", done=done, photos=photos)
    return trn("{count} photo, all done.", "{count} photos, all done.", upload.photos)


def about_words(upload: Upload, zone: ZoneInfo) -> str:
    """Who uploaded what when, for whom."""
    when = moment_text(upload.created_at, zone)
    by = upload.by_name or tr("somebody who was not asked")
    if upload.hub:
        return tr(
            "By {name}, {when}; hub {hub}; judged under {profile}.",
            name=by,
            when=when,
            hub=upload.hub,
            profile=upload.profile_id,
        )
    return tr(
        "By {name}, {when}; no hub named; judged under {profile}.",
        name=by,
        when=when,
        profile=upload.profile_id,
    )


def table_words(upload: Upload) -> str | None:
    """What was taken from the waybill table that came with it; None without one."""
    if upload.table_name is None:
        return None
    taken = trn("{count} waybill taken", "{count} waybills taken", upload.waybills or 0)
    left_out = trn("{count} row left out", "{count} rows left out", upload.rows_left_out or 0)
    return tr(
        "{table}: {taken}, {left_out}.", table=upload.table_name, taken=taken, left_out=left_out
    )


def photo_columns(photos: Sequence[UploadedPhoto], profile_id: str) -> Columns:
    """A result for each photo, with a link to its finding where there is one."""
    return {
        tr("photo"): [photo.name for photo in photos],
        tr("result"): [result_words(photo) for photo in photos],
        tr("why"): [why_words(photo) for photo in photos],
        tr("what to do"): [what_to_do(photo) for photo in photos],
        tr("waybill"): [photo.waybill for photo in photos],
        tr("finding"): [
            None
            if photo.finding_id is None
            else findings_link(profile_id, finding=photo.finding_id)
            for photo in photos
        ],
    }


def result_words(photo: UploadedPhoto) -> str:
    """The verdict on its parcel, or how far it is."""
    if photo.state is FileState.JUDGED and photo.verdict is not None:
        return tr(photo.verdict.value)
    return tr(photo.state.value)


def why_words(photo: UploadedPhoto) -> str:
    """Why there is no verdict, or none that says more; and whether the photo was known."""
    if photo.same_as is not None:
        return tr("the same bytes as {name}; measured once", name=photo.same_as)
    said = []
    if photo.reason is not None and photo.verdict not in _CLEAR:
        meaning = tr(meaning_of(photo.reason))
        said.append(f"{meaning}: {photo.detail}" if photo.detail else meaning)
    if photo.known_before:
        said.append(tr("this photo was in the records already; it counts once"))
    return "; ".join(said)


def what_to_do(photo: UploadedPhoto) -> str:
    """The advice that goes with the reason, where there is something to do."""
    if photo.reason is None or photo.verdict in _CLEAR or photo.same_as is not None:
        return ""
    return tr(advice_on(photo.reason)) if advice_on(photo.reason) else ""


def upload_columns(uploads: Sequence[Upload], zone: ZoneInfo, now: datetime) -> Columns:
    """Past uploads, the newest first."""
    return {
        tr("upload"): [upload.id for upload in uploads],
        tr("when"): [moment_text(upload.created_at, zone) for upload in uploads],
        tr("by"): [upload.by_name or "-" for upload in uploads],
        tr("hub"): [upload.hub or "-" for upload in uploads],
        tr("profile"): [upload.profile_id for upload in uploads],
        tr("photos"): [upload.photos for upload in uploads],
        tr("judged"): [upload.counts[FileState.JUDGED] for upload in uploads],
        tr("waiting"): [upload.unfinished for upload in uploads],
        tr("refused"): [upload.counts[FileState.REFUSED] for upload in uploads],
        tr("given up"): [upload.counts[FileState.FAILED] for upload in uploads],
        tr("state"): [state_words(upload, now) for upload in uploads],
    }


def state_words(upload: Upload, now: datetime) -> str:
    """How far an upload is, in a word or two."""
    if is_broken(upload, now):
        return tr("broke off")
    if not is_over(upload, now):
        return tr("in progress")
    return tr("done")
