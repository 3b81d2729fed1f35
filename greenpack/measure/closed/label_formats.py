"""Waybill label formats: which sheets of paper carriers print on, and who says so.

What is measured on a label is its paper's outline, not its print: the printer's feed moves the
print, not the cut. A roll's labels are die-cut; makers of labels state 0.1 to 0.3 mm (Sanhe Label,
"How to improve the dimensional accuracy of self-adhesive labels", 2025), paper swells with
humidity by some tenths of a per cent, and fan-fold labels are torn at a perforation. ``SIZE_ERROR``
covers these together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SIZE_ERROR = 0.01
"""95 % half width of a label's side, relative to its nominal size: 0.76 mm at 76 mm."""


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A format of waybill labels.

    Attributes:
        size: shorter and longer side, millimetres.
        source: who states that labels of this size are in use.
        carriers: carriers that the source names as users.
        elsewhere: whether others may use it too. False keeps it to ``carriers``.
    """

    size: tuple[float, float]
    source: str
    carriers: frozenset[str]
    elsewhere: bool = True

    @property
    def name(self) -> str:
        """For people, such as ``label 100 x 150 mm``."""
        return f"label {self.size[0]:g} x {self.size[1]:g} mm"


_SF = "template list of SF Express's cloud print interface (COM_RECE_CLOUD_PRINT_WAYBILLS)"
_WEIXIN = "standard templates of Weixin Shop (ewaybill/get_template_config)"

FORMATS: tuple[LabelFormat, ...] = (
    LabelFormat(
        (76.0, 130.0), f"{_WEIXIN}; {_SF}; Cainiao's EMS template", frozenset({"SF", "YTO", "EMS"})
    ),
    LabelFormat((100.0, 150.0), f"{_SF}; carriers' label pages", frozenset({"SF"})),
    LabelFormat((100.0, 180.0), _SF, frozenset({"SF"})),
    LabelFormat((100.0, 210.0), _SF, frozenset({"SF"})),
    LabelFormat((76.0, 165.0), _SF, frozenset({"SF"})),
    LabelFormat((100.0, 100.0), f"{_SF}, for one platform", frozenset({"SF"}), elsewhere=False),
    LabelFormat((101.6, 152.4), "4 x 6 inch, the usual label outside China", frozenset()),
)

_CLOSED_LISTS = frozenset({"SF"})
"""Carriers whose source lists all formats that their labels come in."""

_PREFIXES = {"SF": "SF", "YT": "YTO", "JT": "J&T", "JD": "JD"}


def carrier_of(waybill: str) -> str | None:
    """The carrier that a waybill number names, or None where it names none.

    SF, YT, JT and JD and 13 digits name their carriers, UPU S10 numbers that end in CN name EMS.
    Bare digits name nobody: several carriers use the same lengths.
    """
    if re.fullmatch(r"(?:SF|YT|JT|JD)\d{13}", waybill, re.ASCII):
        return _PREFIXES[waybill[:2]]
    return "EMS" if re.fullmatch(r"[A-Z]{2}\d{9}CN", waybill, re.ASCII) else None


def formats_for(carrier: str | None) -> tuple[LabelFormat, ...]:
    """The formats that a label may have, those named for the carrier first.

    The carrier narrows the choice only where its source lists all its formats (SF Express). A
    source that merely names one template of a carrier does not rule the others out.

    Args:
        carrier: as ``carrier_of`` gives it, or None where no waybill number was read.
    """
    named = tuple(form for form in FORMATS if carrier is not None and carrier in form.carriers)
    if carrier in _CLOSED_LISTS:
        return named
    return named + tuple(form for form in FORMATS if form.elsewhere and form not in named)
