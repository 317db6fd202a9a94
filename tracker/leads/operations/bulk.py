"""Adding the rows of a sheet as leads, a chunk at a time: few statements, however many rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.events import Event, Kind
from tracker.i18n import _l
from tracker.leads.models import ImportRun, Lead, LeadParty
from tracker.matching.normalise import firm_key
from tracker.parties.models import Party
from tracker.search.indexing import add_words
from tracker.sheets.lead_columns import Columns
from tracker.sheets.lead_rows import LeadRow, Rejected, read_row, units_of
from tracker.sheets.reading import Sheet
from tracker.sheets.writing import original
from tracker.team.models import Team, User

MOST_KEYS = 5000  # in one IN (…): both databases take more, neither gains by it
LONGEST_KEY = 200  # characters of `Party.name_key`; folding may lengthen a name


class BulkAdd:
    """What one run knows of firms and rows so far, and what became of its rows.

    With `dry` nothing is written, and the counts say what would be.
    """

    def __init__(self, session: Session, run: ImportRun, by: User, sheet: Sheet, *, dry: bool = False) -> None:
        self.session, self.run_id, self.by_id, self.dry = session, run.id, by.id, dry
        self.columns: Columns = dict(run.mapping)
        self.options: dict[str, Any] = dict(run.options)
        self.units = units_of(sheet.headers, self.columns)
        self.today = clock.today()
        self.team_id: int | None = self.options.get("team_id") or by.team_id
        team = session.get(Team, self.team_id) if self.team_id else None
        self.region_id = team.region_id if team else None
        self.seen: dict[str, int] = {}
        self.firms: dict[str, int] = {}
        self.rejects: list[Rejected] = []
        self.created = self.unchanged = 0

    def take(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """Add one chunk: new rows become leads, known ones stay as they are, bad ones are kept with their reasons."""
        good = [row for number, cells in rows if (row := self._read(number, cells)) is not None]
        keys = [row.import_key for row in good]
        found = self.session.execute(select(Lead.import_key, Lead.import_run_id).where(Lead.import_key.in_(keys)))
        known: dict[str | None, int | None] = dict(found.all())
        mine = sum(1 for run_id in known.values() if run_id and run_id == self.run_id)
        fresh = [row for row in good if row.import_key not in known]
        self.created += len(fresh) + mine  # a run that broke off made those before it did
        self.unchanged += len(known) - mine
        if fresh and not self.dry:
            self._find_firms(fresh)
            self._add(fresh)

    def _read(self, number: int, cells: Sequence[str]) -> LeadRow | None:
        row = read_row(number, restored(cells), self.columns, self.units, self.today)
        if isinstance(row, Rejected):
            self.rejects.append(row)
            return None
        first = self.seen.setdefault(row.import_key, number)
        if first != number:
            self.rejects.append(Rejected(number, (_l("The same as row %(n)s of this file.", n=first),)))
            return None
        return row

    def _find_firms(self, rows: Iterable[LeadRow]) -> None:
        """Know every firm of these rows by its folded name, making those that are new."""
        wanted: dict[str, tuple[str, str]] = {}
        for row in rows:
            for name, role in parties_of(row):
                wanted.setdefault(_firm(name), (name, role))
        missing = [key for key in wanted if key not in self.firms]
        for keys in _slices(missing):
            known = select(Party.name_key, Party.id).where(Party.name_key.in_(keys)).order_by(Party.id.desc())
            self.firms.update((key, party_id) for key, party_id in self.session.execute(known))
        self._make_firms({key: wanted[key] for key in missing if key not in self.firms})

    def _make_firms(self, firms: dict[str, tuple[str, str]]) -> None:
        if not firms:
            return
        now = clock.now()
        plain = {"created_by_id": self.by_id, "created_at": now, "version": 1}
        values = [{"name": name, "name_key": key, "kind": role, **plain} for key, (name, role) in firms.items()]
        made = self.session.execute(insert(Party).returning(Party.id, Party.name_key), values).all()
        self.firms.update((key, party_id) for party_id, key in made)
        add_words(self.session, Party, ({"id": party_id, "name": firms[key][0]} for party_id, key in made))
        names = ((party_id, {"name": firms[key][0], "run": self.run_id}) for party_id, key in made)
        self._note(Kind.PARTY_ADDED, Party.__tablename__, names)

    def _add(self, rows: Sequence[LeadRow]) -> None:
        values = [self._values(row) for row in rows]
        made = self.session.execute(insert(Lead).returning(Lead.id, Lead.import_key), values).all()
        ids = {key: lead_id for lead_id, key in made}
        add_words(self.session, Lead, ({**row, "id": ids[row["import_key"]]} for row in values))
        links = {(ids[row.import_key], self.firms[_firm(name)], role) for row in rows for name, role in parties_of(row)}
        if links:
            joined = [{"lead_id": lead, "party_id": party, "role": role} for lead, party, role in sorted(links)]
            self.session.execute(insert(LeadParty), joined)
        told = ((lead_id, {"run": self.run_id}) for lead_id, _key in made)
        self._note(Kind.LEAD_ADDED, Lead.__tablename__, told)

    def _values(self, row: LeadRow) -> dict[str, Any]:
        return {
            "name": row.name,
            "state": "new",
            "source": self.options["source"],
            "kind": self.options.get("kind"),
            "step": self.options["step"],
            "found_on": row.found_on or self.today,
            "team_id": self.team_id,
            "region_id": self.region_id,
            "address": row.address,
            "plot_number": row.plot_number,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "value": row.value,
            "currency": self.options.get("currency") or "CNY",
            "area": row.area,
            "note": row.note,
            "developer_id": self.firms[_firm(row.developer)] if row.developer else None,
            "owes_evidence": True,
            "import_key": row.import_key,
            "import_run_id": self.run_id,
            "created_at": clock.now(),
            "created_by_id": self.by_id,
            "version": 1,
        }

    def _note(self, kind: Kind, subject: str, about: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """One event each, in one statement."""
        plain = {"kind": kind, "subject": subject, "by_id": self.by_id, "at": clock.now()}
        self.session.execute(insert(Event), [{**plain, "subject_id": key, "data": data} for key, data in about])


def parties_of(row: LeadRow) -> list[tuple[str, str]]:
    """The firms of a row with their roles."""
    found = [(name, "main_contractor") for name in row.contractors]
    found += [(row.developer, "owner")] if row.developer else []
    found += [(row.designer, "design_institute")] if row.designer else []
    return found


def restored(cells: Sequence[str]) -> list[str]:
    """Cells of a mended file of rejects as they were before they were made harmless."""
    return [original(cell) for cell in cells]


def _firm(name: str) -> str:
    return firm_key(name)[:LONGEST_KEY]


def _slices(keys: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, MOST_KEYS)):
        yield some
