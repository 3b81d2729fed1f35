"""ArUco markers of known size as a scale."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.marker_scale import marker_patterns, markers
from greenpack.measure.projective import Array
from tests.measure.closed import drawn


def printed(number: int) -> NDArray[np.uint8]:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_100)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, number, 240), np.uint8)


def put(
    picture: NDArray[np.uint8], number: int, size: float, on: drawn.Plane, by: CameraModel
) -> Array:
    """Paint a marker on white paper; its corners, clockwise from its own upper left."""
    drawn.paint(
        picture, np.full((9, 9), 235, np.uint8), drawn.rectangle(1.4 * size, 1.4 * size), on, by
    )
    extent = drawn.rectangle(size, size)
    drawn.paint(picture, printed(number), extent, on, by)
    return on.seen(extent, by)


def scene(*places: tuple[int, float, float]) -> tuple[NDArray[np.uint8], dict[int, Array]]:
    """Markers of 60 mm at (id, x, y) millimetres, seen from straight above."""
    rng, by = np.random.default_rng(1), drawn.camera()
    picture = drawn.carton(rng)
    seen = {
        number: put(picture, number, 60.0, drawn.Plane(np.eye(3), np.array([x, y, 800.0])), by)
        for number, x, y in places
    }
    return drawn.photographed(picture, rng), seen


def square(middle: Array, half: float) -> Array:
    return middle + half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def test_corners_are_where_they_were_drawn_and_as_sure_as_said() -> None:
    rng, off = np.random.default_rng(8), []
    for _ in range(30):
        by = drawn.camera()
        on = drawn.plane(rng, rng.uniform(300, 1500), 50)
        picture = drawn.carton(rng)
        corners = put(picture, 7, 60.0, on, by)
        photo = drawn.photographed(picture, rng, rng.uniform(0.5, 1.5), rng.uniform(1, 5))
        found = marker_patterns(photo, {7: 60.0}, None)
        for pattern in found:
            assert pattern.name == "marker 7"
            assert pattern.size == (60.0, 60.0)
            off.append((pattern.corners - corners) / pattern.corner_error)
    assert len(off) > 20
    inside = float(np.mean(np.abs(off) < 1.96))
    assert inside >= 0.93
    # Said no larger than twice what they are.
    assert float(np.sqrt(np.mean(np.square(off)))) > 0.4


def test_a_marker_lies_on_the_parcel_beside_it_or_nowhere() -> None:
    photo, seen = scene((1, -220.0, 0.0), (2, 120.0, 0.0), (3, 0.0, 200.0))
    parcel = square(seen[2].mean(axis=0), 130.0)
    edge = seen[3].mean(axis=0)
    parcel = np.array([parcel[0], parcel[1], parcel[2], edge, parcel[3]])
    found = marker_patterns(photo, {1: 60.0, 2: 60.0, 3: 60.0}, parcel)
    assert {(pattern.name, pattern.on) for pattern in found} == {
        ("marker 1", "belt"),
        ("marker 2", "face"),
    }


def test_a_marker_without_a_size_is_not_used() -> None:
    photo, _ = scene((1, -150.0, 0.0), (42, 150.0, 0.0))
    assert [pattern.name for pattern in marker_patterns(photo, {1: 60.0}, None)] == ["marker 1"]


def test_an_id_seen_twice_is_not_used() -> None:
    photo, _ = scene((1, -150.0, 0.0), (1, 150.0, 0.0))
    assert len(markers(photo)) == 2
    assert marker_patterns(photo, {1: 60.0}, None) == []


def test_a_picture_without_markers_gives_none() -> None:
    blank = np.full((200, 300), 128, np.uint8)
    assert markers(blank) == []
    assert marker_patterns(blank, {1: 60.0}, None) == []


def test_small_markers_are_found_where_there_are_no_larger_ones() -> None:
    rng, by = np.random.default_rng(4), drawn.camera()
    picture = drawn.carton(rng)
    # 26 pixels wide: at half the picture's size it is too small.
    on = drawn.Plane(np.eye(3), np.array([0.0, 0.0, by.focal[0] * 60.0 / 26.0]))
    corners = put(picture, 7, 60.0, on, by)
    (found,) = markers(drawn.photographed(picture, rng))
    assert found.id == 7
    # Where it is; its corners are found afterwards, by its sides.
    assert np.abs(found.corners - corners).max() < 2.6
