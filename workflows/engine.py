"""The engine's front door: facts in, boards and decisions out; the day is always an argument."""

from workflows.advice import Useful, next_useful
from workflows.board import Board, CellView, Due, board, due
from workflows.clocks import DueThing, due_things, next_day
from workflows.deciding import Decision, Suggestion, decide
from workflows.guards import Fired, Situation, implemented
from workflows.pace import Closing, closing, next_closing
from workflows.scoring import Score, outcome, propose_window_score, score
from workflows.status import ActivityView, WindowView, effective_status
from workflows.wishes import (
    Delete,
    GiveEvidence,
    LogRecord,
    MovePhase,
    MoveStep,
    OpenProject,
    PassTime,
    Revive,
    Suspend,
    Wish,
    fingerprint,
)
from workflows.work import ExitView, TaskView, missing_exits, tasks_here

__all__ = [
    "ActivityView",
    "Board",
    "CellView",
    "Closing",
    "Decision",
    "Delete",
    "Due",
    "DueThing",
    "ExitView",
    "Fired",
    "GiveEvidence",
    "LogRecord",
    "MovePhase",
    "MoveStep",
    "OpenProject",
    "PassTime",
    "Revive",
    "Score",
    "Situation",
    "Suggestion",
    "Suspend",
    "TaskView",
    "Useful",
    "WindowView",
    "Wish",
    "board",
    "closing",
    "decide",
    "due",
    "due_things",
    "effective_status",
    "fingerprint",
    "implemented",
    "missing_exits",
    "next_closing",
    "next_day",
    "next_useful",
    "outcome",
    "propose_window_score",
    "score",
    "tasks_here",
]
