"""Who has to do with registrations in the tests: dealer management, and two dealers."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.registrations.making import make_dealer, make_desk
from tracker.dealers.models import Dealer
from tracker.team.models import User


@pytest.fixture
def desk(session: Session, cast: Cast) -> User:
    """Who works at dealer management."""
    return make_desk(session, cast)


@pytest.fixture
def xinyuan(session: Session, cast: Cast, desk: User) -> Dealer:
    """The dealer of dealer1, who works in the north."""
    return make_dealer(session, cast.xinyuan, desk, regions=(cast.region_north,))


@pytest.fixture
def hongda(session: Session, cast: Cast, desk: User) -> Dealer:
    """The dealer of dealer2."""
    return make_dealer(session, cast.hongda, desk)
