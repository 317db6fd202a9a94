"""What of the stories the application cannot do yet, by event: the modules that will bring it.

Such an event is played as far as the application goes; what is missing of it is asked of the engine about the facts
read from the database. An event leaves this list with the module that brings what it misses.
"""

from __future__ import annotations

PENDING: dict[str, tuple[str, ...]] = {
    "A15": ("commerce",),
    "A16": ("commerce",),  # the order itself; its record goes through
    "A18": ("commerce",),
    "A27": ("market feedback",),
    "A33": ("complaints",),
    "A34": ("commerce",),
    "A35": ("commerce",),
    "B18": ("commerce",),  # the record of a quote is refused; a quote itself is not there yet
    "B19": ("commerce",),
    "B24": ("commerce",),
    "B28": ("commerce",),
    "C06": ("commerce",),  # moves and samples are refused; a quote itself is not there yet
    "C12": ("commerce",),
    "C14": ("samples",),
    "C18": ("commerce",),
    "C19": ("commerce",),
    "C20": ("commerce",),
    "C27": ("rebates",),
}
