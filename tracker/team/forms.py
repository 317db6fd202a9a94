"""The shape of what people type about people."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, Regexp, ValidationError

from tracker.access import Action, Scope
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.team.models import Role
from tracker.team.passwords import SHORTEST
from workflows.definition import Definition

LONG_ENOUGH = Length(
    min=SHORTEST, max=200, message=_l("Use at least ten characters; a short sentence is easiest to remember.")
)


ADDRESS = [
    Optional(),
    Length(max=200),
    Regexp(r"^[^@\s]+@[^@\s]+$", message=_l("Write an e-mail address, such as li.wei@example.com.")),
]


class SignInForm(Form):
    """Name and password."""

    username = StringField(_l("User name"), [InputRequired(_l("Type your user name.")), Length(max=60)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password.")), Length(max=200)])


class PersonForm(Form):
    """Somebody's place in the company."""

    name = StringField(_l("Full name"), [DataRequired(_l("Type the person's name.")), Length(max=80)])
    role_id = SelectField(_l("Role"), coerce=optional_key)
    department = SelectField(_l("Department"), validators=[Optional()])
    team_id = SelectField(_l("Team"), coerce=optional_key, validators=[Optional()])
    party_id = SelectField(_l("Dealer's company"), coerce=optional_key, validators=[Optional()])
    post = StringField(_l("Post"), [Length(max=80)])
    phone = StringField(_l("Phone"), [Length(max=40)])
    email = StringField(_l("E-mail"), ADDRESS)

    def offer(self, definition: Definition, roles: Any, teams: Any, dealers: Any) -> None:
        """Fill the choices."""
        language = lang()
        self.role_id.choices = [(role.id, role.name(language)) for role in roles]
        self.department.choices = [("", _l("none")), *((d.key, d.name.get(language)) for d in definition.departments)]
        self.team_id.choices = [("", _l("none")), *((team.id, team.name) for team in teams)]
        self.party_id.choices = [("", _l("none")), *((party.id, party.name) for party in dealers)]

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return {
            "name": self.name.data or "",
            "role_id": self.role_id.data,
            "department": self.department.data or None,
            "team_id": self.team_id.data,
            "party_id": self.party_id.data,
            "post": self.post.data,
            "phone": self.phone.data,
            "email": self.email.data,
        }


class NewPersonForm(PersonForm):
    """A new person; the password comes by link."""

    username = StringField(
        _l("User name"),
        [
            DataRequired(_l("Type a user name.")),
            Length(max=60),
            Regexp(r"^[A-Za-z0-9._@+\-]+$", message=_l("Latin letters, digits and . _ - @ only, without spaces.")),
        ],
    )


class TeamForm(Form):
    """A team of the tree."""

    name = StringField(_l("Name"), [DataRequired(_l("Type the name.")), Length(max=80)])
    parent_id = SelectField(_l("Under"), coerce=optional_key, validators=[Optional()])
    region_id = SelectField(_l("Region"), coerce=optional_key, validators=[Optional()])
    supervisor_id = SelectField(_l("Supervisor"), coerce=optional_key, validators=[Optional()])
    active = BooleanField(_l("The team works"), default=True)

    def offer(self, teams: Any, regions: Any, people: Any) -> None:
        """Fill the choices."""
        self.parent_id.choices = [("", _l("nothing: it is the root")), *((team.id, team.name) for team in teams)]
        self.region_id.choices = [("", _l("none")), *((region.id, region.name) for region in regions)]
        self.supervisor_id.choices = [("", _l("nobody")), *people]


class RegionForm(Form):
    """A region."""

    name = StringField(_l("Region"), [DataRequired(_l("Type the name.")), Length(max=80)])


