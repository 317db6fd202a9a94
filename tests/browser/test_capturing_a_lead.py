"""A lead is captured on a phone, and many on a desk."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.company import Company
from tests.browser.pictures import site_picture
from tests.browser.visitor import CROSSED, Visitor
from tests.documents.making import PDF
from tracker.leads.models import Lead

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
NAMES = {"phone": "Osprey Wharf", "desk": "Kestrel Mill"}  # sites that have nothing in common
LATITUDES = {"phone": 30.6, "desk": 29.5}


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_notice_board_a_name_and_the_place_are_enough(visit: Visit, company: Company, window: str, lang: str) -> None:
    visitor = visit("sales1", window, lang, permissions=["geolocation"],
                    geolocation={"latitude": LATITUDES[window], "longitude": 104.1})  # fmt: skip
    page = visitor.go("/leads/new")
    name, began = NAMES[window], time.monotonic()
    page.locator("#lead-files").set_input_files([site_picture("board.jpg", floors=1).payload()])
    expect(page.locator(".upload-done")).to_have_count(1)
    page.locator("[data-here]").first.click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=source]").select_option("street_canvassing")
    visitor.button("Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert time.monotonic() - began < 30, "half a minute of the machine's own leaves a minute for the person"
    with company.session() as session:
        lead = session.scalars(select(Lead).where(Lead.name == name)).one()
        assert (lead.owes_evidence, lead.latitude is None) == (False, False)


def test_the_field_that_the_source_demands_moves_up_and_keeps_what_is_in_it(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "phone", "en")
    page = visitor.go("/leads/new")
    page.locator("[name=source]").select_option("design_institute")
    expect(page.locator("[name=informant_name]")).to_be_visible()
    page.locator("[name=informant_name]").fill("Elena")
    page.locator("[name=source]").select_option("media_land")
    expect(page.locator("[name=informant_name]")).to_be_hidden()
    expect(page.locator("[data-tip=media_land]")).to_be_visible()
    page.locator("#papers").set_input_files([{"name": "notice.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    expect(page.locator(".upload-paper")).to_have_count(1)
    page.locator("[name=source]").select_option("design_institute")
    expect(page.locator("[name=informant_name]")).to_have_value("Elena")
    page.locator("[name=name]").fill("Land sold there")
    with visitor.expecting(422):
        visitor.button("Save").click()
        expect(page.get_by_role("alert").first).to_contain_text("which firm")
    page.locator("[name=informant_name]").fill("")
    page.locator("[name=source]").select_option("media_land")
    visitor.button("Save").click()
    expect(page.locator(".record-papers")).to_contain_text("notice.pdf")


def test_rows_pasted_from_a_sheet_are_spread_over_the_grid(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "desk", "en")
    page = visitor.go("/leads/several")
    rows = "\\n".join(f"Pasted {number}\\t{number} Quay Street" for number in range(12))
    page.locator("[name=rows-0-name]").focus()
    page.evaluate(
        f"""() => {{ const data = new DataTransfer(); data.setData("text/plain", "{rows}");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste",
            {{clipboardData: data, bubbles: true, cancelable: true}})); }}"""
    )
    expect(page.locator("[name=rows-11-address]")).to_have_value("11 Quay Street")
    visitor.button("Save them all").click()
    expect(page.locator("main")).to_contain_text("Pasted 11")
    with company.session() as session:
        found = session.scalars(select(Lead).where(Lead.name.like("Pasted %"))).all()
        assert len(found) == 12 and all(lead.owes_evidence for lead in found)
