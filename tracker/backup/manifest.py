"""What a backup says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
MEDIA, TABLES, ROWS = "media/", "tables/", ".jsonl"


class BackupRefused(Exception):
    """A backup that is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table: its columns as (name, kind) and how many rows it has; see `tables` for the kinds."""

    columns: list[list[str]]
    rows: int


@dataclass(slots=True)
class Manifest:
    """`files` maps the name in the archive to [size in bytes, SHA-256 as hex]."""

    product: str
    revision: str
    made_at: str
    tables: dict[str, TableEntry] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes; raises BackupRefused where it is none that we understand."""
    try:
        plain = json.loads(data)
        if plain["format"] != FORMAT:
            raise BackupRefused(f"The backup has format {plain['format']}; this version reads format {FORMAT}.")
        tables = {str(name): TableEntry(**entry) for name, entry in plain.pop("tables").items()}
        return Manifest(tables=tables, **plain)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("The backup's manifest cannot be read.") from error
