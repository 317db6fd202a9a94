"""decide(): a wish in, every rule that fires out, and what is needed for it to be carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from workflows.calendar import add_days
from workflows.definition import CellKey, Definition
from workflows.facts import NOTE, ProjectFacts
from workflows.guards import Fired, Situation, ask
from workflows.guards.lifecycle import REVIEW_DAYS
from workflows.guards.progress import PROOF_DAYS
from workflows.text import Text
from workflows.wishes import (
    Delete,
    LogRecord,
    MovePhase,
    MoveStep,
    OpenProject,
    Suspend,
    Wish,
    facts_for,
    fingerprint,
)

Need = Literal["nothing", "reason", "supervisor", "refused"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do instead of a refused wish.

    `wish` is the nearest one that would be accepted (None when there is nothing to send, only to do), `cell` where
    it leads. `once`: ids of the exit criteria to meet first. `supervisor`: it still needs one. `by_default`: only
    the cell's own `instead`.
    """

    text: Text
    wish: Wish | None = None
    cell: CellKey | None = None
    once: tuple[str, ...] = ()
    supervisor: bool = False
    by_default: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a wish.

    `fired`: every rule that fired. `blocking`: those that stand in the way and are not lifted. `needs`: the
    strongest thing still needed. `overridable`: an approval of all `blocking` rules would let the wish through;
    `signers` are those whose consent it takes together. `marks`: how the change must be marked (late_entry,
    unverified, browser_dated, stranded, windows_closed, weak, …). `fingerprint`: what an approval must be bound to.
    """

    allowed: bool
    fired: tuple[Fired, ...]
    blocking: tuple[Fired, ...]
    needs: Need
    overridable: bool
    signers: tuple[str, ...]
    suggestion: Suggestion | None
    marks: tuple[str, ...]
    fingerprint: str

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of all rules that fired."""
        return tuple(fired.rule_id for fired in self.fired)


def decide(definition: Definition, facts: ProjectFacts, wish: Wish, today: date) -> Decision:
    """Ask every guard about a wish. Nothing is changed; the caller carries out what is allowed.

    Raises `UnknownKey` for keys the definition does not have and ValueError for an unknown building.
    """
    fired, blocking = _judge(definition, facts, wish, today)
    needs = _needs(blocking)
    hard = [f for f in blocking if f.action != "reason"]
    marks = [mark for f in fired for mark in f.marks]
    if isinstance(wish, MoveStep) and wish.proof_source == "browser":
        marks.append("browser_dated")
    return Decision(
        allowed=not blocking,
        fired=fired,
        blocking=blocking,
        needs=needs,
        overridable=bool(hard) and all(f.signers for f in hard),
        signers=tuple(dict.fromkeys(part for f in hard for part in f.signers)),
        suggestion=suggest(definition, facts, wish, today) if needs == "refused" else None,
        marks=tuple(dict.fromkeys(marks)),
        fingerprint=fingerprint(definition, facts, wish),
    )


def _judge(
    definition: Definition, facts: ProjectFacts, wish: Wish, today: date
) -> tuple[tuple[Fired, ...], tuple[Fired, ...]]:
    """(all fired, those that block and are not lifted by an approval bound to this wish)."""
    facts = facts_for(facts, wish)
    fired = ask(Situation(definition, facts, wish, today))
    blocking = tuple(f for f in fired if f.blocks)
    if blocking and facts.overrides:
        bound = fingerprint(definition, facts, wish)
        lifted = {o.rule for o in facts.overrides if o.fingerprint == bound and not o.used and o.granted_on <= today}
        blocking = tuple(f for f in blocking if not f.can_override or f.rule_id not in lifted)
    return fired, blocking


def _needs(blocking: tuple[Fired, ...]) -> Need:
    actions = {f.action for f in blocking}
    if "refuse" in actions:
        return "refused"
    if "supervisor" in actions:
        return "supervisor"
    return "reason" if actions else "nothing"


