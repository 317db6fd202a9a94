"""The page of somebody's work, for himself and those who lead him."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.access.of_annotations import reads_reports_of
from tracker.annotations import wording as annotation_words
from tracker.errors import NotFound
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.reports import wording
from tracker.reports.composing import Subject
from tracker.reports.operations.making import live
from tracker.reports.periods import period_of
from tracker.reports.queries import kept
from tracker.reports.queries.items import people_of
from tracker.reports.queries.working import load_work
from tracker.reports.reading import read_content
from tracker.reports.views.blueprint import blueprint
from tracker.suggestions.forms import STATES
from tracker.team.queries import get_user


@blueprint.get("/people/<int:user_id>/work")
@login_required
def work(user_id: int) -> ResponseReturnValue:
    """Recent work, the week's summary and plan, promises, results, forecasts, suggestions with their answers."""
    staff_only()
    person, today = get_user(db.session, current_user, user_id), clock.today()
    if person.party_id is not None or not reads_reports_of(current_user, person):
        raise NotFound
    week = period_of("week", today)
    subject = Subject("person", person.id, person.name, people_of(person.id), person.team_id)
    content = live(db.session, subject, [person], week, today)
    seen = kept.seen_sites(db.session, current_user, wording.sites_in(content))
    return respond(
        "reports/work.html",
        person=person,
        work=load_work(db.session, current_user, person, today),
        week=week,
        read=read_content(content, week, seen),
        subject=subject.key,
        definition=current_definition(),
        wording=annotation_words,
        states=STATES,
        of_dealer=False,
    )
