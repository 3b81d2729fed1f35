"""The meshes of closed parcels, soft mailers and the waybills on them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from greenpack.training import prints, waybill_label
from greenpack.training.carton_parts import board_look, carton_frame, flap_frame, tape_look
from greenpack.training.goods import mesh_of
from greenpack.training.material import Material, Part
from greenpack.training.meshes import Mesh, box, grid, join, slab, transform
from greenpack.training.noise import Floats
from greenpack.training.scene import Carton, Good, Label


def closed_parts(carton: Carton, number: int) -> list[Part]:
    """A closed parcel with its tape, or a soft mailer."""
    if carton.bag:
        mesh = mesh_of(_mailer(carton)).moved(transform(carton.x, carton.y, 0, carton.yaw))
        look = Material(carton.colour, prints.wrapper(carton.seed), roughness=0.35)
        return [Part("parcel", number, mesh, look)]
    length, width = carton.length + 2 * carton.wall, carton.width + 2 * carton.wall
    height = carton.depth + 2 * carton.wall
    low = transform(carton.x, carton.y, 0, carton.yaw)
    body = Part(
        "parcel", number, box(length, width, height, 2.0).moved(low), board_look(carton, False, 1)
    )
    parts, tape = [body], carton.tape_width
    lid = slab(
        np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)])
        * (length / 2 - 3, width / 2 - 3, 0)
    )
    seam = replace(board_look(carton, False, 2, seam=True), repeat=(1.0, 1.0))
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
        parts.append(Part("tape", number + 1, join(strips).moved(low), tape_look(carton)))
    return parts


def _mailer(carton: Carton) -> Good:
    size = (carton.length, carton.width, carton.depth)
    return Good("bag", size, 0, 0, 0, 0, False, carton.seed)


def surface_frame(carton: Carton, surface: str) -> Floats:
    if surface == "top":
        height = carton.depth + (0 if carton.bag else 2 * carton.wall) + 0.6
        return transform(carton.x, carton.y, height, carton.yaw)
    side = int(surface.removeprefix("flap"))
    flap = next(f for f in carton.flaps if f.side == side)
    lift = transform(0, 0, carton.wall / 2 + 0.25)
    return np.asarray(carton_frame(carton) @ flap_frame(carton, flap) @ lift, np.float64)


def label_part(label: Label, frame: Floats, carton: Carton | None, number: int) -> Part:
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
