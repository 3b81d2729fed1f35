"""What pages hand to Streamlit goes through the catalogue, also where no test draws it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenpack.report import pages

FILES = sorted(Path(pages.__file__).parent.glob("*.py"))
# The calls whose first argument people read.
_CALLS = """
title header subheader caption markdown write text info warning error success toast button
download_button link_button checkbox toggle radio selectbox multiselect text_input text_area
number_input date_input file_uploader segmented_control pills slider metric expander popover tabs
spinner progress status form_submit_button page_link dialog Column TextColumn LinkColumn
NumberColumn ProgressColumn LineChartColumn AreaChartColumn ListColumn
"""
SAYS = frozenset(re.findall(r"\w+", _CALLS))
SAYING = {"label", "help", "placeholder", "alt", "text", "caption", "title"}
# The same in every language: the product, and how a waybill's number looks.
NAMES = {"GreenPack", "SF1234567890123"}


def literal(node: ast.AST) -> str:
    """The words that stand in the code itself; what is put into an f-string is not looked at."""
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return " ".join(literal(part) for part in node.values)
    return ""


def untranslated(code: str) -> Iterator[str]:
    """Texts of two letters or more that a page shows as they stand in the code."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in SAYS:
            continue
        shown = [*node.args[:1], *(one.value for one in node.keywords if one.arg in SAYING)]
        for text in map(literal, shown):
            # Streamlit's own signs: `:material/name:` and `:red-badge[`.
            words = re.sub(r":[\w/-]+:?\[?", "", text)
            if re.search(r"[^\W\d_]{2,}", words) and words not in NAMES:
                yield text


def written_for_programs(code: str) -> Iterator[str]:
    """Formats with separators or dates that are the same for every reader."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = literal(node.format_spec)
            if "," in spec or "%Y-" in spec:
                yield spec


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_text_of_a_page_is_in_the_catalogue(path: Path) -> None:
    assert list(untranslated(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_numbers_and_days_are_written_as_the_reader_writes_them(path: Path) -> None:
    assert list(written_for_programs(path.read_text("utf-8"))) == []


def test_what_is_forgotten_is_found() -> None:
    code = (
        'st.title("Findings")\n'
        'st.button(tr("Save"), help=f"{count:,} findings")\n'
        'st.caption(f":material/info: {moment:%Y-%m-%d}")\n'
    )
    assert list(untranslated(code)) == ["Findings", "  findings"]
    assert sorted(written_for_programs(code)) == ["%Y-%m-%d", ","]
