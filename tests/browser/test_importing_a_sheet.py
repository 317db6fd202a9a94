"""A sheet of leads: sent, mapped, looked at, imported, and what was not taken given back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import CROSSED, Visitor
from tests.leads.making import row, sheet

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_sheet_becomes_leads_and_its_bad_rows_come_back_with_reasons(
    visit: Visit, tmp_path: Path, window: str, lang: str
) -> None:
    rows = [row(f"{lang}-{number}") for number in range(1, 41)] + [row(f"{lang}-x", date="soon"), row("", address="")]
    file = {"name": "permits.csv", "mimeType": "text/csv", "buffer": sheet(rows)}
    visitor = visit("supervisor", window, lang)
    page = visitor.go("/leads")
    visitor.link("Import").click()
    page.locator("[name=file]").set_input_files({**file, "name": "notes.csv", "buffer": b"\x00\x01\x02" * 40})
    with visitor.expecting(422):
        visitor.button("Send it").click()
        expect(page.locator("[name=file]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=file]").set_input_files(file)
    visitor.button("Send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(visitor.say("Which column is what"))
    expect(page.locator("[name=column-address] option:checked")).to_have_text("address")
    visitor.look()
    page.locator("[name=column-area]").select_option("-1")
    visitor.button("Show the preview again").click()
    expect(page.locator("main table tbody tr").first).not_to_contain_text("820")
    expect(page.locator("[name=column-area]")).to_have_value("-1")
    expect(page.locator("main table")).to_contain_text(f"{lang}-1 Harbour Road")
    visitor.button("Import them").click()
    expect(visitor.link("To the list")).to_be_visible()
    visitor.look()
    with page.expect_download() as download:
        visitor.link("Rows not taken, with reasons").click()
    kept = tmp_path / "rejected.csv"
    download.value.save_as(kept)
    assert "soon" in kept.read_text("utf-8-sig")
    visitor.link("To the list").click()
    expect(page.get_by_role("link", name=f"{lang}-7 Harbour Road")).to_be_visible()
