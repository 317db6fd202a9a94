"""Forms of registrations: the dealer's, the desk's answers, evidence and rulings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.matrix.forms import ManyField
from tracker.projects.forms import CheckboxesField, DegreesField
from tracker.registrations.models import Registration
from tracker.registrations.operations.answering import Approved
from tracker.registrations.operations.complaints import VERDICTS, ComplaintDraft
from tracker.registrations.operations.conflicts import Ruling
from tracker.registrations.operations.handing_in import ASKED_FOR, NoteDraft, RegistrationDraft
from tracker.registrations.operations.splitting import Part
from tracker.registrations.wording import ABOUT_NAMES, LEVEL_NAMES, PROOF_NAMES, VERDICT_NAMES
from tracker.team.forms import ADDRESS
from workflows.definition import Definition


def names_of(text: str | None) -> tuple[str, ...]:
    """Names with commas between, as they are typed."""
    return tuple(name.strip() for name in re.split(r"[,，;；、\n]", text or "") if name.strip())


class FilesForm(Form):
    """A form with which pictures and papers come; `photos` and `documents` are tokens of staged ones."""

    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))
    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))


class RegistrationForm(FilesForm):
    """What a dealer says of a site he registers."""

    name = StringField(
        _l("Name of the site"),
        validators=[InputRequired(_l("Give the site its name: what people call it.")), Length(max=200)],
    )
    kind = SelectField(_l("What is being built"), validators=[Optional()])
    step = SelectField(_l("What stands there"))
    address = StringField(_l("Address"), validators=[Length(max=300)])
    plot_number = StringField(_l("Plot number"), validators=[Length(max=80)])
    latitude = DegreesField(_l("Latitude"))
    longitude = DegreesField(_l("Longitude"))
    developer = StringField(_l("Developer"), validators=[Length(max=200)])
    categories = CheckboxesField(_l("Materials you want to supply"), validators=[Optional()])
    buildings = StringField(_l("Buildings"), validators=[Length(max=200)])
    quantity = StringField(_l("Expected quantity"), validators=[Length(max=200)])
    source = TextAreaField(_l("How you know of it"), validators=[Length(max=5000)])

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        language = lang()
        kinds = definition.picklist("project_types").items
        self.kind.choices = [("", _l("not said")), *((one.key, one.name.get(language)) for one in kinds)]
        self.step.choices = [(one.key, one.name.get(language)) for one in definition.steps]
        self.categories.choices = [(one.category, one.name.get(language)) for one in definition.windows]

    def show(self, registration: Registration) -> None:
        """Show what was kept of it."""
        self.buildings.data = ", ".join(registration.buildings)
        self.categories.data = list(registration.categories)

    def draft(self) -> RegistrationDraft:
        """What was typed."""
        texts = {
            name: (self[name].data or "").strip() or None
            for name in ("address", "plot_number", "developer", "quantity", "source")
        }
        return RegistrationDraft(
            name=(self.name.data or "").strip(),
            step=self.step.data,
            kind=self.kind.data or None,
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            categories=tuple(self.categories.data or ()),
            buildings=names_of(self.buildings.data),
            photos=tuple(self.photos.data or ()),
            documents=tuple(self.documents.data or ()),
            **texts,
        )


class NoteForm(FilesForm):
    """Progress, or something that is asked for."""

    text = TextAreaField(_l("What was done"), validators=[InputRequired(_l("Say what it is.")), Length(max=5000)])
    on = DateField(_l("Day"), validators=[InputRequired(_l("On which day?"))])

    def draft(self) -> NoteDraft:
        """What was handed in."""
        return NoteDraft(
            (self.text.data or "").strip(),
            self.on.data or clock.today(),
            tuple(self.photos.data or ()),
            tuple(self.documents.data or ()),
        )


class AskForm(NoteForm):
    """What a dealer asks for."""

    what = SelectField(_l("What you need"), choices=list(ASKED_FOR.items()))
    text = TextAreaField(_l("In a sentence"), validators=[InputRequired(_l("Say what it is.")), Length(max=5000)])


class EvidenceForm(NoteForm):
    """Evidence in a conflict."""

    what = SelectField(_l("What it proves"), choices=list(PROOF_NAMES.items()))
    text = TextAreaField(_l("What it says"), validators=[InputRequired(_l("Say what it is.")), Length(max=5000)])


class ApproveForm(Form):
    """Approval: as what, and with which project."""

    level = RadioField(_l("As"), choices=list(LEVEL_NAMES.items()), default="pre_registered")
    project_id = SelectField(_l("Project"), coerce=optional_key, validators=[Optional()])
    owner_id = SelectField(_l("Who of ours looks after it"), coerce=optional_key, validators=[Optional()])
    answer = TextAreaField(_l("To the dealer"), validators=[Length(max=2000)])

    def offer(self, projects: Any, people: Any) -> None:
        """The projects it may join (id and name), and the people of ours."""
        self.project_id.choices = [("", _l("open a new one")), *projects]
        self.owner_id.choices = [("", _l("nobody yet: it lies in the pool")), *people]

    def approved(self) -> Approved:
        """How it is approved."""
        return Approved(self.level.data, self.project_id.data, self.owner_id.data, self.answer.data or "")


class AnswerForm(Form):
    """A sentence for the dealer."""

    answer = TextAreaField(
        _l("To the dealer"), validators=[InputRequired(_l("Say it in a sentence.")), Length(max=2000)]
    )


class AppealForm(Form):
    """Why a ruling should be changed."""

    text = TextAreaField(
        _l("Why"), validators=[InputRequired(_l("Say why the ruling should be changed.")), Length(max=5000)]
    )


class RulingForm(Form):
    """A ruling with its reasons."""

    winner = RadioField(_l("Who gets it"), validators=[InputRequired(_l("Say who gets the site."))])
    order_key = SelectField(_l("By which order"))
    share = IntegerField(_l("Share of the registration, percent"), validators=[Optional(), NumberRange(0, 100)])
    registration_part = StringField(_l("What the registration gets"), validators=[Length(max=300)])
    other_part = StringField(_l("What the other side gets"), validators=[Length(max=300)])
    registration_categories = CheckboxesField(_l("Materials the registration keeps"), validators=[Optional()])
    registration_buildings = StringField(_l("Buildings the registration keeps"), validators=[Length(max=200)])
    other_categories = CheckboxesField(_l("Materials the other side keeps"), validators=[Optional()])
    other_buildings = StringField(_l("Buildings the other side keeps"), validators=[Length(max=200)])
    reason = TextAreaField(
        _l("Reasons"), validators=[InputRequired(_l("Write the reasons: both sides read them.")), Length(max=5000)]
    )

    def offer(self, claims: Mapping[str, Part], definition: Definition) -> None:
        """What each side claims, by side: of a split it keeps what is ticked and named."""
        names = {window.category: window.name.get(lang()) for window in definition.windows}
        self.sides = tuple(claims)
        for side in ("registration", "other"):
            part = claims.get(side)
            self[f"{side}_categories"].choices = [(key, names.get(key, key)) for key in part.categories] if part else []
            if part and not self.is_submitted():
                self[f"{side}_categories"].data = list(part.categories)
                self[f"{side}_buildings"].data = ", ".join(part.buildings)

    def _keeps(self) -> dict[str, Part]:
        return {
            side: Part(tuple(self[f"{side}_categories"].data or ()), names_of(self[f"{side}_buildings"].data))
            for side in self.sides
        }

    def ruling(self) -> Ruling:
        """The ruling."""
        return Ruling(
            self.winner.data,
            self.order_key.data,
            self.reason.data or "",
            self.share.data,
            self.registration_part.data or "",
            self.other_part.data or "",
            self._keeps(),
        )


class InviteForm(Form):
    """Somebody whom a dealer's administrator invites."""

    name = StringField(_l("Full name"), validators=[DataRequired(_l("Type the person's name.")), Length(max=80)])
    phone = StringField(_l("Phone"), validators=[Length(max=40)])
    email = StringField(_l("E-mail"), validators=ADDRESS)
    post = StringField(_l("Post"), validators=[Length(max=80)])


