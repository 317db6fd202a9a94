"""Run as a program: papers as JSON on standard input, their PDFs as JSON on standard output.

It knows nothing of the application, so that it starts at once and has nothing to lose.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.pagesizes import landscape as lying
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus.doctemplate import LayoutError

MEMORY = 768 * 1024 * 1024
MOST_PAGES = 400
MARGIN = 18 * mm
INK, FAINT, LINE, GROUND = (HexColor(colour) for colour in ("#1f2933", "#5f6b7a", "#d5dbe3", "#f3f5f8"))
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
ROWS_OF_PICTURES = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2), 5: (2, 3), 6: (2, 3)}


class TooLong(Exception):
    """More pages than anybody reads."""


def main() -> None:
    """Draw, and say what came of it."""
    said = json.load(sys.stdin)
    _limit_memory()
    try:
        _register(Path(said["fonts"]))
        drawn = [base64.b64encode(_drawn(paper)).decode() for paper in said["papers"]]
        json.dump({"papers": drawn}, sys.stdout)
    except (LayoutError, TooLong, MemoryError, OSError, ValueError) as error:
        json.dump({"fault": f"{type(error).__name__}: {str(error)[:300]}"}, sys.stdout)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the clock ends it there, too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _register(folder: Path) -> None:
    for name in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(name, folder / f"NotoSansSC-{name}.ttf"))
    pdfmetrics.registerFontFamily("Regular", normal="Regular", bold="Bold", italic="Regular", boldItalic="Bold")


def _style(size: float, font: str = "Regular", **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"{font}{size}{more}", fontName=font, fontSize=size, leading=size * 1.5,
                          **{"textColor": INK, "splitLongWords": 1, **more})  # fmt: skip


TITLE = _style(19, "Bold", spaceAfter=2 * mm)
SUBTITLE = _style(10.5, textColor=FAINT, spaceAfter=5 * mm)
HEADINGS = {
    1: _style(14, "Bold", spaceBefore=6 * mm, spaceAfter=2 * mm, keepWithNext=1),
    2: _style(11.5, "Bold", spaceBefore=4 * mm, spaceAfter=1.5 * mm, keepWithNext=1),
    3: _style(10, "Bold", spaceBefore=3 * mm, spaceAfter=1 * mm, keepWithNext=1),
}
TEXT = _style(10, spaceAfter=1.6 * mm)
MARKED = _style(10, spaceAfter=1.2 * mm, leftIndent=5 * mm, bulletIndent=1 * mm, bulletFontName="Regular")
SMALL = _style(8.5, textColor=FAINT, spaceAfter=1.2 * mm)
CELL, FIGURE = _style(9), _style(9, alignment=2)
HEAD, FIGURE_HEAD = _style(8.5, "Bold", textColor=FAINT), _style(8.5, "Bold", textColor=FAINT, alignment=2)
CAPTION = _style(9)


def _written(text: str, style: ParagraphStyle, link: str | None = None, mark: str | None = None) -> Paragraph:
    """A text that somebody typed: its signs mean nothing, what the font lacks is a box, lines break by its script."""
    glyphs = pdfmetrics.getFont("Regular").face.charToGlyph  # type: ignore[attr-defined]
    shown = "".join(
        sign if sign == "\n" or ord(sign) in glyphs else "□" if sign.isprintable() else " " for sign in text
    )
    words = escape(shown).replace("\n", "<br/>")
    if link:
        words = f"<link href={quoteattr(link)} color='#1c5fb0'>{words}</link>"
    if CHINESE.search(shown):
        style = style.clone(f"{style.name}-cjk", wordWrap="CJK")
    return Paragraph(words, style, bulletText=mark)


def _drawn(paper: dict[str, Any]) -> bytes:
    size = lying(A4) if paper["landscape"] else A4
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=size, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=paper["title"], author=paper["author"], lang="zh-CN" if paper["language"] == "zh" else "en",
    )  # fmt: skip
    width, height = document.width - 12, document.height - 12  # the frame's own padding
    story: list[Flowable] = [_written(paper["title"], TITLE)]
    if paper["subtitle"]:
        story.append(_written(paper["subtitle"], SUBTITLE))
    for part in paper["parts"]:
        story += DRAWERS[part["is"]](part, width, height)
    document.build(story, canvasmaker=lambda *args, **options: _Numbered(paper, *args, **options))
    return target.getvalue()


class _Numbered(Canvas):
    """Pages that know how many they are: kept until the last, then written with their footers."""

    def __init__(self, paper: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._paper = paper
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        if len(self._kept) > MOST_PAGES:
            raise TooLong(f"more than {MOST_PAGES} pages")
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, state in enumerate(self._kept, 1):
            self.__dict__.update(state)
            self._foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _foot(self, page: int, pages: int) -> None:
        width = self._pagesize[0]  # type: ignore[attr-defined]
        self.setStrokeColor(LINE)
        self.line(MARGIN + 6, MARGIN - 3 * mm, width - MARGIN - 6, MARGIN - 3 * mm)
        numbers = _written(
            self._paper["page_of"].format(page=page, pages=pages), _style(8, textColor=FAINT, alignment=2)
        )
        numbers.wrapOn(self, 30 * mm, 10 * mm)
        numbers.drawOn(self, width - MARGIN - 30 * mm - 6, MARGIN - 8 * mm)
        foot = _written(self._paper["footer"], _style(8, textColor=FAINT))
        room = width - 2 * MARGIN - 34 * mm
        _wide, high = foot.wrapOn(self, room, 12 * mm)
        foot.drawOn(self, MARGIN + 6, MARGIN - 4 * mm - high)


def _heading(part: dict[str, Any], _width: float, _height: float) -> list[Flowable]:
    return [_written(part["text"], HEADINGS[min(3, max(1, part["level"]))])]


def _text(part: dict[str, Any], _width: float, _height: float) -> list[Flowable]:
    style = MARKED if part["mark"] else SMALL if part["small"] else TEXT
    return [_written(part["text"], style, part["link"], part["mark"])]


def _facts(part: dict[str, Any], width: float, _height: float) -> list[Flowable]:
    if not part["rows"]:
        return []
    rows = [[_written(label, HEAD), _written(value, CELL)] for label, value in part["rows"]]
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
             ("LEFTPADDING", (0, 0), (0, -1), 0)]  # fmt: skip
    return [LongTable(rows, [width * 0.28, width * 0.72], style=TableStyle(style)), Spacer(1, 3 * mm)]


def _table(part: dict[str, Any], width: float, _height: float) -> list[Flowable]:
    figures, links = set(part["figures"]), part["links"]
    shares = part["widths"] or [1] * len(part["heads"])
    head = [_written(text, FIGURE_HEAD if column in figures else HEAD) for column, text in enumerate(part["heads"])]
    rows = [
        [
            _written(text, FIGURE if column in figures else CELL, links[row] if links and not column else None)
            for column, text in enumerate(cells)
        ]
        for row, cells in enumerate(part["rows"])
    ]
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("BACKGROUND", (0, 0), (-1, 0), GROUND),
             ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)]  # fmt: skip
    widths = [width * share / sum(shares) for share in shares]
    return [LongTable([head, *rows], widths, repeatRows=1, style=TableStyle(style)), Spacer(1, 3 * mm)]


def _pictures(part: dict[str, Any], width: float, height: float) -> list[Flowable]:
    """As many to a page as was wished, each row as high as its share of the page, whatever shape its pictures have."""
    each_page = min(6, max(1, part["each_page"]))
    columns, lines = ROWS_OF_PICTURES[each_page]
    wide, high = width / columns, (height - 14 * mm) / lines
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    found: list[Flowable] = []
    for first in range(0, len(part["pictures"]), each_page):
        cells = [_picture(picture, wide - 4 * mm, high) for picture in part["pictures"][first : first + each_page]]
        rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
        heights = [max(high, *(tall for _cell, tall in row)) for row in rows]
        if len(cells) < each_page:
            heights[-1] = max(tall for _cell, tall in rows[-1])  # what comes after the last may stand on its page
        filled = [[cell for cell, _tall in row] + [[]] * (columns - len(row)) for row in rows]
        found += [PageBreak()] if found else []
        found.append(LongTable(filled, [wide] * columns, heights, style=style))
    return found


def _picture(picture: dict[str, Any], wide: float, high: float) -> tuple[list[Flowable], float]:
    """A picture with its lines, and how much of the page's height they take."""
    data = base64.b64decode(picture["data"])
    lines = [_written(text, CAPTION if not place else SMALL) for place, text in enumerate(picture["lines"])]
    below = sum(line.wrap(wide, high)[1] + line.style.spaceAfter for line in lines) + 6 * mm
    across, down = ImageReader(io.BytesIO(data)).getSize()
    scale = min(wide / across, max(20 * mm, high - below) / down)
    image = Image(io.BytesIO(data), across * scale, down * scale, hAlign="LEFT")
    return [image, Spacer(1, 1.5 * mm), *lines], down * scale + below


def _signatures(part: dict[str, Any], width: float, _height: float) -> list[Flowable]:
    names = [_written(name, SMALL) for name in part["names"]]
    widths = [width * 0.46, width * 0.08, width * 0.46]
    found: list[Flowable] = []
    for start in range(0, len(names), 2):
        pair = names[start : start + 2]
        lines = [("LINEABOVE", (2 * column, 0), (2 * column, 0), 0.6, INK) for column in range(len(pair))]
        row = [pair[0], [], pair[1] if len(pair) > 1 else []]
        found.append(KeepTogether([Spacer(1, 16 * mm), LongTable([row], widths, style=TableStyle(lines))]))
    return found


def _gap(part: dict[str, Any], _width: float, _height: float) -> list[Flowable]:
    return [Spacer(1, part["height"] * mm)]


def _new_page(_part: dict[str, Any], _width: float, _height: float) -> list[Flowable]:
    return [PageBreak()]


DRAWERS = {"Heading": _heading, "Text": _text, "Facts": _facts, "Table": _table, "Pictures": _pictures,
           "Signatures": _signatures, "Gap": _gap, "NewPage": _new_page}  # fmt: skip

if __name__ == "__main__":
    main()
