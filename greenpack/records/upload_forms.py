"""Uploads as plain values: how far each is, and the result of each of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from greenpack.language.speaking import mark
from greenpack.rules.verdict import Verdict


class FileState(StrEnum):
    """What became of a file so far."""

    WAITING = mark("waiting")
    WORKING = mark("being measured")
    JUDGED = mark("judged")
    SAME = mark("same photo")  # as another file of the upload
    REFUSED = mark("refused")  # its bytes are no usable photo
    FAILED = mark("given up")  # may be tried again


class FileGroup(StrEnum):
    """Which files of an upload are meant."""

    ALL = "all"
    VIOLATION = "violation"
    TROUBLE = "trouble"  # refused, given up or not measurable


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload and how far it is.

    Attributes:
        id: of its row.
        account_id: who uploaded; None where nobody was asked.
        by_name: that person's name; may be empty.
        profile_id: judged under.
        hub: ``province/municipality/hub``; empty where none was named.
        files: photos and zips that were chosen.
        created_at: when it began.
        touched_at: when a file of it was last taken in.
        completed_at: when the last was; None until then.
        table_name: of the waybill table that came with it, or None.
        waybills: taken from it.
        rows_left_out: of it.
        counts: photos by state; every state has a key.
    """

    id: int
    account_id: int | None
    by_name: str
    profile_id: str
    hub: str
    files: int
    created_at: datetime
    touched_at: datetime
    completed_at: datetime | None
    table_name: str | None
    waybills: int | None
    rows_left_out: int | None
    counts: Mapping[FileState, int]

    @property
    def photos(self) -> int:
        """How many photos were taken in so far, or refused."""
        return sum(self.counts.values())

    @property
    def unfinished(self) -> int:
        """How many of them wait or are worked on."""
        return self.counts[FileState.WAITING] + self.counts[FileState.WORKING]


@dataclass(frozen=True, slots=True)
class UploadedPhoto:
    """One file of an upload and what became of it.

    Attributes:
        name: for people.
        state: what became of it so far.
        posting_id: its place in the queue, or None.
        reason: why it was refused, given up, not measured or not decided; or None.
        detail: more on that, or None.
        same_as: the name of the file with the same bytes, or None.
        known_before: whether the photo was in the records before this upload.
        verdict: on its parcel under the upload's profile; None where there is none or where it
            lies outside of what may be seen.
        finding_id: the finding that the verdict rests on, or None.
        explanation: of that finding, or None.
        waybill: the parcel's number, or None.
    """

    name: str
    state: FileState
    posting_id: int | None
    reason: str | None
    detail: str | None
    same_as: str | None
    known_before: bool
    verdict: Verdict | None
    finding_id: int | None
    explanation: str | None
    waybill: str | None
