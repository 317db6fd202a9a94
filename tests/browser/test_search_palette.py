"""The search palette: opened by a key from any page, found by two characters, a word or initials, gone to, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, Visitor
from tests.factories import make_contact, make_party
from tracker.leads.operations.capturing import LeadDraft, capture_lead

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
SITE = "麓湖玉兰书院"  # its initials: lhylsy
FIRM = "Kingfisher Facades"
TYPED = (
    ("玉兰", SITE, "project"),  # two characters
    ("kingfisher f", FIRM, "firm"),  # Latin words, the last one begun
    ("lhyl", SITE, "project"),  # initials
    ("zyc", "邹月婵", "person"),
)


@pytest.fixture(scope="module", autouse=True)
def known(company: Company) -> Iterator[dict[str, str]]:
    """What is looked for, by where it is seen."""
    with company.session() as session:
        firm = make_party(session, FIRM)
        contact = make_contact(session, firm, "邹月婵")
        draft = LeadDraft("Kingfisher Quay", "street_canvassing", later=True)
        lead = capture_lead(session, draft, by=company.user(session, "sales1"))
        places = {"firm": f"/parties/{firm.id}", "person": f"/contacts/{contact.id}", "lead": f"/leads/{lead.id}"}
    project = company.project(SITE)
    yield {**places, "project": f"/projects/{project}"}


def opened(visitor: Visitor) -> Locator:
    """The palette, opened by its key."""
    visitor.page.keyboard.press("/")
    box = visitor.page.locator("dialog[data-palette]")
    expect(box).to_be_visible()
    expect(box.get_by_role("combobox")).to_be_focused()
    return box


def chosen(page: Page) -> Locator:
    return page.locator("[data-palette] [role=option][aria-selected=true]")


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_what_is_typed_is_found_and_the_arrow_keys_and_enter_go_there(
    visit: Visit, known: dict[str, str], window: str, lang: str
) -> None:
    visitor = visit("sales1", window, lang)
    page = visitor.go("/leads")
    for typed, found, kind in TYPED:
        box = opened(visitor)
        field = box.get_by_role("combobox")
        expect(field).to_have_attribute("aria-label", visitor.say("Search everything"))
        page.keyboard.type(typed)
        expect(box.get_by_role("option", name=found).first).to_be_visible()
        for _press in range(box.get_by_role("option").count()):
            page.keyboard.press("ArrowDown")
            if found in chosen(page).inner_text():
                break
        expect(chosen(page)).to_contain_text(found)
        expect(field).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id") or "")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{known[kind]}")


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_it_opens_over_any_page_and_escape_leads_back_to_it(visit: Visit, window: str, lang: str) -> None:
    visitor = visit("sales1", window, lang)
    for address in ("/", "/board", "/projects", "/leads/new", "/radar", "/profile"):
        page = visitor.go(address)
        box = opened(visitor)
        frame = box.bounding_box()
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert frame and frame["x"] >= 0 and frame["x"] + frame["width"] <= width, "the whole box is seen"
        page.keyboard.type("玉")
        page.keyboard.press("Escape")
        expect(box).to_be_hidden()
        assert visitor.path == address
        again = opened(visitor)
        expect(again.get_by_role("combobox")).to_have_value("玉")
        page.keyboard.type("兰")
        expect(again.get_by_role("combobox")).to_have_value("兰")  # what was there is selected and typed over


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_the_open_palette_is_readable_in_both_languages_and_reachable_by_thumb(
    visit: Visit, window: str, lang: str
) -> None:
    visitor = visit("sales1", window, lang)
    page = visitor.go("/projects")
    box = opened(visitor)
    page.keyboard.type("kingfisher")
    expect(box.get_by_role("option", name=FIRM)).to_be_visible()
    expect(box.get_by_role("option", name="Kingfisher Quay")).to_be_visible()
    expect(box).to_contain_text(visitor.say("Everything that was found"))
    if window == "phone":
        assert visitor.low_targets("[data-palette] [role=option], [data-palette] button") == []
    visitor.look()
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_contain_text(visitor.say("Everything that was found"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=kingfisher")


def test_what_is_not_there_says_so_and_offers_nothing_to_choose(visit: Visit) -> None:
    visitor = visit("sales1", "desk", "zh")
    page = visitor.go("/leads")
    box = opened(visitor)
    page.keyboard.type("骕骦")
    expect(box).to_contain_text(visitor.say("Nothing found. Try a shorter part, or the first letters of the pinyin."))
    page.keyboard.press("ArrowDown")
    assert chosen(page).count() == 0


def test_the_key_is_a_letter_like_others_where_one_types(visit: Visit) -> None:
    visitor = visit("sales1", "desk", "en")
    page = visitor.go("/leads/new")
    page.locator("[name=name]").click()
    page.keyboard.type("A/B")
    expect(page.locator("[name=name]")).to_have_value("A/B")
    expect(page.locator("dialog[data-palette]")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog[data-palette]")).to_be_visible()
    page.locator("[data-palette-close]").click()
    expect(page.locator("dialog[data-palette]")).to_be_hidden()
    expect(page.locator("[name=name]")).to_be_focused()


def test_a_dealer_finds_nothing_of_others(visit: Visit) -> None:
    visitor = visit("dealer1", "desk", "en")
    page = visitor.go("/leads")
    box = opened(visitor)
    page.keyboard.type("kingfisher")
    expect(box).to_contain_text(visitor.say("Nothing found. Try a shorter part, or the first letters of the pinyin."))
