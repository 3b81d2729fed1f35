"""Bias and spread against the tape, and what a camera must show before it may accuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.cameras.plain_forms import pairs_form, pairs_from
from greenpack.cameras.status import Standing, camera_status
from greenpack.cameras.verification import (
    LEAST_PARCELS,
    SizePair,
    Verification,
    VerificationLimits,
    verify_sizes,
)
from greenpack.measure.interval import Interval

LIMITS = VerificationLimits()
TAPED = (300.0, 200.0, 100.0)


def pair(errors: tuple[float | None, ...], parcel: str, half: float = 5.0) -> SizePair:
    sizes = [
        None if error is None else Interval(true + error, true + error - half, true + error + half)
        for true, error in zip(TAPED, errors, strict=True)
    ]
    return SizePair(f"{parcel}.jpg", parcel, (sizes[0], sizes[1], sizes[2]), TAPED)


def same(error: float, parcels: int = 12) -> list[SizePair]:
    """Parcels whose sizes are all off by this much, give or take one."""
    return [pair((error + (-1) ** n,) * 3, f"P{n}") for n in range(parcels)]


def test_bias_and_spread_are_those_of_the_textbook() -> None:
    errors = [1.0, 2.0, 3.0, 6.0]
    found = verify_sizes([pair((e, -e, None), f"P{n}") for n, e in enumerate(errors)])
    assert set(found.axes) == {"length", "width"}
    length = found.axes["length"]
    assert length.bias is not None
    assert length.bias.value == pytest.approx(3.0)
    sd = math.sqrt(14 / 3)
    assert length.sd == pytest.approx(sd)
    assert length.bias.high - 3.0 == pytest.approx(3.182 * sd / 2, rel=0.003)
    assert (length.parcels, length.sizes, length.inside) == (4, 4, 3)
    assert found.overall.bias is not None
    assert found.overall.bias.value == pytest.approx(0.0)
    assert found.overall.parcels == 4
    assert found.overall.sizes == 8


def test_photos_of_one_parcel_are_no_more_parcels() -> None:
    once = verify_sizes([pair((e, e, e), p) for p, e in (("A", 2.0), ("B", 6.0))])
    often = verify_sizes([pair((e, e, e), p) for p, e in (("A", 2.0), ("B", 6.0))] * 20)
    assert often.overall.parcels == 2
    assert once.overall.bias == often.overall.bias


@given(st.floats(-50, 50), st.integers(2, 30))
def test_moving_all_sizes_moves_the_bias_and_nothing_else(move: float, parcels: int) -> None:
    here, there = verify_sizes(same(0, parcels)), verify_sizes(same(move, parcels))
    one, other = here.overall, there.overall
    assert one.bias is not None
    assert other.bias is not None
    assert other.bias.low - one.bias.low == pytest.approx(move, abs=1e-6)
    assert one.sd == pytest.approx(other.sd, abs=1e-6)


def test_the_interval_of_the_bias_holds_the_true_bias() -> None:
    random = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        errors = 4.0 + random.normal(0, 3, 10)[:, None] + random.normal(0, 3, (10, 3))
        bias = verify_sizes(
            [pair(tuple(row), f"P{n}") for n, row in enumerate(errors.tolist())]
        ).overall.bias
        assert bias is not None
        held += bias.low <= 4.0 <= bias.high
    assert 0.92 <= held / 400 <= 0.98


def test_a_camera_that_keeps_to_the_limits_passes() -> None:
    assert verify_sizes(same(3)).passes(LIMITS)
    assert verify_sizes([pair((1.0 + n % 2, 0.0, None), f"P{n}") for n in range(12)]).passes(LIMITS)


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        (same(12), "bias"),
        (same(-12), "bias"),
        # The mean is within the limit, but it may well be beyond it.
        (same(9.8), "bias"),
        ([pair((20.0 * (-1) ** n,) * 3, f"P{n}") for n in range(200)], "spread 20.0 mm"),
        (same(0, LEAST_PARCELS - 1), "9 parcels, 10 needed"),
        ([pair((1.0, None, 0.0), f"P{n}") for n in range(12)], "width not measured"),
        # One axis is off, the others make up for it.
        ([pair((14.0, -14.0 + n % 2, 0.0), f"P{n}") for n in range(12)], "length: bias"),
        ([], "length not measured"),
    ],
)
def test_a_camera_past_its_limits_does_not_pass_and_says_why(
    pairs: list[SizePair], why: str
) -> None:
    found = verify_sizes(pairs)
    assert not found.passes(LIMITS)
    assert why in "; ".join(found.shortfalls(LIMITS))


def test_the_limits_can_be_set() -> None:
    assert verify_sizes(same(12)).passes(VerificationLimits(max_bias_mm=15))
    assert not verify_sizes(same(0)).passes(VerificationLimits(max_sd_mm=0.5))


def test_a_size_without_an_estimate_is_not_compared() -> None:
    bounded = SizePair("a", "A", (Interval(None, 0, 900), None, None), TAPED)
    assert verify_sizes([bounded]) == Verification()


def test_pairs_come_back_from_their_plain_form() -> None:
    pairs = [pair((1 / 3, None, 0.1 + 0.2), "A"), pair((0.0, 0.0, 0.0), "B")]
    assert pairs_from(pairs_form(pairs)) == pairs


def test_the_status_says_what_is_missing() -> None:
    good = verify_sizes(same(1))
    cases = [
        ((None, None, None), Standing.NEVER_CALIBRATED),
        ((1, None, None), Standing.NEVER_VERIFIED),
        ((2, 1, good), Standing.RECALIBRATED),
        ((2, 2, verify_sizes(same(30))), Standing.PAST_LIMITS),
        ((2, 2, good), Standing.VERIFIED),
    ]
    for (newest, verified, errors), standing in cases:
        status = camera_status(newest, verified, errors, LIMITS)
        assert status.standing is standing
        assert status.may_accuse == (standing is Standing.VERIFIED)
        assert status.text.startswith("may accuse" if status.may_accuse else "may only screen: ")
