"""Writing a list into a file, and the event that says who took what out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from tracker import events
from tracker.events import Kind
from tracker.exports.columns import Listing, Words, cells_of
from tracker.sheets.writing import Cell, write_csv, write_xlsx
from tracker.team.models import User
from workflows.definition import Definition

FORMATS = ("xlsx", "csv")
LONGEST = 200  # characters of a filter in the audit trail
STRIDE = 1000  # rows between two words about progress


def write_list(
    out: BinaryIO,
    format: str,
    listing: Listing,
    rows: Iterable[Any],
    *,
    by: User,
    definition: Definition,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Write the rows that `by` may see into `out`; how many there were."""
    columns, count = listing.columns_for(by), 0

    def told() -> Iterator[list[Cell]]:
        nonlocal count
        for cells in cells_of(rows, columns, Words(definition)):
            count += 1
            if count % STRIDE == 0:
                progress(count)
            yield cells

    heads = [str(column.label) for column in columns]
    if format == "xlsx":
        write_xlsx(out, heads, told(), [column.look for column in columns])
    else:
        write_csv(out, heads, told())
    return count


def record_export(
    session: Session, listing: Listing, format: str, rows: int, filters: Mapping[str, str], *, by: User
) -> None:
    """Write down who took which list out, how it was narrowed, and how many rows went."""
    said = {key: value[:LONGEST] for key, value in list(filters.items())[:30] if value}
    events.record(session, Kind.LIST_EXPORTED, by, by=by, list=listing.key, format=format, rows=rows, filters=said)
    session.flush()
