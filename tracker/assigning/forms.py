"""Forms about who has a lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.absences.choosing import Choices
from tracker.assigning.operations.covering import WIDEST, Ground
from tracker.assigning.operations.pool import MOST
from tracker.assigning.operations.ruling import RuleDraft
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.projects.forms import AmountField, CheckboxesField, DegreesField
from workflows.definition import Definition

ANY = _l("any")
NOBODY = _l("nobody in particular")


class ReturnForm(Form):
    """Why a lead goes back into the pool."""

    reason = StringField(
        _l("Why"),
        validators=[InputRequired(_l("Say why: whoever takes it next reads this sentence.")), Length(max=300)],
    )


class TimeForm(Form):
    """Until when the owner may answer; without a day there is no limit for now."""

    until = DateField(_l("Answer by"), validators=[Optional()])
    reason = StringField(
        _l("Why"), validators=[InputRequired(_l("Say why the owner gets more time.")), Length(max=300)]
    )


class ShareForm(Form):
    """With whom a lead is shared."""

    user_id = SelectField(_l("Share with"), coerce=optional_key)

    def offer(self, people: Choices) -> None:
        """Fill the choices."""
        self.user_id.choices = list(people)


@dataclass(frozen=True, slots=True)
class OwnerForms:
    """What can be said about a lead's owner on its page; one of them may come back refused."""

    returning: ReturnForm
    timing: TimeForm
    sharing: ShareForm


def owner_forms(**refused: Form) -> OwnerForms:
    """The forms empty, but for the one that was refused."""
    plain: dict[str, Any] = {
        "returning": ReturnForm(formdata=None, prefix="return-"),
        "timing": TimeForm(formdata=None, prefix="time-"),
        "sharing": ShareForm(formdata=None, prefix="share-"),
    }
    return OwnerForms(**{**plain, **refused})


class TerritoryForm(Form):
    """What a team or a person covers."""

    team_id = SelectField(_l("Team"), coerce=optional_key)
    user_id = SelectField(_l("Person"), coerce=optional_key, validators=[Optional()])
    name = StringField(_l("Name"), validators=[Length(max=80)])
    region_id = SelectField(_l("Region"), coerce=optional_key, validators=[Optional()])
    district = StringField(_l("District (a word of the address)"), validators=[Length(max=60)])
    latitude = DegreesField(_l("Latitude"))
    longitude = DegreesField(_l("Longitude"))
    radius_km = IntegerField(_l("Distance (km)"), validators=[Optional(), NumberRange(1, WIDEST)])

    def offer(self, teams: Any, people: Choices, regions: Any) -> None:
        """Fill the choices."""
        self.team_id.choices = [(one.id, one.name) for one in teams]
        self.user_id.choices = [("", NOBODY), *people]
        self.region_id.choices = [("", ANY), *((one.id, one.name) for one in regions)]

    def ground(self) -> Ground:
        """What was described."""
        return Ground(
            name=self.name.data or "",
            region_id=self.region_id.data,
            district=self.district.data or "",
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            radius_km=self.radius_km.data,
        )


class SkillsForm(Form):
    """What a person is good at."""

    kinds = CheckboxesField(_l("Kinds of projects"))
    sources = CheckboxesField(_l("Sources of leads"))
    categories = CheckboxesField(_l("Material categories"))

    def offer(self, definition: Definition) -> None:
        """Fill the choices."""
        for field, name in ((self.kinds, "project_types"), (self.sources, "lead_sources")):
            field.choices = [(item.key, item.name.get(lang())) for item in definition.picklist(name).items]
        self.categories.choices = [(window.category, window.name.get(lang())) for window in definition.windows]


class RuleForm(Form):
    """A rule for leads without an owner."""

    seq = IntegerField(_l("Order"), default=1, validators=[Optional(), NumberRange(1, 999)])
    team_id = SelectField(_l("Leads of the team"), coerce=optional_key, validators=[Optional()])
    region_id = SelectField(_l("Region"), coerce=optional_key, validators=[Optional()])
    source = SelectField(_l("Source"), validators=[Optional()])
    kind = SelectField(_l("What is being built"), validators=[Optional()])
    least_value = AmountField(_l("Value at least"))
    to = SelectField(
        _l("Goes to"),
        choices=[
            ("person", _l("a person")),
            ("turns", _l("a team, one after the other")),
            ("fittest", _l("whoever in a team fits best")),
            ("pool", _l("the pool of a team")),
        ],
    )
    user_id = SelectField(_l("Person"), coerce=optional_key, validators=[Optional()])
    to_team_id = SelectField(_l("Team"), coerce=optional_key, validators=[Optional()])

    def offer(self, definition: Definition, teams: Any, people: Choices, regions: Any, *, every: bool) -> None:
        """Fill the choices; `every`: rules for all leads are open to this user."""
        named = [(one.id, one.name) for one in teams]
        self.team_id.choices = [("", ANY), *named] if every else named
        self.to_team_id.choices = [("", NOBODY), *named]
        self.user_id.choices = [("", NOBODY), *people]
        self.region_id.choices = [("", ANY), *((one.id, one.name) for one in regions)]
        for field, name in ((self.source, "lead_sources"), (self.kind, "project_types")):
            items = definition.picklist(name).items
            field.choices = [("", ANY), *((item.key, item.name.get(lang())) for item in items)]

    def draft(self) -> RuleDraft:
        """The rule as it was written."""
        return RuleDraft(
            to=self.to.data,
            seq=self.seq.data or 1,
            team_id=self.team_id.data,
            region_id=self.region_id.data,
            source=self.source.data or None,
            kind=self.kind.data or None,
            least_value=self.least_value.data,
            user_id=self.user_id.data,
            to_team_id=self.to_team_id.data,
        )


class LimitForm(Form):
    """How much may be claimed and carried."""

    role_id = SelectField(_l("Role"), coerce=optional_key, validators=[Optional()])
    waiting = IntegerField(
        _l("Claims that wait for an answer, at most"), validators=[InputRequired(), NumberRange(0, MOST)]
    )
    a_day = IntegerField(_l("Claims a day, at most"), validators=[InputRequired(), NumberRange(0, MOST)])
    load = IntegerField(
        _l("Open leads and projects of a full desk"), validators=[InputRequired(), NumberRange(0, MOST)]
    )

    def offer(self, roles: Any) -> None:
        """Fill the choices."""
        self.role_id.choices = [("", _l("all others")), *((one.id, one.name(lang())) for one in roles)]
