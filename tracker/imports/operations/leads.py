"""Rows that become leads, or change those that are known: few statements, however many rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import Action, can, visible
from tracker.assigning.operations.ruling import route_leads
from tracker.database import insert_rows
from tracker.duplicates.indexing import add_keys
from tracker.duplicates.operations.bulk import Sure, judge_rows, marks_of
from tracker.events import Kind
from tracker.imports.models import ImportChange, ImportRun
from tracker.imports.operations.firms import key_of
from tracker.imports.operations.taking import Key, Taker, Verdict, changed_fields
from tracker.imports.operations.trail import plain
from tracker.leads.models import Lead, LeadParty
from tracker.matching.normalise import folded, phone_key, plot_key
from tracker.matching.things import Site
from tracker.parties.models import Party
from tracker.search.indexing import add_words
from tracker.sheets.reading import Sheet
from tracker.sheets.rows import Row
from tracker.team.models import Team, User

TELLING = 6  # characters from which on a number alone says which permit or plot is meant; `12` is in every list
LONGEST_PHONE = 60
CONTENT = "content"  # the key of everything a row says, by which the same file again changes nothing
_PLAIN = {"name": "name", "address": "address", "number": "plot_number", "found_on": "found_on", "value": "value",
          "area": "area", "latitude": "latitude", "longitude": "longitude"}  # fmt: skip


class LeadTaker(Taker):
    """Leads."""

    model, kind = Lead, "leads"

    def __init__(self, session: Session, run: ImportRun, by: User, sheet: Sheet, *, dry: bool = False) -> None:
        super().__init__(session, run, by, sheet, dry=dry)
        self.team_id: int | None = self.options.team_id or by.team_id
        team = session.get(Team, self.team_id) if self.team_id else None
        self.region_id = team.region_id if team else None
        self._index: dict[Key, list[int]] | None = None
        self.sure: dict[int, Sure] = {}

    def identities(self, row: Row) -> list[Key]:
        """The content, then the chosen keys as far as the row fills them."""
        return [(CONTENT, import_key(row)), *_keys(self.options.keys, row.get)]

    def lookup(self, rows: Mapping[int, list[Key]]) -> dict[int, list[int]]:
        """By content in the index of the database; by other keys in an index that is made once a run."""
        content = {keys[0][1]: number for number, keys in rows.items()}
        same = func.coalesce(Lead.merged_into_id, Lead.id)
        known = self.session.execute(select(Lead.import_key, same).where(Lead.import_key.in_(content))).all()
        found = {content[key]: [lead_id] for key, lead_id in known if key is not None}
        if self.options.keys:
            index = self._indexed()
            for number, keys in rows.items():
                if number not in found:
                    found[number] = next((index[key] for key in keys[1:] if key in index), [])
        return found

    def _indexed(self) -> dict[Key, list[int]]:
        """Every lead by the chosen keys; those that an undone import brought do not count."""
        if self._index is None:
            self._index = {}
            for lead in self.session.execute(_all_leads(self.options.keys)):
                said = {"number": lead.plot_number, "name": lead.name, "address": lead.address, "phone": lead.phone,
                        "developer": lead.developer}  # fmt: skip
                for key in _keys(self.options.keys, said.get):
                    same = self._index.setdefault(key, [])
                    if lead.id not in same:
                        same.append(lead.id)
        return self._index

    def things(self, ids: Iterable[int]) -> dict[int, Any]:
        """Leads with their team, developer and firms."""
        leads = self.session.scalars(
            select(Lead)
            .where(Lead.id.in_(ids), visible(Lead, self.by))
            .options(joinedload(Lead.team), joinedload(Lead.developer), selectinload(Lead.parties))
        )
        return {lead.id: lead for lead in leads}

    def may_edit(self, thing: Any) -> bool:
        """A lead that became a project is gone on with there."""
        return thing.state != "converted" and can(self.by, Action.LEAD_EDIT, thing)

    def differences(self, thing: Any, row: Row) -> dict[str, tuple[Any, Any]]:
        """Its facts, its note (which is added to) and its firms (of which none is taken away)."""
        fields = _PLAIN if row.get("name") != row.get("address") else {**_PLAIN, "name": "address"}
        found = changed_fields(thing, row, fields)
        if "value" in found and row.get("currency") and thing.currency != row.get("currency"):
            found["currency"] = (thing.currency, row.get("currency"))
        phone = row.get("phone")
        if phone and len(phone) <= LONGEST_PHONE and phone_key(phone) != phone_key(thing.phone or ""):
            found["phone"] = (thing.phone, phone)
        note = _added_to(thing.note, note_of(row))
        if note != thing.note:
            found["note"] = (thing.note, note)
        developer = row.get("developer")
        if developer and (thing.developer is None or thing.developer.name_key != key_of(developer)):
            found["developer"] = (thing.developer.name if thing.developer else None, developer)
        return found

    def create(self, rows: Sequence[Row]) -> None:
        """Leads with their firms, words and events."""
        self.firms.use(firm for row in rows for firm in firms_of(row))
        self._judge_doubles(rows)
        values = [self._values(row) for row in rows]
        made = insert_rows(self.session, Lead, values, Lead.id, Lead.import_key)
        ids = {key: lead_id for lead_id, key in made}
        add_words(self.session, Lead, ({**row, "id": ids[row["import_key"]]} for row in values))
        add_keys(self.session, Lead.__tablename__, [lead_id for lead_id, _key in made])
        of_rows = [(ids[one["import_key"]], row) for one, row in zip(values, rows, strict=True)]
        links = {(lead_id, self.firms.id_of(name), role) for lead_id, row in of_rows for name, role in firms_of(row)}
        self._link(links)
        self.trail.created(Lead, Kind.LEAD_ADDED, ((lead_id, {}) for lead_id, _key in made))
        for lead_id, row in of_rows:
            self._meet(lead_id, row)
        self.session.flush()
        route_leads(self.session, list(ids.values()), by=self.by)

    def _judge_doubles(self, rows: Sequence[Row]) -> None:
        """Know which of these rows are on record already: they come in, marked as duplicates (G26)."""
        if self.options.check:
            found = judge_rows(self.session, [site_of(row, self.options.kind) for row in rows], before=self.run_id)
            self.sure = {row.number: one for row, one in zip(rows, found, strict=True) if one is not None}

    def _meet(self, lead_id: int, row: Row) -> None:
        """Let later rows of this file find what this one made."""
        self.met[lead_id] = row.number
        if self._index is not None:
            for key in _keys(self.options.keys, row.get):
                self._index.setdefault(key, []).append(lead_id)

    def _link(self, links: Iterable[tuple[int, int, str]]) -> None:
        joined = [{"lead_id": lead, "party_id": party, "role": role} for lead, party, role in sorted(links)]
        if joined:
            self.session.execute(insert(LeadParty), joined)

    def _values(self, row: Row) -> dict[str, Any]:
        phone = row.get("phone")
        return {
            **marks_of(self.sure.get(row.number)),
            "name": row.get("name"),
            "source": self.options.source,
            "kind": self.options.kind,
            "step": self.options.step,
            "found_on": row.get("found_on") or self.today,
            "team_id": self.team_id,
            "region_id": self.region_id,
            "address": row.get("address"),
            "plot_number": row.get("number"),
            "latitude": row.get("latitude"),
            "longitude": row.get("longitude"),
            "value": row.get("value"),
            "currency": row.get("currency") or self.options.currency,
            "area": row.get("area"),
            "phone": phone if phone and len(phone) <= LONGEST_PHONE else None,
            "note": note_of(row),
            "developer_id": self.firms.id_of(row.get("developer")) if row.get("developer") else None,
            "owes_evidence": True,
            "import_key": import_key(row),
            "import_run_id": self.run_id,
            "created_at": clock.now(),
            "created_by_id": self.by.id,
            "version": 1,
        }

    def update(self, verdicts: Sequence[Verdict]) -> None:
        """Change the fields that differ, and add the firms that are missing."""
        rows = [verdict.row for verdict in verdicts if verdict.row]
        self.firms.use(firm for row in rows for firm in firms_of(row))
        leads = self.things([verdict.thing_id for verdict in verdicts if verdict.thing_id])
        told, links = [], set()
        for verdict in verdicts:
            lead, row = leads[verdict.thing_id or 0], verdict.row
            before, after = self._change(lead, verdict.changes)
            held = {(one.party_id, one.role) for one in lead.parties}
            added = {(self.firms.id_of(name), role) for name, role in (firms_of(row) if row else [])} - held
            links |= {(lead.id, party_id, role) for party_id, role in added}
            if added:
                after["parties"] = [list(one) for one in sorted(added)]
            told.append((lead.id, before, after))
        self.session.flush()
        self._link(links)
        self.trail.updated(Lead, Kind.LEAD_EDITED, told)

    def _change(self, lead: Lead, changes: Mapping[str, tuple[Any, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for name, (_was, becomes) in changes.items():
            if name == "developer":
                name, becomes = "developer_id", self.firms.id_of(becomes)
            before[name], after[name] = plain(getattr(lead, name)), plain(becomes)
            setattr(lead, name, becomes)
        return before, after


def _all_leads(keys: Sequence[str]) -> Any:
    undone = select(ImportChange.subject_id).where(
        ImportChange.subject == Lead.__tablename__, ImportChange.action == "created", ImportChange.fate == "undone"
    )
    query = (
        select(func.coalesce(Lead.merged_into_id, Lead.id).label("id"), Lead.name, Lead.address, Lead.plot_number,
               Lead.phone, Party.name.label("developer"))
        .outerjoin(Party, Party.id == Lead.developer_id)
        .where(Lead.id.not_in(undone))
        .order_by(Lead.id)
        .execution_options(yield_per=2000)
    )  # fmt: skip
    return query.where(Lead.plot_number.is_not(None)) if set(keys) == {"number"} else query


def _keys(chosen: Sequence[str], said: Any) -> list[Key]:
    """The chosen keys that these values fill, folded."""
    ways = {"number": _number_key, "name_developer": _name_developer_key, "name_address": _name_address_key,
            "phone": _phone_key}  # fmt: skip
    return [(one, *key) for one in chosen if (key := ways[one](said))]


def _number_key(said: Any) -> Key | None:
    number = plot_key(said("number") or "")
    if not number:
        return None
    return (number,) if len(number) >= TELLING else (number, folded(said("name") or ""))


def _name_developer_key(said: Any) -> Key | None:
    name, developer = said("name"), said("developer")
    return (folded(name), key_of(developer)) if name and developer else None


def _name_address_key(said: Any) -> Key | None:
    name, address = said("name"), said("address")
    return (folded(name), folded(address)) if name and address else None


def _phone_key(said: Any) -> Key | None:
    phone = phone_key(said("phone") or "")
    return (phone,) if len(phone) >= 7 else None


def import_key(row: Row) -> str:
    """The same for the same row of a later import, from CSV or XLSX.

    A telling number says alone which plot or permit it is (listing and result of one plot agree); a short one only
    together with the name. Without a number everything counts that the row says: several buildings on one lot share
    address and day.
    """
    number = plot_key(row.get("number") or "")
    if len(number) >= TELLING:
        return "n:" + _hash(number)
    if number:
        return "m:" + _hash(number, folded(row.get("name")))
    words = [folded(row.get(key) or "") for key in ("name", "address", "developer", "designer", "use", "note")]
    typed = ["" if row.get(key) is None else str(row.get(key)) for key in ("found_on", "value", "area")]
    return "t:" + _hash(*words, *typed, *(folded(one) for one in row.get("contractors") or ()))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def firms_of(row: Row) -> list[tuple[str, str]]:
    """The firms of a row with their roles."""
    found = [(name, "main_contractor") for name in row.get("contractors") or ()]
    found += [(row.get("developer"), "owner")] if row.get("developer") else []
    found += [(row.get("designer"), "design_institute")] if row.get("designer") else []
    return found


def site_of(row: Row, kind: str | None) -> Site:
    """The site of a row, `kind` what is being built in all of the file."""
    latitude, longitude = row.get("latitude"), row.get("longitude")
    place = (latitude, longitude) if latitude is not None and longitude is not None else None
    firms = (row.get("developer"),) if row.get("developer") else ()
    return Site((row.get("name"),), row.get("address"), row.get("number"), place, (), firms, kind)


def note_of(row: Row) -> str | None:
    """The use, the contact with his phone, and the remarks, each on a line of its own."""
    contact = " ".join(row.get(key) for key in ("contact", "phone") if row.get(key))
    return "\n".join(part for part in (row.get("use"), contact, row.get("note")) if part) or None


def _added_to(note: str | None, more: str | None) -> str | None:
    """A note with the lines that it does not hold yet."""
    held = set((note or "").splitlines())
    fresh = [line for line in (more or "").splitlines() if line not in held]
    return "\n".join([*([note] if note else []), *fresh]) or None
