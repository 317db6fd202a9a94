"""The index of match keys follows the rows, whatever writes them."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.duplicates.making import PLOT, known_lead
from tests.factories import make_contact, make_party, make_project
from tests.leads.making import opening
from tracker.duplicates import indexing
from tracker.duplicates.models import MatchKey
from tracker.generating import generate
from tracker.leads.models import Lead
from tracker.leads.operations.capturing import edit_lead
from tracker.leads.operations.converting import convert_lead
from tracker.matching.normalise import plot_key
from tracker.projects.models import SiteName


def keys(session: Session, kind: str, row_id: int) -> set[str]:
    found = select(MatchKey.key).where(MatchKey.kind == kind, MatchKey.row_id == row_id)
    return set(session.scalars(found))


def test_a_row_has_its_keys_as_soon_as_it_is_written_and_new_ones_when_it_changes(session: Session, cast: Cast) -> None:
    lead = known_lead(session, cast.sales1)
    first = keys(session, "lead", lead.id)
    assert f"plot:{plot_key(PLOT)}" in first
    edit_lead(session, lead, by=cast.sales1, version=lead.version, developer=None, plot_number=None, name="别处花园")
    second = keys(session, "lead", lead.id)
    assert not any(key.startswith("plot:") for key in second)
    assert {key for key in second if key.startswith("name:")}.isdisjoint(first)
    assert list(indexing.faults(session)) == []


def test_another_name_of_a_site_is_a_key_of_it_and_goes_when_it_goes(session: Session, cast: Cast) -> None:
    project = make_project(session, cast.sales1, name="Plot 7")
    plain = keys(session, "project", project.id)
    alias = SiteName(project_id=project.id, kind="promotion", name="海澜湾度假酒店")
    session.add(alias)
    session.flush()
    assert keys(session, "project", project.id) > plain
    session.delete(alias)
    session.flush()
    assert keys(session, "project", project.id) == plain


def test_the_sites_of_a_renamed_firm_are_found_by_its_new_name(session: Session, cast: Cast) -> None:
    firm = make_party(session, "恒岳置业有限公司")
    project = make_project(session, cast.sales1, developer=firm)
    person = make_contact(session, firm)
    before = keys(session, "project", project.id)
    firm.name = "永和地产有限公司"
    session.flush()
    assert keys(session, "project", project.id) != before
    assert keys(session, "contact", person.id)
    assert list(indexing.faults(session)) == []


def test_what_stands_for_another_row_has_no_keys(session: Session, cast: Cast) -> None:
    lead, other = known_lead(session, cast.sales1), known_lead(session, cast.sales1)
    project = convert_lead(session, lead, opening(), by=cast.sales1)
    other.merged_into_id = lead.id
    session.flush()
    assert keys(session, "lead", lead.id) == keys(session, "lead", other.id) == set()
    assert keys(session, "project", project.id)


def test_what_is_missing_askew_or_left_over_is_named_and_made_anew(session: Session, cast: Cast) -> None:
    lead, changed = known_lead(session, cast.sales1), known_lead(session, cast.sales2)
    session.execute(delete(MatchKey).where(MatchKey.row_id == lead.id, MatchKey.kind == "lead"))
    session.execute(update(Lead).where(Lead.id == changed.id).values(plot_number="别的 9 号"))
    session.add(MatchKey(kind="party", key="name:nobody", row_id=99_999))
    session.flush()
    assert set(indexing.faults(session)) == {("lead", lead.id), ("lead", changed.id), ("party", 99_999)}
    session.expire_all()
    indexing.rebuild(session)
    assert list(indexing.faults(session)) == []


def test_load_data_brings_its_keys(session: Session) -> None:
    generate(session, projects=30)
    session.flush()
    assert list(indexing.faults(session)) == []


def test_a_database_of_before_is_filled_once(session: Session, cast: Cast) -> None:
    lead = known_lead(session, cast.sales1)
    session.execute(delete(MatchKey))
    indexing.fill(session)
    assert keys(session, "lead", lead.id)
    session.execute(delete(MatchKey).where(MatchKey.kind == "lead"))
    indexing.fill(session)
    assert not keys(session, "lead", lead.id)
