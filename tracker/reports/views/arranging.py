"""Which sections each kind of report has, in which order: for administrators."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.access import Action, may
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.incoming import optional_key
from tracker.reader import current_user
from tracker.reports import wording
from tracker.reports.operations.remarking import arrange as arrange_form
from tracker.reports.periods import KINDS
from tracker.reports.queries import kept
from tracker.reports.sections import NAMES, OF, default_sections, offered
from tracker.reports.views.blueprint import blueprint


def _administrators_only() -> None:
    if not may(current_user, Action.ADMINISTER):
        raise NotFound


@blueprint.get("/admin/reports")
@login_required
def forms() -> ResponseReturnValue:
    """All kinds with their sections."""
    _administrators_only()
    arranged = kept.list_forms(db.session)
    kinds = [
        (kind, arranged.get(kind, default_sections(kind)), kind in arranged, offered(kind))
        for of in OF
        for kind in (f"{of}/{period}" for period in KINDS)
    ]
    return respond("reports/forms.html", kinds=kinds, names=NAMES, wording=wording)


@blueprint.post("/admin/reports/<of>/<period>")
@login_required
def arrange(of: str, period: str) -> ResponseReturnValue:
    """Keep the sections that have a number, in the order of the numbers."""
    _administrators_only()
    kind = f"{of}/{period}"
    places = [(optional_key(request.form.get(key)), number, key) for number, key in enumerate(offered(kind))]
    chosen = [key for place, _number, key in sorted((one for one in places if one[0]), key=lambda one: one[:2])]
    arrange_form(db.session, kind, chosen, by=current_user)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("reports.forms"))
