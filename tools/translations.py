"""The translations' tool: `extract` renews the catalogue, `compile` makes it readable, `check` fails on a gap.

Message ids are English sentences, so only Chinese needs a catalogue.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
METHODS = [("tracker/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
HAN, LETTER = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]")
UNKEPT = re.compile(  # header lines that say nothing, or something else each time
    r'"(Project-Id-Version|Report-Msgid-Bugs-To|Last-Translator|Language-Team|POT-Creation-Date|PO-Revision-Date'
    r"|Generated-By)[^\n]*\n"
)


def extracted() -> Catalog:
    """All sentences of code and templates."""
    catalog = Catalog(locale="zh_Hans_CN", header_comment="# Project Tracker, 简体中文", charset="utf-8", fuzzy=False)
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    for name, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), METHODS, options, keywords=KEYWORDS, directory_filter=_ours
    ):
        catalog.add(message, locations=[(name, 0)])
    return catalog


def _ours(folder: str) -> bool:
    relative = Path(folder).relative_to(ROOT)
    return not relative.parts or relative.parts[0] in ("tracker", "templates")


def stored() -> Catalog:
    """The Chinese catalogue as it stands."""
    if not CHINESE.exists():
        return Catalog(locale="zh_Hans_CN")
    with CHINESE.open("rb") as file:
        return pofile.read_po(file, locale="zh_Hans_CN")


def extract(extra: dict[str, str]) -> None:
    """Renew the catalogue: new sentences come in (translated where `extra` knows them), unused ones go."""
    old, fresh = stored(), extracted()
    for message in fresh:
        if not message.id:
            continue
        known = old.get(message.id)
        message.string = known.string if known and known.string else message.string
        single = message.id if isinstance(message.id, str) else message.id[0]
        if single in extra and not (message.string and any(message.string)):
            message.string = extra[single] if isinstance(message.id, str) else (extra[single],)
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    pofile.write_po(buffer, fresh, width=0, sort_output=True, no_location=True, omit_header=False)
    text = UNKEPT.sub("", buffer.getvalue().decode())
    CHINESE.write_text(text, encoding="utf-8")


def compile_catalogue() -> None:
    """Write the binary catalogue beside the text."""
    target = CHINESE.with_suffix(".mo")
    if target.exists() and CHINESE.exists() and target.stat().st_mtime >= CHINESE.stat().st_mtime:
        return
    fresh = target.with_suffix(
        f".{os.getpid()}"
    )  # whoever reads meanwhile finds the whole old file or the whole new one
    with fresh.open("wb") as file:
        write_mo(file, stored())
    fresh.replace(target)


def check() -> int:
    """1 with a line a fault where a sentence has no Chinese, loses a placeholder, or the catalogue is behind."""
    old = stored()
    faults = [
        fault for message in extracted() if message.id for fault in _faults(message.id, _strings(old.get(message.id)))
    ]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults in translations")
    return 1 if faults else 0


def _strings(known: Message | None) -> list[str]:
    """The Chinese of a sentence: one text, for a sentence that counts as well."""
    if known is None:
        return []
    return [known.string] if isinstance(known.string, str) else list(known.string or ())


def _faults(ids: str | Sequence[str], strings: list[str]) -> Iterator[str]:
    single, plural = (ids, ids) if isinstance(ids, str) else (ids[0], ids[1])
    if not strings or not all(strings):
        yield f"no Chinese for: {single!r}"
        return
    wanted = set(PLACEHOLDER.findall(plural))
    for text in strings:
        if set(PLACEHOLDER.findall(text)) != wanted:
            yield f"placeholders differ in: {single!r}"
        if "%" in PLACEHOLDER.sub("", text) and "%" not in PLACEHOLDER.sub("", plural):
            yield f"a percent sign that templates cannot read in: {single!r}"
        if LETTER.search(PLACEHOLDER.sub("", plural)) and not HAN.search(text):
            yield f"not translated: {single!r}"


def _read_extra(paths: list[str]) -> dict[str, str]:
    extra: dict[str, str] = {}
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if "\t" in line:
                english, chinese = line.split("\t", 1)
                extra[english.replace("\\n", "\n")] = chinese.strip().replace("\\n", "\n")
    return extra


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["extract", *files]:
            extract(_read_extra(files))
        case ["compile"]:
            compile_catalogue()
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit("usage: translations.py extract [TSV…] | compile | check")
