"""What of the stories the application cannot do yet, by event: the modules that will bring it.

Such an event is played as far as the application goes; what is missing of it is asked of the engine about the facts
read from the database. An event leaves this list with the module that brings what it misses.
"""

from __future__ import annotations

PENDING: dict[str, tuple[str, ...]] = {
    "A01": ("leads",),  # a lead without its screenshot is taken and owes it, instead of being refused
    "A02": ("scoring",),
    "A15": ("commerce",),
    "A16": ("commerce",),  # the order itself; its record goes through
    "A18": ("commerce",),
    "A27": ("market feedback",),
    "A33": ("complaints",),
    "A34": ("commerce",),
    "A35": ("commerce",),
    "B02": ("registrations",),
    "B03": ("scoring",),
    "B07": ("rewards",),
    "B18": ("commerce",),  # the record of a quote is refused; a quote itself is not there yet
    "B19": ("commerce",),
    "B20": ("rewards",),
    "B24": ("commerce",),
    "B28": ("commerce",),
    "C01": ("leads",),  # nobody is reminded to answer the designer within three days
    "C02": ("scoring",),
    "C04": ("registrations",),
    "C05": ("registrations",),
    "C06": ("commerce",),  # moves and samples are refused; a quote itself is not there yet
    "C09": ("registrations",),
    "C10": ("registrations",),
    "C11": ("registrations",),
    "C12": ("commerce", "registrations"),
    "C13": ("registrations",),
    "C14": ("registrations", "samples"),
    "C15": ("registrations",),
    "C16": ("registrations",),
    "C17": ("registrations",),
    "C18": ("commerce",),
    "C19": ("commerce", "registrations"),
    "C20": ("commerce", "registrations"),
    "C21": ("registrations",),
    "C24": ("complaints",),
    "C25": ("dealer evaluation",),
    "C27": ("rebates",),
    "R12": ("rewards",),
    "R18": ("scoring",),
    "R19": ("scoring",),
    "R20": ("scoring",),
}
