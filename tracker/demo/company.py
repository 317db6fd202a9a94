"""`build_demo`: the whole demo company, the same again for the same seed, relative to today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import renew_statistics
from tracker.demo.acquaintances import add_acquaintances
from tracker.demo.allotments import allot
from tracker.demo.chronicle import Chronicle
from tracker.demo.dealers import add_dealers, open_dealers
from tracker.demo.designers import look_after_designers
from tracker.demo.firm_papers import add_papers
from tracker.demo.firms import add_firms, plan_firms
from tracker.demo.key_accounts import look_after_accounts
from tracker.demo.lead_extras import enrich_leads
from tracker.demo.lead_plans import plan_leads
from tracker.demo.lead_rows import LeadRows
from tracker.demo.lead_scores import judge_leads
from tracker.demo.leavers import let_people_go
from tracker.demo.people import Company, add_company
from tracker.demo.pictures import Pictures
from tracker.demo.portfolio import plan_portfolio
from tracker.demo.project_rows import ProjectRows
from tracker.demo.record_rows import RecordRows
from tracker.demo.registrations import add_registrations
from tracker.demo.reminders import remind
from tracker.demo.requests import ask_supervisors
from tracker.demo.stage import Stage
from tracker.demo.story_hospital import HOSPITAL
from tracker.demo.story_hotel import HOTEL
from tracker.demo.story_tower import TOWER
from tracker.demo.team_work import work_together
from tracker.demo.todo_rows import set_todos
from tracker.demo.week_plans import PLANNED, plan_weeks
from tracker.history import keeping
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition, publish_standard
from tracker.matrix.models import Record
from tracker.matrix.operations.refreshing import refresh_many
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project
from tracker.storage import Storage

STORIES = (TOWER, HOSPITAL, HOTEL)
PROJECTS = 300  # besides those of the stories
PARTIES, CONTACTS, RECORDS, LEADS = 800, 1500, 4000, 120  # altogether
TRACED_BACK = 6  # of the projects show the lead they came from, besides those of the stories
YEARS = timedelta(days=1500)  # for how long Anhe has worked with this program

Progress = Callable[[str, int, int], None]


def build_demo(session: Session, storage: Storage, *, progress: Progress | None = None, seed: int = 1) -> None:
    """Fill an empty database with the demo company; flushes, never commits.

    `progress` is told what is being added (`people`, `parties`, `pictures`, `projects` …), how far it is, and of
    how many.
    """
    tell = progress or (lambda _what, _done, _total: None)
    publish_standard(session)
    with clock.frozen(clock.now() - YEARS):
        company = add_company(session)
    tell("people", len(company.users), len(company.users))
    pictures = Pictures(storage, Random(f"pictures {seed}"))  # noqa: S311
    open_dealers(session, Random(f"dealers' profiles {seed}"), company)  # noqa: S311
    for number, story in enumerate(STORIES):
        Stage(session, company, pictures, story, number).play()
        tell("stories", number + 1, len(STORIES))
    chronicle = Chronicle()
    _add_portfolio(session, company, pictures, chronicle, tell, seed)
    renew_statistics(session)
    add_acquaintances(session, Random(f"acquaintances {seed}"), chronicle)  # noqa: S311
    chronicle.write(session)
    plan_weeks(session, Random(f"plans {seed}"), company)  # noqa: S311
    _derive(session, tell)
    add_papers(session, Random(f"papers of firms {seed}"), company)  # noqa: S311
    ask_supervisors(session, Random(f"requests {seed}"), company)  # noqa: S311
    allot(session, company)
    look_after_accounts(session, company)
    add_dealers(session, Random(f"dealers {seed}"), company, current_definition())  # noqa: S311
    look_after_designers(session, Random(f"designers {seed}"), company)  # noqa: S311
    add_registrations(session, company, pictures)
    let_people_go(session, company)
    set_todos(session, company)
    remind(session)
    keeping.rebuild(session)
    work_together(session, company, Random(f"team work {seed}"))  # noqa: S311
    session.flush()


def _add_portfolio(
    session: Session, company: Company, pictures: Pictures, chronicle: Chronicle, tell: Progress, seed: int
) -> None:
    """Firms, leads and projects in bulk, up to the round numbers that the demo promises."""
    random = Random(f"portfolio {seed}")  # noqa: S311
    known = session.scalars(select(Party.name_key)).all()
    firms = plan_firms(random, PARTIES - len(known), CONTACTS - _count(session, Contact.id), known)
    added = add_firms(session, random, firms, company, clock.now() - YEARS, chronicle)
    tell("parties", len(firms), len(firms))
    leads = plan_leads(random, firms, clock.today(), LEADS - TRACED_BACK - _count(session, Lead.id))
    lead_rows = LeadRows(session, random, company, added, pictures, chronicle)
    judged = Random(f"score cards {seed}")  # noqa: S311
    judge_leads(session, judged, lead_rows.add(leads), chronicle)
    enrich_leads(session, pictures.storage, chronicle)
    tell("leads", len(leads), len(leads))
    records = RECORDS - TRACED_BACK - PLANNED - _count(session, Record.id)
    histories = plan_portfolio(random, current_definition(), firms, clock.today(), projects=PROJECTS, records=records)
    projects = ProjectRows(session, random, company, added, chronicle).add(histories)
    total = sum(1 for history in histories for entry in history.entries if entry.picture)
    rows = RecordRows(session, random, company, added, pictures, chronicle)
    rows.add(histories, projects, lambda done: tell("pictures", min(done, total), total))
    traced = random.sample(range(len(projects)), TRACED_BACK)
    steps = [histories[number].plan.way.visits[0].step for number in traced]
    lead_rows.trace_back([projects[number] for number in traced], steps)


def _count(session: Session, column: Any) -> int:
    return session.scalar(select(func.count(column))) or 0


def _derive(session: Session, tell: Progress) -> None:
    """Bring every project's derived columns up to today."""
    ids = session.scalars(select(Project.id).order_by(Project.id)).all()
    refresh_many(session, ids)
    tell("projects", len(ids), len(ids))
