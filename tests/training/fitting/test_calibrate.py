"""Split conformal half widths."""

from __future__ import annotations

import pytest

from greenpack.training.fitting.calibrate import half_width


def test_the_half_width_is_the_rank_the_theorem_names() -> None:
    errors = [k / 100 for k in range(1, 100)]  # 99 errors: rank 95 of 99
    assert half_width(errors, 0.95) == pytest.approx(0.95)
    assert half_width([-e for e in errors], 0.95) == pytest.approx(0.95)


def test_too_few_errors_promise_nothing() -> None:
    assert half_width([0.01] * 18, 0.95) == 1.0
    assert half_width([0.01] * 19, 0.95) == pytest.approx(0.01)
