"""Projects follow a new version: what is mapped, what stays, and that nothing is ever lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.definitions.making import LIGHT_SOURCE, changed, light_project, publish, renamed
from tests.factories import make_project
from tracker.clock import now
from tracker.definitions.models import Publication
from tracker.definitions.operations.following import carry_out
from tracker.definitions.operations.publishing import publish_source
from tracker.definitions.queries import in_groups
from tracker.errors import Forbidden, Invalid
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.matrix.definitions import definition_of, get_definition
from tracker.matrix.facts import load_facts
from tracker.matrix.models import Approval, DefinitionVersion, Evidence, Move, OwnTask, Record, RecordHint
from tracker.projects import tallying
from tracker.projects.models import Building, CategoryLine, Project, ProjectTally
from workflows.mapping import KeyMapping

ROWS = (Record, RecordHint, Evidence, Photo, Move, OwnTask, Building, CategoryLine, Project)
NEW_KEYS = KeyMapping(phases={"offer": "quote"}, steps={"strip": "clear"}, categories={"tiles": "ceramic"})


def facts_of(session: Session, project: Project) -> Any:
    """What happened to the project; what has no order of its own in one of ours."""
    facts = load_facts(session, definition_of(session, project), project)
    names = ("categories", "records", "evidence")
    return replace(facts, **{name: tuple(sorted(getattr(facts, name), key=repr)) for name in names})


def numbers(session: Session) -> dict[str, int]:
    return {model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in ROWS}


def test_projects_keep_their_version_unless_they_are_to_follow(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    publication = publish(session, LIGHT_SOURCE, cast.admin)
    assert publication.version == 2 and publication.state == "done"
    session.refresh(project)
    assert project.definition_version == 1


def test_texts_alone_are_followed_without_touching_anything_else(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    before = facts_of(session, project)
    source = changed(LIGHT_SOURCE, lambda data: data["phases"]["items"][0].update(en="Find them"))
    publication = publish(session, source, cast.admin, follow=[("light", 1)])
    session.refresh(project)
    assert (project.definition_version, publication.moved, publication.kept) == (2, 1, 0)
    assert facts_of(session, project) == before
    assert get_definition(session, "light", 2).phase("find").name.en == "Find them"
    assert get_definition(session, "light", 1).phase("find").name.en == "Find who decides"


def test_renamed_keys_are_mapped_in_every_row_and_no_row_is_lost(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    before = numbers(session)
    publish(session, changed(LIGHT_SOURCE, renamed), cast.admin, follow=[("light", 1)], mapping=NEW_KEYS)
    session.expire_all()
    assert numbers(session) == before
    assert (project.phase, project.step, project.definition_version) == ("quote", "clear", 2)
    facts = load_facts(session, definition_of(session, project), project)
    assert {(r.phase, r.step) for r in facts.records} == {("find", "survey"), ("quote", "clear")}
    assert [v.cell for v in facts.visited] == [("find", "survey"), ("quote", "clear")]
    assert {e.target for e in facts.evidence} == {"T.find.survey.1", "T.quote.clear.1", "X.find.decider"}
    assert {(c.key, c.phase) for c in facts.categories} == {("ceramic", None), ("lighting", "quote")}
    assert set(facts.photos) == {("find", "survey"), ("quote", "clear")}
    assert set(session.scalars(select(RecordHint.hint_id))) == {"H.find.survey.1", "H.quote.clear.1"}
    assert session.scalars(select(OwnTask.phase)).one() == "quote"
    assert list(tallying.faults(session)) == []


def test_the_event_of_a_mapped_project_keeps_every_old_value(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    publish(session, changed(LIGHT_SOURCE, renamed), cast.admin, follow=[("light", 1)], mapping=NEW_KEYS)
    event = session.scalars(select(Event).where(Event.kind == Kind.PROJECT_MAPPED)).one()
    assert (event.project_id, event.data["source"], event.data["target"]) == (project.id, "light 1", "light 2")
    old = event.data["before"]
    assert old["project"] == {"phase": "offer", "step": "strip"}
    assert list(old["record"].values()) == ["offer/strip"]
    assert sorted(old["evidence"].values()) == ["T.offer.strip.1"]
    assert sorted(old["move"].values()) == ["phase/find/offer", "step/strip"]
    assert sorted(old["category_line"].values()) == ["lighting/offer", "tiles"]
    assert list(old["record_hint"].values()) == ["H.offer.strip.1"]


def test_a_project_that_has_no_place_there_keeps_its_version(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    stays = light_project(session, cast, name="stays")
    goes = light_project(session, cast, name="goes", phase="find", step="survey")
    session.execute(CategoryLine.__table__.delete().where(CategoryLine.project_id == goes.id))
    session.commit()
    publication = publish(session, changed(LIGHT_SOURCE, renamed), cast.admin, follow=[("light", 1)])
    session.expire_all()
    assert (publication.moved, publication.kept) == (1, 1)
    assert (stays.definition_version, stays.phase) == (1, "offer")
    assert goes.definition_version == 2


def test_lost_and_closed_projects_keep_their_version(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    lost = light_project(session, cast, state="lost")
    publication = publish(session, LIGHT_SOURCE, cast.admin, follow=[("light", 1)])
    session.refresh(lost)
    assert (publication.total, lost.definition_version) == (0, 1)


def test_a_changed_limit_is_in_the_derived_columns_after_it(session: Session, cast: Cast) -> None:
    from tracker.matrix.operations.refreshing import refresh

    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    refresh(session, project)
    session.commit()
    before = project.silent_after
    source = changed(LIGHT_SOURCE, lambda data: _cell(data, "offer/strip").update(time_limit_days=30))
    publish(session, source, cast.admin, follow=[("light", 1)])
    session.refresh(project)
    assert before and project.silent_after and (project.silent_after - before).days == 25


def _cell(data: dict, name: str) -> dict:  # type: ignore[type-arg]
    return next(cell for cell in data["matrix"]["cells"] if cell["cell"] == name)


def test_keys_that_change_places_do_not_run_into_each_other(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    swap = KeyMapping(steps={"survey": "strip", "strip": "survey"})
    publish(session, LIGHT_SOURCE, cast.admin, follow=[("light", 1)], mapping=swap)
    session.expire_all()
    cells = session.execute(select(Record.phase, Record.step).order_by(Record.id)).all()
    assert cells == [("find", "strip"), ("offer", "survey")]
    assert project.step == "survey"


def test_a_run_that_broke_off_goes_on_where_it_stopped(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    projects = [light_project(session, cast, name=f"Shop {n}") for n in range(5)]
    monkeypatch.setattr("tracker.definitions.operations.following.CHUNK", 2)
    publication = publish_source(session, LIGHT_SOURCE, by=cast.admin, reason="x", follow=[("light", 1)])
    session.commit()

    def stop() -> None:
        session.commit()
        raise InterruptedError

    with pytest.raises(InterruptedError):
        carry_out(session, publication, by=cast.admin, commit=stop)
    assert (publication.moved, publication.state) == (2, "running")
    told: list[tuple[int, int]] = []
    carry_out(session, publication, by=cast.admin, commit=session.commit, progress=lambda *n: told.append(n))
    session.expire_all()
    assert {project.definition_version for project in projects} == {2}
    assert (publication.moved, publication.state, told[-1]) == (5, "done", (5, 5))
    assert session.scalar(select(func.count()).where(Event.kind == Kind.PROJECT_MAPPED)) == 5


def test_only_who_administers_publishes_and_with_a_sentence_of_why(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        publish_source(session, LIGHT_SOURCE, by=cast.director, reason="Because.")
    with pytest.raises(Invalid):
        publish_source(session, LIGHT_SOURCE, by=cast.admin, reason="  ")
    assert session.scalars(select(DefinitionVersion)).all() == []


def test_a_mapping_that_names_unknown_keys_is_refused(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    wrong = KeyMapping(phases={"offer": "nowhere", "nobody": "find"})
    with pytest.raises(Invalid) as refused:
        publish_source(session, LIGHT_SOURCE, by=cast.admin, reason="x", follow=[("light", 1)], mapping=wrong)
    assert refused.value.field == "mapping"
    assert "nowhere" in str(refused.value) and "nobody" in str(refused.value)


def test_projects_of_another_definition_do_not_follow(session: Session, cast: Cast) -> None:
    standard = make_project(session, cast.sales1)
    publish(session, LIGHT_SOURCE, cast.admin)
    publish(session, LIGHT_SOURCE, cast.admin, follow=[("light", 1)])
    session.refresh(standard)
    assert (standard.definition_key, standard.definition_version) == ("standard", 1)
    assert session.scalars(select(ProjectTally.phase)).all() == ["map"]


def test_two_categories_that_change_places_and_two_that_become_one(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    swap = KeyMapping(categories={"tiles": "lighting", "lighting": "tiles"})
    publish(session, LIGHT_SOURCE, cast.admin, follow=[("light", 1)], mapping=swap)
    session.expire_all()
    lines = session.execute(select(CategoryLine.category, CategoryLine.main).order_by(CategoryLine.id)).all()
    assert (lines, project.definition_version) == ([("lighting", True), ("tiles", False)], 2)
    one = KeyMapping(categories={"lighting": "tiles"})
    publication = publish(session, LIGHT_SOURCE, cast.admin, follow=[("light", 2)], mapping=one)
    session.refresh(project)
    assert (publication.kept, project.definition_version) == (1, 2)


def test_open_requests_lapse_when_their_keys_are_gone_and_stay_readable(
    session: Session, cast: Cast, browser: Browser
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    ask = {"reason": "The owner waits.", "asked_by_id": cast.sales1.id, "rules": ["G03"], "project_id": project.id}
    waiting = Approval(wish={"wish": "MovePhase", "to": "agree", "phase": "offer"}, fingerprint="a", **ask)
    used = Approval(
        wish={"wish": "MovePhase", "to": "offer", "phase": "offer"},
        fingerprint="b",
        state="used",
        decided_at=now(),
        **ask,
    )
    session.add_all([waiting, used])
    session.commit()
    publish(session, changed(LIGHT_SOURCE, renamed), cast.admin, follow=[("light", 1)], mapping=NEW_KEYS)
    session.expire_all()
    assert (waiting.state, used.state, used.wish["phase"]) == ("lapsed", "used", "quote")
    for user in (cast.sales1, cast.supervisor):
        for address in ("/approvals", f"/approvals/{waiting.id}", f"/approvals/{used.id}", f"/projects/{project.id}"):
            assert browser.of(user).get(address).status_code == 200, address


def test_of_two_runs_at_once_each_project_follows_once(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    for number in range(5):
        light_project(session, cast, name=f"Shop {number}")
    monkeypatch.setattr("tracker.definitions.operations.following.CHUNK", 2)
    publication = publish_source(session, LIGHT_SOURCE, by=cast.admin, reason="x", follow=[("light", 1)])
    session.commit()
    beside: list[int] = []

    def other_runs_too() -> None:
        session.commit()
        if not beside:
            beside.append(1)
            carry_out(session, publication, by=cast.admin, commit=session.commit)

    carry_out(session, publication, by=cast.admin, commit=other_runs_too)
    assert (publication.moved, publication.kept, publication.state) == (5, 0, "done")
    assert session.scalar(select(func.count()).where(Event.kind == Kind.PROJECT_MAPPED)) == 5


def test_a_chunk_that_another_run_has_just_taken_is_left_alone(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    publication = publish_source(session, LIGHT_SOURCE, by=cast.admin, reason="x", follow=[("light", 1)])
    session.commit()
    seen = in_groups

    def taken_meanwhile(groups: Any) -> Any:
        session.execute(update(Publication).where(Publication.id == publication.id).values(after_id=project.id))
        return seen(groups)

    assert publication.after_id == 0
    monkeypatch.setattr("tracker.definitions.operations.following.in_groups", taken_meanwhile)
    carry_out(session, publication, by=cast.admin, commit=session.commit)
    session.refresh(project)
    assert (project.definition_version, publication.moved) == (1, 0)


def test_a_kind_of_project_that_is_gone_holds_back_unless_it_is_mapped(session: Session, cast: Cast) -> None:
    publish(session, LIGHT_SOURCE, cast.admin)
    project = light_project(session, cast)
    source = changed(LIGHT_SOURCE, lambda data: data["picklists"]["project_types"]["items"].pop(0))
    assert publish(session, source, cast.admin, follow=[("light", 1)]).kept == 1
    assert publish(session, source, cast.admin, follow=[("light", 1)], mapping=KeyMapping(kinds={"shop": "restaurant"}))
    session.refresh(project)
    assert (project.definition_version, project.kind) == (3, "restaurant")
    assert load_facts(session, definition_of(session, project), project).kind == "restaurant"
