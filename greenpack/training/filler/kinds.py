"""Packing material as meshes: which kind is drawn by what.

Loose pieces are dropped onto a height map of what already lies in the carton, so they rest on
something.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenpack.training.drawing.meshes import Mesh
from greenpack.training.filler import film, inserts, loose, paper, rope, simple
from greenpack.training.filler.relief import Relief
from greenpack.training.scene import Carton, Filler


def meshes(carton: Carton) -> list[tuple[Filler, Mesh]]:
    """The filler of an opened carton in its frame, one mesh for each entry that found room."""
    relief = Relief(carton.length, carton.width, carton.depth)
    relief.add_goods(carton)
    found = []
    for piece in carton.filler:
        draw = KINDS.get(piece.kind) or _FIRST[piece.kind]
        mesh = draw(np.random.default_rng(piece.seed), piece, relief)
        if mesh is not None:
            found.append((piece, mesh))
    return found


Draw = Callable[[np.random.Generator, Filler, Relief], Mesh | None]

KINDS: dict[str, Draw] = {
    "rope_kraft": rope.rope,
    "rope_white": rope.rope,
    "crumple_kraft": paper.wads,
    "crumple_white": paper.wads,
    "crumple_news": paper.wads,
    "crumple_colour": paper.wads,
    "sheet_kraft": paper.sheet,
    "sheet_white": paper.sheet,
    "honeycomb": paper.honeycomb,
    "bubble_small": film.bubble,
    "bubble_large": film.bubble,
    "pillows_clear": film.pillows,
    "pillows_milky": film.pillows,
    "peanuts_s": loose.peanuts,
    "peanuts_eight": loose.peanuts,
    "peanuts_tube": loose.peanuts,
    "shred_kraft": loose.shreds,
    "shred_white": loose.shreds,
    "shred_colour": loose.shreds,
    "wood_wool": loose.shreds,
    "foam_sheet": inserts.foam_sheet,
    "foam_corners": inserts.foam_corners,
    "foam_insert": inserts.foam_insert,
    "divider": inserts.divider,
    "pulp_tray": inserts.pulp_tray,
}
"""Kinds as they look in life; what `stuffing` draws from."""

_FIRST: dict[str, Draw] = {
    "kraft": simple.sheet,
    "white": simple.sheet,
    "wad_kraft": simple.wads,
    "wad_white": simple.wads,
    "bubble": simple.bubble,
    "pillows": simple.pillows,
    "peanuts": simple.peanuts,
}
