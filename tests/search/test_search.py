"""GET /search: by name, other name, address, number, phone, person, note, record and pinyin; only what one may see."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tests.leads.making import make_lead
from tracker import clock
from tracker.leads.models import LeadContact
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects.models import Project, ProjectContact, SiteName
from tracker.search.indexing import faults, rebuild
from tracker.search.queries import search
from tracker.team.models import User

BUDGET = 6  # statements, signing in included


@pytest.fixture
def tower(session: Session, cast: Cast) -> Project:
    """sales1's project, sold through dealer1's company, with everything by which it may be found."""
    project = make_project(session, cast.sales1, name="武汉海澜湾三期", dealer=cast.xinyuan)
    project.address, project.plot_number, project.note = "解放大道77号", "P（2026）012", "甲方要求环保认证"
    session.add(SiteName(project_id=project.id, kind="promotion", name="云境天成"))
    session.commit()
    return project


def found(session: Session, user: User, text: str) -> dict[str, list[str]]:
    """The names of what a user finds, by kind; kinds without a hit are left out."""
    hits = search(session, user, text).hits
    return {kind: [hit.row.name for hit in of] for kind, of in hits.items() if of}


@pytest.mark.parametrize(
    "text",
    [
        "海澜",
        "湾三期",
        "云境",
        "天成",
        "解放大道",
        "P（2026）012",
        "2026",
        "环保认证",
        "hlw",
        "whhlw",
        "wuhanhailan",
        "yjtc",
    ],
)
def test_a_site_is_found_by_all_it_is_known_by(session: Session, cast: Cast, tower: Project, text: str) -> None:
    assert found(session, cast.sales1, text) == {"projects": ["武汉海澜湾三期"]}


@pytest.mark.parametrize("text", ["海", "澜海", "hlx", "hwl", "云天", "%%", "h"])
def test_what_is_not_there_is_not_found(session: Session, cast: Cast, tower: Project, text: str) -> None:
    assert found(session, cast.sales1, text) == {}


def test_a_number_after_a_hash_is_the_serial_number(session: Session, cast: Cast, tower: Project) -> None:
    assert found(session, cast.sales1, f"#{tower.id}") == {"projects": ["武汉海澜湾三期"]}
    assert found(session, cast.sales2, f"#{tower.id}") == {}
    assert found(session, cast.sales1, "#999999999") == {}


def test_a_name_with_several_readings_is_found_by_each(session: Session, cast: Cast) -> None:
    make_party(session, "重庆长安建设")
    assert found(session, cast.sales1, "cqca") == {"parties": ["重庆长安建设"]}
    assert found(session, cast.sales1, "chongqing") == {"parties": ["重庆长安建设"]}


def test_a_person_leads_to_his_sites_that_one_sees(session: Session, cast: Cast, tower: Project) -> None:
    contact = make_contact(session, make_party(session, "恒岳置业"), "王德发")
    lead, hidden = make_lead(session, cast.sales1, "光谷地块"), make_project(session, cast.sales3, name="南方某项目")
    session.add_all(
        [
            ProjectContact(project_id=tower.id, contact_id=contact.id),
            ProjectContact(project_id=hidden.id, contact_id=contact.id),
            LeadContact(lead_id=lead.id, contact_id=contact.id),
        ]
    )
    session.commit()
    [hit] = search(session, cast.sales1, "wdf").hits["contacts"]
    assert {name for _kind, _id, name in hit.sites} == {"武汉海澜湾三期", "光谷地块"}


def test_what_was_logged_is_found_with_its_site(session: Session, cast: Cast, tower: Project) -> None:
    draft = RecordDraft("map", "structure", "site_visit", clock.today(), "地下室防水开始施工")
    log_record(session, tower, draft, by=cast.sales1)
    lead = make_lead(session, cast.sales1, "光谷地块")
    note_on_lead(session, lead, by=cast.sales1, kind="call", on=clock.today(), text="业主说防水另招")
    session.commit()
    assert found(session, cast.sales1, "防水") == {"records": ["光谷地块", "武汉海澜湾三期"]}
    assert found(session, cast.supervisor, "防水") == {"records": ["光谷地块", "武汉海澜湾三期"]}
    assert found(session, cast.sales2, "防水") == {}
    assert found(session, cast.supervisor2, "防水") == {}


def test_a_dealer_finds_what_is_his_and_nothing_else(session: Session, cast: Cast, tower: Project) -> None:
    make_project(session, cast.sales1, name="海澜湾四期")
    make_contact(session, make_party(session, "海澜置业"), "海澜生")
    log_record(session, tower, RecordDraft("map", "structure", "call", clock.today(), "海澜底价已谈"), by=cast.sales1)
    session.commit()
    assert found(session, cast.dealer1, "海澜") == {"projects": ["武汉海澜湾三期"]}
    assert found(session, cast.dealer1, "底价") == {}
    assert found(session, cast.dealer2, "海澜") == {}


def test_a_dealer_finds_his_site_by_no_more_than_its_page_shows_him(
    session: Session, browser: Browser, cast: Cast, tower: Project
) -> None:
    assert found(session, cast.dealer1, "环保认证") == {"projects": ["武汉海澜湾三期"]}
    assert "环保认证" in browser.of(cast.dealer1).get(f"/projects/{tower.id}").get_data(as_text=True)


def test_exact_comes_first_then_beginnings_then_the_newest(session: Session, cast: Cast) -> None:
    for name in ("海澜", "海澜湾", "新海澜", "老海澜", "海澜城"):
        make_project(session, cast.sales1, name=name)
    assert found(session, cast.sales1, "海澜") == {"projects": ["海澜", "海澜城", "海澜湾", "老海澜", "新海澜"]}


def test_a_site_renamed_or_named_otherwise_is_found_by_its_new_names_only(
    session: Session, cast: Cast, tower: Project
) -> None:
    tower.name = "江畔里"
    other = session.query(SiteName).filter_by(project_id=tower.id).one()
    other.name = "滨江一号"
    session.commit()
    assert found(session, cast.sales1, "海澜") == found(session, cast.sales1, "云境") == {}
    assert found(session, cast.sales1, "江畔") == found(session, cast.sales1, "bjyh") == {"projects": ["江畔里"]}
    session.delete(other)
    session.commit()
    assert found(session, cast.sales1, "滨江") == {}


def test_the_index_made_anew_is_the_one_that_was_kept(session: Session, cast: Cast, tower: Project) -> None:
    make_lead(session, cast.sales1, "光谷地块", note="等摘牌")
    assert list(faults(session)) == []
    rebuild(session)
    assert list(faults(session)) == []
    assert found(session, cast.sales1, "云境") == {"projects": ["武汉海澜湾三期"]}


def test_the_page_marks_what_matched_and_says_where(browser: Browser, cast: Cast, tower: Project) -> None:
    page = browser.of(cast.sales1).get("/search?q=海澜").get_data(as_text=True)
    assert "武汉<mark>海澜</mark>湾三期" in page
    page = browser.of(cast.sales1).get("/search?q=云境").get_data(as_text=True)
    assert "Other name" in page
    assert "<mark>云境</mark>天成" in page
    assert "武汉<mark>海澜湾</mark>三期" in browser.of(cast.sales1).get("/search?q=hlw").get_data(as_text=True)


def test_the_page_keeps_to_its_budget(browser: Browser, cast: Cast, tower: Project, session: Session) -> None:
    make_contact(session, make_party(session, "海澜置业"), "海澜生")
    session.commit()
    client = browser.of(cast.sales1)
    client.get("/search?q=海澜")
    with counted_queries() as statements:
        assert client.get("/search?q=海澜").status_code == 200
    assert len(statements) <= BUDGET, "\n".join(statements)


def test_more_of_one_kind_is_turned_page_by_page(session: Session, browser: Browser, cast: Cast) -> None:
    for number in range(60):
        make_project(session, cast.sales1, name=f"海澜{number:02}座")
    client = browser.of(cast.sales1)
    page = client.get("/search?q=海澜").get_data(as_text=True)
    assert page.count('class="hit site"') == 12
    assert "kind=projects" in page
    first = client.get("/search?q=海澜&kind=projects").get_data(as_text=True)
    second = client.get("/search?q=海澜&kind=projects&page=2").get_data(as_text=True)
    assert (first.count('class="hit site"'), second.count('class="hit site"')) == (50, 10)
    assert client.get("/search?q=海澜&kind=nonsense&page=-5").status_code == 200


def test_suggestions_are_options_of_a_listbox(browser: Browser, cast: Cast, tower: Project) -> None:
    answer = browser.of(cast.sales1).get("/search/suggestions?q=hlw", headers=HTMX).get_data(as_text=True)
    assert f'role="option" id="offered-projects-{tower.id}"' in answer
    assert "<html" not in answer
    assert 'aria-disabled="true"' in browser.of(cast.dealer2).get("/search/suggestions?q=hlw").get_data(as_text=True)


def test_every_page_brings_the_box_and_works_without_it(browser: Browser, cast: Cast) -> None:
    page = browser.of(cast.sales1).get("/profile").get_data(as_text=True)
    assert "data-palette" in page
    assert 'role="combobox"' in page
    assert 'action="/search"' in page


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "'; DROP", '"ab"', "a*", "ab|cd", "ǁab", "🏗️👩", "-- --", "\\\\x", "AND OR NOT", "é" * 300]
)
def test_strange_words_break_nothing(browser: Browser, cast: Cast, text: str) -> None:
    client = browser.of(cast.sales1)
    assert client.get("/search", query_string={"q": text}).status_code == 200
    assert client.get("/projects", query_string={"q": text}).status_code == 200
    assert client.get("/search/suggestions", query_string={"q": text}).status_code == 200


def test_lists_are_searched_by_the_same_words(browser: Browser, cast: Cast, tower: Project) -> None:
    for text in ("hlw", "云境", "环保认证"):
        assert "武汉海澜湾三期" in browser.of(cast.sales1).get(f"/projects?q={text}").get_data(as_text=True)


def test_letters_of_latin_words_are_no_initials(session: Session, cast: Cast) -> None:
    make_party(session, "合肥岑庭装饰（Centing Interiors）")
    assert found(session, cast.sales1, "center") == {}
    assert found(session, cast.sales1, "interiors") == {"parties": ["合肥岑庭装饰（Centing Interiors）"]}
