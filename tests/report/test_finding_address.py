"""The findings page's address: what is written into it is read out of it again."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from greenpack.records.answers import FindingSort, SenderGroup
from greenpack.records.standing import Standing
from greenpack.report.finding_address import FindingsAddress, findings_link, read_address
from greenpack.rules.verdict import Verdict

_ROWS = st.none() | st.integers(0, 2**31 - 1)
_WORDS = st.none() | st.text(min_size=1, max_size=30).filter(
    lambda text: text == text.strip() and text != "unknown"
)
_DAYS = st.none() | st.dates()


def _query(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


@given(
    st.builds(
        FindingsAddress,
        profile_id=_WORDS,
        verdict=st.none() | st.sampled_from(Verdict),
        since=_DAYS,
        until=_DAYS,
        sender_id=_ROWS,
        sender_group=st.none() | st.sampled_from(SenderGroup),
        hub_id=_ROWS,
        municipality_id=_ROWS,
        province_id=_ROWS,
        platform_id=_ROWS,
        goods_class=_WORDS | st.just(""),
        rule_id=_WORDS,
        standing=st.none() | st.sampled_from(Standing),
        waybill=_WORDS,
        sort=st.sampled_from(FindingSort),
        after=_ROWS,
        finding=_ROWS,
    )
)
def test_an_address_is_read_as_it_was_written(address: FindingsAddress) -> None:
    assert read_address(address.query()) == address


def test_a_link_is_relative_and_opens_what_it_names() -> None:
    link = findings_link(
        "cn-gb45186-2024",
        verdict=Verdict.VIOLATION,
        since=date(2026, 11, 1),
        until=date(2026, 11, 30),
        hub_id=7,
        goods_class="fresh",
    )
    assert link == (
        "findings?profile=cn-gb45186-2024&verdict=violation&from=2026-11-01&until=2026-11-30"
        "&hub=7&goods=fresh"
    )
    assert read_address(_query(link)) == FindingsAddress(
        profile_id="cn-gb45186-2024",
        verdict=Verdict.VIOLATION,
        since=date(2026, 11, 1),
        until=date(2026, 11, 30),
        hub_id=7,
        goods_class="fresh",
    )


def test_what_could_be_taken_for_part_of_an_address_is_escaped() -> None:
    link = findings_link("a&verdict=exempt#x", goods_class="鞋 & 帽")
    assert read_address(_query(link)).profile_id == "a&verdict=exempt#x"
    assert read_address(_query(link)).goods_class == "鞋 & 帽"
    assert read_address(_query(link)).verdict is None


def test_senders_that_are_none_are_groups() -> None:
    unknown = read_address(_query(findings_link("p", sender_id=0)))
    alone = read_address(_query(findings_link("p", sender_id=-1)))
    assert (unknown.sender_id, unknown.sender_group) == (None, SenderGroup.UNKNOWN)
    assert (alone.sender_id, alone.sender_group) == (None, SenderGroup.UNATTRIBUTED)
    assert read_address(_query(findings_link("p", sender_id=3))).sender_id == 3


def test_nonsense_is_left_out() -> None:
    nonsense = {
        "verdict": "guilty",
        "from": "yesterday",
        "until": "2026-02-30",
        "sender": "-1",
        "hub": "٣",
        "order": "random",
        "decision": "maybe",
        "finding": "99999999999999999999",
        "profile": "  ",
        "stranger": "1",
    }
    assert read_address(nonsense) == FindingsAddress(finding=2**31 - 1)


def test_the_list_goes_one_way_only() -> None:
    address = read_address({"after": "7", "before": "9"})
    assert (address.after, address.before) == (7, None)
