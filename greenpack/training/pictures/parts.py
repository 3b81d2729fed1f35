"""Turns a scene into world meshes with materials: what is drawn and what the index mask counts."""

from __future__ import annotations

import numpy as np

from greenpack.training.cartons.closed_parts import closed_parts, label_part, surface_frame
from greenpack.training.cartons.frames import carton_frame
from greenpack.training.cartons.markers import marker_part
from greenpack.training.cartons.opened_parts import opened_parts
from greenpack.training.drawing.material import Part
from greenpack.training.filler.kinds import meshes as filler_meshes
from greenpack.training.filler.looks import filler_look
from greenpack.training.goods import sheets
from greenpack.training.goods.looks import good_parts
from greenpack.training.places.surroundings import clutter, ground
from greenpack.training.scene import Scene


def build(scene: Scene) -> list[Part]:
    """All parts of a scene; the instance numbers are unique in it."""
    parts: list[Part] = list(ground(scene))
    # Before the parcel, whose own parts have numbers one after another.
    for marker in scene.markers:
        if marker.surface == "belt":
            parts.append(marker_part(marker, None, _next(parts)))
    for carton in scene.cartons:
        number = _next(parts)
        made = opened_parts(carton, number) if carton.opened else closed_parts(carton, number)
        for part in made:
            parts.append(part)
        frame = carton_frame(carton)
        for good in carton.goods:
            parts += good_parts(good, frame, _next(parts))
        stuffing = filler_meshes(carton) if carton.opened else []
        for piece, mesh in stuffing:
            look = filler_look(piece.kind, piece.seed)
            parts.append(Part("filler", _next(parts), mesh.moved(frame), look))
        parts += sheets.parts(carton, frame, [mesh for _, mesh in stuffing])
        for label in carton.labels:
            parts.append(
                label_part(label, surface_frame(carton, label.surface), carton, _next(parts))
            )
        for marker in scene.markers:  # there are markers only where there is one parcel
            if marker.surface != "belt":
                parts.append(marker_part(marker, carton, _next(parts)))
    for good in scene.goods:
        parts += good_parts(good, np.eye(4), _next(parts))
    for label in scene.labels:
        parts.append(label_part(label, np.eye(4), None, _next(parts)))
    for thing in scene.clutter:
        parts.append(clutter(thing))
    return parts


def _next(parts: list[Part]) -> int:
    return max((p.instance for p in parts), default=0) + 1
