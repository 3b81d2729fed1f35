"""The catalogues say everything that the code says, in every language."""

from __future__ import annotations

import string

import pytest

from greenpack.language.catalogue import (
    messages_in,
    missing,
    mo_bytes,
    po_bytes,
    po_path,
    read_catalogue,
    updated,
)
from greenpack.language.speaking import Language
from greenpack.report.texts import texts

OTHERS = [language for language in Language if language is not Language.ENGLISH]
MEND = "run `python -m greenpack.report.texts`, translate what is new, and run it again"


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing(language: Language) -> None:
    assert missing(read_catalogue(language), texts()) == [], MEND


@pytest.mark.parametrize("language", OTHERS)
def test_the_files_are_those_of_the_code(language: Language) -> None:
    catalogue = updated(read_catalogue(language), texts())
    assert po_path(language).read_bytes() == po_bytes(catalogue), MEND
    assert po_path(language).with_suffix(".mo").read_bytes() == mo_bytes(catalogue), MEND


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_text_and_no_others(language: Language) -> None:
    for message in read_catalogue(language):
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        for form in forms:
            assert places(str(form)) <= places(str(ids[-1])), message.id
            # The count may be said by the word alone where there is one of it.
            assert places(str(ids[-1])) - places(str(form)) <= {"count"}, message.id


def test_a_text_of_no_catalogue_is_found_missing() -> None:
    catalogue = read_catalogue(Language.CHINESE)
    assert missing(catalogue, ["nobody has translated this"]) == ["nobody has translated this"]


def test_texts_are_found_wherever_they_are_marked() -> None:
    code = (
        'NAME = mark("a name")\n'
        "one = f\"{tr('in an f-string')} and {tr(NAME)}\"\n"
        'two = trn("{count} box", "{count} " "boxes", len(x))\n'
        'three = tr("on" if on else "off", place=tr("inside"))\n'
        'four = mark(pen, "no text") + tr("")\n'
    )
    assert sorted(map(str, messages_in(code))) == [
        "('{count} box', '{count} boxes')",
        "a name",
        "in an f-string",
        "inside",
        "off",
        "on",
    ]
