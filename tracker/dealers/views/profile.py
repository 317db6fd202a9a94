"""A dealer's page, his profile, his papers and contracts."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock, events
from tracker.access import Action, can, require
from tracker.dealers.forms.profiles import ContractForm, DealerForm, PaperForm
from tracker.dealers.models import PAPERS, Dealer, DealerContract
from tracker.dealers.operations import profiles as operations
from tracker.dealers.operations.standing import MAY_BECOME
from tracker.dealers.queries import profiles as queries
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.dealers.views.blueprint import blueprint, dealer_of, staged_of, take_files
from tracker.dealers.wording import PAPER_HINTS, PAPER_NAMES, STATE_NAMES, STATE_TAGS
from tracker.errors import Invalid, NotFound, Stale
from tracker.event_words import sentence
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.parties.queries import get_party
from tracker.reader import current_user
from tracker.stale import both_versions
from tracker.team.queries import list_colleagues, list_regions
from workflows.dealers import grade_text


@blueprint.get("/dealers/<int:dealer_id>")
@login_required
def page(dealer_id: int) -> ResponseReturnValue:
    """A dealer: standing and grade, territory, papers, contracts, people, own projects."""
    dealer = dealer_of(dealer_id)
    contracts = queries.list_contracts(db.session, dealer)
    definition, today = definition_for_dealers(db.session), clock.today()
    grade, points = queries.grades_of(db.session, [dealer.id]).get(dealer.id, (None, None))
    return respond(
        "dealers/page.html",
        dealer=dealer,
        tab="page",
        definition=current_definition(),
        grade=grade,
        points=points,
        grade_means=grade_text(definition, grade) if grade else None,
        papers=queries.list_papers(db.session, dealer),
        paper_names={kind: PAPER_NAMES[kind] for kind in PAPERS},
        contracts=contracts,
        holding=queries.current_contract(contracts, today),
        standings=queries.list_standings(db.session, dealer),
        projects=queries.list_projects(db.session, current_user, dealer),
        registered=queries.count_registrations(db.session, current_user, dealer),
        released=queries.list_released(db.session, current_user, dealer),
        people=queries.list_people(db.session, current_user, dealer),
        contacts=queries.list_contacts_of(db.session, current_user, dealer),
        may_become=MAY_BECOME[dealer.state],
        states=STATE_NAMES,
        tags=STATE_TAGS,
        can_manage=can(current_user, Action.DEALER_MANAGE),
        can_decide=can(current_user, Action.DEALER_DECIDE),
    )


@blueprint.get("/dealers/new")
@login_required
def new() -> ResponseReturnValue:
    """The form that makes a firm a dealer."""
    staff_only()
    require(current_user, Action.DEALER_MANAGE)
    form = _offered(DealerForm())
    form.party_id.data = request.args.get("party", type=int)
    form.since.data = clock.today()
    return _dealer_form(form)


@blueprint.post("/dealers/new")
@login_required
def add() -> ResponseReturnValue:
    """Make a firm a dealer: an applicant at first."""
    staff_only()
    require(current_user, Action.DEALER_MANAGE)
    form = _offered(DealerForm())
    if form.validate_on_submit():
        try:
            party = get_party(db.session, current_user, form.party_id.data or 0)
            dealer = operations.add_dealer(db.session, party, by=current_user, **form.values())
            db.session.commit()
            flash(_("Added. The checklist comes next."))
            return go_to(url_for("dealers.page", dealer_id=dealer.id))
        except NotFound:
            form.party_id.errors = [_("Choose the firm.")]
        except Invalid as error:
            db.session.rollback()
            form[error.field].errors = [error.message]
            _offered(form)
    return _dealer_form(form, 422)


@blueprint.get("/dealers/<int:dealer_id>/edit")
@login_required
def edit(dealer_id: int) -> ResponseReturnValue:
    """The form with the profile."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    form = _offered(DealerForm(obj=dealer, data={"regions": [row.region_id for row in dealer.regions]}))
    form.regions.data = [row.region_id for row in dealer.regions]
    return _dealer_form(form, dealer=dealer)


