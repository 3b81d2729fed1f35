"""The meshes of closed parcels, soft mailers and the waybills on them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from greenpack.training.cartons import closed_box, mailers, tape
from greenpack.training.cartons.frames import carton_frame, flap_frame
from greenpack.training.cartons.opened_parts import board_look, tape_look
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, box, grid, join, slab, transform
from greenpack.training.drawing.noise import Floats, Picture
from greenpack.training.goods.shapes import mesh_of
from greenpack.training.printed import packs, waybill_label, waybill_layouts
from greenpack.training.scene import Carton, Good, Label


def closed_parts(carton: Carton, number: int) -> list[Part]:
    """A closed parcel with its tape, or a soft mailer.

    Whatever belongs to the parcel itself has `number`, its tape the next one.
    """
    if carton.style in mailers.KINDS:
        return mailers.parts(carton, number)
    if carton.style != "plain":
        made = closed_box.parts(carton, number)
        if (bands := tape.strips(carton)) is not None:
            bands = bands.moved(closed_box.placed(carton))
            made.append(Part("tape", number + 1, bands, tape.look(carton)))
        return made
    if carton.bag:
        mesh = mesh_of(_mailer(carton)).moved(closed_box.placed(carton))
        look = Material(carton.colour, packs.wrapper(carton.seed), roughness=0.35)
        return [Part("parcel", number, mesh, look)]
    length, width = carton.length + 2 * carton.wall, carton.width + 2 * carton.wall
    height = carton.depth + 2 * carton.wall
    low = closed_box.placed(carton)
    body = Part(
        "parcel", number, box(length, width, height, 2.0).moved(low), board_look(carton, False, 1)
    )
    parts, wide = [body], carton.tape_width
    lid = slab(
        np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)])
        * (length / 2 - 3, width / 2 - 3, 0)
    )
    seam = replace(board_look(carton, False, 2, seam=True), repeat=(1.0, 1.0))
    parts.append(Part("parcel", number, lid.moved(low @ transform(0, 0, height + 0.15)), seam))
    if wide > 0:
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
                        (p[0], off - wide / 2, p[1]),
                        (q[0], off - wide / 2, q[1]),
                        (q[0], off + wide / 2, q[1]),
                        (p[0], off + wide / 2, p[1]),
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
    """World frame of a surface that a label lies on: z out of it; x, y as `Label` tells."""
    if surface == "top":
        soft = carton.bag or carton.style in mailers.KINDS
        height = carton.depth + (0 if soft else 2 * carton.wall) + 0.6
        return np.asarray(closed_box.placed(carton) @ transform(z=height), np.float64)
    side = int(surface[-1])
    if surface.startswith("side"):
        return _wall_frame(carton, side)
    flap = next(f for f in carton.flaps if f.side == side)
    out = carton.wall / 2 + 0.25
    place = transform(0, 0, out)
    if surface.startswith("under"):
        place = transform(0, 0, -out) @ np.diag([1.0, -1.0, -1.0, 1.0])
    return np.asarray(carton_frame(carton) @ flap_frame(carton, flap) @ place, np.float64)


def _wall_frame(carton: Carton, side: int) -> Floats:
    """Middle of an outer wall: x to the right as seen from outside, y up."""
    across = (carton.length if side % 2 == 0 else carton.width) / 2 + carton.wall + 0.4
    tall = carton.depth + (1 if carton.opened else 2) * carton.wall
    face = np.array([[0, 0, 1, across], [1, 0, 0, 0], [0, 1, 0, tall / 2], [0, 0, 0, 1]])
    low = closed_box.placed(carton)
    return np.asarray(low @ transform(yaw=90.0 * side) @ face, np.float64)


def label_part(label: Label, frame: Floats, carton: Carton | None, number: int) -> Part:
    """Label sheet; on a parcel that is not flat it follows the surface."""
    shaped = carton is not None and not carton.opened and (carton.bag or carton.style != "plain")
    rows, columns = (15, 11) if shaped else (2, 2)
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, columns), np.linspace(-0.5, 0.5, rows))
    flat = np.stack([u * label.width, v * label.height, np.full_like(u, 0.3)], -1)
    sheet = grid(flat, smooth=True).moved(transform(label.x, label.y, 0, label.yaw))
    rough = 0.12 if label.pouch else 0.5
    if carton is not None and shaped:
        sheet = on_parcel(sheet.moved(frame), carton)
    else:
        sheet = sheet.moved(frame)
    look = Material((1, 1, 1), _print(label, 3.0 if shaped else 8.0), roughness=rough)
    return Part("waybill", number, sheet, look)


def on_parcel(sheet: Mesh, carton: Carton) -> Mesh:
    """A world sheet laid onto the surface of a closed parcel."""
    low = closed_box.placed(carton)
    back: Floats = np.asarray(np.linalg.inv(low), np.float64)
    points = sheet.moved(back).vertices
    if carton.bag and carton.style == "plain":
        body = mesh_of(_mailer(carton)).vertices
        gaps = np.hypot(*(points[:, None, :2] - body[None, :, :2]).transpose(2, 0, 1))
        near = np.where(gaps < 22, body[None, :, 2], -1).max(axis=1)
        points = np.column_stack([points[:, :2], near + 1.9])
    elif carton.style in mailers.KINDS:
        top = mailers.height(carton, points[:, :2])
        points = np.column_stack([points[:, :2], top + 0.8])
    else:
        points = closed_box.bent(carton, points, 0.8)
    return Mesh(points, sheet.faces, sheet.uv, True).moved(low)


def _print(label: Label, scale: float) -> Picture:
    if label.layout:
        return waybill_layouts.draw(label, scale)
    return waybill_label.draw(
        label.number, label.width, label.height, label.seed, label.bars, scale
    )
