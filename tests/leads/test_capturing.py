"""Capturing, editing, assigning and giving up leads: operations on a real database, no HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_party, make_photo
from tests.leads.making import kinds_of, make_lead, opening
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Invalid, NotFound, Stale
from tracker.events import Kind
from tracker.leads.models import Lead, LeadParty
from tracker.leads.operations.assigning import assign_lead
from tracker.leads.operations.becoming import set_lead_state
from tracker.leads.operations.capturing import LeadDraft, capture_lead, edit_lead
from tracker.leads.operations.converting import convert_lead
from tracker.leads.operations.noting import note_on_lead
from tracker.leads.queries import LeadFilters, get_lead, list_lead_records, list_leads, load_lead
from tracker.matrix.queries import load_marks
from tracker.parties.models import Party
from tracker.team.models import User


def names(session: Session, user: User, **filters: object) -> set[str]:
    return {lead.name for lead in list_leads(session, user, LeadFilters(**filters)).items}  # type: ignore[arg-type]


def test_a_captured_lead_belongs_to_its_finder_and_owes_evidence_until_a_picture_comes(
    session: Session, cast: Cast
) -> None:
    lead = make_lead(session, cast.sales1)
    assert (lead.owner_id, lead.team_id, lead.region_id) == (cast.sales1.id, cast.north.id, cast.region_north.id)
    assert lead.owes_evidence
    assert lead.found_on == clock.today()
    photo = make_photo(session, cast.sales1)
    note_on_lead(
        session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="Fence is up.", photos=(photo.token,)
    )
    assert lead.owes_evidence, "nobody knows where the picture was taken"
    located = make_photo(session, cast.sales1)
    located.latitude, located.longitude = 31.2, 121.5
    note_on_lead(
        session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="The board.", photos=(located.token,)
    )
    assert not lead.owes_evidence
    assert photo.lead_id == lead.id
    assert kinds_of(session, lead) == [Kind.LEAD_ADDED]


def test_pictures_taken_at_capture_become_the_first_record_and_give_the_place(session: Session, cast: Cast) -> None:
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    photo.latitude, photo.longitude = 31.2, 121.5
    lead = make_lead(session, cast.sales1, photos=(photo.token,), note="Sign at the gate")
    assert not lead.owes_evidence
    assert (lead.latitude, lead.longitude) == (31.2, 121.5)
    [record] = list_lead_records(session, cast.sales1, lead)
    assert (record.phase, record.text, record.author_id) == ("lead", "Sign at the gate", cast.sales1.id)
    assert [thumb.token for thumb in load_marks(session, [record])[record.id].photos] == [photo.token]


def test_a_developer_is_found_again_however_his_name_is_spelt(session: Session, cast: Cast) -> None:
    known = make_party(session, "Hengyue Land Co., Ltd.")
    lead = make_lead(session, cast.sales1, developer="HENGYUE LAND")
    other = make_lead(session, cast.sales1, name="Plot 8", developer="Yonghe Estates")
    assert lead.developer_id == known.id
    assert session.scalar(select(LeadParty.role).where(LeadParty.lead_id == lead.id)) == "owner"
    assert session.get_one(Party, other.developer_id).name == "Yonghe Estates"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "   "}),
        ("source", {"source": "hearsay"}),
        ("step", {"step": "roof"}),
        ("kind", {"kind": "castle"}),
        ("found_on", {"found_on": date(2026, 3, 17)}),
        ("latitude", {"latitude": 31.0}),
        ("latitude", {"latitude": 91.0, "longitude": 10.0}),
        ("value", {"value": Decimal(-1)}),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, cast: Cast, field: str, values: dict[str, object]
) -> None:
    draft = LeadDraft(**{"name": "Plot", "source": "media_land", **values})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        capture_lead(session, draft, by=cast.sales1)
    assert refusal.value.field == field


def test_the_second_press_of_the_same_form_captures_nothing(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, token="pressed-once")
    with pytest.raises(AlreadyDone) as again:
        make_lead(session, cast.sales1, token="pressed-once")
    assert again.value.details == f"/leads/{lead.id}"
    assert session.scalar(select(func.count()).select_from(Lead)) == 1


def test_the_second_press_of_the_same_record_logs_nothing(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)

    def log() -> None:
        note_on_lead(
            session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="Seen.", token="record-once"
        )

    log()
    with pytest.raises(AlreadyDone):
        log()
    assert len(list_lead_records(session, cast.sales1, lead)) == 1


def test_a_lead_is_edited_with_a_trail_and_never_over_somebody_elses_change(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, developer="Hengyue Land")
    edit_lead(session, lead, by=cast.sales1, version=lead.version, developer="Yonghe Estates", name="Riverside plot 9")
    joined = session.execute(select(Party.name, LeadParty.role).join(LeadParty, LeadParty.party_id == Party.id)).all()
    assert [tuple(row) for row in joined] == [("Yonghe Estates", "owner")]
    assert lead.name == "Riverside plot 9"
    assert kinds_of(session, lead) == [Kind.LEAD_ADDED, Kind.LEAD_EDITED]
    with pytest.raises(Stale):
        edit_lead(session, lead, by=cast.sales1, version=lead.version - 1, developer=None, name="Plot 10")


def test_only_a_supervisor_of_the_team_assigns_and_the_team_follows_the_new_owner(session: Session, cast: Cast) -> None:
    made = make_lead(session, cast.sales1)
    lead = load_lead(session, cast.director, made.id)
    with pytest.raises(Forbidden):
        assign_lead(session, lead, cast.sales2, by=cast.sales1)
    with pytest.raises(Invalid):
        assign_lead(session, lead, cast.dealer1, by=cast.director)
    assign_lead(session, lead, cast.sales3, by=cast.director)
    assert (lead.owner_id, lead.team_id, lead.region_id) == (cast.sales3.id, cast.south.id, cast.region_south.id)
    assert kinds_of(session, lead)[-1] == Kind.LEAD_ASSIGNED


def test_giving_a_lead_up_needs_a_reason_and_can_be_undone(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    with pytest.raises(Invalid) as refusal:
        set_lead_state(session, lead, "invalid", by=cast.sales1, reason="  ")
    assert refusal.value.field == "reason"
    set_lead_state(session, lead, "invalid", by=cast.sales1, reason="Cancelled by the city")
    assert names(session, cast.sales1) == set()
    assert names(session, cast.sales1, state="invalid") == {lead.name}
    set_lead_state(session, lead, "new", by=cast.sales1, reason="Permit came after all")
    assert names(session, cast.sales1) == {lead.name}
    assert kinds_of(session, lead) == [Kind.LEAD_ADDED, Kind.LEAD_STATE_SET, Kind.LEAD_STATE_SET]


def test_a_converted_lead_is_neither_edited_nor_given_up_nor_logged_on(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    convert_lead(session, lead, opening(), by=cast.sales1)
    with pytest.raises(Forbidden):
        edit_lead(session, lead, by=cast.sales1, version=lead.version, developer=None, name="Other")
    with pytest.raises(Forbidden):
        set_lead_state(session, lead, "invalid", by=cast.sales1, reason="Gone")
    with pytest.raises(Forbidden):
        note_on_lead(session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="Seen.")


def test_everybody_sees_his_own_leads_and_supervisors_those_below(session: Session, cast: Cast) -> None:
    make_lead(session, cast.sales1, name="north")
    south = make_lead(session, cast.sales3, name="south")
    make_lead(session, cast.dealer1, name="dealer's")
    assert names(session, cast.sales1) == {"north"}
    assert names(session, cast.supervisor) == {"north"}
    assert names(session, cast.director) == {"north", "south"}
    assert names(session, cast.gm) == {"north", "south", "dealer's"}
    assert names(session, cast.dealer1) == {"dealer's"}
    assert names(session, cast.dealer2) == set()
    with pytest.raises(NotFound):
        get_lead(session, cast.sales1, south.id)


def test_the_list_is_narrowed_by_every_filter_and_sorted(session: Session, cast: Cast) -> None:
    yesterday = clock.today() - timedelta(days=1)
    first = make_lead(session, cast.sales1, name="100% Plaza", value=Decimal(5), found_on=yesterday)
    second = make_lead(session, cast.sales3, name="Canal House", value=Decimal(9), address="4 Quay Street")
    second.source, second.owes_evidence = "media_land", False
    session.commit()
    for filters, expected in (
        ({"q": "100%"}, {first.name}),
        ({"q": "quay"}, {second.name}),
        ({"q": "_"}, set()),
        ({"state": "nurturing"}, set()),
        ({"source": "media_land"}, {second.name}),
        ({"region": cast.region_north.id}, {first.name}),
        ({"team": cast.south.id}, {second.name}),
        ({"owner": cast.sales1.id}, {first.name}),
        ({"owes": True}, {first.name}),
        ({"unassigned": True}, set()),
        ({"run": 1}, set()),
    ):
        assert names(session, cast.gm, **filters) == expected, filters
    for sort, expected_order in (
        ("value", [second.name, first.name]),
        ("name", [first.name, second.name]),
        ("found", [second.name, first.name]),
    ):
        page = list_leads(session, cast.gm, LeadFilters(), sort)
        assert [lead.name for lead in page.items] == expected_order, sort
