"""Labels that the model takes for goods."""

from __future__ import annotations

import numpy as np

from greenpack.vision.shapes import Label, Shape, labels_among_goods


def shape(label: Label, left: float, top: float, right: float, low: float) -> Shape:
    return Shape(
        label, 0.8, np.array([[left, top], [right, top], [right, low], [left, low]], float)
    )


MOUTH = shape(Label.OPENING, 0, 0, 100, 100)
INSIDE = shape(Label.ITEM, 10, 10, 40, 40)
FLAP = shape(Label.ITEM, 10, 120, 60, 160)


def labels(*numbers: tuple[float, float]) -> list[Label]:
    return [found.label for found in labels_among_goods([MOUTH, INSIDE, FLAP], numbers)]


def test_what_bears_a_waybills_number_beside_the_opening_is_a_label() -> None:
    assert labels((30, 140)) == [Label.OPENING, Label.ITEM, Label.WAYBILL]


def test_without_a_number_and_inside_the_opening_goods_stay_goods() -> None:
    as_they_were = [Label.OPENING, Label.ITEM, Label.ITEM]
    assert labels() == as_they_were
    assert labels((20, 20), (200, 200)) == as_they_were
