"""A ruling that splits a site cuts what each side claims; protection follows what it keeps, and an appeal undoes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.registrations.making import PLACE, handed_in
from tracker.dealers.models import Dealer
from tracker.errors import Invalid
from tracker.notifications.models import DueThing
from tracker.registrations.models import Conflict, RegisterEntry, Registration
from tracker.registrations.operations.answering import Approved, approve
from tracker.registrations.operations.conflicts import Ruling, appeal, open_conflict, rule
from tracker.registrations.operations.splitting import Part
from tracker.team.models import User

BOTH = ("tiles", "lighting")
PLOT = {"plot_number": "BH-2025-08"}


@pytest.fixture
def contested(session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer) -> Conflict:
    """Two dealers claim tiles and lighting of buildings 1 and 2; the second one's registration is looked at first."""
    claim: dict[str, Any] = {**PLOT, "categories": BOTH, "buildings": ("1#", "2#")}
    first = handed_in(session, xinyuan, cast.dealer1, **claim)
    second = handed_in(session, hongda, cast.dealer2, **claim)
    return open_conflict(session, second, by=desk, other=first)


def split(**keeps: Part) -> Ruling:
    return Ruling("split", "manager_decides", "Each has one half of the owner's word.", keeps=keeps)


def claims(session: Session, conflict: Conflict) -> list[tuple[list[str], list[str]]]:
    sides = [session.get_one(Registration, number) for number in (conflict.registration_id, conflict.other_id)]
    return [(one.categories, one.buildings) for one in sides]


def told(session: Session, registration_id: int | None) -> str:
    query = select(DueThing.en).where(DueThing.registration_id == registration_id).order_by(DueThing.id)
    return session.scalars(query).all()[-1]


def test_each_side_keeps_its_categories_is_told_so_and_protects_no_more_than_that(
    session: Session, cast: Cast, desk: User, hongda: Dealer, contested: Conflict
) -> None:
    keeps = {"registration": Part(("lighting",), ("1#", "2#")), "other": Part(("tiles",), ("1号楼", "2#"))}
    rule(session, contested, split(**keeps), by=cast.director)
    session.commit()
    assert claims(session, contested) == [(["lighting"], ["1#", "2#"]), (["tiles"], ["1号楼", "2#"])]
    assert "you keep Lamps" in told(session, contested.registration_id) or "you keep Light" in told(
        session, contested.registration_id
    )
    assert "tiles" in told(session, contested.other_id).lower()
    entry = session.scalars(select(RegisterEntry).where(RegisterEntry.deed == "ruled").order_by(RegisterEntry.id)).all()
    assert [json.loads(one.content)["categories"] for one in entry] == [["lighting"], ["tiles"]]
    assert [json.loads(one.content)["outcome"] for one in entry] == ["split", "split"]
    for number in (contested.registration_id, contested.other_id):
        approve(session, session.get_one(Registration, number), Approved(), by=desk)
    session.commit()
    taken = handed_in(session, hongda, cast.dealer2, **PLOT, categories=("tiles",), buildings=("2#",))
    assert taken.word == "taken"


def test_buildings_are_split_by_their_number_and_what_somebody_lost_is_free_of_him(
    session: Session, cast: Cast, hongda: Dealer, contested: Conflict
) -> None:
    keeps = {"registration": Part(BOTH, ("1#",)), "other": Part(BOTH, ("2号楼",))}
    rule(session, contested, split(**keeps), by=cast.director)
    session.commit()
    assert claims(session, contested) == [([*BOTH], ["1#"]), ([*BOTH], ["2号楼"])]


@pytest.mark.parametrize(
    ("keeps", "field"),
    [
        ({}, "registration_part"),  # nothing is cut, and no shares are named
        ({"registration": Part(BOTH, ("1#",)), "other": Part(BOTH, ("1#", "2#"))}, "registration_part"),
        ({"registration": Part((), ("1#",)), "other": Part(BOTH, ("2#",))}, "registration_categories"),
        ({"registration": Part(("paint",), ("1#",)), "other": Part(BOTH, ("2#",))}, "registration_categories"),
        ({"registration": Part(BOTH, ("1#",)), "other": Part(BOTH, ())}, "other_buildings"),
        ({"registration": Part(BOTH, ("1#",)), "other": Part(BOTH, ("3#",))}, "other_buildings"),
    ],
)
def test_a_split_that_leaves_both_the_same_or_gives_what_nobody_claimed_is_refused(
    session: Session, cast: Cast, contested: Conflict, keeps: dict[str, Part], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        rule(session, contested, split(**keeps), by=cast.director)
    assert refusal.value.field == field


def test_shares_split_the_same_claim_and_the_director_begins_again_from_the_whole(
    session: Session, cast: Cast, desk: User, contested: Conflict
) -> None:
    keeps = {"registration": Part(("lighting",), ("1#",)), "other": Part(("tiles",), ("2#",))}
    rule(session, contested, split(**keeps), by=cast.director)
    appeal(session, contested, by=cast.dealer1, reason="The owner wants one supplier")
    shared = Ruling("split", "manager_decides", "Both supply together.", share=40)
    rule(session, contested, shared, by=cast.director)
    session.commit()
    assert claims(session, contested) == [([*BOTH], ["1#", "2#"])] * 2
    assert contested.state == "final" and contested.shares == {"registration": 40, "other": 60}
    assert "40%" in told(session, contested.registration_id) and "60%" in told(session, contested.other_id)


def test_against_our_own_project_the_registration_alone_is_cut(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer
) -> None:
    project = make_project(session, cast.sales1, name="Binhai plot 1 hotel", kind="hotel", step="drawings",
                           latitude=PLACE[0] + 0.00108, longitude=PLACE[1], members=(desk,))  # fmt: skip
    registration = handed_in(session, xinyuan, cast.dealer1, categories=BOTH)
    conflict = open_conflict(session, registration, by=desk, project_id=project.id)
    rule(session, conflict, split(registration=Part(("lighting",))), by=cast.director)
    session.commit()
    assert (registration.categories, registration.state) == (["lighting"], "pre_registered")


def test_the_desk_ticks_what_each_side_keeps_and_both_read_it(
    session: Session, cast: Cast, browser: Browser, contested: Conflict
) -> None:
    session.commit()
    boss, case = browser.of(cast.director), f"/registrations/conflicts/{contested.id}"
    assert "Materials the other side keeps" in boss.get(case).text
    form = {"winner": "split", "order_key": "manager_decides", "reason": "Half and half.",
            "registration_categories": ["lighting"], "registration_buildings": "1#, 2#",
            "other_categories": ["tiles"], "other_buildings": "9#"}  # fmt: skip
    refused = boss.post(f"{case}/rule", data=form)
    assert refused.status_code == 422 and "no other" in refused.text and "9#" in refused.text
    assert boss.post(f"{case}/rule", data={**form, "other_buildings": "1#,2#"}).status_code == 303
    assert "keeps" in boss.get(case).text
    for user, number in ((cast.dealer2, contested.registration_id), (cast.dealer1, contested.other_id)):
        text = browser.of(user).get(f"/dealers/mine/registrations/{number}").text
        assert "it is split" in text and "Half and half." in text
