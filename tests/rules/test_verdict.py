"""The verdict on a parcel from the verdicts of its rules."""

from __future__ import annotations

import pytest

from greenpack.rules.verdict import Verdict, overall


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ("violation compliant unmeasurable", "violation"),
        ("exempt exempt", "exempt"),
        ("exempt compliant", "compliant"),
        ("compliant undetermined", "undetermined"),
        ("unmeasurable exempt", "unmeasurable"),
        ("unmeasurable compliant", "undetermined"),
    ],
)
def test_the_whole_follows_from_the_rules(verdicts: str, whole: str) -> None:
    assert overall(Verdict(each) for each in verdicts.split()) == whole


def test_no_rules_no_verdict() -> None:
    with pytest.raises(ValueError, match="no verdict"):
        overall([])
