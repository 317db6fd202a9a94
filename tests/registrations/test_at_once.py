"""Fifty dealers hand in the same site at the same moment: one is first, and that one alone is protected."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.cast import make_cast
from tests.factories import make_party, make_user
from tests.registrations.making import drafted, make_dealer, make_desk
from tracker import database
from tracker.dealers.models import Dealer
from tracker.doctor.register import examine_register
from tracker.errors import Refused
from tracker.extensions import db
from tracker.registrations.models import RegisterEntry, Registration
from tracker.registrations.operations.answering import Approved, approve
from tracker.registrations.operations.handing_in import draw_up, submit
from tracker.team.models import User

DEALERS, THREADS = 50, 10

pytestmark = pytest.mark.real_time


def loaded(user_id: int) -> User:
    """Somebody with what the rules ask of him."""
    whole = (joinedload(User.role), joinedload(User.team))
    return db.session.scalars(select(User).where(User.id == user_id).options(*whole)).one()


def test_fifty_dealers_at_once_get_one_protected_and_forty_nine_fair_answers(own_app: Flask) -> None:
    cast = make_cast(db.session)
    desk = make_desk(db.session, cast)
    waiting: list[tuple[int, int]] = []
    for number in range(DEALERS):
        party = make_party(db.session, f"Dealer {number:02d} Trading", kind="dealer")
        user = make_user(db.session, f"of{number}", role=cast.roles["dealer"], party=party)
        dealer = make_dealer(db.session, party, desk)
        drawn = draw_up(db.session, dealer, drafted(plot_number="BH-2025-08"), by=user)
        db.session.commit()
        waiting.append((drawn.id, user.id))
    desk_id = desk.id
    db.session.remove()
    together = Barrier(THREADS)

    def hand_in(one: tuple[int, int]) -> str:
        with own_app.app_context():
            together.wait(timeout=60)
            database.begin_for(False)
            by = loaded(one[1])
            word = submit(db.session, db.session.get_one(Registration, one[0]), by=by)
            db.session.commit()
            db.session.remove()
            return word

    with ThreadPoolExecutor(THREADS) as pool:
        words = list(pool.map(hand_in, waiting))
    assert Counter(words) == {"free": 1, "taken": DEALERS - 1}
    assert len(db.session.scalars(select(RegisterEntry.id)).all()) == DEALERS
    assert list(examine_register(db.session)) == []

    by = loaded(desk_id)
    for registration_id, _user in waiting:
        try:
            approve(db.session, db.session.get_one(Registration, registration_id), Approved(), by=by)
            db.session.commit()
        except Refused:
            db.session.rollback()
            by = loaded(desk_id)
    states = Counter(db.session.scalars(select(Registration.state)))
    assert states == {"pre_registered": 1, "in_check": DEALERS - 1}
    assert len(set(db.session.scalars(select(Dealer.id)))) == DEALERS