def suggest(definition: Definition, facts: ProjectFacts, wish: Wish, today: date) -> Suggestion | None:
    """The wish nearest to a refused one that would in fact be accepted, or what to do first."""
    facts = facts_for(facts, wish)
    match wish:
        case MovePhase() | OpenProject():
            return _suggest_phase(definition, facts, wish, today)
        case MoveStep():
            first = add_days(today, -PROOF_DAYS)
            zh = f"请附 {first} 以后拍摄的照片或公示。"
            return Suggestion(Text(zh, f"Attach a photo or a notice dated {first} or later."))
        case LogRecord():
            return _suggest_record(definition, facts, wish, today)
        case Delete():
            return Suggestion(
                Text("请写一条更正，原记录保留痕迹。", "Write a correction; the original stays in the trail.")
            )
        case Suspend():
            last = add_days(today, REVIEW_DAYS)
            zh = f"请选原因，复查日不晚于 {last}。"
            return Suggestion(Text(zh, f"Choose a reason and a review date up to {last}."))
    return None


def _suggest_record(definition: Definition, facts: ProjectFacts, wish: LogRecord, today: date) -> Suggestion | None:
    plan = replace(wish, is_plan=True)
    note = replace(wish, kind=NOTE)
    for other, text in (
        (plan, Text("改为计划即可保存。", "It can be saved as a plan.")),
        (note, Text("改为备注即可保存。", "It can be saved as a note.")),
    ):
        if other != wish and not _judge(definition, facts, other, today)[1]:
            return Suggestion(text, other, (other.phase, other.step))
    return None


def _suggest_phase(
    definition: Definition, facts: ProjectFacts, wish: MovePhase | OpenProject, today: date
) -> Suggestion | None:
    """Try the other phases in the direction of the wish: accepted now, then once exits are met, then by approval."""
    index = definition.phase_index
    wanted = wish.to if isinstance(wish, MovePhase) else wish.phase
    best: tuple[tuple[int, int, int], Suggestion] | None = None
    for phase in definition.phases:
        other = replace(wish, to=phase.key) if isinstance(wish, MovePhase) else replace(wish, phase=phase.key)
        if isinstance(wish, MovePhase) and not _same_way(definition, facts, wish.to, phase.key):
            continue
        _, blocking = _judge(definition, facts, other, today)
        refused = [f for f in blocking if f.action == "refuse"]
        if any(f.rule_id != "G03" for f in refused):
            continue
        supervisor = any(f.action == "supervisor" for f in blocking)
        distance = abs(index[phase.key] - index[wanted])
        rank = (bool(refused) + supervisor, distance, index[phase.key])
        if best is None or rank < best[0]:
            once = refused[0].missing if refused else ()
            best = (rank, _phase_suggestion(definition, facts, other, once, supervisor))
    return best[1] if best else _instead(definition, facts, wish)


def _same_way(definition: Definition, facts: ProjectFacts, wanted: str, other: str) -> bool:
    index, here = definition.phase_index, definition.phase_index[facts.phase]
    return index[other] != here and (index[other] > here) == (index[wanted] > here)


def _phase_suggestion(
    definition: Definition,
    facts: ProjectFacts,
    wish: MovePhase | OpenProject,
    once: tuple[str, ...],
    supervisor: bool,
) -> Suggestion:
    cell = (wish.to, facts.step(definition)) if isinstance(wish, MovePhase) else (wish.phase, wish.step)
    name = definition.cell_name(*cell)
    zh, en = f"可到{name.zh}", f"You can go to {name.en}"
    if once:
        criteria = [definition.exit(id).text for id in once]
        zh += f"，先补齐：{'；'.join(c.zh for c in criteria)}"
        en += f" once these are met: {'; '.join(c.en for c in criteria)}"
    if supervisor:
        zh += "，须主管批准"
        en += ", with a supervisor's approval"
    return Suggestion(Text(f"{zh}。", f"{en}."), wish, cell, once, supervisor)


def _instead(definition: Definition, facts: ProjectFacts, wish: MovePhase | OpenProject) -> Suggestion | None:
    """The cell's own advice, when no move would be accepted."""
    if isinstance(wish, MovePhase):
        cell = definition.cell(wish.to, facts.step(definition))
    else:
        cell = definition.cell(wish.phase, wish.step)
    if cell.instead is None:
        return None
    name = definition.cell_name(*cell.instead)
    text = Text(f"请改到{name.zh}。", f"Go to {name.en} instead.")
    return Suggestion(text, None, cell.instead, by_default=True)
