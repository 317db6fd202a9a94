"""A dealer's own administrator: his company's people are invited, switched off, their work handed on; nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_user
from tests.registrations.making import drafted, handed_in
from tracker.dealers.models import Dealer
from tracker.dealers.operations.people import Invited, invite, switch
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.events import Event, Kind
from tracker.registrations.models import Registration
from tracker.registrations.operations.handing_in import draw_up
from tracker.registrations.operations.holding import hand_on
from tracker.team.models import Role, User, UserSession
from tracker.team.operations import add_user, make_password_link

PEOPLE = "/dealers/mine/people"
BUDGET = 16


@pytest.fixture
def head(session: Session, cast: Cast, xinyuan: Dealer) -> User:
    """The administrator of Xinyuan's own."""
    user = make_user(session, "head", role=cast.roles["dealer_admin"], party=cast.xinyuan)
    session.commit()
    return user


def plain(text: str, address: str) -> str:
    """A page without its address, and without the token that changes by the second."""
    return re.sub(r'X-CSRFToken": "[^"]+"|csrf_token" value="[^"]+"', "", text.replace(address, "…"))


def newest(session: Session) -> User:
    session.expire_all()
    return session.scalars(select(User).order_by(User.id.desc()).limit(1)).one()


def test_he_invites_somebody_who_sets_his_password_by_the_link_and_sees_the_company_s_registrations(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, head: User
) -> None:
    handed_in(session, xinyuan, cast.dealer1)
    client = browser.of(head)
    assert "Our people" in client.get("/dealers/mine").text and "Dealer1" in client.get(PEOPLE).text
    unreachable = client.post(f"{PEOPLE}/new", data={"name": "Chen Bo"})
    assert unreachable.status_code == 422 and "Chen Bo" in unreachable.text
    assert client.post(f"{PEOPLE}/new", data={"name": "Chen Bo", "email": "no address"}).status_code == 422
    shown = client.post(f"{PEOPLE}/new", data={"name": "Chen Bo", "phone": "138 0000 1111", "post": "Sales"}).text
    link = re.search(r"/password/[\w-]+", shown)
    assert link and f"d{xinyuan.id}-3" in shown
    person = newest(session)
    assert (person.name, person.party_id, person.phone) == ("Chen Bo", cast.xinyuan.id, "138 0000 1111")
    secret = {"password": "a long sentence", "again": "a long sentence"}
    assert browser.nobody().post(link.group(), data=secret).status_code == 303
    assert browser.nobody().post(link.group(), data=secret).status_code in (404, 410, 422)
    his = browser.of(person)
    assert "Hailan Bay" in his.get("/dealers/mine/registrations").text
    assert his.get(PEOPLE).status_code == 403
    kinds = session.scalars(select(Event.kind).where(Event.by_id == head.id)).all()
    assert kinds == [Kind.USER_ADDED, Kind.PASSWORD_LINK_MADE]


def test_who_leaves_is_switched_off_and_signed_out_and_his_registrations_go_to_a_colleague(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, head: User
) -> None:
    first = handed_in(session, xinyuan, cast.dealer1)
    draft = draw_up(session, xinyuan, drafted(name="Cove Inn"), by=cast.dealer1)
    over = draw_up(session, xinyuan, drafted(name="Gone Inn"), by=cast.dealer1)
    over.state = "withdrawn"
    session.commit()
    leaver, client = browser.of(cast.dealer1), browser.of(head)
    page = f"{PEOPLE}/{cast.dealer1.id}"
    assert "2 open registrations" in client.get(page).text
    assert client.post(f"{page}/active", data={"active": "0"}).status_code == 303
    assert leaver.get("/dealers/mine/registrations").status_code in (302, 303)
    assert client.post(f"{page}/hand-on", data={"successor_id": cast.dealer1.id}).status_code == 422
    done = client.post(f"{page}/hand-on", data={"successor_id": head.id}, follow_redirects=True)
    assert "2 registrations handed on." in done.text
    session.expire_all()
    holders = dict(session.execute(select(Registration.id, Registration.held_by_id)).all())
    assert holders == {first.id: head.id, draft.id: head.id, over.id: cast.dealer1.id}
    handed = session.scalars(select(Event).where(Event.kind == Kind.REGISTRATION_HANDED)).all()
    assert {(one.subject_id, one.data["held_by"]) for one in handed} == {(first.id, "Head"), (draft.id, "Head")}
    assert client.post(f"{page}/active", data={"active": "1"}).status_code == 303
    assert session.get_one(User, cast.dealer1.id).active
    itself = client.post(f"{PEOPLE}/{head.id}/active", data={"active": "0"})
    assert itself.status_code == 422 and "your own account" in itself.text


