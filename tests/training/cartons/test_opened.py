"""Opened cartons: the rim is exact, flaps keep off the ground, walls stand where they should."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.cartons import box_inside, open_box, opened
from greenpack.training.cartons.closed_parts import surface_frame
from greenpack.training.cartons.frames import carton_frame, rim
from greenpack.training.cartons.opened_parts import opened_parts
from greenpack.training.scene import Carton, Flap


def drawn(seed: int) -> Carton:
    return opened.carton(np.random.default_rng(seed))


def test_a_seed_gives_one_carton_and_one_set_of_parts() -> None:
    for seed in range(8):
        made = drawn(seed)
        assert made == drawn(seed)
        for a, b in zip(opened_parts(made, 1), opened_parts(made, 1), strict=True):
            assert np.array_equal(a.mesh.vertices, b.mesh.vertices)
            first, second = a.material.picture, b.material.picture
            assert first is None or (second is not None and np.array_equal(first, second))


def test_styles_and_flap_kinds_all_occur() -> None:
    made = [drawn(seed) for seed in range(400)]
    assert set(Counter(c.style for c in made)) == set(opened.STYLES)
    assert {f.kind for c in made for f in c.flaps} == {"flap", "lid", "mailer", "book", "loose"}
    assert any(f.torn for c in made for f in c.flaps)
    assert any(f.angle < 0 for c in made for f in c.flaps)
    assert any(c.depth > 1.2 * c.width for c in made)
    assert any(c.depth < 0.25 * c.width for c in made)
    assert {one.surface[:4] for c in made for one in c.labels} >= {"side", "unde"}


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31))
def test_nothing_of_a_carton_reaches_below_the_ground(seed: int) -> None:
    made = replace(drawn(seed), x=40.0, y=-70.0, yaw=33.0)
    assert made.length >= made.width
    for part in opened_parts(made, 1):
        assert part.mesh.vertices[:, 2].min() >= -1e-6
        assert np.isfinite(part.mesh.uv).all()


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), z=st.floats(0, 800))
def test_the_rim_is_the_upper_edge_of_the_inner_walls(seed: int, z: float) -> None:
    made = replace(drawn(seed), style="slotted", z=z, yaw=20.0)
    inner = open_box._shell(made, True).moved(carton_frame(made)).vertices
    for corner in rim(made):
        assert np.linalg.norm(inner - corner, axis=1).min() < 1e-6
    assert rim(made)[:, 2] == pytest.approx(made.rim)


def test_no_part_but_flaps_and_goods_stands_over_the_mouth() -> None:
    made = replace(drawn(3), style="slotted", flaps=(), tape_layout="seam", tape_width=48.0)
    half = np.array([made.length, made.width]) / 2
    for part in opened_parts(made, 1):
        points = part.mesh.vertices
        over = (np.abs(points[:, :2]) < half - 0.5).all(axis=1)
        assert (points[over, 2] < made.wall + 1).all()


def test_a_torn_flap_is_shorter_and_a_bent_one_leaves_its_plane() -> None:
    base = replace(drawn(1), style="slotted", wall=4.0)
    straight = open_box._flap(base, Flap(0, 100.0, 90.0), 0)[0].vertices
    torn = open_box._flap(base, Flap(0, 100.0, 90.0, torn=30.0), 0)[0].vertices
    bent = open_box._flap(base, Flap(0, 100.0, 90.0, bend=30.0), 0)[0].vertices
    assert straight[:, 0].max() == pytest.approx(100)
    edge = torn[torn[:, 0] > 50, 0]
    assert edge.min() < 97
    assert np.ptp(edge) > 5
    assert np.ptp(straight[:, 2]) == pytest.approx(0)
    assert bent[:, 2].min() < -20


@pytest.mark.parametrize("surface", ["side0", "side1", "side2", "side3"])
def test_labels_on_walls_face_outwards(surface: str) -> None:
    made = replace(drawn(5), yaw=0.0, x=0.0, y=0.0)
    frame = surface_frame(made, surface)
    assert np.linalg.det(frame[:3, :3]) == pytest.approx(1)
    assert frame[:3, 1] == pytest.approx([0, 0, 1])
    assert float(frame[:2, 2] @ frame[:2, 3]) > 0


def test_a_cut_edge_shows_one_wave_that_joins_the_next() -> None:
    picture = box_inside.edge(replace(drawn(2), wall=3.0)).astype(int)
    assert picture.std() > 5
    seam = np.abs(picture[:, 0] - picture[:, -1]).mean()
    inner = np.abs(np.diff(picture, axis=1)).mean()
    assert seam < 4 * inner + 1
