"""Load data: the same from the same seed, in the asked-for numbers, and true to what the product derives itself."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tests.client import Browser
from tracker import clock
from tracker.access import visible
from tracker.doctor.register import examine_register
from tracker.duplicates.models import MatchKey
from tracker.gallery.models import Photo
from tracker.generating import MOST_PHOTOS, MOST_RECORDS, PASSWORD, generate
from tracker.generating.registrations import STATES
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Record
from tracker.matrix.operations.judging import facts_of
from tracker.matrix.operations.refreshing import COLUMNS, belonging_of, derive
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectDesk
from tracker.registrations.models import RegisterEntry, Registration
from tracker.team.models import User
from tracker.team.passwords import matches


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def the_user(session: Session, username: str) -> User:
    return session.scalars(
        select(User).where(User.username == username).options(joinedload(User.role), joinedload(User.team))
    ).one()


def told(session: Session) -> list[tuple[object, ...]]:
    """What tells two runs apart, whatever numbers their rows have."""
    columns = (Project.name, Project.phase, Project.step, Project.value, Project.silent_after, Project.open_tasks)
    return [tuple(row) for row in session.execute(select(*columns).order_by(Project.id))]


def test_the_numbers_are_those_asked_for(session: Session) -> None:
    generate(session, projects=40, records=333, contacts=70, users=12)
    assert count(session, Project) == 40
    assert count(session, Record) == 333
    assert count(session, Contact) == 70
    assert count(session, User) == 12


def test_by_default_a_project_has_five_records_and_two_contacts_on_average(session: Session) -> None:
    generate(session, projects=20)
    assert count(session, Record) == 100
    assert count(session, Contact) == 40
    assert count(session, User) == 50


def test_the_first_project_is_full(session: Session) -> None:
    generate(session, projects=30)
    first = session.scalar(select(func.min(Project.id)))
    of_it = select(func.count()).where(Record.project_id == first)
    assert session.scalar(of_it) == MOST_RECORDS
    assert session.scalar(select(func.count()).where(Photo.project_id == first)) == MOST_PHOTOS


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(session: Session) -> None:
    generate(session, projects=15, users=5, seed=7)
    once = told(session)
    generate(session, projects=15, users=5, seed=7)
    twice = told(session)[15:]
    generate(session, projects=15, users=5, seed=8)
    other = told(session)[30:]
    assert once == twice
    assert once != other
    assert count(session, User) == 5


def test_what_is_derived_agrees_with_the_facts(session: Session) -> None:
    generate(session, projects=60)
    belonging = belonging_of(session, list(session.scalars(select(Project.id))))
    for project in session.scalars(select(Project)):
        definition, facts = facts_of(session, project)
        derived = derive(definition, facts, belonging[project.id], clock.today())
        desks = session.scalars(select(ProjectDesk.department).where(ProjectDesk.project_id == project.id))
        assert frozenset(desks) == derived.desks
        assert {name: getattr(project, name) for name in COLUMNS} == {name: getattr(derived, name) for name in COLUMNS}


def test_the_way_ends_where_the_project_stands(session: Session) -> None:
    generate(session, projects=60)
    for project in session.scalars(select(Project)):
        definition, facts = facts_of(session, project)
        assert facts.visited[-1].cell == facts.cell(definition) == (project.phase, project.step)
        assert load_facts(session, definition, project).phase_since <= clock.today()


def test_the_first_user_supervises_everybody_and_salespeople_see_their_own(session: Session) -> None:
    generate(session, projects=60, users=25)
    head = the_user(session, "load-1")
    assert matches(head.password_hash, PASSWORD)
    assert session.scalar(select(func.count()).where(visible(Project, head))) == 60
    sales = the_user(session, "load-3")
    seen = session.scalar(select(func.count()).where(visible(Project, sales))) or 0
    assert 0 < seen < 60


def test_a_generated_project_opens(session: Session, browser: Browser) -> None:
    generate(session, projects=3, users=5)
    head = the_user(session, "load-1")
    first = session.scalar(select(func.min(Project.id)))
    assert browser.of(head).get(f"/projects/{first}").status_code == 200
    assert browser.of(head).get("/board").status_code == 200


def test_there_is_a_registration_for_every_five_projects_and_the_matcher_finds_it(session: Session) -> None:
    generate(session, projects=60, users=5)
    assert count(session, Registration) == 12
    known = session.scalars(select(Registration)).all()
    assert {one.state for one in known} <= set(STATES)
    keys = select(func.count(MatchKey.row_id.distinct())).where(MatchKey.kind == "registration")
    assert session.scalar(keys) == 12


def test_every_registration_has_its_lines_in_one_chain_and_a_second_run_goes_on_with_it(session: Session) -> None:
    for seed in (1, 2):
        generate(session, projects=60, users=5, seed=seed)
    entries = session.scalars(select(RegisterEntry).order_by(RegisterEntry.id)).all()
    assert {one.registration_id for one in entries} == set(session.scalars(select(Registration.id)))
    assert [one.deed for one in entries].count("submitted") == count(session, Registration) == 24
    assert list(examine_register(session)) == []
    words = select(RegisterEntry.content).where(RegisterEntry.id == entries[3].id)
    assert '"state":' in (session.scalar(words) or "")
