"""Pages of a PDF in Chinese and English: the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Final, Literal
from zoneinfo import ZoneInfo

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode
from fpdf.fonts import FontFace

from greenpack.intake.limits import Limits
from greenpack.intake.photo import decode_photo
from greenpack.language.font import REPLACEMENT, characters_of, font_path, system_font
from greenpack.language.speaking import Language, spoken
from greenpack.reasons import GreenPackError

_FONT: Final = "letters"
_RARE: Final = "rare"
_MARGIN: Final = 20.0
_INK: Final = (28, 32, 36)
_LIMITS: Final = Limits(min_side=1)
_GREY: Final = (95, 102, 110)
_SHADE: Final = (238, 241, 244)
Align = Literal["L", "R", "C"]


class WrittenPages(FPDF):
    """An A4 document; text is written in the language spoken now."""

    def __init__(self, written_at: datetime, title: str, author: str, footer: str) -> None:
        """Begin a document.

        Args:
            written_at: aware; what the file says of when it was made.
            title: of the document.
            author: of the document.
            footer: on the left of each page's foot.
        """
        super().__init__(format="A4")
        self._foot = footer
        self._rare = False
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, margin=22)
        self.add_font(_FONT, fname=str(font_path()))
        self.set_creation_date(written_at)
        self.set_title(self.drawable(title))
        self.set_author(self.drawable(author))
        self.set_producer("GreenPack")

    def footer(self) -> None:
        """Case and page at the foot of each page; called by fpdf2."""
        self.set_y(-16)
        self.set_font(_FONT, size=8)
        self.set_text_color(*_GREY)
        self.cell(0, 5, self.drawable(self._foot), align="L")
        self.set_x(_MARGIN)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def drawable(self, text: str) -> str:
        """The text with every character that nothing here can draw as a visible box."""
        shipped = characters_of(font_path())
        missing = {letter for letter in text if ord(letter) not in shipped and letter != "\n"}
        if not missing:
            return text
        found = system_font()
        rare: frozenset[int] = frozenset()
        if found is not None:
            rare = characters_of(*found)
            if not self._rare and any(ord(letter) in rare for letter in missing):
                self.add_font(_RARE, fname=str(found[0]), collection_font_number=found[1])
                self.set_fallback_fonts([_RARE], exact_match=False)
                self._rare = True
        gone = {ord(letter): REPLACEMENT for letter in missing if ord(letter) not in rare}
        return text.translate(gone)

    def heading(self, text: str, size: float = 12.0) -> None:
        """A heading, kept with the lines that follow it."""
        if self.will_page_break(size + 14):
            self.add_page()
        self.ln(3)
        self._write(text, size, _INK, "L")
        self.set_draw_color(*_GREY)
        self.line(_MARGIN, self.get_y() + 0.5, self.w - _MARGIN, self.get_y() + 0.5)
        self.ln(2)

    def paragraph(self, text: str, size: float = 10.0, align: Align = "L") -> None:
        """A paragraph over the whole width; lines of its own stay lines."""
        self._write(text, size, _INK, align)
        self.ln(1.5)

    def small(self, text: str) -> None:
        """Something that is there to be looked up."""
        self._write(text, 8.0, _GREY, "L")

    def boxed(self, text: str, size: float = 10.5) -> None:
        """The sentence that matters most, in a box."""
        self.set_fill_color(*_SHADE)
        self.set_font(_FONT, size=size)
        self.set_text_color(*_INK)
        self.multi_cell(
            0,
            size * 0.6,
            self.drawable(text),
            border=1,
            fill=True,
            padding=3,
            wrapmode=_wrapping(),
            new_x="LMARGIN",
            new_y="NEXT",
        )
        self.ln(2)

    def rows(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
    ) -> None:
        """A table whose head is repeated on each page."""
        self.set_font(_FONT, size=8.5)
        self.set_text_color(*_INK)
        self.set_draw_color(*_GREY)
        self.set_fill_color(255, 255, 255)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            headings_style=FontFace(emphasis="", fill_color=_SHADE),
            line_height=5,
            padding=1,
            text_align="L",
            wrapmode=_wrapping(),
        ) as table:
            for row in (heads, *rows):
                drawn = table.row()
                for cell in row:
                    drawn.cell(self.drawable(cell))
        self.ln(2)

    def picture(self, data: bytes, height: float, missing: str) -> bool:
        """A picture over the whole width, no higher than ``height`` mm; words where it is none."""
        try:
            photo = decode_photo("picture", data, limits=_LIMITS, camera_timezone=ZoneInfo("UTC"))
        except GreenPackError:
            self.paragraph(missing)
            return False
        width = min(self.epw, height * photo.width / photo.height)
        if self.will_page_break(width * photo.height / photo.width + 18):
            self.add_page()
        self.image(BytesIO(data), w=width)
        self.ln(1)
        return True

    def _write(self, text: str, size: float, colour: tuple[int, int, int], align: Align) -> None:
        self.set_font(_FONT, size=size)
        self.set_text_color(*colour)
        self.multi_cell(
            0,
            size * 0.55,
            self.drawable(text),
            align=align,
            wrapmode=_wrapping(),
            new_x="LMARGIN",
            new_y="NEXT",
        )


def _wrapping() -> WrapMode:
    """Chinese is written without spaces, so a line may end after any character."""
    return WrapMode.CHAR if spoken() is Language.CHINESE else WrapMode.WORD
