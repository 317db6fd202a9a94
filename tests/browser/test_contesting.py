"""Story C through the pages, in four windows: two dealers, the direct team, dealer management; at last the director."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, Visitor
from tracker.projects.models import Project, ProjectMember
from tracker.registrations.models import Conflict, Registration

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PLACES = {"phone": (27.1, 112.4), "desk": (26.2, 111.9)}  # where nothing is on record
NEAR = 0.00108  # degrees: 120 m


def paper(name: str) -> Any:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def secret_of(page: Page, *words: str) -> list[str]:
    """The words that the page holds though its reader must not know them."""
    text = page.content()
    return [word for word in words if word in text]


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_registration_meets_a_direct_project_and_all_of_it_is_settled_in_the_pages(
    visit: Visit, company: Company, tmp_path: Path, window: str, lang: str
) -> None:
    site, project = f"Hailan Bay {window}", begun(company, window)
    xinyuan, hongda = visit("dealer1", window, lang), visit("dealer2", window, lang)
    direct, office = visit("sales1", "desk", lang), visit("dealermgmt", "desk", lang)

    registered(xinyuan, window, site, then="Is it free?")
    expect(xinyuan.page.locator("#notices")).to_contain_text(xinyuan.say("must be looked at"))
    xinyuan.button("Hand in").click()
    expect(xinyuan.page.get_by_role("heading", level=1)).to_have_text(site)
    assert secret_of(xinyuan.page, "Binhai plot") == []
    claim = xinyuan.path
    number = int(claim.rsplit("/", 1)[1])

    page = office.go("/registrations?state=waiting")
    page.get_by_role("link", name=site).click()
    expect(page.locator("main")).to_contain_text(f"Binhai plot 1 {window}")
    office.look()
    office.button("Open a conflict").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(office.say("Two claims on one site"))
    case = office.path
    told(xinyuan, site)
    told(direct, f"Binhai plot 1 {window}")

    with direct.expecting(422):
        log = direct.go(f"/projects/{project}/log")
        log.locator("[name=kind]").select_option("quotation")
        log.locator("[name=text]").fill("An offer")
        direct.button("Log it").click()
        expect(log.get_by_role("alert")).to_contain_text("G27")

    registered(hongda, window, f"Sea Hotel {window}", then="Hand in")
    assert secret_of(hongda.page, "Binhai plot", site, "Xinyuan") == []

    for text, what in (("Met the purchasing director", "information"), ("Our brand, Xinyuan contracts", "wish")):
        handed(xinyuan, claim, text, what)
    page = direct.go(case)
    page.locator("select[name=what]").select_option("designer")
    page.locator("[name=text]").first.fill("Draft of the material book")
    direct.button("Hand in evidence").click()
    expect(page.locator("main")).to_contain_text("Draft of the material book")
    assert secret_of(page, "Met the purchasing director", "Xinyuan") == []
    direct.look()
    assert secret_of(xinyuan.go(claim), "Draft of the material book") == []

    page = office.go(case)
    for text in ("Met the purchasing director", "Our brand, Xinyuan contracts", "Draft of the material book"):
        expect(page.locator("main")).to_contain_text(text)
    steps = page.locator("section[aria-labelledby=steps-title] li")
    expect(steps).to_have_count(2)  # no frame agreement; the customer's wish decides
    expect(steps.last).to_contain_text(office.say("the registration"))
    page.locator("[name=share]").fill("60")
    page.locator("[name=reason]").fill("The owner chose who contracts.")
    office.look()
    office.button("Rule and tell both sides").click()
    expect(page.locator("main")).to_contain_text("60 : 40")

    page = xinyuan.go(claim)
    expect(page.locator("main")).to_contain_text(xinyuan.say("it is yours"))
    expect(page.locator("main")).to_contain_text("The owner chose who contracts.")
    xinyuan.look()
    assert "The owner chose who contracts." in receipt(xinyuan, tmp_path)

    page = direct.go(case)
    page.locator("summary.fold").click()
    page.locator("details[open] [name=text]").fill("We were there first.")
    direct.button("Appeal").click()
    expect(page.locator("main")).to_contain_text("We were there first.")
    above = visit("director", "desk", lang)
    page = above.go(case)
    page.locator("[name=winner][value=registration]").check()
    page.locator("[name=reason]").fill("The customer's wish comes first.")
    above.button("Rule and tell both sides").click()
    expect(page.locator("main")).to_contain_text(above.say("ruled for good"))
    expect(xinyuan.go(claim).locator("main")).to_contain_text("The customer's wish comes first.")

    page = office.go("/registrations?state=waiting")
    page.get_by_role("link", name=f"Sea Hotel {window}").click()
    page.locator("summary.fold", has_text=office.say("Reject")).click()
    page.locator("details[open] [name=answer]").fill("Somebody is protected there.")
    office.button("Reject").click()
    page = hongda.go("/dealers/mine/registrations")
    page.get_by_role("link", name=f"Sea Hotel {window}").click()
    expect(page.locator("main")).to_contain_text("Somebody is protected there.")
    assert secret_of(page, "Binhai plot", site, "Xinyuan") == []
    with company.session() as session:
        conflict = session.scalars(select(Conflict).where(Conflict.registration_id == number)).one()
        assert (conflict.state, session.get_one(Registration, number).state) == ("final", "pre_registered")
        kept = session.get_one(Project, project)
        assert (kept.state, kept.dealer_id) == ("active", company.user(session, "dealer1").party_id)


def begun(company: Company, window: str) -> int:
    """The direct team's project, which dealer management sees."""
    latitude, longitude = PLACES[window]
    values = {"kind": "hotel", "step": "drawings", "latitude": latitude + NEAR, "longitude": longitude}
    number = company.project(f"Binhai plot 1 {window}", **values)
    with company.session() as session:
        session.add(ProjectMember(project_id=number, user_id=company.users["dealermgmt"], department="dealer_mgmt"))
    return number


