"""Every reason code GreenPack gives, with what it means and what to do about it.

A code is a promise to other programs and is never renamed. The texts are for people.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenpack.account_reasons import ACCOUNT_REASONS
from greenpack.camera_reasons import CAMERA_REASONS
from greenpack.case_reasons import CASE_REASONS
from greenpack.decision_reasons import DECISION_REASONS
from greenpack.exchange_reasons import EXCHANGE_REASONS
from greenpack.footprint_reasons import FOOTPRINT_REASONS
from greenpack.parcel_reasons import PARCEL_REASONS
from greenpack.record_reasons import RECORD_REASONS
from greenpack.service_reasons import SERVICE_REASONS


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code with its meaning and the advice that goes with it."""

    code: str
    meaning: str
    advice: str


class GreenPackError(Exception):
    """Something a person can mend: carries a reason code and advice, caught once at the edge.

    Attributes:
        code: a key of ``REASONS``.
        detail: what exactly was met, for example a path or a limit; may be empty.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.reason = REASONS[code]
        self.detail = detail
        super().__init__(f"{self.reason.meaning}: {detail}" if detail else self.reason.meaning)

    @property
    def code(self) -> str:
        """The reason code, for programs."""
        return self.reason.code

    @property
    def advice(self) -> str:
        """What a person can do about it."""
        return self.reason.advice


# Bytes that never became a photo.
_INTAKE = (
    Reason(
        "unreadable",
        "the file is no image in a format GreenPack reads",
        "Send JPEG, PNG, WebP, TIFF or HEIC, as the camera wrote it.",
    ),
    Reason(
        "truncated",
        "the image file is cut off or damaged",
        "Copy the file from the camera again; the transfer broke off.",
    ),
    Reason(
        "too_many_pixels",
        "the image has more pixels than the limit",
        "Send the photo at no more than 100 megapixels, or raise GREENPACK_MAX_PIXELS.",
    ),
    Reason(
        "too_few_pixels",
        "the image is too small to measure anything in it",
        "Send the original photo, not a thumbnail: the short side needs 160 pixels at least.",
    ),
    Reason(
        "file_too_large",
        "the file is larger than the limit",
        "Send the photo as the camera wrote it, or raise GREENPACK_MAX_FILE_BYTES.",
    ),
    Reason(
        "no_permission",
        "the file or folder may not be read by this user",
        "Give the user that runs GreenPack read permission.",
    ),
    Reason("not_found", "there is no such file or folder", "Check the path."),
    Reason(
        "symlink_loop",
        "the link leads back to itself or to a folder already visited",
        "Remove the link, or name the real folder.",
    ),
    Reason(
        "unsafe_path", "a zip entry points outside the zip", "Make the zip again from a folder."
    ),
    Reason(
        "zip_bomb",
        "the zip unpacks to far more than its size",
        "Split the photos into several zips; limits are in the settings.",
    ),
    Reason("zip_damaged", "the zip cannot be read", "Make the zip again."),
    Reason(
        "zip_encrypted", "the zip entry is protected by a password", "Make the zip without one."
    ),
    Reason(
        "zip_nested",
        "a zip inside a zip is not opened",
        "Unpack the inner zip and name it by itself.",
    ),
    Reason(
        "read_failed",
        "the disk or the network share did not deliver the file",
        "Check the disk or the connection, then try again.",
    ),
    Reason(
        "not_a_regular_file",
        "this is a device, socket or pipe, not a file",
        "Name a file, a folder or a zip.",
    ),
)

# Photos that cannot be measured: the words an inspector needs to retake the photo.
_MEASURE = (
    Reason(
        "no_parcel",
        "no parcel is seen in the photo",
        "Photograph the opened parcel from above so that it fills most of the picture.",
    ),
    Reason(
        "closed_parcel",
        "the parcel is closed, so its contents are not seen",
        "Open the parcel, fold the flaps out and photograph it from above.",
    ),
    Reason(
        "opening_doubtful",
        "something like an opening is seen, but not surely enough to be believed",
        "Fold the flaps out and photograph the opened parcel from above, in good light.",
    ),
    Reason(
        "opening_cut_off",
        "the opening runs out of the picture",
        "Step back until all four corners of the opening are in the picture.",
    ),
    Reason(
        "opening_not_rectangular",
        "the opening's outline does not fit a rectangle seen in perspective",
        "Fold all flaps out, clear the rim and photograph from above; a bag cannot be measured.",
    ),
    Reason(
        "opening_too_small",
        "the opening is too small in the picture to be measured",
        "Go closer: the opening should span at least a quarter of the picture.",
    ),
    Reason(
        "several_openings",
        "more than one opened parcel is in the picture",
        "Photograph one parcel at a time.",
    ),
    Reason(
        "too_oblique",
        "the camera looked in from too far to the side: a wall hides too much",
        "Hold the camera above the middle of the opening, looking straight down.",
    ),
    Reason("too_dark", "the photo is too dark", "Use more light or the flash."),
    Reason("too_bright", "the photo is overexposed", "Avoid glare and direct sun; use less light."),
    Reason(
        "too_blurred", "the photo is blurred", "Hold still, let the camera focus, use more light."
    ),
    Reason(
        "filler_hides_contents",
        "filler covers so much that nothing can be said of the contents",
        "Take the filler out and photograph the same parcel again, with its waybill.",
    ),
    Reason(
        "items_outside_opening",
        "goods lie outside the opening, so what was in the parcel is not all inside it",
        "Put all goods back as they were packed and photograph again.",
    ),
    Reason(
        "no_item_seen",
        "no goods are seen in the opening",
        "Photograph the parcel with its goods inside; an empty carton proves nothing.",
    ),
    Reason(
        "photos_disagree",
        "the photos of one waybill contradict each other",
        "Check that the photos show the same parcel with the same goods.",
    ),
    Reason(
        "declared_contradicts_photo",
        "the declared sizes cannot be true together with what the photo shows",
        "Measure the parcel and its goods by hand; correct the declaration.",
    ),
    Reason(
        "declared_contents_do_not_fit",
        "the declared goods do not go into the declared parcel",
        "Correct the sizes or quantities in the waybill data.",
    ),
)

# How a rule came to its verdict.
_RULES = (
    Reason(
        "beyond_limit",
        "the whole 95 % interval lies beyond the limit",
        "Check the evidence picture, then confirm or dismiss the finding.",
    ),
    Reason("within_limit", "the whole 95 % interval lies within the limit", "Nothing to do."),
    Reason(
        "interval_spans_limit",
        "the 95 % interval reaches to both sides of the limit",
        "Take the filler out and photograph again, or declare the sizes of parcel and goods.",
    ),
    Reason(
        "screening_only",
        "the text of this rule was not verified, so it may only screen",
        "Treat as a hint; get the legal text and verify the rule before accusing anyone.",
    ),
    Reason(
        "not_in_force", "the rule was not in force when the parcel was packed", "Nothing to do."
    ),
    Reason(
        "date_unknown",
        "it is not known when the parcel was packed, so not whether the rule was in force",
        "Send the original photo with its capture time, or state packed_on in the waybill data.",
    ),
    Reason("exempt_by_rule", "an exemption of the rule applies", "Nothing to do."),
    Reason(
        "exemption_unknown",
        "the whole 95 % interval lies beyond the limit, but an exemption may apply",
        "Import the waybill data: they declare what the exemption depends on.",
    ),
    Reason(
        "limit_unknown",
        "which limit applies is not known, and the limits disagree about this parcel",
        "Import the waybill data; where the rule's text is what is not known, get the text.",
    ),
    Reason(
        "metric_not_measured",
        "the quantity that this rule limits was not measured",
        "See what the rule needs with `greenpack rules show`.",
    ),
)

# The machine and its files, not the photo.
_SYSTEM = (
    Reason(
        "storage_failed",
        "a file or folder cannot be written or read",
        "Check free space and permissions; what was recorded before is safe: run it again.",
    ),
    Reason(
        "weights_missing",
        "the model's weights are not where they should be",
        "Install GreenPack again, or set GREENPACK_WEIGHTS to a weights folder or file.",
    ),
    Reason(
        "weights_changed",
        "the model's weights are not the ones their checksum file names",
        "Restore the weights from the release; numbers from unknown weights prove nothing.",
    ),
    Reason(
        "weights_unsuitable",
        "these are not the weights of a model that GreenPack can use",
        "Set GREENPACK_WEIGHTS to a YOLO segmentation model trained on GreenPack's labels.",
    ),
    Reason(
        "profile_unknown", "there is no such profile", "See `greenpack rules` for those there are."
    ),
    Reason(
        "profile_invalid", "the profile is not valid", "Mend what `greenpack rules check` names."
    ),
    Reason(
        "database_newer",
        "the database was written by a newer GreenPack",
        "Upgrade GreenPack; an older one would damage the records.",
    ),
    Reason(
        "database_unreachable",
        "the database cannot be opened",
        "Check GREENPACK_DATABASE_URL, the server and the folder's permissions.",
    ),
    Reason(
        "database_busy",
        "other programs kept the database from being written",
        "Try again; if it goes on, use PostgreSQL or let fewer programs write at once.",
    ),
    Reason("table_unreadable", "the CSV cannot be read", "Save it as CSV in UTF-8 or GB18030."),
    Reason(
        "table_columns_missing",
        "the CSV lacks a column that is needed",
        "Add the column; `greenpack import --help` lists all of them.",
    ),
)

_CAMERAS = tuple(Reason(*each) for each in CAMERA_REASONS)
_PARCELS = tuple(Reason(*each) for each in PARCEL_REASONS)
_SERVICE = tuple(Reason(*each) for each in SERVICE_REASONS)
_CASES = tuple(Reason(*each) for each in CASE_REASONS)
_ACCOUNTS = tuple(Reason(*each) for each in ACCOUNT_REASONS)
_FOOTPRINT = tuple(Reason(*each) for each in FOOTPRINT_REASONS)
_EXCHANGE = tuple(Reason(*each) for each in EXCHANGE_REASONS)
_DECISIONS = tuple(Reason(*each) for each in DECISION_REASONS)
_RECORDS = tuple(Reason(*each) for each in RECORD_REASONS)

REASONS: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        *_INTAKE,
        *_MEASURE,
        *_PARCELS,
        *_CAMERAS,
        *_RULES,
        *_SERVICE,
        *_ACCOUNTS,
        *_CASES,
        *_FOOTPRINT,
        *_EXCHANGE,
        *_DECISIONS,
        *_RECORDS,
        *_SYSTEM,
    )
}
