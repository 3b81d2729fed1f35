"""Student's t for small samples, where 1.96 standard deviations would promise too much."""

from __future__ import annotations

import math

_Z = 1.959963984540054


def two_sided_95(degrees: int) -> float:
    """How many standard errors hold 95 %, for a standard error of so many degrees of freedom.

    Exact for one and two degrees; above that the expansion 26.7.5 of Abramowitz and Stegun,
    Handbook of Mathematical Functions (1964), within 1 % at three and 0.1 % from six on.

    Raises:
        ValueError: below one degree of freedom: one value tells nothing of its spread.
    """
    if degrees < 1:
        raise ValueError("the spread of a single value is not known")
    if degrees == 1:
        return math.tan(0.475 * math.pi)
    if degrees == 2:
        return math.sqrt(2 / (0.05 * 1.95) - 2)
    z, n = _Z, float(degrees)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )
