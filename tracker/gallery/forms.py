"""The forms of the gallery: what a picture shows, what becomes of many, what was found out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from tracker.forms import Form
from tracker.gallery.models import Photo
from tracker.gallery.operations.describing import Words
from tracker.gallery.operations.reporting import EACH_PAGE, ReportWishes
from tracker.gallery.tags import PICKS, parsed, said
from tracker.i18n import _, _l, lang
from tracker.projects.models import Building
from workflows.definition import Definition


class DescribeForm(Form):
    """What a picture shows."""

    caption = StringField(_l("Caption"), validators=[Length(max=300)])
    tags = StringField(_l("Tags"), validators=[Length(max=400)])
    building_id = SelectField(_l("Building"), coerce=lambda text: int(text) if text else None, validators=[Optional()])
    floor = IntegerField(_l("Floor"), validators=[Optional(), NumberRange(min=-20, max=300)])
    category = SelectField(_l("Category"), validators=[Optional()])
    seen_step = SelectField(_l("Construction step it shows"), validators=[Optional()])
    publish_note = StringField(_l("May be published: who agreed, and how"), validators=[Length(max=300)])
    publish_until = DateField(_l("The consent holds until"), validators=[Optional()])

    def offer(self, definition: Definition, buildings: Sequence[Building]) -> None:
        """Fill the choices."""
        language, none = lang(), ("", _("not said"))
        self.building_id.choices = [none, *((building.id, building.name) for building in buildings)]
        self.category.choices = [none, *((w.category, w.name.get(language)) for w in definition.windows)]
        self.seen_step.choices = [none, *((step.key, step.name.get(language)) for step in definition.steps)]

    def preset(self, photo: Photo, tags: Sequence[str]) -> None:
        """Fill in what is known."""
        for name in ("caption", "building_id", "floor", "category", "seen_step", "publish_note", "publish_until"):
            getattr(self, name).data = getattr(photo, name)
        self.tags.data = ", ".join(said(tag) for tag in tags)

    def words(self) -> Words:
        """What was said, as plain values."""
        data: dict[str, Any] = {**self.data, "tags": tuple(parsed(self.tags.data or ""))}
        data = {name: data[name] for name in Words.__slots__}
        return Words(**{**data, "caption": data["caption"] or "", "publish_note": data["publish_note"] or ""})


class ChosenForm(Form):
    """What becomes of the pictures that were chosen in the gallery."""

    photos = SelectMultipleField(_l("Photos"), validate_choice=False, choices=[])
    do = SelectField(_l("What to do"), validators=[InputRequired()])
    pick = SelectField(_l("Tag"), validators=[Optional()])
    tags = StringField(_l("Own tags"), validators=[Length(max=400)])
    title = StringField(_l("What they show"), validators=[Length(max=120)])
    days = IntegerField(_l("Days the link holds"), default=14, validators=[Optional(), NumberRange(min=1, max=90)])
    every = BooleanField(_l("All pictures of this filter, not only those chosen"))
    for_publishing = BooleanField(_l("It is for publishing: only pictures with consent"))
    publish_note = StringField(_l("May be published: who agreed, and how"), validators=[Length(max=300)])
    publish_until = DateField(_l("The consent holds until"), validators=[Optional()])

    def offer(self, dealer: bool) -> None:
        """Fill the choices; dealers neither give pictures out nor move them."""
        ours = [] if dealer else [
            ("share", _("give out by a link")), ("move", _("move")), ("pair", _("make a pair")),
            ("consent", _("write down a consent to publish")), ("withdraw", _("withdraw the consent to publish")),
        ]  # fmt: skip
        self.do.choices = [("tag", _("tag")), ("report", _("photo report (PDF)")), ("download", _("download")), *ours]
        self.pick.choices = [("", _("not said")), *((key, str(name)) for key, name in PICKS.items())]

    def all_asked(self) -> bool:
        """Whether all pictures of the filter are meant; a link and a pair are of those that were ticked."""
        return bool(self.every.data) and self.do.data not in ("share", "pair")

    def chosen_tags(self) -> list[str]:
        """The tags that were picked or typed."""
        return [*([self.pick.data] if self.pick.data else []), *parsed(self.tags.data or "")]


class AddForm(Form):
    """Pictures on their way into the gallery."""

    files = MultipleFileField(_l("Photos"))
    photos = SelectMultipleField(_l("Photos"), validate_choice=False, choices=[])


class ReportForm(Form):
    """What a photo report shall be."""

    photos = SelectMultipleField(_l("Photos"), validate_choice=False, choices=[])
    title = StringField(_l("Title of the report"), validators=[InputRequired(), Length(max=120)])
    company = StringField(_l("Company on the cover"), validators=[Length(max=80)])
    language = SelectField(_l("Language of the report"))
    each_page = SelectField(_l("Pictures on a page"), coerce=int)
    places = BooleanField(_l("With the places where the pictures were taken"))
    signers = TextAreaField(_l("Who signs, a line each"), validators=[Length(max=400)])

    def offer(self) -> None:
        """Fill the choices."""
        self.language.choices = [("zh", "简体中文"), ("en", "English")]
        self.each_page.choices = [(number, str(number)) for number in EACH_PAGE]

    def wishes(self) -> ReportWishes:
        """What was said, as plain values."""
        return ReportWishes(
            self.title.data or "",
            self.language.data,
            self.each_page.data,
            self.company.data or "",
            bool(self.places.data),
            tuple((self.signers.data or "").splitlines()),
        )


class AnswerForm(Form):
    """What somebody found out about a signal."""

    answer = TextAreaField(_l("What you found out"), validators=[
        InputRequired(_l("Say in a sentence what you found out.")), Length(max=300)])  # fmt: skip
