"""From the bytes of a photo of a closed parcel to its sizes, by each source of scale."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from greenpack.examination import examine, measure_settings
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.measurement import Measurement
from greenpack.measure.several_sizes import SIDES
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.shapes import Label, Shape
from tests.measure.closed.painted_cuboid import Painted, camera_over_belt, paint
from tests.painted import WEIGHTS

SIZES = (380.0, 270.0, 220.0)
NUMBER = "SF1234567890123"


@dataclass
class KnowingDetector:
    """Gives the coarse outlines of what was painted, as the model's masks are."""

    shapes_there: list[Shape]
    weights = WEIGHTS
    device: str = "cpu"

    def shapes(self, image: NDArray[np.uint8]) -> list[Shape]:
        return self.shapes_there


def with_code(painted: Painted, side: int = 500) -> NDArray[np.uint8]:
    """The picture with a waybill's QR code printed on the label, ``side`` / 8 mm large."""
    code = np.array(
        zxingcpp.create_barcode(NUMBER, zxingcpp.BarcodeFormat.QRCode).to_image(scale=1)
    )
    sheet = np.full((1200, 800), 235, np.uint8)
    sheet[350 : 350 + side, 150 : 150 + side] = cv2.resize(
        np.array(code), (side, side), interpolation=cv2.INTER_NEAREST
    )
    sheet = np.minimum(sheet, 235).astype(np.uint8)
    source = np.array([[0, 0], [800, 0], [800, 1200], [0, 1200]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, painted.label.corners.astype(np.float32))
    size = (painted.gray.shape[1], painted.gray.shape[0])
    # Blurred first: a warp takes single pixels of a sheet that is finer than the picture.
    laid = cv2.warpPerspective(cv2.GaussianBlur(sheet, (0, 0), 1.5), matrix, size)
    where = cv2.warpPerspective(np.full_like(sheet, 255), matrix, size) > 250
    where = cv2.erode(where.astype(np.uint8), np.ones((5, 5))) > 0
    return np.where(where, laid, painted.gray).astype(np.uint8)


def as_jpeg(gray: NDArray[np.uint8], focal_35mm: int | None = None) -> bytes:
    picture = Image.fromarray(gray).convert("RGB")
    exif = Image.Exif()
    if focal_35mm is not None:
        exif.get_ifd(0x8769)[0xA405] = focal_35mm
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=97, exif=exif)
    return buffer.getvalue()


