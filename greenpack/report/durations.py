"""Time spans in words."""

from __future__ import annotations


def duration(seconds: float | None) -> str:
    """A time span for people, to its leading unit: 40 s, 12 min, 5.5 h, 3 days."""
    if seconds is None:
        return "-"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"
