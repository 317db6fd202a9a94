"""A definition that also knows what others call their things: lists show projects of several definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from workflows.definition import Definition

_NAMED = ("phase", "step", "route", "window", "department", "exit", "task", "hint", "rule")


def with_names_of(definition: Definition, others: Callable[[], Iterable[Definition]]) -> Definition:
    """The definition, whose lookups by key also find the phases, steps, routes, categories … of the others.

    Its own come first, then those of the others in their order, which are only asked when a key is not its own. Its
    rows, columns and cells stay its own.
    """
    wide = replace(definition)
    for kind in _NAMED:
        wide.lookups[kind] = _Searching(kind, definition.lookups[kind], others)
    return wide


class _Searching(dict[Any, Any]):
    """What a definition names; a key that is not its own is searched in the others."""

    def __init__(self, kind: str, own: dict[Any, Any], others: Callable[[], Iterable[Definition]]) -> None:
        super().__init__(own)
        self.kind, self.others = kind, others

    def __missing__(self, key: Any) -> Any:
        for other in self.others():
            if key in other.lookups[self.kind]:
                self[key] = found = other.lookups[self.kind][key]
                return found
        raise KeyError(key)
