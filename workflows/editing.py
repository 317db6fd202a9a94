"""Small edits of a definition's plain data, and how it is written down again.

Every function changes `data` in place and raises `UnknownKey` where there is no such part. Ids of hints and tasks are
never reused: a new one gets the number after the highest that any published version or the draft ever had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from workflows.errors import UnknownKey
from workflows.text import Text

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
NAMED = {
    "phase": ("phases", "items", "key"),
    "step": ("construction_steps", "items", "key"),
    "route": ("routes", "items", "key"),
    "category": ("entry_windows", "items", "key"),
    "rule": ("guard_rules", "items", "id"),
}
"""The parts whose name or sentence can be edited: section, list, and the field that names each."""


def written(data: Any) -> str:
    """The data as YAML text that people can read."""
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return text


def set_version(data: Any, key: str, version: int) -> None:
    """Say which version of which definition this is. Its counts are taken out: they are of the file it came from."""
    data["meta"].update(key=key, version=version)
    data["meta"].pop("counts", None)


def set_text(data: Any, kind: str, key: str, text: Text) -> None:
    """The name of a phase, step, route or category, the sentence of a rule, or of an `entry` or `exit` criterion."""
    part = _criterion(data, kind, key) if kind in ("entry", "exit") else _named(data, kind, key)
    part.update(zh=text.zh, en=text.en)


def set_limit(data: Any, cell: str, days: int) -> None:
    """The days without a record after which a cell reminds."""
    _cell(data, cell)["time_limit_days"] = days


def set_setting(data: Any, path: str, number: int) -> None:
    """Change a number among the settings; `path` such as `overdue_days` or `duplicate_radius_m.likely`."""
    *way, last = path.split(".")
    node = data["meta"]["conventions"]["settings"]["values"]
    for key in way:
        node = node.get(key) if isinstance(node, dict) else None
    if not isinstance(node, dict) or not _is_number(node.get(last)):
        raise UnknownKey("setting", path)
    node[last] = number


def numbers_of(settings: Any, before: str = "") -> dict[str, int]:
    """The whole numbers among the settings, by path."""
    found: dict[str, int] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            found |= numbers_of(value, f"{before}{key}.")
        elif _is_number(value):
            found[f"{before}{key}"] = value
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def add_hint(data: Any, cell: str, kind: str, department: str, text: Text, taken: Iterable[str]) -> str:
    """A new hint at the end of a cell; its id."""
    found = _cell(data, cell)
    id = _next_id("H", cell, [*taken, *_ids(found, "hints")])
    hint = {"id": id, "kind": kind, "department": department, "zh": text.zh, "en": text.en}
    found["hints"] = [*(found.get("hints") or []), hint]
    return id


def edit_hint(data: Any, id: str, kind: str, department: str, text: Text) -> None:
    """Change a hint; its sources stay."""
    _part(data, "hints", id)[1].update(kind=kind, department=department, zh=text.zh, en=text.en)


def remove_hint(data: Any, id: str) -> None:
    """Take a hint out of its cell."""
    _take_out(data, "hints", id)


def add_task(data: Any, cell: str, values: dict[str, Any], text: Text, taken: Iterable[str]) -> str:
    """A new task at the end of a cell; its id. `values`: department, evidence, due_days, anchor."""
    found = _cell(data, cell)
    id = _next_id("T", cell, [*taken, *_ids(found, "tasks")])
    found["tasks"] = [*(found.get("tasks") or []), {"id": id, **_task_fields(values, text)}]
    return id


def edit_task(data: Any, id: str, values: dict[str, Any], text: Text) -> None:
    """Change a task; see `add_task`."""
    task = _part(data, "tasks", id)[1]
    task.pop("from", None)
    task.update(_task_fields(values, text))


def remove_task(data: Any, id: str) -> None:
    """Take a task out of its cell."""
    _take_out(data, "tasks", id)


def _task_fields(values: dict[str, Any], text: Text) -> dict[str, Any]:
    plain = {name: values[name] for name in ("department", "evidence", "due_days")}
    anchor = values.get("anchor") or "cell_entry"
    return {**plain, **({"from": anchor} if anchor != "cell_entry" else {}), "zh": text.zh, "en": text.en}


def _cell(data: Any, cell: str) -> Any:
    for found in data["matrix"]["cells"]:
        if found["cell"] == cell:
            return found
    raise UnknownKey("cell", cell)


def _part(data: Any, name: str, id: str) -> tuple[Any, Any]:
    """(cell, hint or task)"""
    for cell in data["matrix"]["cells"]:
        for part in cell.get(name) or ():
            if part["id"] == id:
                return cell, part
    raise UnknownKey(name.removesuffix("s"), id)


def _take_out(data: Any, name: str, id: str) -> None:
    cell, part = _part(data, name, id)
    cell[name] = [other for other in cell[name] if other is not part]


def _named(data: Any, kind: str, key: str) -> Any:
    if kind not in NAMED:
        raise UnknownKey("kind of text", kind)
    section, items, name = NAMED[kind]
    for found in data[section][items]:
        if found[name] == key:
            return found
    raise UnknownKey(kind, key)


def _criterion(data: Any, kind: str, id: str) -> Any:
    letter = "E" if kind == "entry" else "X"
    for phase in data["phases"]["items"]:
        for criterion in phase[kind]:
            if f"{letter}.{phase['key']}.{criterion['key']}" == id:
                return criterion
    raise UnknownKey(kind, id)


def _ids(cell: Any, name: str) -> list[str]:
    return [part["id"] for part in cell.get(name) or ()]


def _next_id(letter: str, cell: str, taken: Iterable[str]) -> str:
    start = f"{letter}.{cell.replace('/', '.')}."
    numbers = [int(id.removeprefix(start)) for id in taken if re.fullmatch(re.escape(start) + r"\d+", id)]
    return f"{start}{max(numbers, default=0) + 1}"
