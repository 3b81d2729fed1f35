"""What stays recognisable is the parcel and what is in it; labels are not."""

from __future__ import annotations

import numpy as np
import pytest

from greenpack.intake.barcode import PrintedCode
from greenpack.intake.waybill_number import WaybillNumber
from greenpack.vision.private_regions import label_regions, parcel_regions
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.veil import clear_mask

SIZE = (900, 1200)
NUMBER = WaybillNumber("SF1234567890123")


def box(x: int, y: int, width: int, height: int) -> np.ndarray:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], float)


def shape(label: Label, *area: int) -> Shape:
    return Shape(label, 0.9, box(*area))


OPENING = shape(Label.OPENING, 200, 150, 800, 600)
PARCEL = shape(Label.PARCEL, 200, 150, 800, 600)


def clear(shapes: list[Shape], corners: np.ndarray | None = None, codes: tuple = ()) -> np.ndarray:
    told = None if corners is None else [tuple(corner) for corner in corners.tolist()]
    regions = parcel_regions(SIZE, shapes, told)
    return clear_mask(SIZE, regions, label_regions(shapes, codes, regions)) == 255


def code(*area: int, linear: bool = True, number: WaybillNumber | None = NUMBER) -> PrintedCode:
    return PrintedCode(tuple(map(tuple, box(*area).tolist())), linear, number)


def test_without_a_parcel_nothing_is_clear() -> None:
    assert not clear([]).any()
    assert not clear([shape(Label.ITEM, 10, 10, 300, 300), shape(Label.TAPE, 0, 0, 90, 9)]).any()


def test_the_opening_and_the_goods_that_stand_out_of_it_are_clear() -> None:
    tall = shape(Label.ITEM, 900, 300, 180, 100)  # 100 of its 180 pixels lie within
    seen = clear([OPENING, tall])
    assert seen[150:750, 200:1000].all()
    assert seen[310:390, 1000:1080].all()
    assert not seen[:140].any()
    assert not seen[:300, 1010:].any()


def test_goods_beside_the_parcel_may_be_a_person_and_are_not_clear() -> None:
    seen = clear([OPENING, shape(Label.ITEM, 950, 300, 200, 100)])
    assert not seen[:, 1010:].any()


def test_the_corners_that_were_measured_count_more_than_the_outline_that_was_seen() -> None:
    too_far = shape(Label.OPENING, 0, 0, 1200, 900)
    seen = clear([too_far], box(300, 300, 200, 200))
    assert seen[300:500, 300:500].all()
    assert not seen[:290].any()
    assert not seen[510:].any()


@pytest.mark.parametrize("label", [Label.OPENING, Label.PARCEL])
def test_of_several_parcels_only_the_largest_is_clear(label: Label) -> None:
    seen = clear([shape(label, 700, 100, 300, 300), shape(label, 100, 100, 500, 500)])
    assert seen[100:600, 100:600].all()
    assert not seen[:, 640:].any()


def test_only_a_rims_width_round_the_parcel_is_clear() -> None:
    seen = clear([OPENING])
    assert seen.sum() <= (600 + 12) * (800 + 12)


def test_a_label_that_was_seen_is_hidden_with_its_edge() -> None:
    seen = clear([PARCEL, shape(Label.WAYBILL, 400, 300, 250, 150)])
    assert not seen[295:455, 395:655].any()
    assert seen[200:280, 200:1000].all()


@pytest.mark.parametrize(
    ("printed", "reach"),
    [
        (code(550, 420, 100, 4), 2.4 * 100),
        (code(590, 440, 20, 20, linear=False), 6.5 * 20),
    ],
)
def test_a_waybills_code_stands_for_a_label_that_was_not_seen(
    printed: PrintedCode, reach: float
) -> None:
    seen = clear([PARCEL], codes=(printed,))
    x, y = printed.centre
    far = np.hypot(*np.meshgrid(np.arange(1200) - x, np.arange(900) - y))
    assert not seen[far < 0.97 * reach].any()
    assert seen[160:740, 210:990][far[160:740, 210:990] > reach + 3].all()


def test_another_code_is_hidden_alone() -> None:
    seen = clear([OPENING], codes=(code(550, 420, 100, 4, number=None),))
    assert not seen[385:460, 550:650].any()
    assert seen[160:370, 210:990].all()


def test_a_label_outside_of_the_opening_hides_nothing_in_it() -> None:
    beside = code(1060, 420, 100, 4)
    assert np.array_equal(clear([OPENING], codes=(beside,)), clear([OPENING]))
