"""The guide to the records says what the tables are."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpack.records.ledger import LedgerKind
from greenpack.records.table_guide import BEGIN, END, markdown, rewrite

GUIDE = Path(__file__).parents[2] / "docs" / "records.md"


def test_the_guide_has_the_tables_as_they_are() -> None:
    inside = GUIDE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    assert inside == markdown(), (
        "docs/records.md is out of date: call greenpack.records.table_guide.rewrite on it"
    )


def test_the_guide_names_every_kind_of_entry() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [kind for kind in LedgerKind if f"`{kind}`" not in text] == []


def test_rewriting_keeps_the_rest(tmp_path: Path) -> None:
    document = tmp_path / "x.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    rewrite(document)
    assert document.read_text() == f"before\n{BEGIN}\n\n{markdown()}\n\n{END}\nafter\n"
    document.write_text("no marks")
    with pytest.raises(ValueError, match="lacks the marks"):
        rewrite(document)
