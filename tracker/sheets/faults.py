"""Why a file is not read, and how much of one is."""

from __future__ import annotations

from enum import StrEnum

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767  # of one cell, as Excel has it


class Fault(StrEnum):
    """Why a file is not read."""

    EMPTY = "empty"
    NOT_A_TABLE = "not_a_table"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    ENCODING = "encoding"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105 - a fault's name
    NO_SHEET = "no_sheet"
    NO_HEADER = "no_header"
    NUMBERS = "numbers"
    OPEN_DOCUMENT = "open_document"


class SheetRefused(Exception):
    """The file is not read; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