def registered(visitor: Visitor, window: str, name: str, *, then: str) -> None:
    """A dealer fills the form and presses a button."""
    latitude, longitude = PLACES[window]
    page = visitor.go("/dealers/mine/registrations")
    visitor.link("Register a site").first.click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=developer]").fill("Binhai Tourism")
    page.locator("[name=kind]").select_option("hotel")
    page.locator("[name=step]").select_option("drawings")
    page.locator("[name=categories][value=tiles]").check()
    page.locator("summary.fold", has_text=visitor.say("Latitude and longitude")).click()
    page.locator("[name=latitude]").fill(str(latitude))
    page.locator("[name=longitude]").fill(str(longitude))
    page.locator("[name=source]").fill("The purchasing director told us.")
    visitor.look()
    visitor.button(then).click()
    expect(page.locator("#notices")).to_be_visible()


def handed(visitor: Visitor, claim: str, text: str, what: str) -> None:
    """Evidence with a paper."""
    page = visitor.go(claim)
    form = page.locator("form[action$='/notes/evidence']")
    form.locator("[name=what]").select_option(what)
    form.locator("[name=text]").fill(text)
    form.locator("[name=papers]").set_input_files(paper("letter.pdf"))
    visitor.button("Hand in evidence").click()
    expect(page.locator("main")).to_contain_text(text)


def told(visitor: Visitor, name: str) -> None:
    """It stands among what he was told."""
    page = visitor.go("/notifications")
    expect(page.locator("main")).to_contain_text(name)


def receipt(visitor: Visitor, folder: Path) -> str:
    """What the newest receipt says as PDF."""
    page = visitor.page
    page.locator("section[aria-labelledby=register-title] a").last.click()
    visitor.look()
    with page.expect_download() as coming:
        visitor.link("Download as PDF").click()
    coming.value.save_as(folder / "receipt.pdf")
    with pypdfium2.PdfDocument(folder / "receipt.pdf") as document:
        return document[0].get_textpage().get_text_range().replace("\r\n", "")
