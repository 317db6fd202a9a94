"""Forms of key accounts. They check shape; what is allowed is decided by the operations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from tracker import clock
from tracker.accounts import wording
from tracker.accounts.models import FrameAgreement
from tracker.accounts.operations.agreements import CURRENCIES
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.matrix.forms import ManyField
from tracker.parties.forms import EstimateForm as FirmEstimateForm
from tracker.projects.forms import AmountField
from workflows.definition import Definition
from workflows.ladder import LIFTS, LOWERS

WHY = [DataRequired(_l("Say in a sentence why.")), Length(max=300)]
Pairs = Sequence[tuple[Any, Any]]


def named(rows: Iterable[Any]) -> list[tuple[int, str]]:
    """The choices of rows with a name."""
    return [(row.id, row.name) for row in rows]


def categories(definition: Definition, known: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """The material categories as choices: all, or those that are known."""
    language = lang()
    if known is not None:
        return [(key, definition.window(key).name.get(language)) for key in known]
    return [(window.category, window.name.get(language)) for window in definition.windows]


def _words(of: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(of.items())


class AccountForm(Form):
    """Who looks after an account, since when; a new one names its firm."""

    party = StringField(_l("Firm"), validators=[Optional(), Length(max=200)])
    owner_id = SelectField(_l("Owner"), coerce=optional_key)
    since = DateField(_l("Since"), validators=[InputRequired()], default=clock.today)
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()


class FirmForm(Form):
    """A firm of the group."""

    party = StringField(_l("Firm"), validators=[DataRequired(_l("A party needs a name.")), Length(max=200)])


class AgreementForm(Form):
    """A frame agreement: number, days, terms."""

    number = StringField(_l("Number"), validators=[DataRequired(_l("An agreement needs its number.")), Length(max=60)])
    valid_from = DateField(_l("Valid from"), validators=[InputRequired()])
    valid_until = DateField(_l("Valid until"), validators=[InputRequired()])
    terms = TextAreaField(_l("Terms"), validators=[Length(max=10_000)])
    version = HiddenField()


class EndForm(Form):
    """Ending an agreement before its time."""

    on = DateField(_l("Last day"), validators=[InputRequired()], default=clock.today)
    reason = StringField(_l("Why"), validators=WHY)


class CoverForm(Form):
    """A category that an agreement covers."""

    category = SelectField(_l("Category"))
    price_basis = SelectField(_l("What the price rests on"), choices=_words(wording.BASES))
    quantity = AmountField(_l("Agreed quantity"))
    unit = StringField(_l("Unit"), validators=[Length(max=16)])
    value = AmountField(_l("Agreed value"))
    currency = SelectField(_l("Currency"), choices=[(key, key) for key in CURRENCIES])


class PriceForm(Form):
    """A line of a price list."""

    category = SelectField(_l("Category"))
    product = StringField(_l("Product"), validators=[DataRequired(_l("Name the product.")), Length(max=200)])
    unit = StringField(_l("Unit"), validators=[DataRequired(_l("A price needs its unit.")), Length(max=16)])
    price = AmountField(_l("Price"), validators=[InputRequired(_l("Write a price above zero."))])
    currency = SelectField(_l("Currency"), choices=[(key, key) for key in CURRENCIES])


class CallOffForm(Form):
    """What a project's line draws on an agreement."""

    project_id = SelectField(_l("Project"), coerce=optional_key)
    category = SelectField(_l("Category"))
    price_id = SelectField(_l("Line of the price list"), coerce=optional_key, validators=[Optional()])
    quantity = AmountField(_l("Quantity"))
    value = AmountField(_l("Value"))
    on = DateField(_l("Day"), validators=[InputRequired()], default=clock.today)
    note = StringField(_l("Note"), validators=[Length(max=300)])

    def offer(self, agreement: FrameAgreement, projects: Iterable[Any], definition: Definition) -> None:
        """Fill the choices from the agreement and the account's projects."""
        self.project_id.choices = named(projects)
        self.category.choices = categories(definition, [one.category for one in agreement.categories])
        lines = [(line.id, f"{line.product} · {line.price.normalize():f} {line.currency}/{line.unit}")
                 for line in agreement.prices]  # fmt: skip
        self.price_id.choices = [("", _l("none")), *lines]


