"""A report as a paper, and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping

from tracker.filters import moment
from tracker.i18n import _, lang
from tracker.paper import Facts, Heading, Paper, Part, Picture, Pictures, Text
from tracker.reports.reading import Read
from tracker.sheets.writing import DAY, FIGURE, LONG, NAME, Cell, write_xlsx


def paper_of(seen: Read, base: str, pictures: Mapping[str, bytes], sent: str = "") -> Paper:
    """What stands on the paper: figures, sections with their sentences, pictures at the end."""
    parts: list[Part] = []
    if seen.remarks:
        parts += [Heading(_("Remarks"), 2), Text(seen.remarks)]
    parts.append(Facts([(label, value) for _key, label, value in seen.figures]))
    for section in seen.sections:
        parts.append(Heading(f"{section.name} ({section.n:,})", 2))
        parts += [Text(one.text, link=f"{base}{one.path}" if one.path else None, mark="•") for one in section.lines]
        if section.n > len(section.lines) and section.key != "photos":
            parts.append(Text(_("The first %(n)s of them.", n=len(section.lines)), small=True))
    shown = [Picture(pictures[token], [caption]) for token, caption in seen.pictures if token in pictures]
    if shown:
        parts += [Heading(_("Photos"), 2), Pictures(shown, each_page=6)]
    under = seen.span if not sent else f"{seen.span} · {sent}"
    return Paper(
        _("%(title)s: %(name)s", title=seen.title, name=seen.name), parts, lang(), subtitle=under,
        footer=f"{seen.name} · {seen.span}",
        page_of=_("Page {page} of {pages}"),
    )  # fmt: skip


def workbook_of(seen: Read, base: str) -> bytes:
    """A row for each figure and each sentence, with the address that it leads to."""
    heads = [_("Section"), _("What it says"), _("Figure"), _("Day"), _("Address")]
    rows: list[list[Cell]] = []
    if seen.remarks:
        rows.append([_("Remarks"), seen.remarks, "", "", ""])
    rows += [[_("Figures"), label, value, "", ""] for _key, label, value in seen.figures]
    for section in seen.sections:
        rows += [[section.name, one.text, "", one.on, f"{base}{one.path}" if one.path else ""] for one in section.lines]
    out = io.BytesIO()
    write_xlsx(out, heads, rows, [NAME, LONG, FIGURE, DAY, NAME])
    return out.getvalue()


def sent_line(when: object) -> str:
    """When it was sent, for the head of the paper."""
    return _("sent %(when)s", when=moment(when))  # type: ignore[arg-type]
