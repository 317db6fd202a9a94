"""Whether a firm may be given projects as a dealer. Whoever gives them asks, so this knows nothing but the profile."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.dealers.models import WORKING, Dealer
from tracker.dealers.wording import STATE_NAMES
from tracker.errors import Invalid
from tracker.i18n import _l
from tracker.parties.models import Party


def refuse_unfit(session: Session, party_ids: Iterable[int], field: str) -> None:
    """Raise Invalid where one of these firms has a profile as a dealer and is not to be given anything new.

    A firm without a profile is nobody we have judged: it may.
    """
    wanted = set(party_ids)
    if not wanted:
        return
    query = select(Party.name, Dealer.state).join(Dealer, Dealer.party_id == Party.id)
    unfit = session.execute(query.where(Party.id.in_(wanted), Dealer.state.not_in(WORKING)).limit(1)).first()
    if unfit is not None:
        name, state = unfit
        message = _l("%(name)s takes nothing new: as a dealer it is %(state)s.", name=name, state=STATE_NAMES[state])
        raise Invalid(field, message)
