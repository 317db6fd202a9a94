"""The rules of the house that import-linter cannot say: what modules contain, their names, what templates hold.

Each rule gathers its faults as `file:line what`, so that a failure names every place at once.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from config import ROOT
from tracker import models
from tracker.database import Base
from tracker.event_words import WORDS
from tracker.events import Kind
from tracker.team.roles import ROLES

LONGEST = 400  # lines of a module
LAYERS = {"models", "queries", "operations", "forms", "views"}
# What a feature holds beside its layers, each for a reason that its first line says.
FURTHER = {
    "absences": {"choosing"},
    "accounts": {"facts", "wording"},
    "dealers": {"fitness", "signals", "wording"},
    "designers": {"wording"},
    "rewards": {"clocks", "wording"},
    "calendar": {"feeds", "grids", "routing", "spans", "wording"},
    "annotations": {"things", "replies", "inbox", "letters", "wording"},
    "forecasts": {"evidence"},
    "reports": {"composing", "drawing", "letters", "periods", "reading", "sections", "wording"},
    "contacts": {"choosing", "drawing", "gaps", "keeping", "vcards", "wording"},
    "definitions": {"background", "dry_run"},
    "documents": {"intake", "kinds"},
    "duplicates": {"indexing", "things", "wording"},
    "gallery": {"intake", "likeness", "tags"},
    "handover": {"holdings", "wording"},
    "history": {"keeping", "corridors", "loading", "outside"},
    "home": {"sections", "watching"},
    "imports": {"background"},
    "leads": {"facts", "puzzle", "unnamed"},
    "merging": {"references"},
    "matrix": {"definitions", "facts"},
    "newcomers": {"finding", "wording"},
    "notifications": {"holding", "wording", "worker"},
    "parties": {"licences", "tallying"},
    "projects": {"circle", "tallying"},
    "registrations": {"wording"},
    "search": {"beside", "indexing", "marking", "words"},
    "todos": {"clocks", "repeating"},
    "team": {"passwords", "starting", "roles"},
}
NAMERS = ("demo", "cli", "generating", "doctor")  # who makes users says which role they get; who examines roles reads
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+\s*=\s*[\"'{]|hx-on|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|\bautoescape\b")
ROLE_KEYS = {role.key for role in ROLES} - {"dealer", "supervisor", "compliance", "key_accounts", "director"}
PARSERS = {"yaml", "rapidfuzz", "opencc", "pypinyin"}
ESCAPING = {"i18n", "atoms", "templating", "filters"}  # modules that make markup and escape what they put into it


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts)


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def features() -> list[Path]:
    """The packages that have pages."""
    return sorted(path.parent for name in ("views", "views.py") for path in (ROOT / "tracker").glob(f"*/{name}"))


def layer(name: str) -> list[Path]:
    """The modules of one layer, in all features."""
    files = [*(ROOT / "tracker").glob(f"*/{name}.py"), *(ROOT / "tracker").glob(f"*/{name}/**/*.py")]
    return sorted(path for path in files if "demo" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def at(path: Path, line: int, what: str) -> str:
    return f"{path.relative_to(ROOT)}:{line} {what}"


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every call."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of every import, those inside functions too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def lines_with(path: Path, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = pattern.search(line)
        if found:
            yield number, found.group().strip()


def test_views_neither_select_nor_add_rows() -> None:
    forbidden = {"select", "db.session.add", "db.session.scalar", "db.session.scalars", "db.session.execute"}
    forbidden |= {"db.session.get", "db.session.delete", "db.session.flush", "db.session.query"}
    faults = [at(path, line, name) for path in layer("views") for line, name in calls(path) if name in forbidden]
    assert faults == []


def test_only_entry_points_commit() -> None:
    inner = [path for name in ("models", "queries", "operations", "forms") for path in layer(name)]
    inner += python_files("tracker/matching", "workflows") + [
        *python_files("tracker/access"),
        ROOT / "tracker/events.py",
    ]
    faults = [
        at(path, line, name)
        for path in inner
        for line, name in calls(path)
        if name.endswith((".commit", ".rollback")) and "session" in name
    ]
    assert faults == []


def test_queries_and_operations_import_neither_flask_nor_forms_nor_templates() -> None:
    forbidden = re.compile(
        r"^(flask|flask_\w+|wtforms|jinja2\w*)(\.|$)|^tracker\.\w+\.(forms|views)(\.|$)|^tracker\.htmx"
    )
    faults = [
        at(path, line, module)
        for name in ("queries", "operations")
        for path in layer(name)
        for line, module in imports(path)
        if forbidden.search(module)
    ]
    assert faults == []


def test_the_engine_and_the_matcher_import_the_standard_library_and_parsers_only() -> None:
    faults = []
    for folder, own in (("workflows", "workflows"), ("tracker/matching", "tracker.matching")):
        for path in python_files(folder):
            for line, module in imports(path):
                first = module.split(".")[0]
                if first not in sys.stdlib_module_names | PARSERS and not module.startswith(own):
                    faults.append(at(path, line, module))
    assert faults == []


def test_the_engine_does_not_look_at_the_clock() -> None:
    asking = re.compile(r"(datetime\.now|datetime\.utcnow|date\.today|time\.time)$")
    faults = [
        at(path, line, name) for path in python_files("workflows") for line, name in calls(path) if asking.search(name)
    ]
    assert faults == []


def test_only_the_clock_asks_the_time() -> None:
    asking = re.compile(r"(datetime\.now|datetime\.utcnow|date\.today)$")
    faults = [
        at(path, line, name)
        for path in python_files("tracker")
        if path.name != "clock.py"
        for line, name in calls(path)
        if asking.search(name)
    ]
    assert faults == []


def test_roles_are_named_in_access_and_team_only() -> None:
    asked = re.compile(r"\b[Rr]ole\.(key|scope|capabilities)\b")
    faults = []
    for path in python_files("tracker"):
        inside = path.relative_to(ROOT / "tracker").parts
        if inside[0] in ("access", "team", *NAMERS):
            continue
        faults += [at(path, line, what) for line, what in lines_with(path, asked)]
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and node.value in ROLE_KEYS:
                faults.append(at(path, node.lineno, str(node.value)))
    for path in templates():
        if path.parent.name != "team":
            faults += [at(path, line, what) for line, what in lines_with(path, asked)]
    assert faults == []


def test_every_table_is_listed_in_models() -> None:
    listed = {value for value in vars(models).values() if isinstance(value, type)}
    tables = {mapper.class_ for mapper in Base.registry.mappers}
    assert tables - listed == set()
    assert {value.__name__ for value in listed} == set(models.__all__)


def test_no_relationship_loads_by_itself() -> None:
    configure_mappers()
    lazy = {
        f"{mapper.class_.__name__}.{relation.key}: {relation.lazy}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy != "raise_on_sql"
    }
    assert lazy == set()


def test_every_kind_of_event_has_its_words() -> None:
    assert set(Kind) - set(WORDS) == set()


def test_every_kind_of_event_is_recorded_somewhere() -> None:
    named = set()
    for path in python_files("tracker"):
        if path.name in ("events.py", "event_words.py"):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] == "Kind":
                named.add(node.attr)
    assert {kind.name for kind in Kind} - named == set()


def test_modules_stay_under_400_lines() -> None:
    faults = []
    for path in [ROOT / "config.py", *python_files("tracker", "workflows")]:
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > LONGEST:
            faults.append(at(path, length, "lines"))
    assert faults == []


def test_every_module_and_public_function_says_what_it_is() -> None:
    faults = []
    for path in [ROOT / "config.py", *python_files("tracker", "workflows")]:
        if not ast.get_docstring(parsed(path)) and path.name != "env.py":
            faults.append(at(path, 1, "module"))
        for node in parsed(path).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                faults.append(at(path, node.lineno, node.name))
    assert faults == []


def test_features_use_the_agreed_file_names() -> None:
    assert len(features()) >= 8
    faults = []
    for folder in features():
        allowed = LAYERS | FURTHER.get(folder.name, set()) | {"__init__"}
        names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()} - {"__pycache__"}
        faults += [f"{folder.name}/{name}" for name in names - allowed]
    assert faults == []


def test_every_template_says_its_context_in_its_first_line() -> None:
    faults = []
    for path in templates():
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        wanted = r"\{# .+ #\}" if path.parent.name == "macros" else r"\{# context: .+ #\}"
        if not re.fullmatch(wanted, first):
            faults.append(at(path, 1, first[:80]))
    assert faults == []


def test_templates_hold_neither_inline_scripts_nor_styles_nor_handlers() -> None:
    faults = [at(path, line, what) for path in templates() for line, what in lines_with(path, INLINE)]
    assert faults == []


def test_only_those_who_escape_by_hand_mark_anything_as_safe() -> None:
    """In templates only the pager may: it percent-encodes the parts of its address. Naughty strings try them all."""
    faults = [
        at(path, line, what)
        for path in templates()
        for line, what in lines_with(path, UNESCAPED)
        if path.name != "ui.html" or 'kept.parts|join("&")|safe' not in path.read_text().splitlines()[line - 1]
    ]
    marked = re.compile(r"\bMarkup\((?!['\"])")
    modules = [path for path in python_files("tracker") if path.stem not in ESCAPING]
    faults += [at(path, line, what) for path in modules for line, what in lines_with(path, marked)]
    assert faults == []


def test_every_form_that_changes_something_carries_its_token() -> None:
    opened = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    faults = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for form in opened.finditer(text):
            if "csrf()" not in form.group(1):
                faults.append(at(path, text[: form.start()].count("\n") + 1, "form without csrf()"))
    assert faults == []
