"""Waybill numbers: what they look like, and finding one in a file name or a code's text.

A number taken for a waybill's accuses a sender. Where people or barcodes state "this is the
waybill", ``normalise`` accepts every known form. Where a number merely stands in a file name or a
web address, far more things look alike (times, phone numbers, products), so those are left out
even at the price of missing a real one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import NewType
from urllib.parse import unquote

WaybillNumber = NewType("WaybillNumber", str)

# Weights of the check digit, UPU standard S10.
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_CARRIER = r"(?:SF|YT|JT|JD)\d{13}"
_S10 = r"[A-Z]{2}\d{9}[A-Z]{2}"
_DIGITS = r"\d{12,15}"
_NUMBER = re.compile(f"{_CARRIER}|{_DIGITS}|{_S10}", re.ASCII)
_IN_FILE_NAME = re.compile(f"(?<![A-Z0-9])(?:{_CARRIER}|{_DIGITS}|{_S10})(?![A-Z0-9])", re.ASCII)
_WITH_LETTERS = re.compile(f"(?<![A-Z0-9])(?:{_CARRIER}|{_S10})(?![A-Z0-9])", re.ASCII)
# A bare number in a web address may as well be a product (item.jd.com/100012043978.html) or an
# order; only a name like these says that it is a waybill.
_NAMED = re.compile(
    r"(?:WAYBILL|MAIL|BILL|EXPRESS|TRACKING|LOGISTICS?|运单|快递单|快递|面单)"
    r"[_-]?(?:NO|NUM|NUMBER|CODE|ID|号码|号|编号)?[\"']?\s*[=:]\s*[\"']?"
    rf"({_DIGITS})(?![A-Z0-9])",
    re.ASCII,
)
_MAYBE_NUMBER = re.compile(
    r"[A-Z]{0,2}\d(?:[\s\-]?\d){11,}|[A-Z]{2}[\s\-]?\d(?:[\s\-]?\d){8}[\s\-]?[A-Z]{2}",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s\-\u00ad\u200b-\u200d\u2010-\u2015\u2212\ufeff]+")
_FIRST_YEAR, _LAST_YEAR = 1995, 2099
# Milliseconds since 1970 from 2001 to 2046; later ones would rule out half the number space.
_EPOCH_MS = range(1_000_000_000_000, 2_400_000_000_000)


def normalise(text: str) -> WaybillNumber | None:
    """The waybill number that the whole of ``text`` states, or None.

    Accepted: SF, YT, JT or JD and 13 digits; 12 to 15 digits; UPU S10 (two letters, eight digits,
    a valid check digit, two letters). Case, width, spaces and hyphens do not matter. One digit
    repeated is a placeholder, not a number.
    """
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if _NUMBER.fullmatch(folded) is None or len(set(re.findall(r"\d", folded))) == 1:
        return None
    if re.fullmatch(_S10, folded, re.ASCII) and folded[10] != _s10_check_digit(folded[2:10]):
        return None
    return WaybillNumber(folded)


def from_file_name(name: str) -> WaybillNumber | None:
    """The one waybill number in a file name such as ``SF1234567890123_2.jpg``.

    None where there is none, where there are two different ones, and where the digits may be a
    time (``IMG_20261123_101500``, ``20261123101500``, ``261123101500``), a time in milliseconds
    since 1970 as WeChat writes it (``mmexport1764567890123``), or a mobile phone's number with
    China's country code. Digits joined to other letters or digits never count.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFKC", name))[-1]
    stem = base.rpartition(".")[0] or base
    return _only_one(
        match[0]
        for match in _IN_FILE_NAME.finditer(stem.upper())
        if not _may_be_time(match[0]) and not _may_be_phone(match[0])
    )


def from_code_text(text: str) -> WaybillNumber | None:
    """The one waybill number in the text of a barcode or QR code.

    The text is the number itself, or a web address, JSON or the like: there a carrier's or S10
    number counts wherever it stands, a bare number only behind a name such as ``mailNo=`` or
    ``"waybill":``. Goods carry codes too: a bare text that is a valid EAN-13 of China or a valid
    phone serial number (IMEI) does not count.
    """
    whole = normalise(text)
    if whole is not None:
        return None if _may_be_product(whole) else whole
    folded = unicodedata.normalize("NFKC", unquote(text)).upper()
    with_letters = (match[0] for match in _WITH_LETTERS.finditer(folded))
    named = (match[1] for match in _NAMED.finditer(folded))
    return _only_one([*with_letters, *named])


def masked_number(number: str) -> str:
    """A waybill's number with asterisks for all but its last four characters.

    Of less than eight characters half are masked at least.
    """
    shown = min(4, len(number) // 2)
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def masked_in(text: str) -> str:
    """The text, a file name for example, with all that may be a waybill's number masked.

    That is more than ``normalise`` accepts: a number that is masked for nothing does no harm.
    """
    return _MAYBE_NUMBER.sub(lambda found: masked_number(found[0]), text)


def _only_one(candidates: Iterator[str] | list[str]) -> WaybillNumber | None:
    found = {number for number in map(normalise, candidates) if number is not None}
    return found.pop() if len(found) == 1 else None


def _s10_check_digit(serial: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True))
    return {10: "0", 11: "5"}.get(11 - total % 11, str(11 - total % 11))


def _may_be_time(digits: str) -> bool:
    if not digits.isdigit():
        return False
    if len(digits) == 13 and int(digits) in _EPOCH_MS:
        return True
    forms = [(digits[:12], "%Y%m%d%H%M"), (digits[:12], "%y%m%d%H%M%S")]
    forms += [(digits[:12], "%d%m%Y%H%M"), (digits[:12], "%m%d%Y%H%M")]
    return any(_is_time(part, form) for part, form in forms)


def _is_time(digits: str, form: str) -> bool:
    try:
        return _FIRST_YEAR <= datetime.strptime(digits, form).year <= _LAST_YEAR  # noqa: DTZ007
    except ValueError:
        return False


def _may_be_phone(digits: str) -> bool:
    return re.fullmatch(r"861[3-9]\d{9}", digits, re.ASCII) is not None


def _may_be_product(number: str) -> bool:
    if not number.isdigit():
        return False
    figures = [int(digit) for digit in reversed(number)]
    if len(number) == 13 and number.startswith("69"):
        return (sum(figures[::2]) + 3 * sum(figures[1::2])) % 10 == 0
    # Prefixes of the bodies that allocate IMEIs, and the Luhn check (3GPP TS 23.003, annex B).
    if len(number) == 15 and number.startswith(("01", "35", "86", "99")):
        doubled = [sum(divmod(2 * figure, 10)) for figure in figures[1::2]]
        return (sum(figures[::2]) + sum(doubled)) % 10 == 0
    return False
