"""Rules about handing a project over and about the route it takes."""

from __future__ import annotations

from workflows.calendar import add_days
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import ChangeRoute, HandOver

INTRODUCE_DAYS = 14
"""Days in which a leaver's successor meets the decision maker (G42)."""


@guard("G42", HandOver)
def handed_over_bare(s: Situation) -> Fired | None:
    """Handing a project over without a handover note and a joint visit or call to the decision maker.

    A leaver's projects move at once; each keeps the task to meet the decision maker.
    """
    wish = s.wish
    assert isinstance(wish, HandOver)
    if not s.facts.owned:
        return None
    missing = [] if wish.note else [("交接记录", "a handover note")]
    missing += [] if wish.introduced else [("共同见过或致电决策者", "a joint visit or call to the decision maker")]
    if not missing:
        return None
    zh = "还缺：" + "、".join(words[0] for words in missing) + "。"
    en = "Still missing: " + ", ".join(words[1] for words in missing) + "."
    if wish.leaver and wish.note:
        until = add_days(s.today, INTRODUCE_DAYS)
        return s.fire(
            "G42",
            f"离职移交先行；{until} 前共同拜访或致电决策者。",
            f"A leaver's project moves at once; meet or call the decision maker together by {until}.",
            action="warn",
            marks=("introduce",),
        )
    return s.fire("G42", zh, en, override="supervisor")


@guard("G48", ChangeRoute)
def route_changed(s: Situation) -> Fired | None:
    """The route of a project is changed after its first phase; the required phases are judged anew."""
    wish, d = s.wish, s.definition
    assert isinstance(wish, ChangeRoute)
    route = d.route(wish.to)
    if wish.to == s.facts.route or d.phase_index[s.facts.phase] == 0:
        return None
    now, then = d.route(s.facts.route), route
    required = [d.phase(key).name for key in then.required if key not in now.required]
    freed = [d.phase(key).name for key in now.required if key not in then.required]
    zh, en = f"从“{now.name.zh}”改为“{then.name.zh}”。", f"From '{now.name.en}' to '{then.name.en}'."
    if required:
        zh += f"新增必经：{'、'.join(name.zh for name in required)}。"
        en += f" Now required: {', '.join(name.en for name in required)}."
    if freed:
        zh += f"改为可选：{'、'.join(name.zh for name in freed)}。"
        en += f" Now optional: {', '.join(name.en for name in freed)}."
    return s.fire("G48", zh, en, override="supervisor")
