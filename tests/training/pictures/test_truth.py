"""Truth: closed forms that the generator's own figures must meet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from greenpack.training.cartons.frames import rim
from greenpack.training.drawing.material import LABELS, Part
from greenpack.training.evaluation.masks import fill, iou
from greenpack.training.pictures import labels, truth
from greenpack.training.pictures.parts import build
from greenpack.training.pictures.projection import area_share, focal, homography, project, tilt
from greenpack.training.scene import Camera, Carton, Finish, Good, Light, Scene

LIGHT = Light("room", 0, 60, 0.5, 0)
BOARD = (0.4, 0.3, 0.2)


def overhead(height: float, fov: float = 60.0) -> Camera:
    """Above the origin, looking straight down, picture 400 x 300."""
    return Camera(0, 0, height, 0, 0, 0, 0, fov, 400, 300)


def carton(*goods: Good) -> Carton:
    return Carton(300, 200, 100, 4, 0, 0, 0, True, BOARD, BOARD, False, goods=goods)


def scene(camera: Camera, made: Carton) -> Scene:
    return Scene(1, "concrete", camera, LIGHT, Finish(), (made,))


def painted(parts: list[Part], camera: Camera) -> truth.Mask:
    """Index mask of boxes seen from straight above, drawn without a renderer: tops by z order."""
    index = np.zeros((camera.height, camera.width), np.uint16)
    for part in parts:
        if part.label == "item":
            points = project(camera, part.mesh.vertices)
            hull = cv2.convexHull(points.astype(np.float32))[:, 0]
            index[fill([hull.astype(float)], camera.width, camera.height)] = part.instance
    return index


def test_a_point_is_seen_where_the_pinhole_says() -> None:
    camera = overhead(1000)
    f = 150 / np.tan(np.radians(30))
    assert focal(camera) == pytest.approx(f)
    seen = project(camera, np.array([[0, 0, 0], [100, 50, 200]], float))
    assert seen[0] == pytest.approx([200, 150])
    # x to the right, y up in the picture, 800 mm away.
    assert seen[1] == pytest.approx([200 + f * 100 / 800, 150 - f * 50 / 800])
    assert tilt(camera) == pytest.approx(0)


def test_tilt_is_the_angle_to_the_vertical() -> None:
    camera = Camera(1000, 0, 1000, 0, 0, 0, 30, 60, 400, 300)
    assert tilt(camera) == pytest.approx(45)


def test_the_rim_of_a_frontal_camera_is_a_rectangle_of_known_size() -> None:
    made, camera = carton(), overhead(904)
    quad = project(camera, rim(made))
    f = focal(camera)
    assert np.ptp(quad[:, 0]) == pytest.approx(f * 300 / 800)
    assert np.ptp(quad[:, 1]) == pytest.approx(f * 200 / 800)
    matrix = homography(quad)
    square = np.column_stack([quad, np.ones(4)]) @ matrix.T
    assert square[:, :2] / square[:, 2:] == pytest.approx(
        np.array([(0, 0), (1, 0), (1, 1), (0, 1)]), abs=1e-9
    )


def test_the_area_share_of_half_a_square_is_a_half_under_any_perspective() -> None:
    corners = np.array([[0, 0, 0], [400, 0, 0], [400, 400, 0], [0, 400, 0]], float)
    camera = Camera(500, -300, 900, 200, 200, 0, 17, 50, 1200, 1200)
    quad = project(camera, corners)
    half = project(camera, corners * (0.5, 1, 1))
    assert area_share(fill([quad], 1200, 1200), quad) == pytest.approx(1, abs=0.01)
    assert area_share(fill([half], 1200, 1200), quad) == pytest.approx(0.5, abs=0.01)


def test_area_ratio_of_a_box_as_high_as_the_carton() -> None:
    made = carton(Good("box_white", (150, 100, 100), 0, 0, 0, 0, False, 1))
    shown = scene(overhead(904), made)
    parts = build(shown)
    opening = truth.openings(shown, parts, painted(parts, shown.camera))[0]
    assert opening["area_ratio"] == pytest.approx(0.25, abs=0.01)
    assert opening["void_ratio"] == pytest.approx(0.75, abs=0.002)
    assert opening["height_over_depth"] == pytest.approx(8)
    assert opening["camera_foot_mm"] == pytest.approx([0, 0])


def test_a_lower_box_seems_smaller_by_the_square_of_its_distance() -> None:
    made = carton(Good("box_white", (150, 100, 20), 0, 0, 0, 0, False, 1))
    shown = scene(overhead(904), made)
    parts = build(shown)
    opening = truth.openings(shown, parts, painted(parts, shown.camera))[0]
    assert opening["area_ratio"] == pytest.approx(0.25 * (800 / 880) ** 2, abs=0.01)


def test_the_foot_of_the_camera_is_told_along_the_carton() -> None:
    made = Carton(300, 200, 100, 4, 50, 0, 90, True, BOARD, BOARD, False)
    shown = scene(Camera(50, 80, 904, 50, 80, 0, 0, 60, 400, 300), made)
    opening = truth.openings(shown, [], np.zeros((300, 400), np.uint16))[0]
    assert opening["camera_foot_mm"] == pytest.approx([80, 0], abs=1e-9)


def test_an_opening_out_of_the_picture_has_no_area_ratio() -> None:
    shown = scene(overhead(280), carton())
    opening = truth.openings(shown, [], np.zeros((300, 400), np.uint16))[0]
    assert not opening["whole"]
    assert opening["area_ratio"] is None


def test_a_polygon_is_clipped_at_the_border() -> None:
    quad = np.array([(-50, 20), (80, 20), (80, 60), (-50, 60)], float)
    cut = labels.clipped(quad, np.array([100.0, 100.0]))
    assert sorted(map(tuple, cut)) == [(0, 20), (0, 60), (80, 20), (80, 60)]
    assert len(labels.clipped(quad - 500, np.array([100.0, 100.0]))) == 0


def test_holes_stay_holes_in_label_polygons() -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:90, 10:90] = True
    mask[40:60, 40:60] = False
    (ring,) = labels.outlines(mask)
    assert iou(fill([ring], 100, 100), mask) > 0.93
    assert not fill([ring], 100, 100)[50, 50]


def test_a_thing_seen_in_two_pieces_is_one_polygon() -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:40, 10:90] = True
    mask[60:90, 10:90] = True
    ring = labels.merged(mask)
    assert ring is not None
    assert iou(fill([ring], 100, 100), mask) > 0.9


def test_labels_name_the_opening_first() -> None:
    made = carton(Good("box_white", (150, 100, 100), 0, 0, 0, 0, False, 1))
    shown = scene(overhead(904), made)
    parts = build(shown)
    lines = labels.lines(shown, parts, painted(parts, shown.camera))
    assert [LABELS[int(line.split()[0])] for line in lines] == ["opening", "item"]
    assert all(0 <= float(v) <= 1 for line in lines for v in line.split()[1:])
