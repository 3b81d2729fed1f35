"""Turns a scene into world meshes with materials: what is drawn and what the index mask counts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from greenpack.training import filler, textures, waybill_label
from greenpack.training.goods import mesh_of, placed
from greenpack.training.material import Material, Part
from greenpack.training.meshes import Mesh, box, grid, join, slab, transform
from greenpack.training.noise import Floats
from greenpack.training.scene import Carton, Flap, Good, Label, Scene
from greenpack.training.surroundings import clutter, ground


def carton_frame(carton: Carton) -> Floats:
    """Carton coordinates (origin on its inner floor) to the world."""
    return transform(carton.x, carton.y, carton.wall, carton.yaw)


def flap_frame(carton: Carton, flap: Flap) -> Floats:
    """Flap coordinates to the carton's: x from the hinge outwards, z out of the flap's inner
    face."""
    half = (carton.length if flap.side % 2 == 0 else carton.width) / 2 + carton.wall / 2
    s, c = np.sin(np.radians(flap.angle)), np.cos(np.radians(flap.angle))
    lean = np.array([[s, 0, -c, half], [0, 1, 0, 0], [c, 0, s, carton.depth], [0, 0, 0, 1]])
    return np.asarray(transform(yaw=90.0 * flap.side) @ lean, np.float64)


def rim(carton: Carton) -> Floats:
    """World corners (4, 3) of the inner rim, counter-clockwise seen from above."""
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (carton.length / 2, carton.width / 2)
    local = np.column_stack([half, np.full(4, carton.depth), np.ones(4)])
    return np.asarray((local @ carton_frame(carton).T)[:, :3], np.float64)


def build(scene: Scene) -> list[Part]:
    """All parts of a scene; the instance numbers are unique in it."""
    parts: list[Part] = list(ground(scene))
    for carton in scene.cartons:
        number = _next(parts)
        made = _opened(carton, number) if carton.opened else _closed(carton, number)
        for part in made:
            parts.append(part)
        frame = carton_frame(carton)
        for good in carton.goods:
            parts += _good(good, frame, _next(parts))
        for piece, mesh in filler.meshes(carton) if carton.opened else []:
            look = _filler_look(piece.kind, piece.seed)
            parts.append(Part("filler", _next(parts), mesh.moved(frame), look))
        for label in carton.labels:
            parts.append(_label(label, _surface(carton, label.surface), carton, _next(parts)))
    for good in scene.goods:
        parts += _good(good, np.eye(4), _next(parts))
    for label in scene.labels:
        parts.append(_label(label, np.eye(4), None, _next(parts)))
    for thing in scene.clutter:
        parts.append(clutter(thing))
    return parts


def _next(parts: list[Part]) -> int:
    return max((p.instance for p in parts), default=0) + 1


def _board(carton: Carton, inside: bool, salt: int, seam: bool = False) -> Material:
    colour = carton.inside if inside else carton.colour
    picture = textures.board(carton.seed + salt, carton.printed and not inside, seam)
    return Material(colour, picture, (3.0, 2.0), roughness=0.75)


def _opened(carton: Carton, number: int) -> list[Part]:
    """Walls and flaps as two layers of board each, so that both faces have their own colour."""
    length, width, depth, wall = carton.length, carton.width, carton.depth, carton.wall
    frame, half = carton_frame(carton), carton.wall / 2
    sides: dict[bool, list[Mesh]] = {True: [], False: []}
    for side in range(4):
        run, across = (width, length) if side % 2 == 0 else (length, width)
        for inside in (True, False):
            reach = run + (2 * wall if side % 2 == 0 else 0)
            panel = box(half, reach, depth + wall)
            at = across / 2 + half / 2 + (0 if inside else half)
            sides[inside].append(panel.moved(transform(yaw=90.0 * side) @ transform(at, 0, -wall)))
    parts = [
        Part(None, number, join(sides[inside]).moved(frame), _board(carton, inside, 1 + inside))
        for inside in (True, False)
    ]
    bottom = box(length, width, wall).moved(frame @ transform(0, 0, -wall))
    parts.append(Part(None, number, bottom, _board(carton, True, 3, seam=True)))
    tapes = number + 1
    for k, flap in enumerate(carton.flaps):
        run = (width if flap.side % 2 == 0 else length) - 1.5
        hinge = frame @ flap_frame(carton, flap)
        for inside in (True, False):
            panel = box(flap.length, run, half, bevel=0.3)
            moved = panel.moved(hinge @ transform(flap.length / 2, 0, 0 if inside else -half))
            parts.append(Part(None, number, moved, _board(carton, inside, 5 + 2 * k + inside)))
        if flap.tape:
            rng = np.random.default_rng(carton.seed + 31 + k)
            parts.append(
                Part("tape", tapes, _torn(rng, carton, flap, run, hinge), _tape_look(carton))
            )
            tapes += 1
    return parts


def _torn(rng: np.random.Generator, carton: Carton, flap: Flap, run: float, hinge: Floats) -> Mesh:
    """Tape that was torn open: it sticks out under the flap's outer edge."""
    columns = 60
    ys = np.linspace(-run / 2, run / 2, columns) * rng.uniform(0.8, 1.0)
    out = (
        carton.tape_width
        / 2
        * (0.75 + 0.5 * np.interp(ys, np.linspace(-run, run, 30), rng.random(30)))
    )
    droop = 4 * np.interp(ys, np.linspace(-run, run, 16), rng.standard_normal(16))
    rows = np.linspace(-0.3, 1, 7)
    x = flap.length + rows[:, None] * out[None]
    z = -carton.wall / 2 - 0.3 + np.maximum(rows, 0)[:, None] ** 2 * droop[None]
    return grid(np.stack([x, np.broadcast_to(ys, x.shape), z], -1), smooth=True).moved(hinge)


