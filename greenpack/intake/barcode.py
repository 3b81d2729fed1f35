"""The waybill's barcode in a photo, and whose parcel the photo therefore shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from greenpack.intake.waybill_number import (
    WaybillNumber,
    from_code_text,
    from_file_name,
    normalise,
)

# The two that express waybills carry. EAN and the like belong to the goods.
_FORMATS = zxingcpp.barcode_formats_from_str("Code128,QRCode")
_BARS_ONLY = zxingcpp.barcode_formats_from_str("Code128")
# A scan line crosses all of a waybill's Code 128 up to 14 degrees of skew. Turns by 30 and 60
# degrees, with scan lines along both axes, leave no angle out.
_TURNS = (30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose parcel a photo shows, and how that is known.

    Attributes:
        number: the waybill's number, or None where nothing tells it or the barcodes disagree.
        source: what told it, or None.
        note: what a person should know about it (several waybills, a disagreement); else empty.
    """

    number: WaybillNumber | None
    source: Literal["barcode", "file_name", "sidecar"] | None
    note: str = ""


def read_waybill_numbers(
    pixels: NDArray[np.uint8], *, any_angle: bool = True
) -> list[WaybillNumber]:
    """The different waybill numbers in a photo's Code 128 and QR codes, in the order found.

    ``pixels``: shape (h, w, 3), uint8, RGB. QR codes are found at any angle. Code 128 is found
    within 14 degrees of every quarter turn; where nothing was found and ``any_angle`` is true, at
    every angle, which takes about four times as long. The narrowest bar should be 2 pixels wide
    at least, 3 at odd angles.
    """
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    numbers = _read(grey, _FORMATS, try_downscale=True)
    for degrees in _TURNS if any_angle else ():
        if numbers:
            break
        numbers = _read(_turned(grey, degrees), _BARS_ONLY, try_downscale=False)
    return numbers


def attribute(
    photo_codes: Sequence[WaybillNumber], file_name: str, sidecar: str | None = None
) -> Attribution:
    """Decides whose parcel the photo shows: by its barcode, else its file name, else its sidecar.

    ``sidecar`` is the number stated beside the photo: by the table that came with it, or by the
    camera that sent it. Two different barcodes tell nothing. A barcode that contradicts the file
    name or the sidecar is believed, and the note says so.
    """
    notes = []
    stated: list[tuple[WaybillNumber, Literal["barcode", "file_name", "sidecar"]]] = []
    codes = list(dict.fromkeys(photo_codes))
    if len(codes) > 1:
        notes.append(f"several waybills in the photo: {', '.join(codes)}")
    elif codes:
        stated.append((codes[0], "barcode"))
    named = from_file_name(file_name)
    if named is not None:
        stated.append((named, "file_name"))
    beside = normalise(sidecar) if sidecar else None
    if beside is not None:
        stated.append((beside, "sidecar"))
    elif sidecar and sidecar.strip():
        notes.append(f"the sidecar states no valid waybill number: {sidecar.strip()[:40]}")
    if not stated:
        return Attribution(None, None, "; ".join(notes))
    number, source = stated[0]
    words = {"file_name": "file name", "sidecar": "sidecar", "barcode": "barcode"}
    notes += [
        f"the {words[other]} says {wrong}, the {words[source]} {number}"
        for wrong, other in stated[1:]
        if wrong != number
    ]
    return Attribution(number, source, "; ".join(notes))


def _read(
    grey: NDArray[np.uint8], formats: zxingcpp.BarcodeFormats, *, try_downscale: bool
) -> list[WaybillNumber]:
    codes = zxingcpp.read_barcodes(
        grey,
        formats=formats,
        try_rotate=True,
        try_downscale=try_downscale,
        # White on black is for screens; no waybill is printed so, and looking for it takes time.
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    # GS1 codes describe goods and pallets; their fields run together into digits of any length.
    texts = (code.text for code in codes if code.content_type != zxingcpp.ContentType.GS1)
    numbers = (from_code_text(text) for text in texts)
    return list(dict.fromkeys(number for number in numbers if number is not None))


def _turned(grey: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(width * cosine + height * sine), int(width * sine + height * cosine))
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
