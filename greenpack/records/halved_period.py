"""A period cut into whole weeks and the days around them, and into two halves. Pure.

Counts by week are a tenth of those by day, so a ranking over a season reads weeks, and days only
at its two ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from greenpack.records.week_of import monday_of

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HalvedPeriod:
    """A period of whole days.

    Attributes:
        first: its first day.
        last: its last day, ``first`` or later.
        later: the first day of its later half, by which a trend is told: a Monday where a whole
            week lies in the period; after ``first``, and at most one after ``last``.
        weeks: the first and the last Monday whose whole weeks lie in the period; None without any.
    """

    first: date
    last: date
    later: date
    weeks: tuple[date, date] | None

    @property
    def days(self) -> tuple[tuple[date, date], ...]:
        """What is not in whole weeks: up to two stretches, each with its first and last day."""
        if self.weeks is None:
            return ((self.first, self.last),)
        before, behind = self.weeks[0] - _DAY, self.weeks[1] + _WEEK
        ends = ((self.first, before), (behind, self.last))
        return tuple((first, last) for first, last in ends if first <= last)


def halved(first: date, last: date) -> HalvedPeriod:
    """The period from one day to another, both included.

    Raises:
        ValueError: if it ends before it begins.
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    middle = first + ((last - first) + _DAY + _DAY) // 2
    monday = first if first.weekday() == 0 else monday_of(first) + _WEEK
    behind = monday_of(last + _DAY)  # the Monday after the last whole week
    if behind <= monday:
        return HalvedPeriod(first, last, middle, None)
    near = monday_of(middle + timedelta(days=3))
    later = min(max(near, monday if monday > first else monday + _WEEK), behind)
    return HalvedPeriod(first, last, later, (monday, behind - _WEEK))
