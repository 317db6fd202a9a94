"""The map of a project's people: who stands where, who was met by whom, what is lacking, with its table beside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tests.matrix.making import draft
from tracker import clock
from tracker.contacts.drawing import GAP, HEIGHT, LINE, WIDTH, Bond, Stand, draw, fitted
from tracker.contacts.gaps import gaps, vacancies
from tracker.contacts.models import ContactLink
from tracker.contacts.operations import add_link
from tracker.contacts.queries.circle import Member, load_exits, load_relations
from tracker.matrix.operations.records import log_record
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from workflows.loading import load_standard

BUDGET = 14
STANDARD = load_standard()
Circle = tuple[Project, dict[str, Contact]]


@pytest.fixture
def circle(session: Session, cast: Cast) -> Circle:
    """A project with a decision maker who was met, a sceptical influencer who was not, and somebody without a role."""
    project = make_project(session, cast.sales1, members=(cast.technical,))
    party = make_party(session, "Hengyue Land")
    people = {name: make_contact(session, party, name) for name in ("Wang", "Zhao", "Qian")}
    for name, role, attitude in (("Wang", "decision_maker", "supportive"), ("Zhao", "influencer", "skeptical"),
                                 ("Qian", None, "unknown")):  # fmt: skip
        row = ProjectContact(project_id=project.id, contact_id=people[name].id, role=role, attitude=attitude)
        session.add(row)
    session.commit()
    met = draft(on=clock.today() - timedelta(days=4), met=(people["Wang"].id,))
    log_record(session, project, met, by=cast.sales1)
    session.commit()
    return project, people


def member(role: str | None, attitude: str = "neutral", days: int | None = 1) -> Member:
    on = clock.today() - timedelta(days=days) if days is not None else None
    return Member(1, "Wang", None, "Firm", role, attitude, on, None)


def said(*members: Member) -> dict[str, bool]:
    return {str(gap.text): gap.grave for gap in gaps(STANDARD, members, clock.today(), 30, "en")}


def test_the_map_says_who_was_met_by_whom_and_which_roles_are_vacant(
    session: Session, cast: Cast, browser: Browser, circle: Circle
) -> None:
    project, people = circle
    add_link(session, people["Zhao"], people["Wang"], by=cast.sales1, kind="influences", strength=3)
    add_link(session, cast.technical, people["Zhao"], by=cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}/circle").get_data(as_text=True)
    assert len(asked) <= BUDGET
    assert "<svg" in page and " style=" not in page
    assert "4 days ago · Sales1" in page
    assert page.count("vacant: nobody yet") == 3
    assert page.count("relmap-away") >= 2
    assert "relmap-influences relmap-strength-3" in page
    assert f"/people/{cast.technical.id}" in page
    assert "2 of 5 roles are filled. Nobody yet: Gatekeeper, User, Coach." in page
    table = client.get(f"/projects/{project.id}/circle?view=table").get_data(as_text=True)
    assert '<svg class="relmap"' not in table and "Technical" in table and "not covered" in table


def test_the_map_of_many_costs_no_more(session: Session, cast: Cast, browser: Browser, circle: Circle) -> None:
    project, people = circle
    party = make_party(session, "Linden Builders")
    for number in range(40):
        made = make_contact(session, party, f"Person {number}")
        session.add(ProjectContact(project_id=project.id, contact_id=made.id, role="user"))
        add_link(session, made, people["Wang"], by=cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        assert "Person 39" in client.get(f"/projects/{project.id}/circle").get_data(as_text=True)
    assert len(asked) <= BUDGET


def test_within_how_many_days_counts_is_chosen(cast: Cast, browser: Browser, circle: Circle) -> None:
    project, _people = circle
    client = browser.of(cast.sales1)
    for days, away in (("14", 2), ("nonsense", 2), ("5", 2)):
        page = client.get(f"/projects/{project.id}/circle?days={days}").get_data(as_text=True)
        assert page.count('class="relmap-box relmap-away"') == away


def test_the_table_can_be_taken_out(cast: Cast, browser: Browser, circle: Circle) -> None:
    project, _people = circle
    sheet = browser.of(cast.sales1).get(f"/projects/{project.id}/circle?export=csv").get_data(as_text=True)
    assert "Decision maker" in sheet and "Sceptical" in sheet and "Sales1" in sheet
    assert browser.of(cast.sales3).get(f"/projects/{project.id}/circle?export=csv").status_code == 404


def test_an_empty_map_teaches_the_first_step(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    page = browser.of(cast.sales1).get(f"/projects/{project.id}/circle").get_data(as_text=True)
    assert "Nobody is on the map yet" in page and "Nobody is known who decides." in page


def test_a_tie_is_drawn_from_the_map_itself(session: Session, cast: Cast, browser: Browser, circle: Circle) -> None:
    project, people = circle
    address = f"/projects/{project.id}/circle"
    form = {"source": f"c{people['Zhao'].id}", "kind": "reports_to", "target": f"c{people['Wang'].id}", "strength": "2"}
    client = browser.of(cast.sales1)
    assert client.post(address, data=form).location == address
    link = session.scalars(select(ContactLink)).one()
    assert (link.from_contact_id, link.contact_id) == (people["Zhao"].id, people["Wang"].id)
    for wrong in (
        {"target": form["source"]},
        {"source": f"u{cast.sales1.id}"},
        {"source": "c999999"},
        {"kind": "loves"},
    ):
        assert client.post(address, data={**form, **wrong}).status_code == 422, wrong
    assert session.scalars(select(ContactLink)).all() == [link]


def test_a_stranger_to_the_project_is_told_nothing(session: Session, cast: Cast, circle: Circle) -> None:
    from tracker.errors import NotFound

    project, _people = circle
    with pytest.raises(NotFound):
        load_relations(session, cast.sales3, project)


def test_the_gaps_are_what_the_phase_of_mapping_asks_for() -> None:
    assert said() == {
        "Nobody is known who decides.": True,
        "0 of 5 roles are filled. Nobody yet: Decision maker, Influencer, Gatekeeper, User, Coach.": True,
        "There is neither a coach nor an influencer on our side.": False,
    }
    assert "Nobody met who decides." in said(member("decision_maker", days=None))
    assert said(member("decision_maker", "opposed"))["Who decides is sceptical of us or against us."]
    full = [member(role, "supportive") for role in ("decision_maker", "influencer", "gatekeeper", "user", "coach")]
    assert said(*full) == {}
    assert said(*full[:4]) == {"4 of 5 roles are filled. Nobody yet: Coach.": False}
    assert said(*full[:4], member("coach", days=31)) == {"1 of them was not met within 30 days.": False}
    assert vacancies(STANDARD, full[:4]) == ["coach"]


def test_what_leaving_the_phase_asks_of_people_is_shown(session: Session, cast: Cast, circle: Circle) -> None:
    project, _people = circle
    keys = [view.criterion.key for view in load_exits(session, project)]
    assert keys == [one.key for one in STANDARD.phase("map").exit if one.evidence == "contact"] and keys


def test_boxes_never_lie_on_each_other_and_lines_end_at_their_edges() -> None:
    people = [Stand(f"c{number}", "a" if number % 2 else "b", "x", ("name",)) for number in range(9)]
    people.append(Stand("out", "nowhere", "x", ("name",)))
    bonds = [Bond("c0", "c1", "knows", 1), Bond("c1", "c0", "influences", 3), Bond("c0", "out", "knows", 1)]
    picture = draw(["a", "b"], ["x", "y"], people, bonds)
    assert len(picture.boxes) == 9 and len(picture.paths) == 2
    for one in picture.boxes:
        for other in picture.boxes:
            apart = abs(one.x - other.x) >= WIDTH + GAP or abs(one.y - other.y) >= HEIGHT + GAP
            assert one is other or apart
        assert 0 <= one.x <= picture.width - WIDTH and 0 <= one.y <= picture.height - HEIGHT
    assert len({path.d for path in picture.paths}) == 2
    assert draw([], [], [], []).boxes == []


@pytest.mark.parametrize("text", ["", "Wang Li", "北京恒岳房地产开发有限公司华北分公司", "x" * 99, "张" * 10])
def test_a_line_fits_into_its_box(text: str) -> None:
    short = fitted(text)
    wide = sum(13.0 if ord(sign) > 255 else 7.2 for sign in short)
    assert wide <= LINE
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
