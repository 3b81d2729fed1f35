"""Numbers as people read them."""

from __future__ import annotations

import pytest

from greenpack.measure.measurement import Quantity
from greenpack.rules.wording import limit_words, number_words, unknown_words


@pytest.mark.parametrize(
    ("value", "quantity", "near", "words"),
    [
        (0.66, Quantity.VOID_RATIO, None, "66.0 %"),
        (0.5, Quantity.VOID_RATIO, 0.5, "50.0 %"),
        (0.49996, Quantity.VOID_RATIO, 0.5, "49.996 %"),
        (0.07, Quantity.VOID_RATIO, 0.07, "7.0 %"),
        (45.04, Quantity.TAPE_WIDTH_MM, 45.0, "45.04 mm"),
        (2.0, Quantity.LAYERS, 2.0, "2"),
        (2.5, Quantity.LAYERS, 2.0, "2.5"),
        (1.25, Quantity.BOX_FIT_DIAGONAL, 1.5, "1.2 times"),
    ],
)
def test_a_number_never_seems_to_lie_on_the_wrong_side(
    value: float, quantity: Quantity, near: float | None, words: str
) -> None:
    assert number_words(value, quantity, near) == words


def test_limits_are_written_short() -> None:
    assert limit_words(0.5, Quantity.VOID_RATIO) == "50 %"
    assert limit_words(45, Quantity.TAPE_WIDTH_MM) == "45 mm"
    assert limit_words(2.5, Quantity.BOX_FIT_DIAGONAL) == "2.5 times"


def test_what_is_unknown_agrees_in_number() -> None:
    assert unknown_words(["a", "a"]) == "a is unknown"
    assert unknown_words(["a", "b"]) == "a and b are unknown"
