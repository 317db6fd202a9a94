"""What can become of a project in a scene: suspended, revived, won or lost in part, bought another way."""

from __future__ import annotations

from tracker import clock
from tracker.demo.scenes import day
from tracker.demo.stage import Act, Stage
from tracker.projects import operations as projects


def suspended(key: str, part: str, why: str, review: str, reason: str) -> Act:
    """Let the project rest until a review, or give it a new date."""

    def act(stage: Stage) -> None:
        projects.suspend(
            stage.session,
            stage.project(key),
            by=stage.who(part),
            reason_key=why,
            review_on=stage.day(day(review)),
            reason=stage.said(reason),
        )

    return act


def revived(key: str, part: str, reason: str) -> Act:
    """Take the project up again, everything looked at anew; the photo is the one just logged."""

    def act(stage: Stage) -> None:
        checked = frozenset(("contacts", "windows", "credit"))
        today = clock.today()
        projects.revive(stage.session, stage.project(key), by=stage.who(part), photo_on=today, checked=checked,
                        reason=stage.said(reason))  # fmt: skip

    return act


def lost(key: str, part: str, category: str, loss: projects.Loss) -> Act:
    """Lose a line, as a supervisor of the project who confirms it with the reason."""

    def act(stage: Stage) -> None:
        line = stage.line(key, category)
        projects.lose_category(stage.session, stage.project(key), line, loss, by=stage.who(part))

    return act


def won(key: str, part: str, *categories: str) -> Act:
    """More lines that the signed contract covers, beside the main one."""

    def act(stage: Stage) -> None:
        for category in categories:
            line = stage.line(key, category)
            projects.win_category(
                stage.session, stage.project(key), line, by=stage.who(part), reason="同一合同\nSame contract"
            )

    return act


def reroute(key: str, part: str, route: str, reason: str) -> Act:
    """Change the route by which the project is sold."""

    def act(stage: Stage) -> None:
        projects.change_route(stage.session, stage.project(key), route, by=stage.who(part), reason=stage.said(reason))

    return act
