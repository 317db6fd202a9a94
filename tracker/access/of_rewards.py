"""Who sees what people were given: who entered it, who oversees him, design promotion, finance and compliance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, false, or_, true

from tracker.access import Action, is_dealer, may, overseen

if TYPE_CHECKING:
    from tracker.team.models import User

LOOK_AFTER = ("design_promo", "finance")  # the departments that see what anybody was given


def visible_rewards(user: User) -> ColumnElement[bool]:
    """One's own, those of the teams one oversees; all for the departments that look after it and for compliance."""
    from tracker.rewards.models import Reward

    if is_dealer(user):
        return false()
    if user.department in LOOK_AFTER or may(user, Action.SIGN_COMPLIANCE):
        return true()
    return or_(Reward.by_id == user.id, overseen(Reward, user))


def of_rewards(user: User) -> ColumnElement[bool]:
    """Papers of what one sees was given; those of an occasion are everybody's of ours."""
    from tracker.documents.models import Document
    from tracker.rewards.models import Reward

    seen = exists().where(Reward.id == Document.reward_id, visible_rewards(user)).correlate(Document)
    return false() if is_dealer(user) else or_(seen, Document.occasion_id.is_not(None))
