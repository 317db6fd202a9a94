"""Taking rows in, whatever they tell of: read, found again by the chosen keys, judged, and carried out.

A kind of thing is a `Taker` with its own way to find, compare, add and change; see `takers`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.i18n import _l
from tracker.imports.models import ImportRun
from tracker.imports.operations.firms import Firms
from tracker.imports.operations.options import ImportOptions, choices, schema_of
from tracker.imports.operations.trail import Trail
from tracker.sheets.reading import Sheet
from tracker.sheets.rows import Reason, Rejected, Row, reader_for
from tracker.sheets.writing import original
from tracker.team.models import User

Key = tuple[str, ...]


class Fate(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    KNOWN = "known"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row, and why. `thing_id`: whom it was found to be; `changes`: field -> (is, becomes)."""

    number: int
    fate: Fate
    row: Row | None = None
    thing_id: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()


class Taker(ABC):
    """What one run knows so far, and what became of its rows. With `dry` nothing is written."""

    model: Any
    kind: str

    def __init__(self, session: Session, run: ImportRun, by: User, sheet: Sheet, *, dry: bool = False) -> None:
        self.session, self.by, self.dry = session, by, dry
        self.schema = schema_of(self.kind)
        self.run_id: int | None = run.id
        self.file_name = run.file_name
        self.options = ImportOptions.from_kept(run.options)
        self.today = clock.today()
        self.reader = reader_for(
            self.schema, sheet, dict(run.mapping), self.today, order=self.options.order, choices=choices()
        )
        self.trail = Trail(session, run.id, by)
        self.firms = Firms(session, by, self.trail)
        self.mine = self.trail.done_before(self.model)
        self.seen: dict[Key, int] = {}
        self.met: dict[int, int] = {}  # what an earlier row of this file told of, by its id
        self.rejects: list[Rejected] = []
        self.created = self.updated = self.unchanged = 0

    @abstractmethod
    def identities(self, row: Row) -> list[Key]:
        """By what the row is found again, the surest first; of two rows of a file that share one the second is none."""

    @abstractmethod
    def lookup(self, rows: Mapping[int, list[Key]]) -> dict[int, list[int]]:
        """The ids of what is known of each of these rows (by its number): none, one, or several where it is unclear."""

    @abstractmethod
    def things(self, ids: Iterable[int]) -> dict[int, Any]:
        """Those of these things that the user sees, by their ids."""

    @abstractmethod
    def may_edit(self, thing: Any) -> bool:
        """Whether the user may change this thing."""

    @abstractmethod
    def differences(self, thing: Any, row: Row) -> dict[str, tuple[Any, Any]]:
        """What the row would change: field -> (is, becomes). An empty cell changes nothing."""

    @abstractmethod
    def create(self, rows: Sequence[Row]) -> None:
        """Add a new thing for each row; may turn rows into rejects by `reject`."""

    @abstractmethod
    def update(self, verdicts: Sequence[Verdict]) -> None:
        """Change what the verdicts say."""

    def why_not_create(self, row: Row) -> list[Reason]:
        """What stands in the way of a new thing."""
        return []

    def take(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """Carry out one chunk: new rows are added, known ones changed or left, bad ones kept with their reasons."""
        verdicts = self.judge(rows)
        for verdict in verdicts:
            if verdict.fate is Fate.REJECT:
                self.rejects.append(Rejected(verdict.number, verdict.reasons))
        new = [verdict for verdict in verdicts if verdict.fate is Fate.CREATE]
        changed = [verdict for verdict in verdicts if verdict.fate is Fate.UPDATE]
        self._count(verdicts)
        if self.dry:
            return
        if new:
            self.create([verdict.row for verdict in new if verdict.row])
        if changed:
            self.update(changed)

    def _count(self, verdicts: Sequence[Verdict]) -> None:
        """A run that broke off finds what it did before it did: that counts as done by it."""
        for verdict in verdicts:
            done = self.mine.get(verdict.thing_id or 0)
            if verdict.fate is Fate.CREATE or (verdict.fate is Fate.KNOWN and done == "created"):
                self.created += 1
            elif verdict.fate is Fate.UPDATE or (verdict.fate is Fate.KNOWN and done == "updated"):
                self.updated += 1
            elif verdict.fate is Fate.KNOWN:
                self.unchanged += 1

    def reject(self, row: Row, message: Any) -> None:
        """Turn a row that could not be added after all into a reject."""
        self.created -= 1
        self.rejects.append(Rejected(row.number, (Reason("row", message),)))

    def judge(self, rows: Sequence[tuple[int, list[str]]]) -> list[Verdict]:
        """What would become of these rows."""
        read = [self.reader.read(number, [original(cell) for cell in cells]) for number, cells in rows]
        good: dict[int, Row] = {}
        found: dict[int, Verdict] = {}
        keys: dict[int, list[Key]] = {}
        for row in read:
            if isinstance(row, Rejected):
                found[row.number] = Verdict(row.number, Fate.REJECT, reasons=row.reasons)
                continue
            keys[row.number] = self.identities(row)
            first = min((self.seen.setdefault(key, row.number) for key in keys[row.number]), default=row.number)
            if first != row.number:
                found[row.number] = _rejected(row, _l("The same as row %(n)s of this file.", n=first))
            else:
                good[row.number] = row
        found.update(self._judged(good, {number: keys[number] for number in good}))
        return [found[number] for number, _cells in rows]

    def _judged(self, rows: Mapping[int, Row], keys: Mapping[int, list[Key]]) -> dict[int, Verdict]:
        ids = self.lookup(keys)
        updates = self.options.existing != "create"
        wanted = {found[0] for found in ids.values() if len(found) == 1} if updates else set()
        things = self.things(wanted) if wanted else {}
        verdicts = {}
        for number, row in rows.items():
            known = ids.get(number, [])
            if not known:
                verdicts[number] = self._new(row)
            elif len(known) > 1:
                message = _l("Several are known by this key; choose a surer one.")
                verdicts[number] = _rejected(row, message)
            elif updates:
                verdicts[number] = self._known(row, known[0], things.get(known[0]))
            else:
                verdicts[number] = Verdict(number, Fate.KNOWN, row, known[0])
        return verdicts

    def _new(self, row: Row) -> Verdict:
        if self.options.existing == "update":
            return _rejected(row, _l("Not known yet, and this import only updates."))
        reasons = self.why_not_create(row)
        if reasons:
            return Verdict(row.number, Fate.REJECT, row, reasons=tuple(reasons))
        return Verdict(row.number, Fate.CREATE, row)

    def _known(self, row: Row, thing_id: int, thing: Any) -> Verdict:
        first = self.met.setdefault(thing_id, row.number)
        if first != row.number:
            return _rejected(row, _l("The same as row %(n)s of this file.", n=first))
        if thing is None:
            message = _l("Known already, but it belongs to others, so nothing was changed. Ask your supervisor.")
            return _rejected(row, message)
        if not self.may_edit(thing):
            return _rejected(row, _l("Known already, but you may not change it. Ask its owner or your supervisor."))
        changes = self.differences(thing, row)
        return Verdict(row.number, Fate.UPDATE if changes else Fate.KNOWN, row, thing_id, changes)


def _rejected(row: Row, message: Any) -> Verdict:
    return Verdict(row.number, Fate.REJECT, row, reasons=(Reason("row", message),))


def changed_fields(thing: Any, row: Row, fields: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
    """The plain fields (of the row -> of the thing) in which a row differs from a thing."""
    found = {}
    for key, name in fields.items():
        value = row.get(key)
        if value is not None and getattr(thing, name) != value:
            found[name] = (getattr(thing, name), value)
    return found
