"""Closed parcels: nothing floats, cuts another or leaves the bounds it is declared with."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.training.cartons import box_surface, closed, closed_box, mailers, tape
from greenpack.training.cartons.closed_parts import closed_parts, label_part, surface_frame
from greenpack.training.drawing.material import Part
from greenpack.training.pictures import labels
from greenpack.training.scene import Carton

SEEDS = range(40)


def drawn(seed: int) -> Carton:
    return closed.parcel(np.random.default_rng(seed))


def of_style(style: str, count: int = 3) -> list[Carton]:
    found = [drawn(seed) for seed in range(400)]
    return [c for c in found if c.style == style][:count]


def built(carton: Carton) -> list[Part]:
    parts = closed_parts(carton, 1)
    for label in carton.labels:
        number = max(p.instance for p in parts) + 1
        parts.append(label_part(label, surface_frame(carton, label.surface), carton, number))
    return parts


def test_a_seed_gives_one_group_and_one_set_of_meshes() -> None:
    for seed in range(6):
        first = closed.group(np.random.default_rng(seed))
        assert first == closed.group(np.random.default_rng(seed))
        for a, b in zip(built(first[0]), built(first[0]), strict=True):
            assert np.array_equal(a.mesh.vertices, b.mesh.vertices)


def test_every_kind_is_drawn() -> None:
    seen = Counter(drawn(seed).style for seed in range(300))
    assert set(seen) == set(closed.KINDS)
    assert seen["box"] > 150


@pytest.mark.parametrize("style", [*mailers.KINDS, "box"])
def test_bodies_are_closed_and_as_large_as_declared(style: str) -> None:
    for carton in of_style(style):
        mesh = mailers.mesh(carton) if style != "box" else closed_box.body(carton)
        size = np.array(closed.extent(carton))
        slack = 2 * closed_box.BULGE if style == "box" else 0.02 * size
        assert (np.ptp(mesh.vertices, axis=0) <= size + slack + 0.5).all()
        assert (np.ptp(mesh.vertices, axis=0) >= 0.75 * size).all()
        assert mesh.vertices[:, 2].min() == pytest.approx(0, abs=1e-6)
        assert 0.15 * size.prod() < mesh.volume() < 1.15 * size.prod()
        # A closed surface has the same volume wherever it stands.
        away = replace(mesh, vertices=mesh.vertices + np.array([700, -300, 500]))
        assert away.volume() == pytest.approx(mesh.volume(), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_parcels_of_a_group_keep_apart_or_lie_on_one_another(seed: int) -> None:
    made = closed.group(np.random.default_rng(seed))
    assert 1 <= len(made) <= 3
    for a, b in combinations(made, 2):
        if a.z == b.z == 0:
            assert closed.apart(a, b)
        else:
            low, high = sorted((a, b), key=lambda c: c.z)
            assert high.z >= low.z + closed.extent(low)[2] - 2 * closed_box.BULGE - 20
    for below, above in pairwise(made):
        if above.z > 0:
            inside = np.hypot(above.x - below.x, above.y - below.y)
            assert inside < 0.5 * np.hypot(below.length, below.width)


def test_labels_and_tape_lie_on_the_parcel() -> None:
    for seed in SEEDS:
        carton = drawn(seed)
        parts = built(carton)
        body = parts[0].mesh.vertices
        low, high = body.min(axis=0), body.max(axis=0)
        for part in parts:
            if part.label in ("tape", "waybill"):
                points = part.mesh.vertices
                assert (points >= low - 3).all()
                assert (points <= high + 3).all()
                assert not part.mesh.smooth or len(part.mesh.faces) > 2


def test_a_parcel_with_tape_and_labels_is_one_silhouette() -> None:
    for seed in SEEDS:
        carton = replace(drawn(seed), z=300.0)
        parts = built(carton)
        groups = labels._parcels(parts)
        assert groups == [sorted({p.instance for p in parts})]
        assert min(p.mesh.vertices[:, 2].min() for p in parts) >= 300 - 1e-6


def test_faces_show_what_is_printed_on_them() -> None:
    plain = replace(of_style("box")[0], printing="", wear=0.0, handles=False, seed=4)
    printed = replace(plain, printing="brand")
    a, b = (box_surface.atlas(c).astype(int) for c in (plain, printed))
    assert a.shape == (2 * box_surface.CELL, 3 * box_surface.CELL, 3)
    assert (np.abs(a - b).max(axis=2) > 60).mean() > 0.01


@pytest.mark.parametrize("layout", [name for name in tape.LAYOUTS if name != "none"])
def test_tape_of_every_layout_hugs_the_box(layout: str) -> None:
    base = next(c for c in of_style("box", 30) if c.lid_axis == 2)
    carton = replace(base, tape_layout=layout, tape_width=48.0, wear=0.2)
    strips = tape.strips(carton)
    assert strips is not None
    body = closed_box.body(carton, 40).vertices
    gaps = np.linalg.norm(strips.vertices[:, None] - body[None], axis=2).min(axis=1)
    assert gaps.max() < 14  # the body's own points are that far apart
    assert tape.strips(replace(carton, tape_layout="none")) is None
