"""Whether a camera measures true: its sizes of known parcels against the tape's."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from greenpack.cameras.student import two_sided_95
from greenpack.measure.interval import Interval

# Below this the spread itself is hardly known: with ten parcels a standard deviation of 6 mm may
# truly be 10 mm.
LEAST_PARCELS = 10
AXES = ("length", "width", "height")

Sizes = tuple[Interval | None, Interval | None, Interval | None]


class SizeMeasurer(Protocol):
    """Measures the parcel in one photo with the camera that is being verified."""

    def __call__(self, name: str, data: bytes) -> Sizes:
        """Length, width and height of the parcel, None for what the photo does not give.

        Raises:
            GreenPackError, UnmeasurableError: why the photo gives no sizes at all.
        """


@dataclass(frozen=True, slots=True)
class SizePair:
    """One photo's sizes of a parcel beside the tape's.

    Attributes:
        photo: as shown to people.
        parcel: which parcel it is; photos of one parcel share it.
        measured: length, width and height in millimetres with their 95 % intervals; None where
            the photo does not give one.
        taped: the true ones, millimetres, > 0; length is the longer side of the base.
    """

    photo: str
    parcel: str
    measured: Sizes
    taped: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class VerificationLimits:
    """What a camera must keep to: millimetres, > 0."""

    max_bias_mm: float = 10.0
    max_sd_mm: float = 10.0


@dataclass(frozen=True, slots=True)
class AxisError:
    """The errors (measured minus tape) of one axis, or of all.

    Attributes:
        parcels: how many different parcels.
        sizes: how many sizes, of all photos.
        bias: their mean in millimetres, with its 95 % interval over parcels; of one parcel the
            interval is not known, so ``bias`` is None.
        sd: standard deviation of a single size's error in millimetres; None for one size.
        inside: how many of the 95 % intervals hold the tape's size.
    """

    parcels: int
    sizes: int
    bias: Interval | None
    sd: float | None
    inside: int


@dataclass(frozen=True, slots=True)
class Verification:
    """How a camera's sizes compare with the tape's.

    Attributes:
        axes: by axis, of those that were measured at all.
        overall: over all axes.
    """

    axes: Mapping[str, AxisError] = field(default_factory=dict)
    overall: AxisError = AxisError(0, 0, None, None, 0)

    def passes(self, limits: VerificationLimits) -> bool:
        """Whether the camera keeps to the limits on every axis that it measures."""
        return not self.shortfalls(limits)

    def shortfalls(self, limits: VerificationLimits) -> tuple[str, ...]:
        """Why it does not pass, each in words; empty if it does.

        The whole interval of the bias must lie within the limit, so that a camera is not trusted
        because too few parcels were measured to see its bias.
        """
        missing = [axis for axis in AXES[:2] if axis not in self.axes]
        found = [f"{axis} not measured" for axis in missing]
        for axis, error in {**self.axes, "all sizes": self.overall}.items():
            if error.parcels < LEAST_PARCELS:
                found.append(f"{axis}: {error.parcels} parcels, {LEAST_PARCELS} needed")
                continue
            bias = error.bias
            if bias is None or max(-bias.low, bias.high) > limits.max_bias_mm:
                shown = "unknown" if bias is None else f"{bias.low:+.1f} to {bias.high:+.1f} mm"
                found.append(f"{axis}: bias {shown}, limit {limits.max_bias_mm:g} mm")
            if error.sd is None or error.sd > limits.max_sd_mm:
                shown = "unknown" if error.sd is None else f"{error.sd:.1f} mm"
                found.append(f"{axis}: spread {shown}, limit {limits.max_sd_mm:g} mm")
        return tuple(found)


def verify_sizes(pairs: Sequence[SizePair]) -> Verification:
    """Bias and standard deviation of measured sizes against the tape's.

    Errors in photos of one parcel go together, and so do errors of its three axes: the interval
    of the bias is Student's over the parcels' mean errors. The standard deviation is that of
    single sizes, which is what a single photo of a parcel has to expect.
    """
    by_axis: dict[str, list[tuple[str, float, bool]]] = defaultdict(list)
    for pair in pairs:
        for axis, size, taped in zip(AXES, pair.measured, pair.taped, strict=True):
            if size is not None and size.value is not None:
                inside = size.low <= taped <= size.high
                by_axis[axis].append((pair.parcel, size.value - taped, inside))
    together = [error for axis in AXES for error in by_axis.get(axis, ())]
    return Verification(
        axes={axis: _summary(by_axis[axis]) for axis in AXES if axis in by_axis},
        overall=_summary(together),
    )


def _summary(errors: Sequence[tuple[str, float, bool]]) -> AxisError:
    by_parcel: dict[str, list[float]] = defaultdict(list)
    for parcel, error, _ in errors:
        by_parcel[parcel].append(error)
    means = [statistics.fmean(values) for values in by_parcel.values()]
    single = [error for _, error, _ in errors]
    bias = None
    if len(means) > 1:
        mean = statistics.fmean(means)
        half = two_sided_95(len(means) - 1) * statistics.stdev(means) / math.sqrt(len(means))
        bias = Interval(mean, mean - half, mean + half)
    return AxisError(
        parcels=len(means),
        sizes=len(single),
        bias=bias,
        sd=statistics.stdev(single) if len(single) > 1 else None,
        inside=sum(inside for _, _, inside in errors),
    )
