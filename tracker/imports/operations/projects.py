"""Rows that become projects in the matrix, or change those that are known: each by the operations of projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import Action, can, require, visible
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import lang
from tracker.imports.models import ImportChange, ImportRun
from tracker.imports.operations.firms import key_of
from tracker.imports.operations.taking import Key, Taker, Verdict, changed_fields
from tracker.imports.operations.trail import plain
from tracker.matching.normalise import folded, plot_key
from tracker.matrix.definitions import newest_definition
from tracker.matrix.operations.judging import Blocked
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.projects.operations import ProjectDraft, add_party, edit_project, open_project
from tracker.projects.operations.opening import judge_opening
from tracker.sheets.participants import Participant, person_key
from tracker.sheets.reading import Sheet
from tracker.sheets.rows import Reason, Row
from tracker.team.models import User

TELLING = 6  # characters from which on a number alone says which plot is meant
_PLAIN = {"kind": "kind", "address": "address", "number": "plot_number", "value": "value", "latitude": "latitude",
          "longitude": "longitude", "note": "note"}  # fmt: skip
ROLES = {"developer": "owner", "designer": "design_institute", "dealer": "dealer"}


class ProjectTaker(Taker):
    """Projects. Phase and progress of a known one are moved by its people, not by a file."""

    model, kind = Project, "projects"

    def __init__(self, session: Session, run: ImportRun, by: User, sheet: Sheet, *, dry: bool = False) -> None:
        super().__init__(session, run, by, sheet, dry=dry)
        require(by, Action.PROJECT_OPEN)
        self.definition = newest_definition(session, "")
        self._index: dict[Key, list[int]] | None = None

    def identities(self, row: Row) -> list[Key]:
        """The chosen keys as far as the row fills them; where it fills none, its name."""
        return self._keys(row.get) or [("name", folded(row.get("name")))]

    def _keys(self, said: Any) -> list[Key]:
        name, number = folded(said("name") or ""), plot_key(said("number") or "")
        ways: dict[str, Key] = {
            "number": (number,) if len(number) >= TELLING else (number, name) if number else (),
            "name_developer": (name, key_of(said("developer"))) if said("developer") else (),
            "name_address": (name, folded(said("address"))) if said("address") else (),
            "name": (name,),
        }
        nameless = name == folded(said("address") or "")  # it is called after its place: permits there are several
        if nameless and "number" in self.options.keys and len(number) >= TELLING:
            return [("number", *ways["number"])]
        return [(one, *ways[one]) for one in self.options.keys if ways[one]]

    def lookup(self, rows: Mapping[int, list[Key]]) -> dict[int, list[int]]:
        """In an index of all projects that is made once a run."""
        index = self._indexed()
        return {number: next((index[key] for key in keys if key in index), []) for number, keys in rows.items()}

    def _indexed(self) -> dict[Key, list[int]]:
        if self._index is None:
            self._index = {}
            for one in self.session.execute(_all_projects()):
                said = {"number": one.plot_number, "name": one.name, "address": one.address, "developer": one.developer}
                for key in {*self._keys(said.get), ("name", folded(one.name))}:
                    known = self._index.setdefault(key, [])
                    if one.id not in known:
                        known.append(one.id)
        return self._index

    def things(self, ids: Iterable[int]) -> dict[int, Any]:
        """Projects that the user sees, with what `can` needs."""
        found = self.session.scalars(
            select(Project)
            .where(Project.id.in_(ids), visible(Project, self.by))
            .options(joinedload(Project.team), selectinload(Project.members),
                     selectinload(Project.parties).joinedload(ProjectParty.party))
        )  # fmt: skip
        return {project.id: project for project in found}

    def may_edit(self, thing: Any) -> bool:
        """Its people and their supervisors."""
        return can(self.by, Action.PROJECT_EDIT, thing)

    def differences(self, thing: Any, row: Row) -> dict[str, tuple[Any, Any]]:
        """Its facts, and the firms that it does not have yet in their roles."""
        found = changed_fields(thing, row, _PLAIN)
        if "value" in found and row.get("currency") and row.get("currency") != thing.currency:
            found["currency"] = (thing.currency, row.get("currency"))
        held = {(one.party.name_key, one.role) for one in thing.parties}
        if row.get("participants"):
            kept = {(one.party_id, one.role) for one in thing.parties}
            held |= {
                (key, role)
                for key, party_id in self._who_is_known(row).items()
                for one, role in kept
                if one == party_id
            }
        missing = [(name, role) for name, role in firms_of(row) if (key_of(name), role) not in held]
        if missing:
            found["parties"] = (None, missing)
        return found

    def why_not_create(self, row: Row) -> list[Reason]:
        """What a rule of the matrix or a value says against it."""
        try:
            judge_opening(self.definition, self._draft(row), by=self.by)
        except Refused as error:
            return [Reason("row", sentence_of(error))]
        return []

    def create(self, rows: Sequence[Row]) -> None:
        """Open each in its own savepoint: one that fails after all leaves nothing."""
        self.firms.use((name, role) for row in rows for name, role in plain_firms_of(row))
        for row in rows:
            people = self._meet(row)
            parties = tuple(dict.fromkeys((self.firms.id_of(name), role) for name, role in firms_of(row)))
            try:
                with self.session.begin_nested():
                    project = open_project(self.session, self._draft(row, parties), by=self.by)
                    for contact in people:  # a part of the opening, whose event tells
                        self.session.add(ProjectContact(project_id=project.id, contact_id=contact.id))
                    self.trail.note(Project, project.id, "created")
            except Refused as error:
                self.reject(row, sentence_of(error))
                continue
            for key in self.identities(row):
                self._indexed().setdefault(key, []).append(project.id)
        self.session.flush()

    def _who_is_known(self, row: Row) -> dict[str, int]:
        """The folded names of those who take part by numbered columns, as far as they are known."""
        keys = {key_of(one.name) for one in row.get("participants")}
        self.firms.find_keys(keys)
        return {key: self.firms.ids[key] for key in keys if key in self.firms.ids}

    def _meet(self, row: Row) -> list[Contact]:
        """Know the firms and people who take part by numbered columns; returns the people, each once."""
        people: dict[int, Contact] = {}
        for one in row.get("participants") or ():
            key = person_key(one.name) if one.person else ""
            party_id = self.firms.meet(one.name, one.roles[0], phone=one.phone, address=one.address, person=key)
            if one.person:
                contact = self._person(party_id, one)
                people.setdefault(contact.id, contact)
        return list(people.values())

    def _person(self, party_id: int, one: Participant) -> Contact:
        """The person at the firm that he is himself, found again by any order of his names."""
        party = self.session.get_one(Party, party_id)
        known = self.session.scalars(select(Contact).where(Contact.party_id == party_id).order_by(Contact.id)).all()
        same = next((each for each in known if person_key(each.name) == person_key(one.name)), None)
        if same is not None:
            return same
        contact = Contact(party_id=party_id, name=one.name[:80], phone=one.phone, created_by_id=self.by.id)
        self.session.add(contact)
        self.session.flush()
        self.trail.created(Contact, Kind.CONTACT_ADDED, [(contact.id, {"name": contact.name, "party": party.name})])
        return contact

    def _draft(self, row: Row, parties: tuple[tuple[int, str], ...] = ()) -> ProjectDraft:
        said = self.options
        return ProjectDraft(
            name=row.get("name"),
            kind=row.get("kind") or said.kind or "",
            route=row.get("route") or said.route or "",
            phase=row.get("phase") or said.phase or "",
            step=row.get("step") or said.step or "",
            categories=row.get("categories") or said.categories,
            since=row.get("since"),
            building=row.get("building") or "1#",
            floors=row.get("floors"),
            value=row.get("value") or Decimal(0),
            currency=row.get("currency") or said.currency,
            address=row.get("address"),
            plot_number=row.get("number"),
            latitude=row.get("latitude"),
            longitude=row.get("longitude"),
            note=row.get("note"),
            parties=parties,
            reason=said.reason,
        )

    def update(self, verdicts: Sequence[Verdict]) -> None:
        """Change facts and firms by the project's own operations."""
        projects = self.things([verdict.thing_id for verdict in verdicts if verdict.thing_id])
        for verdict in verdicts:
            if verdict.row and verdict.changes.get("parties"):
                self._meet(verdict.row)
        self.firms.use(firm for verdict in verdicts for firm in verdict.changes.get("parties", (None, ()))[1])
        for verdict in verdicts:
            project, changes = projects[verdict.thing_id or 0], dict(verdict.changes)
            _none, firms = changes.pop("parties", (None, ()))
            before = {name: plain(was) for name, (was, _becomes) in changes.items()}
            after: dict[str, Any] = {name: plain(becomes) for name, (_was, becomes) in changes.items()}
            values = {name: becomes for name, (_was, becomes) in changes.items()}
            if values:
                edit_project(self.session, project, by=self.by, version=project.version, **values)
            for name, role in firms:
                party = self.session.get_one(Party, self.firms.id_of(name))
                add_party(self.session, project, party, role, by=self.by)
            if firms:
                after["parties"] = [[self.firms.id_of(name), role] for name, role in firms]
            self.trail.note(Project, project.id, "updated", before=before, after=after)
        self.session.flush()


