"""Forms about a dealer's profile, papers, contracts, standing and support."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from tracker import clock
from tracker.dealers.models import SUPPORT, DealerContract
from tracker.dealers.operations.profiles import ContractDraft
from tracker.dealers.queries.profiles import DealerFilters
from tracker.dealers.wording import STATE_NAMES, SUPPORT_NAMES
from tracker.forms import Form
from tracker.i18n import _, _l, lang
from tracker.incoming import optional_key
from tracker.matrix.forms import ManyField
from tracker.projects.forms import AmountField, CheckboxesField
from workflows.definition import Definition

WHY = [InputRequired(_l("Say why.")), Length(max=2000)]


def read_filters(args: Any) -> DealerFilters:
    """What the list's address narrows it by."""
    return DealerFilters(
        q=args.get("q", "").strip()[:200],
        state=args.get("state", ""),
        grade=args.get("grade", "")[:8],
        region=optional_key(args.get("region")),
        late=args.get("late") == "1",
    )


class DealerForm(Form):
    """Who looks after a dealer, what and where he sells."""

    party_id = SelectField(_l("Firm"), coerce=optional_key, validators=[Optional()])
    keeper_id = SelectField(_l("Looked after by"), coerce=optional_key, validators=[Optional()])
    since = DateField(_l("Reports and is judged from"), validators=[Optional()])
    regions = CheckboxesField(_l("Territory"), coerce=int, validators=[Optional()])
    categories = CheckboxesField(_l("Material categories"), validators=[Optional()])
    note = TextAreaField(_l("Note"), validators=[Length(max=5000)])
    version = HiddenField()

    def offer(self, definition: Definition, firms: Any, people: Any, regions: Any) -> None:
        """Fill the choices."""
        self.party_id.choices = [("", _("choose")), *((one.id, one.name) for one in firms)]
        self.keeper_id.choices = [("", _("dealer management")), *((one.id, one.name) for one in people)]
        self.regions.choices = [(one.id, one.name) for one in regions]
        self.categories.choices = [(window.category, window.name.get(lang())) for window in definition.windows]

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return {
            "keeper_id": self.keeper_id.data,
            "since": self.since.data or clock.today(),
            "regions": tuple(self.regions.data or ()),
            "categories": sorted(self.categories.data or ()),
            "note": self.note.data or None,
        }


class FileForm(Form):
    """A form with which a file may come: `documents` are tokens of staged ones, `photos` of pictures among them,
    which are not kept with a dealer."""

    documents = ManyField(_l("Documents"))
    papers = MultipleFileField(_l("Documents"))
    photos = ManyField(_l("Photos"))
    files = MultipleFileField(_l("Photos"))

    def tokens(self) -> tuple[str, ...]:
        """The staged documents."""
        return tuple(self.documents.data or ())


class PaperForm(FileForm):
    """What a paper of the checklist shows."""

    text = StringField(
        _l("What it shows"), validators=[InputRequired(_l("Say what the paper shows.")), Length(max=300)]
    )
    expires_on = DateField(_l("Valid until"), validators=[Optional()])


class ContractForm(FileForm):
    """A contract; targets for one year, as a whole or by quarters."""

    number = StringField(_l("Number"), validators=[InputRequired(_l("A contract needs its number.")), Length(max=60)])
    starts_on = DateField(_l("From"), validators=[InputRequired(_l("From when?"))])
    ends_on = DateField(_l("Until"), validators=[InputRequired(_l("Until when?"))])
    exclusive = BooleanField(_l("Exclusive in his territory"))
    year = SelectField(_l("Year of the targets"), coerce=int, validators=[Optional()])
    whole = AmountField(_l("Target of the year"))
    q1 = AmountField(_l("1st quarter"))
    q2 = AmountField(_l("2nd quarter"))
    q3 = AmountField(_l("3rd quarter"))
    q4 = AmountField(_l("4th quarter"))

    def offer(self, contract: DealerContract | None) -> None:
        """Offer the years around this one; show what the contract says of the chosen one, by default this year."""
        this = clock.today().year
        self.year.choices = [(year, str(year)) for year in range(this - 2, this + 4)]
        if self.is_submitted():
            return
        self.year.data = this
        for target in contract.targets if contract else ():
            if target.year == this:
                self._amounts()[target.quarter].data = target.amount

    def _amounts(self) -> tuple[AmountField, ...]:
        return self.whole, self.q1, self.q2, self.q3, self.q4

    def draft(self, contract: DealerContract | None) -> ContractDraft:
        """The contract as typed; targets of other years stay."""
        year = self.year.data or clock.today().year
        kept = {(one.year, one.quarter): one.amount for one in (contract.targets if contract else ())}
        targets: dict[tuple[int, int], Decimal] = {key: value for key, value in kept.items() if key[0] != year}
        typed = {(year, number): field.data for number, field in enumerate(self._amounts()) if field.data is not None}
        assert self.starts_on.data and self.ends_on.data
        return ContractDraft(
            number=self.number.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            exclusive=bool(self.exclusive.data),
            targets={**targets, **typed},
            documents=self.tokens(),
        )


class StandingForm(Form):
    """What becomes of a dealer."""

    to = SelectField(_l("He becomes"))
    reason = TextAreaField(_l("Reason"), validators=WHY)
    improve_by = DateField(_l("Better by (for a warning)"), validators=[Optional()])
    return_projects = BooleanField(_l("Give his former projects back to him, where no other dealer has them"))

    def offer(self, states: Iterable[str]) -> None:
        """Fill the choices."""
        self.to.choices = [(state, STATE_NAMES[state]) for state in states]


class SupportForm(Form):
    """What was given to a dealer."""

    kind = SelectField(_l("Kind"), choices=[(key, SUPPORT_NAMES[key]) for key in SUPPORT])
    what = StringField(_l("What he got"), validators=[InputRequired(_l("Say what he got.")), Length(max=200)])
    on = DateField(_l("When"), validators=[InputRequired(_l("When was it?"))])
    value = AmountField(_l("Value"))
    project_id = SelectField(_l("For which project"), coerce=optional_key, validators=[Optional()])
    result = TextAreaField(_l("What it brought"), validators=[Length(max=2000)])

    def offer(self, projects: Any) -> None:
        """Fill the choices."""
        self.project_id.choices = [("", _("none in particular")), *projects]


class ResultForm(Form):
    """What came of a piece of support."""

    result = TextAreaField(
        _l("What it brought"), validators=[InputRequired(_l("Say what it brought.")), Length(max=2000)]
    )


class FindingForm(Form):
    """What somebody found out about a signal."""

    key = HiddenField(validators=[Length(max=160)])
    text = TextAreaField(_l("What you found out"), validators=[InputRequired(_l("Say what you found out."))])
