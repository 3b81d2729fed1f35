"""What the records say in English sentences, said again in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from greenpack.language.recorded_words import JUDGED, MEASURED, WORDS
from greenpack.language.sentences import DAY, NUMBER, Said, Sentences
from greenpack.language.speaking import Language, mark, spoken

_SENTENCES: Final = Sentences(
    forms=(*JUDGED, *MEASURED, *WORDS),
    places={
        **dict.fromkeys(("number", "low", "high", "value", "factor"), NUMBER),
        **dict.fromkeys(("coverage", "sigma", "outline", "doubt_of_shapes", "structure"), NUMBER),
        **dict.fromkeys(("count", "folds", "width", "height"), r"[\d.,]+"),
        **dict.fromkeys(("day", "other_day"), DAY),
        "mark": r"\S+",
    },
    lists={
        "or": mark("{before} or {last}"),
        "and": mark("{before} and {last}"),
        "nor": mark("{before} nor {last}"),
    },
)


def said_again(written: str) -> str:
    """A recorded sentence for the reader: a judgement, a condition, a line of the budget.

    What no form of GreenPack's own fits, such as the words of an agency's own profile, stays as
    it was recorded.
    """
    return _said(spoken(), written).text


def differs(written: str) -> bool:
    """Whether the reader reads something else than what was recorded."""
    return said_again(written) != written


@lru_cache(maxsize=4096)
def _said(_: Language, written: str) -> Said:
    return _SENTENCES.say(written)