def _all_projects() -> Any:
    undone = select(ImportChange.subject_id).where(
        ImportChange.subject == Project.__tablename__, ImportChange.action == "created", ImportChange.fate == "undone"
    )
    return (
        select(func.coalesce(Project.merged_into_id, Project.id).label("id"), Project.name, Project.address,
               Project.plot_number, Party.name.label("developer"))
        .outerjoin(Party, Party.id == Project.developer_id)
        .where(Project.id.not_in(undone))
        .order_by(Project.id)
        .execution_options(yield_per=2000)
    )  # fmt: skip


def firms_of(row: Row) -> list[tuple[str, str]]:
    """The firms of a row with their roles, those of numbered columns too."""
    named = [(one.name, role) for one in row.get("participants") or () for role in one.roles]
    return [*plain_firms_of(row), *named]


def plain_firms_of(row: Row) -> list[tuple[str, str]]:
    """The firms of a row that columns of their own name, with their roles."""
    found = [(row.get(key), role) for key, role in ROLES.items() if row.get(key)]
    return [*found, *((name, "main_contractor") for name in row.get("contractors") or ())]


def sentence_of(error: Refused) -> Any:
    """Why a project is not opened: the rules' own sentences, where rules say it."""
    if isinstance(error, Blocked):
        return " ".join(f"{fired.sentence.get(lang())} ({fired.rule_id})" for fired in error.decision.blocking)
    return error.message
