"""From Today over the board to a project; its matrix under the thumb and under the arrow keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, OTHERS, Visitor
from workflows.loading import load_standard

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


def cell(page: Page, key: str) -> Locator:
    """The link of a cell in the matrix, `phase/step`."""
    return page.locator(f"table [data-cell='{key}']")


def scrolled(page: Page) -> int:
    """How far the matrix is moved to the left, in pixels."""
    return int(page.locator("[data-scroll]").evaluate("element => element.scrollLeft"))


def settled(page: Page) -> int:
    """How far it is moved when it has come to rest."""
    last = -1
    while (now := scrolled(page)) != last:
        last = now
        page.wait_for_timeout(150)
    return now


def in_view(page: Page, found: Locator) -> bool:
    """Whether the middle of it is to be seen, with nothing lying over it."""
    return bool(
        found.evaluate("""element => {
          const box = element.getBoundingClientRect();
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          return !!top && (element.contains(top) || top.contains(element)); }""")
    )


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_from_today_over_the_board_and_a_cells_list_to_a_project(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    visitor = visit("supervisor", window, lang)
    page = visitor.go("/")
    menu = page.get_by_role("navigation", name=visitor.say("Under the thumb" if window == "phone" else "Main"))
    visitor.link("Board", menu).click()
    name = load_standard().cell_name("map", "structure").get(lang)
    page.locator("td a").filter(has_text=name).click()
    expect(page).to_have_url(f"{company.address}/projects?phase=map&step=structure")
    expect(page.get_by_role("link", name="Canal House 1")).to_have_count(0)
    page.get_by_role("link", name="Riverside Tower 3").click()
    expect(page).to_have_url(f"{company.address}/projects/{company.riverside}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Riverside Tower 3")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_the_present_cell_lies_under_the_thumb_and_the_whole_is_one_tap_away(
    visit: Visit, company: Company, lang: str
) -> None:
    visitor = visit("sales1", "phone", lang)
    page = visitor.go(f"/projects/{company.riverside}")
    here = cell(page, "map/structure")
    expect(here).to_have_attribute("aria-current", "location")
    here.scroll_into_view_if_needed()
    expect(here).to_be_in_viewport(ratio=0.9)
    assert in_view(page, here)
    for neighbour in ("map/ground", "map/masonry", "qualify/structure"):
        expect(cell(page, neighbour)).to_be_in_viewport()
    expect(cell(page, "settle/structure")).to_be_hidden()
    before = scrolled(page)
    swipe(page, here, -220)
    assert settled(page) > before + 60
    page.locator("[data-strip] [data-cell='settle/land']").tap()
    expect(cell(page, "settle/land")).to_be_in_viewport()
    assert scrolled(page) < before
    expect(page.locator("table tbody tr:visible")).to_have_count(8)
    all_rows = page.locator("[data-all-rows]")
    expect(all_rows).to_have_attribute("aria-pressed", "true")
    all_rows.tap()
    expect(cell(page, "settle/land")).to_be_hidden()
    page.locator("[data-strip] [data-cell='map/structure']").tap()
    here.tap()
    expect(page).to_have_url(f"{company.address}/projects/{company.riverside}/cells/map/structure")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def swipe(page: Page, where: Locator, distance: int) -> None:
    """Drag with one finger, sideways, by so many pixels."""
    box = where.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 30
    hand = page.context.new_cdp_session(page)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 9):
        finger = {"x": x + distance * part / 8, "y": y}
        hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [finger]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_desk_all_cells_are_seen_at_once_and_walked_by_keys(visit: Visit, company: Company, lang: str) -> None:
    visitor = visit("sales1", "desk", lang)
    page = visitor.go(f"/projects/{company.riverside}")
    expect(page.locator("table [data-cell]")).to_have_count(96)
    assert page.locator("[data-scroll]").evaluate("element => element.scrollWidth <= element.clientWidth")
    for corner in ("qualify/land", "qualify/handover", "settle/land", "settle/handover"):
        box = cell(page, corner).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
    cell(page, "map/structure").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(cell(page, "map/ground")).to_be_focused()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    title = drawer.get_by_role("heading", level=2)
    expect(title).to_have_text(load_standard().cell_name("map", "ground").get(lang))
    expect(title).to_be_focused()
    assert in_view(page, cell(page, "map/ground")), "the drawer covers its cell"
    visitor.look()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(cell(page, "map/ground")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    expect(page).to_have_url(f"{company.address}/projects/{company.riverside}/log?phase=map&step=structure")


@pytest.mark.parametrize(("window", "lang"), [("desk", "zh")])
def test_what_was_typed_in_the_drawer_is_there_when_its_cell_opens_again(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    visitor = visit("sales1", window, lang)
    page = visitor.go(f"/projects/{company.riverside}")
    drawer = page.locator("#drawer")
    cell(page, "map/structure").click()
    drawer.locator("summary", has_text=visitor.say("Add a record here")).click()
    drawer.locator("[name=text]").fill("The buyer is away until Monday.")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    cell(page, "map/ground").click()
    expect(drawer.get_by_role("heading", level=2)).to_be_focused()
    cell(page, "map/structure").click()
    expect(drawer.locator("[name=text]")).to_have_value("The buyer is away until Monday.")
    visitor.button("Close", drawer).click()
    expect(drawer).to_be_hidden()


@pytest.mark.parametrize(("window", "lang"), OTHERS)
def test_a_list_answers_to_its_filters_and_can_be_bookmarked(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    visitor = visit("supervisor", window, lang)
    page = visitor.go("/projects")
    page.locator("summary", has_text=visitor.say("Filters")).click()
    page.locator("select[name=owner]").select_option(str(company.users["sales2"]))
    expect(page.get_by_role("link", name="Canal House 1")).to_be_visible()
    expect(page.get_by_role("link", name="Riverside Tower 3")).to_have_count(0)
    assert f"owner={company.users['sales2']}" in visitor.path
    visitor.go(visitor.path)
    expect(page.locator("select[name=owner]")).to_have_value(str(company.users["sales2"]))


def test_search_answers_while_one_types(visit: Visit) -> None:
    visitor = visit("sales1", "phone", "zh")
    page = visitor.go("/search")
    page.locator("#content [name=q]").press_sequentially("Harbour")
    expect(page.locator("#results").get_by_role("link", name="Harbour Gate")).to_be_visible()
