"""Rules about phase moves: the phase is our own choice, so it can be refused."""

from __future__ import annotations

from workflows.definition import Criterion, Definition, Phase
from workflows.guards.registry import Fired, Situation, guard
from workflows.status import is_lost
from workflows.wishes import MovePhase, MoveStep, OpenProject, reason_of
from workflows.work import missing_exits

NEVER_WAIVED = ("signed", "quote_approved")
"""What the criteria prove that no supervisor lets a project pass without (G03), beside those marked so."""


def zh_list(texts: list[str]) -> str:
    """'甲、乙'"""
    return "、".join(texts)


def _stays(s: Situation) -> bool:
    """True for a move to where the project is; opening a project is never that."""
    return isinstance(s.wish, MovePhase) and s.target == s.here


@guard("G01", MovePhase, OpenProject)
def blocked_cell(s: Situation) -> Fired | None:
    """A phase move, or opening a project, would land in a blocked cell."""
    if _stays(s) or s.target_status() != "blocked":
        return None
    cell, name = s.definition.cell(*s.target), s.definition.cell_name(*s.target)
    if cell.status != "blocked":
        closed = [s.definition.window(c.key).name for c in s.facts.open_categories]
        return s.fire(
            "G01",
            f"{name.zh}：{zh_list([c.zh for c in closed])}的入场窗口已全部关闭。",
            f"{name.en}: the entry windows of {', '.join(c.en for c in closed)} have all closed.",
        )
    hint = cell.hints[0].text if cell.hints else s.definition.status("blocked").meaning
    return s.fire("G01", f"{name.zh}不可为：{hint.zh}", f"{name.en} is blocked. {hint.en}")


@guard("G02", MovePhase, OpenProject)
def late_cell(s: Situation) -> Fired | None:
    """A phase move, or opening a project, would land in a cell whose effective status is late_risk."""
    if _stays(s) or s.target_status() != "late_risk":
        return None
    name = s.definition.cell_name(*s.target)
    return s.fire(
        "G02",
        f"{name.zh}为偏晚格，请写明抓住的缺口，由主管批准。",
        f"{name.en} is late, at risk; state the gap you can use and ask a supervisor.",
        override="supervisor",
    )


@guard("G03", MovePhase)
def exits_open(s: Situation) -> Fired | None:
    """Moving forward a phase with any mandatory exit criterion of the current phase open."""
    if s.phases_moved <= 0:
        return None
    missing = missing_exits(s.definition, s.facts, s.facts.phase, s.today)
    if not missing:
        return None
    ids = tuple(criterion.id for criterion in missing)
    once, never = _used_up(s), _unwaivable(s.definition, missing)
    zh = "还缺：" + "；".join(criterion.text.zh for criterion in missing) + "。"
    en = "Still missing: " + "; ".join(criterion.text.en for criterion in missing) + "."
    if never:
        zh += "其中有不可特批的条件。"
        en += " Among them is one that nobody may waive."
    elif once:
        zh += "本阶段的一次特批已用过。"
        en += " The one exception of this phase has been used."
    return s.fire("G03", zh, en, missing=ids, override=None if once or never else "supervisor")


def _unwaivable(definition: Definition, missing: tuple[Criterion, ...]) -> bool:
    never = {definition.proving(fact) for fact in NEVER_WAIVED}
    return any(not criterion.waivable or criterion.id in never for criterion in missing)


def _used_up(s: Situation) -> bool:
    return any(o.rule == "G03" and o.phase == s.facts.phase and o.used for o in s.facts.overrides)


def passed_over(s: Situation) -> list[Phase]:
    """The phases between here and the target of a MovePhase that the project has not been through.

    A phase it stood in before, with all its mandatory exits met, is not skipped when a move back is made good.
    """
    if s.phases_moved < 2:
        return []
    index = s.definition.phase_index
    first, last = index[s.facts.phase] + 1, index[s.target[0]]
    been = {visit.phase for visit in s.facts.visited}
    return [
        phase
        for phase in s.definition.phases[first:last]
        if phase.key not in been or missing_exits(s.definition, s.facts, phase.key, s.today)
    ]


