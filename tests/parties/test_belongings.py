"""Other names, further roles, certificates, groups and estimates of a firm."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tracker import clock
from tracker.duplicates import indexing as match_keys
from tracker.duplicates.queries import find_hits
from tracker.errors import Forbidden, Invalid
from tracker.events import Event, Kind
from tracker.matching.likeness import Level
from tracker.matching.things import Firm
from tracker.merging.operations import merge, undo_merge
from tracker.parties import operations
from tracker.parties.licences import odd_code, odd_number
from tracker.parties.models import Party, PartyEstimate, PartyLicence, PartyName, PartyRole
from tracker.parties.operations.belongings import DEEPEST, place_in_group
from tracker.parties.queries import find_same_firm
from tracker.parties.queries.families import ids_below, load_family, load_held
from tracker.parties.queries.listing import PartyFilters, list_parties
from tracker.search import indexing

CODE = "91350100M000100Y43"  # the example of GB 32100-2015
ADDRESS = "/parties/{id}/belongings/{what}"


@pytest.fixture
def party(session: Session) -> Party:
    return make_party(session, "恒悦置地（杭州）有限公司")


def sound(session: Session) -> bool:
    return not list(indexing.faults(session)) and not list(match_keys.faults(session))


def test_a_firm_is_found_by_each_of_its_names_in_search_import_and_duplicates(
    session: Session, cast: Cast, party: Party
) -> None:
    operations.add_name(session, party, by=cast.sales1, name="Evergreen Estates Ltd", kind="english")
    operations.add_name(session, party, by=cast.sales1, name="钱江房产", kind="former")
    session.commit()
    for name in ("evergreen estates", "钱江房产"):
        assert [one.id for one in list_parties(session, cast.sales1, PartyFilters(q=name)).items] == [party.id]
        assert find_same_firm(session, name) == party
        hits = find_hits(session, cast.sales1, "party", Firm((name,)))
        assert [(hit.id, hit.level) for hit in hits] == [(party.id, Level.CERTAIN)]
    assert sound(session)
    row = session.scalars(select(PartyName).where(PartyName.kind == "former")).one()
    operations.drop_name(session, party, row.id, by=cast.sales1)
    session.commit()
    assert find_same_firm(session, "钱江房产") is None
    assert sound(session)


def test_a_name_that_two_firms_share_decides_nothing(session: Session, cast: Cast, party: Party) -> None:
    other = make_party(session, "Hengyue Commercial")
    for one in (party, other):
        operations.add_name(session, one, by=cast.sales1, name="Hengyue", kind="short")
    session.commit()
    assert find_same_firm(session, "Hengyue") is None
    own = make_party(session, "Hengyue Ltd")
    assert find_same_firm(session, "Hengyue") == own, "a name of its own comes first"


def test_the_short_name_is_one_of_them(session: Session, cast: Cast, party: Party) -> None:
    operations.edit_party(session, party, by=cast.sales1, version=1, short_name="恒悦")
    session.commit()
    assert find_same_firm(session, "恒 悦") == party
    operations.edit_party(session, party, by=cast.sales1, version=party.version, short_name=None)
    assert find_same_firm(session, "恒悦") is None


def test_one_credit_code_is_one_firm_whatever_it_is_called(
    session: Session, cast: Cast, browser: Browser, party: Party
) -> None:
    operations.edit_party(session, party, by=cast.sales1, version=1, credit_code=CODE)
    session.commit()
    assert find_same_firm(session, "Quite another", code=CODE.lower()) == party
    (hit,) = find_hits(session, cast.sales1, "party", Firm(("Quite another",), code=CODE))
    assert (hit.id, hit.level) == (party.id, Level.CERTAIN)
    sent = {"name": "Quite another", "kind": "owner", "credit_code": f"{CODE[:8]} {CODE[8:]}"}
    client = browser.of(cast.sales1)
    page = client.post("/parties/new", data=sent)
    assert page.status_code == 422 and f'href="/parties/{party.id}"' in page.get_data(as_text=True)
    other = make_party(session, "Another")
    session.commit()
    page = client.post(f"/parties/{other.id}/edit", data={**sent, "version": 1})
    assert page.status_code == 422 and "Another firm has this credit code" in page.get_data(as_text=True)
    assert client.post(f"/parties/{other.id}/edit", data={**sent, "version": 1, "anyway": 1}).status_code == 303
    session.refresh(other)
    assert other.credit_code is not None
    assert sound(session)


def test_two_credit_codes_are_two_firms_though_they_are_called_the_same(session: Session, cast: Cast) -> None:
    one = make_party(session, "Hengyue Land")
    one.credit_code = CODE
    session.commit()
    hits = find_hits(session, cast.sales1, "party", Firm(("Hengyue Land",), code="911000001000013428"))
    assert all(hit.level is not Level.CERTAIN for hit in hits)


@pytest.mark.parametrize(
    ("code", "said"),
    [(CODE, None), ("91350100m000100y43", None), ("9135 0100 M000100Y43", None), (CODE[:-1], "18 letters"),
     (CODE[:-1] + "4", "check sign"), ("9I350100M000100Y43", "no I, O, S, V or Z")],
)  # fmt: skip
def test_an_odd_credit_code_is_told(app: object, code: str, said: str | None) -> None:
    told = odd_code(code)
    assert told is None if said is None else said in str(told)


@pytest.mark.parametrize(
    ("kind", "number", "odd"),
    [("construction", "D133012345", False), ("construction", "D13301234", True), ("design", "A133000001", False),
     ("safety", "（浙）JZ安许证字[2005]010001", False), ("safety", "JZ 17", True), ("other", "whatever", False)],
)  # fmt: skip
def test_an_odd_certificate_is_told(app: object, kind: str, number: str, odd: bool) -> None:
    assert (odd_number(kind, number) is not None) == odd


def test_a_certificate_is_kept_as_it_stands_with_a_warning(
    session: Session, cast: Cast, browser: Browser, party: Party
) -> None:
    other = make_party(session, "Another")
    session.commit()
    client = browser.of(cast.sales1)
    sent = {"kind": "construction", "number": "D-9", "grade": "一级", "valid_until": "2020-01-31"}
    for one in (party, other):
        answer = client.post(ADDRESS.format(id=one.id, what="licences"), data=sent, follow_redirects=True)
        page = answer.get_data(as_text=True)
        assert "does not have the shape" in page and "D-9" in page
    assert "Another firm has this number too" in page
    row = session.scalars(select(PartyLicence).where(PartyLicence.party_id == party.id)).one()
    assert (row.grade, row.valid_until) == ("一级", date(2020, 1, 31))
    page = client.get(f"/parties/{party.id}").get_data(as_text=True)
    assert "D-9" in page and "does not have the shape" in page
    assert client.post(ADDRESS.format(id=party.id, what="licences") + f"/{row.id}/drop").status_code == 303
    assert session.scalar(select(func.count()).select_from(PartyLicence)) == 1


@pytest.mark.parametrize(
    ("what", "sent", "said"),
    [
        ("names", {"kind": "former", "name": " "}, "Write the other name."),
        ("names", {"kind": "former", "name": "恒悦置地(杭州)"}, "known by this name already"),
        ("roles", {"role": "owner"}, "The firm is that already."),
        ("licences", {"kind": "design", "number": "", "grade": "甲级"}, "Write the number of the certificate."),
        ("estimates", {"category": "tiles", "volume": "80万", "currency": "CNY", "grounds": ""}, "on what grounds"),
        ("estimates", {"category": "tiles", "volume": "", "currency": "CNY", "grounds": "Guess"}, "in a year"),
        ("estimates", {"category": "tiles", "volume": "9", "currency": "CNY", "grounds": "x", "on": "2999-01-01"},
         "in the future"),
    ],
)  # fmt: skip
def test_what_is_refused_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, party: Party, what: str, sent: dict[str, str], said: str
) -> None:
    answer = browser.of(cast.sales1).post(ADDRESS.format(id=party.id, what=what), data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    for value in sent.values():
        assert value.strip() in page
    for model in (PartyName, PartyRole, PartyLicence, PartyEstimate):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_everything_that_belongs_to_a_firm_is_added_with_an_event_and_shown(
    session: Session, cast: Cast, browser: Browser, party: Party
) -> None:
    client = browser.of(cast.sales1)
    for what, sent in (
        ("names", {"kind": "english", "name": "Evergreen"}),
        ("roles", {"role": "main_contractor"}),
        ("licences", {"kind": "design", "number": "A133000001"}),
        ("estimates", {"category": "tiles", "volume": "80万", "currency": "CNY", "grounds": "Their buyer said so."}),
    ):
        assert client.post(ADDRESS.format(id=party.id, what=what), data=sent).status_code == 303, what
    with counted_queries() as asked:
        page = client.get(f"/parties/{party.id}/more").get_data(as_text=True)
    assert len(asked) <= 8
    assert all(text in page for text in ("Evergreen", "Main contractor", "A133000001", "Their buyer said so."))
    page = client.get(f"/parties/{party.id}").get_data(as_text=True)
    assert "Evergreen" in page and "Main contractor" in page
    kinds = set(session.scalars(select(Event.kind).where(Event.subject == "party", Event.subject_id == party.id)))
    assert {Kind.PARTY_NAMED, Kind.PARTY_ROLE_ADDED, Kind.LICENCE_ADDED, Kind.PARTY_ESTIMATED} <= kinds


def test_rows_of_another_firm_and_unknown_belongings_are_not_there(
    session: Session, cast: Cast, browser: Browser, party: Party
) -> None:
    row = operations.add_name(session, make_party(session, "Another"), by=cast.sales1, name="Else", kind="other")
    session.commit()
    client = browser.of(cast.sales1)
    assert client.post(ADDRESS.format(id=party.id, what="names") + f"/{row.id}/drop").status_code == 404
    assert client.post(ADDRESS.format(id=party.id, what="wishes")).status_code == 404
    assert client.post(ADDRESS.format(id=party.id, what="estimates") + "/1/drop").status_code == 404


def test_who_may_not_edit_firms_adds_nothing_to_them(session: Session, cast: Cast, party: Party) -> None:
    for user in (cast.compliance, cast.dealer1):
        with pytest.raises(Forbidden):
            operations.add_name(session, party, by=user, name="x", kind="other")
        with pytest.raises(Forbidden):
            operations.add_role(session, party, by=user, role="dealer")
        with pytest.raises(Forbidden):
            operations.add_licence(session, party, by=user, kind="other", number="x")
        with pytest.raises(Forbidden):
            operations.add_estimate(session, party, by=user, category="tiles", volume=Decimal(1), currency="CNY",
                                    grounds="x")  # fmt: skip


def test_a_group_adds_its_firms_up(session: Session, cast: Cast, browser: Browser, party: Party) -> None:
    child, grandchild = make_party(session, "Child"), make_party(session, "Grandchild")
    session.commit()
    client = browser.of(cast.sales1)
    for one, above in ((child, party.name), (grandchild, "child")):
        sent = {"name": one.name, "kind": "owner", "version": 1, "parent_name": above}
        assert client.post(f"/parties/{one.id}/edit", data=sent).status_code == 303
    for number, one in enumerate((party, child, grandchild)):
        make_project(session, cast.sales1, name=f"P{number}", developer=one, value=100 * 10**number)
    assert ids_below(session, party.id) == {party.id, child.id, grandchild.id}
    page = client.get(f"/parties/{party.id}").get_data(as_text=True)
    assert "3 open" in page and "Grandchild" in page
    alone = client.get(f"/parties/{party.id}?alone=1").get_data(as_text=True)
    assert "1 open" in alone
    family = {one.id: one.depth for one in load_family(session, cast.sales1, child)}
    assert family == {party.id: -1, child.id: 0, grandchild.id: 1}


def test_no_group_is_its_own_part(session: Session, cast: Cast, browser: Browser, party: Party) -> None:
    child = make_party(session, "Child")
    place_in_group(session, child, party)
    session.commit()
    sent = {"name": party.name, "kind": "owner", "version": 1, "parent_name": "Child", "note": "Pays late."}
    answer = browser.of(cast.sales1).post(f"/parties/{party.id}/edit", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "cannot be its own part" in page and "Pays late." in page
    answer = browser.of(cast.sales1).post("/parties/new", data={**sent, "name": "New", "parent_name": "Nobody knows"})
    assert answer.status_code == 422 and "No firm of this name" in answer.get_data(as_text=True)
    for wrong in (party, child):
        with pytest.raises(Invalid):
            place_in_group(session, party, wrong)


def test_a_group_has_an_end(session: Session, cast: Cast, party: Party) -> None:
    above = party
    for number in range(DEEPEST - 1):
        below = make_party(session, f"Level {number}")
        place_in_group(session, below, above)
        session.flush()
        above = below
    with pytest.raises(Invalid):
        place_in_group(session, make_party(session, "One too many"), above)


def test_merging_takes_names_roles_papers_and_the_group_along_and_gives_them_back(
    session: Session, cast: Cast, party: Party
) -> None:
    gone = make_party(session, "Evergreen Estates of Hangzhou and the Whole Yangtze River Delta with all its Branches")
    child = make_party(session, "Child")
    for one, above in ((child, gone), (party, child)):
        place_in_group(session, one, above)
        session.flush()
    operations.add_name(session, gone, by=cast.sales1, name="Evergreen", kind="short")
    operations.add_role(session, gone, by=cast.sales1, role="property_manager")
    operations.add_licence(session, gone, by=cast.sales1, kind="other", number="X-123456")
    operations.add_estimate(session, gone, by=cast.sales1, category="tiles", volume=Decimal(9), currency="CNY",
                            grounds="x", on=clock.today() - timedelta(1))  # fmt: skip
    make_contact(session, gone)
    make_project(session, cast.sales1, developer=gone, value=500)
    session.commit()
    row = merge(session, "party", party, gone, by=cast.supervisor, reason="The same firm.")
    session.commit()
    held = {(one.what, one.text or one.kind) for one in load_held(session, party)}
    assert {("name", "Evergreen"), ("name", gone.name), ("role", "property_manager"), ("licence", "X-123456")} <= held
    assert find_same_firm(session, gone.name) == party
    assert (party.parent_id, session.get_one(Party, child.id).parent_id) == (None, party.id)
    assert ids_below(session, party.id) == {party.id, child.id}
    assert sound(session)
    undo_merge(session, row, by=cast.supervisor)
    session.commit()
    assert {one.text for one in load_held(session, gone) if one.what == "name"} == {"Evergreen"}
    assert load_held(session, party) == []
    assert (party.parent_id, session.get_one(Party, child.id).parent_id) == (child.id, gone.id)
    assert sound(session)
