"""A number with its 95 % interval: the only form in which GreenPack states one."""

from __future__ import annotations

import math
from dataclasses import dataclass

IN_95 = 1.959964
"""Standard deviations on either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A quantity with its 95 % interval.

    ``value`` is the best estimate, or None where only a bound is known (one photo of an opened
    parcel bounds the void ratio from below and says nothing of the rest). ``low <= high``;
    ``value`` lies within them where it is given. Unit and range are those of the quantity.

    Raises:
        ValueError: if a bound is not finite, ``low > high``, or ``value`` lies outside.
    """

    value: float | None
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"interval bounds must be finite, not {self.low} and {self.high}")
        if self.low > self.high:
            raise ValueError(f"interval is upside down: low {self.low} > high {self.high}")
        if self.value is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value} lies outside [{self.low}, {self.high}]")

    def as_dict(self) -> dict[str, float | None]:
        """The JSON form of the command line contract: ``{"value", "low", "high"}``."""
        return {
            "value": None if self.value is None else round(self.value, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
        }
