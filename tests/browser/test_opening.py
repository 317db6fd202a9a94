"""From a notice board to a lead with its picture, from the lead to a project, and a project by form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.company import Company
from tests.browser.pictures import site_picture
from tests.browser.visitor import CROSSED, OTHERS, Visitor
from tracker.leads.models import Lead
from tracker.parties.models import Party
from tracker.projects.models import Project

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
LATITUDES = {"phone": 33.1, "desk": 28.9}  # where nothing is on record


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_lead_is_caught_with_a_picture_and_becomes_a_project(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    name = {"phone": "Plum Lane", "desk": "Otter Quay"}[window]
    there = {"latitude": LATITUDES[window], "longitude": 114.2, "accuracy": 8}
    visitor = visit("sales1", window, lang, geolocation=there, permissions=["geolocation"])
    page = visitor.go("/")
    visitor.link("New lead", page.locator("main .page-actions, main").first).first.click()
    page.locator("[data-files][name=files]").set_input_files(site_picture("notice.jpg", floors=0).payload())
    expect(page.locator("[data-uploads] input[name=photos]")).to_have_count(1)
    page.locator("[name=name]").fill(name)
    page.locator("details.more > summary").click()
    page.locator("[name=developer]").press_sequentially("Heng")
    expect(page.locator("datalist option[value='Hengyue Land']")).to_have_count(1)
    page.locator("[name=developer]").fill("Hengyue Land")
    visitor.button("I am there now").click()
    expect(page.locator("[name=latitude]")).to_have_value(f"{LATITUDES[window]:.6f}")
    page.locator("[name=value]").fill("many")
    with visitor.expecting(422):
        visitor.button("Save").click()
        expect(page.locator("[name=value]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-uploads] input[name=photos]")).to_have_count(1)
    page.locator("[name=value]").fill("128万")
    visitor.look()
    visitor.button("Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#notices")).to_contain_text(visitor.say("The lead is in."))
    visitor.link("Convert to a project").click()
    page.locator("[name=step]").select_option("land")
    page.locator("[name=phase]").select_option("qualify")
    page.locator("[name=categories][value=tiles]").check()
    visitor.button("Open it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("a[href^='/photos/'] img").first).to_be_visible()
    with company.session() as session:
        lead = session.scalars(select(Lead).where(Lead.name == name)).one()
        project = session.get_one(Project, lead.project_id)
        assert (lead.state, project.value, project.latitude) == ("converted", 1_280_000, LATITUDES[window])
        assert project.developer_id == company.party


@pytest.mark.parametrize(("window", "lang"), OTHERS)
def test_a_project_is_opened_by_form_where_the_rules_allow(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    name = {"zh": "Ginkgo Square", "en": "Walnut Arcade"}[lang]
    visitor = visit("sales1", window, lang)
    page = visitor.go("/projects")
    visitor.link("Open a project").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=step]").select_option("completion")
    page.locator("[name=phase]").select_option("specify")
    page.locator("[name=categories][value=tiles]").check()
    page.locator("[name=contractor]").fill(f"Linden Builders {lang}")
    with visitor.expecting(422):
        visitor.button("Open it").click()
        expect(page.get_by_role("alert")).to_contain_text("G01")
    expect(page.locator("[name=name]")).to_have_value(name)
    visitor.look()
    page.locator("[name=step]").select_option("drawings")
    visitor.button("Open it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("table [aria-current=location]")).to_have_attribute("data-cell", "specify/drawings")
    visitor.link("People and parts").click()
    add_contact(visitor)
    with company.session() as session:
        assert session.scalars(select(Party).where(Party.name == f"Linden Builders {lang}")).one()


def add_contact(visitor: Visitor) -> None:
    """A person of a new firm, added on the project's own page."""
    part = visitor.page.locator("#contact")
    part.locator("summary").click()
    part.locator("[name=contact-name]").fill("Zhao Min")
    part.locator("[name=contact-firm]").fill("  ")
    with visitor.expecting(422):
        visitor.button("Add", part).click()
        expect(part.locator("[name=contact-firm]")).to_have_attribute("aria-invalid", "true")
    expect(part.locator("[name=contact-name]")).to_have_value("Zhao Min")
    part.locator("[name=contact-firm]").fill("Linden Builders")
    visitor.button("Add", part).click()
    expect(part.get_by_role("link", name="Zhao Min")).to_be_visible()
    visitor.look()
