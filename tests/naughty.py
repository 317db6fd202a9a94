"""Strings that break programs, and the check that a page took them as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from config import ROOT

OWN = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert('1')>",
    "' onmouseover='alert(1)' x='",
    "</textarea></title></option></select><svg/onload=alert(1)>",
    "javascript:alert(1)//",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}<%= 7 %>",
    "Robert'); DROP TABLE project;--",
    "%(name)s %s %d %n {0} {name}",
    '=HYPERLINK("http://evil.example","click")',
    "\u202ereversed\u202c zero\u200bwidth \ufeffmark",
    "bell \x07 escape \x1b[31mred\x1b[0m delete \x7f",
    "田中さん 서울 ﷺ الكل 𠜎 🏗️👩🏽‍🔧 Z͑ͫ̓ͪ̂a̘l͉g̵o",
    "\\ \\\\ \\' \\u0000 &amp; &lt;b&gt; &#39; &nbsp;",
    "../../../etc/passwd%00 C:\\NUL CON",
)
LISTS = ("xss-payload-list.txt", "sqli_auth_bypass.txt", "sqli_generic_fuzz.txt", "csv_injection_payloads.txt")
TAGS = frozenset(
    tag
    for path in (ROOT / "templates").rglob("*.html")
    for tag in re.findall(r"<([a-z][a-z0-9]*)", path.read_text(encoding="utf-8"))
) | {"time", "select", "option", "textarea"}  # the elements that our templates, filters and forms use
ADDRESSES = {"href", "src", "action", "formaction", "data-upload", "data-nearest", "hx-get", "hx-post", "xlink:href"}


def lists(folder: Path) -> list[str]:
    """The strings of the lists at hand, without their outer blanks, each once."""
    found: list[str] = json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    for name in LISTS:
        found += (folder / name).read_text(encoding="utf-8", errors="replace").split("\n")
    return list(dict.fromkeys(text.strip() for text in found if text.strip()))


def packed(strings: Iterable[str], size: int, joint: str = " ¦ ") -> list[str]:
    """The strings, several in one where they fit into `size` characters; what is longer by itself is left out."""
    packs: list[str] = []
    for text in strings:
        if len(text) > size:
            continue
        if packs and len(packs[-1]) + len(joint) + len(text) <= size:
            packs[-1] += joint + text
        else:
            packs.append(text)
    return [pack.strip() for pack in packs]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.values: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.faults.append("a script of its own")
        for name, value in attrs:
            self.values.append(value or "")
            if name.startswith("on") or name in ("style", "srcdoc", "http-equiv"):
                self.faults.append(f"<{tag} {name}>")
            if name in ADDRESSES and not (value or "").startswith(
                ("/", "#", "?", "mailto:", "tel:", "http://localhost/")
            ):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ADDRESSES and (value or "").startswith("//"):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!-- {data[:40]}")


def read(html: str) -> tuple[str, list[str], list[str]]:
    """All text of a page in one, the values of its attributes, and what in it is not ours."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.texts), reader.values, reader.faults


def missing(html: str, wanted: Iterable[str]) -> Iterator[str]:
    """Those of the strings that the page shows neither as text nor in a field."""
    text, values, _faults = read(html)
    for one in wanted:
        if one not in text and not any(one in value for value in values):
            yield one


def faults(html: str) -> list[str]:
    """What stands in the page's markup that no template of ours puts there."""
    return read(html)[2]