class PapersForm(Form):
    """Papers of an agreement or of what a partner maker supplies."""

    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))


class WhyForm(Form):
    """A sentence why."""

    reason = StringField(_l("Why"), validators=WHY)


class GoalForm(Form):
    """A goal of a year's plan."""

    year = IntegerField(_l("Year"), validators=[InputRequired(), NumberRange(2000, 2100)])
    kind = SelectField(_l("What it is"), choices=_words(wording.GOALS))
    amount = AmountField(_l("Amount"))
    category = SelectField(_l("Category"), validators=[Optional()])
    step = SelectField(_l("Step"), choices=[("", _l("none")), *_words(wording.STEPS)], validators=[Optional()])
    contact_id = SelectField(_l("Person"), coerce=optional_key, validators=[Optional()])
    note = StringField(_l("Note"), validators=[Length(max=300)])

    def offer(self, definition: Definition, contacts: Pairs) -> None:
        """Fill the choices from the definition and the account's people."""
        self.category.choices = [("", _l("none")), *categories(definition)]
        self.contact_id.choices = [("", _l("none")), *contacts]


class ActionForm(Form):
    """A meeting or an action: who does what by when."""

    kind = SelectField(_l("What it is"), choices=_words(wording.ACTIONS))
    text = StringField(_l("What is to be done"), validators=[DataRequired(_l("Say what is to be done.")),
                                                            Length(max=300)])  # fmt: skip
    with_whom = StringField(_l("With whom"), validators=[Length(max=200)])
    due_on = DateField(_l("By when"), validators=[InputRequired()])
    user_id = SelectField(_l("Who"), coerce=optional_key)


class DoneForm(Form):
    """What came of an action."""

    outcome = StringField(_l("What came of this"), validators=[DataRequired(_l("Say in a sentence what came of it.")),
                                                            Length(max=500)])  # fmt: skip


class ReviewForm(Form):
    """What a review of the plan found."""

    on = DateField(_l("Day"), validators=[InputRequired()], default=clock.today)
    text = TextAreaField(_l("What the review found"), validators=[DataRequired(_l("Say what the review found.")),
                                                                 Length(max=5000)])  # fmt: skip


class EstimateForm(FirmEstimateForm):
    """What one of the account's firms buys of a category in a year."""

    party_id = SelectField(_l("Firm"), coerce=int)


class StepForm(Form):
    """A step of the ladder, with reason and proof."""

    step = SelectField(_l("Step"), choices=_words(wording.STEPS))
    reason = StringField(_l("Reason"), validators=WHY)
    evidence = StringField(_l("Proof"), validators=[Length(max=300)])


class SignForm(Form):
    """What lifted or lowered the loyalty."""

    kind = SelectField(_l("What happened"), choices=[(key, wording.SIGNS[key]) for key in (*LIFTS, *LOWERS)])
    on = DateField(_l("Day"), validators=[InputRequired()], default=clock.today)
    reason = StringField(_l("In your words"), validators=WHY)
    evidence = StringField(_l("Proof"), validators=[Length(max=300)])


class RelationForm(Form):
    """Who matters in a market."""

    market = SelectField(_l("Market"), choices=_words(wording.MARKETS))
    contact_id = SelectField(_l("Person"), coerce=optional_key, validators=[Optional()])
    user_id = SelectField(_l("Colleague"), coerce=optional_key, validators=[Optional()])
    party = StringField(_l("Firm"), validators=[Length(max=200)])
    state = SelectField(_l("How we stand"), choices=_words(wording.RELATIONS))
    why = StringField(_l("Why it matters"), validators=[Length(max=300)])

    def offer(self, contacts: Pairs, colleagues: Iterable[Any]) -> None:
        """Fill the choices."""
        self.contact_id.choices = [("", _l("none")), *contacts]
        self.user_id.choices = [("", _l("none")), *named(colleagues)]


class StandForm(Form):
    """How we stand with somebody who matters."""

    state = SelectField(_l("How we stand"), choices=_words(wording.RELATIONS))
    why = StringField(_l("Why it matters"), validators=[Length(max=300)])
    version = HiddenField()
