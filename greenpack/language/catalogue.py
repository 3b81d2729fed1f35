"""Gathers the texts that the code marks, and brings the catalogues up to date with them."""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from greenpack.language.speaking import DOMAIN, LOCALES, Language

PACKAGE: Final = Path(__file__).parents[1]
# The names that texts are marked by, and how many of their first arguments are texts.
KEYWORDS: Final = {"tr": 1, "mark": 1, "trn": 2}
_NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)

Message = str | tuple[str, ...]


def messages_in_code() -> Iterator[Message]:
    """Every text that the code marks: a string, or the forms for one and for many."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from messages_in(path.read_text("utf-8"))


def messages_in(code: str) -> Iterator[Message]:
    """The texts that a module marks, those within f-strings too, which Babel passes over."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        forms = KEYWORDS.get(node.func.id, 0)
        texts = [list(_texts(each)) for each in node.args[:forms]]
        if forms == 1 and texts:
            yield from texts[0]
        elif forms == len(texts) == 2:
            yield from zip(*texts, strict=True)


def _texts(node: ast.expr) -> Iterator[str]:
    """A text, or each of those that one is chosen from where it is shown."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def po_path(language: Language) -> Path:
    """Where a language's catalogue is."""
    return LOCALES / language.value / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(language: Language) -> Catalog:
    """A language's catalogue as it is kept; empty where there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language.value, domain=DOMAIN)
    return read_po(io.BytesIO(path.read_bytes()), locale=language.value, domain=DOMAIN)


def updated(catalogue: Catalog, wanted: Iterable[Message]) -> Catalog:
    """The catalogue with exactly the wanted texts, translated as far as it was."""
    fresh = Catalog(
        locale=catalogue.locale,
        domain=DOMAIN,
        project="GreenPack",
        copyright_holder="the GreenPack authors",
        fuzzy=False,
        # A date that moves with every run would make every run a change.
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
    )
    for text in sorted(set(wanted), key=str):
        known = catalogue.get(text if isinstance(text, str) else text[0])
        fresh.add(text, known.string if known is not None else None)
    return fresh


def missing(catalogue: Catalog, wanted: Iterable[Message]) -> list[Message]:
    """The wanted texts without a translation, sorted."""
    found = []
    for text in set(wanted):
        known = catalogue.get(text if isinstance(text, str) else text[0])
        if known is None or not known.string or (known.pluralizable and not all(known.string)):
            found.append(text)
    return sorted(found, key=str)


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as a ``.po`` file."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, sort_output=True)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as the ``.mo`` file that is read when texts are shown."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main(wanted: Iterable[Message], arguments: list[str] | None = None) -> int:
    """Rewrite every catalogue, keeping what is translated, and compile it; say what is missing.

    Args:
        wanted: every text.
        arguments: of the command line.

    Returns:
        0, or 1 where ``--check`` found a text without a translation.
    """
    parser = argparse.ArgumentParser(description="Bring the catalogues up to date with the texts.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail if one is missing"
    )
    check = parser.parse_args(arguments).check
    wanted = list(wanted)
    lacking = 0
    for language in Language:
        if language is Language.ENGLISH:
            continue
        catalogue = updated(read_catalogue(language), wanted)
        gaps = missing(catalogue, wanted)
        lacking += len(gaps)
        for gap in gaps:
            sys.stdout.write(f"{language.value}: {gap!r}\n")
        if not check:
            path = po_path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po_bytes(catalogue))
            path.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
    return 1 if check and lacking else 0
