"""compare(): in what two definitions differ, part by part, and whether that is only text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from workflows.definition import Choice, Definition
from workflows.text import Text

ORDER = (
    "phase", "step", "cell", "task", "hint", "entry", "exit", "route", "category", "rule", "department", "choice",
    "setting", "anchor", "evidence kind", "hint kind", "cell status", "score", "lifecycle",
)  # fmt: skip
"""The kinds of parts, in the order in which differences come."""
_NESTED = {"hints", "tasks", "entry", "exit"}  # parts of their own
_PLACE = {"phase", "step", "category", "key", "id"}  # what names the part; of a task or criterion its cell


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a part: its name, what it was and is; None where the part is new or gone."""

    name: str
    old: Any
    new: Any

    @property
    def is_text(self) -> bool:
        """True where only words differ."""
        return all(_is_text(value) for value in (self.old, self.new) if value is not None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is `added`, `removed` or `changed`; `key` such as map/structure, T.map.structure.1, G01."""

    kind: str
    key: str
    change: str
    fields: tuple[Field, ...]

    @property
    def behaves(self) -> bool:
        """True where the engine acts differently; otherwise only words differ."""
        if self.change == "changed":
            return not all(field.is_text for field in self.fields)
        return self.kind != "hint"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, in the order of `ORDER` and within a kind of the definitions."""

    differences: tuple[Difference, ...]

    def of(self, kind: str, change: str = "") -> tuple[Difference, ...]:
        """The differences of one kind, or of one kind of change."""
        return tuple(d for d in self.differences if d.kind == kind and change in ("", d.change))

    def keys(self, kind: str, change: str) -> frozenset[str]:
        """The keys of one kind that were added, removed or changed."""
        return frozenset(d.key for d in self.of(kind, change))

    @property
    def behaves(self) -> bool:
        """True unless only words differ."""
        return any(d.behaves for d in self.differences)


def compare(old: Definition, new: Definition) -> Comparison:
    """In what `new` differs from `old`. Sentences are compared in both languages."""
    was, now = parts_of(old), parts_of(new)
    keys = {kind: list(dict.fromkeys([*now[kind], *was[kind]])) for kind in ORDER}
    found = (_difference(kind, key, was[kind].get(key), now[kind].get(key)) for kind in ORDER for key in keys[kind])
    return Comparison(tuple(difference for difference in found if difference is not None))


def _difference(kind: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Difference | None:
    if old is None or new is None:
        there = old or new or {}
        listed = tuple(Field(name, (old or {}).get(name), (new or {}).get(name)) for name in there)
        return Difference(kind, key, "added" if old is None else "removed", listed)
    names = dict.fromkeys([*old, *new])
    changed = tuple(Field(n, old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n))
    return Difference(kind, key, "changed", changed) if changed else None


def parts_of(definition: Definition) -> dict[str, dict[str, dict[str, Any]]]:
    """kind -> key -> field -> value, for all that a definition says."""
    d = definition
    cells = {"/".join(cell.key): cell for cell in d.cells}
    listed = {f"{p.key}.{choice.key}": _choice(choice) for p in d.picklists for choice in p.items}
    scores = {f"{c.key}": _fields(c) for c in (*d.scorecard.validity, *d.scorecard.feasibility)}
    scores |= {f"threshold {t.key}": {"when": t.when, "text": t.text} for t in d.scorecard.thresholds}
    scores |= {f"knockout {k.key}": _fields(k) for k in d.scorecard.knockouts}
    moves = {f"{t.source} > {t.target}": _fields(t) for t in d.lifecycle.transitions}
    states = {kind.key: _fields(kind) for kind in (*d.lifecycle.lead_states, *d.lifecycle.project_states)}
    return {
        "phase": {x.key: _fields(x) for x in d.phases},
        "step": {x.key: _fields(x) for x in d.steps},
        "cell": {key: _fields(cell) for key, cell in cells.items()},
        "task": {x.id: {"cell": key, **_fields(x)} for key, cell in cells.items() for x in cell.tasks},
        "hint": {x.id: {"cell": key, **_fields(x)} for key, cell in cells.items() for x in cell.hints},
        "entry": {x.id: _fields(x) for phase in d.phases for x in phase.entry},
        "exit": {x.id: _fields(x) for phase in d.phases for x in phase.exit},
        "route": {x.key: _fields(x) for x in d.routes},
        "category": {x.category: _fields(x) for x in d.windows},
        "rule": {x.id: _fields(x) for x in d.rules},
        "department": {x.key: _fields(x) for x in d.departments},
        "choice": listed,
        "setting": {key: {"value": value} for key, value in d.settings.items()},
        "anchor": {key: {"text": value} for key, value in d.anchors.items()},
        "evidence kind": {x.key: _fields(x) for x in d.evidence_kinds},
        "hint kind": {x.key: _fields(x) for x in d.hint_kinds},
        "cell status": {x.key: _fields(x) for x in d.cell_statuses},
        "score": scores,
        "lifecycle": {**states, **moves},
    }


def _fields(part: Any) -> dict[str, Any]:
    names = [field.name for field in fields(part) if field.name not in _NESTED | _PLACE]
    return {name: getattr(part, name) for name in names}


def _choice(choice: Choice) -> dict[str, Any]:
    return {"name": choice.name, **choice.extra}


def _is_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_is_text(item) for item in value.values())
    return isinstance(value, Text) or (isinstance(value, tuple) and all(isinstance(item, Text) for item in value))


def texts_of(value: Any, lang: str) -> Iterator[str]:
    """A field's value as lines of text in one language: sentences, spans, lists."""
    match value:
        case None | () | "":
            return
        case Text():
            yield value.get(lang)
        case Mapping():
            for key, item in value.items():
                yield f"{key}: {', '.join(texts_of(item, lang))}"
        case tuple() | list():
            yield ", ".join(line for item in value for line in texts_of(item, lang))
        case _ if hasattr(value, "first") and hasattr(value, "last"):
            yield f"{value.first} – {value.best} – {value.last}"
        case _:
            yield str(value)
