"""Waybill labels as a sorting hub sees them: in the formats in use, with the number's own carrier.

A carrier's number stands on a label of a format that the carrier prints on, as
`greenpack.measure.closed.label_formats` lists them with their sources; a few labels have a format
that is on no list. The bars are a real Code 128.
"""

from __future__ import annotations

import numpy as np

from greenpack.measure.closed.label_formats import FORMATS, carrier_of, formats_for
from greenpack.training.printed.waybill_label import number
from greenpack.training.printed.waybill_layouts import LAYOUTS
from greenpack.training.scene import Label

UNLISTED = 0.06
"""Share of labels in a format that is on no list: old forms, odd rolls, sheets cut by hand."""

_EDGE = 5.0  # mm that a label keeps from the edges of its face


def listed(label: Label) -> bool:
    """Whether a label's format is one that its number's carrier is known to use."""
    size = (min(label.width, label.height), max(label.width, label.height))
    return any(size == form.size for form in formats_for(carrier_of(label.number)))


def hub_label(rng: np.random.Generator, surface: str, wide: float, high: float) -> Label | None:
    """A waybill lying within a face of `wide` x `high` mm round its middle; None if none fits."""
    for _ in range(6):
        text = number(rng)
        size, layout = _format(rng, text)
        turn = float(rng.choice([0.0, 90.0, 180.0, 270.0], p=[0.4, 0.25, 0.1, 0.25]))
        skew = float(np.clip(rng.normal(0, 3), -10, 10))
        spin = float(np.sin(np.radians(abs(skew))))
        u, v = size[::-1] if turn in (90.0, 270.0) else size
        room = np.array([wide - u - v * spin, high - v - u * spin]) / 2 - _EDGE
        if (room < 0).any():
            continue
        x, y = (float(r) for r in rng.uniform(-1, 1, 2) * room)
        return Label(
            text,
            float(size[0]),
            float(size[1]),
            surface,
            x,
            y,
            turn + skew,
            int(rng.integers(2**31)),
            layout=layout,
            pouch=bool(rng.random() < 0.05),
        )
    return None


def _format(rng: np.random.Generator, text: str) -> tuple[tuple[float, float], str]:
    """Width and height in mm, and the layout that is printed."""
    if rng.random() < UNLISTED:
        known = {form.size for form in FORMATS}
        odd = [
            (size, layout)
            for layout in ("thermal", "carrier", "wide", "form")
            for size in LAYOUTS[layout]
            if (min(size), max(size)) not in known
        ]
        size, layout = odd[rng.integers(len(odd))]
        return (float(size[0]), float(size[1])), layout
    forms = formats_for(carrier_of(text))
    short, long = forms[rng.integers(len(forms))].size
    if rng.random() < 0.08 and long > short:
        return (long, short), "wide"
    return (short, long), "carrier" if rng.random() < 0.3 and long < 200 else "thermal"
