"""Finds English that was left standing in a Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What stands in code marks is typed as it is; addresses are for the browser.
_CODE = re.compile(r"`[^`]*`|https?://\S+|\b[a-z-]+\?\S*=\S*|:material/\w+:|:[\w-]+(?=\[)")
# Names of files and settings, numbers of waybills: no word of a language has such signs.
_IDENTIFIER = re.compile(r"\b[A-Za-z0-9]*[_\d]\w*")
_WORD = r"[A-Za-z][A-Za-z'’-]*[A-Za-z]"
_RUN = re.compile(rf"(?<![\w.]){_WORD}(?:[ \u00a0,;:]+{_WORD})*")


def english_in(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Every run of English words, single ones too.

    Args:
        text: as a person sees it.
        allowed: names, units and other data that stand so in any language; the longest are taken
            out first.
    """
    text = _CODE.sub(" | ", text)
    for name in sorted(allowed, key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", " | ", text)
    return _RUN.findall(_IDENTIFIER.sub(" | ", text))
