"""Amounts for people keep what their interval means, and no digit more."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.interval import Interval
from greenpack.report.rounded import range_text, value_text


@pytest.mark.parametrize(
    ("amount", "unit", "told"),
    [
        (Interval(1500.0, 1234.5, 1876.2), "m3", "1,200 to 1,900 m³"),
        (Interval(0.5, 0.41, 0.63), "m3", "410 to 630 L"),
        (Interval(0.5, 0.412, 0.631), "m3", "410 to 640 L"),
        (Interval(2.0e6, 1.81e6, 3.07e6), "kg", "1,800 to 3,100 t"),
        (Interval(58.0, 58.0, 58.0), "m3", "58.0 m³"),
        (Interval(0.0, 0.0, 0.0), "kg", "0 kg"),
        (Interval(1.0, -2.04, 7.9), "", "-3 to 8"),
        (Interval(6.0, 0.0712, 15.6), "kg", "0.07 to 16 kg"),
        (Interval(None, 1.9, 42.0), "m2", "1 to 42 m²"),
        (Interval(None, 10.0, 10.01), "kg", "10.0 to 10.1 kg"),
        (Interval(None, 123456.0, 123457.0), "m3", "123,000 to 124,000 m³"),
    ],
)
def test_a_range(amount: Interval, unit: str, told: str) -> None:
    assert range_text(amount, unit) == told


def test_a_value_has_the_digits_of_its_range() -> None:
    assert value_text(Interval(1512.3, 1234.5, 1876.2), "m3") == "1,500 m³"
    assert value_text(Interval(None, 1234.5, 1876.2), "m3") == "1,200 to 1,900 m³"


@given(st.floats(1e-3, 1e9), st.floats(0, 1e9))
def test_rounding_goes_outwards(low: float, width: float) -> None:
    high = low + width
    told = range_text(Interval(None, low, high))
    ends = [float(word.replace(",", "")) for word in re.split(" to ", told)]
    slack = 1e-6 * high
    assert ends[0] <= low + slack
    assert ends[-1] >= high - slack
    # And not by much: by no more than the width itself at either end, or the third digit.
    assert low - ends[0] <= max(width, 0.01 * high) + slack
    assert ends[-1] - high <= max(width, 0.01 * high) + slack
