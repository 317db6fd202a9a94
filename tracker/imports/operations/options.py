"""What counts for every row of a file: what becomes of known rows, the keys, and what the columns leave open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy.orm import Session

from tracker.errors import Invalid
from tracker.i18n import _l
from tracker.matching.normalise import folded
from tracker.matrix.definitions import current_definition
from tracker.sheets.columns import Columns
from tracker.sheets.days import Order
from tracker.sheets.fields import Schema
from tracker.sheets.kinds import SCHEMAS
from tracker.sheets.rows import CURRENCIES
from tracker.team.models import Team

EXISTING: dict[str, Any] = {
    "create": _l("Add new ones; leave known ones as they are"),
    "update": _l("Update known ones; add none"),
    "both": _l("Add new ones and update known ones"),
}
"""What becomes of rows by whether what they tell of is known."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What counts for every row. Keys of pick-lists are those of the matrix definition; `dates` is `mdy` or `dmy`; with
    `check`, leads that certainly are on record already come in marked as duplicates.

    `source`, `step`, `kind`, `currency`, `team_id` are of leads; `route`, `phase`, `categories` and `reason` of
    projects besides; `kind` is what new firms are for parties and contacts.
    """

    source: str | None = None
    step: str | None = "land"
    kind: str | None = None
    currency: str = "CNY"
    team_id: int | None = None
    route: str | None = None
    phase: str | None = None
    categories: tuple[str, ...] = ()
    reason: str | None = None
    existing: str = "create"
    keys: tuple[str, ...] = ()
    dates: str | None = None
    check: bool = True

    def kept(self) -> dict[str, Any]:
        """As plain values, those that say something."""
        values = {**asdict(self), "keys": list(self.keys), "categories": list(self.categories)}
        return {key: value for key, value in values.items() if value not in (None, [])}

    @classmethod
    def from_kept(cls, values: Mapping[str, Any]) -> ImportOptions:
        """The options that a run kept."""
        known = {one.name for one in fields(cls)}
        plain = {key: value for key, value in values.items() if key in known}
        return cls(**{**plain, "keys": tuple(plain.get("keys", ())), "categories": tuple(plain.get("categories", ()))})

    @property
    def order(self) -> Order | None:
        """The order of day and month that somebody said."""
        return Order(self.dates) if self.dates else None


def usual_keys(schema: Schema) -> tuple[str, ...]:
    """The keys by which rows of this kind are usually found again."""
    return tuple(key.key for key in schema.keys if key.usual)


def propose_options(schema: Schema, columns: Columns) -> ImportOptions:
    """What such a file probably is: land results name a buyer, permits a number and a place."""
    definition, keys = current_definition(), usual_keys(schema)
    if schema.kind == "stock":
        return ImportOptions(keys=keys)
    if schema.kind in ("parties", "contacts"):
        return ImportOptions(kind=_one_of(definition.picklist("participant_kinds").keys, "owner"), keys=keys)
    if schema.kind == "projects":
        return ImportOptions(
            kind=definition.picklist("project_types").keys[0],
            route=definition.routes[0].key,
            phase=definition.phases[0].key,
            step=definition.steps[0].key,
            categories=(definition.windows[0].category,),
            keys=keys,
        )
    land = "developer" in columns or "use" in columns
    return ImportOptions(
        source=_one_of(definition.picklist("lead_sources").keys, "media_land" if land else "planning_permit"),
        step=_one_of(tuple(definition.step_index), "land" if land else "ground"),
        currency="USD" if "latitude" in columns and not land else "CNY",
        keys=keys,
    )


def _one_of(keys: tuple[str, ...], likely: str) -> str:
    """The likely key where the definition has it, else its first."""
    return likely if likely in keys else keys[0]


def check_options(session: Session, schema: Schema, columns: Columns, options: ImportOptions) -> None:
    """Raise Invalid where an option makes no sense."""
    if options.existing not in EXISTING:
        raise Invalid("existing", _l("Say what becomes of rows that are known already."))
    if not set(options.keys) <= {key.key for key in schema.keys}:
        raise Invalid("keys", _l("Choose by what known ones are found again."))
    if options.dates not in (None, *Order):
        raise Invalid("dates", _l("Say which number of a date is the month."))
    if options.currency not in CURRENCIES:
        raise Invalid("currency", _l("Choose the currency."))
    if options.team_id is not None and session.get(Team, options.team_id) is None:
        raise Invalid("team_id", _l("Choose the team that gets the leads."))
    _check_lists(schema, columns, options)


_LISTED: dict[str, tuple[tuple[str, str, Any], ...]] = {
    "leads": (
        ("source", "lead_sources", _l("Say where the lead comes from.")),
        ("step", "steps", _l("Choose the construction step that you saw.")),
    ),
    "projects": (
        ("kind", "project_types", _l("Choose what is being built.")),
        ("route", "routes", _l("Choose how they buy.")),
        ("phase", "phases", _l("Choose the phase we are in.")),
        ("step", "steps", _l("Choose the construction step that you saw.")),
    ),
    "parties": (("kind", "participant_kinds", _l("Choose what new firms are to us.")),),
    "contacts": (("kind", "participant_kinds", _l("Choose what new firms are to us.")),),
    "stock": (),
}


def _check_lists(schema: Schema, columns: Columns, options: ImportOptions) -> None:
    lists = {name: set(words.values()) for name, words in choices().items()}
    for key, name, message in _LISTED[schema.kind]:
        if getattr(options, key) not in lists[name]:
            raise Invalid(key, message)
    if schema.kind == "leads" and options.kind and options.kind not in lists["project_types"]:
        raise Invalid("kind", _l("Choose what is being built."))
    unknown = set(options.categories) - lists["categories"]
    if schema.kind == "projects" and (unknown or not (options.categories or "categories" in columns)):
        raise Invalid("categories", _l("Choose at least one material category; the first is the main one."))


def choices() -> dict[str, dict[str, str]]:
    """The lists that cells may choose from: folded word (key, or name in either language) -> key."""
    definition = current_definition()
    lists: dict[str, dict[str, str]] = {}
    for name in ("project_types", "lead_sources", "participant_kinds"):
        lists[name] = _words((item.key, item.name) for item in definition.picklist(name).items)
    lists["routes"] = _words((route.key, route.name) for route in definition.routes)
    lists["phases"] = _words((phase.key, phase.name) for phase in definition.phases)
    lists["steps"] = _words((step.key, step.name) for step in definition.steps)
    lists["categories"] = _words((window.category, window.name) for window in definition.windows)
    return lists


def _words(items: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, name in items:
        for word in (key, name.get("zh"), name.get("en")):
            found.setdefault(folded(word), key)
    return found


def schema_of(kind: str) -> Schema:
    """The schema of a kind."""
    return SCHEMAS[kind]