class RoleForm(Form):
    """A role: how far it sees and what it may do."""

    name_zh = StringField(_l("Name in Chinese"), [DataRequired(_l("Type the name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [DataRequired(_l("Type the name.")), Length(max=80)])
    scope = SelectField(_l("Sees"), choices=[])
    capabilities = SelectMultipleField(_l("May"), choices=[])

    def offer(self) -> None:
        """Fill the choices from the vocabulary of `access`."""
        self.scope.choices = [(scope.value, SCOPE_WORDS[scope]) for scope in Scope]
        self.capabilities.choices = [(action.value, ACTION_WORDS[action]) for action in Action]


SCOPE_WORDS: dict[Scope, Any] = {
    Scope.OWN: _l("what is his own, and where he joins"),
    Scope.TEAM: _l("his team"),
    Scope.BELOW: _l("his team and all below it"),
    Scope.ALL: _l("everything"),
    Scope.DEALER: _l("what belongs to his dealer's company"),
}

ACTION_WORDS: dict[Action, Any] = {
    Action.PROJECT_OPEN: _l("open projects"),
    Action.PROJECT_EDIT: _l("edit projects"),
    Action.PROJECT_REASSIGN: _l("reassign projects"),
    Action.PHASE_MOVE: _l("move phases"),
    Action.STEP_MOVE: _l("report construction progress"),
    Action.RECORD_LOG: _l("log records"),
    Action.RECORD_CORRECT_OTHERS: _l("correct others' records"),
    Action.APPROVAL_DECIDE: _l("decide requests"),
    Action.PROJECT_STATE: _l("suspend, give up and close projects"),
    Action.CIRCUMSTANCE_STATE: _l("state dates and circumstances"),
    Action.TASK_ADD: _l("add tasks"),
    Action.SIGN_DIRECTOR: _l("sign as regional director"),
    Action.SIGN_GENERAL: _l("sign as general manager"),
    Action.SIGN_COMPLIANCE: _l("sign for compliance"),
    Action.DESK_SERVE: _l("serve the department's desk"),
    Action.CONTACT_FORGET: _l("have people forgotten"),
    Action.PURGE: _l("purge what must not be kept"),
    Action.LEAD_ADD: _l("add leads"),
    Action.LEAD_EDIT: _l("edit leads"),
    Action.LEAD_ASSIGN: _l("assign leads"),
    Action.LEAD_CONVERT: _l("convert leads"),
    Action.LEAD_IMPORT: _l("import leads"),
    Action.DATA_IMPORT: _l("import projects, parties and contacts"),
    Action.PARTY_EDIT: _l("edit parties and contacts"),
    Action.MERGE: _l("merge what was entered twice"),
    Action.ACCOUNT_EDIT: _l("look after key accounts"),
    Action.REWARD_ENTER: _l("enter invitations and rewards"),
    Action.ACCOUNT_PRICES: _l("know the prices of frame agreements"),
    Action.BOARD_VIEW: _l("see the board"),
    Action.REGISTRATION_FILE: _l("register sites (dealers)"),
    Action.DEALER_PEOPLE: _l("manage the people of one's own dealer's company"),
    Action.DEALER_MANAGE: _l("look after dealers (of the desks, dealer management alone)"),
    Action.DEALER_DECIDE: _l("qualify, warn, suspend and disqualify dealers"),
    Action.STOCK_REPORT: _l("report a dealer's purchase, sale and stock"),
    Action.ANNOTATE: _l("annotate the work of those one leads"),
    Action.SUGGESTION_ANSWER: _l("answer suggestions"),
    Action.PEOPLE_MANAGE: _l("manage people and teams"),
    Action.ROLES_MANAGE: _l("manage roles"),
    Action.ADMINISTER: _l("administer the installation"),
}


def what_it_may(role: Role) -> list[Any]:
    """What a role may, in words and in their order."""
    return [words for action, words in ACTION_WORDS.items() if action in role.capabilities]


class ProfileForm(Form):
    """What everybody may change about himself."""

    name = StringField(_l("Full name"), [DataRequired(_l("Type the person's name.")), Length(max=80)])
    phone = StringField(_l("Phone"), [Length(max=40)])
    email = StringField(_l("E-mail"), ADDRESS)
    locale = SelectField(
        _l("Language"), choices=[("", _l("as the browser asks")), ("zh", "简体中文"), ("en", "English")]
    )
    timezone = StringField(_l("Time zone"), [Length(max=40)])

    def validate_timezone(self, field: StringField) -> None:
        """A zone that exists, or none."""
        if field.data and field.data not in available_timezones():
            raise ValidationError(_l("Write a time zone such as Asia/Shanghai or Europe/Berlin."))


class ChangePasswordForm(Form):
    """The present password and a new one."""

    old = PasswordField(_l("Present password"), [InputRequired(_l("Type your password.")), Length(max=200)])
    password = PasswordField(_l("New password"), [InputRequired(_l("Type a new password.")), LONG_ENOUGH])


class NewPasswordForm(Form):
    """A password set by link, typed twice."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Type a new password.")), LONG_ENOUGH])
    again = PasswordField(
        _l("The same again"),
        [InputRequired(_l("Type it again.")), EqualTo("password", _l("The two are not the same."))],
    )
