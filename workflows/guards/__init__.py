"""The guard rules G01…G48: one small function each, registered under its id."""

from workflows.guards import lifecycle, moves, progress, records, silence
from workflows.guards.registry import Fired, Situation, ask, guard, implemented

__all__ = [
    "Fired",
    "Situation",
    "ask",
    "guard",
    "implemented",
    "lifecycle",
    "moves",
    "progress",
    "records",
    "silence",
]
