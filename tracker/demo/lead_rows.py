"""Planned leads become rows, and some projects get the lead they came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.chronicle import Chronicle, moment
from tracker.demo.firms import Added
from tracker.demo.lead_plans import LeadPlan
from tracker.demo.people import Company
from tracker.demo.pictures import Pictures
from tracker.demo.words import LEAD_NOTES
from tracker.events import Kind
from tracker.leads.models import Lead, LeadParty
from tracker.leads.operations.capturing import LEAD_PHASE
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.team.models import User


class LeadRows:
    """Adds leads with their parties, records and pictures, and the events that their operations would have left."""

    def __init__(
        self,
        session: Session,
        random: Random,
        company: Company,
        firms: Added,
        pictures: Pictures,
        chronicle: Chronicle,
    ) -> None:
        self.session, self.random, self.company = session, random, company
        self.firms, self.pictures, self.chronicle = firms, pictures, chronicle

    def add(self, plans: Sequence[LeadPlan]) -> Sequence[Lead]:
        """Add planned leads; returns them in the order of their plans."""
        leads = [self._lead(plan) for plan in plans]
        self.session.add_all(leads)
        self.session.flush()
        for variant, (plan, lead) in enumerate(zip(plans, leads, strict=True)):
            if lead.developer_id:
                self.session.add(LeadParty(lead_id=lead.id, party_id=lead.developer_id, role="owner"))
            self._note_lead(plan, lead)
            if plan.picture:
                self._add_picture(plan, lead, variant)
            for days, kind, text in plan.talks:
                self._record(lead, self._finder(plan), plan.found_on + timedelta(days=days), kind, text)
        self.session.flush()
        return leads

    def _finder(self, plan: LeadPlan) -> User:
        return self.company.users[plan.owner or plan.dealer or "marketing"]

    def _lead(self, plan: LeadPlan) -> Lead:
        owner = self.company.users[plan.owner] if plan.owner else None
        pool = self.company.teams["north" if plan.north else "south"]
        return Lead(
            name=plan.name,
            state="following" if plan.state == "new" and plan.talks else plan.state,
            state_reason=plan.because,
            source=plan.source,
            kind=plan.kind,
            step=plan.step,
            found_on=plan.found_on,
            owner_id=owner.id if owner else None,
            team_id=owner.team_id if owner else pool.id,
            region_id=self.company.region_of(plan.north).id,
            developer_id=self.firms.party_ids[plan.firm] if plan.firm is not None else None,
            dealer_id=self.company.dealers[plan.dealer].id if plan.dealer else None,
            address=plan.address,
            plot_number=plan.plot_number,
            latitude=plan.place[0] if plan.place else None,
            longitude=plan.place[1] if plan.place else None,
            value=plan.value,
            area=plan.area,
            note=plan.note,
            owes_evidence=plan.owes_evidence,
            created_at=moment(self.random, plan.found_on),
            created_by_id=self._finder(plan).id,
        )

    def _note_lead(self, plan: LeadPlan, lead: Lead) -> None:
        note = self.chronicle.note
        note(Kind.LEAD_ADDED, lead, lead.created_at, lead.created_by_id, name=lead.name, source=lead.source)
        if plan.because:
            decided = moment(self.random, min(plan.found_on + timedelta(days=20), clock.today()))
            told: dict[str, Any] = {"before": "new", "state": plan.state, "reason": plan.because}
            note(Kind.LEAD_STATE_SET, lead, max(decided, lead.created_at), lead.created_by_id, **told)

    def _add_picture(self, plan: LeadPlan, lead: Lead, variant: int) -> None:
        by = self._finder(plan)
        record = self._record(lead, by, plan.found_on, "site_visit", plan.note)
        photo = self.pictures.take(plan.step, variant, plan.found_on, plan.place, by=by)
        photo.lead_id, photo.record_id = lead.id, record.id
        photo.phase, photo.step, photo.uploaded_at = LEAD_PHASE, lead.step, record.entered_at
        self.session.add(photo)
        self.session.flush()
        self.chronicle.note(Kind.PHOTO_ADDED, photo, photo.uploaded_at, by.id, record_id=record.id)

    def _record(self, lead: Lead, by: User, on: date, kind: str, text: str, project: Project | None = None) -> Record:
        record = Record(
            lead_id=lead.id,
            project_id=project.id if project else None,
            phase=LEAD_PHASE,
            step=lead.step,
            kind=kind,
            department=by.department,
            author_id=by.id,
            happened_on=on,
            entered_at=max(moment(self.random, on, 9, 21), lead.created_at),
            text=text,
        )
        self.session.add(record)
        self.session.flush()
        about = {"lead_id": lead.id, "record_kind": kind}
        project_id = project.id if project else None
        self.chronicle.note(Kind.RECORD_LOGGED, record, record.entered_at, by.id, project_id, **about)
        return record

    def trace_back(self, projects: Sequence[Project], first_steps: Sequence[str]) -> None:
        """Give each project the lead that it was converted from, found some days before at this step."""
        for project, step in zip(projects, first_steps, strict=True):
            opened = clock.local(project.created_at).date()
            found = opened - timedelta(days=self.random.randint(3, 25))
            owner = next(user for user in self.company.users.values() if user.id == project.owner_id)
            lead = Lead(
                name=project.name,
                state="converted",
                source=project.source or "street_canvassing",
                kind=project.kind,
                step=step,
                found_on=found,
                owner_id=project.owner_id,
                team_id=project.team_id,
                region_id=project.region_id,
                developer_id=project.developer_id,
                address=project.address,
                latitude=project.latitude,
                longitude=project.longitude,
                value=project.value,
                note=LEAD_NOTES[project.source or "street_canvassing"],
                project_id=project.id,
                created_at=moment(self.random, found),
                created_by_id=project.owner_id,
            )
            self.session.add(lead)
            self.session.flush()
            note, by_id = self.chronicle.note, project.owner_id
            note(Kind.LEAD_ADDED, lead, lead.created_at, by_id, name=lead.name, source=lead.source)
            self._record(lead, owner, found, "site_visit", lead.note or lead.name, project)
            note(Kind.LEAD_CONVERTED, lead, project.created_at, by_id, project.id, name=lead.name)
