"""The waybill's barcode in a photo, and whose parcel the photo therefore shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A barcode or QR code in a photo, whatever it says.

    Attributes:
        corners: four points (x to the right, y down) round it in order, in pixels of the photo;
            of a barcode only as much of its height as was read.
        linear: whether it is a barcode rather than a QR code.
        number: the waybill number that it states, or None.
    """

    corners: tuple[tuple[float, float], ...]
    linear: bool
    number: WaybillNumber | None

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle (x, y), in pixels of the photo."""
        return (sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4)


@dataclass(frozen=True, slots=True)
class WaybillCode:
    """A waybill number with the place where it was read.

    Attributes:
        number: the waybill's number.
        centre: x to the right and y down, of the barcode's middle, in pixels of the photo.
    """

    number: WaybillNumber
    centre: tuple[float, float]


def read_waybill_numbers(
    pixels: NDArray[np.uint8], *, any_angle: bool = True
) -> list[WaybillNumber]:
    """The different waybill numbers in a photo, in the order found; see ``read_waybill_codes``."""
    return different_numbers(read_waybill_codes(pixels, any_angle=any_angle))


def different_numbers(codes: Sequence[WaybillCode]) -> list[WaybillNumber]:
    """The numbers that codes state, each once, in the order found."""
    return list(dict.fromkeys(code.number for code in codes))


def read_waybill_codes(pixels: NDArray[np.uint8], *, any_angle: bool = True) -> list[WaybillCode]:
    """The codes in a photo that state waybill numbers; see ``read_codes``."""
    return waybill_codes(read_codes(pixels, any_angle=any_angle))


def waybill_codes(codes: Sequence[PrintedCode]) -> list[WaybillCode]:
    """Those of the codes that state waybill numbers, in the order found."""
    return [WaybillCode(code.number, code.centre) for code in codes if code.number is not None]


def read_codes(pixels: NDArray[np.uint8], *, any_angle: bool = True) -> list[PrintedCode]:
    """The Code 128 and QR codes in a photo, in the order found, whatever they say.

    ``pixels``: shape (h, w, 3), uint8, RGB, or their grey values, shape (h, w). QR codes are found
    at any angle. Code 128 is found within 14 degrees of every quarter turn; where no waybill number
    was found and ``any_angle`` is true, at every angle, which takes about four times as long. The
    narrowest bar should be 2 pixels wide at least, 3 at odd angles.
    """
    grey = pixels
    if pixels.ndim == 3:
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    codes = _read(grey, _FORMATS, try_downscale=True)
    for degrees in _TURNS if any_angle else ():
        if any(code.number is not None for code in codes):
            break
        turned, back = _turned(grey, degrees)
        codes += [
            replace(code, corners=tuple(_moved(corner, back) for corner in code.corners))
            for code in _read(turned, _BARS_ONLY, try_downscale=False)
        ]
    return codes


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
) -> list[PrintedCode]:
    codes = zxingcpp.read_barcodes(
        grey,
        formats=formats,
        try_rotate=True,
        try_downscale=try_downscale,
        # White on black is for screens; no waybill is printed so, and looking for it takes time.
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [
        PrintedCode(
            _corners(code.position),
            linear=code.format == zxingcpp.BarcodeFormat.Code128,
            number=None if _is_gs1(code) else from_code_text(code.text),
        )
        for code in codes
    ]


def _is_gs1(code: zxingcpp.Barcode) -> bool:
    # These describe goods and pallets; their fields run together into digits of any length.
    return bool(code.content_type == zxingcpp.ContentType.GS1)


def _corners(position: zxingcpp.Position) -> tuple[tuple[float, float], ...]:
    corners = (
        position.top_left, position.top_right, position.bottom_right, position.bottom_left,
    )  # fmt: skip
    return tuple((float(corner.x), float(corner.y)) for corner in corners)


def _turned(
    grey: NDArray[np.uint8], degrees: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The picture turned, and the matrix of shape (2, 3) that takes its pixels back."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(width * cosine + height * sine), int(width * sine + height * cosine))
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    turned = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR)
    return turned.astype(np.uint8, copy=False), np.asarray(cv2.invertAffineTransform(matrix))


def _moved(point: tuple[float, float], matrix: NDArray[np.float64]) -> tuple[float, float]:
    x, y = (matrix @ (*point, 1.0)).tolist()
    return (x, y)
