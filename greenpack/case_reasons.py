"""What can go wrong with cases and their archives: codes for ``greenpack.reasons``."""

from __future__ import annotations

CASE_REASONS = (
    (
        "case_unknown",
        "there is no such case",
        "Look for it in the list of cases again.",
    ),
    (
        "case_changed_meanwhile",
        "somebody has recorded something about this case meanwhile",
        "See what, then decide again.",
    ),
    (
        "case_step_not_allowed",
        "this step does not follow from how the case stands",
        "Load the case again: it shows the steps that are allowed now.",
    ),
    (
        "case_note_missing",
        "this step needs the reasons for it, in words",
        "Write why, or what the sender answered.",
    ),
    (
        "case_due_date_wrong",
        "the due date is missing or not late enough",
        "Choose a day after today, and for an extension a day after the one that stands.",
    ),
    (
        "case_refusal_too_early",
        "the time for correcting is not over and the sender has not answered",
        "Wait until the day after the due date, or record the answer that refuses.",
    ),
    (
        "case_consequence_unknown",
        "the profile does not provide for this, or its text was not verified",
        "Read the law, state it in the profile with its source, and set verified = true.",
    ),
    (
        "case_amount_out_of_range",
        "the amount is missing or outside the range that the profile states",
        "Choose an amount within the range.",
    ),
    (
        "case_empty",
        "a case needs a finding",
        "Choose one finding at least.",
    ),
    (
        "case_finding_unfit",
        "a finding cannot be part of this case any more",
        "It must be a confirmed violation of this sender, current, judged under the same version "
        "of the profile, and in no other case: choose again.",
    ),
    (
        "case_profile_missing",
        "the file of the profile that judged these findings is not there",
        "Set GREENPACK_PROFILES_FOLDER to its folder, or judge the photos again under the present "
        "version with `greenpack audit`.",
    ),
    (
        "case_file_too_large",
        "the attached file is too large",
        "Attach a smaller one, for example a scan at 150 dots per inch.",
    ),
    (
        "case_archive_unreadable",
        "the file is no zip of a case, or is damaged",
        "Ask for it again; `sha256sum` of both copies shows where it changed.",
    ),
    (
        "case_archive_unsafe",
        "the zip has entries that no zip of a case has",
        "Do not unpack it; ask whoever sent it where it comes from.",
    ),
    (
        "case_archive_too_large",
        "the zip unpacks to more than a case can hold",
        "Do not unpack it; ask whoever sent it where it comes from.",
    ),
)
