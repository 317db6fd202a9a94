"""A definition that also knows what others call their things: lists show projects of several definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workflows.definition import Definition

_NAMED = ("phase", "step", "route", "window", "department", "exit", "task", "hint", "rule")


def with_names_of(definition: Definition, others: Iterable[Definition]) -> Definition:
    """The definition, whose lookups by key also find the phases, steps, routes, categories … of the others.

    Its own come first, then those of the others in their order. Its rows, columns and cells stay its own.
    """
    wide = replace(definition)
    for other in others:
        for kind in _NAMED:
            for key, thing in other.lookup(kind).items():
                wide.lookup(kind).setdefault(key, thing)
    return wide
