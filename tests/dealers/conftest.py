"""Who works with dealers in the tests."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_user
from tracker.team.models import User


@pytest.fixture
def desk(session: Session, cast: Cast) -> User:
    """Who works at dealer management: a specialist of that department."""
    user = make_user(session, "dealermgmt", role=cast.roles["specialist"], team=cast.company, department="dealer_mgmt")
    session.commit()
    return user
