"""Every address of the application, and what each part of the cast gets there. An address that nobody listed fails.

The table says, for each person in the order of `PEOPLE`: `ok` (the answer or a form to mend), `403` (he sees the thing
but may not do this), `404` (for him it does not exist), `in` (he is asked to sign in).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.test import TestResponse

from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import NOON, undone
from tests.factories import make_contact, make_party, make_photo, make_project, make_user
from tests.leads.making import make_lead, row, sheet
from tracker import clock
from tracker.access import Action, can, visible
from tracker.events import Event
from tracker.extensions import db
from tracker.gallery.models import Photo
from tracker.gallery.operations import derived_key
from tracker.leads.models import Lead
from tracker.leads.operations.importing import start_run
from tracker.matrix.models import Approval, Record
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.circumstances import state_circumstance
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.operations.tasks import add_own_task
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact, ProjectDesk
from tracker.projects.queries import load_project
from tracker.team import operations
from tracker.team.models import User, UserSession
from workflows.wishes import MovePhase

# sales1 owns the project and the lead; sales2 is his colleague without a part in them; technical's desk owes work
# there; compliance sees everything and changes nothing; the project is sold through dealer1's company.
PEOPLE = (
    "nobody",
    "sales1",
    "sales2",
    "supervisor",
    "supervisor2",
    "technical",
    "compliance",
    "admin",
    "dealer1",
    "dealer2",
)
OK = {200, 201, 204, 303, 422}
WHOLE = (joinedload(Project.team), joinedload(Project.members))

EVERYBODY = "ok ok ok ok ok ok ok ok ok ok"
SIGNED_IN = "in ok ok ok ok ok ok ok ok ok"
STAFF = "in ok ok ok ok ok ok ok 404 404"
ADMIN = "in 404 404 404 404 404 404 ok 404 404"
EDITORS = "in ok ok ok ok ok 403 ok 404 404"  # of parties and contacts, which all of ours see
SEEN = "in ok 404 ok 404 ok ok ok ok 404"  # the project
WORKED = "in ok 404 ok 404 403 403 ok 403 404"  # the project: its people and their supervisors
LED = "in 403 404 ok 404 403 403 ok 403 404"  # the project: their supervisors
STATED = "in ok 404 ok 404 ok 403 ok 404 404"  # the project's dates and circumstances: all of ours who work there
ADDED = "in ok 404 ok 404 ok 403 ok 403 404"  # tasks in its cells
LEAD = "in ok 404 ok 404 404 403 ok 404 404"
LEAD_LED = "in 403 404 ok 404 404 403 ok 404 404"
IMPORT = "in 403 403 ok ok 403 403 ok 403 403"
RUN = "in 404 404 ok 404 404 404 ok 404 404"  # supervisor's own
PERSON = "in 403 403 403 403 403 403 ok 404 404"  # a colleague's card, which all of ours see

TABLE: dict[tuple[str, str], str] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/static/<path:filename>"): EVERYBODY,
    ("GET", "/login"): EVERYBODY,
    ("POST", "/login"): EVERYBODY,
    ("GET", "/logout"): EVERYBODY,
    ("POST", "/logout"): SIGNED_IN,
    ("GET", "/password/<token>"): EVERYBODY,
    ("POST", "/password/<token>"): EVERYBODY,
    # one's own
    ("GET", "/"): SIGNED_IN,
    ("GET", "/search"): SIGNED_IN,
    ("GET", "/profile"): SIGNED_IN,
    ("POST", "/profile"): SIGNED_IN,
    ("POST", "/profile/password"): SIGNED_IN,
    ("POST", "/profile/sessions/<int:session_id>"): "in ok 404 404 404 404 404 404 404 404",
    # people and administration
    ("GET", "/people/<int:user_id>"): STAFF,
    ("GET", "/people/<int:user_id>/edit"): PERSON,
    ("POST", "/people/<int:user_id>/edit"): PERSON,
    ("POST", "/people/<int:user_id>/active"): PERSON,
    ("POST", "/people/<int:user_id>/password-link"): PERSON,
    ("GET", "/admin"): ADMIN,
    ("GET", "/admin/audit"): ADMIN,
    ("GET", "/admin/people/new"): ADMIN,
    ("POST", "/admin/people/new"): ADMIN,
    ("POST", "/admin/regions"): ADMIN,
    ("POST", "/admin/regions/<int:region_id>"): ADMIN,
    ("GET", "/admin/roles"): ADMIN,
    ("GET", "/admin/roles/new"): ADMIN,
    ("POST", "/admin/roles/new"): ADMIN,
    ("GET", "/admin/roles/<int:role_id>"): ADMIN,
    ("POST", "/admin/roles/<int:role_id>"): ADMIN,
    ("GET", "/admin/teams"): ADMIN,
    ("GET", "/admin/teams/new"): ADMIN,
    ("POST", "/admin/teams/new"): ADMIN,
    ("GET", "/admin/teams/<int:team_id>"): ADMIN,
    ("POST", "/admin/teams/<int:team_id>"): ADMIN,
    # parties and contacts
    ("GET", "/parties"): STAFF,
    ("GET", "/parties/pick"): SIGNED_IN,
    ("GET", "/parties/new"): EDITORS,
    ("POST", "/parties/new"): EDITORS,
    ("GET", "/parties/<int:party_id>"): STAFF,
    ("GET", "/parties/<int:party_id>/edit"): EDITORS,
    ("POST", "/parties/<int:party_id>/edit"): EDITORS,
    ("POST", "/parties/<int:party_id>/contacts"): EDITORS,
    ("GET", "/contacts"): STAFF,
    ("GET", "/contacts/<int:contact_id>"): STAFF,
    ("GET", "/contacts/<int:contact_id>/edit"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/edit"): EDITORS,
    # projects
    ("GET", "/board"): "in ok ok ok ok ok ok ok 403 403",
    ("GET", "/projects"): SIGNED_IN,
    ("GET", "/projects/new"): "in ok ok ok ok ok 403 ok 403 403",
    ("POST", "/projects/new"): "in ok ok ok ok ok 403 ok 403 403",
    ("GET", "/projects/<int:project_id>"): SEEN,
    ("GET", "/projects/<int:project_id>/cells/<phase>/<step>"): SEEN,
    ("GET", "/projects/<int:project_id>/replay"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/projects/<int:project_id>/edit"): WORKED,
    ("POST", "/projects/<int:project_id>/edit"): WORKED,
    ("GET", "/projects/<int:project_id>/people"): WORKED,
    ("POST", "/projects/<int:project_id>/buildings"): WORKED,
    ("POST", "/projects/<int:project_id>/categories"): WORKED,
    ("POST", "/projects/<int:project_id>/buildings/<int:building_id>"): WORKED,
    ("POST", "/projects/<int:project_id>/categories/<int:line_id>"): WORKED,
    ("POST", "/projects/<int:project_id>/parties"): WORKED,
    ("POST", "/projects/<int:project_id>/contacts"): WORKED,
    ("POST", "/projects/<int:project_id>/contacts/<int:row_id>"): WORKED,
    ("POST", "/projects/<int:project_id>/members"): WORKED,
    ("POST", "/projects/<int:project_id>/remove/<what>/<int:row_id>"): WORKED,
    ("GET", "/projects/<int:project_id>/phase"): WORKED,
    ("POST", "/projects/<int:project_id>/phase"): WORKED,
    ("GET", "/projects/<int:project_id>/outcome"): WORKED,
    ("POST", "/projects/<int:project_id>/outcome/<deed>"): WORKED,
    ("GET", "/projects/<int:project_id>/dates"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/projects/<int:project_id>/dates"): STATED,
    ("POST", "/projects/<int:project_id>/circumstances"): STATED,
    ("POST", "/projects/<int:project_id>/circumstances/<int:row_id>/lift"): STATED,
    ("POST", "/projects/<int:project_id>/cells/<phase>/<step>/tasks"): ADDED,
    ("POST", "/projects/<int:project_id>/tasks/<int:task_id>/drop"): ADDED,
    ("GET", "/projects/<int:project_id>/reassign"): LED,
    ("POST", "/projects/<int:project_id>/reassign"): LED,
    ("GET", "/projects/<int:project_id>/log"): "in ok 404 ok 404 ok 403 ok ok 404",
    ("POST", "/projects/<int:project_id>/log"): "in ok 404 ok 404 ok 403 ok ok 404",
    ("GET", "/visit"): "in ok ok ok ok ok 403 ok ok ok",
    # records, pictures, requests
    ("GET", "/records/<int:record_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/records/<int:record_id>/correct"): "in ok 404 ok 404 403 403 ok 404 404",
    ("POST", "/records/<int:record_id>/correct"): "in ok 404 ok 404 403 403 ok 404 404",
    ("GET", "/photos"): SIGNED_IN,
    ("GET", "/photos/<token>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/media/<token>/<size>.jpg"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/photos/staged"): "in ok ok ok ok ok 403 ok ok ok",
    ("GET", "/approvals"): STAFF,
    ("GET", "/approvals/<int:approval_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/approvals/<int:approval_id>"): "in 403 404 ok 404 403 403 ok 404 404",
    ("POST", "/approvals/<int:approval_id>/withdraw"): "in ok 404 403 404 403 403 403 404 404",
    # leads
    ("GET", "/leads"): SIGNED_IN,
    ("GET", "/leads/new"): "in ok ok ok ok ok 403 ok ok ok",
    ("POST", "/leads/new"): "in ok ok ok ok ok 403 ok ok ok",
    ("GET", "/leads/<int:lead_id>"): "in ok 404 ok 404 404 ok ok 404 404",
    ("GET", "/leads/<int:lead_id>/edit"): LEAD,
    ("POST", "/leads/<int:lead_id>/edit"): LEAD,
    ("POST", "/leads/<int:lead_id>/records"): LEAD,
    ("POST", "/leads/<int:lead_id>/state"): LEAD,
    ("GET", "/leads/<int:lead_id>/convert"): LEAD,
    ("POST", "/leads/<int:lead_id>/convert"): LEAD,
    ("POST", "/leads/<int:lead_id>/assign"): LEAD_LED,
    ("GET", "/leads/import"): IMPORT,
    ("POST", "/leads/import"): IMPORT,
    ("GET", "/leads/imports"): IMPORT,
    ("GET", "/leads/imports/<int:run_id>"): RUN,
    ("POST", "/leads/imports/<int:run_id>"): RUN,
    ("GET", "/leads/imports/<int:run_id>/mapping"): RUN,
    ("POST", "/leads/imports/<int:run_id>/mapping"): RUN,
    ("GET", "/leads/imports/<int:run_id>/rejected.csv"): RUN,
}


def rules(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        yield from ((method, rule.rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_address_is_in_the_table(app: Flask) -> None:
    there = set(rules(app))
    assert there - set(TABLE) == set(), "addresses that nobody listed"
    assert set(TABLE) - there == set(), "addresses that are not there any more"


@pytest.fixture(scope="module")
def session(app: Flask) -> Iterator[Session]:
    """One company for the whole table: what a visit changes is undone after it."""
    with clock.frozen(NOON), undone(app) as session:
        yield session


@pytest.fixture(scope="module")
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture(scope="module")
def browser(app: Flask, session: Session) -> Browser:
    return Browser(app, session)


@pytest.fixture(scope="module")
def things(app: Flask, session: Session, cast: Cast) -> dict[str, object]:
    """One thing of each kind, by the name under which addresses ask for it."""
    developer = make_party(session, "Hengyue Land")
    contact = make_contact(session, developer)
    project = make_project(session, cast.sales1, dealer=cast.xinyuan, developer=developer)
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id))
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    draft = RecordDraft("map", "structure", "site_visit", clock.today(), "Met the buyer.", photos=(photo.token,))
    record = log_record(session, project, draft, by=cast.sales1).record
    request = ask_approval(
        session, project, MovePhase("specify"), by=cast.sales1, reason="The designer waits.", complete_by=clock.today()
    )
    session.merge(ProjectDesk(project_id=project.id, department="technical"))
    storage = app.extensions["storage"]
    storage.put(derived_key(photo.token, "320"), b"a picture")
    storage.put("imports/refused.csv", b"number,reason")
    run = start_run(session, storage, sheet([row("P-1")]), "permits.csv", by=cast.supervisor)
    run.rejected_key = "imports/refused.csv"
    own = UserSession(token_hash="one of sales1", user_id=cast.sales1.id)
    role = operations.add_role(session, by=cast.admin, name_zh="顾问", name_en="Adviser", scope="own", capabilities=())
    lead = make_lead(session, cast.sales1)
    overdue = state_circumstance(session, project, "overdue", clock.today(), by=cast.sales1, note="Statement of May")
    task = add_own_task(session, project, by=cast.sales1, phase="map", step="structure", department="technical",
                        text="Bring the details")  # fmt: skip
    session.add(own)
    session.commit()
    rows = load_project(session, cast.sales1, project.id)
    return {
        "filename": "app.css",
        "link": operations.make_password_link(session, cast.sales2, by=cast.admin),
        "token": photo.token,
        "size": "320",
        "phase": "map",
        "step": "structure",
        "what": "party",
        "project_id": project.id,
        "deed": "suspend",
        "row_id": rows.parties[0].id,
        "circumstance_row_id": overdue.id,
        "task_id": task.id,
        "contact_row_id": rows.contacts[0].id,
        "building_id": rows.buildings[0].id,
        "line_id": rows.categories[0].id,
        "record_id": record.id,
        "approval_id": request.id,
        "lead_id": lead.id,
        "run_id": run.id,
        "party_id": developer.id,
        "contact_id": contact.id,
        "user_id": cast.sales1.id,
        "session_id": own.id,
        "team_id": cast.north.id,
        "region_id": cast.region_north.id,
        "role_id": role.id,
    }


def address_of(rule: str, things: dict[str, object]) -> str:
    """The address of the things under a rule."""
    if "/contacts/<int:row_id>" in rule:
        things = {**things, "row_id": things["contact_row_id"]}
    if "/circumstances/<int:row_id>" in rule:
        things = {**things, "row_id": things["circumstance_row_id"]}
    if rule.startswith("/password/"):
        things = {**things, "token": things["link"]}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(things[found.group(1)]), rule)


FORMS: dict[str, dict[str, object]] = {
    "/approvals/<int:approval_id>": {"decision": "decline", "answer": "Meet the decision maker first."},
    "/leads/<int:lead_id>/assign": {"owner_id": "{user_id}"},
    "/people/<int:user_id>/active": {"active": "1"},
}


def visit(
    browser: Browser, cast: Cast, person: str, method: str, address: str, form: dict[str, object]
) -> TestResponse:
    """Ask as one of the cast; whatever it changed is undone, so that the next one finds the same things."""
    client = browser.nobody() if person == "nobody" else browser.of(cast.users[person])
    db.session.commit()  # nothing of the session's own stays open around the savepoint
    before = db.engine.begin_nested()  # type: ignore[attr-defined]  the test's connection
    try:
        answer = client.open(address, method=method, data=form if method == "POST" else None)
        answer.get_data()
        return answer
    finally:
        db.session.rollback()
        before.rollback()
        db.session.expire_all()


def word_for(answer: TestResponse, person: str) -> str:
    """What the answer means, in the words of the table."""
    to_sign_in = answer.status_code == 303 and str(answer.location).startswith("/login")
    if person == "nobody" and (to_sign_in or answer.status_code == 403):
        return "in"
    return "ok" if answer.status_code in OK else str(answer.status_code)


@pytest.mark.parametrize(("method", "rule"), TABLE, ids=lambda value: str(value))
def test_each_person_gets_what_the_table_says(
    cast: Cast,
    browser: Browser,
    things: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    rule: str,
) -> None:
    monkeypatch.setattr("tracker.leads.views.importing.start_in_background", lambda *_: None)
    address = address_of(rule, things)
    form = {name: str(value).format(**things) for name, value in FORMS.get(rule, {}).items()}
    got = [word_for(visit(browser, cast, person, method, address, form), person) for person in PEOPLE]
    assert " ".join(got) == TABLE[method, rule]


def test_whoever_may_change_a_project_sees_it(session: Session, cast: Cast) -> None:
    made = [
        make_project(session, cast.sales1, name="north"),
        make_project(session, cast.sales3, name="south", members=(cast.technical,)),
        make_project(session, None, name="nobody's", team=cast.north),
        make_project(session, cast.keyaccount, name="a dealer's", dealer=cast.hongda),
    ]
    for user in cast.users.values():
        seen = set(session.scalars(select(Project.id).where(visible(Project, user))))
        for project in session.scalars(select(Project).options(*WHOLE)).unique():
            may_change = any(can(user, action, project) for action in (Action.PROJECT_EDIT, Action.PROJECT_REASSIGN))
            assert project.id in seen or not may_change, (user.username, project.name)
    assert {project.id for project in made} <= set(session.scalars(select(Project.id).where(visible(Project, cast.gm))))


def test_a_role_that_sees_its_team_sees_neither_above_nor_beside(session: Session, cast: Cast) -> None:
    role = operations.add_role(
        session, by=cast.admin, name_zh="组长", name_en="Lead", scope="team", capabilities=("project.edit",)
    )
    lead = make_user(session, "teamlead", role=role, team=cast.north)
    for owner, name in ((cast.sales1, "in the team"), (cast.sales3, "beside"), (cast.keyaccount, "above")):
        make_project(session, owner, name=f"{name} of the lead")
    seen = set(session.scalars(select(Project.name).where(visible(Project, lead))))
    assert "in the team of the lead" in seen
    assert not {"beside of the lead", "above of the lead"} & seen


def test_a_dealer_without_a_company_sees_nothing(session: Session, cast: Cast) -> None:
    lost = make_user(session, "lost", role=cast.roles["dealer"])
    contact = make_contact(session, cast.xinyuan, "Chen")
    contact.created_by_id = cast.sales1.id
    make_project(session, cast.sales1)
    for model in (Project, Lead, Record, Photo, Party, Contact, User, Approval):
        assert session.scalars(select(model.id).where(visible(model, lost))).all() == [], model


def test_a_table_without_a_rule_is_an_error_and_not_open_to_all(cast: Cast) -> None:
    with pytest.raises(LookupError):
        visible(Event, cast.admin)