def with_marker(painted: Painted, number: int, side: float) -> NDArray[np.uint8]:
    """The picture with a printed marker lying on the belt in front of the box."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_100)
    sheet = cv2.copyMakeBorder(
        cv2.aruco.generateImageMarker(dictionary, number, 600), 100, 100, 100, 100, 0, value=255
    )
    belt = painted.camera.belt
    assert belt is not None
    half = side / 2 * 800 / 600
    flat = np.array([[-half, half, 0], [half, half, 0], [half, -half, 0], [-half, -half, 0]])
    laid = flat + np.array([-330.0, -120.0, 0.0])
    corners = painted.camera.projected(
        laid @ np.array(belt.rotation).T + np.array(belt.translation)
    )
    source = np.array([[0, 0], [800, 0], [800, 800], [0, 800]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    size = (painted.gray.shape[1], painted.gray.shape[0])
    seen_sheet = cv2.warpPerspective(cv2.GaussianBlur(sheet, (0, 0), 2.0), matrix, size)
    where = cv2.warpPerspective(np.full_like(sheet, 255), matrix, size) > 250
    return np.where(where, seen_sheet, painted.gray).astype(np.uint8)


def shapes_of(painted: Painted) -> list[Shape]:
    rng = np.random.default_rng(3)
    rough = painted.label.corners + rng.normal(0, 2, (4, 2))
    return [*painted.shapes(), Shape(Label.WAYBILL, 0.9, rough)]


@pytest.fixture(scope="module")
def painted() -> Painted:
    # Close enough that the barcode's narrowest bar is two pixels wide.
    return paint(camera_over_belt(28.0, 1000.0, width=2000, focal=1900.0), SIZES, yaw=28.0)


def seen(painted: Painted, data: bytes, camera: CameraModel | None = None) -> Measurement:
    settings = Settings()
    using = measure_settings(settings, WEIGHTS, camera)
    detector = cast(Detector, KnowingDetector(shapes_of(painted)))
    return examine("a.jpg", data, detector, settings, using).measurement


def require_true(found: Measurement, scale: str, within: float) -> None:
    assert found.scale == scale, found.reason
    for side, true in zip(SIDES, SIZES, strict=True):
        assert found.quantities[side].value == pytest.approx(true, rel=within)
        assert found.quantities[side].low <= true <= found.quantities[side].high


def test_a_calibrated_camera_measures_a_closed_parcel(painted: Painted) -> None:
    found = seen(painted, as_jpeg(painted.gray), painted.camera)
    require_true(found, "calibrated_camera", within=0.02)
    assert found.cuboid is not None
    assert len(found.cuboid) == 8


def test_from_straight_above_length_and_width_hold_for_every_height_a_parcel_may_have() -> None:
    above = paint(camera_over_belt(2.0, 1400.0, width=2000, focal=1900.0), SIZES, yaw=28.0)
    assert above.camera.belt is not None
    assert above.camera.belt.height == pytest.approx(1400 * np.cos(np.radians(2.0)))
    found = seen(above, as_jpeg(above.gray), above.camera)
    assert found.scale == "calibrated_camera", found.reason
    for side, true in zip(SIDES, SIZES, strict=True):
        interval = found.quantities[side]
        assert interval.value is None
        assert interval.low < true < interval.high
    assert found.quantities[SIDES[2]].high == Settings().tallest_parcel_mm


def test_a_label_gives_the_scale_where_its_number_can_be_read(painted: Painted) -> None:
    found = seen(painted, as_jpeg(with_code(painted), focal_35mm=34))
    require_true(found, "waybill_label", within=0.05)


def test_a_label_without_a_number_may_be_any_sticker(painted: Painted) -> None:
    assert seen(painted, as_jpeg(painted.gray, focal_35mm=34)).reason == "no_scale"


def test_a_photo_of_other_proportions_is_not_the_cameras(painted: Painted) -> None:
    cropped = painted.gray[:, : painted.gray.shape[1] * 3 // 4]
    assert seen(painted, as_jpeg(cropped), painted.camera).reason == "camera_mismatch"


def test_a_marker_of_a_size_that_was_set_gives_the_scale(painted: Painted) -> None:
    settings = Settings(markers={7: 80.0})
    using = measure_settings(settings, WEIGHTS)
    detector = cast(Detector, KnowingDetector(painted.shapes()))
    picture = with_marker(painted, 7, 80.0)
    found = examine("a.jpg", as_jpeg(picture, 34), detector, settings, using).measurement
    require_true(found, "marker", within=0.05)
    unset = examine(
        "a.jpg", as_jpeg(picture, 34), detector, Settings(), measure_settings(Settings(), WEIGHTS)
    )
    assert unset.measurement.reason == "no_scale"


def test_markers_lie_on_or_beside_the_parcel_that_is_measured(painted: Painted) -> None:
    settings = Settings(markers={7: 80.0})
    using = measure_settings(settings, WEIGHTS)
    height, width = painted.gray.shape
    ground = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    doubtful = Shape(Label.PARCEL, 0.3, ground)
    detector = cast(Detector, KnowingDetector([*painted.shapes(), doubtful]))
    picture = as_jpeg(with_marker(painted, 7, 80.0), 34)
    require_true(examine("a.jpg", picture, detector, settings, using).measurement, "marker", 0.05)


def test_barcodes_are_read_where_a_label_may_give_the_scale_or_a_parcel_is_looked_up(
    painted: Painted,
) -> None:
    settings, data = Settings(), as_jpeg(with_code(painted), 34)
    using = measure_settings(settings, WEIGHTS)
    bare = cast(Detector, KnowingDetector(painted.shapes()))
    labelled = cast(Detector, KnowingDetector(shapes_of(painted)))
    assert not examine("a.jpg", data, bare, settings, using, attributing=False).codes
    for detector, attributing in ((labelled, False), (bare, True)):
        found = examine("a.jpg", data, detector, settings, using, attributing=attributing)
        assert found.numbers == (NUMBER,)


def test_a_label_that_is_too_small_in_the_reduced_picture_is_read_in_the_photo_as_it_is() -> None:
    fine = paint(camera_over_belt(28.0, 1000.0, width=4000, focal=3800.0), SIZES, yaw=28.0)
    picture = with_code(fine, side=130)
    reduced = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = [Shape(shape.label, shape.confidence, shape.polygon / 2) for shape in shapes_of(fine)]
    detector = cast(Detector, KnowingDetector(coarse))
    using = measure_settings(Settings(), WEIGHTS)
    small = examine("a.jpg", as_jpeg(reduced, 34), detector, Settings(), using)
    assert not small.numbers
    assert small.measurement.reason == "no_scale"
    for attributing in (False, True):
        large = examine(
            "a.jpg", as_jpeg(picture, 34), detector, Settings(), using, attributing=attributing
        )
        assert large.photo.scale == 0.5
        assert large.numbers == (NUMBER,)
        require_true(large.measurement, "waybill_label", within=0.05)
        (code,) = large.codes
        assert coarse[-1].holds(code.centre)
