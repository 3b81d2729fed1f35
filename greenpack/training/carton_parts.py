"""The meshes of an opened carton: walls, flaps, torn tape; and the frames of its surfaces."""

from __future__ import annotations

import numpy as np

from greenpack.training import board
from greenpack.training.material import Material, Part
from greenpack.training.meshes import Mesh, box, grid, join, transform
from greenpack.training.noise import Floats
from greenpack.training.scene import Carton, Flap


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


def board_look(carton: Carton, inside: bool, salt: int, seam: bool = False) -> Material:
    colour = carton.inside if inside else carton.colour
    picture = board.board(carton.seed + salt, carton.printed and not inside, seam)
    return Material(colour, picture, (3.0, 2.0), roughness=0.75)


def opened_parts(carton: Carton, number: int) -> list[Part]:
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
        Part(None, number, join(sides[inside]).moved(frame), board_look(carton, inside, 1 + inside))
        for inside in (True, False)
    ]
    bottom = box(length, width, wall).moved(frame @ transform(0, 0, -wall))
    parts.append(Part(None, number, bottom, board_look(carton, True, 3, seam=True)))
    tapes = number + 1
    for k, flap in enumerate(carton.flaps):
        run = (width if flap.side % 2 == 0 else length) - 1.5
        hinge = frame @ flap_frame(carton, flap)
        for inside in (True, False):
            panel = box(flap.length, run, half, bevel=0.3)
            moved = panel.moved(hinge @ transform(flap.length / 2, 0, 0 if inside else -half))
            parts.append(Part(None, number, moved, board_look(carton, inside, 5 + 2 * k + inside)))
        if flap.tape:
            rng = np.random.default_rng(carton.seed + 31 + k)
            parts.append(
                Part("tape", tapes, _torn(rng, carton, flap, run, hinge), tape_look(carton))
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


def tape_look(carton: Carton) -> Material:
    clear = 0.55 if carton.seed % 3 == 0 else 0.0
    return Material(carton.tape_colour, roughness=0.22, clear=clear)
