"""The roles every installation starts with: how far each sees, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.access import Action, Scope


@dataclass(frozen=True, slots=True)
class RoleDefault:
    """A role every installation starts with; administrators may add others."""

    key: str
    name_zh: str
    name_en: str
    scope: Scope
    capabilities: frozenset[Action]


_FIELD = frozenset(
    {
        Action.PROJECT_OPEN,
        Action.PROJECT_EDIT,
        Action.PHASE_MOVE,
        Action.STEP_MOVE,
        Action.RECORD_LOG,
        Action.PROJECT_STATE,
        Action.CIRCUMSTANCE_STATE,
        Action.TASK_ADD,
        Action.LEAD_ADD,
        Action.LEAD_EDIT,
        Action.LEAD_CONVERT,
        Action.PARTY_EDIT,
        Action.REWARD_ENTER,
        Action.BOARD_VIEW,
    }
)
# Of the desks dealer management alone looks after dealers: `access` asks for the department as well.
_DEALERS = {Action.DEALER_MANAGE, Action.DEALER_DECIDE, Action.STOCK_REPORT}
_DESK = _FIELD | _DEALERS | {Action.DESK_SERVE}
_LEADING = (
    _FIELD
    | _DEALERS
    | {
        Action.PROJECT_REASSIGN,
        Action.APPROVAL_DECIDE,
        Action.RECORD_CORRECT_OTHERS,
        Action.LEAD_ASSIGN,
        Action.LEAD_IMPORT,
        Action.DATA_IMPORT,
        Action.MERGE,
        Action.ACCOUNT_EDIT,
        Action.ACCOUNT_PRICES,
        Action.ANNOTATE,
        Action.SUGGESTION_ANSWER,
    }
)
# An administrator keeps the system; he serves no desk and signs in nobody's name.
_NOT_ADMINISTRATIVE = {
    Action.DEALER_PEOPLE,
    Action.REGISTRATION_FILE,
    Action.DESK_SERVE,
    Action.SIGN_DIRECTOR,
    Action.SIGN_GENERAL,
    Action.SIGN_COMPLIANCE,
}

_DEALERS_OWN = frozenset({Action.RECORD_LOG, Action.LEAD_ADD, Action.STOCK_REPORT, Action.REGISTRATION_FILE})

ROLES: tuple[RoleDefault, ...] = (
    RoleDefault("salesperson", "销售员", "Salesperson", Scope.OWN, _FIELD),
    RoleDefault(
        "key_accounts",
        "大客户经理",
        "Key account manager",
        Scope.OWN,
        _FIELD | {Action.DESK_SERVE, Action.ACCOUNT_EDIT, Action.ACCOUNT_PRICES},
    ),
    RoleDefault("specialist", "职能部门专员", "Department specialist", Scope.OWN, _DESK),
    RoleDefault("supervisor", "主管", "Supervisor", Scope.BELOW, _LEADING),
    RoleDefault("director", "总监", "Director", Scope.BELOW, _LEADING | {Action.SIGN_DIRECTOR}),
    RoleDefault(
        "general_manager",
        "总经理",
        "General manager",
        Scope.ALL,
        _LEADING | {Action.SIGN_DIRECTOR, Action.SIGN_GENERAL},
    ),
    RoleDefault(
        "compliance",
        "合规专员",
        "Compliance officer",
        Scope.ALL,
        frozenset({Action.BOARD_VIEW, Action.SIGN_COMPLIANCE, Action.ACCOUNT_PRICES, Action.CONTACT_FORGET}),
    ),
    RoleDefault("administrator", "系统管理员", "Administrator", Scope.ALL, frozenset(Action) - _NOT_ADMINISTRATIVE),
    RoleDefault("dealer", "经销商", "Dealer", Scope.DEALER, _DEALERS_OWN),
    RoleDefault(
        "dealer_admin",
        "经销商管理员",
        "Dealer's administrator",
        Scope.DEALER,
        _DEALERS_OWN | {Action.DEALER_PEOPLE},
    ),
)
