"""What can be wrong with what is recorded: codes for ``greenpack.reasons``."""

from __future__ import annotations

RECORD_REASONS = (
    (
        "evidence_missing",
        "an evidence picture is not where it should be",
        "Restore it from a backup; its name is the SHA-256 of its bytes.",
    ),
    (
        "evidence_changed",
        "an evidence picture is not the one that was recorded",
        "Restore it from a backup, and find out who changed it.",
    ),
    (
        "counts_differ",
        "counts are not what the findings say",
        "Count them anew with greenpack recount, and find out who changed them.",
    ),
)
