"""Closed parcels: nothing floats, cuts another or leaves the bounds it is declared with."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

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


def test_bare_boxes_carry_neither_label_nor_tape_nor_print() -> None:
    boxes = [c for c in map(drawn, range(400)) if c.style == "box"]
    bare = [c for c in boxes if c.printing == "bare"]
    assert 0.09 < len(bare) / len(boxes) < 0.22
    assert {max(closed.extent(c)) < 160 for c in bare} == {True, False}
    for carton in bare:
        assert {p.label for p in built(carton)} == {"parcel"}


def test_postal_print_covers_much_of_a_face() -> None:
    plain = replace(of_style("box")[0], colour=(0.85, 0.85, 0.83), printing="bare", wear=0.0)
    a, b = (box_surface.atlas(replace(plain, printing=p)).astype(int) for p in ("bare", "postal"))
    assert (np.abs(a - b).max(axis=2) > 60).mean() > 0.08


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
