"""Scenes of one parcel under a hub camera: framed as said, and the other sampler left as it was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from greenpack.training.cartons import markers
from greenpack.training.cartons.closed import extent
from greenpack.training.drawing.meshes import rectangle
from greenpack.training.pictures.hub_truth import corners, seen_at
from greenpack.training.printed.hub_labels import hub_label, listed
from greenpack.training.scene import Scene
from greenpack.training.scenes import belt_line, sampling
from greenpack.training.scenes.belt_markers import SIDES

SCENES = [belt_line.sample(seed) for seed in range(160)]


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize(
    ("seed", "digest"),
    [(0, "fdc087737ebb18ce"), (1, "faaa6f941539b95e"), (3, "6d9e887b02186293")],
)
def test_the_usual_sampler_draws_what_it_always_drew(seed: int, digest: str) -> None:
    text = json.dumps(rounded(sampling.sample(seed).as_dict()), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest
    assert sampling.VERSION == "3"


def test_a_seed_gives_one_scene() -> None:
    assert belt_line.sample(4) == SCENES[4]
    assert belt_line.sample(4) != belt_line.sample(5)


def pixels(scene: Scene) -> np.ndarray:
    return seen_at(scene.camera, corners(scene.cartons[0]))


def test_one_parcel_stands_in_the_picture_large_enough() -> None:
    cut = 0
    for scene in SCENES:
        (made,) = scene.cartons
        assert not made.opened
        assert made.z == made.tilt == made.raised == 0
        camera, seen = scene.camera, pixels(scene)
        assert (camera.width, camera.height) == (1280, 960)
        assert 0.25 <= np.ptp(seen, axis=0).max() / 960 <= 0.7
        whole = ((seen > 19) & (seen < np.array([1280, 960]) - 19)).all()
        assert whole == (scene.case == "belt")
        cut += scene.case == "cut_off"
        away = np.linalg.norm(
            np.array([camera.x, camera.y, camera.z]) - (0, 0, extent(made)[2] / 2)
        )
        assert 1000 <= away <= 2200
    assert 0 < cut < 0.12 * len(SCENES)


def test_parcels_labels_and_lenses_come_as_often_as_said() -> None:
    bags = np.mean([scene.cartons[0].bag for scene in SCENES])
    labelled = np.mean([bool(scene.cartons[0].labels) for scene in SCENES])
    assert 0.02 < bags < 0.12
    assert 0.35 < labelled < 0.65  # small parcels have no room for one
    assert {scene.place.kind for scene in SCENES if scene.place} == {"track", "hall", "table"}
    assert any(scene.camera.distortion > 0.02 for scene in SCENES)
    assert any(scene.camera.distortion == 0 for scene in SCENES)


def test_labels_lie_on_a_face_that_is_seen_and_within_it() -> None:
    for scene in SCENES:
        (made,) = scene.cartons
        for label in made.labels:
            rooms = belt_line.shown(made, scene.camera)
            wide, high = rooms[label.surface] if not made.bag else (made.length, made.width)
            turn = np.radians(label.yaw)
            half = np.array([label.width, label.height]) / 2
            reach = np.abs([[np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ half
            assert (np.abs([label.x, label.y]) + reach <= np.array([wide, high]) / 2).all()


def test_about_half_the_pictures_have_markers_on_a_face_or_beside_the_parcel() -> None:
    marked = [scene for scene in SCENES if scene.markers]
    assert 0.4 < len(marked) / len(SCENES) < 0.8
    found = [marker for scene in marked for marker in scene.markers]
    belt = np.mean([marker.surface == "belt" for marker in found])
    assert 0.3 < belt < 0.8
    assert {marker.side for marker in found} == set(SIDES)
    # The quiet zone is a module wide at least.
    assert all(marker.margin >= marker.side / 6 for marker in found)
    assert all(len({m.number for m in scene.markers}) == len(scene.markers) for scene in marked)


def test_markers_beside_the_parcel_are_whole_in_the_picture_and_not_behind_it() -> None:
    for scene in SCENES:
        hull = cv2.convexHull(pixels(scene).astype(np.float32))
        for marker in scene.markers:
            ring = seen_at(scene.camera, markers.corners(marker, scene.cartons[0]))
            outside = [cv2.pointPolygonTest(hull, tuple(map(float, p)), True) for p in ring]
            if marker.surface == "belt":
                assert max(outside) < 0
                assert ((ring > 0) & (ring < (1280, 960))).all()
            else:  # faces bulge
                assert min(outside) > -6


def test_a_marker_overlaps_no_label_on_its_face() -> None:
    for scene in SCENES:
        (made,) = scene.cartons
        for marker in scene.markers:
            own = rectangle(marker.paper, marker.paper, marker.x, marker.y, marker.yaw)
            for label in made.labels:
                if label.surface == marker.surface:
                    sheet = rectangle(label.width, label.height, label.x, label.y, label.yaw)
                    shared, _ = cv2.intersectConvexConvex(
                        own.astype(np.float32), sheet.astype(np.float32)
                    )
                    assert shared == 0


@pytest.mark.parametrize(("seed", "digest"), [(0, "2f1e44f678abb59f"), (1, "c000bdbff9f5d727")])
def test_markers_leave_the_rest_of_a_scene_as_it_was(seed: int, digest: str) -> None:
    told = replace(SCENES[seed], markers=()).as_dict()
    assert "markers" not in told
    text = json.dumps(rounded(told), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_a_label_has_a_format_of_its_carrier_but_for_a_few() -> None:
    rng = np.random.default_rng(3)
    drawn = [label for _ in range(400) if (label := hub_label(rng, "top", 500.0, 400.0))]
    known = [listed(label) for label in drawn]
    assert 0.88 < np.mean(known) < 0.98
    hundred = [label for label in drawn if label.width == label.height == 100]
    assert hundred
    assert all(label.number.startswith("SF") for label in hundred)
