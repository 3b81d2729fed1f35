"""The font that letters and pictures are written in."""

from __future__ import annotations

from greenpack.language.font import REPLACEMENT, characters_of, font_path, system_font
from greenpack.language.subset_font import characters


def test_every_character_it_is_made_for_is_in_it() -> None:
    assert characters_of(font_path()) == characters()


def test_what_letters_are_written_with_is_in_it() -> None:
    text = (
        "责令改正通知书：限制快递过度包装要求（2026年）「空隙率」≤50 %，罚款¥2,000–20,000 €₩"
        "제품의 포장재질·포장방법에 관한 기준 臺灣網購包裝限制 naïve Ærø 喆堃玥"
    )
    assert {ord(letter) for letter in text + REPLACEMENT} <= characters()


def test_it_is_small_enough_to_be_shipped_and_brings_its_licence() -> None:
    assert font_path().stat().st_size < 4_000_000
    licence = font_path().with_name("OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert font_path().name in licence


def test_a_system_font_is_one_that_is_there() -> None:
    found = system_font()
    assert found is None or found[0].is_file()