def _tape_look(carton: Carton) -> Material:
    clear = 0.55 if carton.seed % 3 == 0 else 0.0
    return Material(carton.tape_colour, roughness=0.22, clear=clear)


def _closed(carton: Carton, number: int) -> list[Part]:
    """A closed parcel with its tape, or a soft mailer."""
    if carton.bag:
        mesh = mesh_of(_mailer(carton)).moved(transform(carton.x, carton.y, 0, carton.yaw))
        look = Material(carton.colour, textures.wrapper(carton.seed), roughness=0.35)
        return [Part("parcel", number, mesh, look)]
    length, width = carton.length + 2 * carton.wall, carton.width + 2 * carton.wall
    height = carton.depth + 2 * carton.wall
    low = transform(carton.x, carton.y, 0, carton.yaw)
    body = Part(
        "parcel", number, box(length, width, height, 2.0).moved(low), _board(carton, False, 1)
    )
    parts, tape = [body], carton.tape_width
    lid = slab(
        np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)])
        * (length / 2 - 3, width / 2 - 3, 0)
    )
    seam = replace(_board(carton, False, 2, seam=True), repeat=(1.0, 1.0))
    parts.append(Part("parcel", number, lid.moved(low @ transform(0, 0, height + 0.15)), seam))
    if tape > 0:
        rng = np.random.default_rng(carton.seed + 9)
        drop = min(float(rng.uniform(40, 80)), height * 0.8)
        x, off = length / 2 + 0.5, float(rng.normal(0, 1.5))
        path = np.array(
            [(-x, height - drop), (-x, height + 0.5), (x, height + 0.5), (x, height - drop)]
        )
        strips = [
            slab(
                np.array(
                    [
                        (p[0], off - tape / 2, p[1]),
                        (q[0], off - tape / 2, q[1]),
                        (q[0], off + tape / 2, q[1]),
                        (p[0], off + tape / 2, p[1]),
                    ]
                )
            )
            for p, q in pairwise(path)
        ]
        parts.append(Part("tape", number + 1, join(strips).moved(low), _tape_look(carton)))
    return parts


def _mailer(carton: Carton) -> Good:
    size = (carton.length, carton.width, carton.depth)
    return Good("bag", size, 0, 0, 0, 0, False, carton.seed)


