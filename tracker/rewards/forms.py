"""Forms of rewards and occasions. They check shape; what may be given is for the rules."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _, _l, lang
from tracker.incoming import optional_key
from tracker.matrix.forms import ManyField
from tracker.projects.forms import AmountField
from tracker.rewards.wording import ANSWERS, RULES
from workflows.definition import Definition
from workflows.rewards import PROHIBITED, reward_kinds

WHO = [DataRequired(_l("Choose the contact from the list.")), Length(max=400)]


def offered(definition: Definition) -> list[tuple[str, Any]]:
    """The kinds that may be entered at all, each with what the rules ask for."""
    language = lang()
    kinds = [kind for kind in reward_kinds(definition) if kind.rule != PROHIBITED]
    return [(kind.key, f"{kind.name.get(language)} · {RULES[kind.rule]}") for kind in kinds]


class RewardForm(Form):
    """What somebody is to be given."""

    who = StringField(_l("For whom"), validators=WHO)
    kind = SelectField(_l("Kind"))
    what = StringField(_l("What is given"), validators=[DataRequired(_l("Say what he is given.")), Length(max=200)])
    value = AmountField(_l("Worth, in CNY"))
    on = DateField(_l("Day"), validators=[InputRequired()], default=clock.today)
    project_id = SelectField(_l("For which project"), coerce=optional_key, validators=[Optional()])
    reason = TextAreaField(
        _l("What it is for"), validators=[DataRequired(_l("Say in a sentence what it is for.")), Length(max=2000)]
    )

    def offer(self, definition: Definition, projects: Any) -> None:
        """Fill the choices."""
        self.kind.choices = offered(definition)
        self.project_id.choices = [("", _("none")), *((one.id, one.name) for one in projects)]


class GiveForm(Form):
    """When it was given, and what it cost in the end."""

    on = DateField(_l("Given on"), validators=[InputRequired()], default=clock.today)
    value = AmountField(_l("Worth in the end, in CNY"))


class CallOffForm(Form):
    """Why it is not given."""

    reason = StringField(_l("Why"), validators=[DataRequired(_l("Say in a sentence why.")), Length(max=300)])


class AnswerForm(Form):
    """What he said."""

    answer = SelectField(_l("His answer"), choices=list(ANSWERS.items()))


class PapersForm(Form):
    """The papers of what was given."""

    note = StringField(_l("Where they lie, or what they show"), validators=[Length(max=300)])
    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))

    def tokens(self) -> tuple[str, ...]:
        """The staged documents."""
        return tuple(self.documents.data or ())


class OccasionForm(Form):
    """An occasion."""

    kind = SelectField(_l("Kind"))
    title = StringField(_l("What it is called"), validators=[DataRequired(_l("It needs a name.")), Length(max=120)])
    on = DateField(_l("Day"), validators=[InputRequired()], default=clock.today)
    until = DateField(_l("Until"), validators=[Optional()])
    place = StringField(_l("Where"), validators=[Length(max=120)])
    per_head = AmountField(_l("Cost of a place, in CNY"))
    programme = TextAreaField(
        _l("Programme and purpose"), validators=[DataRequired(_l("Say what is done there.")), Length(max=5000)]
    )


class InviteForm(Form):
    """Who is invited."""

    who = StringField(_l("Whom to invite"), validators=WHO)
