"""Logging a visit from a phone, or at a desk: the whole of it, its pictures, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from tests.browser.company import PLACE, Company
from tests.browser.pictures import broken_picture, site_picture
from tests.browser.visitor import CROSSED, Visitor
from tests.factories import make_contact
from tracker import clock
from tracker.gallery.models import Photo
from tracker.matrix.models import Evidence, Record, RecordContact, RecordHint
from tracker.parties.models import Party
from tracker.projects.models import Project, ProjectContact
from workflows.loading import load_standard

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
NEAR = {"latitude": PLACE[0] + 0.001, "longitude": PLACE[1]}  # some 110 metres north of the riverside site
FILES = "[data-files][name=files]"


def records(company: Company, project_id: int) -> list[Record]:
    """What is logged on a project, oldest first."""
    with company.session() as session:
        found = session.scalars(select(Record).where(Record.project_id == project_id).order_by(Record.id)).all()
        session.expunge_all()
        return list(found)


def count(company: Company, model: Any, *conditions: Any) -> int:
    """How many rows fit."""
    with company.session() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def step_of(company: Company, project_id: int) -> str:
    """The construction step a project stands at."""
    with company.session() as session:
        return session.scalars(select(Project.step).where(Project.id == project_id)).one()


def get_to_know(company: Company, project_id: int, name: str) -> int:
    """Somebody who belongs to a project; returns the contact's id."""
    with company.session() as session:
        contact = make_contact(session, session.get_one(Party, company.party), name)
        session.add(ProjectContact(project_id=project_id, contact_id=contact.id))
        return contact.id


