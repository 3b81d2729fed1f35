"""The words and columns of the findings page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.reasons import REASONS
from greenpack.records.answers import ReasonCount, SenderGroup
from greenpack.report.findings_view import (
    interval_cell,
    page_count,
    plain,
    sender_words,
    time_words,
    unmeasurable_columns,
    waybill_wanted,
)

SHANGHAI, NEW_YORK, KATHMANDU = map(
    ZoneInfo, ("Asia/Shanghai", "America/New_York", "Asia/Kathmandu")
)


@pytest.mark.parametrize(
    ("interval", "quantity", "limit", "words"),
    [
        (None, Quantity.VOID_RATIO, 0.5, "not measured"),
        (Interval(None, 0.66, 1.0), Quantity.VOID_RATIO, 0.5, "at least 66.0 %"),
        (Interval(None, 0.6, 0.7), Quantity.VOID_RATIO, 0.5, "60.0 % to 70.0 %"),
        (Interval(0.31, 0.28, 0.34), Quantity.AREA_RATIO, None, "31.0 % (28.0 % to 34.0 %)"),
        (Interval(48.0, 46.5, 49.5), Quantity.TAPE_WIDTH_MM, 45, "48.0 mm (46.5 mm to 49.5 mm)"),
        (Interval(None, 1.2, 1.4), Quantity.BOX_FIT_LINEAR, None, "1.2 times to 1.4 times"),
        # Rounded to one decimal this would stand on the limit itself.
        (Interval(None, 0.5001, 1.0), Quantity.VOID_RATIO, 0.5, "at least 50.01 %"),
    ],
)
def test_a_number_never_stands_without_its_interval(
    interval: Interval | None, quantity: Quantity, limit: float | None, words: str
) -> None:
    assert interval_cell(interval, quantity, limit) == words


def test_times_say_their_offset() -> None:
    moment = datetime(2026, 11, 23, 8, 30, 15, 999999, UTC)
    assert time_words(moment, SHANGHAI) == "2026-11-23 16:30:15 UTC+08:00"
    assert time_words(moment, KATHMANDU) == "2026-11-23 14:15:15 UTC+05:45"
    assert time_words(moment, NEW_YORK) == "2026-11-23 03:30:15 UTC-05:00"
    assert time_words(moment, ZoneInfo("UTC")) == "2026-11-23 08:30:15 UTC+00:00"
    assert time_words(None, SHANGHAI) == "unknown"


def test_a_typed_waybill_number_is_read_as_inspectors_write_it() -> None:
    assert waybill_wanted(" sf 1234-5678-90123 ") == "SF1234567890123"
    assert waybill_wanted("HUB-17 ") == "HUB-17"
    assert waybill_wanted("  ") is None


def test_a_sender_has_its_name_else_its_code_else_the_reason_why_not() -> None:
    assert sender_words(SenderGroup.SENDER, "Tea", "S-7") == "Tea"
    assert sender_words(SenderGroup.SENDER, None, "S-8") == "S-8"
    assert sender_words(SenderGroup.UNKNOWN, None, None) == "(sender unknown)"
    assert sender_words(SenderGroup.UNATTRIBUTED, None, None) == "(no waybill found)"


def test_no_markup_survives_in_plain_text() -> None:
    assert plain("![x](y) *a*\n#b $1$") == r"\!\[x\]\(y\) \*a\* \#b \$1\$"
    assert plain("丝路 50 %") == r"丝路 50 \%"


def test_photos_without_numbers_come_with_advice() -> None:
    table = unmeasurable_columns(
        [ReasonCount("too_dark", 3, refused=False), ReasonCount("of_a_newer_version", 1, True)]
    )
    assert table["photos"] == [3, 1]
    assert table["what to do"] == [REASONS["too_dark"].advice, ""]
    assert table["what it means"] == [REASONS["too_dark"].meaning, "of_a_newer_version"]


@pytest.mark.parametrize(("findings", "pages"), [(0, 1), (1, 1), (25, 1), (26, 2), (57, 3)])
def test_pages_hold_all_findings(findings: int, pages: int) -> None:
    assert page_count(findings, 25) == pages
