"""Campaign windows: which days a peak season has, and which days of the last one go beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """Some days and the days that they are compared with, as many of them; all ends included."""

    first: date
    last: date
    before_first: date
    before_last: date

    @property
    def days(self) -> int:
        """How many days, >= 1."""
        return (self.last - self.first).days + 1


def campaign(today: date, starts: tuple[int, int], days: int) -> Window:
    """The campaign that began last, up to today, beside as many days of the one before.

    Args:
        today: in the profile's time zone.
        starts: month and day of its first day, a day that every year has.
        days: how many days it has, 1 to 365.
    """
    month, day = starts
    first = date(today.year, month, day)
    if first > today:
        first = date(today.year - 1, month, day)
    length = min(days, (today - first).days + 1)
    before = date(first.year - 1, month, day)
    return Window(first, _end(first, length), before, _end(before, length))


def campaign_before(today: date, starts: tuple[int, int], days: int) -> Window:
    """The whole campaign before that one, beside the one before it."""
    first = campaign(today, starts, days).before_first
    before = date(first.year - 1, *starts)
    return Window(first, _end(first, days), before, _end(before, days))


def last_days(today: date, days: int) -> Window:
    """The last days up to today, beside as many right before them."""
    first = today - timedelta(days=days - 1)
    return Window(first, today, first - timedelta(days=days), first - timedelta(days=1))


def chosen_days(first: date, last: date) -> Window:
    """Any days, beside as many right before them.

    Raises:
        ValueError: if the last is before the first.
    """
    if last < first:
        raise ValueError("the last day is before the first")
    days = (last - first).days + 1
    return Window(first, last, first - timedelta(days=days), first - timedelta(days=1))


def _end(first: date, days: int) -> date:
    return first + timedelta(days=days - 1)