def wait_for_pictures(page: Page, number: int) -> None:
    """Until so many pictures have arrived."""
    expect(page.locator("[data-uploads] input[name=photos]")).to_have_count(number)


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_whole_visit_is_logged_from_the_bottom_bar_to_the_answer(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    name = f"Osmanthus Hill {lang}"
    project = company.project(name, latitude=PLACE[0] + 0.002, longitude=PLACE[1])
    contact = get_to_know(company, project, "Li Na")
    visitor = visit("sales1", window, lang, geolocation=NEAR, permissions=["geolocation"])
    page = visitor.go("/")
    bar = page.get_by_role("navigation", name=visitor.say("Under the thumb"))
    visitor.link("Log a visit", bar if window == "phone" else page.locator("main")).click()
    expect(page.get_by_role("heading", level=2)).to_have_text(visitor.say("Near you"))
    sites = page.locator("#sites a")
    expect(sites.first).to_contain_text("111 m")
    visitor.look()
    sites.filter(has_text=name).click()
    page.locator("[name=kind]").select_option("meeting")
    page.locator("[name=text]").fill("Seven floors are cast; Li Na decides in May.")
    page.locator("[name=closes][value='T.map.structure.2']").check()
    fold(page, "hints").locator("[value='H.map.structure.1']").check()
    fold(page, "met").locator(f"[value='{contact}']").check()
    page.locator("[name=next_step]").fill("Bring the sample board")
    page.locator("[name=next_on]").fill((clock.today() + timedelta(days=6)).isoformat())
    page.locator("[name=progress]").select_option("masonry")
    page.locator(FILES).set_input_files([site_picture(f"tower-{n}.jpg", floors=n).payload() for n in (5, 7)])
    wait_for_pictures(page, 2)
    visitor.look()
    visitor.button("Log it").click()
    answer = page.locator("[role=status][data-focus]")
    expect(answer).to_contain_text(load_standard().cell_name("map", "structure").get(lang))
    expect(answer).to_contain_text(load_standard().task("T.map.structure.2").text.get(lang))
    expect(answer).to_be_focused()
    expect(page.locator("table [aria-current=location]")).to_have_attribute("data-cell", "map/masonry")
    (record,) = records(company, project)
    assert (record.kind, record.text) == ("meeting", "Seven floors are cast; Li Na decides in May.")
    assert (record.next_step, record.next_on) == ("Bring the sample board", clock.today() + timedelta(days=6))
    assert step_of(company, project) == "masonry"
    assert count(company, Photo, Photo.record_id == record.id, Photo.taken_from == "exif") == 2
    assert count(company, RecordHint, RecordHint.record_id == record.id) == 1
    assert count(company, RecordContact, RecordContact.contact_id == contact) == 1
    assert count(company, Evidence, Evidence.target == "T.map.structure.2", Evidence.project_id == project) == 1


def fold(page: Page, field: str) -> Any:
    """The part of the form with these boxes, folded open."""
    part = page.locator("details", has=page.locator(f"[name={field}]"))
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    return part


def test_without_a_place_the_recent_sites_come_first_and_the_phone_says_so(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "phone", "en")
    page = visitor.go("/visit")
    expect(page.get_by_role("heading", level=2)).to_have_text("Recent")
    visitor.button("Nearest first").click()
    expect(page.locator("[data-nearest-state]")).to_contain_text("does not give its place")
    page.locator("#visit-q").fill("Harbour")
    page.locator("#visit-q").press("Enter")
    expect(page.locator("#sites a")).to_have_count(1)


def test_what_a_phone_strips_from_its_pictures_comes_from_the_browser_and_is_marked_so(
    visit: Visit, company: Company
) -> None:
    project = company.project("Stripped Court")
    visitor = visit("sales1", "phone", "en", geolocation=NEAR, permissions=["geolocation"])
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("The walls begin.")
    page.locator(FILES).set_input_files(site_picture(dated=False).payload())
    wait_for_pictures(page, 1)
    visitor.button("Log it").click()
    page.locator("a[href^='/photos/']").first.click()
    expect(page.get_by_text("from the phone at capture")).to_have_count(2)


def test_a_broken_picture_is_refused_by_name_while_the_rest_stays(visit: Visit, company: Company) -> None:
    project = company.project("Broken Court")
    visitor = visit("sales1", "phone", "zh")
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("Two good pictures and a bad one.")
    files = [site_picture("one.jpg"), broken_picture("cut-off.jpg"), site_picture("two.jpg", floors=9)]
    with visitor.expecting(422):
        page.locator(FILES).set_input_files([file.payload() for file in files])
        wait_for_pictures(page, 2)
        expect(page.get_by_role("alert")).to_contain_text("cut-off.jpg")
    visitor.look()
    page.get_by_role("alert").get_by_role("button", name=visitor.say("Remove this photo")).click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("[data-remove-upload]").first.click()
    visitor.button("Log it").click()
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    (record,) = records(company, project)
    assert count(company, Photo, Photo.record_id == record.id) == 1


def test_each_picture_shows_itself_at_once_and_how_far_it_is(visit: Visit, company: Company) -> None:
    project = company.project("Progress Court")
    visitor = visit("sales1", "phone", "en")
    page = visitor.go(f"/projects/{project}/log")
    held: list[Route] = []
    page.route("**/photos/staged", lambda route: held.append(route))
    page.locator(FILES).set_input_files([site_picture(f"{n}.jpg", floors=n).payload() for n in (2, 3, 4)])
    expect(page.locator("[data-uploads] img")).to_have_count(3)
    expect(page.get_by_role("progressbar")).to_have_count(3)
    expect(page.locator("[data-upload-state]")).to_contain_text("1/3")
    page.locator("[name=text]").fill("Pressed while the pictures are on their way.")
    visitor.button("Log it").click()
    for done in range(3):
        expect(page.locator("[data-uploads] input[name=photos]")).to_have_count(done)
        while not held:
            page.wait_for_timeout(20)
        held.pop().continue_()
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    (record,) = records(company, project)
    assert count(company, Photo, Photo.record_id == record.id) == 3


def test_a_picture_that_does_not_get_through_is_sent_again_when_the_line_returns(
    visit: Visit, company: Company
) -> None:
    project = company.project("Tunnel Court")
    visitor = visit("sales1", "phone", "zh")
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("No signal in the basement.")
    with visitor.expecting(0):
        page.context.set_offline(True)
        page.locator(FILES).set_input_files(site_picture("basement.jpg").payload())
        expect(page.get_by_role("alert")).to_contain_text("basement.jpg")
        expect(visitor.button("Try again")).to_be_visible()
        visitor.look()
        page.context.set_offline(False)
    wait_for_pictures(page, 1)
    expect(page.locator("[name=text]")).to_have_value("No signal in the basement.")


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_lost_connection_costs_nothing_that_was_typed(visit: Visit, company: Company, window: str, lang: str) -> None:
    project = company.project(f"Offline Court {lang}")
    visitor = visit("sales1", window, lang)
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("Written in the lift shaft.")
    with visitor.expecting(0):
        page.context.set_offline(True)
        visitor.button("Log it").click()
        expect(page.locator("#notices")).to_contain_text(
            visitor.say(
                "No answer from the server. What you typed is still here; send it again when the connection is back."
            )
        )
        expect(page.locator("[name=text]")).to_have_value("Written in the lift shaft.")
        page.context.set_offline(False)
    visitor.button("Log it").click()
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    assert [record.text for record in records(company, project)] == ["Written in the lift shaft."]


def test_a_second_press_does_not_log_twice(visit: Visit, company: Company) -> None:
    project = company.project("Double Court")
    visitor = visit("sales1", "phone", "zh")
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("Pressed twice.")
    visitor.button("Log it").dblclick()
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    assert len(records(company, project)) == 1


def test_an_answer_that_got_lost_is_found_again_by_the_next_press(visit: Visit, company: Company) -> None:
    project = company.project("Echo Court")
    visitor = visit("sales1", "phone", "en")
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("The answer got lost on its way.")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionfailed")

    with visitor.expecting(0):
        page.route("**/log", lose, times=1)
        visitor.button("Log it").click()
        expect(page.locator("#notices [role=alert]")).to_be_visible()
    visitor.button("Log it").click()
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    assert len(records(company, project)) == 1


def test_at_a_desk_the_drawer_takes_a_record_with_pictures_beside_the_matrix(visit: Visit, company: Company) -> None:
    project = company.project("Drawer Court")
    visitor = visit("sales1", "desk", "zh")
    page = visitor.go(f"/projects/{project}")
    page.locator("table [data-cell='map/structure']").click()
    drawer = page.locator("#drawer")
    drawer.locator("summary", has_text=visitor.say("Add a record here")).click()
    with visitor.expecting(422):
        drawer.locator("[name=text]").fill("   ")
        visitor.button("Log it", drawer).click()
        expect(drawer.get_by_role("alert").first).to_be_visible()
    expect(drawer).to_be_visible()
    drawer.locator("[name=text]").fill("Seen from the drawer.")
    drawer.locator(FILES).set_input_files(site_picture().payload())
    wait_for_pictures(page, 1)
    visitor.look()
    visitor.button("Log it", drawer).click()
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    (record,) = records(company, project)
    assert (record.phase, record.step, record.text) == ("map", "structure", "Seen from the drawer.")


def test_what_the_thumb_presses_is_high_enough(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "phone", "en")
    low = []
    for path in ("/", f"/projects/{company.riverside}/log", "/visit", "/leads/new", f"/projects/{company.riverside}"):
        visitor.go(path)
        low += visitor.low_targets(
            "nav[aria-label='Under the thumb'] a, main form button, main .btn, main label:has([type=checkbox]), "
            "main input:not([type=checkbox], [type=hidden]), main select, main textarea, summary"
        )
    assert low == []
