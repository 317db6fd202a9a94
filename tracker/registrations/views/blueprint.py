"""The blueprint that the pages of registrations hang on, and what several of them ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app
from limits import parse

from tracker.atoms import Made
from tracker.documents.intake import stage_all
from tracker.documents.operations import list_staged as staged_documents
from tracker.errors import Invalid, Refused
from tracker.extensions import db, limiter
from tracker.filters import said
from tracker.gallery.operations import list_staged as staged_photos
from tracker.matrix.definitions import current_definition
from tracker.notifications.operations.mailing import Mailing, mailing_of
from tracker.reader import current_user
from tracker.registrations.forms import FilesForm
from tracker.registrations.wording import (
    DEED_NAMES,
    FACT_NAMES,
    NEXT_STEPS,
    PROOF_NAMES,
    STATE_TAGS,
    WORD_NAMES,
    WORD_TAGS,
)

blueprint = Blueprint("registrations", __name__)
WORDS = parse("20 per hour")  # answers of one word: who asks for more feels about for others' sites
NAMES: dict[str, Any] = {
    "state_tags": STATE_TAGS,
    "words": WORD_NAMES,
    "word_tags": WORD_TAGS,
    "deeds": DEED_NAMES,
    "facts_named": FACT_NAMES,
    "proofs": PROOF_NAMES,
    "next_steps": NEXT_STEPS,
}


def state_badges() -> Mapping[str, Any]:
    """The badge of each state of a registration, made when it is first shown."""
    states, ui = current_definition().picklist("dealer_registration"), current_app.jinja_env.globals["ui"]
    return Made(lambda key: ui.badge(said(states.get(key).name), STATE_TAGS[key]))  # type: ignore[attr-defined]


def mailing() -> Mailing | None:
    """How this installation mails, for what is told at once."""
    return mailing_of(current_app.config["TRACKER"])


def may_ask_again() -> bool:
    """Whether one more word is told now; counts it."""
    return bool(limiter.limiter.hit(WORDS, "registrations.words", str(current_user.get_id())))


def take_files(form: FilesForm) -> list[str]:
    """Take in what came with the form; the sentences for what was refused."""
    refused = list(stage_all(form))
    current_user.get_id()  # staging commits: whoever asks is read anew, with his role
    return refused


def staged_of(form: FilesForm) -> dict[str, Any]:
    """What the form has brought so far, as its fields want it."""
    photos, papers = tuple(form.photos.data or ()), tuple(form.documents.data or ())
    return {
        "staged": staged_photos(db.session, photos, by=current_user) if photos else (),
        "staged_papers": staged_documents(db.session, papers, by=current_user),
    }


def show_refusal(form: Any, error: Refused, field: str) -> None:
    """Show at its field why something was refused."""
    name = error.field if isinstance(error, Invalid) and error.field in form else field
    form[name].errors = [error.message]
