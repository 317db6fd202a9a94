"""Signing in and out, the language and the light of the page, and what strangers are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.company import PASSWORD, Company
from tests.browser.visitor import CROSSED, OTHERS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


def sign_in(visitor: Visitor, user: str, password: str = PASSWORD) -> None:
    """Fill the sign-in page as it stands and send it."""
    visitor.page.locator("[name=username]").fill(user)
    visitor.page.locator("[name=password]").fill(password)
    visitor.button("Sign in").click()


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_somebody_signs_in_where_he_wanted_to_go_and_out_again(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    visitor = visit(None, window, lang)
    page = visitor.go("/projects?q=Harbour")
    with visitor.expecting(422):
        sign_in(visitor, "sales1", "wrong password")
        expect(page.locator("[name=username]")).to_have_value("sales1")
        expect(page.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
        visitor.look()
    sign_in(visitor, "sales1")
    expect(page).to_have_url(f"{company.address}/projects?q=Harbour")
    expect(page.get_by_role("link", name="Harbour Gate")).to_be_visible()
    page.locator("details.menu > summary").click()
    visitor.look()
    visitor.button("Sign out").click()
    expect(page).to_have_url(f"{company.address}/login")
    visitor.go("/projects")
    expect(visitor.button("Sign in")).to_be_visible()


@pytest.mark.parametrize(("window", "lang"), OTHERS)
def test_language_and_light_are_switched_and_stay(visit: Visit, window: str, lang: str) -> None:
    visitor = visit("sales1", window, lang, color_scheme="light")
    page = visitor.go("/leads")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[lang])
    page.locator("details.menu > summary").click()
    page.locator("[data-theme-switch]").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    visitor.lang = "en" if lang == "zh" else "zh"
    page.get_by_role("button", name={"zh": "简体中文", "en": "English"}[visitor.lang]).click()
    expect(page.get_by_role("heading", level=1, name=visitor.say("Leads"))).to_be_visible()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    visitor.go("/")
    expect(page.get_by_role("heading", level=1, name=visitor.say("Today"))).to_be_visible()


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_what_is_not_there_or_not_allowed_is_said_in_the_readers_language(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    visitor = visit("compliance", window, lang)
    with visitor.expecting(403, 404):
        page = visitor.go("/projects/999999")
        expect(page.locator("main")).to_contain_text(visitor.say("There is nothing here, or nothing for you."))
        visitor.look()
        page = visitor.go("/visit")
        expect(page.get_by_role("heading", level=1)).to_have_text(visitor.say("Not allowed"))
        stranger = visit("sales3", window, lang)
        with stranger.expecting(404):
            stranger.go(f"/projects/{company.riverside}")
            expect(stranger.page.locator("main")).not_to_contain_text("Riverside")
    visitor.link("Go to Today").click()
    expect(page).to_have_url(f"{company.address}/")


def test_whoever_is_signed_out_meanwhile_keeps_what_he_typed(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "phone", "zh")
    page = visitor.go(f"/projects/{company.harbour}/log")
    page.locator("[name=text]").fill("Met the site manager.")
    page.context.clear_cookies()
    with visitor.expecting(400, 403):
        visitor.button("Log it").click()
        expect(page.locator("#notices [role=alert]")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("Met the site manager.")
