"""What can be wrong with a definition, or with a question about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a definition: in which file, at which key, for which reason."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


class WorkflowError(Exception):
    """The base of everything this package raises on purpose."""


class DefinitionError(WorkflowError):
    """A definition cannot be used; `faults` lists everything found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class UnknownKey(WorkflowError, KeyError):
    """A definition has no such phase, step, cell, task …; `kind` and `key` say which."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"no {kind} {key!r} in this definition")
        self.kind = kind
        self.key = key

    def __str__(self) -> str:
        return str(self.args[0])
