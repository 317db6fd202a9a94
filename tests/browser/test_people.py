"""Who may what: the administrator adds somebody, who sets a password by link; a dealer sees only what is his."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.company import Company
from tests.browser.test_signing_in import sign_in
from tests.browser.visitor import CROSSED, OTHERS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
SECRET = "four floors of plaster"


@pytest.mark.parametrize(("window", "lang"), OTHERS)
def test_the_administrator_adds_somebody_who_signs_in_by_link(visit: Visit, window: str, lang: str) -> None:
    visitor = visit("admin", window, lang)
    page = visitor.go("/admin")
    visitor.link("New person").click()
    page.locator("[name=name]").fill("Qian Wei")
    page.locator("[name=username]").fill("sales1")
    with visitor.expecting(422):
        visitor.button("Save").click()
        expect(page.locator("[name=username]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=username]").fill(f"qian-{lang}")
    visitor.button("Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qian Wei")
    visitor.button("Make a password link").click()
    link = page.locator("[data-select]")
    expect(link).to_be_visible()
    visitor.look()
    link.click()
    assert link.evaluate("field => field.selectionEnd - field.selectionStart") == len(link.input_value())
    arrive(visit(None, window, lang), link.input_value(), f"qian-{lang}")
    visitor.button("Switch the account off").click()
    expect(visitor.button("Switch it on again")).to_be_visible()


def arrive(visitor: Visitor, link: str, username: str) -> None:
    """The new person sets a password and signs in; the link works once."""
    path = "/" + link.split("/", 3)[3]
    page = visitor.go(path)
    visitor.look()
    page.locator("[name=password]").fill(SECRET)
    page.locator("[name=again]").fill(SECRET)
    visitor.button("Set the password").click()
    if "/login" in visitor.path:
        sign_in(visitor, username, SECRET)
    expect(page.get_by_role("heading", level=1)).to_have_text(visitor.say("Today"))
    with visitor.expecting(404, 410, 422):
        visitor.go(path)
        expect(page.locator("[name=password]")).to_have_count(0)


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_dealer_sees_only_what_is_his(visit: Visit, company: Company, window: str, lang: str) -> None:
    visitor = visit("dealer1", window, lang)
    page = visitor.go("/projects")
    expect(page.get_by_role("link", name="Harbour Gate")).to_be_visible()
    expect(page.get_by_role("link", name="Riverside Tower 3")).to_have_count(0)
    for path in ("/visit", "/leads", "/photos", "/search?q=ri"):
        visitor.go(path)
        expect(page.get_by_role("link", name="Riverside Tower 3")).to_have_count(0)
    for path in ("/", f"/projects/{company.harbour}"):
        visitor.go(path)
        expect(page.get_by_role("link", name="Riverside Tower 3")).to_have_count(0)
        visitor.look()
    with visitor.expecting(403, 404):
        for path in (f"/projects/{company.riverside}", "/parties", "/approvals", "/admin", f"/leads/{company.lead}"):
            visitor.go(path)
            expect(page.locator("main")).not_to_contain_text("Hengyue")
            expect(visitor.link("Go to Today")).to_be_visible()
