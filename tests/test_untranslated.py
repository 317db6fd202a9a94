"""Nothing that people read is said past gettext: not in templates, not in their expressions, not in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import nodes

from config import ROOT
from tests.reading import ALLOWED, LATIN, read
from tracker.event_values import NAMES

FIELD_TYPES = {"BooleanField", "SelectField", "SelectMultipleField", "CSRFTokenField"}
ATOMS = {"badge", "page_head", "empty", "fact", "sort_head", "chip", "form_errors"}  # `ui` macros whose texts are shown
SHOWN = {"hint", "placeholder", "title", "alt", "back_text", "label", "message"}  # their named arguments
WORDS = re.compile(r"[A-Z][a-z]{2,}|[a-z]{2,} [a-z]{2,}(?![a-z-])")  # not classes such as `btn btn-primary`


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def bare(app: Flask, path: Path) -> str:
    """What a template says by itself, line by line: without expressions, comments and classes of the page."""
    source = re.sub(r"(\{% block \w+_class %\})[^{]*", r"\1", path.read_text(encoding="utf-8"))
    return "".join(
        value if kind == "data" else "\n" * value.count("\n") for _line, kind, value in app.jinja_env.lex(source)
    )


def test_no_template_says_a_word_by_itself(app: Flask) -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{said.line} {said.attribute} {said.text}"
        for path in templates()
        for said in read(bare(app, path), theirs=())
        if not said.text.startswith("?") and set(LATIN.findall(said.text)) - ALLOWED
    ]
    assert faults == []


def spoken_constants(node: nodes.Node) -> Iterator[nodes.Const]:
    """Texts inside a template's expressions that did not come through gettext, where they look like words."""
    if isinstance(node, nodes.Call):
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in ("_", "gettext", "ngettext"):
            return
        if isinstance(node.node, nodes.Getattr) and node.node.attr in ATOMS:
            shown = [*node.args[:1], *(pair.value for pair in node.kwargs if pair.key in SHOWN)]
            yield from (
                arg
                for arg in shown
                if isinstance(arg, nodes.Const) and isinstance(arg.value, str) and LATIN.search(arg.value)
            )
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and WORDS.search(node.value):
        yield node
    for child in node.iter_child_nodes():
        yield from spoken_constants(child)


def test_no_expression_of_a_template_says_a_word_by_itself(app: Flask) -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{const.lineno} {const.value}"
        for path in templates()
        for const in spoken_constants(app.jinja_env.parse(path.read_text(encoding="utf-8")))
        if const.value not in FIELD_TYPES and set(LATIN.findall(const.value)) - ALLOWED
    ]
    assert faults == []


def test_scripts_take_their_words_from_the_page() -> None:
    """A script shows what an attribute of the page gives it, and says nothing by itself."""
    said = re.compile(
        r"""["'`](?:[A-Z][a-z]+ [a-z]+[^"'`]*|[a-z]+ [a-z]+ [a-z]+)["'`]|(?:textContent|title|alt) = ["'`]\w{2}"""
    )
    faults = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in sorted((ROOT / "static" / "js").glob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if said.search(line.split("// ")[0])
    ]
    assert faults == []


def test_no_attribute_gives_a_script_words_past_gettext(app: Flask) -> None:
    words = re.compile(r"""data-(?!here)[a-z-]+=["'][^"']*[A-Za-z]{2,} [a-z]{2,}""")
    faults = [f"{path.relative_to(ROOT)} {found}" for path in templates() for found in words.findall(bare(app, path))]
    assert faults == []


# Calls whose argument people read, and which one it is (by place; None: only the named ones count).
SPEAKING = {
    "flash": 0,
    "Refused": 0,
    "Forbidden": 0,
    "Stale": 0,
    "Invalid": 1,
    "ValidationError": 0,
    "StopValidation": 0,
}
SPEAKING |= {"InputRequired": 0, "DataRequired": 0, "FileRequired": 0, "Length": None, "Regexp": None, "jsonify": None}
SPEAKING |= {"NumberRange": 2, "EqualTo": 1, "Problem": 1, "Reason": 1}
NAMED = {"message", "label", "description"}


def is_bare(node: ast.expr) -> bool:
    """A text that people would read in English whatever their language."""
    if isinstance(node, ast.JoinedStr):
        return any(is_bare(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(LATIN.search(node.value))


def bare_texts(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            place = 0 if re.search(r"\wField$", name) else SPEAKING.get(name, -1)
            if place == -1:
                continue
            shown = [keyword.value for keyword in node.keywords if keyword.arg in NAMED]
            if place is not None and len(node.args) > place:
                shown.append(node.args[place])
            yield from (text for text in shown if is_bare(text))
            yield from (
                pair.elts[1]
                for keyword in node.keywords
                if keyword.arg == "choices" and isinstance(keyword.value, ast.List)
                for pair in keyword.value.elts
                if isinstance(pair, ast.Tuple) and is_bare(pair.elts[1])
            )
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            told = any(isinstance(target, ast.Attribute) and target.attr == "errors" for target in node.targets)
            yield from (text for text in node.value.elts if told and is_bare(text))


def test_no_refusal_label_or_notice_of_the_code_is_said_past_gettext() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{text.lineno} {ast.unparse(text)}"
        for path in sorted((ROOT / "tracker").rglob("*.py"))
        if "demo" not in path.parts and "migrations" not in path.parts
        for text in bare_texts(ast.parse(path.read_text(encoding="utf-8")))
        if set(LATIN.findall(ast.unparse(text))) - ALLOWED
    ]
    assert faults == []


def recorded_keys(tree: ast.Module) -> Iterator[str]:
    """What the events of a module carry: the named values of `events.record(session, Kind.…, subject, …)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(ast.unparse(arg).startswith("Kind.") for arg in node.args):
            yield from (word.arg for word in node.keywords if word.arg and word.arg not in ("by", "project_id"))


def test_every_value_of_an_event_has_a_name_that_people_read() -> None:
    keys = {
        key
        for path in sorted((ROOT / "tracker").rglob("*.py"))
        for key in recorded_keys(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(keys) > 20
    assert sorted(keys - set(NAMES)) == []
