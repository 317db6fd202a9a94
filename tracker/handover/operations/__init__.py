"""Handing over all that is somebody's, in one step."""

from tracker.handover.operations.handing import Choice, NotHandedOver, Plan, hand_over

__all__ = ["Choice", "NotHandedOver", "Plan", "hand_over"]
