"""The rules for leads without an owner, and what they would have done."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker.absences.choosing import colleagues_to_choose
from tracker.absences.queries import load_away
from tracker.access import reaches
from tracker.assigning.forms import RuleForm
from tracker.assigning.operations import ruling
from tracker.assigning.queries.chosen import get_rule, list_newest_leads, list_rules
from tracker.assigning.queries.pool import list_pool
from tracker.assigning.views.blueprint import blueprint, leaders_only, led_teams, saved, settled
from tracker.exports.company import RULES
from tracker.exports.sending import format_asked, send_list
from tracker.extensions import db
from tracker.htmx import go_to, respond
from tracker.i18n import _n
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team.queries import list_regions, list_teams


@blueprint.get("/leads/rules")
@login_required
def rules() -> ResponseReturnValue:
    """The rules in their order, and what they would have made of the last fifty leads."""
    leaders_only()
    if format_asked():
        return send_list(RULES, list_rules(db.session, current_user))
    return _page(_offered(RuleForm(formdata=None)))


def _offered(form: RuleForm) -> RuleForm:
    user = current_user
    people, regions = colleagues_to_choose(db.session, user), list_regions(db.session)
    form.offer(current_definition(), led_teams(), people, regions, every=reaches(user, None))
    return form


def _page(form: RuleForm, status: int = 200) -> ResponseReturnValue:
    leads = list_newest_leads(db.session, current_user)
    rehearsed = ruling.rehearse(db.session, leads, list_rules(db.session, None))
    return respond(
        "assigning/rules.html",
        status=status,
        form=form,
        rules=list_rules(db.session, current_user),
        rehearsed=rehearsed,
        looked_at=len(leads),
        team_names={team.id: team.name for team in list_teams(db.session, current_user)},
        definition=current_definition(),
        away=load_away(db.session, current_user),
    )


@blueprint.post("/leads/rules")
@login_required
def add_rule() -> ResponseReturnValue:
    """Set a rule."""
    leaders_only()
    form = _offered(RuleForm())
    return settled(form, lambda: _rule(form), _page, url_for("assigning.rules"))


def _rule(form: RuleForm) -> None:
    ruling.add_rule(db.session, form.draft(), by=current_user)


@blueprint.post("/leads/rules/<int:rule_id>/drop")
@login_required
def drop_rule(rule_id: int) -> ResponseReturnValue:
    """A rule counts no more."""
    leaders_only()
    ruling.drop_rule(db.session, get_rule(db.session, current_user, rule_id), by=current_user)
    db.session.commit()
    return saved(url_for("assigning.rules"))


@blueprint.post("/leads/rules/apply")
@login_required
def apply_rules() -> ResponseReturnValue:
    """Let the rules look at what lies in the pool now."""
    leaders_only()
    ids = [lead.id for lead in list_pool(db.session, current_user).items]
    taken = ruling.route_leads(db.session, ids, by=current_user)
    db.session.commit()
    flash(_n("The rules gave %(num)d lead away.", "The rules gave %(num)d leads away.", taken))
    return go_to(url_for("assigning.page"))
