"""Builds the things that stand around a parcel from their kind, size and seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from greenpack.training.drawing.material import Part
from greenpack.training.drawing.meshes import transform
from greenpack.training.drawing.solids import Pairs
from greenpack.training.places import (
    doors,
    furniture,
    grounds,
    hall,
    household,
    outdoors,
    people,
    plants,
    walls,
)
from greenpack.training.scene import Clutter

Builder = Callable[[np.random.Generator, float], Pairs]

BUILD: dict[str, Builder] = {
    "window": walls.window,
    "cupboard": walls.cupboard,
    "radiator": walls.radiator,
    "curtain": walls.curtain,
    "picture": walls.picture,
    "panel": walls.panel,
    "fittings": walls.fittings,
    "bush": plants.bush,
    "hedge": plants.hedge,
    "potted": plants.potted,
    "litter": plants.litter,
    "arm": people.arm,
    "legs": people.legs,
    "mug": household.mug,
    "bowl": household.bowl,
    "laptop": household.laptop,
    "keyboard": household.keyboard,
    "papers": household.papers,
    "phone": household.phone,
    "cushion": household.cushion,
    "handbag": household.handbag,
    "toy": household.toy,
    "bin": household.bin_,
    "cable": household.cable,
    "tools": household.tools,
    "chair": furniture.chair,
    "desk": furniture.desk,
    "rack": furniture.rack,
    "bay": furniture.bay,
    "sofa": furniture.sofa,
    "stool": furniture.stool,
    "rug": furniture.rug,
    "column": furniture.column,
    "conveyor": hall.conveyor,
    "curve": hall.curve,
    "chute": hall.chute,
    "cage": hall.cage,
    "tote": hall.tote,
    "pallet": hall.pallet,
    "bed-pallet": hall.loaded_pallet,
    "bed-cage": hall.loaded_cage,
    "line": hall.line,
    "scales": hall.scales,
    "kerb": outdoors.kerb,
    "steps": outdoors.steps,
    "fence": outdoors.fence,
    "car": outdoors.car,
    "bollard": outdoors.bollard,
    "bed": outdoors.bed,
    "vista": outdoors.vista,
    "strip": outdoors.strip,
}
for _kind in ("flush", "panelled", "glazed", "iron", "garage"):
    BUILD[f"door-{_kind}"] = partial(doors.door, _kind)
for _kind in grounds.KINDS:
    BUILD[f"wall-{_kind}"] = partial(walls.wall, _kind)


def build(thing: Clutter) -> Iterator[Part]:
    """The parts of a thing at its place; none of them has a label."""
    at = transform(thing.x, thing.y, thing.z, thing.yaw)
    for mesh, look in BUILD[thing.kind](np.random.default_rng(thing.seed), thing.size):
        yield Part(None, 0, mesh.moved(at), look)
