"""What can go wrong with the footprint's assumptions: codes for ``greenpack.reasons``."""

from __future__ import annotations

FOOTPRINT_REASONS = (
    (
        "assumptions_invalid",
        "the file of assumptions cannot be used",
        "Mend the file that GREENPACK_ASSUMPTIONS names; docs/footprint.md shows its form. "
        "Without it the shipped assumptions hold.",
    ),
)
