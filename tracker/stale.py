"""A form whose row somebody changed meanwhile: both versions side by side, and the choice left to who sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms import Field, Form, SelectField


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what stands now and what was typed differ, both as people read them."""

    label: Any
    now: str
    typed: str


def both_versions(form: Form, row: Any, **instead: Any) -> list[Difference]:
    """Where the form and the stored row differ. The form takes the row's version: sent again, it counts.

    `instead` holds what stands now in fields that the row keeps as something else than a form's value.
    """
    form["version"].data = str(row.version)
    found = []
    for field in form:
        if field.name == "version" or not hasattr(type(row), field.name):
            continue
        stored = instead[field.name] if field.name in instead else getattr(row, field.name)
        typed = field.data
        if (stored or None) != (typed or None):
            found.append(Difference(field.label.text, _read(field, stored), _read(field, typed)))
    return found


def _read(field: Field, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(field, SelectField):
        names = {str(choice[0]): str(choice[1]) for choice in field.choices or ()}
        return names.get(str(value), str(value))
    return str(value)
