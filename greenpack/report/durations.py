"""Time spans in words."""

from __future__ import annotations

from greenpack.language.speaking import tr


def duration(seconds: float | None) -> str:
    """A time span for people, to its leading unit: 40 s, 12 min, 5.5 h, 3 days."""
    if seconds is None:
        return "-"
    if seconds < 100:
        return tr("{number} s", number=f"{seconds:.0f}")
    if seconds < 100 * 60:
        return tr("{number} min", number=f"{seconds / 60:.0f}")
    if seconds < 48 * 3600:
        return tr("{number} h", number=f"{seconds / 3600:.1f}")
    return tr("{number} days", number=f"{seconds / 86400:.0f}")
