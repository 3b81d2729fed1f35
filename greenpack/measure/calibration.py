"""How wide the model's part of an interval is, by the picture; from a file beside the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

VERSION = 2
"""Of the file. Files without a version hold one half width for all pictures."""

LEAST_FLOOR = 0.002
"""Least expected error of any picture, a share of the opening: sigma never vanishes."""

RESOLUTION = 0.1
"""How surely an outline is known at best, in hundredths of the picture's longer side.

The model's masks have about a hundred cells along that side; no outline is trusted to better than a
tenth of a cell, however small the quantile is.
"""


@dataclass(frozen=True, slots=True)
class Difficulty:
    """What makes the shares of an opening uncertain, each >= 0.

    Attributes:
        outline: how much of the opening lies along the outlines of goods and filler, in a band
            a hundredth of the picture's longer side wide. A model's mask is off by some part of
            its cell along the whole outline; a small opening full of small things suffers most.
        doubt: the share of the opening that is seen as goods or filler, each point weighed by 1 -
            the surest shape's confidence, and what is taken for both counted in full.
        structure: standard deviation over mean of the brightness where nothing is seen. Bare
            board is even; goods that the model missed are not.
    """

    outline: float
    doubt: float
    structure: float


@dataclass(frozen=True, slots=True)
class HalfWidth:
    """A half width that grows with a picture's difficulty: quantile * sigma.

    sigma = floor + outline * (outline) + doubt * (doubt) + structure * (structure) is the error
    to expect of a picture, and the quantile says how many sigmas the interval must reach
    (normalised conformal prediction: Papadopoulos et al. 2002; Lei et al. 2018, section
    5.2). All factors are >= 0.

    Attributes:
        quantile: of error / sigma.
        floor: expected error of the easiest picture, a share of the opening.
        outline: factor of ``Difficulty.outline``, hundredths of the picture's longer side.
        doubt: factor of ``Difficulty.doubt``.
        structure: factor of ``Difficulty.structure``.
        resolution: the least half width over ``Difficulty.outline``.
    """

    quantile: float
    floor: float = 1.0
    outline: float = 0.0
    doubt: float = 0.0
    structure: float = 0.0
    resolution: float = 0.0

    def __post_init__(self) -> None:
        for factor in fields(self):
            if not getattr(self, factor.name) >= 0:
                raise ValueError(f"{factor.name} must not be negative")

    @property
    def same_for_all(self) -> bool:
        """Whether every picture has the same half width."""
        return not (self.outline or self.doubt or self.structure or self.resolution)

    def sigma(self, difficulty: Difficulty) -> float:
        """The error to expect of a picture, in units of which the quantile is stated; > 0."""
        return (
            self.floor
            + self.outline * difficulty.outline
            + self.doubt * difficulty.doubt
            + self.structure * difficulty.structure
        )

    def at(self, difficulty: Difficulty) -> float:
        """The half width for a picture, 0 to 1."""
        least = self.resolution * difficulty.outline
        return min(1.0, max(self.quantile * self.sigma(difficulty), least))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the model's ratios are off, from pictures it was never trained on.

    Each quantile is the conformal one of (absolute error - corners' part) / sigma over ``n``
    pictures: the ceil((n + 1) * coverage)-th smallest (Vovk et al. 2005). The corners' part is
    taken off because the interval adds it. What the void bound needs is one-sided, the end of a
    two-sided interval: how much the model misses, at (1 + coverage) / 2. That it sees too much
    does not make a bound bolder. There the corners' part stays in, as a reserve.

    Attributes:
        area_ratio: half width for the area ratio.
        filler_ratio: half width for the filler ratio.
        missed_ratio: the share of the opening behind which goods are, seen or hidden, where neither
            goods nor filler were seen.
        n: number of pictures that the quantiles are of; 0 where nothing was calibrated.
        fitted_on: number of pictures that sigma was fitted on; 0 where it is the same for all.
        folds: 1 where those are others than the ``n``; else each of the ``n`` was scored by a
            sigma of the other folds (cross-conformal: Vovk 2015), and ``fitted_on`` are the same.
        coverage: the share of pictures the interval is made to cover.
        source: what the calibration was made on, in words.
        size_factors: for each source of scale of closed parcels, by how much the intervals of their
            sizes are widened, >= 1: the conformal quantile of |error| / half width on the log
            scale over the sides of ``sizes_n`` boxes.
        sizes_n: for each source the number of boxes that its factor is of.
        sizes_source: what the factors were made on, in words.
    """

    area_ratio: HalfWidth = HalfWidth(0.10)
    filler_ratio: HalfWidth = HalfWidth(0.10)
    missed_ratio: HalfWidth = HalfWidth(0.10)
    n: int = 0
    fitted_on: int = 0
    folds: int = 1
    coverage: float = 0.95
    source: str = "no calibration: a wide default"
    size_factors: tuple[tuple[str, float], ...] = ()
    sizes_n: tuple[tuple[str, int], ...] = ()
    sizes_source: str = ""

    def __post_init__(self) -> None:
        if any(factor < 1 for _, factor in self.size_factors):
            raise ValueError("size factors must not be below 1")

    def size_factor(self, scale: str) -> float:
        """By how much intervals of sizes with this source of scale are widened, >= 1.

        A source that was not calibrated is taken to be as bad as the worst that was.
        """
        known = dict(self.size_factors)
        return known.get(scale, max(known.values(), default=1.0))

    def size_note(self, scale: str) -> str:
        """Where the factor comes from, for the budget."""
        factor, boxes = self.size_factor(scale), dict(self.sizes_n).get(scale)
        of = "the worst of the calibrated scales" if boxes is None else f"{boxes} boxes"
        return (
            f"split conformal, {factor:.2f} x the other parts, {self.coverage:.0%} of the sides of "
            f"{of}: {self.sizes_source}"
        )


def read_calibration(content: Mapping[str, Any] | None) -> Calibration:
    """The calibration that a file states; what it leaves out keeps its default.

    Args:
        content: of ``calibration.json``. Version 2 has for each ratio an object with the fields
            of ``HalfWidth``, a file without a version one half width as a number.

    Raises:
        ValueError: where the file has another version or a ratio that cannot be read.
    """
    if content is None:
        return Calibration()
    if content.get("version", VERSION) != VERSION:
        raise ValueError(f"calibration of version {content['version']!r}, not {VERSION}")
    known = {field.name for field in fields(Calibration)}
    given = {name: value for name, value in content.items() if name in known}
    for name in ("area_ratio", "filler_ratio", "missed_ratio"):
        if name in given:
            given[name] = _half_width(name, given[name])
    for name, kind in (("size_factors", float), ("sizes_n", int)):
        if name in given:
            given[name] = _by_scale(name, given[name], kind)
    return Calibration(**given)


def _by_scale(name: str, stated: Any, kind: type[float]) -> tuple[tuple[str, Any], ...]:
    try:
        return tuple(sorted((str(scale), kind(value)) for scale, value in stated.items()))
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{name} of the calibration: {error}") from error


def _half_width(name: str, stated: Any) -> HalfWidth:
    try:
        return HalfWidth(**stated) if isinstance(stated, Mapping) else HalfWidth(float(stated))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} of the calibration: {error}") from error
