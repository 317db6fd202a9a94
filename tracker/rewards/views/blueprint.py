"""The blueprint that the pages of rewards hang on, and what they share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from tracker.access import Action, require
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged
from tracker.extensions import db
from tracker.gates import staff_only
from tracker.i18n import _
from tracker.matrix.definitions import current_definition
from tracker.reader import current_user
from tracker.rewards.forms import PapersForm
from workflows.rewards import RewardKind, reward_kinds

blueprint = Blueprint("rewards", __name__)


def may_enter() -> None:
    """Only those who work with customers enter, give and file."""
    staff_only()
    require(current_user, Action.REWARD_ENTER)


def kinds() -> dict[str, RewardKind]:
    """All kinds by key."""
    return {kind.key: kind for kind in reward_kinds(current_definition())}


def staged_of(form: object) -> Any:
    """The documents that a form that is shown again has brought so far."""
    return list_staged(db.session, form.tokens(), by=current_user) if isinstance(form, PapersForm) else ()


def take_papers(form: PapersForm) -> str:
    """Take in what came with the form; the sentences for what was refused."""
    refused = list(stage_all(form))
    if form.photos.data:
        refused.append(_("Pictures are not kept here; send the paper as PDF."))
    return " ".join(refused)