def _skipped(s: Situation, *, required: bool) -> list[Phase]:
    phases = passed_over(s)
    if not phases:
        return []
    named = s.definition.route(s.facts.route).required
    return [phase for phase in phases if (phase.key in named) is required]


@guard("G04", MovePhase)
def skips_required(s: Situation) -> Fired | None:
    """Skipping a phase that the route marks required."""
    phases = _skipped(s, required=True)
    if not phases:
        return None
    route = s.definition.route(s.facts.route).name
    return s.fire(
        "G04",
        f"路线“{route.zh}”必经：{zh_list([p.name.zh for p in phases])}。",
        f"The route '{route.en}' requires {', '.join(p.name.en for p in phases)}.",
    )


@guard("G05", MovePhase)
def skips_optional(s: Situation) -> Fired | None:
    """Skipping a phase that the route marks optional."""
    phases = _skipped(s, required=False)
    if not phases:
        return None
    return s.fire(
        "G05",
        f"跳过的可选阶段：{zh_list([p.name.zh for p in phases])}。",
        f"Optional phases skipped: {', '.join(p.name.en for p in phases)}.",
        override="self",
        satisfied=bool(reason_of(s.wish)),
    )


@guard("G06", MovePhase)
def back_by_one(s: Situation) -> Fired | None:
    """The phase moves back by one, from any phase up to bid."""
    if s.phases_moved != -1 or s.definition.is_signed(s.facts.phase):
        return None
    here, there = s.definition.phase(s.facts.phase).name, s.definition.phase(s.target[0]).name
    return s.fire(
        "G06",
        f"从{here.zh}退回{there.zh}。",
        f"From {here.en} back to {there.en}.",
        override="self",
        satisfied=bool(reason_of(s.wish)),
    )


@guard("G07", MovePhase)
def far_back(s: Situation) -> Fired | None:
    """The phase moves back by two or more, or back from contract or later."""
    moved = s.phases_moved
    if moved >= 0 or (moved == -1 and not s.definition.is_signed(s.facts.phase)):
        return None
    here, there = s.definition.phase(s.facts.phase).name, s.definition.phase(s.target[0]).name
    return s.fire(
        "G07",
        f"从{here.zh}退回{there.zh}，共{-moved}个阶段。",
        f"From {here.en} back to {there.en}: {-moved} phase{'s' if moved < -1 else ''}.",
        override="supervisor",
    )


@guard("G09", MovePhase, MoveStep)
def all_windows_closed(s: Situation) -> Fired | None:
    """Every category of the project is past lost_after and the phase is before contract.

    A construction move is a fact and goes through; it is marked, and a supervisor must decide what follows.
    """
    open_lines = s.facts.open_categories
    if s.target == s.here or s.definition.is_signed(s.facts.phase) or not open_lines:
        return None
    if not all(is_lost(s.definition, line.key, s.progress) for line in open_lines):
        return None
    names = [s.definition.window(line.key).name for line in open_lines]
    zh = f"已关窗：{zh_list([name.zh for name in names])}。"
    en = f"Closed: {', '.join(name.en for name in names)}."
    if isinstance(s.wish, MoveStep):
        return s.fire("G09", zh, en, action="auto", marks=("windows_closed",))
    return s.fire("G09", zh, en, override="supervisor")


@guard("G13", MovePhase, MoveStep, OpenProject)
def bid_window_over(s: Situation) -> Fired | None:
    """The phase is qualify or map and the main category is past the last step of its bid window."""
    main = s.facts.main_category
    if main is None or main.result != "open" or not s.definition.is_early(s.target[0]):
        return None
    window, index = s.definition.window(main.key), s.definition.step_index
    if index[s.target[1]] <= index[window.bid.last]:
        return None
    last = s.definition.step(window.bid.last).name
    return s.fire(
        "G13",
        f"{window.name.zh}的投标窗口到{last.zh}为止。",
        f"The bid window of {window.name.en} ended at {last.en}.",
        override="self",
    )
