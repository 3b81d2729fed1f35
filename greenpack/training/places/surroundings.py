"""What is around the parcel and belongs to no label: the ground, the place, things lying about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, box, join, lathe, slab, transform
from greenpack.training.drawing.solids import boxes, cuboid, plate
from greenpack.training.places import floors, grounds, props
from greenpack.training.places.people import hand
from greenpack.training.scene import Clutter, Place, Scene


def ground(scene: Scene) -> Iterator[Part]:
    """Floor, table or roller track under z = 0, and what stands around if the scene has a place."""
    if scene.place is not None:
        yield from _place(scene, scene.place)
        return
    kind, _, variant = scene.floor.partition("-")
    rng = np.random.default_rng(scene.seed + 17)
    fine = 2048 if scene.camera.width > 1000 else 1024
    x, y = (float(v) for v in rng.uniform(-300, 300, 2))
    turn = transform(x, y, 0, float(rng.uniform(0, 360)))
    size = 1200.0
    square = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], float)
    if kind == "rollers":
        # Rollers of 50 mm at 75 mm pitch, their tops on z = 0; rails; a dark hall floor underneath.
        rods = []
        for k in range(-15, 16):
            mesh = lathe(np.array([(25.0, -480.0), (25.0, 480.0)]), 28)
            points = mesh.vertices[:, [2, 0, 1]][:, [1, 0, 2]] + (k * 75.0, 0, -25.2)
            rods.append(Mesh(points, mesh.faces, mesh.uv, True))
        steel = Material((0.55, 0.55, 0.57), roughness=0.35, metal=0.9)
        yield Part(None, 0, join(rods).moved(turn), steel)
        for side in (-1, 1):
            rail = box(2400, 40, 90).moved(turn @ transform(0, side * 505.0, -70))
            yield Part(None, 0, rail, Material((0.1, 0.2, 0.45), roughness=0.5))
        yield Part(None, 0, slab(square * 6000 - (0, 0, 400)), Material((0.2, 0.2, 0.2)))
        return
    picture = floors.floor(kind, scene.seed + 3, fine)
    shine = _shine(kind)
    look = Material((1, 1, 1), picture, roughness=shine, metal=_metal(kind))
    if variant == "table":
        wide, deep = rng.uniform(450, 800), rng.uniform(350, 600)
        top = square * (wide, deep, 0)
        scaled = slab(top.copy())
        uv = scaled.uv * (wide / size, deep / size)
        yield Part(None, 0, Mesh(scaled.vertices, scaled.faces, uv).moved(turn), look)
        edge = box(2 * wide - 0.4, 2 * deep - 0.4, 27).moved(turn @ transform(0, 0, -27.4))
        yield Part(None, 0, edge, Material((0.25, 0.2, 0.15)))
        other = floors.floor(
            str(rng.choice(["tile", "wood", "concrete", "carpet"])), scene.seed + 5
        )
        yield Part(
            None, 0, slab(square * 3000 - (0, 0, 740)), Material((1, 1, 1), other, (2.5, 2.5))
        )
        return
    yield Part(None, 0, slab(square * size).moved(turn), look)
    mean = (picture.reshape(-1, 3).mean(axis=0) / 255) ** 2.2
    colour = (float(mean[0]), float(mean[1]), float(mean[2]))
    yield Part(None, 0, slab(square * 9000 - (0, 0, 1.0)), Material(colour, roughness=shine))


REACH = 14_000.0
"""Half the side in mm of the ground of a place."""


def _place(scene: Scene, place: Place) -> Iterator[Part]:
    rng = np.random.default_rng([scene.seed, 17])
    turn = transform(0, 0, -place.base, float(rng.uniform(0, 360)))
    mesh, look = _paved(scene.floor, rng)
    yield Part(None, 0, mesh.moved(turn), look)
    if place.top:
        (long, wide), at = place.top_size, transform(yaw=place.yaw)
        body = cuboid((-long / 2, -wide / 2, -27), (long / 2, wide / 2, 0))
        yield Part(None, 0, body.moved(at), _covering(place.top, rng))
        legs = [
            ((x, y, -place.base), (x + 50.0, y + 50.0, -27.0))
            for x in (-long / 2 + 30, long / 2 - 80)
            for y in (-wide / 2 + 30, wide / 2 - 80)
        ]
        dark = Material((0.2, 0.2, 0.2), roughness=0.5)
        yield Part(None, 0, boxes(legs).moved(at), dark)
    for thing in place.props:
        yield from props.build(thing)


def _covering(kind: str, rng: np.random.Generator) -> Material:
    """A ground, or one of the older floors, as a surface for meshes whose UV counts metres."""
    if kind in grounds.KINDS:
        return grounds.surface(kind, rng).material()
    picture = floors.floor(kind, int(rng.integers(2**31)))
    return Material((1, 1, 1), picture, (1 / 2.4, 1 / 2.4), _shine(kind), _metal(kind))


def _paved(kind: str, rng: np.random.Generator) -> tuple[Mesh, Material]:
    """Ground as far as one sees."""
    look = _covering(kind, rng)
    if kind in grounds.KINDS:
        mesh = plate((-REACH, -REACH), (REACH, REACH), 0.0)
        return Mesh(mesh.vertices, mesh.faces, mesh.uv * (2 * REACH / 1000)), look
    # Older floors do not repeat without a seam, so every other square is a mirror image.
    cells, square = [], plate((-1200, -1200), (1200, 1200), 0.0)
    for i in range(-5, 6):
        for j in range(-5, 6):
            uv = np.abs(square.uv - (i % 2, j % 2)) * 2.4
            cells.append(
                Mesh(np.add(square.vertices, (i * 2400.0, j * 2400.0, 0.0)), square.faces, uv)
            )
    return join(cells), look


def _shine(kind: str) -> float:
    return {"steel": 0.35, "epoxy": 0.3, "tile": 0.25, "laminate": 0.4, "white": 0.45}.get(
        kind, 0.7
    )


def _metal(kind: str) -> float:
    return 0.4 if kind == "steel" else 0.0


def clutter(thing: Clutter) -> Part:
    """Things on the table that the model must leave alone."""
    rng = np.random.default_rng(thing.seed)
    at, size = transform(thing.x, thing.y, thing.z, thing.yaw), thing.size
    red, green, blue = (float(v) for v in rng.uniform(0.02, 0.7, 3))
    colour = (red, green, blue)
    if thing.kind == "hand":
        skin = ((0.62, 0.36, 0.25), (0.45, 0.24, 0.15), (0.7, 0.45, 0.33), (0.16, 0.08, 0.05))
        return Part(None, 0, hand(size, thing.seed).moved(at), Material(skin[rng.integers(4)]))
    if thing.kind == "roll":
        ring = np.array([(0.72, 0), (1, 0), (1, 0.9), (0.72, 0.9), (0.72, 0.01)]) * size
        return Part(None, 0, lathe(ring).moved(at), Material((0.5, 0.36, 0.2), roughness=0.3))
    if thing.kind == "sheet":
        page = slab(
            np.array([(-1, -0.7, 0.2), (1, -0.7, 0.2), (1, 0.7, 0.2), (-1, 0.7, 0.2)])
            * (size, size, 1)
        )
        return Part(None, 0, page.moved(at), Material((0.85, 0.85, 0.83)))
    if thing.kind == "pen":
        stick = lathe(np.array([(1, 0), (4.5, 8), (4.5, 130), (3, 140)]))
        points = stick.vertices[:, [2, 0, 1]] + (0, 0, 4.5)
        return Part(
            None,
            0,
            Mesh(points, stick.faces, stick.uv, True).moved(at),
            Material(colour, roughness=0.3),
        )
    blade = box(size * 1.3, size * 0.28, 14, 4)
    return Part(None, 0, blade.moved(at), Material(colour, roughness=0.35))
