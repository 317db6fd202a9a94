"""A report as somebody reads it: its sentences, figures and pictures in his language, for pages, mails and papers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.i18n import _
from tracker.reports import wording
from tracker.reports.models import Report
from tracker.reports.periods import Period
from tracker.reports.sections import HAPPENED, NAMES
from tracker.reports.wording import Sentence, Site


@dataclass(frozen=True, slots=True)
class Section:
    """A section. `n`: how many things it tells of, of which `lines` may be the first; `happened`: it can be looked up
    afterwards."""

    key: str
    name: str
    n: int
    lines: Sequence[Sentence]

    @property
    def happened(self) -> bool:
        """Whether it is about what happened, and not about how things stood."""
        return self.key in HAPPENED


@dataclass(frozen=True, slots=True)
class Read:
    """A report in the present language. `figures`: (section it leads to, label, value)."""

    title: str
    name: str
    span: str
    figures: Sequence[tuple[str, str, str]]
    sections: Sequence[Section]
    pictures: Sequence[tuple[str, str]]
    remarks: str = ""


def read_content(content: dict[str, Any], period: Period, seen: Collection[Site] | None, remarks: str = "") -> Read:
    """A content in the present language; `seen`: the sites that the reader sees (None: all)."""
    there = {section["key"] for section in content["sections"]}
    figures = []
    for one in content["figures"]:
        leads = one.get("section") or one["key"]
        figures.append((leads if leads in there else "", str(wording.FIGURES[one["key"]]), wording.figure(one)))
    sections = [
        Section(one["key"], str(NAMES[one["key"]]), one["n"], [wording.sentence(line, seen) for line in one["lines"]])
        for one in content["sections"]
    ]
    pictures = [
        (one["token"], one["caption"] or _("%(name)s, site photo", name=one["name"]))
        for one in content["pictures"]
        if seen is None or tuple(one["site"]) in seen
    ]
    title, span = wording.title(period), wording.span(period)
    return Read(title, content["name"], span, figures, sections, pictures, remarks)


def read(report: Report, seen: Collection[Site] | None) -> Read:
    """A report that was sent."""
    assert report.content is not None
    return read_content(report.content, Period(report.period, report.starts_on), seen, report.remarks or "")
