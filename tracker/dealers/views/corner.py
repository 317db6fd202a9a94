"""The dealer's own corner: what he owes, his figures, his evaluation, what he was told and given. Nothing of others."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.dealers.models import PAPERS
from tracker.dealers.operations.evaluating import weakest
from tracker.dealers.queries import evaluations, profiles, quotas, stock
from tracker.dealers.views.blueprint import blueprint, month_of_address
from tracker.dealers.views.stock import show_month, take_month
from tracker.dealers.wording import PAPER_NAMES, STATE_NAMES, STATE_TAGS, SUPPORT_NAMES, month_name, quarter_name
from tracker.extensions import db
from tracker.htmx import respond
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from workflows.dealers import LIST, grade_text, report_due


@blueprint.get("/dealers/mine")
@login_required
def mine() -> ResponseReturnValue:
    """What a dealer's people see of their own company; for ours there is no such page."""
    dealer = profiles.find_own(db.session, current_user)
    if dealer is None:
        return respond("dealers/no_profile.html")
    standings = profiles.list_standings(db.session, dealer)
    contracts = profiles.list_contracts(db.session, dealer)
    return respond(
        "dealers/mine.html",
        dealer=dealer,
        months=stock.list_months(db.session, current_user, dealer, clock.today()),
        evaluations=evaluations.list_evaluations(db.session, current_user, dealer, 4),
        shares=quotas.list_shares(db.session, dealer, 4),
        holding=profiles.current_contract(contracts, clock.today()),
        papers=profiles.list_papers(db.session, dealer),
        paper_names={kind: PAPER_NAMES[kind] for kind in PAPERS},
        support=profiles.list_support(db.session, current_user, dealer)[:6],
        support_names=SUPPORT_NAMES,
        said=standings[0] if standings and standings[0].after in ("warned", "suspended") else None,
        states=STATE_NAMES,
        tags=STATE_TAGS,
        definition=current_definition(),
        month_name=month_name,
        quarter_name=quarter_name,
        report_due=report_due,
    )


@blueprint.get("/dealers/mine/stock/<month>")
@login_required
def my_month(month: str) -> ResponseReturnValue:
    """The form with a month's figures."""
    dealer = profiles.get_own(db.session, current_user)
    return show_month(dealer, month_of_address(month), url_for("dealers.mine"))


@blueprint.post("/dealers/mine/stock/<month>")
@login_required
def my_report(month: str) -> ResponseReturnValue:
    """Report a month."""
    dealer = profiles.get_own(db.session, current_user)
    return take_month(dealer, month_of_address(month), url_for("dealers.mine"))


@blueprint.get("/dealers/mine/evaluations/<int:evaluation_id>")
@login_required
def my_evaluation(evaluation_id: int) -> ResponseReturnValue:
    """How he was judged in a quarter: points, evidence, grade, and what that leads to."""
    dealer = profiles.get_own(db.session, current_user)
    found = evaluations.get_evaluation(db.session, current_user, dealer.id, evaluation_id)
    definition = evaluations.definition_of_evaluation(db.session, found)
    listed = definition.picklist(LIST)
    return respond(
        "dealers/my_evaluation.html",
        dealer=dealer,
        evaluation=found,
        marks={mark.criterion: mark for mark in found.marks},
        criteria=listed.items,
        vetoes=[veto for veto in listed.extra["veto"] if veto["key"] in found.vetoes],
        means=grade_text(definition, found.grade) if found.grade else None,
        weakest=listed.get(weakest(definition, found)).name,
        quarter_name=quarter_name,
    )
