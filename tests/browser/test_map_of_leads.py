"""Leads are chosen on the map: by a line drawn around them, by two corners, all in view, and by the list beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, THUMB, Visitor
from tracker.leads.operations.capturing import LeadDraft, capture_lead

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
PLACES = {  # three close together, one far off
    "Heron Yard": (31.20, 121.40),
    "Linnet Yard": (31.2001, 121.4001),
    "Plover Yard": (31.24, 121.46),
    "Faraway Yard": (45.80, 126.50),
}
ADDRESS = "/leads/map?q=Yard"


@pytest.fixture(scope="module", autouse=True)
def yards(company: Company) -> None:
    """The leads that are looked for."""
    with company.session() as session:
        owner = company.user(session, "sales1")
        for name, (latitude, longitude) in PLACES.items():
            draft = LeadDraft(name, "street_canvassing", latitude=latitude, longitude=longitude, later=True)
            capture_lead(session, draft, by=owner)


def ready(visitor: Visitor) -> Page:
    """The map with its marks drawn."""
    page = visitor.go(ADDRESS)
    expect(page.locator("#lead-map .leaflet-interactive, #lead-map .map-count").first).to_be_visible()
    return page


def corner(box: Locator, right: float, down: float) -> tuple[float, float]:
    """A point of the map by parts of its width and height."""
    frame = box.bounding_box()
    assert frame is not None
    return frame["x"] + frame["width"] * right, frame["y"] + frame["height"] * down


def chosen(page: Page) -> Locator:
    return page.locator("[data-map-chosen] .chip")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_line_drawn_around_leads_chooses_them_and_they_are_given_away(visit: Visit, lang: str) -> None:
    visitor = visit("supervisor", "desk", lang)
    page = ready(visitor)
    box = page.locator("#lead-map")
    lasso = visitor.button("Draw around")
    lasso.click()
    expect(lasso).to_have_attribute("aria-pressed", "true")
    before = page.locator(".leaflet-map-pane").get_attribute("style")
    page.mouse.move(*corner(box, 0.02, 0.4))
    page.mouse.down()
    for right, down in ((0.02, 0.98), (0.98, 0.98), (0.98, 0.4), (0.03, 0.4)):
        page.mouse.move(*corner(box, right, down), steps=6)
    page.mouse.up()
    expect(chosen(page)).to_have_count(3)
    expect(page.locator("[data-map-chosen]")).not_to_contain_text("Faraway")
    assert page.locator(".leaflet-map-pane").get_attribute("style") == before, "the map did not move beneath the line"
    expect(page.locator("[data-map-state]")).to_have_text(visitor.say("Inside and chosen: {n}.").replace("{n}", "3"))
    expect(lasso).to_have_attribute("aria-pressed", "false")
    visitor.look()
    visitor.button("Look at it and assign").click()
    expect(page.locator("[name=thing]")).to_have_count(3)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_a_phone_two_taps_make_a_box_and_one_takes_all_in_view(visit: Visit, lang: str) -> None:
    visitor = visit("supervisor", "phone", lang)
    page = ready(visitor)
    assert visitor.low_targets("[data-map-tools] button") == []
    visitor.button("All in view").tap()
    expect(chosen(page)).to_have_count(4)
    visitor.button("Choose none").tap()
    expect(chosen(page)).to_have_count(0)
    page.locator("[data-map-tools]").evaluate("element => element.scrollIntoView({block: 'start'})")
    page.evaluate("window.scrollBy(0, -70)")
    visitor.button("Two corners").tap()
    page.touchscreen.tap(*corner(page.locator("#lead-map"), 0.02, 0.4))
    expect(page.locator("[data-map-state]")).to_have_text(visitor.say("Now the corner opposite."))
    page.touchscreen.tap(*corner(page.locator("#lead-map"), 0.98, 0.98))
    expect(chosen(page)).to_have_count(3)
    visitor.look()


def test_the_list_beside_the_map_chooses_by_keyboard_and_follows_it(visit: Visit) -> None:
    visitor = visit("supervisor", "desk", "en")
    page = ready(visitor)
    tick = page.locator(".map-list .row-line", has_text="Faraway Yard").get_by_role("checkbox")
    tick.focus()
    page.keyboard.press("Space")
    expect(chosen(page)).to_have_text(["Faraway Yard"])
    visitor.button("All in view").click()
    expect(page.locator(".map-list .pick-box:checked")).to_have_count(4)
    page.locator("[data-map-chosen] .chip", has_text="Faraway Yard").get_by_role("checkbox").click()
    expect(tick).not_to_be_checked()
    visitor.button("Share").click()
    expect(page.locator("main input[name=lead]")).to_have_count(3)


def test_escape_ends_the_drawing_and_the_map_moves_again(visit: Visit) -> None:
    visitor = visit("supervisor", "desk", "en")
    page = ready(visitor)
    visitor.button("Two corners").click()
    page.mouse.click(*corner(page.locator("#lead-map"), 0.1, 0.1))
    expect(page.locator(".map-outline")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".map-veil")).to_be_hidden()
    expect(page.locator(".map-outline")).to_have_count(0)
    assert chosen(page).count() == 0


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_without_tiles_the_map_is_drawn_with_coasts_degrees_cities_and_regions(
    visit: Visit, window: str, lang: str
) -> None:
    visitor = visit("supervisor", window, lang)
    page = ready(visitor)
    expect(page.locator("path.map-land")).to_have_count(1)
    assert len(page.locator("path.map-land").get_attribute("d") or "") > 500, "coasts, not a speck"
    expect(page.locator(".map-degree").first).to_be_attached()
    expect(page.locator(".map-city", has_text="上海" if lang == "zh" else "Shanghai")).to_have_count(1)
    expect(page.locator(".map-region")).to_have_text(["North 4"])
    assert page.locator("img.leaflet-tile").count() == 0
    if window == "phone":
        for button in page.locator("[data-map-tools] button").all():
            box = button.bounding_box()
            assert box and box["height"] >= THUMB - 0.5
    visitor.look()
