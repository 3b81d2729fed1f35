"""The addresses that other pages link to."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from greenpack.report.case_address import case_link, new_case_link


def test_a_link_leads_to_its_case() -> None:
    assert case_link(17) == "cases?case=17"


def test_a_link_to_a_new_case_keeps_whatever_the_profile_is_called() -> None:
    split = urlsplit(new_case_link("城市&co", 3))
    assert split.path == "cases"
    assert parse_qs(split.query) == {"profile": ["城市&co"], "sender": ["3"]}
