"""Who is mentioned in a text: `@` and a colleague's name or sign-in name."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.errors import Invalid
from tracker.i18n import _l
from tracker.team.models import User

_AT = re.compile(r"(?<![A-Za-z0-9._])[@＠]")
MOST = 10  # people brought in by one text


def mentioned_in(session: Session, by: User, text: str) -> list[User]:
    """Our own people whom the text mentions, each once, in their order. What names nobody is left as it is.

    The longest name that fits counts. Raises Invalid where two of that name are here, and for a crowd.
    """
    places = [found.end() for found in _AT.finditer(text)]
    if not places:
        return []
    query = select(User).where(visible(User, by), User.active, User.party_id.is_(None)).order_by(User.id)
    people = session.scalars(query.options(joinedload(User.role), joinedload(User.team))).all()
    names: dict[str, list[User]] = {}
    for one in people:
        for name in {one.name.casefold(), one.username.casefold()}:
            names.setdefault(name, []).append(one)
    ordered = sorted(names, key=len, reverse=True)
    found: dict[int, User] = {}
    for place in places:
        rest = text[place:].casefold()
        name = next((one for one in ordered if one and _begins(rest, one)), "")
        if not name:
            continue
        if len(names[name]) > 1:
            raise Invalid("text", _l("There are several of the name %(name)s. Write the user name.", name=name))
        found.setdefault(names[name][0].id, names[name][0])
    if len(found) > MOST:
        raise Invalid("text", _l("At most %(max)d people are brought in at once.", max=MOST))
    return list(found.values())


def _begins(rest: str, name: str) -> bool:
    """Whether the rest begins with the name, and not with a longer Latin word."""
    if not rest.startswith(name):
        return False
    following = rest[len(name) : len(name) + 1]
    return not (name[-1].isascii() and following.isascii() and (following.isalnum() or following == "_"))
