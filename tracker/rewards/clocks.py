"""What a reward's clock goes by, and what is due on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.rewards.models import Reward
from workflows.rewards import RewardFacts, RewardThing, due_on_reward, reward_things

LIVE = ("agreed", "given")


def due_now(reward: Reward, today: date) -> Sequence[RewardThing]:
    """What is due on a reward by a day; its `approval` is loaded."""
    return due_on_reward(_facts(reward), today) if reward.state in LIVE else ()


def ever_due(reward: Reward) -> Sequence[RewardThing]:
    """What will fall due unless the facts change."""
    return reward_things(_facts(reward)) if reward.state in LIVE else ()


def _facts(reward: Reward) -> RewardFacts:
    return RewardFacts(reward.id, reward.what, reward.on, reward.given_on, reward.owes_papers)
