"""The overview as it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from greenpack.records.database import reading
from greenpack.records.queries import verdict_counts
from greenpack.records.season import Grouping
from greenpack.report.overview_columns import GROUPINGS
from greenpack.report.pages import overview_asked

from .example_records import RECEIVED

SCRIPT = "from greenpack.report.pages import overview\noverview.show()\n"


@pytest.fixture
def overview(data_folder: object, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page alone, a day after the examples were received."""
    monkeypatch.setattr(overview_asked, "now", lambda: RECEIVED.replace(day=28))
    return AppTest.from_string(SCRIPT, default_timeout=120)


def words(options: Sequence[object]) -> list[str]:
    return [str(getattr(option, "content", option)) for option in options]


def figures(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_an_empty_folder_is_told_what_to_do(overview: AppTest) -> None:
    overview.run()
    assert not overview.exception
    assert overview.info or overview.warning
    assert not overview.metric


def test_the_campaign_is_told_with_its_interval(engine: Engine, overview: AppTest) -> None:
    overview.run()
    assert not overview.exception
    shown = figures(overview)
    with reading(engine) as session:
        assert shown["Parcels audited"] == str(verdict_counts(session, "screening-50").parcels)
    words = " ".join(each.value for each in overview.markdown)
    assert "95 % interval" in words
    assert "(Wilson)" in words
    assert "no parcels to compare with" in words
    assert any("2025-11-01" in each.value for each in overview.caption)


@pytest.mark.parametrize("by", list(GROUPINGS))
def test_each_table_counts_every_parcel_and_links_to_its_findings(
    engine: Engine,
    overview: AppTest,
    by: Grouping,
) -> None:
    overview.run()
    all_parcels = int(figures(overview)["Parcels audited"])
    chosen = next(each for each in overview.button_group if GROUPINGS[by] in words(each.options))
    chosen.set_value(by)
    overview.run()
    assert not overview.exception
    table = overview.dataframe[0].value
    parcels = [str(cell).partition("#") for cell in table["parcels"]]
    assert sum(int(count) for _, _, count in parcels) == all_parcels
    linked = [address.startswith("findings?profile=screening-50") for address, _, _ in parcels]
    assert any(linked) is (by is not Grouping.GOODS)  # of no parcel here the goods are known
