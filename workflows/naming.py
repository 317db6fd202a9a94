"""A definition that also knows what others call their things: people and lists belong to several definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workflows.definition import Choice, Definition, Department, Picklist
from workflows.text import NO_TEXT, Text

Others = Callable[[], Iterable[Definition]]
NAMED = ("phase", "step", "route", "window", "department", "exit", "task", "hint", "rule")
PEOPLE = ("department",)
PARTNER_MAKER = "partner_maker"
OWN_CHOICES = {"participant_kinds": {PARTNER_MAKER: Text("合作厂家", "Partner maker")}}
"""Choices that the product needs whichever definition is in force; one that has them says them in its own words."""


def with_names_of(definition: Definition, others: Others, kinds: Sequence[str] = NAMED) -> Definition:
    """The definition, whose lookups by key also find the phases, steps, routes, categories … of the others.

    Its own come first, then those of the others in their order, which are only asked when a key is not its own. Its
    rows, columns, cells and lists stay its own. A department that nobody knows is called by its key.
    """
    wide = replace(definition)
    for key, choices in OWN_CHOICES.items():
        wide.lookups["picklist"][key] = _with_own(definition, key, choices)
    for kind in kinds:
        wide.lookups[kind] = _Searching(kind, definition.lookups[kind], others)
    return wide


def _with_own(definition: Definition, key: str, choices: Mapping[str, Text]) -> Picklist:
    found: Picklist = definition.lookups["picklist"].get(key, Picklist(key, (), {}))
    missing = [Choice(choice, name, {}) for choice, name in choices.items() if choice not in found.keys]
    return replace(found, items=(*found.items, *missing))


class _Searching(dict[Any, Any]):
    """What a definition names; a key that is not its own is searched in the others."""

    def __init__(self, kind: str, own: dict[Any, Any], others: Others) -> None:
        super().__init__(own)
        self.kind, self.others = kind, others

    def __missing__(self, key: Any) -> Any:
        for other in self.others():
            if key in other.lookups[self.kind]:
                self[key] = found = other.lookups[self.kind][key]
                return found
        if self.kind == "department":
            return Department(key, Text(key, key), NO_TEXT)
        raise KeyError(key)
