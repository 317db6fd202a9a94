"""Reads a page as a person does: its texts one by one, and whether each is ours or somebody's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

# Latin words that stand in Chinese texts as they are: units, formats, names of things.
ALLOWED = frozenset({"km", "m²", "CSV", "XLSX", "Asia", "Shanghai", "English", "CNY", "USD", "EUR", "GBP"})
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SPOKEN = ("title", "aria-label", "placeholder", "alt")  # attributes that people see or hear
CHROME = {"button", "label", "legend", "th", "h1", "h2", "h3", "summary", "option", "a", "title", "dt"}
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SILENT = {"script", "style", "polyline"}


@dataclass(frozen=True)
class Said:
    """One text of a page: where it stands (tags from outside in) and at which line of the source."""

    text: str
    tags: tuple[str, ...]
    line: int
    attribute: str = ""

    @property
    def is_chrome(self) -> bool:
        """Whether it is a button, label, heading, link or column title, or an attribute that is read out."""
        return bool(self.attribute) or bool(CHROME & set(self.tags))


class _Reader(HTMLParser):
    def __init__(self, theirs: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.theirs, self.said = theirs, list[Said]()
        self.open: list[tuple[str, bool]] = []  # tag, whether what it holds is not ours

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        foreign = any(name in values for name in self.theirs) or ("lang" in values and tag != "html")
        if not foreign and not self._foreign():
            self._attributes(tag, values)
        if tag not in _VOID:
            self.open.append((tag, foreign or tag in _SILENT))

    def _attributes(self, tag: str, values: dict[str, str]) -> None:
        for name, value in values.items():
            spoken = name in SPOKEN or (tag == "input" and name == "value" and values.get("type") == "submit")
            if spoken and value.strip():
                self.said.append(Said(value.strip(), (*self._tags(), tag), self.getpos()[0], name))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._foreign():
            self.said.append(Said(" ".join(data.split()), self._tags(), self.getpos()[0]))

    def _foreign(self) -> bool:
        return any(foreign for _, foreign in self.open)

    def _tags(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.open)


def read(html: str, theirs: tuple[str, ...] = ("data-user-text",)) -> Iterator[Said]:
    """The texts of a page or fragment that are ours: not what `theirs` marks or what names its own language."""
    reader = _Reader(theirs)
    reader.feed(html)
    reader.close()
    yield from reader.said


def english_in(html: str) -> list[str]:
    """The texts of a Chinese page that hold Latin words and nothing Chinese, but for the words of ALLOWED."""
    return [
        f"{said.attribute or said.tags[-1]}: {said.text}"
        for said in read(html)
        if not HAN.search(said.text) and set(LATIN.findall(said.text)) - ALLOWED
    ]
