"""Sentences that were written down in English, said again in the language spoken now.

A record keeps the English sentence that it was made with. What such sentences are made of is a
closed set of forms with places, for example ``"{quantity} is {value}"``. A sentence is read back by
these forms, what stands in each place is read in turn, and the translated form is filled with what
was found. Where no form fits, the words stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from string import Formatter
from typing import Final

from greenpack.language.speaking import Language, date_text, spoken, tr

NUMBER: Final = r"[-+]?\d(?:[\d,.]*\d)?(?: ?%| mm| times)?"
DAY: Final = r"\d{4}-\d{2}-\d{2}"
# Real sentences go four deep.
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a sentence.

    Attributes:
        text: in the language spoken now, as far as its forms are known.
        whole: whether every part of it was known; what was not stays as it was written.
    """

    text: str
    whole: bool


class Sentences:
    """A closed set of sentences."""

    def __init__(
        self,
        forms: Sequence[str],
        places: Mapping[str, str] | None = None,
        lists: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare.

        Args:
            forms: with places, in English, as they are in the catalogue; of several that fit, the
                first whose places are all known is taken.
            places: for places that hold no free words, the regular expression of what they hold.
            lists: the word before the last part of a list, such as ``or``, each with the
                catalogue's key for such a list, which has the places ``before`` and ``last``.
        """
        self._forms = [(form, _pattern(form, places or {})) for form in forms]
        self._lists = dict(lists or {})

    def say(self, written: str) -> Said:
        """A sentence in the language spoken now; in English it is the sentence itself."""
        if spoken() is Language.ENGLISH or not written:
            return Said(written, whole=True)
        found = self._say(written, 0)
        if found.whole or not written.endswith("."):
            return found
        # The full stop belongs to the sentence; the forms are those of clauses.
        clause = self._say(written[:-1], 0)
        if clause.text == written[:-1]:
            return found
        return Said(clause.text + tr("."), clause.whole)

    def _say(self, written: str, depth: int) -> Said:
        simple = _simple(written)
        if simple is not None:
            return Said(simple, whole=True)
        best = Said(written, whole=False)
        if depth == _DEEPEST:
            return best
        for found in chain(self._by_form(written, depth), self._by_list(written, depth)):
            if found.whole:
                return found
            best = found if best.text == written else best
        return best

    def _by_form(self, written: str, depth: int) -> Iterator[Said]:
        for form, pattern in self._forms:
            for begun in _begun(written):
                match = pattern.fullmatch(begun)
                if match is None:
                    continue
                parts = {
                    name: self._say(part, depth + 1) for name, part in match.groupdict().items()
                }
                said = tr(form, **{name: part.text for name, part in parts.items()})
                yield Said(said, all(part.whole for part in parts.values()))

    def _by_list(self, written: str, depth: int) -> Iterator[Said]:
        for last, key in self._lists.items():
            for cut in re.finditer(f" {re.escape(last)} ", written):
                before = self._row(written[: cut.start()], depth)
                end = self._say(written[cut.end() :], depth + 1)
                if before is not None and end.whole:
                    yield Said(tr(key, before=tr(", ").join(before), last=end.text), whole=True)

    def _row(self, written: str, depth: int) -> list[str] | None:
        """The parts of ``a, b, c``, each of them known; a part may have commas of its own."""
        whole = self._say(written, depth + 1)
        if whole.whole:
            return [whole.text]
        for cut in re.finditer(", ", written):
            first = self._say(written[: cut.start()], depth + 1)
            rest = self._row(written[cut.end() :], depth) if first.whole else None
            if rest is not None:
                return [first.text, *rest]
        return None


def _pattern(form: str, places: Mapping[str, str]) -> re.Pattern[str]:
    pattern = ""
    for words, name, _, _ in Formatter().parse(form):
        pattern += re.escape(words)
        if name:
            pattern += f"(?P<{name}>{places.get(name, '.+?')})"
    return re.compile(pattern, re.DOTALL)


def _begun(written: str) -> tuple[str, ...]:
    """The words as they are, and as they stand in the middle of a sentence."""
    small = written[0].lower() + written[1:]
    return (written,) if small == written else (written, small)


def _simple(written: str) -> str | None:
    """Words that the catalogue has, a day or a number; None for anything else."""
    for begun in _begun(written):
        known = tr(begun)
        if known != begun:
            return known
    if re.fullmatch(DAY, written):
        return date_text(date.fromisoformat(written))
    if not re.fullmatch(NUMBER, written):
        return None
    digits = written.rstrip("% abcdefghijklmnopqrstuvwxyz")
    unit = written[len(digits) :]
    return digits + (tr(" %") if "%" in unit else tr(unit))
