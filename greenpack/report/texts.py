"""Every text that people are shown, for translating: those in the code and those that are data.

``python -m greenpack.report.texts`` brings the catalogues in ``greenpack/language/locales`` up to
date with the code; ``--check`` only says which texts have no translation, and exits with 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from greenpack.language.catalogue import Message, main, messages_in_code
from greenpack.reasons import REASONS
from greenpack.report.assumptions import shipped_sources


def texts() -> Iterator[Message]:
    """All of them, some more than once."""
    yield from messages_in_code()
    for reason in REASONS.values():
        yield reason.meaning
        yield reason.advice
    yield from shipped_sources()


if __name__ == "__main__":
    sys.exit(main(texts()))
