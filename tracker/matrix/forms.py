"""Forms of the matrix: logging, moving a phase, correcting, deciding. They check shape; the engine decides."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker import clock
from tracker.forms import Form
from tracker.i18n import _l, lang
from tracker.incoming import optional_key
from tracker.matrix.operations.records import LONGEST, RecordDraft
from tracker.projects.models import Building
from workflows.definition import CELL_ENTRY, Definition
from workflows.facts import BuildingFacts

NO_DATE = _l("Write the date as year-month-day, such as 2026-03-16.")


def _number(text: Any) -> int | None:
    return int(text) if text not in (None, "", "None") else None


class ManyField(SelectMultipleField):
    """Several values of any kind; what is not known is dropped by the operation."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **kwargs)


class LogForm(Form):
    """What was done in a cell, by whom it was seen and what proves it."""

    phase = HiddenField()
    step = HiddenField()
    token = HiddenField()
    kind = SelectField(_l("What kind of work"))
    on = DateField(_l("When"), validators=[InputRequired(NO_DATE)])
    text = TextAreaField(
        _l("What happened"),
        validators=[
            InputRequired(_l("One sentence, please: what happened?")),
            Length(max=LONGEST, message=_l("That is too long for one record. Attach long texts as a document.")),
        ],
    )
    building_id = SelectField(_l("Building"), coerce=_number, validators=[Optional()])
    is_plan = BooleanField(_l("This is a plan, not done yet"))
    hints = ManyField(_l("Hints followed"))
    closes = ManyField(_l("This proves"))
    met = ManyField(_l("Whom did you meet"))
    new_contact_name = StringField(_l("Name of a new contact"), validators=[Length(max=80)])
    new_contact_firm = StringField(_l("Firm"), validators=[Length(max=200)])
    new_contact_post = StringField(_l("Post"), validators=[Length(max=80)])
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))
    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    progress = SelectField(_l("Construction progress you saw"), validators=[Optional()])
    floor = IntegerField(
        _l("Floor reached"),
        validators=[Optional(), NumberRange(-10, 300, _l("A floor is a number between -10 and 300."))],
    )
    reason_key = SelectField(_l("Why does the building go back a step"), validators=[Optional()])
    reason = StringField(_l("Reason"), validators=[Optional(), Length(max=300)])
    lot_purpose = SelectField(_l("Small lot before the contract"), validators=[Optional()])
    lot_amount = DecimalField(_l("Amount in CNY"), validators=[
        Optional(), NumberRange(0, 10**10, _l("An amount is a number from 0 on."))])  # fmt: skip
    wins = ManyField(_l("The contract covers"))
    keeps = HiddenField()
    next_step = StringField(_l("Next step"), validators=[Optional(), Length(max=300)])
    next_on = DateField(_l("By when"), validators=[Optional()])

    def offer(self, definition: Definition, buildings: Iterable[BuildingFacts | Building]) -> None:
        """Fill the choices from the definition and the project's buildings."""
        language = lang()
        self.kind.choices = [(c.key, c.name.get(language)) for c in definition.record_kinds]
        self.building_id.choices = [(b.id, b.name) for b in buildings]
        self.progress.choices = [("", _l("no change seen"))] + [(s.key, s.name.get(language)) for s in definition.steps]
        reasons = definition.picklist("backward_step_reasons").items
        self.reason_key.choices = [("", _l("choose"))] + [(c.key, c.name.get(language)) for c in reasons]
        lots = {"show_area": _l("for a show area"), "sample_room": _l("for a sample room")}
        self.lot_purpose.choices = [("", _l("no")), *lots.items()]

    def preset(self, phase: str, step: str, leading: int) -> None:
        """The likely values of an empty form."""
        self.phase.data, self.step.data = phase, step
        self.kind.data = "site_visit"
        self.on.data = clock.today()
        self.building_id.data = leading
        self.token.data = secrets.token_urlsafe(18)

    def keep(self, kind: str, text: str, record_id: int) -> None:
        """What a plan says of the work that is now done."""
        self.kind.data, self.text.data, self.keeps.data = kind, text, str(record_id)

    def draft(self) -> RecordDraft:
        """What was typed, as the operation wants it."""
        return RecordDraft(
            phase=self.phase.data or "",
            step=self.step.data or "",
            kind=self.kind.data or "",
            on=self.on.data or clock.today(),
            text=self.text.data or "",
            building_id=self.building_id.data,
            is_plan=bool(self.is_plan.data),
            hints=tuple(self.hints.data or ()),
            closes=tuple(self.closes.data or ()),
            met=tuple(filter(None, map(optional_key, self.met.data or ()))),
            new_contact_name=(self.new_contact_name.data or "").strip() or None,
            new_contact_firm=(self.new_contact_firm.data or "").strip() or None,
            new_contact_post=(self.new_contact_post.data or "").strip() or None,
            photos=tuple(self.photos.data or ()),
            documents=tuple(self.documents.data or ()),
            next_step=(self.next_step.data or "").strip() or None,
            next_on=self.next_on.data,
            progress=self.progress.data or None,
            progress_on=self.on.data,
            floor=self.floor.data,
            reason_key=self.reason_key.data or None,
            reason=(self.reason.data or "").strip() or None,
            token=(self.token.data or "")[:64] or None,
            lot_purpose=self.lot_purpose.data or None,
            lot_amount=self.lot_amount.data,
            wins=tuple(self.wins.data or ()),
            keeps=optional_key(self.keeps.data),
        )


