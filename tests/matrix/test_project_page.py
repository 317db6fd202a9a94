"""GET /projects/<id> and its cells: the matrix, what each cell says, and to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.matrix.making import STANDARD, as_seen, building_of, day, draft, text_of
from tracker import clock
from tracker.access import Action
from tracker.gallery.models import Photo
from tracker.matrix.models import Move
from tracker.matrix.operations.moves import Proof, move_phase, move_step
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import load_matrix
from tracker.projects.models import Building, Project
from tracker.projects.operations import add_contact, add_member, open_project
from tracker.projects.operations.opening import ProjectDraft

PAGE_BUDGET = 14  # statements, signing in included
CELL_BUDGET = 8


def cell_in(page: str, phase: str, step: str) -> str:
    """The matrix's table cell of one cell."""
    found = re.search(rf'<td class="[^"]*" id="cell-{phase}-{step}">.*?</td>', page, re.DOTALL)
    assert found is not None
    return found.group(0)


def opened(session: Session, cast: Cast, **values: object) -> Project:
    """A project opened on 1 March in qualify/drawings."""
    plain: dict[str, object] = {
        "name": "Riverside Tower 3",
        "kind": "residential_fitted",
        "route": "design_led",
        "phase": "qualify",
        "step": "drawings",
        "categories": ("tiles",),
        "since": day("2026-03-01"),
    }
    project = open_project(session, ProjectDraft(**{**plain, **values}), by=cast.sales1)  # type: ignore[arg-type]
    session.commit()
    return project


def test_the_matrix_is_a_table_of_eight_by_twelve_with_headers(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    table = page[page.index('<table class="mx-table">') : page.index("</table>")]
    assert table.count('scope="row"') == 8 and table.count('scope="col"') == 13
    assert table.count("<td class=") == 96
    for step in STANDARD.steps:
        assert step.name.en in table
    assert page.count('aria-current="location"') == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_cell_says_its_status_by_word(session: Session, cast: Cast, browser: Browser, lang: str) -> None:
    project = make_project(session, cast.sales1, categories=())
    page = browser.of(cast.sales1, lang).get(f"/projects/{project.id}").get_data(as_text=True)
    for cell in STANDARD.cells:
        said = text_of(cell_in(page, cell.phase, cell.step))
        assert STANDARD.status(cell.status).name.get(lang) in said, (cell.phase, cell.step)
        assert f"mx-{cell.status}" in cell_in(page, cell.phase, cell.step)
    here = cell_in(page, "map", "structure")
    assert "mx-here" in here and {"en": "The project stands here.", "zh": "项目"}[lang] in here


def test_a_cell_shows_who_worked_there_what_is_done_and_what_proves_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = opened(session, cast)
    task = STANDARD.cell("qualify", "drawings").tasks[0]
    photos = [make_photo(session, cast.sales1, taken_on=clock.today()) for _ in range(2)]
    cell = {"phase": "qualify", "step": "drawings"}
    log_record(
        session,
        project,
        draft(**cell, closes=(task.id,), photos=tuple(p.token for p in photos)),
        by=cast.sales1,
    )
    log_record(session, project, draft(**cell), by=cast.technical)
    log_record(session, project, draft(**cell, is_plan=True), by=cast.bidding)
    session.commit()
    said = text_of(cell_in(browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True), **cell))
    assert "Sales" in said and "Technical" in said
    assert "Commercial and bidding" not in said  # a plan is no work
    tasks = STANDARD.cell("qualify", "drawings").tasks
    assert f"1/{len(tasks)}" in said.replace(" ", "") and "tasks done" in said
    assert "2 photos." in said
    quiet = text_of(
        cell_in(browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True), "deliver", "mep")
    )
    assert "photos" not in quiet and "tasks done" not in quiet