def test_the_people_of_anybody_else_do_not_exist_for_him(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, hongda: Dealer, head: User
) -> None:
    theirs = handed_in(session, hongda, cast.dealer2)
    mine = handed_in(session, xinyuan, cast.dealer1, name="Cove Inn", plot_number="C-1", address=None,
                     developer="Cove", latitude=20, kind="school")  # fmt: skip
    client = browser.of(head)
    strangers = [cast.dealer2, cast.sales1, cast.admin, cast.director]
    nothing = plain(client.get(f"{PEOPLE}/999999").text, f"{PEOPLE}/999999")
    for stranger in strangers:
        page = f"{PEOPLE}/{stranger.id}"
        answer = client.get(page)
        assert (answer.status_code, plain(answer.text, page)) == (404, nothing)
        for deed, form in (("active", {"active": "0"}), ("link", {}), ("hand-on", {"successor_id": head.id})):
            assert client.post(f"{page}/{deed}", data=form).status_code == 404, (stranger.username, deed)
        away = client.post(f"{PEOPLE}/{cast.dealer1.id}/hand-on", data={"successor_id": stranger.id})
        assert away.status_code == 422 and stranger.name not in away.text
        for page in (f"/people/{stranger.id}", f"/people/{stranger.id}/edit", "/admin", "/admin/people/new"):
            assert client.get(page).status_code == 404
        assert client.post(f"/people/{stranger.id}/active", data={"active": "0"}).status_code == 404
    session.expire_all()
    assert all(session.get_one(User, one.id).active for one in strangers)
    assert session.get_one(Registration, theirs.id).held_by_id == cast.dealer2.id
    assert session.get_one(Registration, mine.id).held_by_id == cast.dealer1.id
    assert session.scalars(select(UserSession.id).where(UserSession.user_id == cast.dealer2.id)).all() == []


def test_nobody_but_him_manages_a_dealer_s_people_beside_our_administrators(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, head: User
) -> None:
    for user, code in ((cast.dealer1, 403), (cast.dealer2, 404), (desk, 404), (cast.admin, 404)):
        client = browser.of(user)
        assert client.get(PEOPLE).status_code == client.post(f"{PEOPLE}/new", data={"name": "X"}).status_code == code
    for user in (cast.dealer1, cast.dealer2, desk, cast.sales1):
        with pytest.raises((Forbidden, NotFound)):
            invite(session, xinyuan, Invited("X", "1"), by=user)
        with pytest.raises((Forbidden, NotFound)):
            switch(session, cast.dealer1, False, by=user)
        with pytest.raises((Forbidden, NotFound)):
            hand_on(session, cast.dealer1, head, by=user)
        with pytest.raises((Forbidden, NotFound)):
            make_password_link(session, head, by=user)


def test_whom_he_invites_is_of_his_company_and_administers_nothing_whatever_is_sent(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, hongda: Dealer, head: User
) -> None:
    sent: dict[str, Any] = {"name": "Sly", "phone": "1", "role_id": cast.roles["administrator"].id, "team_id": 1,
                            "party_id": cast.hongda.id, "username": "admin", "department": "dealer_mgmt"}  # fmt: skip
    assert browser.of(head).post(f"{PEOPLE}/new", data=sent).status_code == 200
    sly = newest(session)
    assert (sly.role_id, sly.party_id, sly.team_id, sly.department) == (
        cast.roles["dealer"].id, cast.xinyuan.id, None, None
    )  # fmt: skip
    with pytest.raises(Forbidden):
        add_user(session, by=cast.dealer1, username="x", name="X", role_id=sly.role_id, party_id=cast.xinyuan.id)
    for role in session.scalars(select(Role)).all():
        if role.key not in ("dealer", "dealer_admin"):
            with pytest.raises(NotFound):
                add_user(session, by=head, username="x", name="X", role_id=role.id, party_id=cast.xinyuan.id)
    with pytest.raises(NotFound):
        add_user(session, by=head, username="x", name="X", role_id=sly.role_id, party_id=cast.hongda.id)


def test_a_company_has_not_more_accounts_than_it_may(
    session: Session, cast: Cast, xinyuan: Dealer, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.dealers.operations.people.MOST_PEOPLE", 3)
    invite(session, xinyuan, Invited("Chen Bo", "138"), by=head)
    with pytest.raises(Refused, match="as many accounts"):
        invite(session, xinyuan, Invited("Li An", "139"), by=head)
    with pytest.raises(Invalid):
        hand_on(session, cast.dealer1, None, by=head)


def test_the_list_of_people_asks_little(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, head: User
) -> None:
    for number in range(6):
        make_user(session, f"one{number}", role=cast.roles["dealer"], party=cast.xinyuan)
    client = browser.of(head)
    client.get(PEOPLE)
    with counted_queries() as asked:
        assert client.get(PEOPLE).status_code == 200
    assert len(asked) <= BUDGET