class TaskForm(Form):
    """A task that somebody adds in a cell."""

    text = StringField(_l("What is to be done"), validators=[
        InputRequired(_l("Say in a sentence what is to be done.")), Length(max=300)])  # fmt: skip
    department = SelectField(_l("Who owes it"))
    evidence = SelectField(_l("Proven by"))
    due_on = DateField(_l("Until when"), validators=[Optional()])
    token = HiddenField()

    def offer(self, definition: Definition, department: str | None) -> None:
        """Fill the choices, with the user's own department as the likely one."""
        language = lang()
        self.department.choices = [(d.key, d.name.get(language)) for d in definition.departments]
        self.evidence.choices = [(k.key, k.name.get(language)) for k in definition.evidence_kinds]
        if not self.is_submitted():
            self.department.data = department or definition.departments[0].key
            self.evidence.data = "note"
            self.token.data = secrets.token_urlsafe(18)


HOW_KNOWN = [InputRequired(_l("Say how it is known: which paper, who said so.")), Length(max=300)]


class DateForm(Form):
    """A day from which tasks count."""

    anchor = SelectField(_l("Which date"))
    on = DateField(_l("Day"), validators=[InputRequired(NO_DATE)])
    note = StringField(_l("How it is known"), validators=HOW_KNOWN)

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        anchors = definition.anchors.items()
        self.anchor.choices = [(key, text.get(lang())) for key, text in anchors if key != CELL_ENTRY]


class CircumstanceForm(Form):
    """Something that lasts until it is lifted."""

    key = SelectField(_l("What it is"))
    since = DateField(_l("Since"), validators=[InputRequired(NO_DATE)])
    note = StringField(_l("How it is known"), validators=HOW_KNOWN)


class LiftForm(Form):
    """The end of a circumstance."""

    note = StringField(_l("How it is known"), validators=HOW_KNOWN)


class PhaseForm(Form):
    """A move into another phase, with its reason where one is wanted."""

    to = HiddenField(validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=300)])
    complete_by = DateField(_l("What is missing will be there by"), validators=[Optional()])


class CorrectionForm(Form):
    """The right text of a record and why the old one was wrong."""

    version = HiddenField()
    text = TextAreaField(_l("What happened"), validators=[InputRequired(), Length(max=LONGEST)])
    reason = StringField(
        _l("Why it is corrected"), validators=[InputRequired(_l("Say why it is corrected.")), Length(max=300)]
    )


class DecisionForm(Form):
    """A supervisor's answer to a request."""

    decision = RadioField(validators=[InputRequired()], choices=[("grant", _l("Grant")), ("decline", _l("Decline"))])
    answer = TextAreaField(
        _l("A sentence to the one who asked"),
        validators=[InputRequired(_l("Say a sentence to the one who asked.")), Length(max=1000)],
    )
