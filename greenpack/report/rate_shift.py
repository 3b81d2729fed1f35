"""Where a rate moved: what each group added to its change, by its own rate and by the mix. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part(Generic[Key]):
    """What one group added to the change of the rate of all, each -1 to 1.

    Attributes:
        key: the group.
        within: because its own rate changed.
        mix: because its share of all parcels changed.
    """

    key: Key
    within: float
    mix: float

    @property
    def total(self) -> float:
        """Both."""
        return self.within + self.mix


def rate_shift(
    before: Mapping[Key, tuple[int, int]], after: Mapping[Key, tuple[int, int]]
) -> list[Part[Key]]:
    """Take the change of a rate apart by groups; the largest parts first.

    E. M. Kitagawa, "Components of a difference between two rates", J. Am. Stat. Assoc. 50 (1955)
    1168-1194: with shares w and rates r of each group in both periods, and means over the two
    periods written with a bar, R2 - R1 = sum (r2 - r1) w_bar + sum (w2 - w1) r_bar, without a
    remainder. As the shares' changes add up to zero, R_bar is taken off each r_bar: a group that
    grew adds to the rate only if it violates more than the whole. A group without parcels in one
    period has no rate there; it is taken to have the rate of the other, so that all it adds is mix.

    Args:
        before: hits and parcels by group in the former period.
        after: the same in the later one.

    Returns:
        A part for each group with parcels in either; their totals add up to the change. Empty
        where a period has no parcels at all.

    Raises:
        ValueError: for counts that cannot be.
    """
    if any(not 0 <= hits <= of for side in (before, after) for hits, of in side.values()):
        raise ValueError("a group has between none and all of its parcels hit")
    of_before = sum(of for _, of in before.values())
    of_after = sum(of for _, of in after.values())
    if not of_before or not of_after:
        return []
    rate_before = sum(hits for hits, _ in before.values()) / of_before
    rate_after = sum(hits for hits, _ in after.values()) / of_after
    middle = (rate_before + rate_after) / 2
    parts = []
    for key in dict.fromkeys((*before, *after)):
        hits1, of1 = before.get(key, (0, 0))
        hits2, of2 = after.get(key, (0, 0))
        if not of1 and not of2:
            continue
        rate1 = hits1 / of1 if of1 else hits2 / of2
        rate2 = hits2 / of2 if of2 else rate1
        share1, share2 = of1 / of_before, of2 / of_after
        within = (rate2 - rate1) * (share1 + share2) / 2
        mix = (share2 - share1) * ((rate1 + rate2) / 2 - middle)
        parts.append(Part(key, within, mix))
    return sorted(parts, key=lambda part: -abs(part.total))
