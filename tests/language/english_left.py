"""Finds English that was left standing in a Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Links and what stands in code marks are for machines.
_CODE = re.compile(r"`[^`]*`|https?://\S+|\(/?[\w./]*\?[^)]*\)")
_WORD = r"[A-Za-z](?:[A-Za-z'’-]*[A-Za-z])"
_RUN = re.compile(rf"{_WORD}(?:[ \u00a0,;:]+{_WORD})+")


def english_in(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Every run of two or more English words.

    Args:
        text: as a person sees it.
        allowed: names, addresses and other data that may stand in any language; the longest are
            taken out first.
    """
    text = _CODE.sub(" | ", text)
    for name in sorted(allowed, key=len, reverse=True):
        text = text.replace(name, " | ")
    return _RUN.findall(text)
