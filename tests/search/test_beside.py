"""GET /search/more: papers, pictures, registrations, agreements and colleagues; only what one may see."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.accounts.making import make_account, make_agreement
from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.documents.making import make_document
from tests.factories import make_party, make_photo, make_project
from tests.registrations.making import handed_in, make_dealer, make_desk
from tracker.search.beside import search_beside
from tracker.storage import FolderStorage
from tracker.team.models import User

BUDGET = 7  # statements, signing in included


def found(session: Session, user: User, text: str) -> dict[str, list[str]]:
    """What a user finds beside the indexed kinds: the names by kind."""
    return {
        kind: ["".join(piece for piece, _marked in one.name.pieces) for one in rows]
        for kind, rows in search_beside(session, user, text).items()
    }


def test_a_picture_is_found_by_its_caption_by_who_sees_its_site(session: Session, cast: Cast) -> None:
    photo = make_photo(session, cast.sales1, project=make_project(session, cast.sales1, name="海澜湾三期"))
    photo.caption = "裙楼外立面样板"
    session.flush()
    assert found(session, cast.sales1, "样板 裙楼") == {"photos": ["裙楼外立面样板"]}
    assert found(session, cast.sales2, "样板") == {}
    [row] = search_beside(session, cast.supervisor, "外立面")["photos"]
    assert (row.key, row.under) == (photo.token, "海澜湾三期")
    assert ("外立面", True) in row.name.pieces


def test_a_paper_is_found_by_its_name_in_any_case_by_who_sees_its_site(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    paper = make_document(session, media, cast.sales1, "Tender-List.pdf")
    paper.project_id = make_project(session, cast.sales1).id
    session.flush()
    assert found(session, cast.sales1, "tender") == {"documents": ["Tender-List.pdf"]}
    assert found(session, cast.sales3, "tender") == {}


def test_a_registration_is_found_by_the_desk_and_its_own_dealer_and_nobody_else(
    session: Session, cast: Cast, browser: Browser
) -> None:
    desk = make_desk(session, cast)
    claim = handed_in(session, make_dealer(session, cast.xinyuan, desk), cast.dealer1)
    name = {"registrations": ["Hailan Bay Resort Hotel"]}
    assert found(session, desk, "binhai road") == found(session, cast.dealer1, "Hailan") == name
    assert found(session, cast.dealer2, "Hailan") == found(session, cast.sales1, "Hailan") == {}
    assert f"/registrations/{claim.id}" in browser.of(desk).get("/search/more?q=Hailan").get_data(as_text=True)
    own = browser.of(cast.dealer1).get("/search/more?q=Hailan").get_data(as_text=True)
    assert f"/dealers/mine/registrations/{claim.id}" in own


def test_agreements_and_colleagues_are_ours_alone(session: Session, cast: Cast) -> None:
    make_agreement(session, make_account(session, make_party(session, "恒岳置业"), cast.gm), cast.gm)
    assert found(session, cast.sales1, "JC-017") == {"agreements": ["HY-2024-JC-017"]}
    assert found(session, cast.sales1, "恒岳") == {"agreements": ["HY-2024-JC-017"]}
    assert found(session, cast.sales1, "supervisor2") == {"people": [cast.supervisor2.name]}
    assert found(session, cast.dealer1, "JC-017") == found(session, cast.dealer1, "supervisor2") == {}


def test_the_page_of_the_search_asks_for_it_and_it_is_a_page_by_itself(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    assert 'hx-get="/search/more?q=supervisor2"' in client.get("/search?q=supervisor2").get_data(as_text=True)
    part = client.get("/search/more?q=supervisor2", headers=HTMX).get_data(as_text=True)
    assert "<html" not in part
    assert f"/people/{cast.supervisor2.id}" in part
    assert "<html" in client.get("/search/more?q=supervisor2").get_data(as_text=True)
    with counted_queries() as statements:
        client.get("/search/more?q=supervisor2", headers=HTMX)
    assert len(statements) <= BUDGET, "\n".join(statements)


@pytest.mark.parametrize("text", ["", "x", "%", "%%", "a_", "<b>", "'; DROP", "\\\\x", "🏗️👩", "é" * 300])
def test_strange_words_break_nothing(cast: Cast, browser: Browser, text: str) -> None:
    answer = browser.of(cast.sales1).get("/search/more", query_string={"q": text})
    assert answer.status_code == 200
    assert "<b></mark>" not in answer.get_data(as_text=True)
