"""The ways out of a form whose site is on record, for leads and projects alike."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from tracker.duplicates.operations.asking import ask_to_join
from tracker.duplicates.views import probing
from tracker.extensions import db
from tracker.htmx import go_to
from tracker.i18n import _
from tracker.leads.models import Lead
from tracker.matching.things import Site
from tracker.reader import current_user


def join_site(site: Site, reason: str) -> ResponseReturnValue:
    """Ask to be let into the site that is on record, instead of entering it once more."""
    ask_to_join(db.session, site, by=current_user, reason=reason)
    db.session.commit()
    flash(_("Asked. Who oversees the site answers here."))
    return go_to(url_for("duplicates.list_page", which="mine"))


def kept_as_lead(lead: Lead) -> ResponseReturnValue:
    """To the lead as which a contested site is kept."""
    address = url_for("leads.page", lead_id=lead.id)
    db.session.commit()
    probing.forgive()
    flash(_("Kept as a lead; who oversees the known site decides whether it is another one."))
    return go_to(address)
