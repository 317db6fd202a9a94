"""The smaller lists as files: the same rows as on their pages, for those who see these pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.assigning.making import pool_lead
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.documents.making import make_document
from tests.duplicates.making import CERTAIN, known_lead
from tests.exports.test_exports import csv_of, xlsx_of
from tests.factories import make_notification, make_party, make_project
from tests.leads.making import make_lead
from tracker.assigning.operations.covering import Ground, add_territory
from tracker.assigning.operations.ruling import RuleDraft, add_rule
from tracker.documents.models import Document
from tracker.imports.models import ImportRun
from tracker.merging.operations import merge, undo_merge
from tracker.merging.queries import list_merges
from tracker.team.models import User

ADDRESSES = {
    "/admin/teams": ("Team", "团队"),
    "/admin/teams?part=regions": ("Region", "区域"),
    "/admin/roles": ("Role", "角色"),
    "/admin/matrix": ("Version", "版本"),
    "/leads/pool": ("Name", "名称"),
    "/leads/pool?part=projects": ("Name", "名称"),
    "/leads/territories": ("Name", "名称"),
    "/leads/rules": ("Order", "顺序"),
    "/duplicates": ("What is asked", "请求内容"),
    "/duplicates?which=mine": ("What is asked", "请求内容"),
    "/imports": ("File", "文件"),
    "/imports/leads": ("File", "文件"),
    "/merges": ("Kept", "保留的"),
    "/notifications?which=all": ("Site", "工地"),
    "/documents": ("File", "文件"),
}
"""Each with a head of its file."""


def exported(address: str, kind: str = "csv") -> str:
    """The address of a list's file."""
    return f"{address}{'&' if '?' in address else '?'}export={kind}"


