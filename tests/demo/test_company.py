"""The demo company as it stands after one build: who is there, how much, and whether it is true to the matrix."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.demo.conftest import Demo
from tracker import access, clock
from tracker.demo.paper_pictures import PAPERS
from tracker.demo.people import PASSWORD
from tracker.doctor.people import examine_people
from tracker.doctor.pictures import examine_pictures
from tracker.doctor.projects import examine_projects, examine_sums
from tracker.documents.models import Document
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.images import SIZES, examine
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition
from tracker.matrix.facts import load_facts_of_many
from tracker.matrix.models import Approval, Evidence, Move, Record, RecordContact, RecordHint
from tracker.matrix.queries import count_to_decide
from tracker.parties.models import Contact, Party
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectParty
from tracker.team.models import Team, User
from workflows.engine import effective_status, tasks_here
from workflows.loading import load_standard

SIGN_INS = ("admin", "director", "supervisor", "supervisor2", "sales1", "sales2", "sales3", "keyaccount", "designpromo",
            "technical", "bidding", "logistics", "service", "finance", "marketing", "dealermgmt", "compliance", "gm",
            "dealer1", "dealer2")  # fmt: skip


def _count(demo: Demo, *conditions: object, of: object) -> int:
    return demo.session.scalar(select(func.count(of)).where(*conditions)) or 0  # type: ignore[arg-type]


def test_every_sign_in_opens_the_door(demo: Demo) -> None:
    for username in SIGN_INS:
        client = demo.app.test_client()
        answer = client.post("/login", data={"username": username, "password": PASSWORD})
        assert (username, answer.status_code) == (username, 302) or answer.status_code == 303
        assert client.get("/").status_code == 200, username


def test_one_hash_serves_all_and_nobody_has_another_password(demo: Demo) -> None:
    hashes = demo.session.scalars(select(User.password_hash)).all()
    assert len(set(hashes)) == 1 and None not in hashes


def test_everybody_has_a_place_in_the_company(demo: Demo) -> None:
    departments = {department.key for department in load_standard().departments}
    for user in demo.session.scalars(select(User)):
        assert bool(user.team_id) != bool(user.party_id), user.username
        assert user.department is None or user.department in departments
    teams = {team.name: team for team in demo.session.scalars(select(Team))}
    root = next(team for team in teams.values() if team.parent_id is None)
    assert all(team.path.startswith(root.path) and team.supervisor_id for team in teams.values())
    assert {demo.user("supervisor").team_id, demo.user("supervisor2").team_id} <= {
        team.id for team in teams.values() if team.region_id
    }


def test_the_numbers_are_those_that_are_promised(demo: Demo) -> None:
    assert _count(demo, of=Project.id) == 304
    assert _count(demo, of=Party.id) == 800
    assert _count(demo, of=Contact.id) == 1500
    assert _count(demo, of=Record.id) == 4000
    assert _count(demo, of=Lead.id) == 120
    assert 250 <= _count(demo, of=Photo.id) <= 400
    kinds = {item.key for item in current_definition().picklist("participant_kinds").items}
    assert set(demo.session.scalars(select(Party.kind).distinct())) == kinds


def test_the_build_tells_how_far_it_is(demo: Demo) -> None:
    last = {what: (done, total) for what, done, total in demo.told}
    assert {"people", "stories", "parties", "leads", "pictures", "projects"} == set(last)
    assert all(done == total for done, total in last.values())


def test_every_active_cell_of_the_board_holds_projects_and_no_project_stands_where_it_may_not(demo: Demo) -> None:
    definition = load_standard()
    active = {cell.key for cell in definition.cells if cell.status != "blocked"}
    live = select(Project.phase, Project.step).where(Project.state.not_in(("lost", "closed"))).distinct()
    assert {(phase, step) for phase, step in demo.session.execute(live)} == active


def test_nobody_stands_in_a_blocked_cell_and_the_way_there_is_told(demo: Demo) -> None:
    definition = load_standard()
    projects = demo.session.scalars(select(Project)).all()
    late = 0
    for project, facts in load_facts_of_many(demo.session, [(definition, project) for project in projects]):
        assert not isinstance(facts, Exception)
        status = effective_status(definition, facts, project.phase, project.step, clock.today())
        assert status != "blocked", project.name
        assert facts.visited[-1].cell == (project.phase, project.step), project.name
        late += any(task.state == "late" for task in tasks_here(definition, facts, clock.today()))
    states = Counter(project.state for project in projects)
    assert states["active"] > 180 and states["won"] > 30 and states["lost"] > 5 and states["suspended"] > 3
    assert late > 40


def test_parties_in_the_roles_of_owner_and_dealer_head_the_projects(demo: Demo) -> None:
    for role, column in (("owner", Project.developer_id), ("dealer", Project.dealer_id)):
        heads = dict(demo.session.execute(select(Project.id, column).where(column.is_not(None))).all())
        roles = select(ProjectParty.project_id, ProjectParty.party_id).where(ProjectParty.role == role)
        told = dict(demo.session.execute(roles.order_by(ProjectParty.id.desc())).all())
        assert heads == told


def test_every_derived_value_is_what_the_facts_say_as_the_doctor_finds(demo: Demo) -> None:
    def told(*_: object) -> None:
        """Nobody waits for the examination."""

    findings = [*examine_projects(demo.session, told), *examine_sums(demo.session), *examine_people(demo.session),
                *examine_pictures(demo.session, demo.storage, told)]  # fmt: skip
    assert [str(finding) for finding in findings if finding.fault] == []


def test_a_project_has_buildings_categories_parties_and_people(demo: Demo) -> None:
    for column in (Building.project_id, CategoryLine.project_id, ProjectParty.project_id, ProjectContact.project_id):
        assert _count(demo, of=column.distinct()) == 304, column
    mains = select(CategoryLine.project_id, func.count()).where(CategoryLine.main).group_by(CategoryLine.project_id)
    assert {count for _, count in demo.session.execute(mains)} == {1}


def test_moves_lead_to_where_the_project_and_its_buildings_stand(demo: Demo) -> None:
    session = demo.session
    phases = session.execute(
        select(Move.project_id, Move.target, Move.on).where(Move.axis == "phase").order_by(Move.on, Move.id)
    )
    standing = {project_id: (target, on) for project_id, target, on in phases}
    for project in session.scalars(select(Project)):
        assert standing[project.id] == (project.phase, project.phase_since), project.name
    steps = session.execute(
        select(Move.building_id, Move.target, Move.on).where(Move.axis == "step").order_by(Move.on, Move.id)
    )
    reached = {building_id: (target, on) for building_id, target, on in steps}
    for building in session.scalars(select(Building)):
        assert reached[building.id] == (building.step, building.step_since), building.id


def test_nothing_but_plans_and_promises_lies_ahead(demo: Demo) -> None:
    today, now = clock.today(), clock.now()
    assert _count(demo, Record.happened_on > today, Record.is_plan.is_(False), of=Record.id) == 0
    assert _count(demo, Record.happened_on > today, Record.is_plan, of=Record.id) > 3
    assert _count(demo, Evidence.recorded_on > today, of=Evidence.id) == 0
    for column in (Record.entered_at, Photo.taken_at, Event.at, Move.at, Approval.asked_at):
        assert _count(demo, column > now, of=column) == 0, column


def test_the_past_and_the_future_are_busy(demo: Demo) -> None:
    today = clock.today()
    stalled = _count(demo, Project.state == "active", Project.silent_after < today, of=Project.id)
    assert 8 < stalled < 60
    assert _count(demo, Record.next_on.between(today, today + timedelta(days=7)), of=Record.id) > 40
    assert _count(demo, of=RecordHint.record_id) > 1500
    assert _count(demo, of=RecordContact.record_id) > 1500
    assert _count(demo, Record.late_entry, of=Record.id) > 20


def test_every_project_and_record_is_in_the_trail(demo: Demo) -> None:
    session = demo.session
    opened = session.scalars(select(Event.subject_id).where(Event.kind == Kind.PROJECT_OPENED)).all()
    assert sorted(opened) == sorted(session.scalars(select(Project.id)))
    logged = session.scalars(select(Event.subject_id).where(Event.kind == Kind.RECORD_LOGGED)).all()
    assert sorted(logged) == sorted(session.scalars(select(Record.id)))
    moved = session.scalars(select(func.count(Event.id)).where(Event.kind == Kind.PHASE_MOVED)).one()
    assert moved == _count(demo, Move.axis == "phase", Move.source.is_not(None), of=Move.id)


def test_every_construction_step_has_pictures_of_it_and_each_row_its_own_files(demo: Demo) -> None:
    session, storage = demo.session, demo.storage
    shown: Counter[str] = Counter()
    photos = session.scalars(select(Photo)).all()
    sites = [photo for photo in photos if photo.registration_note_id is None]  # dealers' stand in no step yet
    assert len({photo.token for photo in photos}) == len({photo.sha256 for photo in photos}) == len(photos)
    shown.update(photo.step for photo in sites)
    for photo in photos:
        assert storage.exists(photo.original_key)
        assert all(storage.exists(derived_key(photo.token, str(size))) for size in SIZES)
    assert set(shown) == {step.key for step in load_standard().steps}
    assert min(shown.values()) >= 4
    papers = session.scalars(select(Document.storage_key)).all()
    assert papers and set(papers) == set(storage.keys("documents/"))
    assert len(list(storage.keys())) == len(photos) * (1 + len(SIZES)) + len(papers)


def test_an_original_says_of_itself_what_its_row_says(demo: Demo) -> None:
    photos = demo.session.scalars(select(Photo).where(Photo.latitude.is_not(None)).order_by(Photo.id)).all()
    for photo in (*photos[:3], *photos[-3:]):
        with demo.storage.open(photo.original_key) as file:
            picture = examine(file.read())
        assert picture.taken_at is not None and photo.taken_at is not None
        assert abs((picture.taken_at - photo.taken_at).total_seconds()) < 1
        assert picture.place == pytest.approx((photo.latitude, photo.longitude), abs=1e-5)
        assert len(PAPERS) > 3


def test_a_dealer_sees_his_own_projects_and_of_them_his_own_traces(demo: Demo) -> None:
    session = demo.session
    for username, other in (("dealer1", "dealer2"), ("dealer2", "dealer1")):
        user, rival = demo.user(username), demo.user(other)
        seen = session.scalars(select(Project).where(access.visible(Project, user))).all()
        assert len(seen) >= 9
        assert {project.dealer_id for project in seen} == {user.party_id}
        records = session.scalars(select(Record).where(access.visible(Record, user))).all()
        assert records and {record.author_id for record in records} == {user.id}
        assert not session.scalars(
            select(Project.id).where(access.visible(Project, user), Project.dealer_id == rival.party_id)
        ).all()
        leads = session.scalars(select(Lead).where(access.visible(Lead, user))).all()
        assert {lead.dealer_id for lead in leads} <= {user.party_id}


def test_supervisors_find_work_and_answers(demo: Demo) -> None:
    session = demo.session
    for username in ("supervisor", "supervisor2"):
        user = demo.user(username)
        assert count_to_decide(session, user) >= 2
        decided = select(Approval.state).where(access.visible(Approval, user), Approval.decided_by_id == user.id)
        assert {"used", "declined"} <= set(session.scalars(decided))


def test_leads_are_scored_in_every_way_and_some_are_to_be_looked_at_today(demo: Demo) -> None:
    session, today = demo.session, clock.today()
    outcomes = set(session.scalars(select(Lead.outcome).where(Lead.scored_on.is_not(None))))
    assert {"convert", "key_project", "nurture", "verify", "supervisor_decides", "discard"} <= outcomes
    resting = session.scalars(select(Lead).where(Lead.state.in_(("nurturing", "invalid")))).all()
    assert all(lead.review_on and lead.state_reason for lead in resting)
    assert any(lead.review_on == today for lead in resting)


def test_leads_are_of_every_state_and_source_and_some_lie_in_the_pool(demo: Demo) -> None:
    session = demo.session
    states = Counter(session.scalars(select(Lead.state)))
    assert set(states) == {"new", "following", "nurturing", "invalid", "converted"} and min(states.values()) >= 5
    assert len(set(session.scalars(select(Lead.source)))) >= 10
    assert _count(demo, Lead.owner_id.is_(None), Lead.state == "new", of=Lead.id) >= 5
    assert _count(demo, Lead.owes_evidence, Lead.state == "new", of=Lead.id) >= 10
    boards = select(func.count(Photo.id)).join(Lead, Lead.id == Photo.lead_id).where(Lead.step == "tender")
    assert (session.scalar(boards) or 0) >= 1
    converted = session.scalars(select(Lead).where(Lead.state == "converted")).all()
    assert len(converted) == 9 and all(lead.project_id for lead in converted)


def test_owners_sell_in_their_own_region(demo: Demo) -> None:
    for username in ("sales1", "sales2", "sales3", "sales4", "sales5", "sales6"):
        user = demo.user(username)
        regions = set(demo.session.scalars(select(Project.region_id).where(Project.owner_id == user.id)))
        assert regions == {demo.session.get_one(Team, user.team_id).region_id}, username
        assert _count(demo, Project.owner_id == user.id, of=Project.id) > 12


def test_values_and_dates_are_plausible(demo: Demo) -> None:
    values = demo.session.scalars(select(Project.value)).all()
    assert min(values) >= 200_000 and max(values) <= 30_000_000
    first = demo.session.scalar(select(func.min(Project.created_at)))
    assert first is not None and first.date() > date(2019, 1, 1)
