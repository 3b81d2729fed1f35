"""The assumptions of Green logistics: those shipped, and an agency's own over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpack.reasons import GreenPackError
from greenpack.report.assumptions import (
    TITLES,
    HowSure,
    load_assumptions,
    shipped_sources,
)

ENTRY = """
[lorry_m3]
value = 90.0
low = 85.0
high = 95.0
unit = "m3"
source = "our own fleet"
how_sure = "high"
"""
BOXES = """
[boxes]
source = "our supplier"
how_sure = "high"
sizes_mm = [
  { name = "B", length = 400, width = 300, height = 200 },
  { name = "A", length = 200, width = 200, height = 100 },
]
"""


def own(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_shipped_entry_is_whole_and_sourced() -> None:
    shipped = load_assumptions()
    assert list(shipped.entries) == list(TITLES)
    for key, entry in shipped.entries.items():
        assert entry.interval.low <= entry.value <= entry.interval.high, key
        assert entry.source
        assert not entry.own
        # What is said to have no error has no range, and what has a range is no definition.
        assert (entry.how_sure is HowSure.DEFINITION) <= (entry.interval.low == entry.interval.high)
    assert [box.name for box in shipped.boxes] == [str(number) for number in range(12, 0, -1)]
    assert len(shipped_sources()) == len(TITLES) + 1


def test_a_single_entry_is_overridden_and_the_rest_stays(tmp_path: Path) -> None:
    mixed, shipped = load_assumptions(own(tmp_path, ENTRY)), load_assumptions()
    assert mixed["lorry_m3"].as_dict() == {"value": 90.0, "low": 85.0, "high": 95.0}
    assert mixed.entries["lorry_m3"].own
    assert mixed.entries["lorry_m3"].source == "our own fleet"
    assert mixed.entries["haul_km"] == shipped.entries["haul_km"]
    assert mixed.boxes == shipped.boxes
    assert not mixed.boxes_own


def test_boxes_of_one_s_own_take_the_place_of_all(tmp_path: Path) -> None:
    mixed = load_assumptions(own(tmp_path, BOXES))
    assert [box.name for box in mixed.boxes] == ["A", "B"]
    assert mixed.boxes_own
    assert mixed.boxes_source == "our supplier"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ENTRY.replace("lorry_m3", "lory_m3"), "lory_m3: there is no such entry"),
        (ENTRY.replace("low = 85.0\n", ""), "lorry_m3: low missing"),
        (ENTRY.replace("low = 85.0", "low = 91.0"), "low <= value <= high does not hold"),
        (ENTRY.replace("low = 85.0", "low = 0"), "low must be above zero"),
        (ENTRY.replace("low = 85.0", 'low = "85"'), "low must be a number, not '85'"),
        (ENTRY.replace("low = 85.0", "low = true"), "low must be a number"),
        (ENTRY.replace("low = 85.0", "low = nan"), "low must be a number"),
        (ENTRY.replace('"m3"', '"L"'), "the unit must be 'm3', not 'L'"),
        (ENTRY.replace('"our own fleet"', '" "'), "source must say where"),
        (ENTRY.replace('"high"', '"sure"'), "how_sure is one of definition, high, medium, low"),
        (ENTRY + "color = 1\n", "lorry_m3: color is not known"),
        ("lorry_m3 = 90\n", "lorry_m3: it must be a table"),
        ("lorry_m3 = = 90\n", "no TOML"),
        (BOXES.replace("length = 400", "length = 100"), "B: sides are above zero, length >= width"),
        (BOXES.replace('"A"', '"B"'), "two boxes have the same name"),
        (BOXES.replace("height = 200 ", "depth = 200 "), "height missing"),
        ('[boxes]\nsource = "x"\nhow_sure = "low"\nsizes_mm = []\n', "at least one box"),
        (
            ENTRY.replace("lorry_m3", "carton_share").replace('"m3"', '"1"'),
            "a share is at most 1",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = own(tmp_path, text)
    with pytest.raises(GreenPackError) as refused:
        load_assumptions(path)
    assert refused.value.code == "assumptions_invalid"
    assert str(path) in str(refused.value)
    assert words in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GreenPackError, match=r"missing\.toml"):
        load_assumptions(tmp_path / "missing.toml")


def test_the_example_of_the_documents_is_a_file_that_can_be_used(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "footprint.md"
    example = page.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    mixed = load_assumptions(own(tmp_path, example))
    assert mixed["lorry_m3"].value == 90.0
    assert [box.name for box in mixed.boxes] == ["A", "B"]
