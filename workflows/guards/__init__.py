"""The guard rules G01…G48: one small function each, registered under its id."""

from workflows.guards import (
    channel,
    commercial,
    compliance,
    lifecycle,
    losing,
    moves,
    ownership,
    progress,
    records,
    silence,
)
from workflows.guards.registry import Fired, Situation, ask, guard, implemented

__all__ = [
    "Fired",
    "Situation",
    "ask",
    "channel",
    "commercial",
    "compliance",
    "guard",
    "implemented",
    "lifecycle",
    "losing",
    "moves",
    "ownership",
    "progress",
    "records",
    "silence",
]
