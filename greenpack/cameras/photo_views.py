"""Photos of the board, from their bytes to what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from greenpack.cameras.board_photo import BoardView, find_board
from greenpack.cameras.calibrating import RejectedPhoto
from greenpack.intake.limits import Limits
from greenpack.intake.photo import decode_photo
from greenpack.intake.source import Refused, Source
from greenpack.reasons import REASONS, GreenPackError

# Never reached: corners are looked for in the pixels of the original.
_FULL_SIZE = 1_000_000


def board_views(
    sources: Iterable[Source | Refused],
    limits: Limits,
    zone: ZoneInfo,
    squares: tuple[int, int] | None,
    square_mm: float | None,
    advance: Callable[[], None],
) -> tuple[list[BoardView], list[RejectedPhoto]]:
    """What the photos show of the board, and the files that are no photo.

    Args:
        sources: the photos' bytes; read one at a time.
        limits: of intake.
        zone: of capture times; of no consequence here.
        squares: of a board that is not standard.
        square_mm: of a board that is not standard.
        advance: called after each photo.

    Raises:
        GreenPackError: ``board_size_unknown``, ``board_unsuitable``.
    """
    views: list[BoardView] = []
    unread: list[RejectedPhoto] = []
    for source in sources:
        if isinstance(source, Refused):
            unread.append(RejectedPhoto(source.name, "", REASONS[source.reason].meaning))
        else:
            try:
                photo = decode_photo(
                    source.name,
                    source.data,
                    limits=limits,
                    camera_timezone=zone,
                    longest_side=_FULL_SIZE,
                )
            except GreenPackError as error:
                unread.append(RejectedPhoto(source.name, "", error.reason.meaning))
            else:
                views.append(find_board(photo.name, photo.sha256, photo.pixels, squares, square_mm))
        advance()
    return views, unread
