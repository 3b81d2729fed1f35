"""A parcel's outer size with its errors, whether it was declared or measured on photos."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt

from greenpack.measure.contents.goods import Size, sized

Measure = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ParcelSize:
    """Outer length, width and height.

    Attributes:
        low: mm, > 0; where a side is only bounded, the least it may be.
        high: mm; equal to ``low`` on every side that was measured.
        own: standard uncertainty of each side by itself, mm, >= 0.
        shared: relative standard uncertainty that all sides have in common, as those of one photo
            have that of its scale, >= 0.
        origin: where it comes from, for people: ``declared`` or ``photo``.
    """

    low: Size
    high: Size
    own: Size
    shared: float = 0.0
    origin: str = "declared"

    def __post_init__(self) -> None:
        if min(self.low) <= 0 or any(
            low > high for low, high in zip(self.low, self.high, strict=True)
        ):
            raise ValueError("sizes and quantities must be positive")
        if min(self.own) < 0 or self.shared < 0:
            raise ValueError("errors must not be negative")

    @classmethod
    def declared(cls, parcel: Size, tolerance: float) -> ParcelSize:
        """A declared size, each edge true to +-``tolerance`` mm, evenly spread."""
        own = tolerance / sqrt(3)
        return cls(parcel, parcel, (own, own, own))

    @property
    def measured(self) -> bool:
        """Whether every side was measured, none only bounded."""
        return self.low == self.high

    @property
    def volume_error(self) -> float:
        """Relative standard uncertainty of the outer volume."""
        first, second, third = self.high
        return self.relative_error((1 / first, 1 / second, 1 / third))

    def words(self) -> str:
        """Where it comes from, with the relative error of its volume, for people."""
        source = "as declared" if self.origin == "declared" else "by photo"
        return f"{source} (volume to {200 * self.volume_error:.1f} %)"

    def relative_error(self, weights: Measure) -> float:
        """Relative standard uncertainty of a quantity of the three sides.

        Own errors are independent, the shared one moves all sides together (JCGM 100:2008, 5.2.2):
        u^2 = sum (g_i u_i)^2 + (s sum g_i x_i)^2.

        Args:
            weights: g_i, derivatives of the quantity's logarithm by each side, 1/mm.
        """
        own = sum((weight * error) ** 2 for weight, error in zip(weights, self.own, strict=True))
        common = self.shared * sum(
            weight * side for weight, side in zip(weights, self.high, strict=True)
        )
        return hypot(sqrt(own), common)

    def smallest(self) -> Size:
        """The smallest outer size that the errors allow; a tenth of a side always stays, mm."""
        return sized(
            max(side - 2 * hypot(error, self.shared * side), side / 10)
            for side, error in zip(self.low, self.own, strict=True)
        )

    def largest(self) -> Size:
        """The largest outer size that the errors allow, two standard uncertainties a side, mm."""
        return sized(
            side + 2 * hypot(error, self.shared * side)
            for side, error in zip(self.high, self.own, strict=True)
        )
