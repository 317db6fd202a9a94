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
        Action.BOARD_VIEW,
    }
)
_DESK = _FIELD | {Action.DESK_SERVE}
_LEADING = _FIELD | {
    Action.PROJECT_REASSIGN,
    Action.APPROVAL_DECIDE,
    Action.RECORD_CORRECT_OTHERS,
    Action.LEAD_ASSIGN,
    Action.LEAD_IMPORT,
}
# An administrator keeps the system; he serves no desk and signs in nobody's name.
_NOT_ADMINISTRATIVE = {Action.DESK_SERVE, Action.SIGN_DIRECTOR, Action.SIGN_GENERAL, Action.SIGN_COMPLIANCE}

ROLES: tuple[RoleDefault, ...] = (
    RoleDefault("salesperson", "销售员", "Salesperson", Scope.OWN, _FIELD),
    RoleDefault("key_accounts", "大客户经理", "Key account manager", Scope.OWN, _FIELD | {Action.DESK_SERVE}),
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
        frozenset({Action.BOARD_VIEW, Action.SIGN_COMPLIANCE}),
    ),
    RoleDefault("administrator", "系统管理员", "Administrator", Scope.ALL, frozenset(Action) - _NOT_ADMINISTRATIVE),
    RoleDefault("dealer", "经销商", "Dealer", Scope.DEALER, frozenset({Action.RECORD_LOG, Action.LEAD_ADD})),
)
