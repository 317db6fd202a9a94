"""GET /projects/<id>/replay: the story turn by turn, without the ending until somebody asks for it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_project
from tests.history.making import live
from tests.matrix.making import text_of
from tracker.projects.models import Project
from tracker.team.models import User

BUDGET = 14


def turn(browser: Browser, user: User, project: Project, query: str = "", lang: str = "en") -> str:
    answer = browser.of(user, lang).get(f"/projects/{project.id}/replay{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]


def test_the_first_turn_is_the_opening_and_hides_what_came(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    page = turn(browser, cast.sales1, project)
    said = text_of(page)
    assert "The project is opened." in said and "the first day" in said
    assert 'data-here="qualify/ground"' in page
    assert "Met the owner." in said and "The frame is up." not in said
    assert not re.search(r"\bwon\b|2 Mar|26 Jan|9 Feb", said)
    assert "What would you do next?" in said


def test_a_guess_shows_what_the_team_did_and_what_came_of_it(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    same = text_of(turn(browser, cast.sales1, project, "?turn=0&guess=map"))
    assert "The team did the same: Move to Stakeholder mapping and access" in same
    assert "It made 1 record in this time." in same and "21 days later" in same
    other = text_of(turn(browser, cast.sales1, project, "?turn=0&guess=stay"))
    assert "You: Stay in this phase and work on. The team: Move to Stakeholder mapping and access" in other
    assert "from Set-up and qualification to Stakeholder mapping and access" in other
    assert not re.search(r"\bwon\b", other)
    assert "What would you do next?" in turn(browser, cast.sales1, project, "?turn=0&guess=nonsense")


def test_the_turns_lead_to_the_end(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    told = [text_of(turn(browser, cast.sales1, project, f"?turn={number}&guess=stay")) for number in range(4)]
    assert "The building: from Earthworks" in told[1] and "14 days later" in told[1]
    assert "The project is now: won" in told[2]
    assert "no further move" in told[3] and "Go on" not in told[3]
    beyond = text_of(turn(browser, cast.sales1, project, "?turn=999"))
    assert "Move 4" in beyond
    assert "Move 1 " in text_of(turn(browser, cast.sales1, project, "?turn=-1"))


def test_the_ending_is_told_when_asked_for(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    asked = text_of(turn(browser, cast.sales1, project, "?turn=0&ending=1"))
    assert "The ending" in asked and "won" in asked.split("The ending")[1] and "2 Mar" in asked


def test_the_choices_are_the_moves_the_engine_allows(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    choices = re.findall(r'name="guess" value="(\w+)"', turn(browser, cast.sales1, project))
    assert choices[0] == "stay" and choices[-1] == "suspend" and "map" in choices and "settle" not in choices
    assert len(set(choices)) == len(choices)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_cell_advises_and_another_can_be_looked_at(
    session: Session, cast: Cast, browser: Browser, lang: str
) -> None:
    from tests.matrix.making import STANDARD

    project = live(session, cast.sales1)
    for query, cell in (("", ("qualify", "ground")), ("?turn=0&cell=map/structure", ("map", "structure"))):
        page = text_of(turn(browser, cast.sales1, project, query, lang))
        hint = STANDARD.cell(*cell).hints[0].text.get(lang)
        assert hint in page.replace("&#39;", "'")


def test_a_project_of_which_nothing_is_known_but_where_it_stands_can_be_replayed(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    assert "no further move" in turn(browser, cast.sales1, project, "?guess=stay")


def test_it_is_for_our_own_people_who_see_the_project(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1, parties=((cast.xinyuan.id, "dealer"),))
    for user, status in ((cast.sales1, 200), (cast.sales3, 404), (cast.dealer1, 404), (cast.compliance, 200)):
        assert browser.of(user).get(f"/projects/{project.id}/replay").status_code == status, user.username
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/replay").status_code == 405
    assert "Replay step by step" in browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert "Replay step by step" not in browser.of(cast.dealer1).get(f"/projects/{project.id}").get_data(as_text=True)


def test_a_turn_asks_little(session: Session, cast: Cast, browser: Browser) -> None:
    project = live(session, cast.sales1)
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        assert client.get(f"/projects/{project.id}/replay?turn=1").status_code == 200
    assert len(asked) <= BUDGET
