"""The judged number on its scale."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.report.interval_scale import scale_chart, scale_of, scale_words
from greenpack.rules.wording import Direction

VOID, TAPE = Quantity.VOID_RATIO, Quantity.TAPE_WIDTH_MM


def test_the_guard_band_is_as_wide_as_the_interval_towards_the_limit() -> None:
    scale = scale_of(Interval(0.70, 0.66, 0.80), 0.5, VOID, Direction.AT_MOST)
    assert (scale.first, scale.last, scale.limit) == (0.0, 100.0, 50.0)
    assert scale.guard is not None
    assert abs(scale.guard - 54.0) < 1e-9
    other = scale_of(Interval(0.70, 0.66, 0.80), 0.9, VOID, Direction.AT_LEAST)
    assert other.guard is not None
    assert abs(other.guard - 80.0) < 1e-9
    assert scale_of(Interval(None, 0.66, 1.0), 0.5, VOID, Direction.AT_MOST).guard is None


@given(
    st.floats(1, 90),
    st.floats(0.1, 5),
    st.floats(0.1, 5),
    st.floats(1, 90),
    st.sampled_from([*Direction]),
)
def test_beyond_the_guard_band_the_whole_interval_is_beyond_the_limit(
    value: float, below: float, above: float, limit: float, direction: Direction
) -> None:
    interval = Interval(value, value - below, value + above)
    scale = scale_of(interval, limit, TAPE, direction)
    assert scale.guard is not None
    if direction.is_upper and abs(value - scale.guard) > 1e-6:
        assert (value > scale.guard) == (interval.low > limit)
    if not direction.is_upper and abs(value - scale.guard) > 1e-6:
        assert (value < scale.guard) == (interval.high < limit)
    for mark in (interval.low, interval.high, limit, scale.guard):
        assert scale.first <= max(mark, 0.0) <= scale.last


def test_the_words_say_on_which_side_it_lies() -> None:
    beyond = scale_words(Interval(None, 0.66, 1.0), 0.5, VOID, Direction.AT_MOST)
    assert beyond == "The whole 95 % interval, 66.0 % to 100.0 %, lies beyond the limit of 50 %."
    assert "keeps to" in scale_words(Interval(0.3, 0.2, 0.5), 0.5, VOID, Direction.AT_MOST)
    assert "within" in scale_words(Interval(0.5, 0.4, 0.6), 0.5, VOID, Direction.AT_MOST)
    assert "beyond" in scale_words(Interval(0.3, 0.2, 0.4), 0.5, VOID, Direction.AT_LEAST)
    assert "keeps to" in scale_words(Interval(0.7, 0.6, 0.8), 0.5, VOID, Direction.AT_LEAST)


def test_the_chart_names_each_line() -> None:
    with_estimate = scale_of(Interval(0.7, 0.66, 0.8), 0.5, VOID, Direction.AT_MOST)
    spec = str(scale_chart(with_estimate, "void ratio (%)").to_dict())
    for word in ("measured", "limit", "guard band", "void ratio (%)"):
        assert word in spec
    bound = scale_of(Interval(None, 0.66, 1.0), 0.5, VOID, Direction.AT_MOST)
    assert "guard band" not in str(scale_chart(bound, "x").to_dict())
