"""The month in which story B's hospital was won: its report's figures equal the lists behind the links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.client import Browser
from tests.reports.making import section
from tests.stories.application.playing import Performance, performance
from tests.stories.story_b import STORY
from tracker import clock
from tracker.i18n import speaking
from tracker.matrix.models import Evidence, LifecycleChange, Move, Record
from tracker.reports.models import Report
from tracker.reports.operations.making import make_due
from tracker.reports.queries.happening import VISITS
from tracker.reports.reading import read
from tracker.team.models import User

MONTH = (date(2026, 10, 1), date(2026, 10, 31))
AFTER = datetime(2026, 11, 1, 8, 30)


@pytest.fixture(scope="module")
def story(app: Flask) -> Iterator[Performance]:
    with performance(app, STORY, "sales") as played:
        played.play("B27")
        session = played.stage.session
        with clock.frozen(AFTER.replace(tzinfo=clock.zone())):
            for _number in make_due(session, clock.now()):
                session.commit()
        yield played


def month_of(story: Performance, subject: str) -> Report:
    query = select(Report).where(Report.subject == subject, Report.period == "month")
    return story.stage.session.scalars(query).one()


def person(story: Performance, name: str) -> User:
    return story.stage.session.scalars(select(User).where(User.username == name)).one()


def the_team(story: Performance) -> str:
    return f"team:{person(story, 'director').team_id}"


def test_the_figures_of_the_month_equal_the_lists_behind_their_links(story: Performance, app: Flask) -> None:
    stage, subject = story.stage, the_team(story)
    with clock.frozen(AFTER.replace(tzinfo=clock.zone())):
        client = Browser(app, stage.session).of(person(story, "director"))
        report = month_of(story, subject)
        page = client.get(f"/reports/{report.id}").get_data(as_text=True)
        checked = set()
        for one in report.content["sections"]:
            links = re.findall(rf'href="(/reports/of/[^"]*/{one["key"]})"', page)
            for address in links:
                (rows,) = re.findall(r'data-rows="(\d+)"', client.get(address).get_data(as_text=True))
                assert int(rows) == one["n"], one["key"]
                checked.add(one["key"])
    assert {"moves", "outcomes", "done", "work"} <= checked


def test_the_figures_of_the_month_equal_what_the_tables_hold(story: Performance) -> None:
    session, report = story.stage.session, month_of(story, the_team(story))
    held = {
        "moves": select(func.count()).select_from(Move).where(Move.on.between(*MONTH)),
        "outcomes": select(func.count())
        .select_from(LifecycleChange)
        .where(LifecycleChange.on.between(*MONTH), LifecycleChange.target.in_(("won", "lost"))),
        "done": select(func.count())
        .select_from(Evidence)
        .where(Evidence.recorded_on.between(*MONTH), Evidence.target.like("T.%")),
    }
    work = select(func.count()).select_from(Record).where(Record.happened_on.between(*MONTH), Record.is_plan.is_(False))
    for key, query in held.items():
        assert section(report, key)["n"] == session.scalar(query), key
    numbers = {one["key"]: one["n"] for one in report.content["figures"]}
    visits = session.scalar(work.where(Record.kind.in_(VISITS)))
    assert numbers["visits"] == visits
    assert section(report, "work")["n"] == (session.scalar(work) or 0) - (visits or 0)


def test_the_month_tells_what_was_won_and_lost_and_why_in_both_languages(story: Performance, app: Flask) -> None:
    report = month_of(story, the_team(story))
    assert {one["key"]: one["n"] for one in report.content["figures"]}["lost"] == 1
    with app.app_context():
        for language, words in (("en", ("Price above the winner", "Bolin", "won")), ("zh", ("价格高于中标价", "赢单"))):
            with speaking(language):
                (outcomes,) = [one for one in read(report, None).sections if one.key == "outcomes"]
                said = "\n".join(line.text for line in outcomes.lines)
            assert all(word in said for word in words), said


def test_whose_month_was_quiet_is_told_so_plainly(story: Performance) -> None:
    report = month_of(story, f"person:{person(story, 'key_accounts').id}")
    (line,) = section(report, "silence")["lines"]
    assert line["say"] == "nothing"