def _good(good: Good, frame: Floats, number: int) -> list[Part]:
    mesh, seed = placed(good).moved(frame), good.seed
    rng = np.random.default_rng(seed + 1)
    if good.kind == "box_printed":
        look = Material(
            (1, 1, 1), textures.printed_box(seed), roughness=float(rng.uniform(0.2, 0.6))
        )
    elif good.kind == "box_white":
        look = Material((1, 1, 1), textures.white_box(seed), roughness=float(rng.uniform(0.3, 0.7)))
    elif good.kind == "box_plain":
        colour = tuple(rng.uniform(0.75, 1.1) * np.array((0.42, 0.27, 0.15)))
        if rng.random() < 0.4:
            colour = tuple(rng.uniform(0.01, 0.7, 3))
        look = Material(colour, textures.board(seed, False), (3.0, 2.0), 0.6)
    elif good.kind == "book":
        look = Material((1, 1, 1), textures.book(seed), roughness=0.4)
    elif good.kind == "plate":
        look = Material(
            (0.85, 0.85, 0.83) if rng.random() < 0.6 else tuple(rng.uniform(0.1, 0.8, 3)),
            roughness=0.12,
        )
    else:
        picture = textures.wrapper(seed) if rng.random() < 0.75 and good.kind != "shoe" else None
        colour = (1.0, 1.0, 1.0) if picture is not None else tuple(rng.uniform(0.02, 0.85, 3))
        rough = {"bag": 0.45, "shoe": 0.6}.get(good.kind, 0.18)
        glass = 0.35 if good.kind in ("bottle", "jar") and rng.random() < 0.25 else 0.0
        look = Material(
            colour, picture, roughness=float(rng.uniform(0.6, 1.4) * rough), clear=glass
        )
    return [Part("item", number, mesh, look)]


def _filler_look(kind: str, seed: int) -> Material:
    rng = np.random.default_rng(seed + 2)
    shade = float(rng.uniform(0.8, 1.15))
    if "kraft" in kind:
        return Material((0.46 * shade, 0.30 * shade, 0.16 * shade), roughness=0.8, sheen=0.2)
    if "white" in kind:
        return Material((0.8, 0.8, 0.78), roughness=0.75)
    if kind == "peanuts":
        tints = ((0.85, 0.85, 0.82), (0.6, 0.78, 0.6), (0.85, 0.6, 0.6))
        return Material(tints[rng.integers(3)], roughness=0.6)
    return Material((0.75, 0.8, 0.85), roughness=0.12, clear=0.62 if kind == "pillows" else 0.5)


def _surface(carton: Carton, surface: str) -> Floats:
    if surface == "top":
        height = carton.depth + (0 if carton.bag else 2 * carton.wall) + 0.6
        return transform(carton.x, carton.y, height, carton.yaw)
    side = int(surface.removeprefix("flap"))
    flap = next(f for f in carton.flaps if f.side == side)
    lift = transform(0, 0, carton.wall / 2 + 0.25)
    return np.asarray(carton_frame(carton) @ flap_frame(carton, flap) @ lift, np.float64)


def _label(label: Label, frame: Floats, carton: Carton | None, number: int) -> Part:
    """Label sheet; on a soft mailer it follows the surface."""
    rows, columns = (15, 11) if carton is not None and carton.bag else (2, 2)
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, columns), np.linspace(-0.5, 0.5, rows))
    flat = np.stack([u * label.width, v * label.height, np.full_like(u, 0.3)], -1)
    sheet = grid(flat, smooth=True).moved(transform(label.x, label.y, 0, label.yaw))
    if carton is not None and carton.bag:
        body = mesh_of(_mailer(carton)).vertices
        gaps = np.hypot(*(sheet.vertices[:, None, :2] - body[None, :, :2]).transpose(2, 0, 1))
        near = np.where(gaps < 22, body[None, :, 2], -1).max(axis=1)
        points = np.column_stack([sheet.vertices[:, :2], near - carton.depth + 1.0])
        sheet = Mesh(points, sheet.faces, sheet.uv, True)
    picture = waybill_label.draw(label.number, label.width, label.height, label.seed, label.bars)
    return Part("waybill", number, sheet.moved(frame), Material((1, 1, 1), picture, roughness=0.5))
