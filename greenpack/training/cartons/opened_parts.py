"""The parts of an opened carton; the plain style's walls and flaps are made here."""

from __future__ import annotations

import numpy as np

from greenpack.training.cartons import open_box, tape
from greenpack.training.cartons.frames import carton_frame, flap_frame
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, box, join, transform
from greenpack.training.printed import board
from greenpack.training.scene import Carton


def board_look(carton: Carton, inside: bool, salt: int, seam: bool = False) -> Material:
    colour = carton.inside if inside else carton.colour
    picture = board.board(carton.seed + salt, carton.printed and not inside, seam)
    return Material(colour, picture, (3.0, 2.0), roughness=0.75)


def opened_parts(carton: Carton, number: int) -> list[Part]:
    """Walls, flaps and torn tape; board in two layers, so that both faces have their own colour."""
    if carton.style != "plain":
        return open_box.parts(carton, number)
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
            strip = tape.torn(rng, carton, flap, run).moved(hinge)
            parts.append(Part("tape", tapes, strip, tape_look(carton)))
            tapes += 1
    return parts


def tape_look(carton: Carton) -> Material:
    clear = 0.55 if carton.seed % 3 == 0 else 0.0
    return Material(carton.tape_colour, roughness=0.22, clear=clear)
