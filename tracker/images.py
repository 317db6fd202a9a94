"""Placeholder until the real one lands."""
from enum import StrEnum
class Reason(StrEnum):
    UNREADABLE="unreadable"; TRUNCATED="truncated"; TOO_LARGE="too_large"; TOO_MANY_PIXELS="too_many_pixels"; NOT_A_PICTURE="not_a_picture"; VIDEO="video"; UNSUPPORTED="unsupported"
class PictureRefused(Exception):
    def __init__(self, reason): self.reason = reason
def examine(data): raise PictureRefused(Reason.UNREADABLE)
