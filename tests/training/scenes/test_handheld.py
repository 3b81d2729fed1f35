"""Scenes of one parcel near a phone: whole, large, labelled, and held nearly level."""

from __future__ import annotations

import numpy as np

from greenpack.training.cartons.closed import extent
from greenpack.training.evaluation.closed_truth import true_size
from greenpack.training.pictures.hub_truth import corners, hub_record, seen_at
from greenpack.training.scenes import handheld

SCENES = [handheld.sample(seed) for seed in range(80)]


def test_a_seed_gives_one_scene() -> None:
    assert handheld.sample(4) == SCENES[4]
    assert handheld.sample(4) != handheld.sample(5)


def test_one_labelled_parcel_stands_whole_and_large_in_the_picture() -> None:
    for scene in SCENES:
        (made,) = scene.cartons
        assert true_size(scene.as_dict()) is not None
        assert len(made.labels) == 1
        camera = scene.camera
        size = np.array([camera.width, camera.height])
        seen = seen_at(camera, corners(made))
        assert ((seen > 19) & (seen < size - 19)).all()
        assert 0.55 <= np.ptp(seen, axis=0).max() / 960 <= 0.95
        away = np.linalg.norm(
            np.array([camera.x, camera.y, camera.z]) - (0, 0, extent(made)[2] / 2)
        )
        assert 300 <= away <= 1400
        assert hub_record(scene)["labels"][0]["surface"]


def test_labels_are_several_times_as_large_as_under_a_hub_camera() -> None:
    sides = []
    for scene in SCENES:
        marked = np.array(hub_record(scene)["labels"][0]["corners"])
        sides.append(np.linalg.norm(np.roll(marked, -1, axis=0) - marked, axis=1).max())
    assert np.median(sides) > 200


def test_phones_are_held_upright_and_lying_and_nearly_level() -> None:
    shapes = [(scene.camera.width, scene.camera.height) for scene in SCENES]
    assert set(shapes) == {(1280, 960), (960, 1280)}
    assert 0.35 < np.mean([width > height for width, height in shapes]) < 0.65
    leaning = []
    for scene in SCENES:
        camera = scene.camera
        eye = np.array([camera.x, camera.y, camera.z])
        if np.degrees(np.arctan2(*(np.hypot(*eye[:2]), eye[2]))) < 15:
            continue  # from straight above there is no level
        # What lies farther away along the ground, in the middle of the picture, lies higher up.
        aim = np.array([camera.target_x, camera.target_y, camera.target_z])
        ahead = np.array([*(aim - eye)[:2], 0]) / np.hypot(*(aim - eye)[:2])
        (x0, y0), (x1, y1) = seen_at(camera, np.array([aim, aim + 20 * ahead]))
        leaning.append(abs(np.degrees(np.arctan2(x1 - x0, y0 - y1))))
    assert len(leaning) > 40
    assert np.quantile(leaning, 0.9) < 16


def test_the_wide_side_of_the_view_is_the_wide_side_of_the_picture() -> None:
    for scene in SCENES[:20]:
        camera = scene.camera
        focal = camera.height / 2 / np.tan(np.radians(camera.fov) / 2)
        film = 43.27 * focal / np.hypot(camera.width, camera.height)
        assert min(abs(film / each - 1) for each in handheld.FOCALS) < 0.1
