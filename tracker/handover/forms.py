"""The form by which all that is somebody's is handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.forms import Form
from tracker.handover.operations.handing import LONGEST_NOTE, LONGEST_REASON
from tracker.handover.operations.plans import Choice, Plan
from tracker.i18n import _l
from tracker.incoming import optional_key

LEAVING, MOVING = "leaving", "moving"
KINDS = ("project", "lead")
MOST = 400  # things of one kind in a form: more than a page ever shows


class HandoverForm(Form):
    """Why somebody's things go to others, what they must know, and who takes what nobody was chosen for."""

    reason = StringField(
        _l("Why"),
        validators=[InputRequired(_l("Say why: both owners read this sentence.")), Length(max=LONGEST_REASON)],
    )
    note = TextAreaField(_l("Handover note"), validators=[Length(max=LONGEST_NOTE)])
    successor_id = SelectField(_l("Who takes the rest"), coerce=optional_key, validators=[Optional()])
    ends_memberships = BooleanField(_l("Places in others' teams and on shared leads end instead of going along"))
    keeps_reading = BooleanField(_l("The former owner goes on seeing the leads"))

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.successor_id.choices = [("", _l("nobody chosen yet")), *people]

    def plan(self, typed: Typed, *, leaves: bool) -> Plan:
        """What was decided."""
        return Plan(
            reason=self.reason.data or "",
            note=self.note.data or "",
            leaves=leaves,
            successor_id=self.successor_id.data if leaves else None,
            ends_memberships=bool(self.ends_memberships.data),
            keeps_reading=bool(self.keeps_reading.data),
            projects=tuple(typed.choices("project")),
            leads=tuple(typed.choices("lead")),
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at single projects and leads, so that a refused form keeps it."""

    values: Mapping[str, str]
    numbers: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, sent: MultiDict[str, Any]) -> Typed:
        """What a request holds; of an address nothing is typed."""
        return cls(sent, {kind: sent.getlist(kind, type=int)[:MOST] for kind in KINDS})

    def __bool__(self) -> bool:
        """Whether the form was sent."""
        return "reason" in self.values

    def owner(self, kind: str, number: int, proposed: int | None) -> int | None:
        """Who was chosen for it, or is proposed where nobody has chosen yet."""
        key = f"{kind}-{number}-owner"
        return optional_key(self.values[key]) if key in self.values else proposed

    def note(self, kind: str, number: int) -> str:
        """The note about it alone."""
        return self.values.get(f"{kind}-{number}-note", "")

    def introduced(self, kind: str, number: int) -> bool:
        """Whether both met the decision maker already."""
        return f"{kind}-{number}-introduced" in self.values

    def choices(self, kind: str) -> Iterator[Choice]:
        """What was chosen for each."""
        for number in self.numbers[kind]:
            version = optional_key(self.values.get(f"{kind}-{number}-version", "")) or 0
            owner = self.owner(kind, number, None)
            yield Choice(number, version, owner, self.note(kind, number), self.introduced(kind, number))