@blueprint.post("/dealers/<int:dealer_id>/edit")
@login_required
def save(dealer_id: int) -> ResponseReturnValue:
    """Change the profile; a stale page comes back with both versions."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    form = _offered(DealerForm())
    if not form.validate_on_submit():
        return _dealer_form(form, 422, dealer=dealer)
    version = request.form.get("version", type=int) or 0
    try:
        operations.edit_dealer(db.session, dealer, by=current_user, version=version, **form.values())
    except Invalid as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return _dealer_form(_offered(form), 422, dealer=dealer_of(dealer_id))
    except Stale:
        db.session.rollback()
        dealer = dealer_of(dealer_id)
        had = sorted(row.region_id for row in dealer.regions)
        changed = both_versions(form, dealer, regions=had, categories=sorted(dealer.categories))
        return _dealer_form(_offered(form), 409, dealer=dealer, changed=changed)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("dealers.page", dealer_id=dealer_id))


def _offered(form: DealerForm) -> DealerForm:
    firms = queries.list_firms_without(db.session, current_user)
    people = list_colleagues(db.session, current_user)
    form.offer(current_definition(), firms, people, list_regions(db.session))
    return form


def _dealer_form(
    form: DealerForm, status: int = 200, dealer: Dealer | None = None, changed: Any = None
) -> ResponseReturnValue:
    return respond("dealers/edit.html", status=status, form=form, dealer=dealer, changed=changed)


@blueprint.get("/dealers/<int:dealer_id>/papers/<kind>")
@login_required
def paper(dealer_id: int, kind: str) -> ResponseReturnValue:
    """The form for a paper of the checklist."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    known = queries.list_papers(db.session, dealer).get(kind)
    return _paper_form(dealer, kind, PaperForm(obj=known))


@blueprint.post("/dealers/<int:dealer_id>/papers/<kind>")
@login_required
def check_paper(dealer_id: int, kind: str) -> ResponseReturnValue:
    """Say that a paper was seen."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    if kind not in PAPERS:
        raise NotFound
    form = PaperForm()
    refused = take_files(form)
    if refused or not form.validate_on_submit():
        return _paper_form(dealer, kind, form, 422, refused)
    operations.check_paper(
        db.session, dealer, kind, by=current_user, text=form.text.data or "", expires_on=form.expires_on.data,
        documents=form.tokens(),
    )  # fmt: skip
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("dealers.page", dealer_id=dealer_id))


def _paper_form(
    dealer: Dealer, kind: str, form: PaperForm, status: int = 200, refused: Any = ()
) -> ResponseReturnValue:
    if kind not in PAPERS:
        raise NotFound
    return respond(
        "dealers/paper.html", status=status, dealer=dealer, form=form, name=PAPER_NAMES[kind], hint=PAPER_HINTS[kind],
        refused=refused, staged_papers=staged_of(form),
    )  # fmt: skip


@blueprint.get("/dealers/<int:dealer_id>/contracts/new")
@login_required
def new_contract(dealer_id: int) -> ResponseReturnValue:
    """The form for a contract."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    return _contract_form(dealer, None, ContractForm())


@blueprint.post("/dealers/<int:dealer_id>/contracts/new")
@login_required
def add_contract(dealer_id: int) -> ResponseReturnValue:
    """Write a contract down."""
    return _keep_contract(dealer_of(dealer_id), None)


@blueprint.get("/dealers/<int:dealer_id>/contracts/<int:contract_id>")
@login_required
def contract(dealer_id: int, contract_id: int) -> ResponseReturnValue:
    """The form with a contract."""
    dealer = dealer_of(dealer_id)
    require(current_user, Action.DEALER_MANAGE)
    known = queries.get_contract(db.session, current_user, dealer_id, contract_id)
    return _contract_form(dealer, known, ContractForm(obj=known))


@blueprint.post("/dealers/<int:dealer_id>/contracts/<int:contract_id>")
@login_required
def save_contract(dealer_id: int, contract_id: int) -> ResponseReturnValue:
    """Correct a contract."""
    dealer = dealer_of(dealer_id)
    return _keep_contract(dealer, queries.get_contract(db.session, current_user, dealer_id, contract_id))


def _keep_contract(dealer: Dealer, known: DealerContract | None) -> ResponseReturnValue:
    require(current_user, Action.DEALER_MANAGE)
    form = ContractForm()
    form.offer(known)
    refused = take_files(form)
    if refused or not form.validate_on_submit():
        return _contract_form(dealer, known, form, 422, refused)
    try:
        operations.keep_contract(db.session, dealer, form.draft(known), by=current_user, contract=known)
    except Invalid as error:
        form[error.field].errors = [error.message]
        return _contract_form(dealer, known, form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("dealers.page", dealer_id=dealer.id))


def _contract_form(
    dealer: Dealer, known: DealerContract | None, form: ContractForm, status: int = 200, refused: Any = ()
) -> ResponseReturnValue:
    form.offer(known)
    return respond(
        "dealers/contract.html", status=status, dealer=dealer, contract=known, form=form, refused=refused,
        staged_papers=staged_of(form),
    )  # fmt: skip


@blueprint.get("/dealers/<int:dealer_id>/history")
@login_required
def history(dealer_id: int) -> ResponseReturnValue:
    """What was done about this dealer, the newest first."""
    dealer = dealer_of(dealer_id)
    trail = [(event, sentence(event)) for event in events.timeline(db.session, dealer)]
    return respond("dealers/history.html", dealer=dealer, tab="history", trail=trail)
