"""Setting values of a row, and remembering what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any


def differing(row: Any, values: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Those of `values` that are not what the row holds."""
    return {name: values[name] for name in fields if name in values and getattr(row, name) != values[name]}


def change(row: Any, values: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Set the values that differ; returns what they were, as plain values for an event."""
    before: dict[str, Any] = {}
    for name, value in differing(row, values, fields).items():
        old = getattr(row, name)
        before[name] = str(old) if isinstance(old, date | Decimal) else old
        setattr(row, name, value)
    return before
