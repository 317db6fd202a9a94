"""Two of a kind become one and two again: nothing is lost, nothing but the merge is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tracker import clock, models
from tracker.accounts.models import Account
from tracker.contacts.queries import list_contacts
from tracker.database import Base
from tracker.doctor.merges import examine_merges
from tracker.doctor.projects import examine_projects, examine_sums
from tracker.duplicates import indexing as match_keys
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.events import Kind, timeline
from tracker.leads.models import Lead, LeadContact, LeadParty
from tracker.leads.operations.noting import note_on_lead
from tracker.leads.queries import get_lead, list_lead_records
from tracker.matrix.models import LifecycleChange, Move, Record, RecordContact
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.operations.refreshing import refresh_many
from tracker.matrix.queries import load_portfolio
from tracker.merging.forms import table_words
from tracker.merging.models import Merge
from tracker.merging.operations import merge, undo_merge
from tracker.merging.queries import count_belongings, find_kept, get_side, list_staying
from tracker.merging.references import POLICY, references, unique_with
from tracker.parties.models import Contact, Party, PartyName, PartyRole
from tracker.parties.queries import find_same_firm
from tracker.parties.queries.listing import PartyFilters, list_parties
from tracker.projects.models import (
    Building,
    CategoryLine,
    Project,
    ProjectContact,
    ProjectMember,
    ProjectParty,
    SiteName,
)
from tracker.projects.queries import Filters, get_project
from tracker.search import indexing

WHY = "Same gate, same board"


@pytest.mark.parametrize("kind", sorted(POLICY))
def test_every_row_that_points_to_one_of_them_is_spoken_of(kind: str) -> None:
    assert models.Lead.__tablename__ == "lead"  # all tables are known
    assert {name for name, _column in references(kind)} == set(POLICY[kind])


def faults_of(session: Session) -> list[str]:
    """What the doctor finds wrong: about projects and all that `left_behind` looks at."""
    found = (*examine_projects(session, lambda *_told: None), *examine_sums(session))
    return [*left_behind(session), *(str(finding) for finding in found if finding.fault)]


def left_behind(session: Session) -> list[str]:
    """What the doctor finds wrong about mergings, the words of the search and the match keys."""
    session.flush()
    told = [f"words of {kind} {key}" for kind, key in indexing.faults(session)]
    told += [f"keys of {kind} {key}" for kind, key in match_keys.faults(session)]
    return [*told, *(str(finding) for finding in examine_merges(session))]


def snapshot(session: Session, *but: str) -> dict[str, list[Any]]:
    """All rows of all tables but those in which an undone merge may leave its traces."""
    session.flush()
    session.expire_all()
    skipped = {"event", "merge", "lifecycle_change", "notification", "due_thing", *but}
    found: dict[str, list[Any]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in skipped:
            columns = [column for column in table.columns if column.name != "version"]
            found[table.name] = sorted(map(repr, session.execute(select(*columns)).all()))
    return found


def leads(session: Session, cast: Cast) -> tuple[Lead, Lead]:
    """Two leads of one site; the one to go has another name, a picture, a person whom the other knows too."""
    developer = make_party(session, "Hengyue")
    kept = make_lead(session, cast.sales1, name="Riverside Tower", developer="Hengyue")
    photo = make_photo(session, cast.sales2)
    gone = make_lead(session, cast.sales2, name="Plot 8 East", address="8 River Road", developer="Hengyue",
                     photos=(photo.token,))  # fmt: skip
    person = make_contact(session, developer, "Chen")
    session.add_all([LeadContact(lead_id=one.id, contact_id=person.id) for one in (kept, gone)])
    seen = [get_lead(session, cast.supervisor, one.id) for one in (kept, gone)]
    note_on_lead(session, seen[1], by=cast.sales2, kind="call", on=clock.today(), text="They want tiles")
    session.add(SiteName(lead_id=gone.id, kind="promotion", name="Cloud Residence"))
    return seen[0], seen[1]


def test_a_lead_goes_with_its_records_and_leads_to_the_kept_one(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    row = merge(session, "lead", kept, gone, by=cast.supervisor, reason=WHY, take=("address",))
    assert (kept.name, kept.address, gone.state, gone.duplicate_of_id) == (
        "Riverside Tower", "8 River Road", "duplicate", kept.id)  # fmt: skip
    assert len(list_lead_records(session, cast.supervisor, kept)) == 2
    assert session.scalars(select(SiteName.name).where(SiteName.lead_id == kept.id).order_by(SiteName.id)).all() == [
        "Cloud Residence", "Plot 8 East"]  # fmt: skip
    assert len(session.scalars(select(LeadParty).where(LeadParty.lead_id == kept.id)).all()) == 1
    assert find_kept(session, "lead", gone.id) == kept.id
    assert [[event.kind for event in timeline(session, one)][0] for one in (kept, gone)] == [Kind.MERGED] * 2
    assert (row.by_id, row.reason) == (cast.supervisor.id, WHY)


def test_undone_both_leads_are_what_they_were(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    before = snapshot(session)
    row = merge(session, "lead", kept, gone, by=cast.supervisor, reason=WHY, take=("name", "address"))
    assert snapshot(session) != before
    assert left_behind(session) == []
    undo_merge(session, row, by=cast.supervisor)
    assert snapshot(session) == before
    assert left_behind(session) == []
    with pytest.raises(Refused, match="taken back already"):
        undo_merge(session, row, by=cast.supervisor)


def test_what_somebody_changed_since_stays_when_a_merge_is_undone(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    row = merge(session, "lead", kept, gone, by=cast.supervisor, reason=WHY, take=("address",))
    kept.address = "10 River Road"
    note_on_lead(session, kept, by=cast.sales1, kind="call", on=clock.today(), text="Later")
    undo_merge(session, row, by=cast.supervisor)
    assert (kept.address, len(list_lead_records(session, cast.supervisor, kept))) == ("10 River Road", 1)


def test_a_lead_that_is_a_project_does_not_go(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    gone.project_id, gone.state = make_project(session, cast.sales2).id, "converted"
    session.flush()
    with pytest.raises(Refused, match="is a project already"):
        merge(session, "lead", kept, gone, by=cast.supervisor, reason=WHY)
    with pytest.raises(Refused, match="same one"):
        merge(session, "lead", kept, kept, by=cast.supervisor, reason=WHY)
    with pytest.raises(Invalid, match="Say in a sentence"):
        merge(session, "lead", gone, kept, by=cast.supervisor, reason=" ")


def test_only_a_supervisor_of_both_merges(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    for other in (cast.sales1, cast.supervisor2, cast.dealer1):
        with pytest.raises(Forbidden):
            merge(session, "lead", kept, gone, by=other, reason=WHY)


def test_a_firm_goes_with_its_people_and_projects_and_is_found_by_both_names(session: Session, cast: Cast) -> None:
    kept, gone = make_party(session, "Hengyue Land"), make_party(session, "Hengyue Estates")
    make_contact(session, gone, "Chen")
    project = make_project(session, cast.sales1, developer=gone)
    refresh_many(session, [project.id])
    before = snapshot(session)
    row = merge(session, "party", kept, gone, by=cast.supervisor, reason=WHY)
    assert session.get_one(Project, project.id).developer_id == kept.id
    assert [person.name for person in list_contacts(session, cast.sales1, party_id=kept.id).items] == ["Chen"]
    assert gone.id not in {party.id for party in list_parties(session, cast.sales1, PartyFilters()).items}
    found = find_same_firm(session, "HENGYUE ESTATES")
    assert found is not None and found.id == kept.id and kept.short_name == "Hengyue Estates"
    assert left_behind(session) == []
    undo_merge(session, row, by=cast.supervisor)
    assert snapshot(session) == before
    assert left_behind(session) == []


def test_a_person_goes_with_his_projects(session: Session, cast: Cast) -> None:
    firm = make_party(session, "Hengyue")
    kept, gone = make_contact(session, firm, "Chen Wei"), make_contact(session, firm, "Chen, Wei")
    projects = [make_project(session, cast.sales1), make_project(session, cast.sales1)]
    session.add_all([ProjectContact(project_id=one.id, contact_id=gone.id) for one in projects])
    session.add(ProjectContact(project_id=projects[0].id, contact_id=kept.id))
    before = snapshot(session)
    row = merge(session, "contact", kept, gone, by=cast.supervisor, reason=WHY, take=("phone",))
    known = select(ProjectContact.project_id).where(ProjectContact.contact_id == kept.id)
    assert set(session.scalars(known)) == {one.id for one in projects}
    with pytest.raises(NotFound):
        get_side(session, cast.supervisor, "contact", gone.id)
    assert left_behind(session) == []
    undo_merge(session, row, by=cast.supervisor)
    assert snapshot(session) == before
    assert left_behind(session) == []


def projects(session: Session, cast: Cast) -> tuple[Project, Project]:
    since = clock.today() - timedelta(days=30)
    made = []
    for owner, name, lines, building in (
        (cast.sales1, "Riverside Tower", ("tiles",), "1#"),
        (cast.sales2, "Plot 8 East", ("tiles", "sanitary_ware"), "2#"),
    ):
        one = make_project(session, owner, name=name, phase="map", step="structure", since=since, categories=lines)
        session.scalars(select(Building).where(Building.project_id == one.id)).one().name = building
        own = session.scalars(select(Building.id).where(Building.project_id == one.id)).one()
        session.add(Move(project_id=one.id, axis="phase", target="map", on=since))
        session.add(Move(project_id=one.id, building_id=own, axis="step", target="structure", on=since))
        session.flush()
        made.append(get_project(session, cast.supervisor, one.id))
    kept, gone = made
    theirs = session.scalars(select(Building.id).where(Building.project_id == gone.id)).one()
    draft = RecordDraft(phase="map", step="structure", kind="site_visit", on=clock.today(), text="Two cranes",
                        building_id=theirs)  # fmt: skip
    log_record(session, get_project(session, cast.sales2, gone.id), draft, by=cast.sales2)
    session.add(ProjectMember(project_id=gone.id, user_id=cast.technical.id, department="technical"))
    refresh_many(session, [kept.id, gone.id])
    return kept, gone


def test_a_project_goes_with_what_was_done_and_is_closed(session: Session, cast: Cast) -> None:
    kept, gone = projects(session, cast)
    row = merge(session, "project", kept, gone, by=cast.supervisor, reason=WHY)
    assert (gone.state, gone.merged_into_id, kept.state) == ("closed", kept.id, "active")
    logged = session.scalars(select(Record).where(Record.project_id == kept.id)).one()
    assert session.get_one(Building, logged.building_id).project_id == kept.id
    names = session.scalars(select(Building.name).where(Building.project_id == kept.id)).all()
    assert names == ["1#", "2#"]
    lines = session.execute(select(CategoryLine.category, CategoryLine.main).where(CategoryLine.project_id == kept.id))
    assert dict(lines.tuples().all()) == {"tiles": True, "sanitary_ware": False}
    assert session.scalar(select(ProjectMember.user_id).where(ProjectMember.project_id == kept.id)) == cast.technical.id
    assert kept.last_record_on == clock.today()
    assert load_portfolio(session, cast.supervisor, Filters(clock.today())).total.count == 1
    assert faults_of(session) == []
    assert row.before["state"] == "active"


def test_undone_both_projects_are_what_they_were(session: Session, cast: Cast) -> None:
    kept, gone = projects(session, cast)
    before = snapshot(session)
    row = merge(session, "project", kept, gone, by=cast.supervisor, reason=WHY, take=("name",))
    undo_merge(session, row, by=cast.supervisor)
    after = snapshot(session)
    summed_up = {
        "project_tally",
        "standing_place",
        "standing_sum",
        "window_clock",
    }  # with other ids and sums of nothing
    assert {name for name in before if before[name] != after[name]} <= summed_up
    changes = session.scalars(select(LifecycleChange.target).where(LifecycleChange.project_id == gone.id)).all()
    assert changes == ["closed", "active"]
    assert faults_of(session) == []


def test_a_building_in_which_something_was_logged_since_stays(session: Session, cast: Cast) -> None:
    kept, gone = projects(session, cast)
    row = merge(session, "project", kept, gone, by=cast.supervisor, reason=WHY)
    made = session.scalars(select(Building).where(Building.project_id == kept.id, Building.name == "2#")).one()
    draft = RecordDraft(phase="map", step="structure", kind="call", on=clock.today(), text="Later", building_id=made.id)
    log_record(session, get_project(session, cast.sales1, kept.id), draft, by=cast.sales1)
    undo_merge(session, row, by=cast.supervisor)
    assert session.scalars(select(Building.name).where(Building.project_id == kept.id)).all() == ["1#", "2#"]
    assert faults_of(session) == []


def test_a_line_that_somebody_changed_since_stays(session: Session, cast: Cast) -> None:
    kept, gone = projects(session, cast)
    row = merge(session, "project", kept, gone, by=cast.supervisor, reason=WHY)
    of_kept = select(CategoryLine).where(CategoryLine.project_id == kept.id, CategoryLine.category == "sanitary_ware")
    session.scalars(of_kept).one().value = Decimal(90_000)
    undo_merge(session, row, by=cast.supervisor)
    assert session.scalars(of_kept).one().value == Decimal(90_000)


def test_a_row_that_still_points_to_the_gone_one_is_found_by_the_doctor(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    merge(session, "lead", kept, gone, by=cast.supervisor, reason=WHY)
    assert left_behind(session) == []
    session.add(SiteName(lead_id=gone.id, kind="site", name="Left behind"))
    session.flush()
    assert [("site_name.lead_id" in fault) for fault in left_behind(session)] == [True]


def test_two_merges_into_one_are_undone_in_either_order(session: Session, cast: Cast) -> None:
    kept, first = leads(session, cast)
    second = get_lead(session, cast.supervisor, make_lead(session, cast.sales2, name="Gate 3").id)
    note_on_lead(session, second, by=cast.sales2, kind="call", on=clock.today(), text="Third")
    before = snapshot(session)
    rows = [merge(session, "lead", kept, one, by=cast.supervisor, reason=WHY) for one in (first, second)]
    assert left_behind(session) == []
    for row in rows:
        undo_merge(session, row, by=cast.supervisor)
    assert snapshot(session) == before
    assert left_behind(session) == []


@pytest.mark.parametrize(("state", "said"), [("won", "won, lost"), ("lost", "won, lost"), ("closed", "won, lost")])
def test_a_project_that_is_decided_does_not_go(session: Session, cast: Cast, state: str, said: str) -> None:
    kept, gone = projects(session, cast)
    gone.state = state
    session.flush()
    with pytest.raises(Refused, match=said):
        merge(session, "project", kept, gone, by=cast.supervisor, reason=WHY)


@pytest.fixture
def pages(browser: Browser, session: Session, cast: Cast) -> Iterator[Any]:
    kept, gone = leads(session, cast)
    session.commit()
    yield browser.of(cast.supervisor), kept, gone


def test_the_two_lie_side_by_side_and_become_one_by_the_form(pages: Any, session: Session) -> None:
    client, kept, gone = pages
    found = client.get(f"/merge/lead/{kept.id}?q=Plot").text
    assert f"/merge/lead/{kept.id}/{gone.id}" in found
    page = client.get(f"/merge/lead/{kept.id}/{gone.id}").text
    assert "8 River Road" in page and "Records" in page
    silent = client.post(f"/merge/lead/{kept.id}/{gone.id}", data={"reason": ""})
    assert silent.status_code == 422 and "Say in a sentence" in silent.text
    sent = {"reason": WHY, "take": ["address"]}
    done = client.post(f"/merge/lead/{kept.id}/{gone.id}", data=sent)
    assert (done.status_code, done.location) == (303, f"/leads/{kept.id}")
    again = client.post(f"/merge/lead/{kept.id}/{gone.id}", data=sent)
    assert (again.status_code, again.location) == (303, f"/leads/{kept.id}")
    row = session.scalars(select(Merge)).one()
    assert f"/merges/{row.id}/undo" in client.get(f"/merge/lead/{kept.id}").text
    assert "Plot 8 East" in client.get("/merges").text
    back = client.post(f"/merges/{row.id}/undo")
    assert (back.status_code, gone.state) == (303, "following")


def test_a_firm_merged_away_leads_to_the_kept_one(browser: Browser, session: Session, cast: Cast) -> None:
    kept, gone = make_party(session, "Hengyue Land"), make_party(session, "Hengyue Estates")
    merge(session, "party", session.get_one(Party, kept.id), session.get_one(Party, gone.id), by=cast.supervisor,
          reason=WHY)  # fmt: skip
    person = make_contact(session, kept, "Chen"), make_contact(session, kept, "Chen W")
    merge(session, "contact", session.get_one(Contact, person[0].id), session.get_one(Contact, person[1].id),
          by=cast.supervisor, reason=WHY)  # fmt: skip
    session.commit()
    client = browser.of(cast.sales1)
    assert client.get(f"/parties/{gone.id}").location == f"/parties/{kept.id}"
    assert client.get(f"/contacts/{person[1].id}").location == f"/contacts/{person[0].id}"


def test_who_does_not_see_or_lead_them_cannot_merge(browser: Browser, pages: Any, cast: Cast) -> None:
    _client, kept, gone = pages
    assert browser.of(cast.supervisor2).get(f"/merge/lead/{kept.id}/{gone.id}").status_code == 404
    assert browser.of(cast.sales1).get(f"/merge/lead/{kept.id}/{gone.id}").status_code in (403, 404)
    assert browser.of(cast.dealer1).get(f"/merge/lead/{kept.id}").status_code == 404
    assert browser.of(cast.supervisor).get("/merge/nothing/1").status_code == 404


def people_on(session: Session, kept: int, gone: int) -> None:
    """A person in another role on each of two projects, and a firm and a colleague on both."""
    firm = make_party(session, "Linden Design", kind="design_institute")
    person = make_contact(session, firm, "Chen Wei")
    other = make_contact(session, firm, "Only theirs")
    session.add_all([
        ProjectContact(project_id=kept, contact_id=person.id, role="influencer"),
        ProjectContact(project_id=gone, contact_id=person.id, role="decision_maker"),
        ProjectContact(project_id=gone, contact_id=other.id),
        *(ProjectParty(project_id=one, party_id=firm.id, role="design_institute") for one in (kept, gone)),
    ])  # fmt: skip
    session.flush()


def test_what_stays_with_the_old_project_is_known_before_and_after(session: Session, cast: Cast) -> None:
    kept, gone = projects(session, cast)
    people_on(session, kept.id, gone.id)
    session.add(ProjectMember(project_id=kept.id, user_id=cast.technical.id, department="technical"))
    session.flush()
    before = list_staying(session, cast.supervisor, "project", [gone.id], kept.id)
    assert {(one.table, one.name, one.about) for one in before} == {
        ("project_contact", "Chen Wei", "decision_maker"),
        ("project_party", "Linden Design", "design_institute"),
        ("project_member", cast.technical.name, "technical"),
    }
    along = {one.table: (one.kept, one.gone) for one in count_belongings(session, "project", kept, gone, before)}
    assert along["project_contact"] == (1, 1)  # Only theirs
    assert (along["project_party"][1], along["project_member"][1]) == (0, 0)
    row = merge(session, "project", kept, gone, by=cast.supervisor, reason=WHY)
    assert list_staying(session, cast.supervisor, "project", [gone.id]) == before
    undo_merge(session, row, by=cast.supervisor)
    assert list_staying(session, cast.supervisor, "project", [gone.id], kept.id) == before


def test_a_site_that_one_does_not_see_is_not_named(session: Session, cast: Cast) -> None:
    firm = make_party(session, "Hengyue")
    kept, gone = make_contact(session, firm, "Chen Wei"), make_contact(session, firm, "Chen, Wei")
    mine, hidden = make_project(session, cast.sales1, name="Mine"), make_project(session, cast.sales3, name="Southern")
    for site in (mine, hidden):
        session.add_all([ProjectContact(project_id=site.id, contact_id=one.id) for one in (kept, gone)])
    session.flush()
    names = [one.name for one in list_staying(session, cast.supervisor, "contact", [gone.id], kept.id)]
    assert names == ["Mine", ""]
    assert [one.name for one in list_staying(session, cast.director, "contact", [gone.id], kept.id)] == [
        "Mine", "Southern",
    ]  # fmt: skip


def test_a_meeting_of_both_is_named_by_its_site(session: Session, cast: Cast) -> None:
    kept, gone = leads(session, cast)
    firm = make_party(session, "Kangda")
    one, other = make_contact(session, firm, "Wang Li"), make_contact(session, firm, "Wang, Li")
    record = session.scalars(select(Record).where(Record.lead_id == gone.id)).first()
    assert record is not None
    session.add_all([RecordContact(record_id=record.id, contact_id=person.id) for person in (one, other)])
    session.flush()
    [met] = list_staying(session, cast.supervisor, "contact", [other.id], one.id)
    assert (met.table, met.name) == ("record_contact", "Plot 8 East")
    assert list_staying(session, cast.supervisor2, "contact", [other.id], one.id)[0].name == ""


@pytest.mark.parametrize(
    ("lang", "stays", "role", "told"),
    [("en", "Stays with the old one:", "Decision maker", "2 entries stay with the old one"),
     ("zh", "留在原来那一条：", "决策者", "2 项留在原来那一条")],
)  # fmt: skip
def test_the_pages_name_what_stays_before_and_after(
    browser: Browser, session: Session, cast: Cast, lang: str, stays: str, role: str, told: str
) -> None:
    kept, gone = projects(session, cast)
    people_on(session, kept.id, gone.id)
    session.commit()
    client, address = browser.of(cast.supervisor, lang), f"/merge/project/{kept.id}/{gone.id}"
    with counted_queries() as statements:
        page = client.get(address).text
    assert len(statements) <= 50, "\n".join(statements)
    assert stays in page and "Chen Wei" in page and "Linden Design" in page and role in page
    assert stays not in client.get(f"/merge/project/{kept.id}").text
    done = client.post(address, data={"reason": WHY}, follow_redirects=True)
    assert told in done.text
    after = client.get(f"/merge/project/{kept.id}").text
    assert stays in after and "Chen Wei" in after and role in after and "Only theirs" not in after


def test_where_nothing_stays_nothing_is_said(browser: Browser, session: Session, cast: Cast) -> None:
    kept, gone = make_party(session, "Hengyue Land"), make_party(session, "Hengyue Estates")
    session.commit()
    client = browser.of(cast.supervisor)
    page = client.get(f"/merge/party/{kept.id}/{gone.id}")
    assert page.status_code == 200 and "Stays with" not in page.text
    done = client.post(f"/merge/party/{kept.id}/{gone.id}", data={"reason": WHY}, follow_redirects=True)
    assert done.status_code == 200
    assert "They are one now" in done.text and "stays with the old one" not in done.text


def test_what_both_firms_are_and_have_is_named_in_its_own_words(browser: Browser, session: Session, cast: Cast) -> None:
    kept, gone = make_party(session, "Hengyue Land"), make_party(session, "Hengyue Estates")
    for firm in (kept, gone):
        session.add_all([
            Account(party_id=firm.id, owner_id=cast.keyaccount.id, since=clock.today()),
            PartyRole(party_id=firm.id, role="dealer"),
            PartyName(party_id=firm.id, kind="former", name="Old Hengyue", name_key="oldhengyue"),
        ])  # fmt: skip
    session.commit()
    staying = list_staying(session, cast.supervisor, "party", [gone.id], kept.id)
    assert {(one.table, one.name, one.about) for one in staying} == {
        ("key_account", "Hengyue Estates", None), ("party_role", "", "dealer"), ("party_name", "Old Hengyue", None),
    }  # fmt: skip
    page = browser.of(cast.supervisor).get(f"/merge/party/{kept.id}/{gone.id}")
    assert page.status_code == 200
    for words in ("Key account", "Dealer", "Old Hengyue", "Stays with the old one:"):
        assert words in page.text
    assert "one that you do not see" not in page.text


@pytest.mark.parametrize("kind", sorted(POLICY))
def test_whatever_may_stay_is_named_without_a_fault(session: Session, cast: Cast, kind: str) -> None:
    """Every table that is asked is asked here, also those that a later feature brings."""
    assert list_staying(session, cast.supervisor, kind, [1], 2) == []
    for name, column in references(kind):
        if POLICY[kind][name] == "move" and list(unique_with(column)):
            assert column.table.name in table_words(kind), name


def test_what_a_person_cares_about_is_taken_over_and_given_back(session: Session, cast: Cast) -> None:
    firm = make_party(session)
    kept, gone = (make_contact(session, firm, name) for name in ("Chen", "Chen Wei"))
    kept.cares, gone.cares, gone.care_note = ["price"], ["price", "delivery"], "Wants to hear early"
    session.commit()
    row = merge(session, "contact", kept, gone, by=cast.supervisor, reason="One person")
    session.commit()
    assert (kept.cares, kept.care_note) == (["price", "delivery"], "Wants to hear early")
    undo_merge(session, row, by=cast.supervisor)
    session.commit()
    assert (kept.cares, kept.care_note, gone.cares) == (["price"], None, ["price", "delivery"])
