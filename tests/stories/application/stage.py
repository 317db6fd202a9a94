"""The stage on which a story goes through the application: what its script says is done by operations on a database.

What the script then asks is answered about the facts as they are read back from the tables, and the columns that lists
and pages use are compared with them after every event. What belongs to a module that does not exist yet is only asked
of the engine, and remembered as `missing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, joinedload

from tests.factories import make_contact, make_party, make_photo
from tests.rows import count
from tests.stories.application.company import Company
from tests.stories.application.performing import MODULE_OF, building_of, draft_of, kept_with, perform
from tests.stories.application.registering import Registering
from tests.stories.application.scoring import Scoring
from tests.stories.application.tables import Tables
from tests.stories.course import Course, day
from tracker import clock
from tracker.accounts.models import Account, AccountParty, FrameAgreement
from tracker.doctor.projects import examine_projects, examine_sums
from tracker.errors import Invalid
from tracker.events import Event
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.leads.operations.assigning import assign_lead
from tracker.leads.operations.capturing import LeadDraft, capture_lead
from tracker.leads.operations.converting import convert_lead
from tracker.leads.operations.evidence import FIELDS
from tracker.leads.operations.firms import Person
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.models import Approval, Circumstance, Record
from tracker.matrix.operations.approvals import ask_approval, grant_approval, withdraw_approval
from tracker.matrix.operations.circumstances import lift_circumstance, state_circumstance, state_date
from tracker.matrix.operations.judging import Blocked, facts_of, judge
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import get_approval, load_matrix
from tracker.parties.models import Contact
from tracker.projects import operations as projects
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.projects.operations import ProjectDraft
from tracker.projects.operations.lifecycle import note_state
from tracker.projects.queries import get_project
from tracker.team.models import User
from workflows.engine import Board, Decision, decide
from workflows.facts import GrantedOverride
from workflows.lead_sources import demand_of
from workflows.wishes import ConfirmConflict, LogRecord, MoveStep, OpenProject, Wish

MORNING, PAUSE = time(9, 0), timedelta(minutes=2)
ON_PAPER = frozenset({"photo", "document", "quote", "sample"})
PLACE, REASON = (34.61, 112.47), "The story wants it"
UNINVOLVED = ("director", "gm", "compliance")


class Stage(Scoring, Registering):
    """A course whose projects are rows of a database. `registered` is the registration of each project."""

    def __init__(self, session: Session, company: Company, owner: str, today: date) -> None:
        super().__init__(today)
        self.session, self.company, self.owner_part = session, company, owner
        self.ids: dict[str, int] = {}
        self.sites: dict[str, int] = {}
        self.noted_on: dict[str, list[tuple[date, str]]] = {}
        self.registered: dict[str, int] = {}
        self.numbers: dict[int, int | str] = {}
        self.missing: set[str] = set()
        self.now = datetime.min.replace(tzinfo=UTC)
        self.tables = Tables(self)
        self.projects = self.tables  # type: ignore[assignment]

    def fork(self) -> Course:
        """A course of the same facts that goes on without the application."""
        return Course(self.today, dict(self.tables))

    @contextmanager
    def moment(self) -> Iterator[None]:
        """A moment of the day, later than all moments before."""
        opening = datetime.combine(self.today, MORNING, clock.zone()).astimezone(UTC)
        self.now = max(opening, self.now + PAUSE)
        with clock.frozen(self.now):
            assert clock.today() == self.today
            yield

    @contextmanager
    def changing(self, *, refused: bool = False) -> Iterator[None]:
        """A moment in which something happens: committed at its end with its events, or undone as a refusal is."""
        with self.moment():
            trail = count(self.session, Event)
            try:
                yield
                self.session.commit()
                assert (count(self.session, Event) > trail) is not refused
            except Blocked:
                self.session.rollback()
                assert count(self.session, Event) == trail
                raise
            finally:
                self.tables.read.clear()

    def who(self, department: str) -> User:
        """Who works for a department; '' is the first dealer."""
        return self.loaded(self.company.people[department or "Xinyuan"])

    def loaded(self, user: User) -> User:
        """Somebody with what the rules ask of him, as signing in loads him."""
        options = (joinedload(User.role), joinedload(User.team))
        return self.session.get_one(User, inspect(user).identity, options=options, populate_existing=True)

    @property
    def owner(self) -> User:
        """Who owns the story's projects."""
        return self.who(self.owner_part)

    def row(self, key: str) -> Project:
        """A project's row."""
        return self.session.get_one(Project, self.ids[key])

    def lead(self, key: str) -> Lead:
        """A lead's row, with its team."""
        return self.session.get_one(Lead, self.sites[key], options=(joinedload(Lead.team),), populate_existing=True)

    def seen(self, key: str) -> Project:
        """A project as its owner's page loads it."""
        return get_project(self.session, self.owner, self.ids[key])

    def photo(self, by: User, on: date) -> str:
        """The token of a located picture, staged, taken on a day."""
        photo: Photo = make_photo(self.session, by, taken_on=on)
        photo.latitude, photo.longitude = PLACE
        self.session.flush()
        return photo.token

    def person(self, key: str, name: str = "Somebody there") -> Contact:
        """A contact at a firm of the project, by his name."""
        known = self.session.scalar(select(Contact).where(Contact.name == f"{name} of {key}"))
        return known or make_contact(
            self.session, make_party(self.session, f"Firm of {name}, {key}"), f"{name} of {key}"
        )

    def needs(self, module: str) -> None:
        self.missing.add(module)

    # What somebody does

    def capture(self, key: str, source: str, department: str, *, step: str, kind: str) -> None:
        """Without what its source demands a lead is refused; with it, it owes nothing and has its first record."""
        self.noted_on[key] = [(self.today, department)]
        demand = demand_of(self.definition, source)
        with self.moment(), pytest.raises(Invalid) as refusal:
            capture_lead(self.session, LeadDraft("Somewhere", source, step), by=self.who(department))
        self.session.rollback()
        assert refusal.value.field == FIELDS[demand.evidence]
        with self.changing():
            by = self.who(department)
            proof: dict[str, Any] = {"photos": (self.photo(by, self.today),)}
            if demand.evidence == "contact":
                proof = {"informant": Person("Elena", "Qiheng Interiors", "interior_designer")}
            self.sites[key] = capture_lead(self.session, LeadDraft(f"Story {key}", source, step, kind=kind, **proof),
                                           by=by).id  # fmt: skip
        lead = self.lead(key)
        assert not lead.owes_evidence and (lead.latitude == PLACE[0] or demand.evidence == "contact")

    def answer_by(self, key: str) -> date | None:
        """The day through which the lead may wait for its answer."""
        ends = self.lead(key).answer_by
        return ends and clock.local(ends - timedelta(seconds=1)).date()

    def noted(self, key: str, department: str, kind: str) -> None:
        with self.changing():
            by, lead = self.who(department), self.lead(key)
            note_on_lead(self.session, lead, by=by, kind=kind, on=self.today, text="Looked into it.")
            self.noted_on[key].append((self.today, department))

    def convert(
        self, key: str, cell: str, route: str, categories: Iterable[str], *, kind: str, **more: Any
    ) -> Decision:
        """The lead goes to the owner, who makes a project of it and takes every department into its team."""
        phase, step = cell.split("/")
        extra = {name: more.pop(name) for name in ("frame_agreement", "key_project") if name in more}
        with self.changing():
            by, lead = self.owner, self.lead(key)
            assign_lead(self.session, lead, by, by=self.who("director"))
            draft = ProjectDraft(f"Story {key}", kind, route, phase, step, tuple(categories), **more)
            self.ids[key] = convert_lead(self.session, self.lead(key), draft, by=by).id
            project = self.seen(key)
            self._agree(project, extra.get("frame_agreement"))
            projects.edit_project(self.session, project, by=by, version=project.version, **extra)
            for part, member in self.company.people.items():
                if member.party_id is None and part not in (self.owner_part, *UNINVOLVED):
                    projects.add_member(self.session, project, member, by=by)
        assert self.lead(key).state == "converted" and self.lead(key).project_id == self.ids[key]
        self._came_along(key)
        return decide(self.definition, self[key], OpenProject(phase, step, route), self.today)

    def _agree(self, project: Project, number: str | None) -> None:
        """A frame agreement of this number with the project's owner holds: else it stands for no approved quote."""
        if number:
            party = make_party(self.session, "Story group")
            account = Account(party_id=party.id, owner_id=self.owner.id, since=self.today)
            self.session.add(account)
            self.session.flush()
            self.session.add(AccountParty(account_id=account.id, party_id=party.id))
            self.session.add(ProjectParty(project_id=project.id, party_id=party.id, role="owner"))
            until = self.today + timedelta(days=3650)
            self.session.add(
                FrameAgreement(account_id=account.id, number=number, valid_from=self.today, valid_until=until)
            )
            self.session.flush()

    def _came_along(self, key: str) -> None:
        """The lead's records are the project's, each with the day and the author it had."""
        query = select(Record.happened_on, User.username).join(User, User.id == Record.author_id)
        found = self.session.execute(query.where(Record.project_id == self.ids[key]).order_by(Record.id)).all()
        assert [tuple(row) for row in found] == self.noted_on[key]

    def split(self, key: str, part: str, categories: tuple[str, ...], route: str) -> None:
        told = {"name": f"Story {part}", "route": route, "reason": "It goes its own way"}
        with self.changing():
            self.ids[part] = projects.split_off(self.session, self.seen(key), categories, by=self.owner, **told).id
        assert self.row(part).parent_id == self.ids[key]

    def wish(self, key: str, wish: Wish, signed: Iterable[str] = (), complete_by: str | None = None) -> Decision:
        """Carry a wish out by its operation; where a rule leaves it to others, ask them and let them sign."""
        signed = frozenset(signed)
        if isinstance(wish, ConfirmConflict):
            return self.confirm(key, wish)
        if type(wish) in MODULE_OF:
            if MODULE_OF[type(wish)] != "registrations":
                self.needs(MODULE_OF[type(wish)])
            return self._only_asked(key, wish, signed)
        decision = self._try(key, wish)
        if not decision.allowed and signed and decision.overridable:
            return self._request(key, wish, decision, signed, day(complete_by) if complete_by else None)
        return decision

    def _try(self, key: str, wish: Wish) -> Decision:
        """Do it, or say what stands in the way."""
        try:
            with self.changing():
                return perform(self.session, self.seen(key), wish, by=self.asker(wish), today=self.today)
        except Blocked as block:
            return block.decision

    def asker(self, wish: Wish) -> User:
        """Who wishes: a record is its department's, everything else the owner's."""
        return self.who(wish.department) if isinstance(wish, LogRecord) else self.owner

    def _only_asked(self, key: str, wish: Wish, signed: frozenset[str]) -> Decision:
        """What the engine says where no module carries it out, or the wish is only a question."""
        facts = self[key]
        decision = decide(self.definition, facts, wish, self.today)
        if not decision.allowed and decision.overridable and signed.issuperset(decision.signers):
            grants = tuple(GrantedOverride(fired.rule_id, decision.fingerprint, facts.phase, self.today)
                           for fired in decision.blocking)  # fmt: skip
            decision = decide(self.definition, replace(facts, overrides=grants), wish, self.today)
        return decision

    def _request(
        self, key: str, wish: Wish, refusal: Decision, signed: frozenset[str], complete_by: date | None
    ) -> Decision:
        """Each of those who sign does so: with all signatures it is done, without it stays open and is withdrawn."""
        by, wish = self.asker(wish), self.own(key, wish)
        with self.changing():
            number = self._asked(key, wish, by, complete_by)
            definition, facts = facts_of(self.session, self.row(key))
            granted = judge(definition, facts, wish, granted=True)
        for part in refusal.signers:
            if part in signed:
                with self.changing():
                    self._sign(number, self.loaded(self.company.signer(part)))
        request = self.session.get_one(Approval, number)
        if signed.issuperset(refusal.signers):
            assert (request.state, request.rules) == ("used", [fired.rule_id for fired in refusal.blocking])
            return granted
        assert request.state == "open"
        with self.changing():
            withdraw_approval(self.session, request, by=by)
        return refusal

    def own(self, key: str, wish: Wish) -> Wish:
        """The wish, about the building as it is numbered here."""
        if not isinstance(wish, MoveStep):
            return wish
        return replace(wish, building_id=building_of(self.session, self.row(key)).id)

    def _asked(self, key: str, wish: Wish, by: User, complete_by: date | None) -> int:
        """Ask for approval; returns the request's id."""
        extra, project = kept_with(wish), self.seen(key)
        return ask_approval(self.session, project, wish, by=by, reason=REASON, complete_by=complete_by, extra=extra).id

    def _sign(self, number: int, signer: User) -> None:
        found = get_approval(self.session, signer, number)
        grant_approval(self.session, found, by=signer, answer="Agreed")

    def reach(self, key: str, step: str, proof_on: str | None = None, floor: int | None = None) -> Decision:
        wish = MoveStep(1, step, day(proof_on) if proof_on else self.today, "exif", has_photo=True)
        with self.changing():
            return perform(self.session, self.seen(key), wish, by=self.owner, today=self.today, floor=floor)

    def reach_all(self, keys: Iterable[str], step: str, proof_on: str | None = None) -> dict[str, Decision]:
        """One report carries the same building along in the linked projects."""
        first, *others = keys
        found = {}
        for key in others:
            number = building_of(self.session, self.row(key)).id
            wish = MoveStep(number, step, day(proof_on) if proof_on else self.today, "exif", has_photo=True)
            found[key] = decide(self.definition, self[key], wish, self.today)
        found[first] = self.reach(first, step, proof_on)
        assert {building_of(self.session, self.row(key)).step for key in others} == {step}
        return found

    def floor(self, key: str, floor: int) -> None:
        wish = LogRecord(*self.cell(key), self.today, "progress_photo", self.owner_part)
        with self.changing():
            self._logged(key, wish, self.owner, floor=floor)

    def log(
        self,
        key: str,
        kind: str,
        department: str,
        *closes: str,
        cell: str | None = None,
        on: str | None = None,
        plan: bool = False,
        wins: Iterable[str] = (),
    ) -> Decision:
        phase, step = cell.split("/") if cell else self.cell(key)
        wish = LogRecord(phase, step, day(on) if on else self.today, kind, department, plan)
        return self._record(key, wish, closes, None, tuple(wins))

    def pictured(self, key: str, on: str) -> None:
        wish = LogRecord(*self.cell(key), self.today, "progress_photo", self.owner_part)
        with self.changing():
            by = self.owner
            self._logged(key, wish, by, photos=(self.photo(by, day(on)),))

    def prove(self, key: str, *targets: str, kind: str | None = None, on: str | None = None) -> None:
        wish = LogRecord(*self.cell(key), day(on) if on else self.today, "meeting", self.owner_part)
        self._record(key, wish, targets, kind, ())

    def _record(
        self, key: str, wish: LogRecord, closes: tuple[str, ...], kind: str | None, wins: tuple[str, ...]
    ) -> Decision:
        """Log a record with what makes it evidence of the kinds wanted: a picture, somebody met, or words only."""
        wanted = {kind} if kind else {self._wanted(target) for target in closes}
        with self.changing():
            by = self.asker(wish)
            photos = (self.photo(by, wish.on),) if wanted & ON_PAPER else ()
            met = (self.person(key).id,) if "contact" in wanted else ()
            decision, weak = self._logged(key, wish, by, closes=closes, wins=wins, photos=photos, met=met)
        assert weak == {target for target in closes if kind and kind != self._wanted(target)}
        return decision

    def _logged(self, key: str, wish: LogRecord, by: User, **more: Any) -> tuple[Decision, set[str]]:
        """Log a record; returns the decision on it and what it proves weakly."""
        logged = log_record(self.session, self.seen(key), draft_of(wish, **more), by=by)
        assert logged.closed == more.get("closes", ())
        return logged.decision, set(logged.weak)

    def _wanted(self, target: str) -> str:
        found = self.definition.task(target) if target.startswith("T.") else self.definition.exit(target)
        return found.evidence

    # What people state until a module knows it

    def dated(self, key: str, **anchors: str) -> None:
        for anchor, on in anchors.items():
            with self.changing():
                state_date(self.session, self.seen(key), anchor, day(on), by=self.owner, note="By letter")

    def begins(self, key: str, circumstance: str, since: str) -> None:
        with self.changing():
            state_circumstance(self.session, self.seen(key), circumstance, day(since), by=self.owner, note="By letter")

    def ends(self, key: str, circumstance: str) -> None:
        query = select(Circumstance).where(
            Circumstance.project_id == self.ids[key], Circumstance.key == circumstance, Circumstance.until.is_(None)
        )
        with self.changing():
            row = self.session.scalars(query).one()
            lift_circumstance(self.session, self.seen(key), row, by=self.owner, note="By letter")

    def state(self, key: str, state: str) -> None:
        with self.changing():
            if key in self.registered:
                self.ruled(key)
                return
            self.needs("registrations")
            note_state(self.session, self.seen(key), state, by=self.who("dealer_mgmt"), reason="The ruling")

    def decider(self, key: str, name: str, met: bool) -> None:
        with self.changing():
            by, person = self.owner, self.person(key, name)
            query = select(ProjectContact).where(ProjectContact.project_id == self.ids[key])
            for row in self.session.scalars(query.where(ProjectContact.role == "decision_maker")).all():
                projects.edit_contact(self.session, self.seen(key), row, by=by, role=None, attitude="unknown")
            projects.add_contact(self.session, self.seen(key), person, by=by, role="decision_maker")
            if met:
                wish = LogRecord(*self.cell(key), self.today, "office_visit", self.owner_part)
                log_record(self.session, self.seen(key), draft_of(wish, met=(person.id,)), by=by)

    def joins(self, key: str, role: str, name: str) -> None:
        with self.changing():
            party = make_party(self.session, name, kind=role)
            projects.add_party(self.session, self.seen(key), party, role, by=self.owner)

    # What is answered

    def board(self, key: str) -> Board:
        with self.moment():
            return load_matrix(self.session, self.owner, self.seen(key)).board

    def examine(self) -> None:
        """What is kept beside the facts, for lists and pages and search, is what follows from them (as doctor sees)."""
        with self.moment():
            self.session.flush()
            found = [*examine_projects(self.session, lambda *_: None), *examine_sums(self.session)]
        assert not found, [finding.text for finding in found]