class SuccessorForm(Form):
    """To whom somebody's registrations go."""

    successor_id = SelectField(_l("To whom"), coerce=optional_key)

    def offer(self, people: Any) -> None:
        """The colleagues whose account is on: id and name."""
        self.successor_id.choices = list(people)


class ComplaintForm(FilesForm):
    """A complaint; one of ours may choose the dealer, a dealer says whom he suspects."""

    about = SelectField(_l("What about"), choices=list(ABOUT_NAMES.items()))
    site = StringField(_l("Where"), validators=[DataRequired(_l("Say where it was found.")), Length(max=200)])
    suspect = StringField(_l("Whom you suspect"), validators=[Length(max=200)])
    dealer_id = SelectField(_l("Dealer"), coerce=optional_key, validators=[Optional()], choices=[("", _l("not known"))])
    text = TextAreaField(_l("What was found"), validators=[InputRequired(_l("Say what it is.")), Length(max=5000)])
    on = DateField(_l("Day"), validators=[InputRequired(_l("On which day?"))])

    def offer(self, dealers: Any) -> None:
        """The dealers: id and name."""
        self.dealer_id.choices = [("", _l("not known")), *((key, name) for key, name in dealers)]

    def draft(self) -> ComplaintDraft:
        """What was typed."""
        return ComplaintDraft(
            about=self.about.data,
            site=self.site.data or "",
            text=self.text.data or "",
            on=self.on.data or clock.today(),
            suspect=self.suspect.data or "",
            dealer_id=self.dealer_id.data,
            photos=tuple(self.photos.data or ()),
            documents=tuple(self.documents.data or ()),
        )


class VerdictForm(Form):
    """What is decided about a complaint."""

    verdict = RadioField(
        _l("Decision"),
        choices=[(key, VERDICT_NAMES[key]) for key in VERDICTS],
        validators=[InputRequired(_l("Choose from the list."))],
    )
    dealer_id = SelectField(_l("Dealer"), coerce=optional_key, validators=[Optional()])
    deliberate = BooleanField(_l("It was deliberate"))
    reason = TextAreaField(
        _l("Reasons"), validators=[DataRequired(_l("Write the reasons: both sides read them.")), Length(max=5000)]
    )

    def offer(self, dealers: Any) -> None:
        """The dealers: id and name."""
        self.dealer_id.choices = [("", _l("not known")), *((key, name) for key, name in dealers)]
