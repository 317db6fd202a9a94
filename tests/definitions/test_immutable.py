"""A published version never changes: neither by the session nor past it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.definitions.making import LIGHT_SOURCE, publish
from tracker.definitions.models import Immutable
from tracker.matrix.definitions import get_definition, publish_standard
from tracker.matrix.models import DefinitionVersion


@pytest.fixture
def stored(session: Session, cast: Cast) -> DefinitionVersion:
    publish(session, LIGHT_SOURCE, cast.admin)
    return session.scalars(select(DefinitionVersion)).one()


def test_the_session_refuses_to_change_or_delete_it(session: Session, stored: DefinitionVersion) -> None:
    stored.source = "meta: {}"
    with pytest.raises(Immutable):
        session.flush()
    session.rollback()
    session.delete(session.scalars(select(DefinitionVersion)).one())
    with pytest.raises(Immutable):
        session.flush()
    session.rollback()
    assert session.scalars(select(DefinitionVersion.source)).one() == LIGHT_SOURCE


@pytest.mark.parametrize(
    "statement",
    [
        update(DefinitionVersion).values(source=""),
        update(DefinitionVersion).values(version=9),
        delete(DefinitionVersion),
        text("UPDATE definition_version SET source = ''"),
        text("DELETE FROM definition_version"),
    ],
    ids=str,
)
def test_the_database_refuses_what_goes_past_the_session(
    session: Session, stored: DefinitionVersion, statement: object
) -> None:
    with pytest.raises(DBAPIError, match="never changes"), session.begin_nested():
        session.execute(statement)  # type: ignore[call-overload]
    assert session.scalars(select(DefinitionVersion.source)).one() == LIGHT_SOURCE


def test_another_version_can_always_be_added(session: Session, cast: Cast, stored: DefinitionVersion) -> None:
    publish_standard(session)
    publish(session, LIGHT_SOURCE, cast.admin)
    session.commit()
    numbers = session.execute(select(DefinitionVersion.key, DefinitionVersion.version).order_by(DefinitionVersion.id))
    assert numbers.all() == [("light", 1), ("standard", 1), ("light", 2)]
    assert get_definition(session, "light", 1).key == "light"
