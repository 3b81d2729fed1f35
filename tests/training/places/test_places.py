"""Places: nothing stands in the parcel, in the line of sight, or before the light; no labels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.cartons.closed import parcel
from greenpack.training.drawing.meshes import transform
from greenpack.training.pictures.projection import pose
from greenpack.training.places import furnishing, ground_and_light, grounds, layout, props
from greenpack.training.places.surroundings import ground
from greenpack.training.scene import Camera, Clutter, Finish, Scene
from greenpack.training.scenes import without_parcel
from greenpack.training.scenes.framing import look_at

CAMERA = Camera(0, 0, 900, 0, 0, 0, 0, 55, 448, 448)


def scene(seed: int) -> Scene:
    rng = np.random.default_rng(seed)
    made = parcel(rng)
    size = float(np.hypot(made.length, made.width))
    camera = look_at(rng, CAMERA, (0, 0, made.depth / 2), size, 78)
    base = Scene(seed, "concrete", camera, ground_and_light.light(rng), Finish(), cartons=(made,))
    return furnishing.furnish(rng, base)


@pytest.mark.parametrize("kind", list(props.BUILD))
def test_every_prop_is_the_same_again_and_of_modest_size(kind: str) -> None:
    size = 2000.0 if kind.startswith("wall") else 400.0
    thing = Clutter(kind, 10, 20, 0, 30, size, 4)
    first, again = list(props.build(thing)), list(props.build(thing))
    assert first
    assert sum(len(p.mesh.faces) for p in first) < 30_000
    for a, b in zip(first, again, strict=True):
        assert a.label is None
        assert a.instance == 0
        assert np.array_equal(a.mesh.vertices, b.mesh.vertices)
        assert np.isfinite(a.mesh.vertices).all()
        assert a.mesh.faces.max() < len(a.mesh.vertices)
        assert a.mesh.uv.shape == (len(a.mesh.faces), 3, 2)


@pytest.mark.parametrize("kind", grounds.KINDS)
def test_grounds_repeat_without_a_seam(kind: str) -> None:
    picture = grounds.surface(kind, np.random.default_rng(3)).picture.astype(float)
    for axis in (0, 1):
        steps = np.abs(np.diff(picture, axis=axis)).mean(axis=(1 - axis, 2))
        lines = picture.take([0, -1], axis=axis)
        seam = np.abs(np.diff(lines, axis=axis)).mean()
        assert seam <= steps.max() * 1.2 + 3


@pytest.mark.parametrize("kind", list(layout.AREA))
def test_free_things_keep_to_the_ground_they_ask_for(kind: str) -> None:
    share, low, high = layout.AREA[kind]
    for seed, size in ((1, low), (2, high)):
        for part in props.build(Clutter(kind, 0, 0, 0, 0, size, seed)):
            away = np.hypot(part.mesh.vertices[:, 0], part.mesh.vertices[:, 1])
            assert kind == "litter" or away.max() <= share * size * 1.15 + 40


@settings(max_examples=40)
@given(seed=st.integers(0, 2**31))
def test_nothing_stands_in_the_parcel_or_before_it(seed: int) -> None:
    made = scene(seed)
    assert made.place is not None
    reach, camera = furnishing.around(made), made.camera
    eye, goal = np.array([camera.x, camera.y, camera.z]), np.array([0, 0, 30.0])
    assert np.isfinite(pose(camera)).all()
    for thing in made.place.props:
        if thing.kind in ("conveyor", "curve", "chute", "bay", "rug", "vista", "arm"):
            continue
        frame = np.linalg.inv(transform(thing.x, thing.y, thing.z, thing.yaw))
        for part in props.build(thing):
            if thing.kind in layout.AREA:
                away = np.hypot(part.mesh.vertices[:, 0], part.mesh.vertices[:, 1])
                assert thing.kind == "litter" or away.min() > 0.5 * reach
        if thing.kind.startswith("wall"):
            for point in (eye, goal):
                assert (frame @ np.append(point, 1))[1] < 0, "behind a wall"


@settings(max_examples=15)
@given(seed=st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_place(seed: int) -> None:
    assert scene(seed).as_dict() == scene(seed).as_dict()


def test_every_kind_of_place_can_be_built() -> None:
    rng = np.random.default_rng(8)
    base = scene(8)
    for kind in furnishing.KINDS:
        made = furnishing.furnish(rng, base, kind=kind)
        parts = list(ground(made))
        assert all(p.label is None and p.instance == 0 for p in parts)
        assert sum(len(p.mesh.faces) for p in parts) < 120_000
        assert max(float(np.abs(p.mesh.vertices[:, :2]).max()) for p in parts) > 10_000


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31))
def test_a_picture_without_a_parcel_has_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = Scene(seed, "concrete", CAMERA, ground_and_light.light(rng), Finish(), case="none")
    made = without_parcel.empty(rng, base)
    assert made.cartons == ()
    assert made.labels == ()
    assert made.place is not None
    assert made.finish == base.finish
    assert (made.camera.width, made.camera.height) == (448, 448)
    assert made.camera.z > 0


@settings(max_examples=40)
@given(seed=st.integers(0, 2**31))
def test_no_wall_stands_before_the_lamp(seed: int) -> None:
    made = scene(seed)
    assert made.place is not None
    a, e = np.radians(made.light.azimuth), np.radians(made.light.elevation)
    lamp = 1900 * np.array([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)])
    for thing in made.place.props:
        if thing.kind.startswith("wall") and made.light.kind in ("daylight", "room"):
            frame = np.linalg.inv(transform(thing.x, thing.y, thing.z, thing.yaw))
            assert (frame @ np.append(lamp, 1))[1] < 0