def test_work_of_people_without_a_department_leaves_no_mark_and_breaks_no_page(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    log_record(session, project, draft(text="The director was there"), by=cast.director)
    session.commit()
    page = browser.of(cast.director).get(f"/projects/{project.id}").get_data(as_text=True)
    assert "The director was there" in page and "mx-depts" not in cell_in(page, "map", "structure")
    assert "mx-worked" in cell_in(page, "map", "structure")


def test_late_tasks_are_said_and_not_only_coloured(session: Session, cast: Cast, browser: Browser) -> None:
    project = opened(session, cast, since=day("2025-06-01"))
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    late = cell_in(page, "qualify", "drawings")
    assert re.search(r"\d+ late\.", text_of(late)) and "mx-late" in late


def test_the_way_of_the_project_is_one_line_through_its_cells_with_its_days(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = opened(session, cast)
    building = building_of(session, project)
    move_step(
        session,
        project,
        building,
        "tender",
        by=cast.sales1,
        on=day("2026-03-12"),
        proof=Proof(day("2026-03-12"), "exif", True),
    )
    move_phase(
        session, as_seen(session, cast.supervisor, project), "map", by=cast.supervisor, reason="Papers follow",
        complete_by=day("2026-03-31"),
    )  # fmt: skip
    session.commit()
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    points = re.search(r'<polyline points="([^"]+)"', page)
    assert points is not None
    index, row = STANDARD.step_index, STANDARD.phase_index
    way = [("qualify", "drawings"), ("qualify", "tender"), ("map", "tender")]
    assert points.group(1).split() == [f"{index[step] * 10 + 5},{row[phase] * 10 + 5}" for phase, step in way]
    for cell, since in zip(way, ("1 Mar", "12 Mar", "16 Mar"), strict=True):
        assert since in cell_in(page, *cell)


def test_a_building_that_stands_elsewhere_has_its_own_flag(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    session.add(Building(project_id=project.id, name="Tower B", step="ground", step_since=clock.today()))
    session.commit()
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert "Tower B" in cell_in(page, "map", "ground") and "Tower B" not in cell_in(page, "map", "structure")


def test_the_page_offers_only_what_the_reader_may_do(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    log, edit, phase, reassign = (f"/projects/{project.id}/{what}" for what in ("log", "edit", "phase", "reassign"))
    offered = {
        cast.sales1: {log, edit, phase},
        cast.supervisor: {log, edit, phase, reassign},
        cast.compliance: set(),
        cast.dealer1: {log},
    }
    for person, wanted in offered.items():
        page = browser.of(person).get(f"/projects/{project.id}").get_data(as_text=True)
        assert {way for way in (log, edit, phase, reassign) if f'href="{way}"' in page} == wanted, person.username


def test_outsiders_find_no_project(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    for address in (f"/projects/{project.id}", f"/projects/{project.id}/cells/map/structure"):
        for person in (cast.sales2, cast.supervisor2, cast.dealer2):
            assert browser.of(person).get(address).status_code == 404
        assert browser.of(cast.sales1).post(address).status_code == 405
    assert browser.of(cast.sales1).get("/projects/999999").status_code == 404
    assert browser.of(cast.sales1).get("/projects/99999999999999999999").status_code == 404


def test_a_dealer_sees_the_matrix_but_nobody_else_s_traces_in_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    developer = make_party(session, "Hengyue Land")
    project = make_project(session, cast.sales1, dealer=cast.xinyuan, developer=developer)
    contact = make_contact(session, developer, "Wang Li")
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    log_record(session, project, draft(text="Our secret", met=(contact.id,), photos=(photo.token,)), by=cast.sales1)
    log_record(session, project, draft(text="The dealer's own visit"), by=cast.dealer1)
    session.commit()
    client = browser.of(cast.dealer1)
    for address in (f"/projects/{project.id}", f"/projects/{project.id}/cells/map/structure"):
        page = client.get(address).get_data(as_text=True)
        assert "The dealer&#39;s own visit" in page
        for secret in ("Our secret", "Wang Li", photo.token, "Supervisor", "/parties/"):
            assert secret not in page, secret
    cell = text_of(cell_in(client.get(f"/projects/{project.id}").get_data(as_text=True), "map", "structure"))
    assert "Sales" not in cell and "photos" not in cell
    ours = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert "Our secret" in ours and "The dealer&#39;s own visit" in ours


def test_names_texts_and_file_names_of_users_are_shown_as_text(session: Session, cast: Cast, browser: Browser) -> None:
    naughty = "<img src=x onerror=alert(1)>{{ 7*7 }}\"'`‮ 한국 𝕏"
    project = make_project(session, cast.sales1, name=naughty)
    log_record(session, project, draft(text=naughty, next_step=naughty[:300]), by=cast.sales1)
    session.commit()
    for address in (f"/projects/{project.id}", f"/projects/{project.id}/cells/map/structure"):
        page = browser.of(cast.sales1).get(address).get_data(as_text=True)
        assert "<img src=x" not in page and "&lt;img src=x" in page and "{{ 7*7 }}" in page


def test_a_cell_s_drawer_holds_hints_tasks_records_photos_and_the_form(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = opened(session, cast)
    hint = STANDARD.cell("qualify", "drawings").hints[0]
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    cell = {"phase": "qualify", "step": "drawings"}
    log_record(session, project, draft(**cell, text="Older", on=day("2026-03-10")), by=cast.sales1)
    log_record(session, project, draft(**cell, text="Newer", hints=(hint.id,), photos=(photo.token,)), by=cast.sales1)
    log_record(session, project, draft(phase="qualify", step="concept", text="Elsewhere"), by=cast.sales1)
    session.commit()
    address = f"/projects/{project.id}/cells/qualify/drawings"
    page = browser.of(cast.sales1).get(address).get_data(as_text=True)
    fragment = browser.of(cast.sales1).get(address, headers=HTMX).get_data(as_text=True)
    assert "<html" in page and "<html" not in fragment
    for shown in (page, fragment):
        said = text_of(shown)
        for each in STANDARD.cell("qualify", "drawings").hints:
            assert each.text.en.replace("'", "&#39;") in said
        for each in STANDARD.cell("qualify", "drawings").tasks:
            assert each.text.en.replace("'", "&#39;") in said
        assert shown.index("Newer") < shown.index("Older") and "Elsewhere" not in shown
        assert photo.token in shown and "followed" in said
        assert [said.index(kind.name.en) for kind in STANDARD.hint_kinds if kind.name.en in said] == sorted(
            said.index(kind.name.en) for kind in STANDARD.hint_kinds if kind.name.en in said
        )
    later = f"/projects/{project.id}/log?phase=qualify&step=drawings"
    assert f'hx-get="{later.replace("&", "&amp;")}"' in fragment and "<textarea" not in fragment
    form = browser.of(cast.sales1).get(later, headers=HTMX).get_data(as_text=True)
    for shown in (page, form):  # in the drawer the form comes when it is opened
        assert f'action="/projects/{project.id}/log"' in shown and 'name="step" type="hidden" value="drawings"' in shown


def test_each_task_names_who_answers_for_it_the_team_s_person_or_the_desk(
    session: Session, cast: Cast, browser: Browser
) -> None:
    made = make_project(session, cast.sales1, phase="specify", step="drawings")
    project = as_seen(session, cast.sales1, made)
    address = f"/projects/{project.id}/cells/specify/drawings"
    departments = {task.department for task in STANDARD.cell("specify", "drawings").tasks}
    assert "technical" in departments
    before = text_of(browser.of(cast.sales1).get(address).get_data(as_text=True))
    assert "desk of Technical" in before
    add_member(session, project, cast.technical, by=cast.sales1)
    session.commit()
    after = browser.of(cast.sales1).get(address).get_data(as_text=True)
    assert "desk of Technical" not in text_of(after) and f'href="/people/{cast.technical.id}"' in after


def test_a_blocked_cell_says_where_to_go_instead_and_takes_no_record(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="land")
    blocked = STANDARD.cell("bid", "land")
    assert blocked.instead is not None
    page = browser.of(cast.sales1).get(f"/projects/{project.id}/cells/bid/land").get_data(as_text=True)
    assert f'href="/projects/{project.id}/cells/{blocked.instead[0]}/{blocked.instead[1]}"' in page
    assert "log-form" not in page
    assert browser.of(cast.sales1).get(f"/projects/{project.id}/cells/bid/attic").status_code == 404
    assert browser.of(cast.sales1).get(f"/projects/{project.id}/cells/lead/land").status_code == 404


def test_a_stranded_project_says_until_when_to_decide(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="specify", step="mep")
    move_step(
        session, project, building_of(session, project), "fitout", by=cast.sales1, on=clock.today(),
        proof=Proof(clock.today(), "exif", True),
    )  # fmt: skip
    session.commit()
    page = text_of(browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True))
    assert "Decide by 23 Mar" in page and "G46" in page


def test_the_page_with_fifty_records_and_thirty_photos_keeps_its_budget(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = as_seen(session, cast.sales1, make_project(session, cast.sales1, since=day("2026-01-01")))
    contact = make_contact(session, make_party(session))
    add_contact(session, project, contact, by=cast.sales1, role="coach")
    photos = [make_photo(session, cast.sales1, taken_on=clock.today()) for _ in range(30)]
    for number in range(50):
        tokens = (photos[number].token,) if number < 30 else ()
        on = clock.today() - timedelta(days=number % 14)
        log_record(
            session, project, draft(text=f"Visit {number}", on=on, photos=tokens, met=(contact.id,)), by=cast.sales1
        )
    session.commit()
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}").get_data(as_text=True)
    assert "Visit 42" in page and "Visit 49" not in page and len(asked) <= PAGE_BUDGET
    assert f'href="/projects/{project.id}?records=all#records-title"' in page
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}?records=all").get_data(as_text=True)
    assert all(f"Visit {number}<" in page for number in range(50)) and len(asked) <= PAGE_BUDGET
    with counted_queries() as asked:
        client.get(f"/projects/{project.id}/cells/map/structure", headers=HTMX)
    assert len(asked) <= CELL_BUDGET
    assert session.scalars(select(Photo.record_id).where(Photo.record_id.is_(None))).all() == []
    assert session.scalars(select(Move)).all() == []


def test_a_role_without_the_right_to_log_gets_no_form_in_the_drawer(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    page = browser.of(cast.compliance).get(f"/projects/{project.id}/cells/map/structure").get_data(as_text=True)
    assert "log-form" not in page
    assert Action.RECORD_LOG not in cast.roles["compliance"].capabilities


def test_a_dealer_is_told_nothing_of_what_our_departments_owe(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan, since=clock.today() - timedelta(days=60))
    ours, his = (load_matrix(session, person, project).board for person in (cast.sales1, cast.dealer1))
    assert ours.cells[ours.current].late_tasks and ours.exits
    assert not his.exits
    assert not any(cell.tasks or cell.open_tasks or cell.late_tasks for cell in his.cells.values())


def test_a_dealer_is_led_to_nobody_s_page_but_his_own_people_s(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    log_record(session, project, draft(), by=cast.dealer1)
    session.commit()
    client = browser.of(cast.dealer1)
    for address in ("/projects", f"/projects/{project.id}"):
        page = client.get(address).get_data(as_text=True)
        assert "Sales1" in page and f'href="/people/{cast.sales1.id}"' not in page
    assert f'href="/people/{cast.dealer1.id}"' in page
    assert f'href="/people/{cast.sales1.id}"' in browser.of(cast.sales1).get("/projects").get_data(as_text=True)
