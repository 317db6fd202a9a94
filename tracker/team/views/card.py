"""What the card of a person shows, wherever it is shown."""

from __future__ import annotations

from typing import Any

from tracker import clock
from tracker.absences.operations import may_tell
from tracker.absences.queries import list_absences
from tracker.access import Action, is_dealer, may
from tracker.access.leading import leads_team
from tracker.access.of_annotations import reads_reports_of
from tracker.assigning.queries.chosen import list_skills
from tracker.extensions import db
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.team import queries
from tracker.team.models import User
from workflows.definition import Definition
from workflows.text import Text


def card_of(person: User, *, link: str | None = None, message: Any = None) -> dict[str, Any]:
    """The context of `team/person.html`; `link` is a password link just made, `message` why something was refused."""
    ours = not is_dealer(current_user) and person.party_id is None
    today = clock.company_day(clock.now())
    definition = current_definition()
    return {
        "person": person,
        "definition": definition,
        "skills": _skills(definition, person) if ours else {},
        "absences": list_absences(db.session, current_user, person, since=today) if ours else (),
        "day_here": today,
        "tells": ours and may_tell(current_user, person),
        "leads": ours and leads_team(current_user, person.team),
        "manages": may(current_user, Action.PEOPLE_MANAGE),
        "owned": queries.count_owned(db.session, current_user, person),
        "works": ours and reads_reports_of(current_user, person),
        "link": link,
        "message": message,
    }


def _skills(definition: Definition, person: User) -> dict[str, list[Text]]:
    """What he is good at, by what it is (`Skill.what`); what the definition does not know any more is left out."""
    names = {
        "category": {window.category: window.name for window in definition.windows},
        "kind": {item.key: item.name for item in definition.picklist("project_types").items},
        "source": {item.key: item.name for item in definition.picklist("lead_sources").items},
    }
    found: dict[str, list[Text]] = {}
    for skill in list_skills(db.session, current_user, person):
        if name := names[skill.what].get(skill.key):
            found.setdefault(skill.what, []).append(name)
    return found
