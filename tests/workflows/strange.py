"""Definitions of somebody else's making, made from the light one: one strange but sound, one broken in ten ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflows.loading import STANDARD, read

PHASES, STEPS = ("P1", "P2"), ("A", "B", "C")
GRID = {"P1": ("normal", "early", "blocked"), "P2": ("blocked", "normal", "late_risk")}


def _text(name: str) -> dict[str, str]:
    return {"zh": f"{name}（甲）", "en": f"{name} (one)"}


def _cell(phase: str, step: str, status: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell": f"{phase}/{step}",
        "phase": phase,
        "step": step,
        "status": status,
        "hints": [{"id": f"H.{phase}.{step}.1", "kind": "tip", "department": "yard", **_text("Look")}],
        "tasks": [],
    }
    if status == "blocked":
        return {**cell, "instead": "P1/A" if phase == "P2" else "P2/B"}
    task = {"id": f"T.{phase}.{step}.1", "department": "yard", "evidence": "photo", "due_days": -1, **_text("Do")}
    return {**cell, "time_limit_days": 400, "tasks": [task]}


def _criterion(key: str) -> dict[str, Any]:
    return {"key": key, "evidence": "note", **_text(key)}


def strange() -> Any:
    """Two phases, three steps, one department, one route, one rule; a window of a single step."""
    data: Any = read(STANDARD.parent / "light.yaml")[0]
    data["meta"].update(key="yard", version=4)
    data["departments"] = [{"key": "yard", "duty_zh": "管场", "duty_en": "Keeps the yard", **_text("Yard")}]
    data["routes"] = {"items": [{"key": "only", "required": ["P1"], "optional": ["P2"], **_text("Only")}]}
    data["phases"]["items"] = [
        {"key": key, "seq": seq, "purpose_zh": "卖", "purpose_en": "Sell", "responsible": {"owner": "yard"},
         "win_probability": [0, 100], "duration_days": [1, 1], "entry": [], "exit": [_criterion(f"out{seq}")],
         **_text(key)}
        for seq, key in enumerate(PHASES, 1)
    ]  # fmt: skip
    data["construction_steps"]["items"] = [
        {"key": key, "seq": seq, "signs_zh": [], "signs_en": [], "proof_zh": "照片", "proof_en": "Photo",
         "duration_days": [0, 0], **_text(key)}
        for seq, key in enumerate(STEPS, 1)
    ]  # fmt: skip
    cells = [_cell(phase, step, GRID[phase][n]) for phase in PHASES for n, step in enumerate(STEPS)]
    data["matrix"] = {"status_grid": {key: list(row) for key, row in GRID.items()}, "cells": cells}
    span = {"from": "B", "best": "B", "to": "B"}
    window = {"key": "stones", "buyer": [], "lost_after": {"step": "B", "at": "end"}, "lead_time_days": [0, 900]}
    window |= {activity: dict(span) for activity in ("specify", "sample", "bid", "order", "deliver")}
    data["entry_windows"] = {"items": [{**window, **_text("Stones")}]}
    data["guard_rules"]["items"] = [rule for rule in data["guard_rules"]["items"] if rule["id"] == "G01"]
    return data


BREAKS: dict[str, Callable[[Any], object]] = {
    "phases.items[P1].zh: the sentence is missing in this language": lambda d: d["phases"]["items"][0].pop("zh"),
    "construction_steps.items[B].en: the sentence is missing in this language": (
        lambda d: d["construction_steps"]["items"][1].update(en=" ")
    ),
    "H.P1.A.1.department: unknown department 'kitchen'": (
        lambda d: d["matrix"]["cells"][0]["hints"][0].update(department="kitchen")
    ),
    "T.P1.A.1.evidence: unknown evidence kind 'oath'": (
        lambda d: d["matrix"]["cells"][0]["tasks"][0].update(evidence="oath")
    ),
    "matrix.cells[P1/C].instead: a blocked cell must say where to go instead": (
        lambda d: d["matrix"]["cells"][2].pop("instead")
    ),
    "matrix.cells[P2/C].time_limit_days: a cell one may enter needs a limit of at least a day": (
        lambda d: d["matrix"]["cells"][5].update(time_limit_days=0)
    ),
    "routes[only]: says nothing about phase 'P2'": lambda d: d["routes"]["items"][0].update(optional=[]),
    "entry_windows[stones].bid: unknown step 'Z'": lambda d: d["entry_windows"]["items"][0]["bid"].update(to="Z"),
    "picklists.activity_kinds: is missing": lambda d: d["picklists"].pop("activity_kinds"),
    "meta.mood: unknown key": lambda d: d["meta"].update(mood="good"),
}


def broken() -> Any:
    """The strange one, broken in all these ways at once."""
    data = strange()
    for change in BREAKS.values():
        change(data)
    return data
