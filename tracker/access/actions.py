"""The vocabulary of permissions: what may be done, how far one sees, and why something is refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tracker.i18n import _l


class Scope(StrEnum):
    """How far a role sees, beyond what its holder owns, joins or serves as a department's desk."""

    OWN = "own"
    TEAM = "team"
    BELOW = "below"
    ALL = "all"
    DEALER = "dealer"


class Action(StrEnum):
    """What a user may do. The value is stored in roles; it never changes its meaning."""

    PROJECT_OPEN = "project.open"
    PROJECT_EDIT = "project.edit"
    PROJECT_REASSIGN = "project.reassign"
    PHASE_MOVE = "phase.move"
    STEP_MOVE = "step.move"
    RECORD_LOG = "record.log"
    RECORD_CORRECT_OTHERS = "record.correct_others"
    APPROVAL_DECIDE = "approval.decide"
    PROJECT_STATE = "project.state"
    CIRCUMSTANCE_STATE = "circumstance.state"
    TASK_ADD = "task.add"
    SIGN_DIRECTOR = "sign.director"
    SIGN_GENERAL = "sign.general"
    SIGN_COMPLIANCE = "sign.compliance"
    DESK_SERVE = "desk.serve"
    LEAD_ADD = "lead.add"
    LEAD_EDIT = "lead.edit"
    LEAD_ASSIGN = "lead.assign"
    LEAD_CONVERT = "lead.convert"
    LEAD_IMPORT = "lead.import"
    DATA_IMPORT = "data.import"
    PARTY_EDIT = "party.edit"
    CONTACT_FORGET = "contact.forget"
    PURGE = "purge"
    MERGE = "merge"
    ACCOUNT_EDIT = "account.edit"
    ACCOUNT_PRICES = "account.prices"
    REWARD_ENTER = "reward.enter"
    BOARD_VIEW = "board.view"
    DEALER_MANAGE = "dealer.manage"
    DEALER_DECIDE = "dealer.decide"
    STOCK_REPORT = "stock.report"
    REGISTRATION_FILE = "registration.file"
    DEALER_PEOPLE = "dealer.people"
    ANNOTATE = "annotate"
    SUGGESTION_ANSWER = "suggestion.answer"
    PEOPLE_MANAGE = "people.manage"
    ROLES_MANAGE = "roles.manage"
    ADMINISTER = "administer"


REASONS: dict[Action, Any] = {
    Action.PROJECT_EDIT: _l("Only the owner, the project's team and their supervisors edit a project."),
    Action.PHASE_MOVE: _l("Only the owner, the project's team and their supervisors move its phase."),
    Action.PROJECT_STATE: _l("Only the owner, the project's team and their supervisors decide what becomes of it."),
    Action.PROJECT_REASSIGN: _l("Only a supervisor of the owner's team reassigns a project."),
    Action.APPROVAL_DECIDE: _l("Only a supervisor of the project's team decides this."),
    Action.LEAD_ASSIGN: _l("Only a supervisor of the team assigns leads."),
    Action.MERGE: _l("Only a supervisor of both merges them."),
    Action.CONTACT_FORGET: _l("Only an administrator or the compliance officer has a person forgotten."),
    Action.PURGE: _l("Only an administrator purges what must not be kept."),
    Action.ACCOUNT_EDIT: _l("Only who looks after the account, his department and their supervisors change this."),
    Action.ACCOUNT_PRICES: _l("Its prices are for those who look after the account, and their supervisors."),
    Action.REWARD_ENTER: _l("Only those who work with customers enter what people are given."),
    Action.DEALER_MANAGE: _l("Only dealer management and supervisors look after dealers."),
    Action.DEALER_DECIDE: _l("Only dealer management and supervisors decide about a dealer."),
    Action.STOCK_REPORT: _l("Only the dealer himself, dealer management and supervisors report his figures."),
    Action.REGISTRATION_FILE: _l("Only a dealer registers a site, for his own company."),
    Action.DEALER_PEOPLE: _l("Only your company's own administrator does this."),
    Action.ANNOTATE: _l("Only who leads the people of this work annotates it."),
    Action.SUGGESTION_ANSWER: _l("Only management answers suggestions, each of its own part of the company."),
    Action.PEOPLE_MANAGE: _l("Only an administrator manages people and teams."),
    Action.ROLES_MANAGE: _l("Only an administrator manages roles."),
}
