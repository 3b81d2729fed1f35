"""The overview as it is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from greenpack.records.database import reading
from greenpack.records.finding_list import count_listed
from greenpack.records.finding_wanted import Wanted
from greenpack.records.queries import verdict_counts
from greenpack.records.season import Grouping
from greenpack.report.finding_address import read_address
from greenpack.report.overview_columns import GROUPINGS
from greenpack.report.pages import overview_asked

from .example_records import RECEIVED

CARD = re.compile(r"##### \[(?P<words>.+)\]\((?P<address>findings.*)\)")
SCRIPT = "from greenpack.report.pages import overview\noverview.show()\n"


@pytest.fixture
def overview(data_folder: object, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page alone, a day after the examples were received."""
    monkeypatch.setattr(overview_asked, "now", lambda: RECEIVED.replace(day=28))
    return AppTest.from_string(SCRIPT, default_timeout=120)


def words(options: Sequence[object]) -> list[str]:
    return [str(getattr(option, "content", option)) for option in options]


def figures(page: AppTest) -> dict[str, tuple[str, str]]:
    """What the cards at the top say, and where their numbers lead."""
    cards = [CARD.fullmatch(each.value) for each in page.markdown]
    told = [(found["words"], found["address"]) for found in cards if found]
    labels = ("Parcels audited", "Violation rate", "Undetermined", "Unmeasurable")
    shown = [each.value for each in page.caption if each.value in labels]
    assert tuple(shown) == labels
    return dict(zip(labels, told, strict=True))


def audited(page: AppTest) -> int:
    return int(figures(page)["Parcels audited"][0])


def test_an_empty_folder_is_told_what_to_do(overview: AppTest) -> None:
    overview.run()
    assert not overview.exception
    assert overview.info or overview.warning
    assert not any(CARD.fullmatch(each.value) for each in overview.markdown)


def test_the_campaign_is_told_with_its_interval(engine: Engine, overview: AppTest) -> None:
    overview.run()
    assert not overview.exception
    with reading(engine) as session:
        assert audited(overview) == verdict_counts(session, "screening-50").parcels
    told = " ".join(each.value.replace("\\", "") for each in overview.caption)
    assert "95 % interval" in told
    words = " ".join(each.value for each in overview.markdown)
    assert "after Wilson" in words
    assert "no parcels to compare with" in words
    assert any("2025-11-01" in each.value for each in overview.caption)


def test_each_figure_opens_the_findings_behind_it(engine: Engine, overview: AppTest) -> None:
    overview.run()
    parcels = audited(overview)
    for label, (words, address) in figures(overview).items():
        found = behind(engine, address)
        if label == "Parcels audited":
            assert found == parcels
        elif label != "Violation rate":
            share = words.replace("\\", "").removesuffix(" %")
            assert float(share) == pytest.approx(100 * found / parcels, abs=0.051)
        else:
            assert read_query(address)["verdict"] == "violation"


def read_query(link: str) -> dict[str, str]:
    return dict(parse_qsl(link.partition("#")[0].partition("?")[2]))


def behind(engine: Engine, link: str) -> int:
    """How many findings the findings page has at an address."""
    here = read_address(read_query(link))
    assert here.profile_id is not None
    names = ("since", "until", "hub_id", "municipality_id", "province_id", "platform_id")
    narrowed = {name: getattr(here, name) for name in (*names, "goods_class")}
    wanted = Wanted(here.profile_id, verdict=here.verdict, **narrowed)
    with reading(engine) as session:
        return count_listed(session, wanted).rows


def table_by(page: AppTest, by: Grouping) -> pd.DataFrame:
    chosen = next(each for each in page.button_group if GROUPINGS[by] in words(each.options))
    chosen.set_value(by)
    page.run()
    assert not page.exception
    return page.dataframe[0].value


@pytest.mark.parametrize("by", list(GROUPINGS))
def test_each_table_counts_every_parcel_and_links_to_its_findings(
    engine: Engine, overview: AppTest, by: Grouping
) -> None:
    overview.run()
    all_parcels = audited(overview)
    table = table_by(overview, by)
    parcels = [str(cell) for cell in table["parcels"]]
    assert sum(int(cell.partition("#")[2]) for cell in parcels) == all_parcels
    for cell in [*parcels, *map(str, table["violations"]), *map(str, table["undetermined"])]:
        assert cell.startswith("findings?profile=screening-50")
        assert behind(engine, cell) == int(cell.partition("#")[2])


def test_a_place_narrows_every_figure_and_every_link(engine: Engine, overview: AppTest) -> None:
    overview.run()
    everywhere = audited(overview)
    place = next(each for each in overview.selectbox if each.label == "Place")
    assert place.value is None
    province = next(each for each in place.options if "," not in each)
    place.select(province)
    overview.run()
    table = table_by(overview, Grouping.PLATFORM)
    here = audited(overview)
    assert 0 < here < everywhere
    assert sum(int(str(cell).partition("#")[2]) for cell in table["parcels"]) == here
    for cell in table["parcels"]:
        assert behind(engine, str(cell)) == int(str(cell).partition("#")[2])
    assert province in [each.value for each in overview.subheader]
    links = " ".join(each.value for each in overview.markdown)
    assert "province=" in links
