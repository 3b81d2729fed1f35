"""Normalised conformal prediction: sigma from some pictures, scores of others, a quantile of those.

Score = (error - the corners' part) / sigma(x) (Papadopoulos et al., Inductive confidence machines
for regression, 2002; Lei et al., Distribution-free predictive inference for regression, 2018,
section 5.2). Sigma never sees the pictures that it scores. In halves the scores of the second half
and of any later picture like them are exchangeable, so coverage is exact to rank whatever sigma is
worth. In folds each picture is scored by the sigma of the other folds, and the quantile of all
scores goes with the sigma of all pictures (cross-conformal: Vovk, Cross-conformal predictors,
2015): that is exact only as far as sigma does not depend on single pictures, which four factors
fitted to a hundred do not. docs/decisions.md has the figures.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
import numpy.typing as npt

from greenpack.measure.calibration import LEAST_FLOOR, RESOLUTION, Difficulty, HalfWidth

LEAST_TO_FIT = 20
"""Below so many pictures sigma is not fitted but the same for all."""

CAUTION = 0.5
"""Share of the mean sigma that every picture's sigma is raised by (beta of Papadopoulos 2008).

A model may be sure and wrong: without it the pictures that look easiest were covered less often
than the others.
"""

_LEAST_ERROR = 1e-4  # keeps the logarithm of the likelihood finite
_STEPS = 500
_DIGITS = 4


def fold_of(seed: int, folds: int) -> int:
    """The fold of a picture, 0 to folds - 1, by a hash of its scene's seed."""
    return int.from_bytes(hashlib.sha256(str(seed).encode()).digest()[:8]) % folds


def quantile(scores: Sequence[float], coverage: float) -> float | None:
    """Split conformal quantile: the ceil((n + 1) * coverage)-th smallest score, at least 0.

    Vovk et al. 2005; Lei et al. 2018, section 2.2. None with fewer than coverage / (1 - coverage)
    scores: then no number covers.
    """
    # (n + 1) * coverage is whole at times, and binary fractions must not lift it by one.
    rank = math.ceil((len(scores) + 1) * coverage - 1e-9)
    return max(0.0, sorted(scores)[rank - 1]) if rank <= len(scores) else None


def fit_sigma(hard: Sequence[Difficulty], errors: Sequence[float]) -> HalfWidth:
    """Sigma by the errors of some pictures; its quantile is 1.

    The errors are taken for Laplace distributed with scale sigma, which few large ones do not
    upset as they would squares. The likelihood's maximum with factors >= 0 is reached by the
    multiplicative steps of Fevotte and Idier (Algorithms for nonnegative matrix factorization
    with the beta-divergence, 2011), for minus the logarithm is the Itakura-Saito divergence.

    Args:
        hard: of each picture.
        errors: of each picture, of either sign.
    """
    if len(hard) < LEAST_TO_FIT:
        return HalfWidth(1.0)
    terms = np.array([(1.0, *astuple(one)) for one in hard])
    size = np.maximum(np.abs(np.asarray(errors, np.float64)), _LEAST_ERROR)
    factors = _most_likely(terms, size)
    factors[0] = max(LEAST_FLOOR, factors[0] + CAUTION * float((terms @ factors).mean()))
    floor, outline, doubt, structure = (round(float(factor), _DIGITS) for factor in factors)
    return HalfWidth(1.0, floor, outline, doubt, structure, resolution=RESOLUTION)


def _most_likely(
    terms: npt.NDArray[np.float64], size: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    mean = terms.mean(axis=0)
    used = mean > 0
    factors = np.zeros(terms.shape[1])
    factors[used] = size.mean() / mean[used] / used.sum()
    for _ in range(_STEPS):
        sigma = np.maximum(terms @ factors, _LEAST_ERROR)
        wanted, given = terms.T @ (size / sigma**2), terms.T @ (1 / sigma)
        factors[used] *= np.sqrt(wanted[used] / given[used])
    return factors
