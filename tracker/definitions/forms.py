"""Forms of definitions, and what their parts are called. They check shape; the operations check what is sound."""

from __future__ import annotations

from typing import Any

import yaml
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from tracker.forms import Form
from tracker.i18n import _l, lang
from workflows.definition import CELL_ENTRY, Definition
from workflows.mapping import KeyMapping, read_mapping
from workflows.text import Text

KIND_WORDS: dict[str, Any] = {
    "phase": _l("Phases"),
    "step": _l("Construction steps"),
    "cell": _l("Cells"),
    "task": _l("Tasks"),
    "hint": _l("Hints"),
    "entry": _l("Entry criteria"),
    "exit": _l("Exit criteria"),
    "route": _l("Routes"),
    "category": _l("Material categories"),
    "rule": _l("Rules"),
    "department": _l("Departments"),
    "choice": _l("Pick-lists"),
    "setting": _l("Settings"),
    "anchor": _l("Anchor dates"),
    "evidence kind": _l("Kinds of evidence"),
    "hint kind": _l("Kinds of hints"),
    "cell status": _l("Cell statuses"),
    "score": _l("Score card"),
    "lifecycle": _l("States"),
}
FIELD_WORDS: dict[str, Any] = {
    "anchor": _l("Counted from"),
    "action": _l("Action"),
    "cell": _l("Cell"),
    "department": _l("Department"),
    "due_days": _l("Due after days"),
    "duration_days": _l("Usual days"),
    "evidence": _l("Evidence"),
    "instead": _l("Instead"),
    "kind": _l("Kind"),
    "mandatory": _l("Mandatory"),
    "name": _l("Name"),
    "note": _l("Note"),
    "owner": _l("Owner"),
    "purpose": _l("Purpose"),
    "required": _l("Required phases"),
    "optional": _l("Optional phases"),
    "sentence": _l("Sentence"),
    "seq": _l("Place"),
    "sources": _l("Sources"),
    "status": _l("Status"),
    "text": _l("Text"),
    "time_limit_days": _l("Days without a record"),
    "value": _l("Value"),
    "win_probability": _l("Win probability"),
}
CHANGE_WORDS: dict[str, Any] = {"added": _l("new"), "removed": _l("gone"), "changed": _l("changed")}
PLACE_WORDS: dict[str, Any] = {
    "phase": _l("phase"),
    "step": _l("construction step"),
    "cell": _l("cell"),
    "route": _l("route"),
    "category": _l("material category"),
    "kind": _l("what is being built"),
}
SETTING_WORDS: dict[str, Any] = {
    "discount_authority_percent.sales_manager": _l("Discount that a sales manager may give, in percent"),
    "discount_authority_percent.regional_director": _l("Discount that a regional director may give, in percent"),
    "discount_authority_percent.general_manager": _l("Discount that the general manager may give, in percent"),
    "small_lot_limit_cny": _l("Limit of a small lot before the contract, in yuan"),
    "credit_screening_line_cny": _l("Value from which the payer's credit is screened, in yuan"),
    "overdue_days": _l("Days overdue after which dispatch stops"),
    "duplicate_radius_m.certain": _l("Certain duplicate within this many metres"),
    "duplicate_radius_m.likely": _l("Likely duplicate within this many metres"),
}
TEXT_KINDS = ("phase", "step", "exit", "entry", "route", "category", "rule")
LONGEST = 600  # characters of a sentence


def _sentence(label: Any) -> TextAreaField:
    empty = InputRequired(_l("Write it in both languages."))
    return TextAreaField(label, validators=[empty, Length(max=LONGEST)], render_kw={"rows": 2})


class SentenceForm(Form):
    """A sentence in both languages."""

    zh = _sentence(_l("In Chinese"))
    en = _sentence(_l("In English"))
    version = HiddenField()

    @property
    def text(self) -> Text:
        """What was typed."""
        return Text(" ".join((self.zh.data or "").split()), " ".join((self.en.data or "").split()))