@pytest.fixture
def furnished(session: Session, cast: Cast, app: Flask, browser: Browser) -> Cast:
    """A company in which every list has a row that the director or, of his own, the administrator sees."""
    pool_lead(session, cast.sales1, "Nobody's plot", team=cast.north)
    make_project(session, cast.sales1, name="Orphan").owner_id = None
    add_territory(session, cast.north, None, Ground(district="Riverside"), by=cast.supervisor)
    rule = RuleDraft("turns", 3, team_id=cast.north.id, to_team_id=cast.north.id, least_value=Decimal(50_000))
    add_rule(session, rule, by=cast.director)
    session.add(
        ImportRun(kind="leads", file_name="permits.csv", state="done", rows_total=7, created=5, by_id=cast.admin.id)
    )
    kept, gone = make_party(session, "Hengyue"), make_party(session, "Hengyue Land Ltd")
    session.commit()
    merge(session, "party", kept, gone, by=cast.supervisor, reason="Same seal", take=())
    known_lead(session, cast.sales1)
    browser.of(cast.sales3).post("/leads/new", data={**CERTAIN, "way": "join", "why": "I know the owner"})
    for user in (cast.director, cast.sales1):
        make_notification(session, user, make_project(session, cast.sales1, name="Silent site"))
    document = make_document(session, app.extensions["storage"], cast.sales1)
    document.project_id = make_project(session, cast.sales1, name="Documented").id
    session.commit()
    return cast


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_list_comes_as_both_kinds_of_file_in_both_languages(
    furnished: Cast, browser: Browser, address: str
) -> None:
    user = furnished.admin if address.startswith(("/admin", "/imports")) else furnished.director
    user = furnished.sales3 if "mine" in address else user
    for lang, head in zip(("en", "zh"), ADDRESSES[address], strict=True):
        rows = xlsx_of(browser, user, exported(address, "xlsx"), lang)
        assert head in rows[0] and len(rows) > 1
        plain = csv_of(browser, user, exported(address), lang)
        assert list(plain[0]) == rows[0] and len(plain) == len(rows) - 1
        assert "export=xlsx" in browser.of(user, lang).get(address).get_data(as_text=True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_does_not_get_the_page_does_not_get_the_file(furnished: Cast, browser: Browser, address: str) -> None:
    for user in furnished.users.values():
        client = browser.of(user)
        assert client.get(exported(address)).status_code == client.get(address).status_code, user.username


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_number_of_statements_stays_small(furnished: Cast, browser: Browser, address: str) -> None:
    client = browser.of(furnished.admin if address.startswith("/admin") else furnished.director)
    with counted_queries() as statements:
        assert client.get(exported(address)).status_code == 200
    assert len(statements) <= 10, "\n".join(statements)


def test_a_page_that_answers_a_form_offers_no_file(furnished: Cast, browser: Browser) -> None:
    answer = browser.of(furnished.admin).post("/admin/regions", data={"name": ""})
    assert answer.status_code == 422 and "export=" not in answer.get_data(as_text=True)


def test_teams_come_in_the_order_of_their_tree(session: Session, cast: Cast, browser: Browser) -> None:
    rows = csv_of(browser, cast.admin, "/admin/teams?export=csv")
    assert [(row["Team"], row["Under"], row["Region"]) for row in rows][:3] == [
        ("Anhe", "", ""), ("North sales", "Anhe", "North"), ("South sales", "Anhe", "South"),
    ]  # fmt: skip
    assert [row["Region"] for row in csv_of(browser, cast.admin, "/admin/teams?part=regions&export=csv")] == [
        "North", "South",
    ]  # fmt: skip


def test_a_role_says_what_it_may(session: Session, cast: Cast, browser: Browser) -> None:
    rows = {row["Role"]: row for row in csv_of(browser, cast.admin, "/admin/roles?export=csv")}
    assert "log records" in rows["Salesperson"]["May"].split(", ")
    assert rows["Salesperson"]["Sees"] == "what is his own, and where he joins"


def test_the_pool_is_narrowed_as_on_its_page(session: Session, cast: Cast, browser: Browser) -> None:
    pool_lead(session, cast.sales1, "By the road", team=cast.north, source="street_canvassing")
    pool_lead(session, cast.sales1, "By phone", team=cast.north, source="owner_inquiry")
    pool_lead(session, cast.sales3, "Far south", team=cast.south, source="owner_inquiry")
    make_lead(session, cast.sales1, "Somebody's")

    def names(user: User, **more: str) -> list[str]:
        asked = "".join(f"&{name}={value}" for name, value in more.items())
        return [row["Name"] for row in csv_of(browser, user, f"/leads/pool?export=csv{asked}")]

    assert names(cast.director) == ["Far south", "By phone", "By the road"]
    assert names(cast.director, source="owner_inquiry") == ["Far south", "By phone"]
    assert names(cast.director, region=str(cast.region_north.id)) == ["By phone", "By the road"]
    page = browser.of(cast.sales1).get("/leads/pool").get_data(as_text=True)
    assert [name for name in ("Far south", "By phone", "By the road") if name in page] == names(cast.sales1)


def test_a_rule_is_said_in_words(furnished: Cast, browser: Browser) -> None:
    [row] = csv_of(browser, furnished.director, "/leads/rules?export=csv")
    assert (row["Order"], row["Goes to"], row["Team"]) == ("3", "a team, one after the other", "North sales")
    assert (row["Leads of the team"], Decimal(row["Value at least"])) == ("North sales", 50_000)
    [row] = csv_of(browser, furnished.supervisor, "/leads/territories?export=csv")
    assert (row["Team"], row["District (a word of the address)"]) == ("North sales", "Riverside")
    assert csv_of(browser, furnished.supervisor2, "/leads/territories?export=csv") == []


def test_who_asked_does_not_read_which_site_is_on_record(furnished: Cast, browser: Browser) -> None:
    [mine] = csv_of(browser, furnished.sales3, "/duplicates?which=mine&export=csv")
    assert (mine["What is asked"], mine["State"], mine["Reason"]) == ("joining", "waiting", "I know the owner")
    assert "On record" not in mine and "海澜湾度假酒店" not in mine.values()
    assert csv_of(browser, furnished.sales3, "/duplicates?which=answer&export=csv") == [mine]  # he answers nothing
    [other] = csv_of(browser, furnished.supervisor, "/duplicates?export=csv")
    assert (other["Asked by"], other["On record"]) == (furnished.sales3.name, "海澜湾度假酒店")
    assert csv_of(browser, furnished.supervisor2, "/duplicates?export=csv") == []


def test_more_imports_than_a_page_shows_are_there(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(60):
        session.add(ImportRun(kind="leads", file_name=f"{number}.csv", state="running", by_id=cast.admin.id))
    session.add(ImportRun(kind="parties", file_name="firms.csv", state="uploaded", by_id=cast.admin.id))
    session.commit()
    rows = csv_of(browser, cast.admin, "/imports?export=csv")
    assert [row["File"] for row in rows] == ["firms.csv", *(f"{number}.csv" for number in reversed(range(60)))]
    assert (rows[0]["Kind"], rows[0]["State"], rows[1]["State"]) == ("Parties", "waits for its columns", "at work")
    assert len(csv_of(browser, cast.admin, "/imports/leads?export=csv")) == 60


def test_mergings_name_both_sides_and_who_took_them_back(furnished: Cast, session: Session, browser: Browser) -> None:
    [row] = csv_of(browser, furnished.director, "/merges?export=csv")
    assert (row["Kind"], row["Kept"], row["Gone into it"]) == ("Firm", "Hengyue", "Hengyue Land Ltd")
    assert (row["Why"], row["By whom"], row["Taken back by"]) == ("Same seal", furnished.supervisor.name, "")
    [merged] = list_merges(session, furnished.director).items
    undo_merge(session, merged, by=furnished.supervisor)
    session.commit()
    assert csv_of(browser, furnished.director, "/merges?export=csv")[0]["Taken back by"] == furnished.supervisor.name


def test_everybody_takes_out_what_he_himself_was_told(furnished: Cast, browser: Browser) -> None:
    [row] = csv_of(browser, furnished.sales1, "/notifications?export=csv")
    assert (row["Site"], row["What"], row["Kind"]) == ("Silent site", "No record for long.", "Silence")
    assert csv_of(browser, furnished.sales2, "/notifications?which=all&export=csv") == []
    [row] = csv_of(browser, furnished.sales1, "/notifications?export=csv", "zh")
    assert "久无动静。" in row.values()


def test_a_document_does_not_name_what_one_does_not_see(
    session: Session, cast: Cast, app: Flask, browser: Browser
) -> None:
    hidden = make_project(session, cast.sales3, name="Southern secret")
    lead = make_lead(session, cast.sales1, "Plot 9")
    document = make_document(session, app.extensions["storage"], cast.sales1, "notice.pdf")
    document.lead_id, document.project_id = lead.id, hidden.id
    session.commit()
    [row] = csv_of(browser, cast.sales1, "/documents?export=csv")
    assert (row["File"], row["Kind of file"], row["Lead"], row["Project"]) == ("notice.pdf", "PDF", "Plot 9", "")
    assert session.get(Document, document.id) is not None
