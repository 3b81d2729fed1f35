"""The truth of a parcel under a hub camera, and the picture that is fine round it only."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from greenpack.measure.closed.marker_outline import marker_outline
from greenpack.measure.closed.marker_scale import markers
from greenpack.training.cartons.markers import marker_part
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, grid
from greenpack.training.pictures import relabel
from greenpack.training.pictures.hub_truth import hub_record, opencv_camera, seen_at
from greenpack.training.scene import Camera
from greenpack.training.scenes import belt_line

CAMERA = Camera(500.0, -420.0, 900.0, 30.0, 10.0, 60.0, 25.0, 45.0, 1280, 960)


@pytest.mark.parametrize("bend", [0.0, 0.06, -0.006])
def test_opencv_sees_points_where_the_lens_shows_them(bend: float) -> None:
    camera = replace(CAMERA, distortion=bend)
    told = opencv_camera(camera)
    points = np.random.default_rng(1).uniform(-350, 350, (60, 3)) * (1, 1, 0.3)
    expected = seen_at(camera, points)
    inside = ((expected > 0) & (expected < (1280, 960))).all(axis=1)
    assert inside.sum() > 20
    local = points @ np.array(told["rotation"]).T + np.array(told["translation"])
    found, _ = cv2.projectPoints(
        local,
        np.zeros(3),
        np.zeros(3),
        np.array(told["matrix"]),
        np.array(told["distortion"] or (0.0,) * 5),
    )
    # OpenCV counts from the middle of the first pixel, the renderer from its corner.
    assert found[inside, 0] + 0.5 == pytest.approx(expected[inside], abs=0.02)


def test_the_record_tells_sizes_and_the_label_on_its_face() -> None:
    scene = next(
        scene
        for scene in map(belt_line.sample, range(60))
        if scene.cartons[0].labels and not scene.cartons[0].bag
    )
    told = hub_record(scene)
    (carton,) = scene.cartons
    expected = [side + 2 * carton.wall for side in (carton.length, carton.width, carton.depth)]
    assert told["parcel"]["kind"] == "box"
    assert told["parcel"]["size_mm"] == pytest.approx(expected)
    # Rounded edges and crushed corners take a little away, bulging faces add.
    assert (np.array(told["parcel"]["enclosing_mm"]) > np.array(expected) - 10).all()
    (label,) = told["labels"]
    ring = np.array(label["corners"], np.float32)
    hull = cv2.convexHull(np.array(told["parcel"]["corners"], np.float32))
    assert all(cv2.pointPolygonTest(hull, tuple(map(float, p)), True) > -6 for p in ring)
    assert {label["width_mm"], label["height_mm"]} == {
        carton.labels[0].width,
        carton.labels[0].height,
    }


@pytest.mark.parametrize("surface", ["belt", "face"])
def test_a_marker_is_seen_with_its_id_where_the_record_has_it(surface: str) -> None:
    scene = next(
        scene
        for scene in map(belt_line.sample, range(80))
        if any((m.surface == "belt") == (surface == "belt") for m in scene.markers)
    )
    scene = replace(scene, camera=replace(scene.camera, distortion=0.0))
    (carton,) = scene.cartons
    paper = np.full((960, 1280, 3), 0.3, np.float32)
    for marker in scene.markers:
        part = marker_part(marker, carton, 1)
        # Its paper is lit, then its print is put on.
        blank = relabel.blank([part])[0].material.picture
        assert blank is not None
        assert (blank == relabel.PAPER).all()
        ring = seen_at(scene.camera, part.mesh.vertices[part.mesh.faces].reshape(-1, 3))
        index = np.zeros((960, 1280), np.uint16)
        cv2.fillPoly(index, list(np.rint(ring).astype(np.int32).reshape(-1, 3, 2)), 1)
        paper[index == 1] = 0.9
        paper = relabel.print_on(paper, index, [part], scene.camera)
    told = hub_record(scene)["markers"]
    assert [each["id"] for each in told] == [marker.number for marker in scene.markers]
    assert [each["side_mm"] for each in told] == [marker.side for marker in scene.markers]
    gray = np.asarray(255 * paper[:, :, 0] ** (1 / 2.2), np.uint8)
    found = {marker.id: marker.corners for marker in markers(gray)}
    for each in told:
        outline = marker_outline(gray, found[each["id"]])
        assert outline is not None
        # The picture counts from the first pixel's middle.
        assert outline[0] + 0.5 == pytest.approx(np.array(each["corners"]), abs=0.8)


def sheet(columns: int, rows: int) -> Mesh:
    u, v = np.meshgrid(np.linspace(-50, 50, columns), np.linspace(-75, 75, rows))
    return grid(np.stack([u, v, np.full_like(u, 60.0)], -1), smooth=True)


def test_a_sheet_of_many_cells_is_printed_like_a_plain_one() -> None:
    rng = np.random.default_rng(2)
    ink = np.repeat(rng.integers(0, 2, (15, 10, 1), np.uint8) * 247, 3, axis=2)
    ink = np.kron(ink, np.ones((20, 20, 1), np.uint8))
    light = np.ones((960, 1280, 3), np.float32)
    found = []
    for mesh in (sheet(2, 2), sheet(11, 15)):
        part = Part("waybill", 7, mesh, Material((1, 1, 1), ink))
        index = np.full(light.shape[:2], 7, np.uint16)
        blank = relabel.blank([part], bent=True)[0].material.picture
        assert blank is not None
        assert (blank == relabel.PAPER).all()
        found.append(relabel.print_on(light, index, [part], CAMERA, bent=True))
    assert found[0].min() < 0.1
    assert np.abs(found[0] - found[1]).mean() < 1e-3
    part = Part("waybill", 7, sheet(11, 15), Material((1, 1, 1), ink))
    assert (relabel.print_on(light, index, [part], CAMERA) == 1).all(), "only where asked for"