class HintForm(SentenceForm):
    """A hint of a cell."""

    kind = SelectField(_l("Kind"))
    department = SelectField(_l("Department"))

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        self.kind.choices = [(kind.key, kind.name.get(lang())) for kind in definition.hint_kinds]
        self.department.choices = [(one.key, one.name.get(lang())) for one in definition.departments]


class TaskForm(SentenceForm):
    """A task of a cell."""

    department = SelectField(_l("Department"))
    evidence = SelectField(_l("Evidence"))
    due_days = IntegerField(
        _l("Due after days"),
        validators=[InputRequired(_l("Write a whole number.")), NumberRange(-365, 3650)],
        render_kw={"inputmode": "numeric"},
    )
    anchor = SelectField(_l("Counted from"))

    def offer(self, definition: Definition) -> None:
        """Fill the choices from the definition."""
        language = lang()
        self.department.choices = [(one.key, one.name.get(language)) for one in definition.departments]
        self.evidence.choices = [(kind.key, kind.name.get(language)) for kind in definition.evidence_kinds]
        anchors = {CELL_ENTRY: _l("the day the cell was entered")} | {
            key: name.get(language) for key, name in definition.anchors.items()
        }
        self.anchor.choices = list(anchors.items())

    def values(self) -> dict[str, Any]:
        """The fields as the operations take them."""
        return {name: self[name].data for name in ("department", "evidence", "due_days", "anchor")}


class LimitForm(Form):
    """The days without a record after which a cell reminds."""

    days = IntegerField(
        _l("Days without a record before a reminder"),
        validators=[InputRequired(_l("Write a whole number.")), NumberRange(1, 3650)],
        render_kw={"inputmode": "numeric"},
    )
    version = HiddenField()


class NumberForm(Form):
    """A number among the settings."""

    number = IntegerField(
        _l("Value"),
        validators=[InputRequired(_l("Write a whole number.")), NumberRange(0, 10**12)],
        render_kw={"inputmode": "numeric"},
    )
    version = HiddenField()


class FileForm(Form):
    """A definition brought as a file."""

    file = FileField(_l("YAML file"), validators=[FileRequired(_l("Choose a file first."))])


class PlanForm(Form):
    """Who follows the new version, and by which mapping; the same fields go to the dry run and to publishing."""

    follow = SelectMultipleField(_l("These projects follow"), coerce=str)
    mapping = TextAreaField(_l("Mapping of keys"), validators=[Length(max=20_000)], render_kw={"rows": 4})

    def offer(self, groups: Any) -> None:
        """The versions that open projects keep, as `key/version`."""
        self.follow.choices = [(f"{key}/{version}", f"{key} {version}") for key, version, _live in groups]

    def validate_mapping(self, field: TextAreaField) -> None:
        """It is YAML: kind, then old: new."""
        try:
            _mapping, faults = read_mapping(yaml.safe_load(field.data or "") or None)
        except (yaml.YAMLError, ValueError, RecursionError):
            raise ValidationError(_l("This is no YAML. Write a kind, and under it old: new.")) from None
        if faults:
            raise ValidationError("; ".join(faults[:5]))

    def validate_mapping_only(self) -> bool:
        """Whether the mapping can be read, of a form in an address; what is wrong stands with the field."""
        return bool(self.mapping.validate(self, [self._checked]))

    @staticmethod
    def _checked(form: Any, field: TextAreaField) -> None:
        form.validate_mapping(field)

    @property
    def groups(self) -> list[tuple[str, int]]:
        """The chosen versions."""
        pairs = (value.rpartition("/") for value in self.follow.data or ())
        return [(key, int(version)) for key, _slash, version in pairs]

    @property
    def key_mapping(self) -> KeyMapping:
        """The mapping, of a form that was validated."""
        return read_mapping(yaml.safe_load(self.mapping.data or "") or None)[0]


class PublishForm(PlanForm):
    """Publishing: the plan, and why."""

    reason = TextAreaField(
        _l("Why"),
        validators=[
            InputRequired(_l("Say why: everybody who works with the matrix reads this sentence.")),
            Length(max=1000),
        ],
        render_kw={"rows": 2},
    )
    version = HiddenField()
